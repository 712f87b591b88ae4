import { type CalendarDate, calendarDateOf } from "#kernel/calendar-date.ts";
import { type Currency, exponentOf } from "#kernel/money.ts";
import type { Warnings } from "./build.ts";

/**
 * Whole minor units of a machine-written amount: digits with at most one comma or point, sign in front allowed. "380115," and "00,12" are
 * amounts. Undefined when it is none, or has more decimals than the currency that are not 0. Without a currency, two decimals.
 */
export function minorOf(text: string, currency: Currency | null): bigint | undefined {
  const parts = /^\s*([+-]?)\s*(\d{0,18})(?:[.,](\d{0,18}))?\s*$/.exec(text);
  if (!parts || `${parts[2] ?? ""}${parts[3] ?? ""}` === "") return undefined;
  const exponent = currency === null ? 2 : exponentOf(currency);
  const fraction = (parts[3] ?? "").replace(/0+$/, "");
  if (fraction.length > exponent) return undefined;
  const whole = (parts[2] ?? "").replace(/^0+/, "");
  if (whole.length > 15) return undefined;
  const minor = BigInt(`${whole || "0"}${fraction.padEnd(exponent, "0")}`);
  return parts[1] === "-" ? -minor : minor;
}

/**
 * Like minorOf for amounts that may carry more decimals than their currency (ISO 20022 allows five): rounded half away from zero, and said.
 * Undefined when the text is no amount.
 */
export function roundedMinor(
  text: string,
  currency: Currency | null,
  warnings: Warnings,
  at: { line: number; column: string },
): bigint | undefined {
  const exact = minorOf(text, currency);
  const parts = exact === undefined ? /^\s*([+-]?)(\d{1,15})\.(\d{1,18})\s*$/.exec(text) : null;
  if (!parts) return exact;
  const exponent = currency === null ? 2 : exponentOf(currency);
  const fraction = parts[3] ?? "";
  const kept = BigInt(`${parts[2]}${fraction.slice(0, exponent).padEnd(exponent, "0")}`);
  const size = (fraction[exponent] ?? "0") >= "5" ? kept + 1n : kept;
  warnings.add("amount_rounded", at.line, { column: at.column, value: text });
  return parts[1] === "-" ? -size : size;
}

/** Digits grouped by the mark that is not the decimal one: "1.234,56", "1,234.56" and "1 234,56" lose their grouping. */
export function ungrouped(text: string): string {
  const body = text.replace(/[\s\u00a0\u202f'’]/g, "");
  const comma = body.lastIndexOf(",");
  const point = body.lastIndexOf(".");
  if (comma < 0 || point < 0) return body;
  return comma > point ? body.replaceAll(".", "") : body.replaceAll(",", "");
}

/** Minor units of whole digits with an implied decimal mark `decimals` from the right; undefined when the currency has fewer and the rest is not 0. */
export function impliedMinor(digits: string, decimals: number, currency: Currency | null): bigint | undefined {
  if (!/^\d{1,18}$/.test(digits)) return undefined;
  const padded = digits.padStart(decimals + 1, "0");
  return minorOf(decimals === 0 ? padded : `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`, currency);
}

/** Like impliedMinor, for fields that have more decimals than their currency: rounded half away from zero, and said. */
export function roundedImplied(
  digits: string,
  decimals: number,
  currency: Currency | null,
  warnings: Warnings,
  at: { line: number; column: string },
): bigint | undefined {
  if (!/^\d{1,18}$/.test(digits)) return undefined;
  const padded = digits.padStart(decimals + 1, "0");
  const text = decimals === 0 ? padded : `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`;
  return roundedMinor(text.replace(/^0+(?=\d)/, ""), currency, warnings, at);
}

/** Two-digit years: 70 and later are of the last century. */
export const fullYear = (two: number): number => (two >= 70 ? 1900 + two : 2000 + two);

/**
 * The day that year, month and day name. A day that the month does not have (30 February) becomes its last one, with a warning;
 * anything else that is no day is null, with a warning.
 */
export function tolerantDay(
  year: number,
  month: number,
  day: number,
  warnings: Warnings,
  at: { line: number; column: string; value: string },
): CalendarDate | null {
  const exact = calendarDateOf(year, month, day);
  if (exact) return exact;
  for (let near = Math.min(day, 31); near > 27; near -= 1) {
    const close = day <= 31 ? calendarDateOf(year, month, near) : undefined;
    if (!close) continue;
    warnings.add("odd_day", at.line, { column: at.column, value: at.value });
    return close;
  }
  warnings.add("impossible_date", at.line, { column: at.column, value: at.value });
  return null;
}

/** YYYYMMDD or YYYY-MM-DD at the start of a text, whatever time follows. Null without a warning when blank. */
export function isoDay(
  text: string | undefined,
  warnings: Warnings,
  line: number,
  column: string,
): CalendarDate | null {
  const value = text?.trim() ?? "";
  if (value === "") return null;
  const parts = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(value);
  if (!parts) {
    warnings.add("impossible_date", line, { column, value });
    return null;
  }
  return tolerantDay(Number(parts[1]), Number(parts[2]), Number(parts[3]), warnings, { line, column, value });
}

/** YYMMDD. */
export function shortDay(text: string, warnings: Warnings, line: number, column: string): CalendarDate | null {
  const parts = /^(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (!parts) {
    if (text.trim() !== "") warnings.add("impossible_date", line, { column, value: text });
    return null;
  }
  return tolerantDay(fullYear(Number(parts[1])), Number(parts[2]), Number(parts[3]), warnings, {
    line,
    column,
    value: text,
  });
}

/** DDMMYY; blank and 000000 are no day. */
export function europeanShortDay(text: string, warnings: Warnings, line: number, column: string): CalendarDate | null {
  if (/^[0 ]*$/.test(text)) return null;
  const parts = /^(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (!parts) {
    warnings.add("impossible_date", line, { column, value: text });
    return null;
  }
  return tolerantDay(fullYear(Number(parts[3])), Number(parts[2]), Number(parts[1]), warnings, {
    line,
    column,
    value: text,
  });
}
