import { z } from "zod";

/** Types of criteria. Money is whole minor units of the unit's currency, as text in values; days are YYYY-MM-DD. */
export const CriterionType = z.enum(["text", "choice", "money", "integer", "day", "boolean"]);
export type CriterionType = z.infer<typeof CriterionType>;

export const Operator = z.enum([
  "is",
  "is_not",
  "is_one_of",
  "is_none_of",
  "starts_with",
  "contains",
  "less",
  "at_most",
  "more",
  "at_least",
  "between",
  "days_ago_at_least",
  "days_ago_at_most",
  "is_empty",
  "is_not_empty",
]);
export type Operator = z.infer<typeof Operator>;

/** Which operators each type takes. An absent value satisfies `is_empty`, `is_not` and `is_none_of`, nothing else. */
export const OPERATORS_OF: Readonly<Record<CriterionType, readonly Operator[]>> = {
  text: ["is", "is_not", "is_one_of", "is_none_of", "starts_with", "contains", "is_empty", "is_not_empty"],
  choice: ["is", "is_not", "is_one_of", "is_none_of", "is_empty", "is_not_empty"],
  money: ["is", "is_not", "less", "at_most", "more", "at_least", "between", "is_empty", "is_not_empty"],
  integer: ["is", "is_not", "less", "at_most", "more", "at_least", "between", "is_empty", "is_not_empty"],
  day: [
    "is",
    "less",
    "at_most",
    "more",
    "at_least",
    "between",
    "days_ago_at_least",
    "days_ago_at_most",
    "is_empty",
    "is_not_empty",
  ],
  boolean: ["is", "is_not"],
};

export type CriterionValue = string | number | boolean | string[] | null;

/** A typed tree: groups of conditions, or one condition on a criterion of the catalogue. */
export type Expression =
  | { readonly all: readonly Expression[] }
  | { readonly any: readonly Expression[] }
  | { readonly not: Expression }
  | { readonly criterion: string; readonly operator: Operator; readonly value?: CriterionValue | undefined };

export const Expression: z.ZodType<Expression> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(Expression).max(50) }),
    z.strictObject({ any: z.array(Expression).max(50) }),
    z.strictObject({ not: Expression }),
    z.strictObject({
      criterion: z.string().max(100),
      operator: Operator,
      value: z
        .union([z.string().max(500), z.number(), z.boolean(), z.array(z.string().max(500)).max(500), z.null()])
        .optional(),
    }),
  ]),
);

export const CriterionSubject = z.enum(["customer", "account", "item"]);

/** One criterion as people choose it. `choices` are the values of a choice, with labels. */
export const CriterionInfo = z.object({
  key: z.string(),
  subject: CriterionSubject,
  type: CriterionType,
  unit: z.string().nullable(),
  label: z.object({ fr: z.string(), en: z.string() }),
  isDated: z.boolean(),
  operators: z.array(Operator),
  choices: z.array(z.object({ value: z.string(), fr: z.string(), en: z.string() })).nullable(),
});
export type CriterionInfo = z.infer<typeof CriterionInfo>;
export const CriterionList = z.object({ rows: z.array(CriterionInfo) });
