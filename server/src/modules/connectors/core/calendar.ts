import { addDays, type CalendarDate, dayInZone, instantIn, minutesInZone, weekdayOf } from "#kernel/calendar-date.ts";
import { minutesAfter } from "#kernel/clock.ts";

/** When a source runs by itself. Times are minutes after midnight in the tenant's zone, sorted. */
export type Calendar = {
  /** `none`: only when asked; `times`: at these times; `every`: each so many minutes, counted from midnight. */
  readonly mode: "none" | "times" | "every";
  readonly times: readonly number[];
  readonly everyMinutes: number;
  /** Monday to Friday only. */
  readonly isBusinessDaysOnly: boolean;
};

const DAY_MINUTES = 24 * 60;
const DAYS_AHEAD = 8;

/** The first run strictly after an instant; undefined when the calendar never rings. */
export function nextRunAfter(calendar: Calendar, after: Date, zone: string): Date | undefined {
  const times = timesOf(calendar);
  if (times.length === 0) return undefined;
  const today = dayInZone(after, zone);
  for (let ahead = 0; ahead < DAYS_AHEAD; ahead += 1) {
    const date = addDays(today, ahead);
    if (calendar.isBusinessDaysOnly && weekdayOf(date) > 5) continue;
    const found = firstAfter(date, times, after, zone);
    if (found) return found;
  }
  return undefined;
}

function firstAfter(date: CalendarDate, times: readonly number[], after: Date, zone: string): Date | undefined {
  // Wall-clock minutes spare most of the look-ups; the comparison that counts is between instants.
  const from = dayInZone(after, zone) === date ? minutesInZone(after, zone) - 120 : -1;
  for (const minutes of times) {
    if (minutes < from) continue;
    const at = instantIn(date, minutes, zone);
    if (at.getTime() > after.getTime()) return at;
  }
  return undefined;
}

function timesOf(calendar: Calendar): readonly number[] {
  if (calendar.mode === "none") return [];
  if (calendar.mode === "times") return [...calendar.times].sort((a, b) => a - b);
  const step = Math.max(15, calendar.everyMinutes);
  return Array.from({ length: Math.ceil(DAY_MINUTES / step) }, (_, index) => index * step);
}

/** Minutes to wait before a failed run is tried again, by the number of failures in a row; then only the calendar rings. */
const BACK_OFF_MINUTES = [1, 5, 15, 60, 240];

/** When a source that failed is tried again: soon at first, later and later, never after its calendar would have rung anyway. */
export function nextAttemptAfter(calendar: Calendar, failures: number, failedAt: Date, zone: string): Date | undefined {
  const planned = nextRunAfter(calendar, failedAt, zone);
  const wait = BACK_OFF_MINUTES[failures - 1];
  if (wait === undefined) return planned;
  const again = minutesAfter(failedAt, wait);
  return planned && planned < again ? planned : again;
}
