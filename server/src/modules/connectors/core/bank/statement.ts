import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Currency } from "#kernel/money.ts";
import type { Fault } from "../fault.ts";

export type BankFormat =
  | "camt.052"
  | "camt.053"
  | "camt.054"
  | "mt940"
  | "mt942"
  | "cfonb120"
  | "cfonb240"
  | "coda"
  | "ofx"
  | "qif"
  | "csv"
  | "pain.002"
  | "csv_returns";

/** What a bank's file says, whatever its format. Everything that was odd but could be read is a warning with its place. */
export type BankFile = {
  readonly format: BankFormat;
  /** Version of the message or file where it tells one: "08" of camt.053.001.08. */
  readonly version?: string;
  readonly statements: readonly BankStatement[];
  readonly returns: readonly BankReturn[];
  readonly warnings: readonly Fault[];
};

export type BankStatement = {
  /** IBAN without spaces, or the account as written; "" when a fragment names none. */
  readonly account: string;
  readonly isIban: boolean;
  /** Bank and branch as written: 10 digits for CFONB, BIC elsewhere. */
  readonly bankCode: string | null;
  readonly accountName: string | null;
  readonly currency: Currency | null;
  /** The code as written where it is no active currency: DEM. */
  readonly writtenCurrency?: string;
  readonly number: string | null;
  readonly from: CalendarDate | null;
  readonly to: CalendarDate | null;
  readonly opening: BankBalance | null;
  readonly closing: BankBalance | null;
  /** ok: opening + booked entries = closing. unknown: the file does not give both balances. */
  readonly chain: "ok" | "broken" | "unknown";
  readonly scope: "statement" | "intraday" | "notification";
  readonly entries: readonly BankEntry[];
};

export type BankBalance = {
  readonly on: CalendarDate | null;
  /** Credit of the account is positive. */
  readonly minor: bigint;
  /** Only where it is not that of the statement. */
  readonly currency?: Currency;
};

export type BankKind =
  | "transfer"
  | "direct_debit"
  | "cheque"
  | "bill"
  | "card"
  | "fee"
  | "interest"
  | "return"
  | "other";

export type BankEntry = {
  /** Line of a text file, or path of an element with its line: for messages. */
  readonly position: string;
  /** Credit of the account +, debit −. A reversal already has the sign of its own direction. */
  readonly amountMinor: bigint;
  readonly isReversal: boolean;
  readonly status: "booked" | "pending" | "information";
  readonly bookedOn: CalendarDate | null;
  readonly valueOn: CalendarDate | null;
  readonly bankReference: string | null;
  readonly entryReference: string | null;
  /** As the bank codes it: PMNT/RCDT/ESCT, CFONB 05, NTRF. */
  readonly typeCode: string | null;
  readonly kind: BankKind;
  readonly text: string;
  /** Stable: account, reference, amount, booking day, ordinal among equals. The same line exported again has the same key. */
  readonly key: string;
  /** Never empty: one equal to the entry where the file gives none. */
  readonly details: readonly BankDetail[];
};

export type BankDetail = {
  /** Signed as the entry. Details without a stated amount have 0 and a warning tells so. */
  readonly amountMinor: bigint;
  readonly endToEndId: string | null;
  readonly mandateId: string | null;
  /** The other party: who paid a credit, whom a debit concerns. */
  readonly payerName: string | null;
  readonly payerIban: string | null;
  readonly payerBic: string | null;
  readonly ultimatePayer: string | null;
  /** Structured reference: RF..., Belgian OGM digits, or as the bank gives it. */
  readonly creditorReference: string | null;
  readonly documents: readonly { readonly number: string; readonly amountMinor: bigint | null }[];
  /** Unstructured information, joined. */
  readonly remittance: string;
  readonly reason: { readonly code: string; readonly text: string | null } | null;
  /** Amount in the currency it was sent in, where it is not the account's. */
  readonly original: { readonly currency: Currency; readonly minor: bigint } | null;
  readonly feeMinor: bigint | null;
};

/** A refused or returned collection or transfer of a file that is not a statement. */
export type BankReturn = {
  readonly position: string;
  readonly endToEndId: string | null;
  readonly originalId: string | null;
  readonly mandateId: string | null;
  readonly reason: string | null;
  readonly reasonText: string | null;
  readonly amountMinor: bigint | null;
  readonly currency: Currency | null;
  readonly on: CalendarDate | null;
  readonly payerName: string | null;
  readonly reference: string | null;
  /** Accounts that the return names; one of them is ours: IBAN, or bank, branch and account of a French one in a row. */
  readonly accounts: readonly string[];
};
