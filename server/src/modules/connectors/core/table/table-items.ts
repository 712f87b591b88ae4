import type { CalendarDate } from "#kernel/calendar-date.ts";
import { type Currency, parseCurrency } from "#kernel/money.ts";
import { fold } from "#kernel/text.ts";
import type { ItemDraft } from "../draft.ts";
import { type Fault, shorten } from "../fault.ts";
import { type DayOrder, type DecimalMark, parseAmount, parseDay } from "../parse-value.ts";
import type { Field } from "./columns.ts";
import type { TableRow } from "./records.ts";

/** How cells become rows; what was detected, or what a person chose instead. */
export type TablePlan = {
  readonly mapping: readonly (Field | null)[];
  readonly headers: readonly string[];
  readonly decimalMark: DecimalMark;
  readonly dayOrder: DayOrder;
  /** Currency of rows that name none. */
  readonly currency: Currency;
  readonly bookCurrency: Currency;
  readonly coverage: "movements" | "open_snapshot" | "full";
  /** Columns whose whole numbers were written as decimals ("1930659387.0"). */
  readonly wholeColumns: readonly number[];
};

/** A draft whose book amount may still be unknown: no rate is at hand where files are read. */
export type TableDraft = Omit<ItemDraft, "bookMinor"> & { readonly bookMinor: bigint | null };

export type RowReader = {
  /** Ledger rows of one table row: a document, and its payment where the row tells of one. Undefined when the row says nothing. */
  read(row: TableRow): TableDraft[] | undefined;
  /** Documents met more than once, kept as instalments. */
  readonly repeated: () => number;
  /** Rows of totals and the like, left out. */
  readonly leftOut: () => number;
};

const DEFAULT_CONTROL_ACCOUNT = "411000";

class RowRefused extends Error {
  readonly fault: Omit<Fault, "line">;

  constructor(code: string, column: string, value: string) {
    super(code);
    this.fault = { code, column, value: shorten(value) };
  }
}

/** Reads rows of a table of items; a refused row goes to `onFault` with its place and is left out. */
export function itemReader(plan: TablePlan, onFault: (fault: Fault) => void): RowReader {
  const columns = new Map<Field, number>();
  plan.mapping.forEach((field, column) => {
    if (field !== null) columns.set(field, column);
  });
  const wholes = new Set(plan.wholeColumns);
  const seen = new Map<string, number>();
  let repeated = 0;
  let leftOut = 0;
  const cellsOf = (row: TableRow) => (field: Field) => {
    const column = columns.get(field);
    if (column === undefined) return "";
    const text = withoutTextMark((row.cells[column] ?? "").trim());
    if (DAY_FIELDS.has(field) && !/[1-9a-z]/i.test(text)) return "";
    return wholes.has(column) ? text.replace(/\.0+$/, "") : text;
  };
  const headerOf = (field: Field) => plan.headers[columns.get(field) ?? -1] ?? field;
  return {
    read: (row) => {
      const cell = cellsOf(row);
      if (row.cells.every((text) => text.trim() === "")) return undefined;
      if (isTotals(cell) || isNoRow(row.cells, plan.headers)) {
        leftOut += 1;
        return undefined;
      }
      try {
        const document = readDocument(cell, headerOf, plan, row.line);
        if (!document) return undefined;
        const twin = `${document.controlAccount}|${document.auxiliary}|${document.side}|${document.documentNo}`;
        const nth = (seen.get(twin) ?? 0) + 1;
        if (document.documentNo) seen.set(twin, nth);
        if (nth > 1) repeated += 1;
        const instalmentNo = document.instalmentNo > 0 ? document.instalmentNo : nth;
        const key = document.documentNo ? `${twin}|${instalmentNo}` : null;
        const invoice: TableDraft = { ...document, instalmentNo, key };
        const payment = readPayment(cell, headerOf, plan, invoice);
        return payment ? [invoice, payment] : [invoice];
      } catch (error) {
        if (!(error instanceof RowRefused)) throw error;
        onFault({ ...error.fault, line: row.line });
        return undefined;
      }
    },
    repeated: () => repeated,
    leftOut: () => leftOut,
  };
}

