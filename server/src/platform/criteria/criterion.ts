import { type CriterionInfo, type CriterionType, OPERATORS_OF } from "#contracts/criteria.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { raw, type Sql } from "../database/index.ts";

/** A criterion as its room declares it: data, so that lists, conditions and merge fields all read the same one. */
export type Criterion = {
  /** `<subject>.<name>`, stable: saved filters and scenarios name it. */
  readonly key: string;
  readonly subject: "customer" | "account" | "item";
  readonly type: CriterionType;
  /** "book_currency", "reporting_currency" or "document_currency" for money, "days" or "percent" for counts, else null. */
  readonly unit: string | null;
  readonly label: { readonly fr: string; readonly en: string };
  /** Only dated criteria may stand in scenario conditions and policies. */
  readonly isDated: boolean;
  /** Column under the aliases that the room's own query documents, on the day asked for; absent when only the evaluator can tell. */
  readonly column?: Sql | ((asOf: CalendarDate) => Sql);
  /** The sources of the subject that have to be joined for the column to stand; absent: the subject's own rows. */
  readonly source?: string | readonly string[];
  /** What people read where the column is made for comparing. */
  readonly shown?: Sql;
  /** What lists sort by where that is not the column. */
  readonly sort?: Sql;
  /**
   * The condition is asked of another table, of which each subject has exactly one row: wraps the condition on that table's column into one on the
   * subject, so that the database asks it once per row of the small table.
   */
  readonly through?: (condition: Sql) => Sql;
  /** The column holds text folded by `fold`; the value is folded before comparing. */
  readonly isFolded?: boolean;
  /** The value is a user of the tenant; `me` stands for whoever asks. Its choices are the tenant's users. */
  readonly isUser?: boolean;
  readonly choices?: readonly { readonly value: string; readonly fr: string; readonly en: string }[];
};

export type Catalogue = ReadonlyMap<string, Criterion>;

/** The catalogue by key; throws when two rooms claim one key. */
export function catalogueOf(...declared: readonly (readonly Criterion[])[]): Catalogue {
  const catalogue = new Map<string, Criterion>();
  for (const criterion of declared.flat()) {
    if (catalogue.has(criterion.key)) throw new Error(`criterion ${criterion.key} is declared twice`);
    catalogue.set(criterion.key, criterion);
  }
  return catalogue;
}

export const criterionInfo = (criterion: Criterion): CriterionInfo => ({
  key: criterion.key,
  subject: criterion.subject,
  type: criterion.type,
  unit: criterion.unit,
  label: criterion.label,
  isDated: criterion.isDated,
  operators: [...OPERATORS_OF[criterion.type]],
  choices: criterion.choices ? [...criterion.choices] : null,
});

/** What a list shows of a criterion on a day. */
export const shownOf = (criterion: Criterion, asOf: CalendarDate): Sql =>
  criterion.shown ?? columnOf(criterion, asOf) ?? raw("null");

/** The column of a criterion on a day; undefined when only the evaluator can tell. */
export const columnOf = (criterion: Criterion, asOf: CalendarDate): Sql | undefined =>
  typeof criterion.column === "function" ? criterion.column(asOf) : criterion.column;

/** Declares criteria of one subject: `<subject>.<name>`, dated unless said otherwise. */
export const criterionOf =
  (subject: Criterion["subject"], common: Partial<Criterion> = {}) =>
  (
    name: string,
    column: string | ((asOf: CalendarDate) => Sql),
    type: CriterionType,
    label: Criterion["label"],
    more: Omit<Partial<Criterion>, "shown" | "sort"> & { readonly shown?: string; readonly sort?: string } = {},
  ): Criterion => {
    const { shown, sort, ...rest } = more;
    return {
      key: `${subject}.${name}`,
      subject,
      type,
      unit: null,
      label,
      isDated: true,
      column: typeof column === "string" ? raw(column) : column,
      ...common,
      ...rest,
      ...(shown === undefined ? {} : { shown: raw(shown) }),
      ...(sort === undefined ? {} : { sort: raw(sort) }),
    };
  };
