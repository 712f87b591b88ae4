import type { LedgerProof } from "#contracts/receivables.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Tx } from "#platform/database/index.ts";
import { accountNames, lastProofs, proveLedger } from "../store/ledger-proof.ts";
import { companyCodes } from "./company-codes.ts";

/** "Ties to ledger" per company: what is open against what was posted, and what the last load found against the source's own balances. */
export async function readProof(tx: Tx, asOf: CalendarDate): Promise<LedgerProof> {
  const companies = await proveLedger(tx, asOf);
  const proofs = new Map((await lastProofs(tx)).map((proof) => [proof.companyId, proof]));
  const listed = [...proofs.values()].flatMap(({ proof }) => proof.differences.map((one) => one.accountId));
  const names = new Map((await accountNames(tx, listed)).map((one) => [one.accountId, one]));
  const codes = await companyCodes(tx);
  return {
    asOf,
    companies: companies.map(({ companyId, currency, movements, open }) => {
      const last = proofs.get(companyId);
      const differences = last?.proof.differences ?? [];
      const isStated = last !== undefined && (last.proof.sourceMinor !== null || differences.length > 0);
      const sourceDifference = differences.reduce((sum, one) => sum + BigInt(one.differenceMinor), 0n);
      const { code, name } = codes(companyId);
      return {
        companyId,
        companyCode: code,
        companyName: name,
        currency,
        movements: String(movements),
        open: String(open),
        ownDifference: String(open - movements),
        sourceDifference: isStated ? String(sourceDifference) : null,
        isTied: open === movements && (last?.proof.isTied ?? true),
        differences: differences.map((one) => ({
          accountId: one.accountId,
          account: names.get(one.accountId)?.account ?? "",
          name: names.get(one.accountId)?.name ?? "",
          here: one.closingMinor,
          source: one.sourceMinor,
          difference: one.differenceMinor,
        })),
        lastLoadedAt: last?.recordedAt ?? null,
        lastBatchId: last?.batchId ?? null,
      };
    }),
  };
}
