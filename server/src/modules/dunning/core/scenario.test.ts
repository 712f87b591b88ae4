import { expect, test } from "vitest";
import { scenarioFaults } from "./scenario.ts";
import { aScenario, aStep } from "./testing.ts";

const codes = (steps: Parameters<typeof aStep>[0][], entryStep = "r1") =>
  scenarioFaults({ entryStep, steps: steps.map((step) => aStep(step)) }).map((fault) => `${fault.path} ${fault.code}`);

test("the model scenario is sound", () => {
  expect(scenarioFaults(aScenario())).toEqual([]);
});

test("levels start at 1 and rise by one", () => {
  expect(codes([{ key: "r1" }, { key: "r3", level: 3, delayDays: 10 }])).toEqual(["steps.1.level level_skipped"]);
  expect(codes([{ key: "r1", level: 2 }])).toEqual(["steps.0.level level_skipped"]);
  expect(codes([{ key: "r1" }, { key: "r2", level: 2 }, { key: "x" }])).toEqual(["steps.2.level level_falls"]);
});

test("keys are unique, delays do not fall, the entry step exists", () => {
  expect(codes([{ key: "r1" }, { key: "r1", level: 2, delayDays: 10 }])).toEqual(["steps.1.key step_key_twice"]);
  expect(
    codes([
      { key: "r1", delayDays: 9 },
      { key: "r2", level: 2, delayDays: 8 },
    ]),
  ).toEqual(["steps.1.delayDays delay_falls"]);
  expect(codes([{ key: "r1" }], "r9")).toEqual(["entryStep entry_step_unknown"]);
});

test("courtesy stands before the due date, thanks after payment, one of each", () => {
  const courtesy = { key: "c", track: "courtesy" as const, level: 0 };
  expect(codes([{ ...courtesy, delayDays: 2 }, { key: "r1" }])).toEqual(["steps.0.delayDays courtesy_after_due"]);
  expect(codes([{ ...courtesy, delayDays: -2 }, { ...courtesy, key: "d", delayDays: -3 }, { key: "r1" }])).toEqual([
    "steps.1.track track_twice",
  ]);
  expect(codes([{ ...courtesy, delayDays: -2 }])).toEqual(["steps no_reminder"]);
});
