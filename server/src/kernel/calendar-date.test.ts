import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addDays,
  addMonths,
  calendarDateOf,
  day,
  dayInZone,
  dayNumber,
  daysBetween,
  earlierOf,
  endOfMonth,
  fromDayNumber,
  instantIn,
  laterOf,
  parseCalendarDate,
  weekdayOf,
} from "./calendar-date.ts";

const days = fc
  .integer({ min: dayNumber(day("0001-01-01")) + 40_000, max: dayNumber(day("9999-12-31")) - 40_000 })
  .map(fromDayNumber);

describe("calendar days", () => {
  test("only existing days are read", () => {
    expect(parseCalendarDate("2024-02-29")).toBe("2024-02-29");
    const wrong = [
      "2023-02-29",
      "2024-13-01",
      "2024-00-10",
      "2024-04-31",
      "0000-01-01",
      "2024-1-1",
      "20240101",
      " 2024-01-01",
      "",
    ];
    for (const text of wrong) expect(parseCalendarDate(text)).toBeUndefined();
    expect(calendarDateOf(1900, 2, 29)).toBeUndefined();
    expect(calendarDateOf(2000, 2, 29)).toBe("2000-02-29");
    expect(() => day("yesterday")).toThrow(RangeError);
  });

  test("numbers and days are one to one, and order as text", () => {
    fc.assert(
      fc.property(days, days, (a, b) => {
        expect(fromDayNumber(dayNumber(a))).toBe(a);
        expect(parseCalendarDate(a)).toBe(a);
        expect(a < b).toBe(dayNumber(a) < dayNumber(b));
        expect(daysBetween(a, b)).toBe(-daysBetween(b, a) || 0);
        expect(addDays(a, daysBetween(a, b))).toBe(b);
        expect([earlierOf(a, b), laterOf(a, b)]).toEqual([a, b].sort());
      }),
    );
  });

  test("a month later is the same day, or the last one of a shorter month", () => {
    expect(addMonths(day("2024-01-31"), 1)).toBe("2024-02-29");
    expect(addMonths(day("2023-01-31"), 1)).toBe("2023-02-28");
    expect(addMonths(day("2024-03-31"), -1)).toBe("2024-02-29");
    expect(addMonths(day("2023-12-15"), 2)).toBe("2024-02-15");
    fc.assert(
      fc.property(days, fc.integer({ min: -600, max: 600 }), (from, months) => {
        const to = addMonths(from, months);
        const index = (date: string) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
        expect(index(to) - index(from)).toBe(months);
        expect(Number(to.slice(8)) <= Number(from.slice(8))).toBe(true);
      }),
    );
  });

  test("the end of a month is its last day", () => {
    expect(["2023-02-03", "2024-02-03", "2024-04-30", "2024-12-01"].map((text) => endOfMonth(day(text)))).toEqual([
      "2023-02-28",
      "2024-02-29",
      "2024-04-30",
      "2024-12-31",
    ]);
    fc.assert(
      fc.property(days, (on) => {
        expect(addDays(endOfMonth(on), 1).endsWith("-01")).toBe(true);
      }),
    );
  });

  test("weekdays run from Monday 1 to Sunday 7, before 1970 too", () => {
    expect(weekdayOf(day("1970-01-01"))).toBe(4);
    expect(weekdayOf(day("2026-11-22"))).toBe(7);
    expect(weekdayOf(day("1969-12-29"))).toBe(1);
    fc.assert(
      fc.property(days, (on) => {
        expect(weekdayOf(addDays(on, 7))).toBe(weekdayOf(on));
      }),
    );
  });

  test("the day of an instant is that of the zone", () => {
    expect(dayInZone(new Date("2026-03-28T23:30:00Z"), "Europe/Paris")).toBe("2026-03-29");
    expect(dayInZone(new Date("2026-03-28T23:30:00Z"), "America/New_York")).toBe("2026-03-28");
    expect(dayInZone(new Date("2026-07-01T22:30:00Z"), "Europe/Paris")).toBe("2026-07-02");
  });

  test("a time of day is what the wall shows, also late on the day when the hour changes", () => {
    const paris = (date: string, hour: number) => instantIn(day(date), hour * 60, "Europe/Paris").toISOString();
    // Spring: 02:00 to 03:00 does not exist; autumn: it comes twice.
    expect(paris("2027-03-28", 1)).toBe("2027-03-28T00:00:00.000Z");
    expect(paris("2027-03-28", 2.5)).toBe("2027-03-28T01:30:00.000Z");
    expect(paris("2027-03-28", 23)).toBe("2027-03-28T21:00:00.000Z");
    expect(paris("2026-10-25", 2.5)).toBe("2026-10-25T00:30:00.000Z");
    expect(paris("2026-10-25", 23)).toBe("2026-10-25T22:00:00.000Z");
  });
});
