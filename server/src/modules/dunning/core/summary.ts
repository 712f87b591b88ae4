import type { SkipCode } from "./facts.ts";

export type Bucket = "leaves" | "to_decide" | "skipped";

type Counted = {
  readonly bucket: Bucket;
  readonly code: SkipCode | null;
  readonly currency: string;
  readonly amountMinor: bigint;
};
type Sum = { count: number; amounts: Map<string, bigint> };
export type SummaryLine = {
  readonly count: number;
  readonly amounts: readonly { readonly minor: string; readonly currency: string }[];
};
export type Summary = {
  readonly buckets: Readonly<Record<Bucket, SummaryLine>>;
  readonly skips: readonly (SummaryLine & { readonly code: SkipCode })[];
};

/** Counts and amounts of a run by bucket and by reason, currencies apart; reasons with the most groups first. */
export function summaryOf(decisions: Iterable<Counted>): Summary {
  const buckets: Record<Bucket, Sum> = { leaves: empty(), to_decide: empty(), skipped: empty() };
  const codes = new Map<SkipCode, Sum>();
  for (const { bucket, code, currency, amountMinor } of decisions) {
    count(buckets[bucket], currency, amountMinor);
    if (!code) continue;
    const sum = codes.get(code) ?? empty();
    codes.set(code, sum);
    count(sum, currency, amountMinor);
  }
  const skips = [...codes]
    .map(([code, sum]) => ({ code, ...line(sum) }))
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
  return {
    buckets: { leaves: line(buckets.leaves), to_decide: line(buckets.to_decide), skipped: line(buckets.skipped) },
    skips,
  };
}

const empty = (): Sum => ({ count: 0, amounts: new Map() });

function count(sum: Sum, currency: string, amountMinor: bigint): void {
  sum.count += 1;
  sum.amounts.set(currency, (sum.amounts.get(currency) ?? 0n) + amountMinor);
}

const line = (sum: Sum): SummaryLine => ({
  count: sum.count,
  amounts: [...sum.amounts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, minor]) => ({ minor: String(minor), currency })),
});
