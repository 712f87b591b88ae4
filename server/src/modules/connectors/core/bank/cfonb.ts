import { type Currency, EUR, parseCurrency } from "#kernel/money.ts";
import { linesOfText } from "../decode.ts";
import { impliedMinor } from "./values.ts";

/** One record of a fixed-width file, padded to its width, with the line it stands on. */
export type FixedRecord = { readonly line: number; readonly text: string };

const CODES_120 = /^(01|04|05|07)/;
const CODES_240 = /^(31|34|39)/;

export const isCfonb120 = (text: string): boolean =>
  looksFixed(text, 120, /^(01|04|05|07)[0-9A-Z ]{5}.{9}[A-Z ]{3}[0-9 ]/);
export const isCfonb240 = (text: string): boolean => looksFixed(text, 240, /^(31|34|35|39)\d{6}/);

/** Most of the first lines have the shape of a record; shorter ones have lost their trailing blanks. */
function looksFixed(text: string, width: number, shape: RegExp): boolean {
  const records = fixedRecords(text.slice(0, width * 60), width).filter(({ text: one }) => one.trim() !== "");
  const fitting = records.filter(({ text: one }) => shape.test(one) && one.length <= width + 4);
  return fitting.length > 0 && fitting.length * 2 >= records.length;
}

/** Records of a file with or without line ends. Lines are padded, never cut: what stands behind is ignored. */
export function fixedRecords(text: string, width: number): FixedRecord[] {
  const lines = linesOfText(text);
  const [only = ""] = lines;
  if (lines.filter((line) => line.trim() !== "").length === 1 && only.length > width && only.length >= width * 2 - 4) {
    const records: FixedRecord[] = [];
    for (let at = 0; at < only.length; at += width)
      records.push({ line: records.length + 1, text: only.slice(at, at + width).padEnd(width) });
    return records;
  }
  return lines.map((line, index) => ({ line: index + 1, text: line.padEnd(width) }));
}

export const codeOf = (record: FixedRecord): string | undefined =>
  (CODES_120.exec(record.text) ?? CODES_240.exec(record.text))?.[1];

/** Text of 1-based columns, both included, without blanks at its ends. */
export const cut = (record: FixedRecord, from: number, to: number): string => record.text.slice(from - 1, to).trim();

const POSITIVE = "{ABCDEFGHI";
const NEGATIVE = "}JKLMNOPQR";

/**
 * Signed minor units of a field whose last sign holds digit and sign together: {A..I are +0..+9, }J..R are −0..−9 (negative = debit).
 * A plain digit is positive. Blanks may stand for leading zeros. Undefined when it is no amount.
 */
export function overpunched(text: string, decimals: number, currency: Currency | null): bigint | undefined {
  const body = text.trim();
  const last = body.slice(-1);
  const digit = POSITIVE.indexOf(last) >= 0 ? POSITIVE.indexOf(last) : NEGATIVE.indexOf(last);
  const digits = digit >= 0 ? `${body.slice(0, -1)}${digit}` : body;
  const minor = impliedMinor(digits.replaceAll(" ", "0"), decimals, currency);
  if (minor === undefined) return undefined;
  return NEGATIVE.includes(last) && last !== "" ? -minor : minor;
}

/** Currency of columns 17-19 and its decimals of column 20; before the euro's own code, E stood for it. */
export function currencyOf(code: string): Currency | null {
  if (code === "E" || code === "") return EUR;
  return parseCurrency(code) ?? null;
}
