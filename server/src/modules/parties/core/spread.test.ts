import fc from "fast-check";
import { expect, test } from "vitest";
import { type Load, spreadEvenly } from "./spread.ts";

test("the heaviest goes first, to whom carries least", () => {
  const loads: Load[] = [
    { customerId: "a", overdueMinor: 10n },
    { customerId: "b", overdueMinor: 100n },
    { customerId: "c", overdueMinor: 60n },
    { customerId: "d", overdueMinor: 35n },
  ];
  expect(Object.fromEntries(spreadEvenly(loads, ["x", "y"]))).toEqual({ b: "x", c: "y", d: "y", a: "y" });
});

test("customers that owe nothing late are spread by number", () => {
  const loads = ["a", "b", "c", "d"].map((customerId) => ({
    customerId,
    overdueMinor: customerId === "a" ? -50n : 0n,
  }));
  const given = [...spreadEvenly(loads, ["x", "y"]).values()];
  expect(given.filter((one) => one === "x")).toHaveLength(2);
});

test("everybody is given to a taker, and two takers never differ by more than the heaviest customer", () => {
  const minor = fc.bigInt({ min: -1_000n, max: 1_000_000n });
  fc.assert(
    fc.property(fc.array(minor, { maxLength: 60 }), fc.integer({ min: 1, max: 6 }), (amounts, count) => {
      const loads = amounts.map((overdueMinor, index) => ({ customerId: `c${index}`, overdueMinor }));
      const takers = Array.from({ length: count }, (_, index) => `t${index}`);
      const given = spreadEvenly(loads, takers);
      expect(given.size).toBe(loads.length);
      const sums = new Map(takers.map((taker) => [taker, 0n]));
      let heaviest = 0n;
      for (const { customerId, overdueMinor } of loads) {
        const weight = overdueMinor > 0n ? overdueMinor : 0n;
        if (weight > heaviest) heaviest = weight;
        const taker = given.get(customerId) ?? "";
        sums.set(taker, (sums.get(taker) ?? 0n) + weight);
      }
      const all = [...sums.values()].sort((a, b) => (a < b ? -1 : Number(a > b)));
      const least = all[0] ?? 0n;
      const most = all.at(-1) ?? 0n;
      expect(most - least <= heaviest).toBe(true);
      expect(spreadEvenly([...loads].reverse(), takers)).toEqual(given);
    }),
  );
});
