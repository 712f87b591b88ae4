import { Expression } from "#contracts/criteria.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { checkExpression } from "./check.ts";
import type { Catalogue } from "./criterion.ts";

/** A filter as it stands in an address (JSON), checked against a catalogue; refuses what is no expression over its criteria. */
export function filterOf(text: string, catalogue: Catalogue): Result<Expression, "filter_invalid"> {
  const tree = parse(text);
  if (!tree) return refuse("filter_invalid", { detail: text.slice(0, 60) });
  const fault = checkExpression(tree, catalogue);
  if (fault) return refuse("filter_invalid", { detail: `${fault.path} ${fault.fault} ${fault.detail}` });
  return done(tree);
}

function parse(text: string): Expression | undefined {
  try {
    const parsed = Expression.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Every criterion that an expression names. */
export function keysIn(expression: Expression): string[] {
  if ("not" in expression) return keysIn(expression.not);
  if ("all" in expression) return expression.all.flatMap(keysIn);
  if ("any" in expression) return expression.any.flatMap(keysIn);
  return [expression.criterion];
}
