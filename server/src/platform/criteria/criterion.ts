import { type CriterionInfo, type CriterionType, OPERATORS_OF } from "#contracts/criteria.ts";
import type { Sql } from "../database/index.ts";

/** A criterion as its room declares it: data, so that lists, conditions and merge fields all read the same one. */
export type Criterion = {
  /** `<subject>.<name>`, stable: saved filters and scenarios name it. */
  readonly key: string;
  readonly subject: "customer" | "account" | "item";
  readonly type: CriterionType;
  /** "book_currency" for money, "days" for counts of days, else null. */
  readonly unit: string | null;
  readonly label: { readonly fr: string; readonly en: string };
  /** Only dated criteria may stand in scenario conditions and policies. */
  readonly isDated: boolean;
  /** Column under the aliases that the room's own query documents; absent when only the evaluator can tell. */
  readonly column?: Sql;
  /** The column holds text folded by `fold`; the value is folded before comparing. */
  readonly isFolded?: boolean;
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
