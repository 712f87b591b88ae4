/** A calendar day "YYYY-MM-DD" of the proleptic Gregorian calendar, without time or zone. Orders by plain string comparison. */
export type CalendarDate = string & { readonly __brand: "CalendarDate" };

const MS_PER_DAY = 86_400_000;
const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The day when `text` is an existing day written YYYY-MM-DD (year 0001 or later), else undefined. */
export function parseCalendarDate(text: string): CalendarDate | undefined {
  const parts = SHAPE.exec(text);
  if (!parts) return undefined;
  return calendarDateOf(Number(parts[1]), Number(parts[2]), Number(parts[3]));
}

/** The day when year, month (1-12) and day (1-31) name an existing one, else undefined. */
export function calendarDateOf(year: number, month: number, day: number): CalendarDate | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  return write(year, month, day);
}

/** Like parseCalendarDate; throws on anything else. For literals and for values a schema has checked. */
export function day(text: string): CalendarDate {
  const parsed = parseCalendarDate(text);
  if (!parsed) throw new RangeError(`not a calendar day: ${text.slice(0, 40)}`);
  return parsed;
}

/** Days since 1970-01-01; negative before. */
export function dayNumber(date: CalendarDate): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))) / MS_PER_DAY;
}

/** Inverse of dayNumber. */
export function fromDayNumber(number: number): CalendarDate {
  const at = new Date(number * MS_PER_DAY);
  return write(at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate());
}

/** Whole days from `from` to `to`; negative when `to` is earlier. Time zones play no part. */
export const daysBetween = (from: CalendarDate, to: CalendarDate): number => dayNumber(to) - dayNumber(from);

export const addDays = (date: CalendarDate, days: number): CalendarDate => fromDayNumber(dayNumber(date) + days);

/** Same day `months` later (negative: earlier), or the last day of that month when it is shorter. */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const index = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  const year = Math.floor(index / 12);
  const month = (index % 12) + 1;
  return write(year, month, Math.min(Number(date.slice(8, 10)), daysInMonth(year, month)));
}

export function endOfMonth(date: CalendarDate): CalendarDate {
  const year = Number(date.slice(0, 4));
  const month = Number(date.slice(5, 7));
  return write(year, month, daysInMonth(year, month));
}

export const laterOf = (a: CalendarDate, b: CalendarDate): CalendarDate => (a >= b ? a : b);
export const earlierOf = (a: CalendarDate, b: CalendarDate): CalendarDate => (a <= b ? a : b);

/** ISO weekday: Monday 1 … Sunday 7. */
export const weekdayOf = (date: CalendarDate): number => ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1;

/** The calendar day of an instant in an IANA zone ("Europe/Paris"). */
export function dayInZone(instant: Date, zone: string): CalendarDate {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  return day(parts.format(instant));
}

/** The first instant of a day in an IANA zone, to the second; a midnight that does not exist gives the first instant after it. */
export function startOfDayIn(date: CalendarDate, zone: string): Date {
  const noonUtc = dayNumber(date) * MS_PER_DAY + MS_PER_DAY / 2;
  let before = noonUtc - 2 * MS_PER_DAY;
  let inside = noonUtc + 2 * MS_PER_DAY;
  while (inside - before > 1_000) {
    const middle = Math.floor((before + inside) / 2_000) * 1_000;
    if (dayInZone(new Date(middle), zone) >= date) inside = middle;
    else before = middle;
  }
  return new Date(inside);
}

/** The instant of a time of day in an IANA zone, `minutes` after midnight by the clock on the wall; a time that a change of hour skips gives the one after it, one that it repeats the first. */
export function instantIn(date: CalendarDate, minutes: number, zone: string): Date {
  const wall = dayNumber(date) * MS_PER_DAY + minutes * 60_000;
  const offsetAt = (instant: number) => wallClock(new Date(instant), zone) - instant;
  const before = wall - offsetAt(wall - MS_PER_DAY);
  const after = wall - offsetAt(wall + MS_PER_DAY);
  const shown = [before, after].filter((instant) => wallClock(new Date(instant), zone) === wall);
  return new Date(shown.length > 0 ? Math.min(...shown) : Math.max(before, after));
}

/** Minutes after midnight by the clock on the wall of a zone. */
export const minutesInZone = (instant: Date, zone: string): number =>
  Math.floor((((wallClock(instant, zone) % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY) / 60_000);

/** The clock on the wall read as if it were UTC, to the second. */
function wallClock(instant: Date, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(instant);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function write(year: number, month: number, dayOfMonth: number): CalendarDate {
  const pad = (value: number, width: number) => String(value).padStart(width, "0");
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(dayOfMonth, 2)}` as CalendarDate;
}
