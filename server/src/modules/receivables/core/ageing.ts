import { addDays, type CalendarDate, daysBetween } from "#kernel/calendar-date.ts";

/** Last day past due of each bucket after "not due"; one more bucket has no end. Shipped: 1-30, 31-60, 61-90, 91-180, 181-365, over 365. */
export const AGEING_BUCKETS = { key: "receivables.ageing_buckets", shipped: [30, 60, 90, 180, 365] };

export type Bucket = { readonly from: number | null; readonly to: number | null };

/** The buckets of a setting, first "not due"; both ends inclusive. */
export function bucketsOf(ends: readonly number[]): Bucket[] {
  const starts = [1, ...ends.map((end) => end + 1)];
  return [{ from: null, to: 0 }, ...starts.map((from, i) => ({ from, to: ends[i] ?? null }))];
}

/** Number of the bucket of a debit item; 0 is not due, which the due day itself still is. */
export function bucketOf(dueOn: CalendarDate, asOf: CalendarDate, ends: readonly number[]): number {
  const late = daysBetween(dueOn, asOf);
  if (late <= 0) return 0;
  const at = ends.findIndex((end) => late <= end);
  return at === -1 ? ends.length + 1 : at + 1;
}

/** The due days that fall into a bucket on `asOf`, inclusive; null: no end on that side. Undefined: no such bucket. */
export function dueDaysOf(
  bucket: number,
  asOf: CalendarDate,
  ends: readonly number[],
): { from: CalendarDate | null; to: CalendarDate | null } | undefined {
  const found = bucketsOf(ends)[bucket];
  if (!found) return undefined;
  const oldest = found.to === null ? null : addDays(asOf, -found.to);
  return found.from === null ? { from: asOf, to: null } : { from: oldest, to: addDays(asOf, -found.from) };
}
