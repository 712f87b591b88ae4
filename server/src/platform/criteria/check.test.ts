import { expect, test } from "vitest";
import { type Criterion, catalogueOf, checkExpression } from "./index.ts";

const late: Criterion = {
  key: "item.late",
  subject: "item",
  type: "integer",
  unit: "days",
  label: { fr: "Retard", en: "Late" },
  isDated: true,
};
const name: Criterion = {
  ...late,
  key: "customer.name",
  subject: "customer",
  type: "text",
  unit: null,
  isDated: false,
};
const catalogue = catalogueOf([late, name]);

test("a fault is named with its place", () => {
  expect(checkExpression({ all: [{ criterion: "item.late", operator: "more", value: 3 }] }, catalogue)).toBeUndefined();
  expect(checkExpression({ all: [{ not: { criterion: "nope", operator: "is", value: 1 } }] }, catalogue)).toEqual({
    path: "all.0.not",
    fault: "unknown_criterion",
    detail: "nope",
  });
  expect(checkExpression({ criterion: "item.late", operator: "contains", value: "3" }, catalogue)?.fault).toBe(
    "operator_not_for_type",
  );
  expect(checkExpression({ criterion: "item.late", operator: "more", value: "soon" }, catalogue)?.fault).toBe(
    "wrong_value",
  );
  expect(
    checkExpression({ criterion: "customer.name", operator: "is", value: "x" }, catalogue, { onlyDated: true })?.fault,
  ).toBe("not_dated");
});

test("an expression has a greatest depth and size", () => {
  let deep: Parameters<typeof checkExpression>[0] = { criterion: "item.late", operator: "is", value: 1 };
  for (let level = 0; level < 20; level += 1) deep = { not: deep };
  expect(checkExpression(deep, catalogue)?.fault).toBe("too_deep");
  const many = {
    all: Array.from({ length: 400 }, () => ({ criterion: "item.late", operator: "is", value: 1 }) as const),
  };
  expect(checkExpression(many, catalogue)?.fault).toBe("too_large");
});

test("two rooms cannot claim one key", () => {
  expect(() => catalogueOf([late], [late])).toThrow("declared twice");
});
