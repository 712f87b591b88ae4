import type { CalendarDate } from "#kernel/calendar-date.ts";

/** What a reader of bank files gives: the shape is the readers', this room asks for no more. Credits are above 0. */
export type SourceFile = {
  readonly format: string;
  readonly statements: readonly SourceStatement[];
  readonly returns: readonly SourceReturn[];
  readonly warnings: readonly { readonly code: string; readonly line?: number | null }[];
};

export type SourceStatement = {
  /** IBAN or the bank's own number. */
  readonly account: string;
  /** Bank and branch as the file writes them: 10 digits of a French account. */
  readonly bankCode?: string | null;
  readonly currency: string | null;
  readonly number: string | null;
  readonly from: CalendarDate | null;
  readonly to: CalendarDate | null;
  readonly opening: { readonly on: CalendarDate | null; readonly minor: bigint } | null;
  readonly closing: { readonly on: CalendarDate | null; readonly minor: bigint } | null;
  readonly chain: "ok" | "broken" | "unknown";
  readonly scope: "statement" | "intraday" | "notification";
  readonly entries: readonly SourceEntry[];
};

export type SourceEntry = {
  readonly position: string;
  readonly amountMinor: bigint;
  readonly isReversal: boolean;
  readonly status: "booked" | "pending" | "information";
  readonly bookedOn: CalendarDate | null;
  readonly valueOn: CalendarDate | null;
  readonly bankReference: string | null;
  readonly kind: "transfer" | "direct_debit" | "cheque" | "bill" | "card" | "fee" | "interest" | "return" | "other";
  readonly text: string;
  /** Stable whatever the file: the same entry has the same key. */
  readonly key: string;
  /** Never empty. */
  readonly details: readonly SourceDetail[];
};

export type SourceDetail = {
  readonly amountMinor: bigint;
  readonly endToEndId: string | null;
  readonly mandateId: string | null;
  readonly payerName: string | null;
  readonly payerIban: string | null;
  readonly ultimatePayer: string | null;
  readonly creditorReference: string | null;
  readonly documents: readonly { readonly number: string; readonly amountMinor: bigint | null }[];
  readonly remittance: string;
  readonly reason: { readonly code: string; readonly text: string | null } | null;
  readonly feeMinor: bigint | null;
};

/** A return announced apart from statements (pain.002, a list of unpaid debits). */
export type SourceReturn = {
  readonly position: string;
  readonly endToEndId: string | null;
  readonly originalId: string | null;
  readonly mandateId: string | null;
  readonly reason: string | null;
  readonly reasonText: string | null;
  readonly amountMinor: bigint | null;
  readonly currency: string | null;
  readonly on: CalendarDate | null;
  readonly payerName: string | null;
  readonly reference: string | null;
  /** Accounts that it names, one of them ours: what tells the company. */
  readonly accounts?: readonly string[];
};

export type Side = "receipt" | "return" | "other";

/** What a detail is to the customers' ledger: money received, money taken back by the bank, or nothing of its concern. */
export function sideOf(entry: Pick<SourceEntry, "kind" | "isReversal">, detail: SourceDetail): Side {
  if (detail.amountMinor > 0n) {
    const isOurs = entry.kind === "fee" || entry.kind === "interest" || entry.kind === "return" || entry.isReversal;
    return isOurs ? "other" : "receipt";
  }
  return entry.kind === "return" || entry.isReversal || detail.reason !== null ? "return" : "other";
}

/** The details that can be applied: as given where their amounts make up the entry, else the entry as one, with what its details say. */
export function applicable(entry: SourceEntry): readonly SourceDetail[] {
  const stated = entry.details.filter((detail) => detail.amountMinor !== 0n);
  const sum = stated.reduce((total, detail) => total + detail.amountMinor, 0n);
  if (stated.length > 0 && sum === entry.amountMinor) return stated;
  const [first] = entry.details;
  if (!first || entry.amountMinor === 0n) return [];
  const isAlone = entry.details.length === 1;
  return [
    {
      ...first,
      amountMinor: entry.amountMinor,
      payerName: isAlone ? first.payerName : null,
      payerIban: isAlone ? first.payerIban : null,
      documents: entry.details.flatMap((detail) => detail.documents),
      remittance: entry.details.map((detail) => detail.remittance).join(" "),
    },
  ];
}

/** Digits and letters only, upper case: how an account is told from another whatever the file writes between. */
export const plainAccount = (account: string): string =>
  account
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, "")
    .slice(0, 40);

/** Bank, branch and account of a French IBAN, as files without IBAN write them; undefined elsewhere. */
export const nationalOf = (identifier: string): string | undefined =>
  /^FR\d{2}[A-Z0-9]{23}$/.test(identifier) ? identifier.slice(4, 25) : undefined;

/** Whether an account that a file names is this one: by its identifier, or by the national number within its IBAN. */
export const isAccount = (identifier: string, named: string, bankCode: string | null = null): boolean =>
  identifier === named || nationalOf(identifier) === named || nationalOf(identifier) === `${bankCode ?? ""}${named}`;
