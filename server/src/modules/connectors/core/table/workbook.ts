import { streamXlsxRows } from "hucre/xlsx";
import { FileRefused } from "../fault.ts";
import type { TableRow } from "./records.ts";

const LARGEST_CONTENT_BYTES = 1 << 30;
const LARGEST_RATIO = 200;
const RATIO_FROM_BYTES = 10 << 20;
const MOST_ENTRIES = 5_000;
const MOST_COLUMNS = 1_000;
const BATCH = 1_000;

/** Refuses an archive that unpacks to more than a workbook could: its own directory tells before anything is unpacked. */
export function checkArchive(file: Buffer): void {
  const end = file.lastIndexOf(Buffer.from("PK\u0005\u0006", "latin1"));
  if (end < 0 || end + 22 > file.length) throw new FileRefused("workbook_damaged");
  const entries = file.readUInt16LE(end + 10);
  let at = file.readUInt32LE(end + 16);
  if (entries > MOST_ENTRIES || entries === 0xffff) throw new FileRefused("workbook_too_large");
  let total = 0;
  let hasSheet = false;
  for (let entry = 0; entry < entries; entry += 1) {
    if (at + 46 > file.length || file.readUInt32LE(at) !== 0x02014b50) throw new FileRefused("workbook_damaged");
    const packed = file.readUInt32LE(at + 20);
    const unpacked = file.readUInt32LE(at + 24);
    const nameLength = file.readUInt16LE(at + 28);
    const name = file.toString("utf8", at + 46, at + 46 + nameLength);
    if (name.startsWith("xl/worksheets/")) hasSheet = true;
    total += unpacked;
    const isBomb = unpacked > RATIO_FROM_BYTES && unpacked > packed * LARGEST_RATIO;
    if (isBomb || total > LARGEST_CONTENT_BYTES) throw new FileRefused("workbook_too_large");
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  if (!hasSheet) throw new FileRefused("not_a_workbook");
}

/** Rows of one sheet as text: days as YYYY-MM-DD, numbers plainly, formulas by the value they last had. */
export async function* workbookRecords(file: Buffer, sheet: number): AsyncGenerator<TableRow[]> {
  checkArchive(file);
  let rows: TableRow[] = [];
  try {
    for await (const row of streamXlsxRows(file, { sheet })) {
      if (row.values.length > MOST_COLUMNS) throw new FileRefused("too_many_columns", row.index + 1);
      rows.push({ line: row.index + 1, cells: row.values.map(cellText) });
      if (rows.length >= BATCH) {
        yield rows;
        rows = [];
      }
    }
  } catch (error) {
    if (error instanceof FileRefused) throw error;
    throw new FileRefused("workbook_damaged", rows.at(-1)?.line ?? 0, {
      value: (error as Error).message.slice(0, 200),
    });
  }
  if (rows.length > 0) yield rows;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : value.toISOString().slice(0, 10);
  if (typeof value === "number") return plainNumber(value);
  return String(value).replaceAll("\0", "").toWellFormed();
}

/**
 * Without exponent, and without the tail of binary fractions that 15 digits do not carry. Three decimals get a fourth: "12.345" would
 * look like a group of thousands.
 */
function plainNumber(value: number): string {
  if (Number.isInteger(value)) return Math.abs(value) < 1e15 ? String(value) : BigInt(value).toString();
  const text = String(Number(value.toPrecision(15)));
  const plain = text.includes("e") ? value.toFixed(10).replace(/0+$/, "") : text;
  return /\.\d{3}$/.test(plain) ? `${plain}0` : plain;
}
