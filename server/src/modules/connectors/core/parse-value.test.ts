import fc from "fast-check";
import { expect, test } from "vitest";
import { currency, EUR, money, toDecimal } from "#kernel/money.ts";
import { dayOrderOf, decimalMarkOf, parseAmount, parseDay } from "./parse-value.ts";

test.each([
  ["1 234,56", ",", 123456n],
  ["1\u202f234,56 €", ",", 123456n],
  ["1.234,56", ",", 123456n],
  ["1,234.56", ".", 123456n],
  ["(12.00)", ".", -1200n],
  ["12,00-", ",", -1200n],
  ["\u22125", ",", -500n],
  [" 000000000007760,45", ",", 776045n],
  ["-000000000001437,12", ",", -143712n],
  ["2309.7899999999995", ".", 230979n],
  ["EUR 3,5", ",", 350n],
  [",5", ",", 50n],
] as const)("%s with %s is %s", (text, mark, minor) => {
  expect(parseAmount(text, mark, EUR)).toBe(minor);
});

test.each(["", "-", "abc", "1,2,3", "1.23,4.5", "12,345", "1e5", "--5", "12.34.56"])(
  "%s is not an amount of euro",
  (text) => {
    expect(parseAmount(text, ",", EUR)).toBeUndefined();
  },
);

test("yen have no cents and dinars three", () => {
  expect(parseAmount("1500", ".", currency("JPY"))).toBe(1500n);
  expect(parseAmount("1500.5", ".", currency("JPY"))).toBeUndefined();
  expect(parseAmount("1.234", ".", currency("KWD"))).toBe(1234n);
});

test("what we write we read, in any currency", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }),
      fc.constantFrom("EUR", "JPY", "KWD"),
      (minor, code) => {
        const of = currency(code);
        expect(parseAmount(toDecimal(money(minor, of)), ".", of)).toBe(minor);
        expect(parseAmount(toDecimal(money(minor, of)).replace(".", ","), ",", of)).toBe(minor);
      },
    ),
  );
});

test("a column tells its decimal mark unless it only has groups of three", () => {
  expect(decimalMarkOf(["1.234", "5,6"])).toBe(",");
  expect(decimalMarkOf(["1,234", "2,345"])).toBeUndefined();
  expect(decimalMarkOf(["1.234.567"])).toBe(",");
  expect(decimalMarkOf(["0.125"])).toBe(".");
});

test.each([
  ["2026-02-28", "dmy", "2026-02-28"],
  ["28/02/2026", "dmy", "2026-02-28"],
  ["2/28/2026", "mdy", "2026-02-28"],
  ["20260228", "dmy", "2026-02-28"],
  ["28.02.26", "dmy", "2026-02-28"],
  ["2026-02-28T10:00:00Z", "dmy", "2026-02-28"],
  ["2026-02-28 00:00:00", "dmy", "2026-02-28"],
  ["46081", "dmy", "2026-02-28"],
] as const)("%s read as %s is %s", (text, order, expected) => {
  expect(parseDay(text, order)).toBe(expected);
});

test.each(["31/02/2026", "2026-13-01", "00/00/0000", "soon", "20261301", ""])("%s is no day", (text) => {
  expect(parseDay(text, "dmy")).toBeUndefined();
});

test("the order of day and month comes from the whole column", () => {
  expect(dayOrderOf(["1/2/2013", "1/26/2013"])).toBe("mdy");
  expect(dayOrderOf(["01/02/2013", "26/01/2013"])).toBe("dmy");
  expect(dayOrderOf(["01/02/2013"])).toBeUndefined();
  expect(dayOrderOf(["13/13/2013", "26/01/2013", "01/26/2013"])).toBe("none");
});
