import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Currency } from "#kernel/money.ts";
import { type Fault, FileRefused, shorten } from "../fault.ts";
import { isIban } from "./iban.ts";
import type {
  BankBalance,
  BankDetail,
  BankEntry,
  BankFile,
  BankFormat,
  BankReturn,
  BankStatement,
} from "./statement.ts";

/** An entry before its key is known. */
export type EntryDraft = Omit<BankEntry, "key">;

/** A statement while its records are read. */
export type StatementDraft = {
  account: string;
  bankCode: string | null;
  accountName: string | null;
  currency: Currency | null;
  writtenCurrency?: string;
  number: string | null;
  from: CalendarDate | null;
  to: CalendarDate | null;
  opening: BankBalance | null;
  closing: BankBalance | null;
  scope: BankStatement["scope"];
  line: number;
  entries: EntryDraft[];
};

export const newStatement = (line: number, scope: BankStatement["scope"] = "statement"): StatementDraft => ({
  account: "",
  bankCode: null,
  accountName: null,
  currency: null,
  number: null,
  from: null,
  to: null,
  opening: null,
  closing: null,
  scope,
  line,
  entries: [],
});

export const newDetail = (amountMinor: bigint, given: Partial<BankDetail> = {}): BankDetail => ({
  endToEndId: null,
  mandateId: null,
  payerName: null,
  payerIban: null,
  payerBic: null,
  ultimatePayer: null,
  creditorReference: null,
  documents: [],
  remittance: "",
  reason: null,
  original: null,
  feeMinor: null,
  ...given,
  amountMinor,
});

export const newReturn = (position: string, given: Partial<BankReturn>): BankReturn => ({
  endToEndId: null,
  originalId: null,
  mandateId: null,
  reason: null,
  reasonText: null,
  amountMinor: null,
  currency: null,
  on: null,
  payerName: null,
  reference: null,
  accounts: [],
  ...given,
  position,
});

const MOST_WARNINGS = 1_000;
const MOST_ENTRIES = 400_000;

/** Collects warnings up to a bound; the code is said once more with the count left out when there are more. */
export function warningList() {
  const faults: Fault[] = [];
  return {
    add: (code: string, line: number, more: { column?: string; value?: string } = {}): void => {
      if (faults.length < MOST_WARNINGS)
        faults.push({ code, line, ...more, ...(more.value === undefined ? {} : { value: shorten(more.value) }) });
    },
    all: (): readonly Fault[] => faults,
  };
}
export type Warnings = ReturnType<typeof warningList>;

/** Closes what was read: account form, period, chain, keys. */
export function finishFile(
  format: BankFormat,
  drafts: readonly StatementDraft[],
  returns: readonly BankReturn[],
  warnings: Warnings,
  version?: string,
): BankFile {
  let count = returns.length;
  for (const draft of drafts) count += draft.entries.length;
  if (count > MOST_ENTRIES) throw new FileRefused("file_too_complex");
  const keys = keyMaker();
  const statements = drafts.map((draft) => finishStatement(draft, keys, warnings));
  warnOfGaps(drafts, warnings);
  if (statements.length === 0 && returns.length === 0) warnings.add("no_statement", 0);
  return { format, ...(version ? { version } : {}), statements, returns, warnings: warnings.all() };
}

function finishStatement(draft: StatementDraft, keyOf: KeyMaker, warnings: Warnings): BankStatement {
  const { line, opening, closing, ...rest } = draft;
  const bare = draft.account.replace(/\s+/g, "");
  const iban = isIban(bare.toUpperCase());
  const account = iban ? bare.toUpperCase() : draft.account.trim();
  const chain = chainOf(draft);
  if (chain === "broken") warnings.add("chain_broken", line, { value: account });
  const days = draft.entries.flatMap((entry) => entry.bookedOn ?? entry.valueOn ?? []).sort();
  return {
    ...rest,
    account,
    isIban: iban,
    from: draft.from ?? opening?.on ?? days[0] ?? null,
    to: draft.to ?? closing?.on ?? days.at(-1) ?? null,
    opening,
    closing,
    chain,
    entries: draft.entries.map((entry) => ({ ...entry, key: keyOf(account, entry) })),
  };
}

function chainOf({ opening, closing, entries }: StatementDraft): BankStatement["chain"] {
  if (!opening || !closing) return "unknown";
  if (opening.currency !== closing.currency) return "broken";
  let sum = opening.minor;
  for (const entry of entries) if (entry.status === "booked") sum += entry.amountMinor;
  return sum === closing.minor ? "ok" : "broken";
}

/** Statements of one account that follow each other in a file should hand on their balance. */
function warnOfGaps(drafts: readonly StatementDraft[], warnings: Warnings): void {
  const last = new Map<string, StatementDraft>();
  for (const draft of drafts) {
    const key = `${draft.account} ${draft.currency}`;
    const before = last.get(key);
    if (before?.closing && draft.opening && before.closing.minor !== draft.opening.minor)
      warnings.add("statements_not_linked", draft.line, { value: draft.account });
    if (draft.closing) last.set(key, draft);
  }
}

type KeyMaker = ReturnType<typeof keyMaker>;

function keyMaker() {
  const seen = new Map<string, number>();
  return (account: string, entry: EntryDraft): string => {
    const reference = entry.bankReference ?? entry.entryReference ?? "";
    const base = [account, reference, entry.amountMinor, entry.bookedOn ?? entry.valueOn ?? ""].join("|");
    const ordinal = (seen.get(base) ?? 0) + 1;
    seen.set(base, ordinal);
    return `${base}|${ordinal}`;
  };
}

/** Two texts joined by a blank unless one is empty. */
export const joined = (...parts: (string | null | undefined)[]): string =>
  parts
    .map((part) => part?.replace(/\s+/g, " ").trim() ?? "")
    .filter((part) => part !== "")
    .join(" ");

export const orNull = (text: string | undefined | null): string | null => {
  const trimmed = text?.trim();
  return trimmed ? trimmed : null;
};
