import { type CalendarDate, calendarDateOf, fromDayNumber } from "#kernel/calendar-date.ts";
import { type Currency, exponentOf, parseCurrency } from "#kernel/money.ts";
import { fold } from "#kernel/text.ts";

export type DecimalMark = "," | ".";
export type DayOrder = "dmy" | "mdy" | "ymd";

const BLANKS = /[\s\u00a0\u202f\u2009'\u2019]/g;
const BINARY_NOISE_DIGITS = 7;

/**
 * Whole minor units of an amount as people and programs write it: "1 234,56", "1.234,56", "(12.00)", "12,00-", "−5", "€ 3".
 * Undefined when it is none. More decimals than the currency has are refused, but for the noise of binary numbers (7 or more).
 */
export function parseAmount(text: string, mark: DecimalMark, currency: Currency): bigint | undefined {
  const bare = withoutCurrency(text.replace(BLANKS, ""), currency);
  if (bare === undefined) return undefined;
  let body = bare.replace(/[\u2212\u2013]/g, "-");
  let isNegative = false;
  if (/^\(.*\)$/.test(body)) {
    isNegative = true;
    body = body.slice(1, -1);
  }
  if (/^[+-]/.test(body)) {
    isNegative = isNegative !== body.startsWith("-");
    body = body.slice(1);
  } else if (/[+-]$/.test(body)) {
    isNegative = isNegative !== body.endsWith("-");
    body = body.slice(0, -1);
  }
  const minor = unsigned(body, mark, currency);
  return minor === undefined ? undefined : isNegative ? -minor : minor;
}

/** Takes the currency away where it is the one expected; an amount that names another one is none. */
function withoutCurrency(body: string, currency: Currency): string | undefined {
  const named = /[€$£]|[a-z]{2,}/i.exec(body)?.[0];
  if (named === undefined) return body;
  const isSame = SIGNS.get(named)?.includes(currency) ?? nameOf(named) === currency;
  return isSame ? body.replace(named, "").replace(/^(?:US|CA|AU)(?=\$)/, "") : undefined;
}

const SIGNS: ReadonlyMap<string, readonly string[]> = new Map([
  ["€", ["EUR"]],
  ["£", ["GBP"]],
  ["$", ["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"]],
]);

const nameOf = (word: string): string => (/^euros?$/i.test(word) ? "EUR" : word.toUpperCase());

/** The currency that an amount names by code or sign; undefined when it names none. */
export function currencyIn(text: string): string | undefined {
  const sign = /[€$£]/.exec(text)?.[0];
  if (sign) return SIGNS.get(sign)?.[0];
  const word = /(?:^|[\s\d])([a-z]{3}|euros?)(?:$|[\s\d])/i.exec(text)?.[1];
  return word && /\d/.test(text) ? parseCurrency(nameOf(word)) : undefined;
}

function unsigned(body: string, given: DecimalMark, currency: Currency): bigint | undefined {
  let mark = given;
  // One mark that no group of three follows can only be the decimal one, whatever the others of its column are.
  const lone = /^\d*([.,])(\d+)$/.exec(body);
  if (lone && lone[2]?.length !== 3) mark = lone[1] === "," ? "," : ".";
  const group = mark === "," ? "." : ",";
  const [whole = "", fraction = "", ...more] = body.split(mark);
  if (more.length > 0 || fraction.includes(group)) return undefined;
  const isGrouped = whole.includes(group);
  if (isGrouped && !(mark === "," ? /^\d{1,3}(\.\d{3})+$/ : /^\d{1,3}(,\d{3})+$/).test(whole)) return undefined;
  const digits = whole.replaceAll(group, "");
  if (!/^\d{0,15}$/.test(digits) || !/^\d*$/.test(fraction) || digits + fraction === "") return undefined;
  return toMinor(digits || "0", fraction, exponentOf(currency));
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
  const body = text.trim().replace(/[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AP]M)?(Z|[+-]\d{2}:?\d{2})?$/i, "");
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
    const year = fullYear(parts[3] ?? "");
    return order === "mdy" ? calendarDateOf(year, first, second) : calendarDateOf(year, second, first);
  }
  const serial = /^(\d{5})([.,]\d+)?$/.exec(body);
  // Excel counts days from 1899-12-30; what follows the mark is the time of day.
  return serial ? fromDayNumber(Number(serial[1]) - 25_569) : namedMonthDay(body);
}

const MONTHS: readonly RegExp[] = [
  /^jan/,
  /^f(eb|ev)/,
  /^(mar(?!d)|maer)/,
  /^a(pr|vr)/,
  /^ma[iy]/,
  /^(jun|juin)/,
  /^(jul|juil)/,
  /^(aug|aou)/,
  /^sep/,
  /^o[ck]t/,
  /^nov/,
  /^de[cz]/,
];

/** "28 févr. 2026", "28-Feb-26", "Feb 28, 2026", "28. Februar 2026". */
function namedMonthDay(body: string): CalendarDate | undefined {
  const text = fold(body);
  const found =
    /^(?<day>\d{1,2})(?:er|\.)?[-/. ]*(?<month>[a-z]{3,9})\.?[-/ ,]*(?<year>\d{4}|\d{2})$/.exec(text) ??
    /^(?<month>[a-z]{3,9})\.?[- ](?<day>\d{1,2})(?:st|nd|rd|th)?,? ?(?<year>\d{4})$/.exec(text);
  const { day = "", month = "", year = "" } = found?.groups ?? {};
  const index = MONTHS.findIndex((pattern) => pattern.test(month));
  if (!found || index < 0) return undefined;
  return calendarDateOf(fullYear(year), index + 1, Number(day));
}

const fullYear = (text: string): number =>
  text.length === 4 ? Number(text) : Number(text) + (Number(text) < PIVOT ? 2000 : 1900);

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
