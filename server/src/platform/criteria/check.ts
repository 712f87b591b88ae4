import {
  type CriterionType,
  type CriterionValue,
  type Expression,
  OPERATORS_OF,
  type Operator,
} from "#contracts/criteria.ts";
import { parseCalendarDate } from "#kernel/calendar-date.ts";
import type { Catalogue } from "./criterion.ts";

/** What is wrong with an expression and where: `path` like "all.0.not". */
export type ExpressionFault = {
  readonly path: string;
  readonly fault:
    | "unknown_criterion"
    | "operator_not_for_type"
    | "wrong_value"
    | "not_dated"
    | "too_deep"
    | "too_large";
  readonly detail: string;
};

const DEEPEST = 10;
const LARGEST = 300;

/** The first fault of an expression, or undefined when it can be compiled and evaluated. */
export function checkExpression(
  expression: Expression,
  catalogue: Catalogue,
  options: { onlyDated?: boolean } = {},
): ExpressionFault | undefined {
  let conditions = 0;
  const visit = (node: Expression, path: string, depth: number): ExpressionFault | undefined => {
    if (depth > DEEPEST) return { path, fault: "too_deep", detail: String(DEEPEST) };
    conditions += 1;
    if (conditions > LARGEST) return { path, fault: "too_large", detail: String(LARGEST) };
    if ("not" in node) return visit(node.not, join(path, "not"), depth + 1);
    if ("all" in node || "any" in node) {
      const [name, parts] = "all" in node ? (["all", node.all] as const) : (["any", node.any] as const);
      for (const [index, part] of parts.entries()) {
        const fault = visit(part, join(path, `${name}.${index}`), depth + 1);
        if (fault) return fault;
      }
      return undefined;
    }
    const criterion = catalogue.get(node.criterion);
    if (!criterion) return { path, fault: "unknown_criterion", detail: node.criterion };
    if (options.onlyDated && !criterion.isDated) return { path, fault: "not_dated", detail: node.criterion };
    if (!OPERATORS_OF[criterion.type].includes(node.operator))
      return { path, fault: "operator_not_for_type", detail: node.operator };
    if (!fits(criterion.type, node.operator, node.value)) return { path, fault: "wrong_value", detail: node.criterion };
    return undefined;
  };
  return visit(expression, "", 0);
}

const join = (path: string, part: string) => (path ? `${path}.${part}` : part);

function fits(type: CriterionType, operator: Operator, value: CriterionValue | undefined): boolean {
  if (operator === "is_empty" || operator === "is_not_empty") return value === undefined || value === null;
  if (operator === "is_one_of" || operator === "is_none_of") return Array.isArray(value) && value.length > 0;
  if (operator === "between")
    return Array.isArray(value) && value.length === 2 && value.every((one) => isScalar(type, one));
  if (operator === "days_ago_at_least" || operator === "days_ago_at_most") return isScalar("integer", value);
  return isScalar(type, value);
}

function isScalar(type: CriterionType, value: CriterionValue | undefined): boolean {
  switch (type) {
    case "text":
    case "choice":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "day":
      return typeof value === "string" && parseCalendarDate(value) !== undefined;
    case "money":
      return typeof value === "string" && /^-?\d{1,18}$/.test(value);
    case "integer":
      return typeof value === "number"
        ? Number.isSafeInteger(value)
        : typeof value === "string" && /^-?\d{1,15}$/.test(value);
  }
}
