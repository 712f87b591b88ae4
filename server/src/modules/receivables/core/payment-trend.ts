import type { PaymentTrend } from "#contracts/payment-history.ts";

/** Fewer invoices say nothing. */
export const LEAST_INVOICES = 3;
/** A change of fewer days than this is no trend: a weekend is two. */
export const STABLE_WITHIN_DAYS = 3;

/** Paid amounts of one period with the sums that averages are made of; weights are amounts in one currency. */
export type PaidSums = {
  readonly paidMinor: bigint;
  readonly invoices: number;
  readonly weight: number;
  readonly lateSum: number;
  readonly takenSum: number;
};

export const NOTHING_PAID: PaidSums = { paidMinor: 0n, invoices: 0, weight: 0, lateSum: 0, takenSum: 0 };

export const addSums = (a: PaidSums, b: PaidSums): PaidSums => ({
  paidMinor: a.paidMinor + b.paidMinor,
  invoices: a.invoices + b.invoices,
  weight: a.weight + b.weight,
  lateSum: a.lateSum + b.lateSum,
  takenSum: a.takenSum + b.takenSum,
});

const oneDecimal = (days: number): number => Math.round(days * 10) / 10;

/** Days weighted by amounts; null under `least` invoices or where nothing was paid. */
export const averageOf = (sum: number, { weight, invoices }: PaidSums, least: number): number | null =>
  invoices < least || weight <= 0 ? null : sum / weight;

/** The same with one decimal, for people. */
export const shownAverage = (sum: number, sums: PaidSums, least: number): number | null => {
  const days = averageOf(sum, sums, least);
  return days === null ? null : oneDecimal(days);
};

/** The last months against those before; nothing where either says nothing. Positive: later than before. */
export function trendOf(last: PaidSums, before: PaidSums): { trend: PaymentTrend; changeDays: number } | undefined {
  const now = averageOf(last.lateSum, last, LEAST_INVOICES);
  const then = averageOf(before.lateSum, before, LEAST_INVOICES);
  if (now === null || then === null) return undefined;
  const change = now - then;
  const isStable = Math.abs(change) < STABLE_WITHIN_DAYS;
  return { trend: isStable ? "stable" : change > 0 ? "worse" : "better", changeDays: oneDecimal(change) };
}
