import { Expression } from "#contracts/criteria.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { sql } from "../database/index.ts";
import { checkExpression } from "./check.ts";
import type { Catalogue, Criterion } from "./criterion.ts";

/** Stands for whoever asks in conditions on users. */
const ME = "me";

type User = { readonly id: string; readonly name: string };

/** The criterion with the tenant's users as its choices, sorted by their names, where its values are users. */
export function withUsers(criterion: Criterion, users: readonly User[]): Criterion {
  if (!criterion.isUser || typeof criterion.column === "function" || !criterion.column) return criterion;
  const ids = users.map((user) => user.id);
  return {
    ...criterion,
    choices: [{ value: ME, fr: "Moi", en: "Me" }, ...users.map(({ id, name }) => ({ value: id, fr: name, en: name }))],
    sort: sql`lpad(array_position(${ids}::text[], ${criterion.column})::text, 6, '0')`,
  };
}

/** A filter as it stands in an address (JSON), checked against a catalogue; refuses what is no expression over its criteria. */
export function filterOf(text: string, catalogue: Catalogue, userId?: string): Result<Expression, "filter_invalid"> {
  const tree = parse(text);
  if (!tree) return refuse("filter_invalid", { detail: text.slice(0, 60) });
  const fault = checkExpression(tree, catalogue);
  if (fault) return refuse("filter_invalid", { detail: `${fault.path} ${fault.fault} ${fault.detail}` });
  return done(userId === undefined ? tree : withUser(tree, catalogue, userId));
}

/** In conditions on users, `me` becomes the one who asks: a shared view shows everybody their own. */
function withUser(node: Expression, catalogue: Catalogue, userId: string): Expression {
  if ("not" in node) return { not: withUser(node.not, catalogue, userId) };
  if ("all" in node) return { all: node.all.map((part) => withUser(part, catalogue, userId)) };
  if ("any" in node) return { any: node.any.map((part) => withUser(part, catalogue, userId)) };
  if (!catalogue.get(node.criterion)?.isUser) return node;
  const named = (value: string) => (value === ME ? userId : value);
  if (typeof node.value === "string") return { ...node, value: named(node.value) };
  return Array.isArray(node.value) ? { ...node, value: node.value.map(named) } : node;
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
