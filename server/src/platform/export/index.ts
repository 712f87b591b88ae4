import { Readable } from "node:stream";
import { writeXlsxStream } from "hucre/xlsx";
import { type Currency, type Money, toDecimal } from "#kernel/money.ts";

/** A cell of an export. Text stays text, amounts become numbers, days become dates. */
export type ExportCell = string | number | null | { readonly money: Money } | { readonly day: string | null };

export type ExportTable = {
  readonly name: string;
  readonly headers: readonly string[];
  readonly rows: AsyncIterable<readonly (readonly ExportCell[])[]>;
};

export type ExportFormat = "csv" | "xlsx";
export type ExportLanguage = "fr" | "en";

export const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** The one writer of tables: streams, whatever the number of rows, and never lets a cell become a formula. */
export const exportStream = (table: ExportTable, format: ExportFormat, language: ExportLanguage): Readable =>
  format === "csv" ? Readable.from(csvChunks(table, language)) : xlsxStream(table);

const BYTE_ORDER_MARK = "\ufeff";

async function* csvChunks(table: ExportTable, language: ExportLanguage): AsyncGenerator<string> {
  const separator = language === "fr" ? ";" : ",";
  const mark = language === "fr" ? "," : ".";
  yield `${BYTE_ORDER_MARK}${table.headers.map((header) => csvCell(header, separator)).join(separator)}\r\n`;
  for await (const batch of table.rows) {
    yield batch
      .map(
        (row) =>
          `${row.map((cell) => csvCell(cellText(cell, mark), separator, typeof cell === "string")).join(separator)}\r\n`,
      )
      .join("");
  }
}

/** Numbers and days are ours; text that a spreadsheet would run as a formula gets an apostrophe before it. */
function csvCell(text: string, separator: string, isFree = false): string {
  const safe = isFree && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return safe.includes(separator) || /["\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function cellText(cell: ExportCell, mark: "," | "."): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell).replace(".", mark);
  if (typeof cell === "string") return cell;
  if ("money" in cell) return toDecimal(cell.money).replace(".", mark);
  return cell.day ?? "";
}

function xlsxStream(table: ExportTable): Readable {
  async function* rows() {
    yield [...table.headers];
    for await (const batch of table.rows) for (const row of batch) yield row.map(workbookCell);
  }
  const stream = writeXlsxStream(rows(), { name: table.name.slice(0, 31), freezePane: { rows: 1 } });
  return Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]);
}

function workbookCell(cell: ExportCell): string | number | Date | null {
  if (cell === null || typeof cell === "number" || typeof cell === "string") return cell;
  if ("money" in cell) return Number(toDecimal(cell.money));
  return cell.day ? new Date(`${cell.day}T00:00:00Z`) : null;
}

export const moneyCell = (minor: bigint | string, currency: string): ExportCell => ({
  money: { minor: BigInt(minor), currency: currency as Currency },
});
