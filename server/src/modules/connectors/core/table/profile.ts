import { currencyIn, dayOrderOf, decimalMarkOf } from "../parse-value.ts";
import { currencyOfHeader, type Field, fitOf, mapHeaders, type TableKind } from "./columns.ts";
import type { TableRow } from "./records.ts";

/** What a table says of itself: assumptions that a person sees and may change. */
export type TableProfile = {
  readonly kind: TableKind;
  readonly headerLine: number;
  readonly headers: string[];
  readonly mapping: (Field | null)[];
  readonly decimalMark: "," | ".";
  readonly dayOrder: "dmy" | "mdy" | "ymd";
  /** True when nothing in the file decides between day and month first. */
  readonly isDayOrderAssumed: boolean;
  readonly currency: string | null;
  readonly rows: number;
  readonly sample: string[][];
  readonly wholeColumns: number[];
  /** What the file looks like, to be asked in plain words. */
  readonly suggestedCoverage: "movements" | "open_snapshot" | "full";
};

const HEADER_ROWS = 30;
const SAMPLE_ROWS = 20;
const TEXTS_KEPT = 4_000;
const KINDS: readonly TableKind[] = ["items", "customers", "contacts"];

const DAY_FIELDS: readonly Field[] = ["issuedOn", "postedOn", "dueOn", "paidOn"];
const AMOUNT_FIELDS: readonly Field[] = ["amount", "debit", "credit", "openAmount", "paidAmount", "bookAmount"];
const NUMBER_FIELDS: readonly Field[] = ["documentNo", "customerNumber", "paysDocument"];

/** Reads a table once and says what it is; undefined when no row looks like a header. */
export async function profileTable(
  records: AsyncIterable<TableRow[]>,
  wanted?: TableKind,
): Promise<TableProfile | undefined> {
  const head: TableRow[] = [];
  const columns: { texts: string[]; isWhole: boolean; hasText: boolean }[] = [];
  let header: { row: TableRow; kind: TableKind } | undefined;
  let rows = 0;
  const sample: string[][] = [];
  const see = (row: TableRow) => {
    if (row.cells.every((cell) => cell.trim() === "")) return;
    rows += 1;
    if (sample.length < SAMPLE_ROWS) sample.push([...row.cells]);
    row.cells.forEach((cell, index) => {
      columns[index] ??= { texts: [], isWhole: true, hasText: false };
      const column = columns[index];
      const text = cell.trim();
      if (text === "") return;
      column.hasText = true;
      if (!/^\d+\.0+$/.test(text)) column.isWhole = false;
      // The first rows and then one in a hundred: days late in the file decide between day and month first.
      if (column.texts.length < TEXTS_KEPT || rows % 97 === 0) column.texts.push(text);
    });
  };
  for await (const batch of records) {
    for (const row of batch) {
      if (header) see(row);
      else {
        head.push(row);
        if (head.length < HEADER_ROWS) continue;
        header = findHeader(head, wanted);
        if (!header) return undefined;
        for (const one of head.slice(head.indexOf(header.row) + 1)) see(one);
      }
    }
  }
  if (!header) {
    header = findHeader(head, wanted);
    if (!header) return undefined;
    for (const one of head.slice(head.indexOf(header.row) + 1)) see(one);
  }
  return describe(header, columns, rows, sample);
}

function findHeader(
  head: readonly TableRow[],
  wanted: TableKind | undefined,
): { row: TableRow; kind: TableKind } | undefined {
  let best: { row: TableRow; kind: TableKind; fit: number } | undefined;
  for (const row of head) {
    for (const kind of wanted ? [wanted] : KINDS) {
      const fit = fitOf(kind, row.cells);
      if (fit > (best?.fit ?? 0)) best = { row, kind, fit };
    }
  }
  if (best) return best;
  const first = head.find((row) => row.cells.filter((cell) => cell.trim() !== "").length >= 2);
  return first && { row: first, kind: wanted ?? "items" };
}

/** Where nothing decides, a mark before three digits groups thousands: "1,000" is a thousand and never one. */
const markByGroups = (texts: readonly string[]): "," | "." =>
  texts.some((text) => /\d,\d{3}(?!\d)/.test(text)) ? "." : ",";

/** The currency that the first amounts name beside themselves. */
function firstCurrency(texts: readonly string[]): string | null {
  for (const text of texts.slice(0, SAMPLE_ROWS)) {
    const found = currencyIn(text);
    if (found) return found;
  }
  return null;
}

type Column = { texts: string[]; isWhole: boolean; hasText: boolean };

function describe(
  header: { row: TableRow; kind: TableKind },
  columns: readonly Column[],
  rows: number,
  sample: string[][],
): TableProfile {
  const headers = header.row.cells.map((cell) => cell.trim());
  const mapping = mapHeaders(header.kind, headers).map((field) => field ?? null);
  const textsOf = (fields: readonly Field[]) =>
    mapping.flatMap((field, index) => (field && fields.includes(field) ? (columns[index]?.texts ?? []) : []));
  const order = dayOrderOf(textsOf(DAY_FIELDS));
  const wholeColumns = mapping.flatMap((field, index) =>
    field && NUMBER_FIELDS.includes(field) && columns[index]?.isWhole && columns[index]?.hasText ? [index] : [],
  );
  const has = (field: Field) => mapping.some((one, index) => one === field && columns[index]?.hasText);
  const named = mapping.flatMap((field, index) =>
    field && AMOUNT_FIELDS.includes(field) ? (currencyOfHeader(headers[index] ?? "") ?? []) : [],
  );
  return {
    kind: header.kind,
    headerLine: header.row.line,
    headers,
    mapping,
    decimalMark: decimalMarkOf(textsOf(AMOUNT_FIELDS)) ?? markByGroups(textsOf(AMOUNT_FIELDS)),
    dayOrder: order === "mdy" ? "mdy" : "dmy",
    isDayOrderAssumed:
      order === undefined && textsOf(DAY_FIELDS).some((text) => /^\d{1,2}[-/. ]\d{1,2}[-/. ]\d/.test(text)),
    currency: named[0] ?? firstCurrency(textsOf(AMOUNT_FIELDS)),
    rows,
    sample,
    wholeColumns,
    suggestedCoverage:
      has("paidOn") || has("paidAmount") || has("kind")
        ? "movements"
        : has("openAmount")
          ? "open_snapshot"
          : "movements",
  };
}
