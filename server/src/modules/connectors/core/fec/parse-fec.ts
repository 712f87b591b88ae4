import type { CalendarDate } from "#kernel/calendar-date.ts";
import { type Currency, EUR, parseCurrency } from "#kernel/money.ts";
import { type Fault, FileRefused, shorten } from "../fault.ts";
import { decimalMarkOf, parseAmount, parseDay } from "../parse-value.ts";
import { type Chunks, type Encoding, type Line, linesOf } from "../read-text.ts";
import { splitRecord } from "../table/records.ts";
import { type FecField, type FecLayout, fecHeader } from "./fec-header.ts";

/** One line of a FEC. Amounts are as written, in euro cents unless the file is kept in another currency: debit and credit may be negative. */
export type FecLine = {
  readonly line: number;
  readonly journalCode: string;
  readonly journalLib: string;
  readonly ecritureNum: string;
  readonly ecritureDate: CalendarDate;
  readonly compteNum: string;
  readonly compteLib: string;
  readonly compAuxNum: string;
  readonly compAuxLib: string;
  readonly pieceRef: string;
  readonly pieceDate: CalendarDate | undefined;
  readonly ecritureLib: string;
  readonly debit: bigint;
  readonly credit: bigint;
  readonly ecritureLet: string;
  readonly dateLet: CalendarDate | undefined;
  readonly foreign: Foreign | undefined;
};

const HEADER_SEARCH_LINES = 5;

/**
 * Lines of a FEC in batches; faults go to `onFault` and their line is left out. Throws FileRefused when the file is no FEC.
 * Document days and foreign amounts are only held against lines of wanted accounts: those of others are not read any further.
 * 18 or 22 columns, any of the usual separators, padded cells, blank lines and odd line ends are read.
 */
export async function* parseFec(
  chunks: Chunks,
  encoding: Encoding,
  onFault: (fault: Fault) => void,
  isWanted: (account: string) => boolean = () => true,
): AsyncGenerator<FecLine[]> {
  let layout: FecLayout | undefined;
  let isAmountWithPoint: boolean | undefined;
  for await (const batch of linesOf(chunks, encoding)) {
    if (layout) isAmountWithPoint ??= pointInAmounts(batch, layout);
    const parsed: FecLine[] = [];
    for (const { number, text } of batch) {
      if (text.trim() === "") continue;
      if (!layout) {
        layout = fecHeader(text);
        if (!layout && number >= HEADER_SEARCH_LINES) throw new FileRefused("not_a_fec", 1);
        if (layout) isAmountWithPoint = pointInAmounts(batch, layout);
        continue;
      }
      const cells = split(text, layout);
      if (isTotals(cells, layout)) {
        onFault({ code: "totals_left_out", line: number });
        continue;
      }
      const line = parseLine(cells, number, layout, isAmountWithPoint ? "." : ",", onFault, isWanted);
      if (line) parsed.push(line);
    }
    if (parsed.length > 0) yield parsed;
  }
  if (!layout) throw new FileRefused("not_a_fec", 1);
}

/** Quotes mean something where the header is quoted, the whole line is, or a cell holds the separator; else they are part of a label. */
function split(text: string, { isQuoted, separator, columnCount }: FecLayout): string[] {
  if (isQuoted || (text.startsWith('"') && text.includes(`"${separator}"`))) return splitRecord(text, separator);
  const cells = text.split(separator);
  return cells.length > columnCount && text.includes(`${separator}"`) ? splitRecord(text, separator) : cells;
}

/** The decimal comma is the law; some exports write a point. The first amount of a batch that is sure decides. */
function pointInAmounts(batch: readonly Line[], layout: FecLayout): boolean | undefined {
  const texts = batch.flatMap(({ text }) => {
    const cells = split(text, layout);
    return AMOUNTS.map((field) => cells[layout.at[field]] ?? "").filter((cell) => /^[-+ \d.,]*$/.test(cell));
  });
  const mark = decimalMarkOf(texts);
  return mark && mark === ".";
}

const AMOUNTS = ["debit", "credit", "montant"] as const;

/** A line of totals that a spreadsheet or a report adds at the end. */
function isTotals(cells: readonly string[], { at }: FecLayout): boolean {
  const isBlank = (field: FecField) => (cells[at[field]] ?? "").trim() === "";
  return (
    isBlank("ecritureNum") &&
    (isBlank("compteNum") || isBlank("ecritureDate")) &&
    cells.some((cell) => /^(sous[- ]?)?totaux|^(sous[- ]?)?total\b/i.test(cell.trim()))
  );
}

