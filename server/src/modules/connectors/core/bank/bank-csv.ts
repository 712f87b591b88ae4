import { type Currency, EUR, parseCurrency } from "#kernel/money.ts";
import { fold } from "#kernel/text.ts";
import { linesOfText } from "../decode.ts";
import { FileRefused } from "../fault.ts";
import { type DayOrder, type DecimalMark, dayOrderOf, decimalMarkOf, parseAmount, parseDay } from "../parse-value.ts";
import { recordsOfText, separatorOf, type TableRow } from "../table/records.ts";
import { type BankField, type CsvMapping, columnsOf } from "./bank-csv-columns.ts";
import {
  finishFile,
  joined,
  newDetail,
  newReturn,
  newStatement,
  orNull,
  type StatementDraft,
  type Warnings,
  warningList,
} from "./build.ts";
import { type KnownLayout, rowsByLayout } from "./csv-layout.ts";
import { accountText, leadingIban } from "./iban.ts";
import { kindOfLabel } from "./kind-of-label.ts";
import type { BankFile, BankReturn } from "./statement.ts";

const HEADER_SEARCH = 40;

type Sheet = {
  readonly header: readonly string[];
  readonly columns: CsvMapping;
  readonly rows: readonly TableRow[];
  readonly before: readonly TableRow[];
  /** What a person said, instead of what the table tells. */
  readonly given?: KnownLayout;
};

/** The table of a bank's CSV when its header names a day and an amount; undefined otherwise. */
export function csvSheet(text: string): Sheet | undefined {
  const lines = linesOfText(text);
  const separator = separatorOf(lines.filter((line) => line.trim() !== "").slice(0, 60));
  const rows = recordsOfText(lines, separator).filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  for (const [index, row] of rows.slice(0, HEADER_SEARCH).entries()) {
    const columns = columnsOf(row.cells);
    if (tellsMoney(columns) && row.cells.length >= 3)
      return { header: row.cells, columns, rows: rows.slice(index + 1), before: rows.slice(0, index) };
  }
  return undefined;
}

/** A movement has a day and an amount at least. */
const tellsMoney = (columns: CsvMapping): boolean =>
  (columns.includes("bookedOn") || columns.includes("valueOn")) &&
  (columns.includes("amount") || columns.includes("debit") || columns.includes("credit"));

function sheetOf(text: string, given: KnownLayout | undefined): Sheet {
  if (!given) {
    const sheet = csvSheet(text);
    if (!sheet) throw new FileRefused("not_a_statement", 1);
    return sheet;
  }
  const { columns, header } = given.layout;
  const rows = rowsByLayout(text, given.layout);
  if (!rows) throw new FileRefused("csv_layout_unfit", 1);
  if (!tellsMoney(columns)) throw new FileRefused("csv_columns_missing", 1);
  return { header, columns, rows, before: [], given };
}

/**
 * A bank's CSV: day, value day, label, signed amount or debit and credit, reference, running balance; several accounts where a column tells them.
 * With a layout that a person gave, all of it is of its account, and a file that mostly does not read by it is refused.
 */
export function readBankCsv(text: string, given?: KnownLayout, warnings: Warnings = warningList()): BankFile {
  const sheet = sheetOf(text, given);
  const formats = formatsOf(sheet);
  const columnOf = (...fields: BankField[]) => columnName(sheet, fields);
  let unread = 0;
  if (sheet.columns.includes("reasonCode"))
    return finishFile("csv_returns", [], returnsOf(sheet, formats, warnings), warnings);
  const drafts = new Map<string, StatementDraft>();
  const balances = new Map<
    StatementDraft,
    { amount: bigint; balance: bigint; draft: StatementDraft["entries"][number] }[]
  >();
  for (const row of sheet.rows) {
    const cell = cellsOf(row, sheet.columns);
    const amount = signedAmount(cell, formats);
    const text = joined(cell("label"), cell("details"));
    if (amount === undefined) {
      // Lines of totals and balances around the table have no amount of their own.
      if (cell("amount") || cell("debit") || cell("credit"))
        warnings.add("impossible_amount", row.line, {
          ...columnOf("amount", "debit", "credit"),
          value: joined(cell("amount"), cell("debit"), cell("credit")),
        });
      unread += 1;
      continue;
    }
    const bookedOn = dayOf(cell("bookedOn") || cell("valueOn"), formats.order);
    if (!bookedOn) {
      warnings.add(cell("bookedOn") ? "impossible_date" : "entry_without_date", row.line, {
        column: "date",
        ...columnOf("bookedOn", "valueOn"),
        value: cell("bookedOn"),
      });
      unread += 1;
      if (/total|solde/i.test(fold(row.cells.join(" ")))) continue;
    }
    const account = given?.account ?? accountText(cell("account")) ?? formats.account ?? "";
    const draft = drafts.get(account) ?? { ...newStatement(row.line), account, currency: formats.currency };
    drafts.set(account, draft);
    const entry: StatementDraft["entries"][number] = {
      position: String(row.line),
      amountMinor: amount,
      isReversal: false,
      status: "booked",
      bookedOn: bookedOn ?? null,
      valueOn: dayOf(cell("valueOn"), formats.order) ?? null,
      bankReference: orNull(cell("reference")),
      entryReference: null,
      typeCode: orNull(cell("type")),
      kind: kindOfLabel(joined(cell("type"), text)),
      text,
      details: [
        newDetail(amount, {
          payerName: orNull(cell("payer")),
          payerIban: accountText(cell("payerAccount")) ?? leadingIban(text) ?? null,
          endToEndId: orNull(cell("endToEndId")),
          remittance: joined(cell("details")) || joined(cell("label")),
        }),
      ],
    };
    draft.entries.push(entry);
    const balance = cell("balance") ? parseAmount(cell("balance"), formats.mark, formats.currency ?? EUR) : undefined;
    if (balance !== undefined) balances.set(draft, [...(balances.get(draft) ?? []), { amount, balance, draft: entry }]);
  }
  if (given && unread * 2 > sheet.rows.length)
    throw new FileRefused("csv_layout_unfit", warnings.all()[0]?.line ?? sheet.rows[0]?.line ?? 1);
  for (const [draft, known] of balances) if (known.length === draft.entries.length) setBalances(draft, known);
  return finishFile("csv", [...drafts.values()], [], warnings);
}

