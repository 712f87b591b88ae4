import { z } from "zod";
import { type Refused, refuse } from "#kernel/result.ts";

/** Rows beyond this are counted as "at least". */
export const EXACT_TOTAL = 10_000;

/** A keyset position as opaque text: the sort values and key of the last row. */
export const writeCursor = (position: readonly string[]): string =>
  Buffer.from(JSON.stringify(position), "utf8").toString("base64url");

/** Inverse of writeCursor; undefined when absent, a refusal when it is not a position of this list: each part has its own shape. */
export function readCursor<const Parts extends readonly [z.ZodType<string>, ...z.ZodType<string>[]]>(
  text: string | undefined,
  parts: Parts,
): { [Part in keyof Parts]: string } | undefined | Refused<"invalid_request"> {
  if (text === undefined) return undefined;
  const position = z.tuple(parts).safeParse(jsonOf(Buffer.from(text, "base64url").toString("utf8")));
  return position.success
    ? (position.data as { [Part in keyof Parts]: string })
    : refuse("invalid_request", { detail: "cursor" });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A page of rows that were read one beyond `limit`; `next` follows its last row and is null on the last page. */
export function cutPage<T>(
  found: readonly T[],
  limit: number,
  positionOf: (row: T) => readonly string[],
): { rows: T[]; next: string | null } {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, next: found.length > limit && last ? writeCursor(positionOf(last)) : null };
}

export const isRefused = (value: unknown): value is Refused<"invalid_request"> =>
  typeof value === "object" && value !== null && "ok" in value && value.ok === false;

export const totalOf = (count: number): { count: number; exact: boolean } =>
  count > EXACT_TOTAL ? { count: EXACT_TOTAL, exact: false } : { count, exact: true };
