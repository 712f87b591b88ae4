import { expect, test } from "vitest";
import { addSums, NOTHING_PAID, type PaidSums, shownAverage, trendOf } from "./payment-trend.ts";

const paid = (amount: number, late: number, taken: number): PaidSums => ({
  paidMinor: BigInt(amount),
  invoices: 1,
  weight: amount,
  lateSum: amount * late,
  takenSum: amount * taken,
});

test("the worked example of the formulas: 10 at day 45, 5 at 62, 20 at 30, with terms of 30 days", () => {
  const sums = [paid(10_000, 15, 45), paid(5_000, 32, 62), paid(20_000, 0, 30)].reduce(addSums, NOTHING_PAID);
  expect(shownAverage(sums.takenSum, sums, 3)).toBe(38.9);
  expect(shownAverage(sums.lateSum, sums, 3)).toBe(8.9);
});

test("two invoices say nothing", () => {
  const sums = addSums(paid(100, 5, 35), paid(100, 5, 35));
  expect(shownAverage(sums.lateSum, sums, 3)).toBeNull();
  expect(shownAverage(sums.lateSum, sums, 1)).toBe(5);
  expect(shownAverage(0, NOTHING_PAID, 0)).toBeNull();
});

test("a change of less than three days is no trend; later is worse; nothing to compare is no trend", () => {
  const three = (late: number) =>
    [paid(100, late, 30), paid(100, late, 30), paid(100, late, 30)].reduce(addSums, NOTHING_PAID);
  expect(trendOf(three(10), three(8))).toEqual({ trend: "stable", changeDays: 2 });
  expect(trendOf(three(10), three(7))).toEqual({ trend: "worse", changeDays: 3 });
  expect(trendOf(three(-2), three(7))).toEqual({ trend: "better", changeDays: -9 });
  expect(trendOf(NOTHING_PAID, three(7))).toBeUndefined();
});