type Cell = (field: Field) => string;
type Header = (field: Field) => string;

/** Spreadsheets keep numbers as text by a leading apostrophe or as ="00123". */
const withoutTextMark = (text: string): string =>
  text.startsWith('="') && text.endsWith('"') && text.length > 2
    ? text.slice(2, -1)
    : /^'[\d=+@-]/.test(text)
      ? text.slice(1)
      : text;

const TOTALS = /^(sous[- ]?totaux?|totaux|total|sub[- ]?total|grand total|sum|(zwischen|gesamt)?summe|gesamt)\b/;
/** "0000-00-00", "//" and "-" stand for no day. */
const DAY_FIELDS: ReadonlySet<Field> = new Set(["issuedOn", "postedOn", "dueOn", "paidOn"]);
const ROW_DAYS = ["issuedOn", "postedOn", "dueOn"] as const;

/** Rows of totals have no day; a customer may well be called Total. */
function isTotals(cell: Cell): boolean {
  if (ROW_DAYS.some((field) => /^\d/.test(cell(field)))) return false;
  const customer = cell("customerNumber") || cell("customerName");
  if (customer === "" && cell("documentNo") === "") return true;
  return TOTALS.test(fold(customer)) || (customer === "" && TOTALS.test(fold(cell("documentNo"))));
}

/** The header again at the head of a page, or a note alone in its row. */
const isNoRow = (cells: readonly string[], headers: readonly string[]): boolean =>
  (headers.length > 2 && cells.filter((text) => text.trim() !== "").length === 1) ||
  (cells.length >= headers.length && headers.every((header, index) => (cells[index] ?? "").trim() === header));

function readDocument(cell: Cell, header: Header, plan: TablePlan, line: number): TableDraft | undefined {
  const auxiliary = notMangled(cell, header, "customerNumber") || cell("customerName");
  if (auxiliary === "") throw new RowRefused("customer_missing", header("customerNumber"), "");
  const currency = currencyOf(cell, header, plan);
  const openRead = cell("openAmount") === "" ? undefined : amountOf(cell, header, "openAmount", plan, currency);
  const written = sided(writtenAmount(cell, header, plan, currency) ?? openRead, cell, header);
  if (written === undefined) throw new RowRefused("amount_missing", header("amount"), "");
  const kind = kindOf(cell("kind"), written);
  const isCredit = kind === "payment" || kind === "credit_note";
  const full = isCredit && written > 0n ? -written : written;
  const open = openRead ?? openByPaid(cell, header, plan, currency, full);
  const openMinor = open === undefined ? undefined : full < 0n && open > 0n ? -open : open;
  const entersOpen = openMinor !== undefined && plan.coverage !== "open_snapshot" && cell("paidOn") === "";
  const minor = entersOpen ? openMinor : full;
  if (minor === 0n) return undefined;
  const issued = dayOf(cell, header, "issuedOn", plan);
  const posted = dayOf(cell, header, "postedOn", plan);
  const due = dayOf(cell, header, "dueOn", plan);
  const postedOn = posted ?? issued ?? (isCredit ? dayOf(cell, header, "paidOn", plan) : undefined) ?? due;
  if (!postedOn) throw new RowRefused("date_missing", header("issuedOn"), "");
  // A payment that bears a document's number pays that document.
  const documentNo = notMangled(cell, header, "documentNo");
  const pays = cell("paysDocument") || (kind === "payment" ? documentNo : "");
  return {
    controlAccount: cell("controlAccount") || DEFAULT_CONTROL_ACCOUNT,
    auxiliary,
    accountName: cell("customerName") || auxiliary,
    key: null,
    kind,
    journal: cell("journal") || null,
    entryNo: null,
    side: minor < 0n ? "credit" : "debit",
    documentNo: documentNo || null,
    label: cell("label") || null,
    issuedOn: issued ?? postedOn,
    postedOn,
    dueOn: due ?? (minor < 0n ? postedOn : null),
    ...termOf(cell),
    instalmentNo: Number(/^\d{1,4}$/.exec(cell("instalmentNo"))?.[0] ?? 0),
    currency,
    minor,
    bookMinor: bookOf(cell, header, plan, currency, minor),
    paymentMethod: cell("paymentMethod") || null,
    letter: cell("letter") || null,
    letteredOn: null,
    fiscalYear: null,
    isOpening: false,
    ...(pays ? { links: [{ documentNo: pays }] } : {}),
    ...(openMinor !== undefined && plan.coverage === "open_snapshot" && openMinor !== minor ? { openMinor } : {}),
    line,
  };
}

