import { EUR } from "#kernel/money.ts";
import { fold } from "#kernel/text.ts";
import { linesOfText } from "../decode.ts";
import { FileRefused } from "../fault.ts";
import { type DayOrder, type DecimalMark, dayOrderOf, decimalMarkOf, parseAmount, parseDay } from "../parse-value.ts";
import { recordsOfText, separatorOf, type TableRow } from "../table/records.ts";
import { type BankField, type CsvMapping, columnsOf } from "./bank-csv-columns.ts";
import { isIban } from "./iban.ts";

/** How a bank's CSV is to be read, as a person said it once. */
export type CsvLayout = {
  readonly separator: string;
  /** Cells of the header as written; none where the file has no header. */
  readonly header: readonly string[];
  /** Line of the first movement; counts only where there is no header to look for. */
  readonly firstLine: number;
  readonly columns: CsvMapping;
  readonly decimalMark: DecimalMark;
  readonly dayOrder: DayOrder;
};

/** A layout with the account whose files have it. */
export type KnownLayout = { readonly layout: CsvLayout; readonly account: string; readonly currency: string };

const HEADER_SEARCH = 60;
const GUESS_ROWS = 60;
/** Bounds of what is kept of a file: cells of a header, signs of a cell, lines before the first movement. */
export const MOST_CELLS = 200;
const LONGEST_CELL = 200;
const LATEST_START = 1_000;

const rowsOf = (text: string, separator: string): TableRow[] =>
  recordsOfText(linesOfText(text), separator).filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));

const separatorIn = (text: string): string =>
  separatorOf(
    linesOfText(text)
      .filter((line) => line.trim() !== "")
      .slice(0, GUESS_ROWS),
  );

/** A header without its case, accents and the empty cells behind it. */
function plain(cells: readonly string[]): string {
  const folded = cells.map((cell) => fold(cell.slice(0, LONGEST_CELL)));
  return folded.slice(0, folded.findLastIndex((cell) => cell !== "") + 1).join("\u001f");
}

/** The rows of movements when a file has this layout: its header stands where any header may, or its lines have as many cells. */
export function rowsByLayout(text: string, layout: CsvLayout): TableRow[] | undefined {
  const rows = rowsOf(text, layout.separator);
  if (layout.header.length > 0) {
    const wanted = plain(layout.header);
    const at = rows.slice(0, HEADER_SEARCH).findIndex(({ cells }) => plain(cells) === wanted);
    return at < 0 ? undefined : rows.slice(at + 1);
  }
  const found = rows.filter(({ line }) => line >= layout.firstLine);
  const [first] = found;
  return first && first.cells.length === layout.columns.length ? found : undefined;
}

/**
 * Which of the layouts a file has. Where files of several accounts look alike, the account that the file or its name mentions; refuses when
 * none or more than one is mentioned. Undefined when no layout fits.
 */
export function layoutOf(text: string, name: string, known: readonly KnownLayout[]): KnownLayout | undefined {
  const fitting = known.filter((one) => rowsByLayout(text, one.layout) !== undefined);
  if (new Set(fitting.map((one) => `${one.account} ${one.currency}`)).size <= 1) return fitting[0];
  const where = `${name} ${text.slice(0, 20_000)}`.toUpperCase().replace(/[^A-Z0-9]/g, "");
  const named = fitting.filter(({ account }) => namesOf(account).some((one) => where.includes(one)));
  if (named.length !== 1) throw new FileRefused("csv_account_unclear", 1);
  return named[0];
}

/** An account as files may mention it: whole, without country and check digits, and the number proper of a French one. */
const namesOf = (account: string): string[] =>
  isIban(account)
    ? [account, account.slice(4), ...(account.startsWith("FR") ? [account.slice(14, 25)] : [])]
    : [account];

/** Whether a text is a table at all: several lines of as many cells, or one with a day and an amount. */
export function isTable(text: string): boolean {
  const rows = rowsOf(text, separatorIn(text)).slice(0, GUESS_ROWS);
  if (rows.some(({ cells }) => cells.length > 2 && cells.some(isDay) && cells.some(isAmount))) return true;
  const counts = rows.map(({ cells }) => cells.length);
  const usual = counts.filter((count) => count >= 2 && count === counts.at(-1)).length;
  return usual >= 2;
}

const isDay = (cell: string): boolean => parseDay(cell, "dmy") !== undefined || parseDay(cell, "mdy") !== undefined;
const isNumber = (cell: string): boolean =>
  /\d/.test(cell) && (parseAmount(cell, ",", EUR) !== undefined || parseAmount(cell, ".", EUR) !== undefined);
/** A number that is no day: 20260301 may be either, 12,50 is no day. */
const isAmount = (cell: string): boolean => isNumber(cell) && (/[.,]\d{1,2}\s*-?$/.test(cell) || !isDay(cell));

