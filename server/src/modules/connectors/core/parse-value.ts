import { type CalendarDate, calendarDateOf, fromDayNumber } from "#kernel/calendar-date.ts";
import { type Currency, exponentOf } from "#kernel/money.ts";

export type DecimalMark = "," | ".";
export type DayOrder = "dmy" | "mdy" | "ymd";

const BLANKS = /[\s\u00a0\u202f\u2009']/g;
const BINARY_NOISE_DIGITS = 7;

/**
 * Whole minor units of an amount as people and programs write it: "1 234,56", "1.234,56", "(12.00)", "12,00-", "−5", "€ 3".
 * Undefined when it is none. More decimals than the currency has are refused, but for the noise of binary numbers (7 or more).
 */
export function parseAmount(text: string, mark: DecimalMark, currency: Currency): bigint | undefined {
  let body = text
    .replace(BLANKS, "")
    .replace(/^[€$£]|[€$£]$/g, "")
    .replace(/^[A-Z]{3}|[A-Z]{3}$/g, "")
    .replaceAll("\u2212", "-");
  let isNegative = false;
  if (/^\(.*\)$/.test(body)) {
    isNegative = true;
    body = body.slice(1, -1);
  }
  if (/^[+-]/.test(body)) {
    isNegative = isNegative !== body.startsWith("-");
    body = body.slice(1);
  } else if (body.endsWith("-")) {
    isNegative = !isNegative;
    body = body.slice(0, -1);
  }
  const group = mark === "," ? "." : ",";
  const [whole = "", fraction = "", ...more] = body.split(mark);
  if (more.length > 0 || fraction.includes(group)) return undefined;
  const isGrouped = whole.includes(group);
  if (isGrouped && !(mark === "," ? /^\d{1,3}(\.\d{3})+$/ : /^\d{1,3}(,\d{3})+$/).test(whole)) return undefined;
  const digits = whole.replaceAll(group, "");
  if (!/^\d{0,15}$/.test(digits) || !/^\d*$/.test(fraction) || digits + fraction === "") return undefined;
  const minor = toMinor(digits || "0", fraction, exponentOf(currency));
  return minor === undefined ? undefined : isNegative ? -minor : minor;
}

function toMinor(whole: string, fraction: string, exponent: number): bigint | undefined {
  const significant = fraction.replace(/0+$/, "");
  if (significant.length <= exponent) return BigInt(whole + significant.padEnd(exponent, "0"));
  if (significant.length < BINARY_NOISE_DIGITS) return undefined;
  const kept = BigInt(whole + significant.slice(0, exponent).padEnd(exponent, "0"));
  return (significant[exponent] ?? "0") >= "5" ? kept + 1n : kept;
}

/** What the decimal mark of a column is, from all its texts; undefined when both fit. A single group of three digits tells nothing. */
export function decimalMarkOf(texts: Iterable<string>): DecimalMark | undefined {
  for (const text of texts) {
    const body = text.replace(BLANKS, "").replace(/[^\d.,]/g, "");
    const comma = body.lastIndexOf(",");
    const point = body.lastIndexOf(".");
    if (comma < 0 && point < 0) continue;
    if (comma >= 0 && point >= 0) return comma > point ? "," : ".";
    const mark = comma >= 0 ? "," : ".";
    const parts = body.split(mark);
    if (parts.length > 2) return mark === "," ? "." : ",";
    if ((parts[1] ?? "").length !== 3 || parts[0] === "0" || (parts[0] ?? "").length > 3) return mark;
  }
  return undefined;
}

const PIVOT = 70;

/** A day in the formats that exports hold: ISO (with or without time), YYYYMMDD, D/M/Y or M/D/Y with / . or -, Excel serials. */
export function parseDay(text: string, order: DayOrder): CalendarDate | undefined {
  const body = text.trim().replace(/[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/, "");
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(body);
  if (iso) return calendarDateOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const compact = /^(\d{4})(\d{2})(\d{2})(?:\.0)?$/.exec(body);
  if (compact && Number(compact[1]) >= 1900 && Number(compact[1]) <= 2200) {
    return calendarDateOf(Number(compact[1]), Number(compact[2]), Number(compact[3]));
  }
  const parts = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$/.exec(body);
  if (parts) {
    const first = Number(parts[1]);
    const second = Number(parts[2]);
    const short = Number(parts[3]);
    const year = (parts[3] ?? "").length === 4 ? short : short + (short < PIVOT ? 2000 : 1900);
    return order === "mdy" ? calendarDateOf(year, first, second) : calendarDateOf(year, second, first);
  }
  const serial = /^(\d{5})(\.0+)?$/.exec(body);
  // Excel counts days from 1899-12-30.
  return serial ? fromDayNumber(Number(serial[1]) - 25_569) : undefined;
}

/** The order of day and month that every text of a column allows; undefined when both do. Says "none" when neither does. */
export function dayOrderOf(texts: Iterable<string>): DayOrder | "none" | undefined {
  let dmy = true;
  let mdy = true;
  let seen = false;
  for (const text of texts) {
    const parts = /^\s*(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})/.exec(text);
    if (!parts) {
      if (/^\s*\d{4}[-/.]\d/.test(text)) seen = true;
      continue;
    }
    seen = true;
    if (Number(parts[1]) > 12) mdy = false;
    if (Number(parts[2]) > 12) dmy = false;
  }
  if (!seen) return undefined;
  if (dmy && mdy) return undefined;
  if (!dmy && !mdy) return "none";
  return dmy ? "dmy" : "mdy";
}
