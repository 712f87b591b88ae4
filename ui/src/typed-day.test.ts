import { expect, test } from "vitest";
import { readDay } from "./typed-day.ts";

// a Saturday
const today = "2026-11-21";

test.each([
  ["24/11/2026", "2026-11-24"],
  ["24/11", "2026-11-24"],
  ["24", "2026-11-24"],
  ["24.11.26", "2026-11-24"],
  ["2026-11-24", "2026-11-24"],
  ["+10", "2026-12-01"],
  ["-30", "2026-10-22"],
  ["Demain", "2026-11-22"],
  ["hier", "2026-11-20"],
  ["vendredi", "2026-11-27"],
  ["sam", "2026-11-28"],
  ["fin de mois", "2026-11-30"],
  ["aujourd’hui", "2026-11-21"],
])("%s", (typed, day) => expect(readDay(typed, today, "fr")).toBe(day));

test("English words in English", () => expect(readDay("friday", today, "en")).toBe("2026-11-27"));

test.each(["31/11/2026", "32", "bientôt", "", "13/13"])("%s is no day", (typed) =>
  expect(readDay(typed, today, "fr")).toBeUndefined(),
);
