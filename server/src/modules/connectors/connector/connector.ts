import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import type { SourceOrder } from "#modules/credit/index.ts";
import type { SourceContact, SourceCustomer } from "#modules/parties/index.ts";
import type { Coverage } from "#modules/receivables/index.ts";
import type { JsonValue } from "#platform/journal/index.ts";
import type { OutsideRules } from "#platform/outside/index.ts";
import type { Fault } from "../core/fault.ts";
import type { SettingField, SettingValues } from "../core/settings.ts";
import type { TableDraft } from "../core/table/table-items.ts";

/** A company that the source feeds. `part` is what the other side calls it: a database, a folder, a code. */
export type FedCompany = {
  readonly companyId: Uuid;
  readonly code: string;
  readonly bookCurrency: Currency;
  readonly part: string;
  /** How far it was read: what the connector said at the end of its last run that was applied; null before. */
  readonly reached: JsonValue | null;
};

export type ConnectorContext = {
  readonly settings: SettingValues;
  readonly secrets: Readonly<Record<string, string>>;
  readonly companies: readonly FedCompany[];
  /** Where the operator lets connectors go. */
  readonly outside: OutsideRules;
  /** A folder of the tenant's own, made by the connector when it needs one. */
  readonly inbox: string;
  readonly today: CalendarDate;
  readonly now: Date;
};

/** What a source hands over of one company, bit by bit, in any order; applied together after its `end`. */
export type SyncBatch =
  | { readonly kind: "customers"; readonly companyId: Uuid; readonly rows: readonly SourceCustomer[] }
  | { readonly kind: "contacts"; readonly companyId: Uuid; readonly rows: readonly SourceContact[] }
  /** Ledger rows, accounts by name. A book amount that is null is converted at the posting day's rate. */
  | { readonly kind: "items"; readonly companyId: Uuid; readonly rows: readonly TableDraft[] }
  | { readonly kind: "orders"; readonly companyId: Uuid; readonly rows: readonly SourceOrder[] }
  /** Keys that still exist, where `items` brings changes only: a row that is in neither never was. */
  | { readonly kind: "present"; readonly companyId: Uuid; readonly keys: readonly string[] }
  /** The source's own balance per account, book currency: what the proof is held against. */
  | { readonly kind: "balances"; readonly companyId: Uuid; readonly rows: readonly AccountBalance[] }
  /** A row that cannot be taken, with its place and reason. Under a coverage that reads absence, the company is then not applied. */
  | { readonly kind: "refused"; readonly companyId: Uuid; readonly fault: Fault }
  /** A whole file, read by the machinery of imports. */
  | { readonly kind: "file"; readonly companyId: Uuid; readonly file: TakenFile }
  | { readonly kind: "end"; readonly companyId: Uuid; readonly end: UnitEnd };

export type AccountBalance = {
  readonly controlAccount: string;
  readonly auxiliary: string;
  readonly balanceMinor: bigint;
};

export type UnitEnd = {
  /** What the absence of an item means. */
  readonly coverage: Coverage;
  /** The orders given are all there are. */
  readonly hasAllOrders?: boolean;
  /** Codes of the source's lettering are unique for ever, or the rows say their year. Items left open may be settled by rule. */
  readonly settlesLeftovers?: boolean;
  /** How far the company was read; kept with what was applied, or not at all. */
  readonly reached?: JsonValue;
};

export type TakenFile = {
  readonly name: string;
  /** Where its bytes lie on this machine while the batch is handled. */
  readonly path: string;
  readonly coverage: Coverage["kind"];
  /** Told once what became of it: only then is it moved away. */
  readonly settle: (outcome: "applied" | "refused" | "known") => Promise<void>;
};

/** What a test of the connection tells: that it works and what is there, or why not. */
export type ConnectionReport =
  | {
      readonly isReached: true;
      /** What may be named as a company's part. */
      readonly parts: readonly string[];
      readonly details: Readonly<Record<string, string>>;
    }
  | { readonly isReached: false; readonly fault: SourceFaultCode; readonly detail: string };

/** Why a source could not be read. Texts for people stand in `contracts/src/source-faults.ts`. */
export type SourceFaultCode =
  | "unreachable"
  | "refused_credentials"
  | "host_key_unknown"
  | "host_key_changed"
  | "not_allowed"
  | "not_found"
  | "setting_wrong"
  | "no_answer"
  | "unexpected";

/** Stops a run. `isOutage`: trying again later may help. */
export class SourceFault extends Error {
  readonly code: SourceFaultCode;
  readonly detail: string;

  constructor(code: SourceFaultCode, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail.slice(0, 300);
  }

  get isOutage(): boolean {
    return this.code === "unreachable" || this.code === "no_answer" || this.code === "unexpected";
  }
}

/** A way to read one kind of system. One folder each; `docs/connectors.md` says how to write one. */
export type Connector = {
  /** Never changes: sources name it. */
  readonly key: string;
  readonly settings: readonly SettingField[];
  /** Others fill it: it is never run from here. */
  readonly isPushed?: true;
  /** How many companies one source may feed. */
  readonly maxCompanies: number;
  /** Companies are told apart by a part of the source that a person names. */
  readonly hasParts: boolean;
  /** Reads the smallest thing that proves that settings and secrets work. Throws nothing that is a fault of the other side. */
  test(context: ConnectorContext): Promise<ConnectionReport>;
  /** Everything that is to be known, company by company. A fault of the other side is a `SourceFault`. */
  run(context: ConnectorContext): AsyncIterable<SyncBatch>;
};
