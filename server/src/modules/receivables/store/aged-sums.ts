import type { CalendarDate } from "#kernel/calendar-date.ts";
import { empty, type Sql, sql } from "#platform/database/index.ts";

/** An item of a derived table `o` is a debit or a credit by the sign of its original. */
export const DEBIT = sql`(o.original_minor > 0 or (o.original_minor = 0 and o.original_book_minor >= 0))`;

/** One condition per bucket of `o.due_on`, "not due" first. */
export function bucketConditions(asOf: CalendarDate, ends: readonly number[]): Sql[] {
  const edges = ends.map((end) => sql`o.due_on >= ${asOf}::date - ${end}::int`);
  return [
    sql`o.due_on >= ${asOf}::date`,
    ...ends.map((_, i) => bucketCondition(asOf, i, edges)),
    lastBucket(asOf, ends),
  ];
}

function bucketCondition(asOf: CalendarDate, i: number, ends: readonly Sql[]): Sql {
  const before = i === 0 ? sql`o.due_on < ${asOf}::date` : sql`not (${ends[i - 1] ?? empty})`;
  return sql`${before} and ${ends[i] ?? empty}`;
}

const lastBucket = (asOf: CalendarDate, ends: readonly number[]): Sql =>
  sql`o.due_on < ${asOf}::date - ${ends.at(-1) ?? 0}::int`;
