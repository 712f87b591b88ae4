import { expect, test } from "vitest";
import { day } from "#kernel/calendar-date.ts";
import { currency, EUR, eur, money } from "#kernel/money.ts";
import { parseRates, rateTable } from "./index.ts";

const USD = currency("USD");
const JPY = currency("JPY");
const table = rateTable(
  new Map([
    [
      "USD",
      [
        { perEuro: "1.10", rateOn: day("2026-01-02") },
        { perEuro: "1.20", rateOn: day("2026-02-02") },
      ],
    ],
    ["JPY", [{ perEuro: "160.5", rateOn: day("2026-01-02") }]],
  ]),
);

test("the last rate on or before the day counts, and an old one is flagged", () => {
  expect(table.convert(money(11_000n, USD), EUR, day("2026-01-05"))).toEqual({
    money: eur(10_000n),
    rateOn: "2026-01-02",
    isOld: false,
  });
  expect(table.convert(money(11_000n, USD), EUR, day("2026-01-20"))).toMatchObject({ isOld: true });
  expect(table.convert(money(12_000n, USD), EUR, day("2026-02-02"))).toMatchObject({ money: eur(10_000n) });
  expect(table.convert(money(1n, USD), EUR, day("2026-01-01"))).toBeUndefined();
});

test("currencies without cents and cross rates go through the euro, rounded once", () => {
  expect(table.convert(eur(100n), JPY, day("2026-01-02"))?.money).toEqual(money(161n, JPY));
  expect(table.convert(money(16_050n, JPY), USD, day("2026-01-02"))?.money).toEqual(money(11_000n, USD));
  expect(table.convert(money(-1n, USD), EUR, day("2026-01-02"))?.money).toEqual(eur(-1n));
});

test("the central bank's history and plain rows are read; a bad cell is located", () => {
  expect(parseRates("Date,USD,JPY,BGN,\n2026-01-02,1.1,160.5,N/A,\n")).toEqual({
    rates: [
      { currency: "USD", rateOn: "2026-01-02", perEuro: "1.1" },
      { currency: "JPY", rateOn: "2026-01-02", perEuro: "160.5" },
    ],
  });
  expect(parseRates("date;currency;rate\n2026-01-02;USD;1,25")).toEqual({
    rates: [{ currency: "USD", rateOn: "2026-01-02", perEuro: "1.25" }],
  });
  expect(parseRates("date;currency;rate\n2026-01-02;USD;x")).toEqual({ line: 2, value: "x" });
  expect(parseRates("date;currency;rate\n2026-02-30;USD;1")).toEqual({ line: 2, value: "2026-02-30" });
});
