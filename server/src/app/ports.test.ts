import { expect, test } from "vitest";
import { taskTitle } from "./ports.ts";

test.each([
  ["match", 201_489n, "EUR", "Lettrer 2\u202f014,89\u00a0€ : le compte couvre l’échu"],
  ["complete_contact", 15_461_450n, "CHF", "Compléter le contact : 154\u202f614,50\u00a0CHF sans adresse"],
  ["match", 5_000n, "JPY", "Lettrer 5\u202f000\u00a0JPY : le compte couvre l’échu"],
  [
    "match",
    9_007_199_254_740_993_01n,
    "EUR",
    "Lettrer 9\u202f007\u202f199\u202f254\u202f740\u202f993,01\u00a0€ : le compte couvre l’échu",
  ],
] as const)("the title of a task %s writes its amount as French readers do", (kind, minor, currency, title) => {
  expect(taskTitle({ kind, amount: { minor, currency } })).toBe(title);
});
