import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dayInZone, minutesInZone, weekdayOf } from "#kernel/calendar-date.ts";
import { type Calendar, nextAttemptAfter, nextRunAfter } from "./calendar.ts";

const PARIS = "Europe/Paris";
const at = (text: string) => new Date(text);
const times = (...minutes: number[]): Calendar => ({
  mode: "times",
  times: minutes,
  everyMinutes: 60,
  isBusinessDaysOnly: false,
});

describe("the calendar of a source", () => {
  test("rings at the next of its times, in the tenant's zone", () => {
    const calendar = times(6 * 60 + 30, 12 * 60 + 30);
    expect(nextRunAfter(calendar, at("2026-11-20T05:00:00Z"), PARIS)?.toISOString()).toBe("2026-11-20T05:30:00.000Z");
    expect(nextRunAfter(calendar, at("2026-11-20T05:30:00Z"), PARIS)?.toISOString()).toBe("2026-11-20T11:30:00.000Z");
    expect(nextRunAfter(calendar, at("2026-11-20T12:00:00Z"), PARIS)?.toISOString()).toBe("2026-11-21T05:30:00.000Z");
  });

  test("waits for Monday where only business days count", () => {
    const calendar = { ...times(6 * 60), isBusinessDaysOnly: true };
    expect(nextRunAfter(calendar, at("2026-11-20T12:00:00Z"), PARIS)?.toISOString()).toBe("2026-11-23T05:00:00.000Z");
  });

  test("keeps its time through both changes of the hour, and skips no day whose hour does not exist", () => {
    const night = times(2 * 60 + 30);
    expect(nextRunAfter(night, at("2026-03-28T12:00:00Z"), PARIS)?.toISOString()).toBe("2026-03-29T01:30:00.000Z");
    expect(nextRunAfter(night, at("2026-03-29T12:00:00Z"), PARIS)?.toISOString()).toBe("2026-03-30T00:30:00.000Z");
    expect(nextRunAfter(night, at("2026-10-24T12:00:00Z"), PARIS)?.toISOString()).toBe("2026-10-25T00:30:00.000Z");
    expect(nextRunAfter(night, at("2026-10-25T12:00:00Z"), PARIS)?.toISOString()).toBe("2026-10-26T01:30:00.000Z");
  });

  test("never rings when it is off, and every so often when it says so", () => {
    expect(nextRunAfter({ ...times(0), mode: "none" }, at("2026-01-01T00:00:00Z"), PARIS)).toBeUndefined();
    const every: Calendar = { mode: "every", times: [], everyMinutes: 120, isBusinessDaysOnly: false };
    expect(nextRunAfter(every, at("2026-11-20T05:10:00Z"), PARIS)?.toISOString()).toBe("2026-11-20T07:00:00.000Z");
  });

  test("a run that failed is tried again later and later, never after the calendar would ring", () => {
    const daily = times(6 * 60);
    const failed = at("2026-11-20T05:00:00Z");
    const waits = [1, 2, 3, 4, 5, 6].map((failures) => {
      const next = nextAttemptAfter(daily, failures, failed, PARIS);
      return next ? (next.getTime() - failed.getTime()) / 60_000 : undefined;
    });
    expect(waits).toEqual([1, 5, 15, 60, 240, 24 * 60]);
    const often: Calendar = { mode: "every", times: [], everyMinutes: 15, isBusinessDaysOnly: false };
    expect(nextAttemptAfter(often, 4, failed, PARIS)?.toISOString()).toBe("2026-11-20T05:15:00.000Z");
    expect(nextAttemptAfter({ ...daily, mode: "none" }, 6, failed, PARIS)).toBeUndefined();
  });

  test("the next run is always later, on an allowed day, at one of the times", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3 * 365 * 24 * 60 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 1_439 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (minutes, wanted, isBusinessDaysOnly) => {
          const after = new Date(Date.UTC(2025, 0, 1) + minutes * 60_000);
          const next = nextRunAfter({ ...times(...wanted), isBusinessDaysOnly }, after, PARIS);
          if (!next) throw new Error("no next run");
          expect(next > after).toBe(true);
          if (isBusinessDaysOnly) expect(weekdayOf(dayInZone(next, PARIS))).toBeLessThanOrEqual(5);
          const shown = minutesInZone(next, PARIS);
          // an hour that a change skips is rung an hour later by the wall
          expect(wanted.includes(shown) || wanted.includes(shown - 60)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
