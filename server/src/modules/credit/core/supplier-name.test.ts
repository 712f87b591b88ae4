import { expect, test } from "vitest";
import { maySupply } from "./supplier-name.ts";

test.each([
  ["C0417", "cartonnages lacaze sas", "F0417", "lacaze cartonnages", true],
  ["C0417", "cartonnages lacaze", "F0999", "sarl cartonnages lacaze", true],
  ["C0417", "cartonnages lacaze", "F0417", "lacaze freres", true],
  ["C0417", "cartonnages lacaze", "F0417", "imprimerie du midi", false],
  ["C0417", "cartonnages lacaze", "F0999", "cartonnages du midi", false],
  ["12", "a", "F12", "a", false],
])("%s %s and supplier %s %s: %s", (number, name, supplierNo, supplierName, is) => {
  expect(maySupply({ number, foldedName: name }, { number: supplierNo, foldedName: supplierName })).toBe(is);
});
