import type { Bucket } from "../api/receivables.ts";
import type { Translate } from "../i18n/index.ts";

/** Label of an ageing bucket: "Non échu", "1–30 j", "+ de 365 j". */
export function bucketLabel(bucket: Bucket, t: Translate): string {
  if (bucket.from === null) return t("bucket.notDue");
  if (bucket.to === null) return t("bucket.over", { days: bucket.from - 1 });
  return t("bucket.between", { from: bucket.from, to: bucket.to });
}

/** Which of the five shades a bucket takes, by its first day. */
export function bucketShade(bucket: Bucket): number {
  if (bucket.from === null) return 0;
  return bucket.from <= 30 ? 1 : bucket.from <= 60 ? 2 : bucket.from <= 90 ? 3 : 4;
}

/** Part of what is due or not yet due that is overdue, 0 to 1; credits stand apart and take no part. */
export function overdueShare(row: { readonly buckets: readonly string[] }): number {
  const amounts = row.buckets.map(Number);
  const all = amounts.reduce((sum, amount) => sum + amount, 0);
  return all > 0 ? (all - (amounts[0] ?? 0)) / all : 0;
}
