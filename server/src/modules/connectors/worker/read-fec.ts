import type { CalendarDate } from "#kernel/calendar-date.ts";
import { EUR } from "#kernel/money.ts";
import { AGEING_BUCKETS, openRowsByAge, type SourceItem } from "#modules/receivables/index.ts";
import { dueDayOf } from "../core/due-day.ts";
import type { Fault } from "../core/fault.ts";
import { fecSurveyor } from "../core/fec/fec-entries.ts";
import { fecItem, fiscalYearOf } from "../core/fec/fec-items.ts";
import { parseFec } from "../core/fec/parse-fec.ts";
import type { Chunks, Encoding } from "../core/read-text.ts";
import type { FecReading } from "./protocol.ts";

const FAULTS_KEPT = 1_000;
const UNBALANCED_KEPT = 100;
const USUAL_TERM_DAYS = 30;
const isReceivable = (account: string) => account.startsWith("411");

/**
 * What a FEC says: its entries, and what its 411 accounts owe on its last day, settled as a load of this file alone would do. Amounts in
 * euro cents. Throws FileRefused when the file is none.
 */
export async function readFec(chunks: Chunks, encoding: Encoding, closingOn: CalendarDate | null): Promise<FecReading> {
  const warnings: Fault[] = [];
  let refused = 0;
  const surveyor = fecSurveyor(isReceivable);
  const onFault = (fault: Fault) => {
    if (fault.code !== "totals_left_out") refused += 1;
    if (warnings.length < FAULTS_KEPT) warnings.push(fault);
  };
  for await (const lines of parseFec(chunks, encoding, onFault, isReceivable))
    for (const line of lines) surveyor.add(line);
  const survey = surveyor.survey();
  const unbalanced = [...survey.entries.values()].filter((entry) => entry.balance !== 0n);
  for (const entry of unbalanced.slice(0, UNBALANCED_KEPT))
    warnings.push({ code: "unbalanced_entry", line: entry.line, value: cents(entry.balance) });
  const fiscalYear = fiscalYearOf(survey, closingOn ?? undefined) ?? null;
  const accounts = new Map<string, SourceItem[]>();
  let balanceMinor = 0n;
  if (fiscalYear) {
    const context = { survey, bookCurrency: EUR, fiscalYear };
    for await (const lines of parseFec(chunks, encoding, () => {}, isReceivable)) {
      for (const line of lines) {
        const draft = isReceivable(line.compteNum) ? fecItem(line, context) : undefined;
        if (!draft) continue;
        const { controlAccount, auxiliary, accountName: _, termDays: __, ...rest } = draft;
        const accountId = `${controlAccount} ${auxiliary}`;
        const bookMinor = line.debit - line.credit;
        balanceMinor += bookMinor;
        const item = { ...rest, ...dueDayOf(draft, undefined, USUAL_TERM_DAYS), accountId, bookMinor, label: null };
        const known = accounts.get(accountId);
        if (known) known.push(item);
        else accounts.set(accountId, [item]);
      }
    }
  }
  const ends = AGEING_BUCKETS.shipped;
  return {
    encoding,
    fiscalYear,
    lines: survey.lines,
    entries: survey.entries.size,
    unbalanced: unbalanced.length,
    refused,
    debitMinor: survey.debitMinor,
    creditMinor: survey.creditMinor,
    balanceMinor,
    accounts: accounts.size,
    open: openRowsByAge(accounts.values(), fiscalYear?.to ?? ("9999-12-31" as CalendarDate), ends, true),
    warnings,
  };
}

const cents = (minor: bigint): string => {
  const text = String(minor < 0n ? -minor : minor).padStart(3, "0");
  return `${minor < 0n ? "-" : ""}${text.slice(0, -2)},${text.slice(-2)}`;
};
