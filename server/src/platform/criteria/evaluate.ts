import type { CriterionType, CriterionValue, Expression, Operator } from "#contracts/criteria.ts";
import { addDays, type CalendarDate } from "#kernel/calendar-date.ts";
import { fold } from "#kernel/text.ts";
import type { Catalogue } from "./criterion.ts";

/** A fact: text, choice and day as text, money and integer as bigint, boolean; null when absent. */
export type FactValue = string | bigint | boolean | null;

/** Facts by criterion key; a missing key counts as absent. */
export type Facts = Readonly<Record<string, FactValue | undefined>>;

/** Whether the facts satisfy a checked expression. Pure; means exactly what the compiled SQL means. */
export function evaluateExpression(
  expression: Expression,
  catalogue: Catalogue,
  facts: Facts,
  asOf: CalendarDate,
): boolean {
  if ("not" in expression) return !evaluateExpression(expression.not, catalogue, facts, asOf);
  if ("all" in expression) return expression.all.every((part) => evaluateExpression(part, catalogue, facts, asOf));
  if ("any" in expression) return expression.any.some((part) => evaluateExpression(part, catalogue, facts, asOf));
  const criterion = catalogue.get(expression.criterion);
  if (!criterion) throw new Error(`criterion ${expression.criterion} is unknown`);
  const read = (value: unknown) => scalarOf(criterion.type, criterion.isFolded === true, value);
  return holds(facts[criterion.key] ?? null, expression.operator, expression.value ?? null, read, asOf);
}

function holds(
  fact: FactValue,
  operator: Operator,
  value: CriterionValue,
  read: (value: unknown) => FactValue,
  asOf: CalendarDate,
): boolean {
  const list = Array.isArray(value) ? value.map(read) : [];
  switch (operator) {
    case "is_empty":
      return fact === null;
    case "is_not_empty":
      return fact !== null;
    case "is_not":
      return fact !== read(value);
    case "is_none_of":
      return fact === null || !list.includes(fact);
  }
  if (fact === null) return false;
  switch (operator) {
    case "is":
      return fact === read(value);
    case "is_one_of":
      return list.includes(fact);
    case "starts_with":
      return String(fact).startsWith(String(read(value)));
    case "contains":
      return String(fact).includes(String(read(value)));
    case "less":
      return order(fact, read(value)) < 0;
    case "at_most":
      return order(fact, read(value)) <= 0;
    case "more":
      return order(fact, read(value)) > 0;
    case "at_least":
      return order(fact, read(value)) >= 0;
    case "between":
      return order(fact, list[0] ?? null) >= 0 && order(fact, list[1] ?? null) <= 0;
    case "days_ago_at_least":
      return order(fact, addDays(asOf, -Number(value))) <= 0;
    case "days_ago_at_most":
      return order(fact, addDays(asOf, -Number(value))) >= 0 && order(fact, asOf) <= 0;
  }
}

function scalarOf(type: CriterionType, isFolded: boolean, value: unknown): FactValue {
  if (type === "money" || type === "integer") return BigInt(String(value));
  if (type === "boolean") return value === true;
  return isFolded ? fold(String(value)) : String(value);
}

const order = (a: FactValue, b: FactValue): number => {
  if (a === null || b === null) return Number.NaN;
  return a < b ? -1 : a > b ? 1 : 0;
};
