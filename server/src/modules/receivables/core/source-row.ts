import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";

/** What an item is. `adjustment` is made here ("cleared in source", "booked"); sources never send it. */
export type ItemKind =
  | "invoice"
  | "credit_note"
  | "payment"
  | "rejection"
  | "opening"
  | "exchange_difference"
  | "adjustment"
  | "other";

/** Names another item of the same account that this one extinguishes: its source key, or its document number. */
export type SourceLink = {
  readonly key?: string;
  readonly documentNo?: string;
  /** How much of it, unsigned, in the document currency of the item that carries the link; absent: as much as possible. */
  readonly minor?: bigint;
};

/**
 * One line of a source's ledger as an importer hands it over: one instalment of one posted document in one account.
 * Amounts are signed: receivable +, credit note and payment −. Days are business days.
 */
export type SourceItem = {
  readonly accountId: Uuid;
  /** The source's own stable key, unique in the source; null: a key is hashed from journal, entry number, posting day, account, document, side and amounts. */
  readonly key: string | null;
  readonly kind: Exclude<ItemKind, "adjustment">;
  readonly journal: string | null;
  readonly entryNo: string | null;
  /** The side of the line as the source wrote it, where a negative debit and a credit must stay apart; part of the hashed key. */
  readonly side?: "debit" | "credit";
  readonly documentNo: string | null;
  readonly label: string | null;
  /** Day of the document (PieceDate); posting day where the source has none. */
  readonly issuedOn: CalendarDate;
  /** Day it stands in the ledger (EcritureDate). */
  readonly postedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly isDueEstimated: boolean;
  /** 1 where the document has one instalment. */
  readonly instalmentNo: number;
  readonly currency: Currency;
  readonly minor: bigint;
  /** In the company's book currency. */
  readonly bookMinor: bigint;
  /** The source gave no book amount and it was converted at the posting day's rate. */
  readonly isBookConverted?: boolean;
  readonly paymentMethod: string | null;
  /** Lettering code; its scope is account + `fiscalYear` + code. */
  readonly letter: string | null;
  readonly letteredOn: CalendarDate | null;
  /** Scope of the letter: last day of the fiscal year for a FEC; null where codes are unique for ever. */
  readonly fiscalYear: CalendarDate | null;
  /** A carried-forward line ("à nouveau"): repeats items of the years before. */
  readonly isOpening: boolean;
  /** Explicit settlements: a payment naming what it pays, a rejection naming the payment it cancels. */
  readonly links?: readonly SourceLink[];
  /** Open snapshots only: what is still open on the snapshot's day, where the source says so beside the original; absent: all of `minor`. */
  readonly openMinor?: bigint;
  readonly openBookMinor?: bigint;
  /** Position in the file for messages: line or row number. */
  readonly line?: number;
};
