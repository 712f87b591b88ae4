import { expect, test } from "vitest";
import { freeValueOf } from "./free-value.ts";

const of = (type: Parameters<typeof freeValueOf>[0]["type"]) => ({
  type,
  choices: type === "choice" ? [{ value: "food", fr: "Alimentaire", en: "Food" }] : null,
});

test("a source's text becomes a value of the field's type, or is left out", () => {
  expect(freeValueOf(of("text"), "  Bois ")).toBe("Bois");
  expect(freeValueOf(of("integer"), "1 234,00")).toBe(1234);
  expect(freeValueOf(of("integer"), "12,5")).toBeUndefined();
  expect(freeValueOf(of("day"), "21/11/2026")).toBe("2026-11-21");
  expect(freeValueOf(of("day"), "2026-11-21T00:00:00")).toBe("2026-11-21");
  expect(freeValueOf(of("day"), "31/02/2026")).toBeUndefined();
  expect(freeValueOf(of("boolean"), "Oui")).toBe(true);
  expect(freeValueOf(of("boolean"), "peut-être")).toBeUndefined();
  expect(freeValueOf(of("choice"), "ALIMENTAIRE")).toBe("food");
  expect(freeValueOf(of("choice"), "Acier")).toBeUndefined();
  expect(freeValueOf(of("integer"), " ")).toBeNull();
});