/** Cells that every line must reach: a line cut short before its amounts is no line. */
const shortest = ({ at, columnCount }: FecLayout): number =>
  Math.min(columnCount, 1 + Math.max(at.ecritureLib, at.debit, at.credit, at.montant, at.sens));

const isNoDay = (text: string): boolean => /^[0/. -]*$/.test(text);

function parseLine(
  cells: readonly string[],
  line: number,
  layout: FecLayout,
  mark: "," | ".",
  onFault: (fault: Fault) => void,
  isWanted: (account: string) => boolean,
): FecLine | undefined {
  const cell = (field: FecField) => (layout.at[field] < 0 ? "" : (cells[layout.at[field]] ?? "").trim());
  const refuse = (code: string, column: string, value: string) => {
    onFault({ code, line, column, value: shorten(value) });
    return undefined;
  };
  if (cells.length < shortest(layout)) {
    return refuse("too_few_columns", String(cells.length), cells.join(" ").trim());
  }
  const compteNum = cell("compteNum");
  if (compteNum === "") return refuse("account_missing", "CompteNum", "");
  const ecritureDate = parseDay(cell("ecritureDate"), "dmy");
  if (!ecritureDate) return refuse("impossible_date", "EcritureDate", cell("ecritureDate"));
  const amounts = amountsOf(cell, mark);
  if ("column" in amounts) return refuse("impossible_amount", amounts.column, amounts.value);
  const pieceDate = parseDay(cell("pieceDate"), "dmy");
  if (!pieceDate && !isNoDay(cell("pieceDate")) && isWanted(compteNum))
    return refuse("impossible_date", "PieceDate", cell("pieceDate"));
  const foreign = isWanted(compteNum) ? foreignOf(cell, mark) : undefined;
  if (foreign && "column" in foreign) return refuse(foreign.code, foreign.column, foreign.value);
  return {
    line,
    journalCode: cell("journalCode"),
    journalLib: cell("journalLib"),
    ecritureNum: cell("ecritureNum"),
    ecritureDate,
    compteNum,
    compteLib: cell("compteLib"),
    compAuxNum: cell("compAuxNum"),
    compAuxLib: cell("compAuxLib"),
    pieceRef: cell("pieceRef"),
    pieceDate,
    ecritureLib: cell("ecritureLib"),
    debit: amounts.debit,
    credit: amounts.credit,
    ecritureLet: cell("ecritureLet"),
    dateLet: parseDay(cell("dateLet"), "dmy"),
    foreign,
  };
}

type Cell = (field: FecField) => string;

function amountsOf(cell: Cell, mark: "," | "."): { debit: bigint; credit: bigint } | { column: string; value: string } {
  const read = (text: string) => (text === "" ? 0n : parseAmount(text, mark, EUR));
  if (cell("montant") !== "" || cell("sens") !== "") {
    const amount = read(cell("montant"));
    const sense = cell("sens").toUpperCase();
    if (amount === undefined) return { column: "Montant", value: cell("montant") };
    if (sense.startsWith("D") || sense === "+1" || sense === "1") return { debit: amount, credit: 0n };
    if (sense.startsWith("C") || sense === "-1") return { debit: 0n, credit: amount };
    return { column: "Sens", value: cell("sens") };
  }
  const debit = read(cell("debit"));
  if (debit === undefined) return { column: "Debit", value: cell("debit") };
  const credit = read(cell("credit"));
  if (credit === undefined) return { column: "Credit", value: cell("credit") };
  return { debit, credit };
}

type Foreign = { readonly minor: bigint; readonly currency: Currency };

function foreignOf(cell: Cell, mark: "," | "."): Foreign | { code: string; column: string; value: string } | undefined {
  const code = /^(€|euros?)$/i.test(cell("idevise")) ? EUR : cell("idevise");
  const text = cell("montantDevise");
  if (code === "" || text === "") return undefined;
  const currency = parseCurrency(code);
  if (!currency) return { code: "unknown_currency", column: "Idevise", value: code };
  const minor = parseAmount(text, mark, currency);
  if (minor === undefined) return { code: "impossible_amount", column: "Montantdevise", value: text };
  return minor === 0n ? undefined : { minor, currency };
}
