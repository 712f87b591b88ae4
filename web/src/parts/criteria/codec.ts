import type { CriterionValue, Expression, Operator } from "#contracts/criteria.ts";

/** One condition of a filter bar; all of them must hold. */
export type Clause = { readonly criterion: string; readonly operator: Operator; readonly value?: CriterionValue };

/**
 * Clauses as they stand in the address: `days_past_due~at_least~15;kind~is_one_of~['invoice,'payment`.
 * Values keep their type by a leading mark: `'text`, `1` number, `!` true, `-!` false, `['a,'b` list.
 */
export function writeClauses(clauses: readonly Clause[]): string {
  return clauses
    .map(({ criterion, operator, value }) => [criterion, operator, ...valueText(value)].join("~"))
    .join(";");
}

/** Inverse of writeClauses; what cannot be read is left out, so an old link still opens. */
export function readClauses(text: string | undefined): Clause[] {
  if (!text) return [];
  return text.split(";").flatMap((part) => {
    const [criterion, operator, written] = part.split("~");
    if (!criterion || !operator) return [];
    if (written === undefined) return [{ criterion, operator: operator as Operator }];
    const value = readValue(written);
    return value === undefined ? [] : [{ criterion, operator: operator as Operator, value }];
  });
}

/** The typed tree that the server takes; undefined when there is nothing to filter by. */
export function expressionOf(clauses: readonly Clause[]): Expression | undefined {
  return clauses.length === 0 ? undefined : { all: clauses.map((clause) => ({ ...clause })) };
}

/** Flat "all of" conditions of a tree; undefined when it is deeper than a list of chips can show. */
export function clausesOf(expression: unknown): Clause[] | undefined {
  if (expression === null || expression === undefined) return [];
  if (isClause(expression)) return [expression];
  const all = (expression as { all?: unknown }).all;
  if (!Array.isArray(all) || !all.every(isClause)) return undefined;
  return all;
}

const isClause = (value: unknown): value is Clause =>
  typeof value === "object" && value !== null && typeof (value as Clause).criterion === "string";

const escaped = (text: string) =>
  `'${encodeURIComponent(text).replace(/[~';,]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`;

function valueText(value: CriterionValue | undefined): string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === "number") return [String(value)];
  if (typeof value === "boolean") return [value ? "!" : "-!"];
  return [typeof value === "string" ? escaped(value) : `[${value.map(escaped).join(",")}`];
}

function readValue(written: string): CriterionValue | undefined {
  if (written === "!") return true;
  if (written === "-!") return false;
  if (written.startsWith("'")) return decode(written.slice(1));
  if (written.startsWith("[")) {
    const parts = written
      .slice(1)
      .split(",")
      .filter(Boolean)
      .map((part) => decode(part.slice(1)));
    return parts.every((part) => part !== undefined) ? parts : undefined;
  }
  const number = Number(written);
  return written !== "" && Number.isFinite(number) ? number : undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
