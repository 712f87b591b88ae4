import { parseCalendarDate } from "#kernel/calendar-date.ts";
import { parseCurrency } from "#kernel/money.ts";

export type RateRow = { readonly currency: string; readonly rateOn: string; readonly perEuro: string };

const RATE = /^\d{1,10}(\.\d{1,10})?$/;

/**
 * Rates of a text file: the central bank's history (first column the day, one column a currency), or rows of day, currency and
 * rate. Separator comma, semicolon or tab. Gives the line of the first thing that cannot be read.
 */
export function parseRates(text: string): { rates: RateRow[] } | { line: number; value: string } {
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
  const header = (lines[0] ?? "").split(/[;,\t]/).map((cell) => cell.trim());
  const currencies = header.map((cell) => parseCurrency(cell));
  const isHistory = currencies.filter(Boolean).length >= 2;
  const rates: RateRow[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "" || (index === 0 && (isHistory || !parseCalendarDate(header[0] ?? "")))) continue;
    const cells = line.split(isHistory ? /[;,\t]/ : /[;\t]|,(?!\d{1,10}\s*$)/).map((cell) => cell.trim());
    const rateOn = parseCalendarDate(cells[0] ?? "");
    if (!rateOn) return { line: index + 1, value: cells[0] ?? "" };
    const found = isHistory ? historyRates(cells, currencies, rateOn) : rowRate(cells, rateOn);
    if (typeof found === "string") return { line: index + 1, value: found };
    rates.push(...found);
  }
  return { rates };
}

function historyRates(
  cells: readonly string[],
  currencies: readonly (string | undefined)[],
  rateOn: string,
): RateRow[] | string {
  const rates: RateRow[] = [];
  for (const [column, currency] of currencies.entries()) {
    const cell = cells[column] ?? "";
    if (!currency || cell === "" || /^n\/?a$/i.test(cell)) continue;
    if (!RATE.test(cell) || Number(cell) === 0) return cell;
    rates.push({ currency, rateOn, perEuro: cell });
  }
  return rates;
}

function rowRate(cells: readonly string[], rateOn: string): RateRow[] | string {
  const currency = parseCurrency(cells[1] ?? "");
  const perEuro = (cells[2] ?? "").replace(",", ".");
  if (!currency) return cells[1] ?? "";
  if (!RATE.test(perEuro) || Number(perEuro) === 0) return cells[2] ?? "";
  return [{ currency, rateOn, perEuro }];
}
