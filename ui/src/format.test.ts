import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { daysBetween, decimalText, formatsFor, grouped, readAmount } from "./format.ts";

const fr = formatsFor("fr", "Europe/Paris");
const en = formatsFor("en", "Europe/Paris");
const eur = (minor: string) => ({ minor, currency: "EUR" });

describe("amounts", () => {
  test("French thousands are parted by U+202F and the currency by U+00A0", () => {
    expect(fr.amount(eur("8431246"))).toBe("84\u202f312,46\u00a0€");
    expect(en.amount(eur("8431246"))).toBe("€84,312.46");
  });

  test("the whole part carries the weight, decimals and currency do not", () => {
    expect(fr.amountParts(eur("8431246"))).toEqual([
      { text: "84\u202f312", strong: true },
      { text: ",46\u00a0€", strong: false },
    ]);
    expect(fr.bareParts(eur("8431246")).map((part) => part.text)).toEqual(["84\u202f312", ",46"]);
    expect(
      en
        .bareParts(eur("-8431246"))
        .map((part) => part.text)
        .join(""),
    ).toBe("−84,312.46");
  });

  test("minus is U+2212, never parentheses or a hyphen", () => {
    expect(fr.amount(eur("-124000"))).toBe("−1\u202f240,00\u00a0€");
    expect(fr.number(-1240)).toBe("−1\u202f240");
  });

  test("currencies keep their own digits", () => {
    expect(decimalText({ minor: "1234", currency: "JPY" })).toBe("1234");
    expect(decimalText({ minor: "1234", currency: "KWD" })).toBe("1.234");
    expect(decimalText(eur("-5"))).toBe("-0.05");
  });

  test("no digit is lost beyond what a float holds", () => {
    expect(fr.amount(eur("99999999999999999"))).toBe("999\u202f999\u202f999\u202f999\u202f999,99\u00a0€");
  });

  test("what is written can be typed again", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), (minor) => {
        const amount = eur(String(minor));
        expect(readAmount(fr.amount(amount), "EUR")).toBe(amount.minor);
        expect(readAmount(en.amount(amount).replace("€", ""), "EUR")).toBe(amount.minor);
      }),
    );
  });

  test.each([
    ["1234,56", "123456"],
    ["1 234.56", "123456"],
    ["1.234,56", "123456"],
    ["12", "1200"],
    ["-0,5", "-50"],
  ])("%s is read", (typed, minor) => expect(readAmount(typed, "EUR")).toBe(minor));

  test("words are no amount", () => expect(readAmount("douze", "EUR")).toBeUndefined());
});

describe("days and hours", () => {
  test("in tables, in sentences, and in the margin", () => {
    expect(fr.day("2026-11-24")).toBe("24/11/2026");
    expect(fr.dayLong("2026-11-24")).toBe("24 novembre 2026");
    expect(fr.dayMargin("2026-11-24", "2026-12-01")).toBe("24 nov.");
    expect(fr.dayMargin("2024-12-09", "2026-12-01")).toBe("09/12/24");
  });

  test("an instant is told in the organisation's zone, whatever the reader's", () => {
    expect(fr.time("2026-11-21T05:42:00Z")).toBe("6\u00a0h\u00a042");
    expect(en.time("2026-11-21T05:42:00Z")).toBe("06:42");
    expect(fr.dayOf("2026-11-21T23:30:00Z")).toBe("2026-11-22");
  });

  test("days past due do not depend on summer time", () => expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2));

  test("SIREN by three", () => expect(grouped("481207336", 3)).toBe("481\u00a0207\u00a0336"));
});
