import type { ReadKind } from "#contracts/read.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Currency } from "#kernel/money.ts";
import type { OpenByAge } from "#modules/receivables/index.ts";
import type { CsvInspection, InspectionRequest } from "../core/bank/inspect-csv.ts";
import type { CsvKnowledge } from "../core/bank/read-bank.ts";
import type { BankFile } from "../core/bank/statement.ts";
import type { EInvoiceFile } from "../core/einvoice/invoice.ts";
import type { Fault } from "../core/fault.ts";
import type { LedgerDialect } from "../core/ledger/ledger-line.ts";
import type { Encoding } from "../core/read-text.ts";
import type { TableKind } from "../core/table/columns.ts";
import type { TableProfile } from "../core/table/profile.ts";
import type { TableDraft, TablePlan } from "../core/table/table-items.ts";

/** What the reading worker is started with. */
export type ReadTask = { readonly path: string };

/** Files of accounting entries: the legal one, and those of packages. */
export type EntriesFormat = "fec" | LedgerDialect;

export const isEntriesFormat = (format: string): format is EntriesFormat =>
  ["fec", "tra", "sage", "pnm", "quadra"].includes(format);

export type FileProfile =
  | {
      readonly format: EntriesFormat;
      readonly encoding: Encoding;
      readonly fiscalYear: { from: CalendarDate; to: CalendarDate } | null;
      readonly lines: number;
      readonly sample: string[][];
      readonly headers: string[];
      readonly separator: string;
    }
  | { readonly format: "csv"; readonly encoding: Encoding; readonly separator: string; readonly table: TableProfile }
  | { readonly format: "xlsx"; readonly table: TableProfile }
  | { readonly format: "parties"; readonly encoding: Encoding; readonly table: TableProfile };

export type FecPlan = {
  readonly format: EntriesFormat;
  readonly encoding: Encoding;
  readonly bookCurrency: Currency;
  /** Prefixes of receivable control accounts. */
  readonly accountPrefixes: readonly string[];
  readonly closingOn: CalendarDate | null;
};
export type TableSource =
  | { readonly format: "csv"; readonly encoding: Encoding; readonly separator: string }
  | { readonly format: "xlsx" }
  /** Third parties or their contacts in a file of Sage. */
  | { readonly format: "parties"; readonly encoding: Encoding; readonly kind: "customers" | "contacts" };
export type ItemsPlan = TableSource & { readonly headerLine: number; readonly plan: TablePlan };
export type RowsPlan = TableSource & { readonly headerLine: number };

export type NamedAccount = {
  readonly controlAccount: string;
  readonly auxiliary: string;
  readonly name: string;
  /** Debit − credit of its rows in the file, book currency; what the proof of a FEC is held against. */
  readonly balanceMinor: bigint;
};

/** What a first reading of the rows tells. */
export type Survey = {
  readonly accounts: readonly NamedAccount[];
  readonly rows: number;
  readonly refusedRows: number;
  readonly faults: readonly Fault[];
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
  readonly fiscalYear: { readonly from: CalendarDate; readonly to: CalendarDate } | null;
  /** FEC: entries that do not balance, the first of them, and whether the whole file does. */
  readonly unbalanced: {
    readonly count: number;
    readonly first: Fault | null;
    readonly touchesReceivables: boolean;
    readonly gapMinor: bigint;
  };
  readonly repeated: number;
  readonly leftOut: number;
  /** FEC: what each supplier account ends with; credit − debit, so what is owed is positive. */
  readonly suppliers: readonly NamedSupplier[];
};

export type NamedSupplier = { readonly supplierNo: string; readonly name: string; readonly owedMinor: bigint };

/** What a FEC says without a load; amounts in euro cents. */
export type FecReading = {
  readonly encoding: Encoding;
  readonly fiscalYear: { readonly from: CalendarDate; readonly to: CalendarDate } | null;
  readonly lines: number;
  readonly entries: number;
  readonly unbalanced: number;
  readonly refused: number;
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
  readonly balanceMinor: bigint;
  readonly accounts: number;
  readonly open: OpenByAge;
  readonly warnings: readonly Fault[];
};

/** What a file of any kind says. */
export type FileReading =
  | { readonly kind: "bank"; readonly file: BankFile }
  | { readonly kind: "einvoice"; readonly file: EInvoiceFile }
  | { readonly kind: "fec"; readonly fec: FecReading };

export type Request =
  | { readonly ask: "profile"; readonly kind: TableKind | "fec" | null; readonly closingOn: CalendarDate | null }
  | { readonly ask: "survey"; readonly plan: FecPlan | ItemsPlan }
  | { readonly ask: "drafts"; readonly plan: FecPlan | ItemsPlan }
  | { readonly ask: "rows"; readonly plan: RowsPlan }
  | { readonly ask: "bank"; readonly knowledge: CsvKnowledge }
  | { readonly ask: "csv"; readonly request: InspectionRequest }
  | { readonly ask: "einvoice" }
  | { readonly ask: "read"; readonly kind: ReadKind | null; readonly closingOn: CalendarDate | null }
  | { readonly ask: "next" }
  | { readonly ask: "stop" };

export type Reply =
  | { readonly reply: "profile"; readonly profile: FileProfile }
  | { readonly reply: "survey"; readonly survey: Survey }
  | { readonly reply: "drafts"; readonly drafts: readonly TableDraft[] }
  | { readonly reply: "rows"; readonly rows: readonly { line: number; cells: readonly string[] }[] }
  | { readonly reply: "bank"; readonly file: BankFile }
  | { readonly reply: "csv"; readonly inspection: CsvInspection }
  | { readonly reply: "einvoice"; readonly file: EInvoiceFile }
  | { readonly reply: "read"; readonly reading: FileReading }
  | { readonly reply: "end" }
  | { readonly reply: "refused"; readonly fault: Fault };