/** The payment that a row tells of by a day and perhaps an amount; without an amount all of it was paid. */
function readPayment(cell: Cell, header: Header, plan: TablePlan, invoice: TableDraft): TableDraft | undefined {
  if (invoice.kind === "payment" || cell("paidOn") === "" || !invoice.key) return undefined;
  const paidOn = dayOf(cell, header, "paidOn", plan);
  if (!paidOn) return undefined;
  const size = paidSize(cell, header, plan, invoice);
  if (size === 0n) return undefined;
  const minor = invoice.minor > 0n ? -absolute(size) : absolute(size);
  const isWhole = minor === -invoice.minor;
  const bookMinor =
    invoice.currency === plan.bookCurrency ? minor : isWhole && invoice.bookMinor !== null ? -invoice.bookMinor : null;
  return {
    ...invoice,
    key: `${invoice.key}|paid`,
    kind: minor < 0n ? "payment" : "other",
    side: minor < 0n ? "credit" : "debit",
    issuedOn: paidOn,
    postedOn: paidOn,
    dueOn: paidOn,
    minor,
    bookMinor,
    letter: null,
    links: [{ key: invoice.key, minor: absolute(minor) }],
  };
}

/** What was paid: as written, else all but what the row says is left, else all. A snapshot says what is left by itself. */
function paidSize(cell: Cell, header: Header, plan: TablePlan, invoice: TableDraft): bigint {
  if (plan.coverage === "open_snapshot" && cell("openAmount") !== "") return 0n;
  const paid = paidOf(cell, header, plan, invoice.currency);
  if (paid !== undefined) return paid === "all" ? invoice.minor : paid;
  if (cell("openAmount") === "") return invoice.minor;
  return absolute(invoice.minor) - absolute(amountOf(cell, header, "openAmount", plan, invoice.currency));
}

/** What is left of a document that was paid in part on a day that the row does not tell. */
function openByPaid(cell: Cell, header: Header, plan: TablePlan, currency: Currency, full: bigint): bigint | undefined {
  if (cell("paidOn") !== "") return undefined;
  const paid = paidOf(cell, header, plan, currency);
  if (paid === undefined) return undefined;
  const left = absolute(full) - (paid === "all" ? absolute(full) : absolute(paid));
  return full < 0n ? -left : left;
}

const PAID_WORDS =
  /^(oui|yes|ja|x|vrai|true|(totalement |fully )?(payee?s?|reglee?s?|soldee?s?|acquittee?s?|paid|settled|closed|cleared|bezahlt)|annulee?s?|cancelled|canceled|void|voided)$/;
const UNPAID_WORDS =
  /^(non|no|nein|faux|false|impayee?s?|unpaid|(non |not )(payee?s?|reglee?s?|soldee?s?|paid)|open|ouverte?s?|offen|due|overdue|en (cours|attente|retard|litige)|a (payer|regler|relancer)|echue?s?|envoyee?s?|sent|emise?s?|validee?s?|pending|late|outstanding|authorised|finalisee?s?)$/;

/** An amount, or the words of a column "paid" or "status"; a document that was cancelled owes nothing. */
function paidOf(cell: Cell, header: Header, plan: TablePlan, currency: Currency): bigint | "all" | undefined {
  const text = cell("paidAmount");
  if (text === "") return undefined;
  if (PAID_WORDS.test(fold(text))) return "all";
  if (UNPAID_WORDS.test(fold(text))) return 0n;
  return amountOf(cell, header, "paidAmount", plan, currency);
}

