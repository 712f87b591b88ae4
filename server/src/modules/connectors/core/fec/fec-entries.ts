import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { FecLine } from "./parse-fec.ts";

/** Which kinds of accounts an entry touches beside the receivables: what tells an invoice from a payment. */
export const TOUCHES = { sales: 1, vat: 2, cash: 4, bills: 8, losses: 16, result: 32, capital: 64 } as const;

/** What one entry is, gathered over all its lines. */
export type FecEntry = {
  line: number;
  touches: number;
  /** Debit − credit over all lines; 0 when it balances. */
  balance: bigint;
  hasReceivable: boolean;
};

/** Everything a first reading of a FEC tells before its items can be made. */
export type FecSurvey = {
  readonly entries: ReadonlyMap<string, FecEntry>;
  readonly lines: number;
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
  readonly firstOn: CalendarDate | undefined;
  readonly lastOn: CalendarDate | undefined;
};

/** Entries are numbered per journal, and by some programs per month: the day is part of the name. */
export const entryKey = (line: FecLine): string =>
  `${line.journalCode}\u0001${line.ecritureNum}\u0001${line.ecritureDate}`;

export function fecSurveyor(isReceivable: (account: string) => boolean) {
  const entries = new Map<string, FecEntry>();
  let lines = 0;
  let debitMinor = 0n;
  let creditMinor = 0n;
  let firstOn: CalendarDate | undefined;
  let lastOn: CalendarDate | undefined;
  return {
    add(line: FecLine): void {
      lines += 1;
      debitMinor += line.debit;
      creditMinor += line.credit;
      if (firstOn === undefined || line.ecritureDate < firstOn) firstOn = line.ecritureDate;
      if (lastOn === undefined || line.ecritureDate > lastOn) lastOn = line.ecritureDate;
      const key = entryKey(line);
      const entry = entries.get(key) ?? { line: line.line, touches: 0, balance: 0n, hasReceivable: false };
      entry.touches |= touchOf(line.compteNum);
      entry.balance += line.debit - line.credit;
      entry.hasReceivable ||= isReceivable(line.compteNum);
      entries.set(key, entry);
    },
    survey: (): FecSurvey => ({ entries, lines, debitMinor, creditMinor, firstOn, lastOn }),
  };
}

function touchOf(account: string): number {
  if (account.startsWith("7")) return account.startsWith("70") ? TOUCHES.sales : TOUCHES.result;
  if (account.startsWith("445")) return TOUCHES.vat;
  if (/^(51|53|54|58)/.test(account)) return TOUCHES.cash;
  if (account.startsWith("413")) return TOUCHES.bills;
  if (/^(416|654|491|68174)/.test(account)) return TOUCHES.losses;
  if (account.startsWith("6")) return TOUCHES.result;
  if (account.startsWith("1")) return TOUCHES.capital;
  return 0;
}
