import { decodeWhole } from "../decode.ts";
import { FileRefused } from "../fault.ts";
import type { TableRow } from "../table/records.ts";
import { readBankCsv } from "./bank-csv.ts";
import { type CsvLayout, guessLayout, isTable, MOST_CELLS } from "./csv-layout.ts";
import type { BankFile } from "./statement.ts";

/** A table as it stands, how it is or could be read, and what that gives. */
export type CsvInspection = {
  readonly rows: readonly TableRow[];
  readonly rowCount: number;
  readonly layout: CsvLayout;
  /** Null while the layout names no day or amount, or does not fit; `reason` says which. */
  readonly file: BankFile | null;
  readonly reason: string | null;
};

export type InspectionRequest = {
  readonly layout: CsvLayout | null;
  /** Another separator than the one that was found. */
  readonly separator: string | null;
  readonly account: string;
  readonly currency: string;
};

const SHOWN = 40;
const LONGEST_CELL = 200;

/** Shows a table and what a layout, given or guessed, makes of it. Refuses what is no table. */
export function inspectCsv(
  content: Buffer,
  { layout, separator, account, currency }: InspectionRequest,
): CsvInspection {
  const { text } = decodeWhole(content);
  if (/^\s*</.test(text) || !isTable(text)) throw new FileRefused("not_a_statement", 1);
  const guess = guessLayout(text, layout?.separator ?? separator ?? undefined);
  const used = layout ?? guess.layout;
  const rows = guess.rows.slice(0, SHOWN).map(({ line, cells }) => ({
    line,
    cells: cells.slice(0, MOST_CELLS).map((cell) => cell.trim().slice(0, LONGEST_CELL)),
  }));
  const shown = { rows, rowCount: guess.rows.length, layout: used };
  try {
    return { ...shown, file: readBankCsv(text, { layout: used, account, currency }), reason: null };
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return { ...shown, file: null, reason: error.fault.code };
  }
}
