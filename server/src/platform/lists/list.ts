import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Currency } from "#kernel/money.ts";
import type { Criterion } from "../criteria/index.ts";
import type { Sql, Tx } from "../database/index.ts";

/** What the sources of a list are built for. */
export type ListContext = {
  readonly tx: Tx;
  readonly asOf: CalendarDate;
  /** As it was known on that day; absent: as known today. */
  readonly knownOn?: CalendarDate | undefined;
  readonly today: CalendarDate;
  readonly companyId?: string | undefined;
  /** What one minor unit of each book currency is worth in minor units of the reporting currency; a currency without a rate is absent. */
  readonly reporting: {
    readonly currency: Currency;
    readonly factors: ReadonlyMap<string, string>;
    readonly missing: readonly string[];
  };
};

/** A join of at most one row per subject, under the alias its criteria name. */
export type ListSource = (context: ListContext) => Sql | Promise<Sql>;

/** One kind of row that lists may show. */
export type ListKind = {
  /** `from` clause with the alias that the subject's own criteria stand under. */
  readonly from: Sql;
  readonly id: Sql;
  /** Conditions that always hold: tenant, aliases, the company asked for, the text looked for. */
  readonly where: (context: ListContext, text: string) => Sql;
  /** Currency of the row's money. */
  readonly currency: (context: ListContext) => Sql;
  readonly sources: Readonly<Record<string, ListSource>>;
  readonly criteria: readonly Criterion[];
  /** Criteria that each tenant adds. */
  readonly ownCriteria: (tx: Tx) => Promise<readonly Criterion[]>;
  readonly shippedColumns: readonly string[];
  readonly shippedSort: string;
};
