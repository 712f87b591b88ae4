import { type Refused, refuse } from "#kernel/result.ts";

/** Rows beyond this are counted as "at least". */
export const EXACT_TOTAL = 10_000;

/** A keyset position as opaque text: the sort values and key of the last row. */
export const writeCursor = (position: readonly string[]): string =>
  Buffer.from(JSON.stringify(position), "utf8").toString("base64url");

/** Inverse of writeCursor; undefined when absent, a refusal when it is not one of ours with `length` parts. */
export function readCursor(
  text: string | undefined,
  length: number,
): string[] | undefined | Refused<"invalid_request"> {
  if (text === undefined) return undefined;
  try {
    const parts = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as unknown;
    if (Array.isArray(parts) && parts.length === length && parts.every((part) => typeof part === "string"))
      return parts;
  } catch {
    // Falls through to the refusal: the text is not ours.
  }
  return refuse("invalid_request", { detail: "cursor" });
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
