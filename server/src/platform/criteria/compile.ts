import type { CriterionType, CriterionValue, Expression, Operator } from "#contracts/criteria.ts";
import { addDays, type CalendarDate } from "#kernel/calendar-date.ts";
import { fold } from "#kernel/text.ts";
import { join, raw, type Sql, sql } from "../database/index.ts";
import { type Catalogue, type Criterion, columnOf } from "./criterion.ts";

/**
 * A checked expression as a parameterised SQL condition that is true or false, never null. Means exactly what
 * `evaluateExpression` means (a property test holds both equal). Throws on an expression that `checkExpression` refuses.
 */
export function compileExpression(expression: Expression, catalogue: Catalogue, asOf: CalendarDate): Sql {
  if ("not" in expression) return sql`(not ${compileExpression(expression.not, catalogue, asOf)})`;
  if ("all" in expression) return compileGroup(expression.all, " and ", "true", catalogue, asOf);
  if ("any" in expression) return compileGroup(expression.any, " or ", "false", catalogue, asOf);
  const criterion = catalogue.get(expression.criterion);
  const column = criterion && columnOf(criterion, asOf);
  if (!column) throw new Error(`criterion ${expression.criterion} has no column`);
  const condition = compileCondition(criterion, column, expression.operator, expression.value ?? null, asOf);
  return criterion.through ? criterion.through(condition) : condition;
}

function compileGroup(
  parts: readonly Expression[],
  word: string,
  whenEmpty: string,
  catalogue: Catalogue,
  asOf: CalendarDate,
): Sql {
  if (parts.length === 0) return raw(whenEmpty);
  return sql`(${join(
    parts.map((part) => compileExpression(part, catalogue, asOf)),
    word,
  )})`;
}

const CASTS: Readonly<Record<CriterionType, string>> = {
  text: "text",
  choice: "text",
  money: "bigint",
  integer: "bigint",
  day: "date",
  boolean: "boolean",
};

function compileCondition(
  criterion: Criterion,
  column: Sql,
  operator: Operator,
  value: CriterionValue,
  asOf: CalendarDate,
): Sql {
  const cast = raw(CASTS[criterion.type]);
  const prepared = (one: unknown) => (criterion.isFolded && typeof one === "string" ? fold(one) : one);
  const scalar = sql`${prepared(value)}::${cast}`;
  const known = (condition: Sql) => sql`coalesce(${condition}, false)`;
  switch (operator) {
    case "is_empty":
      return sql`(${column} is null)`;
    case "is_not_empty":
      return sql`(${column} is not null)`;
    case "is":
      return known(sql`${column} = ${scalar}`);
    case "is_not":
      return sql`(${column} is distinct from ${scalar})`;
    case "is_one_of":
      return known(sql`${column} = any(${listOf(value).map(prepared)}::text[])`);
    case "is_none_of":
      return sql`(not coalesce(${column} = any(${listOf(value).map(prepared)}::text[]), false))`;
    case "starts_with":
      return known(sql`starts_with(${column}, ${scalar})`);
    case "contains":
      return known(sql`position(${scalar} in ${column}) > 0`);
    case "less":
      return known(sql`${column} < ${scalar}`);
    case "at_most":
      return known(sql`${column} <= ${scalar}`);
    case "more":
      return known(sql`${column} > ${scalar}`);
    case "at_least":
      return known(sql`${column} >= ${scalar}`);
    case "between": {
      const [from, to] = listOf(value);
      return known(sql`${column} between ${from}::${cast} and ${to}::${cast}`);
    }
    case "days_ago_at_least":
      return known(sql`${column} <= ${addDays(asOf, -Number(value))}::date`);
    case "days_ago_at_most":
      return known(sql`${column} between ${addDays(asOf, -Number(value))}::date and ${asOf}::date`);
  }
}

const listOf = (value: CriterionValue): string[] => (Array.isArray(value) ? value : []);