/** An amount on the side that a column of its own names (D or C, S or H). */
function sided(minor: bigint | undefined, cell: Cell, header: Header): bigint | undefined {
  const text = fold(cell("side"));
  if (minor === undefined || text === "") return minor;
  if (/^(d|dr|db|debit|s|soll|\+1?|1)$/.test(text)) return minor;
  if (/^(c|cr|credit|h|haben|-1?)$/.test(text)) return -minor;
  throw new RowRefused("unknown_side", header("side"), cell("side"));
}

/** A number that a spreadsheet cut to "1,23E+14" names nothing any more. */
function notMangled(cell: Cell, header: Header, field: Field): string {
  const text = cell(field);
  if (/^\d([.,]\d+)?E\+\d{1,2}$/i.test(text)) throw new RowRefused("mangled_number", header(field), text);
  return text;
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);

function currencyOf(cell: Cell, header: Header, plan: TablePlan): Currency {
  const text = cell("currency");
  if (text === "") return plan.currency;
  const known = parseCurrency(text === "€" ? "EUR" : text === "$" ? "USD" : text === "£" ? "GBP" : text);
  if (!known) throw new RowRefused("unknown_currency", header("currency"), text);
  return known;
}

function amountOf(cell: Cell, header: Header, field: Field, plan: TablePlan, currency: Currency): bigint {
  const text = cell(field);
  const minor = parseAmount(text, plan.decimalMark, currency);
  if (minor === undefined) throw new RowRefused("impossible_amount", header(field), text);
  return minor;
}

function writtenAmount(cell: Cell, header: Header, plan: TablePlan, currency: Currency): bigint | undefined {
  if (cell("amount") !== "") return amountOf(cell, header, "amount", plan, currency);
  if (cell("debit") === "" && cell("credit") === "") return undefined;
  const side = (field: "debit" | "credit") => (cell(field) === "" ? 0n : amountOf(cell, header, field, plan, currency));
  return side("debit") - side("credit");
}

function bookOf(cell: Cell, header: Header, plan: TablePlan, currency: Currency, minor: bigint): bigint | null {
  if (currency === plan.bookCurrency) return minor;
  if (cell("bookAmount") === "") return null;
  const book = absolute(amountOf(cell, header, "bookAmount", plan, plan.bookCurrency));
  return minor < 0n ? -book : book;
}

function dayOf(cell: Cell, header: Header, field: Field, plan: TablePlan): CalendarDate | undefined {
  const text = cell(field);
  if (text === "") return undefined;
  const parsed = parseDay(text, plan.dayOrder);
  if (!parsed) throw new RowRefused("impossible_date", header(field), text);
  return parsed;
}

const termOf = (cell: Cell): { termDays?: number } => {
  const days = /^(?:net ?)?(\d{1,3})\b/i.exec(cell("termDays"));
  return days ? { termDays: Number(days[1]) } : {};
};

const KIND_WORDS: readonly [RegExp, TableDraft["kind"]][] = [
  [/impay|rejet|rejection|returned|unpaid|bounce/, "rejection"],
  [/avoir|credit ?note|credit ?memo|gutschrift|note de credit|^av$|^cn$|^ac$/, "credit_note"],
  [/reglement|paiement|payment|encaissement|acompte|zahlung|virement|cheque|receipt|^rg$|^rc$|^py$/, "payment"],
  [/facture|invoice|rechnung|debit ?note|^fa$|^fc$|^inv$/, "invoice"],
];

function kindOf(text: string, minor: bigint): TableDraft["kind"] {
  const plain = fold(text).replaceAll("_", " ");
  if (plain !== "") {
    const kind = KIND_WORDS.find(([pattern]) => pattern.test(plain))?.[1];
    if (kind && !(kind === "invoice" && minor < 0n)) return kind;
  }
  return minor < 0n ? "credit_note" : "invoice";
}
