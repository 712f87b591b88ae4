import { expect, test } from "vitest";
import { day } from "#kernel/calendar-date.ts";
import { worldItems } from "./ledger.ts";
import { demoSize, makeWorld } from "./world.ts";

const END = day("2026-11-21");
const all = () => {
  const world = makeWorld(demoSize(END));
  return {
    world,
    items: world.customers.flatMap((customer) =>
      customer.companies.flatMap((company) => worldItems(world, customer, company)),
    ),
  };
};

test("the same seed gives the same world", () => {
  const text = (value: unknown) => JSON.stringify(value, (_, one) => (typeof one === "bigint" ? String(one) : one));
  expect(text(all().items)).toBe(text(all().items));
});

test("the demo has three companies, 400 customers, several currencies and all kinds of rows, none after its end", () => {
  const { world, items } = all();
  expect(world.companies).toHaveLength(3);
  expect(world.customers).toHaveLength(400);
  expect(new Set(items.map((item) => item.kind))).toEqual(
    new Set(["invoice", "payment", "credit_note", "exchange_difference"]),
  );
  expect(new Set(items.map((item) => item.currency)).size).toBeGreaterThanOrEqual(3);
  expect(items.every((item) => item.postedOn <= END)).toBe(true);
  expect(new Set(items.map((item) => item.key)).size).toBe(items.length);
});

test("a full lettering group balances in book currency; half-lettered groups are in lower case", () => {
  const world = makeWorld(demoSize(END));
  for (const customer of world.customers) {
    for (const company of customer.companies) {
      const sums = new Map<string, bigint>();
      for (const item of worldItems(world, customer, company)) {
        if (item.letter) sums.set(item.letter, (sums.get(item.letter) ?? 0n) + item.bookMinor);
      }
      for (const [letter, sum] of sums)
        expect(letter === letter.toUpperCase() ? sum : 0n, `${customer.record.number} ${letter}`).toBe(0n);
    }
  }
});