type Formats = { order: DayOrder; mark: DecimalMark; currency: Currency | null; account: string | undefined };

/** The column that a fault is about, by its header or its number. */
function columnName({ columns, header }: Sheet, fields: readonly BankField[]): { column?: string } {
  const at = columns.findIndex((column) => column !== null && fields.includes(column));
  return at < 0 ? {} : { column: header[at]?.trim() || String(at + 1) };
}

function formatsOf({ rows, columns, before, header, given }: Sheet): Formats {
  if (given) {
    const { dayOrder, decimalMark } = given.layout;
    return {
      order: dayOrder,
      mark: decimalMark,
      currency: parseCurrency(given.currency) ?? null,
      account: given.account,
    };
  }
  const column = (...fields: BankField[]) =>
    rows.slice(0, 2_000).flatMap((row) => fields.map((field) => row.cells[columns.indexOf(field)] ?? ""));
  const order = dayOrderOf(column("bookedOn", "valueOn").filter((text) => text !== ""));
  const texts = before.flatMap((row) => row.cells.map((cell) => cell.trim()));
  const named =
    column("currency").find((text) => parseCurrency(text)) ??
    /\b(EUR|USD|GBP|CHF)\b|€/.exec([...header, ...texts].join(" "))?.[0];
  const account = texts.flatMap(
    (text) => leadingIban(text.replace(/\s+/g, "")) ?? leadingIban(text.split(/[:\s]/).slice(1).join("")) ?? [],
  )[0];
  return {
    order: order === undefined || order === "none" ? "dmy" : order,
    mark: decimalMarkOf(column("amount", "debit", "credit")) ?? ",",
    currency: named === "€" ? EUR : (parseCurrency(named ?? "") ?? null),
    account: account ?? /(?:compte|account)[^\d]{0,20}(\d[\dA-Z ]{4,30})/i.exec(texts.join(" "))?.[1]?.trim(),
  };
}

const cellsOf =
  (row: TableRow, columns: CsvMapping) =>
  (field: BankField): string =>
    columns.includes(field) ? (row.cells[columns.indexOf(field)] ?? "").trim() : "";

/** A debit column may already be negative; a sense column (D, C) signs an unsigned amount. */
function signedAmount(cell: (field: BankField) => string, { mark, currency }: Formats): bigint | undefined {
  const read = (text: string) => (text === "" ? undefined : parseAmount(text, mark, currency ?? EUR));
  const size = (amount: bigint) => (amount < 0n ? -amount : amount);
  const amount = read(cell("amount"));
  if (amount !== undefined) {
    const side = fold(cell("side"));
    return /^(d|-)/.test(side) ? -size(amount) : /^(c|\+)/.test(side) ? size(amount) : amount;
  }
  const credit = read(cell("credit"));
  const debit = read(cell("debit"));
  if (credit === undefined && debit === undefined) return undefined;
  return (credit ?? 0n) - size(debit ?? 0n);
}

const dayOf = (text: string, order: DayOrder) => (text === "" ? undefined : parseDay(text, order));

/** Running balances run up or down the file: opening and closing follow from its two ends. */
function setBalances(
  draft: StatementDraft,
  known: { amount: bigint; balance: bigint; draft: StatementDraft["entries"][number] }[],
): void {
  const first = known[0];
  const last = known.at(-1);
  if (!first || !last) return;
  const isRising = known.slice(1).every((row, index) => row.balance === (known[index]?.balance ?? 0n) + row.amount);
  const isFalling = known
    .slice(1)
    .every((row, index) => (known[index]?.balance ?? 0n) === row.balance + (known[index]?.amount ?? 0n));
  const isUp = isRising || (!isFalling && (first.draft.bookedOn ?? "") <= (last.draft.bookedOn ?? ""));
  const [begin, end] = isUp ? [first, last] : [last, first];
  draft.opening = { on: begin.draft.bookedOn, minor: begin.balance - begin.amount };
  draft.closing = { on: end.draft.bookedOn, minor: end.balance };
}

function returnsOf(sheet: Sheet, formats: Formats, warnings: Warnings): BankReturn[] {
  return sheet.rows.flatMap((row) => {
    const cell = cellsOf(row, sheet.columns);
    const amount = signedAmount(cell, formats);
    if (amount === undefined) {
      warnings.add("impossible_amount", row.line, { value: cell("amount") });
      return [];
    }
    const on = dayOf(cell("bookedOn") || cell("valueOn"), formats.order);
    if (!on) warnings.add("impossible_date", row.line, { column: "date", value: cell("bookedOn") });
    return newReturn(String(row.line), {
      endToEndId: orNull(cell("endToEndId")),
      originalId: orNull(cell("reference")),
      mandateId: orNull(cell("mandate")),
      reason: orNull(cell("reasonCode")),
      reasonText: orNull(cell("reasonText")),
      amountMinor: amount < 0n ? -amount : amount,
      currency: formats.currency,
      on: on ?? null,
      payerName: orNull(cell("payer")),
      reference: orNull(cell("details")) ?? orNull(cell("label")),
    });
  });
}