/** A first guess at how a table is to be read, from its header where it says something and from what its columns hold. */
export function guessLayout(text: string, wanted?: string): { layout: CsvLayout; rows: readonly TableRow[] } {
  const separator = wanted ?? separatorIn(text);
  const rows = rowsOf(text, separator);
  const found = rows.slice(0, GUESS_ROWS).findIndex(({ cells }) => cells.some(isDay) && cells.some(isAmount));
  const first = Math.max(found, 0);
  const width = rows[first]?.cells.length ?? 0;
  if (width > MOST_CELLS) throw new FileRefused("too_many_columns", rows[first]?.line ?? 1);
  const above = rows[first - 1];
  const isHeader = above !== undefined && above.cells.length * 2 >= width && !above.cells.some(isDay);
  const header = isHeader ? above.cells.slice(0, width).map((cell) => cell.slice(0, LONGEST_CELL)) : [];
  const data = rows.slice(first, first + 2_000);
  const columns = completed(isHeader ? padded(columnsOf(header), width) : Array(width).fill(null), data);
  const cellsOf = (...fields: BankField[]) =>
    data.flatMap(({ cells }) => fields.map((field) => cells[columns.indexOf(field)] ?? ""));
  const order = dayOrderOf(cellsOf("bookedOn", "valueOn").filter((cell) => cell !== ""));
  return {
    rows,
    layout: {
      separator,
      header,
      firstLine: Math.min(rows[first]?.line ?? 1, LATEST_START),
      columns,
      decimalMark: decimalMarkOf(cellsOf("amount", "debit", "credit")) ?? ",",
      dayOrder: order === undefined || order === "none" ? "dmy" : order,
    },
  };
}

const padded = (columns: CsvMapping, width: number): (BankField | null)[] => [
  ...columns,
  ...Array<null>(Math.max(0, width - columns.length)).fill(null),
];

/** What a header leaves open, told by the cells: days, then amounts (a last one that runs is the balance), an account, the longest text. */
function completed(given: readonly (BankField | null)[], data: readonly TableRow[]): (BankField | null)[] {
  const columns = [...given];
  const take = (field: BankField, fits: (cells: readonly string[]) => boolean) => {
    if (columns.includes(field)) return;
    const at = columns.findIndex((column, index) => column === null && fits(columnAt(data, index)));
    if (at >= 0) columns[at] = field;
  };
  const mostly = (test: (cell: string) => boolean) => (cells: readonly string[]) =>
    cells.length > 0 && cells.filter(test).length * 10 >= cells.length * 9;
  take("bookedOn", mostly(isDay));
  take("valueOn", mostly(isDay));
  if (!columns.includes("debit") && !columns.includes("credit")) takeAmounts(columns, data);
  take(
    "payerAccount",
    mostly((cell) => isIban(cell.replace(/\s+/g, "").toUpperCase())),
  );
  const texts = columns.flatMap((column, index) => {
    const cells = columnAt(data, index);
    const length = cells.reduce((sum, cell) => sum + cell.length, 0);
    return column === null && cells.some((cell) => /\p{L}{3}/u.test(cell)) ? [{ index, length }] : [];
  });
  const [longest] = texts.sort((a, b) => b.length - a.length);
  if (longest && !columns.includes("label")) columns[longest.index] = "label";
  return columns;
}

/** The first column of amounts, or the one whose amounts lead from one figure of another column to the next: its running balance. */
function takeAmounts(columns: (BankField | null)[], data: readonly TableRow[]): void {
  if (columns.includes("amount")) return;
  const amounts = columns.flatMap((column, index) => {
    const cells = columnAt(data, index);
    const isOne = column === null && cells.length > 0 && cells.filter(isAmount).length * 5 >= cells.length * 3;
    return isOne ? [index] : [];
  });
  for (const amount of amounts)
    for (const balance of amounts)
      if (amount !== balance && runs(data, amount, balance)) {
        columns[amount] = "amount";
        if (!columns.includes("balance")) columns[balance] = "balance";
        return;
      }
  const [first] = amounts;
  if (first !== undefined) columns[first] = "amount";
}

/** Whether most figures of `balance` are the one before or after them, moved by the amount of their line. */
function runs(data: readonly TableRow[], amount: number, balance: number): boolean {
  const read = (cell: string | undefined) => parseAmount(cell ?? "", decimalMarkOf([cell ?? ""]) ?? ",", EUR);
  const rows = data
    .slice(0, GUESS_ROWS)
    .map(({ cells }) => ({ moved: read(cells[amount]), after: read(cells[balance]) }));
  let steps = 0;
  let fitting = 0;
  for (const [index, row] of rows.entries()) {
    const before = rows[index - 1];
    if (before?.after === undefined || row.after === undefined) continue;
    steps += 1;
    const isUp = row.moved !== undefined && before.after + row.moved === row.after;
    const isDown = before.moved !== undefined && row.after + before.moved === before.after;
    if (isUp || isDown) fitting += 1;
  }
  return steps > 0 && fitting * 2 > steps;
}

const columnAt = (data: readonly TableRow[], index: number): string[] =>
  data.slice(0, GUESS_ROWS).flatMap(({ cells }) => {
    const cell = cells[index]?.trim() ?? "";
    return cell === "" ? [] : [cell];
  });
