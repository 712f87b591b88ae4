import type { LedgerProof } from "#contracts/receivables.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Tx } from "#platform/database/index.ts";
import { lastHeard } from "../store/batches.ts";
import {
  accountNames,
  balancesOfSources,
  type LastProof,
  lastProofs,
  proveLedger,
  unbookedItems,
} from "../store/ledger-proof.ts";
import { companyCodes } from "./company-codes.ts";

/** "Ties to ledger" per company: what is open against what was posted, and what the last load found against the source's own balances. */
export async function readProof(tx: Tx, asOf: CalendarDate): Promise<LedgerProof> {
  const companies = await proveLedger(tx, asOf);
  const proofs = new Map((await lastProofs(tx)).map((proof) => [proof.companyId, proof]));
  const listed = [...proofs.values()].flatMap(({ proof }) => proof.differences.map((one) => one.accountId));
  const names = new Map((await accountNames(tx, listed)).map((one) => [one.accountId, one]));
  const codes = await companyCodes(tx);
  const stated = [...proofs.values()].flatMap(({ sourceId, statedOn }) =>
    statedOn ? [{ sourceId, on: statedOn }] : [],
  );
  const balances = await balancesOfSources(tx, stated);
  const unbooked = Map.groupBy(await unbookedItems(tx, asOf), (one) => one.companyId);
  const heard = new Map((await lastHeard(tx)).map((one) => [one.companyId, one.heardAt]));
  const proved: LedgerProof["companies"] = [];
  for (const { companyId, currency, movements, open } of companies) {
    const last = proofs.get(companyId);
    const differences = last?.proof.differences ?? [];
    const sourceDifference = last ? sourceDifferenceOf(last, balances) : null;
    const { code, name } = codes(companyId);
    proved.push({
      companyId,
      companyCode: code,
      companyName: name,
      currency,
      movements: String(movements),
      open: String(open),
      ownDifference: String(open - movements),
      sourceDifference: sourceDifference === null ? null : String(sourceDifference),
      isTied: open === movements && (last?.proof.isTied ?? true) && !sourceDifference,
      differences: differences.map((one) => ({
        accountId: one.accountId,
        account: names.get(one.accountId)?.account ?? "",
        name: names.get(one.accountId)?.name ?? "",
        here: one.closingMinor,
        source: one.sourceMinor,
        difference: one.differenceMinor,
      })),
      unbooked: (unbooked.get(companyId) ?? []).map(({ companyId: _, currency: of, minor, ...one }) => ({
        ...one,
        amount: { minor: String(minor), currency: of },
      })),
      lastLoadedAt: laterInstant(last?.recordedAt ?? null, heard.get(companyId)),
      lastBatchId: last?.batchId ?? null,
    });
  }
  return { asOf, companies: proved };
}

const laterInstant = (recordedAt: string | null, heardAt: string | undefined): string | null =>
  heardAt && (!recordedAt || heardAt > recordedAt) ? heardAt : recordedAt;

/** Here − source: of a full load compared again now, since later loads may have moved its days; of others as found when they were loaded. */
function sourceDifferenceOf(
  { proof, statedOn, sourceId }: LastProof,
  balances: ReadonlyMap<string, bigint>,
): bigint | null {
  if (statedOn && proof.sourceMinor !== null) return (balances.get(sourceId) ?? 0n) - BigInt(proof.sourceMinor);
  if (proof.sourceMinor === null && proof.differences.length === 0) return null;
  return proof.differences.reduce((sum, one) => sum + BigInt(one.differenceMinor), 0n);
}
