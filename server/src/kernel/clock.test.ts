import { expect, test } from "vitest";
import { fixedClock, systemClock, todayIn } from "./clock.ts";
import { done, refuse } from "./result.ts";

test("a fixed clock stands still until told otherwise", () => {
  const clock = fixedClock("2026-12-31T23:30:00Z");
  expect(todayIn(clock, "Europe/Paris")).toBe("2027-01-01");
  expect(todayIn(clock, "America/New_York")).toBe("2026-12-31");
  clock.set("2027-06-01T12:00:00Z");
  expect(todayIn(clock, "UTC")).toBe("2027-06-01");
  expect(systemClock.now()).toBeInstanceOf(Date);
});

test("an outcome is done with its value, or refused with its code and details", () => {
  expect(done(1)).toEqual({ ok: true, value: 1 });
  expect(refuse("not_found")).toEqual({ ok: false, code: "not_found", details: {} });
  expect(refuse("too_large", { limit: "10 MB" })).toMatchObject({ details: { limit: "10 MB" } });
});
