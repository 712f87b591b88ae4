import { expect, test } from "vitest";
import type { ScenarioStep } from "#contracts/dunning.ts";
import { duplicateStep, freeKey, moveStep, nextReminder } from "./draft.ts";

const step = (key: string, level: number, delayDays: number): ScenarioStep => ({
  key,
  track: level === 0 ? "courtesy" : "reminder",
  level,
  name: { fr: key },
  delayDays,
  gapDays: null,
  mode: "auto",
  channel: "email",
  templateKey: "r1",
  recipientRole: "accounting",
  condition: null,
});
const steps = [step("courtesy", 0, -5), step("r1", 1, 3), step("r2", 2, 18)];
const keys = (list: readonly ScenarioStep[]) => list.map((one) => one.key);

test("a step moves by one place, and stays at the ends", () => {
  expect(keys(moveStep(steps, 2, -1))).toEqual(["courtesy", "r2", "r1"]);
  expect(keys(moveStep(steps, 0, -1))).toEqual(["courtesy", "r1", "r2"]);
  expect(keys(moveStep(steps, 2, 1))).toEqual(["courtesy", "r1", "r2"]);
});

test("a copy has its own key and comes a level and a week later", () => {
  const copied = duplicateStep(steps, 1);
  expect(new Set(keys(copied)).size).toBe(4);
  expect(copied[2]).toMatchObject({ level: 2, delayDays: 10 });
});

test("the next reminder continues the levels; keys stay unique", () => {
  expect(nextReminder(steps, "x")).toMatchObject({ level: 3, delayDays: 33, mode: "confirm", templateKey: "r1" });
  expect(freeKey([...steps, step("step-4", 3, 30)])).toBe("step-5");
});
