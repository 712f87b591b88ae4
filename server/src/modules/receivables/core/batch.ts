import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import type { ItemKind, SourceItem } from "./source-row.ts";

/** What the absence of a row means. Declared before a batch is compared with what its source brought. */
export type Coverage =
  /** Nothing. The default for a file dropped by hand. */
  | { readonly kind: "movements" }
  /** What was open in the covered accounts was cleared by `asOf`. */
  | { readonly kind: "open_snapshot"; readonly asOf: CalendarDate }
  /** Rows of the source posted in the period, inclusive, never were. */
  | { readonly kind: "full"; readonly from: CalendarDate; readonly to: CalendarDate };

export type BatchInput = {
  readonly companyId: Uuid;
  /** Currency of the company's books. */
  readonly bookCurrency: Currency;
  readonly source: {
    /** Chosen by the importer, the same for every file of one origin. */
    readonly sourceId: Uuid;
    /** "fec", "items"...: shown to people. */
    readonly kind: string;
    readonly name: string;
    /** What its lettering leaves open is settled by rule. On for FEC. Kept with the source. */
    readonly settlesLeftovers: boolean;
    /** Never the source of record, also where the company has none yet: e-invoices complete the books, they are not the books. */
    readonly onlyCompletes?: boolean;
  };
  readonly coverage: Coverage;
  /** The fiscal year the file holds, both inclusive (FEC); opening lines on the day after such a year repeat its items. */
  readonly fiscalYear: { readonly from: CalendarDate; readonly to: CalendarDate } | null;
  /** Accounts an open snapshot or a full load speaks for; absent: every account of the company that the source has touched. */
  readonly accountIds?: readonly Uuid[];
  /** Today in the tenant's zone: the day the batch became known. */
  readonly knownOn: CalendarDate;
  /** First load of a period: new rows count as known on their own posting (or effective) day, flagged. */
  readonly isFirstLoad: boolean;
  /** Called again when the transaction is repeated; must give the same rows. */
  readonly rows: () => Iterable<SourceItem> | AsyncIterable<SourceItem>;
  /**
   * Every key that the source still has, where `rows` brings changes only: rows of the source that are neither there nor here never were. Streamed once
   * per attempt.
   */
  readonly presentKeys?: () => AsyncIterable<readonly string[]>;
  /** Balance per account that the source itself states on its last day, book currency; checked by the proof. */
  readonly sourceBalances?: ReadonlyMap<Uuid, bigint>;
  /** Checks, settles and proves, then rolls everything back. */
  readonly isDryRun: boolean;
  /** Shown with the batch: file name and content hash. */
  readonly fileName?: string;
  readonly fileHash?: string;
};

/** The ledger proof of one account, book currency. `differenceMinor` = closing − source; null where the source states no balance. */
export type AccountProof = {
  readonly accountId: Uuid;
  readonly openingMinor: bigint;
  readonly movementMinor: bigint;
  readonly closingMinor: bigint;
  readonly sourceMinor: bigint | null;
  readonly differenceMinor: bigint | null;
};

export type RowChange = {
  readonly change: "new" | "changed" | "void" | "returned";
  readonly accountId: Uuid;
  readonly kind: ItemKind;
  readonly documentNo: string | null;
  readonly postedOn: CalendarDate;
  readonly currency: Currency;
  readonly minor: bigint;
};

export type BatchReport = {
  /** Absent after a dry run, and when nothing changed. */
  readonly batchId: Uuid | null;
  /** `overlay`: the company's ledger comes from another source; what this one knows beyond it stands beside the ledger. */
  readonly layer: "ledger" | "overlay";
  readonly counts: {
    readonly read: number;
    readonly new: number;
    readonly changed: number;
    readonly void: number;
    readonly returned: number;
    readonly unchanged: number;
    /** Items of the source of record that this other source completed (a due day that was estimated, a payment method). */
    readonly completed: number;
    /** Items whose lettering changed; part of `changed`. */
    readonly relettered: number;
    /** Items settled, fully or in part, by rule after this batch, among the accounts it touched. */
    readonly settledByRule: number;
    /** Opening lines set aside because the year they repeat is loaded. */
    readonly openingsSetAside: number;
  };
  /** Control totals of the rows read. */
  readonly totals: { readonly debitMinor: bigint; readonly creditMinor: bigint; readonly accounts: number };
  readonly proof: {
    readonly openingMinor: bigint;
    readonly movementMinor: bigint;
    readonly closingMinor: bigint;
    readonly sourceMinor: bigint | null;
    readonly isTied: boolean;
    /** The first 1,000 accounts that do not tie. */
    readonly differences: readonly AccountProof[];
  };
  /** The first 200 changes, for a preview. */
  readonly sample: readonly RowChange[];
  /** Documents that another source brought before the books carried them under another account: which item stands for which now. */
  readonly tookOver: readonly { readonly overlayItemId: Uuid; readonly itemId: Uuid }[];
};
