import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  compare,
  currency,
  divideRounded,
  eur,
  exponentOf,
  fromDecimal,
  isLess,
  money,
  negate,
  parseCurrency,
  percentOf,
  proRata,
  subtract,
  toDecimal,
  zero,
} from "./money.ts";

const minor = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n });
const codes = fc.constantFrom("EUR", "JPY", "KWD", "CLF").map(currency);

describe("money", () => {
  test("exponents are those of ISO 4217", () => {
    expect(["EUR", "JPY", "KWD", "CLF"].map((code) => exponentOf(currency(code)))).toEqual([2, 0, 3, 4]);
  });

  test("unknown codes are refused, case and blanks are not", () => {
    expect(parseCurrency(" eur ")).toBe("EUR");
    for (const code of ["", "EU", "EURO", "XXX", "ZZZ"]) expect(parseCurrency(code)).toBeUndefined();
    expect(() => currency("FRF")).toThrow(RangeError);
  });

  test("two currencies never mix", () => {
    const usd = money(1n, currency("USD"));
    for (const mix of [add, subtract, compare, isLess]) expect(() => mix(eur(1n), usd)).toThrow(TypeError);
  });

  test("adding and taking away are inverse, exactly", () => {
    fc.assert(
      fc.property(minor, minor, (a, b) => {
        expect(subtract(add(eur(a), eur(b)), eur(b))).toEqual(eur(a));
        expect(add(eur(a), negate(eur(a)))).toEqual(zero(currency("EUR")));
        expect(compare(eur(a), eur(b))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });

  test("plain decimals go out and come back", () => {
    expect(toDecimal(eur(-5n))).toBe("-0.05");
    expect(toDecimal(money(1234n, currency("JPY")))).toBe("1234");
    expect(toDecimal(money(1n, currency("KWD")))).toBe("0.001");
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), codes, (n, code) => {
        expect(fromDecimal(toDecimal(money(n, code)), code)).toEqual(money(n, code));
      }),
    );
  });

  test("a decimal with more digits than the currency has is no amount", () => {
    expect(fromDecimal("1.005", currency("EUR"))).toBeUndefined();
    expect(fromDecimal("1.500", currency("EUR"))).toEqual(eur(150n));
    for (const text of ["", ".", "1,5", "1e3", "--1", "1.2.3", "9".repeat(16)])
      expect(fromDecimal(text, currency("EUR"))).toBeUndefined();
  });
});

describe("rounding", () => {
  test("is half away from zero", () => {
    expect([5n, -5n, 4n, -4n, 15n].map((n) => divideRounded(n, 10n))).toEqual([1n, -1n, 0n, 0n, 2n]);
    expect(divideRounded(5n, -10n)).toBe(-1n);
    expect(percentOf(eur(1_050n), 1_000n)).toEqual(eur(105n));
    expect(percentOf(eur(-5n), 1_000n)).toEqual(eur(-1n));
  });

  test("is never further than half a unit off, and symmetric", () => {
    fc.assert(
      fc.property(minor, fc.bigInt({ min: 1n, max: 10n ** 9n }), (n, d) => {
        const off = 2n * (divideRounded(n, d) * d - n);
        expect(off <= d && off >= -d).toBe(true);
        expect(divideRounded(-n, d)).toBe(-divideRounded(n, d));
      }),
    );
  });

  test("shares rounded cumulatively sum to the whole", () => {
    fc.assert(
      fc.property(minor, fc.array(fc.bigInt({ min: 1n, max: 10n ** 9n }), { minLength: 1 }), (amount, parts) => {
        const whole = parts.reduce((sum, part) => sum + part, 0n);
        let used = 0n;
        let given = 0n;
        for (const part of parts) {
          const before = proRata(amount, used, whole);
          used += part;
          given += proRata(amount, used, whole) - before;
        }
        expect(given).toBe(amount);
      }),
    );
    expect(proRata(100n, 1n, 0n)).toBe(0n);
  });
});
