import { decodeWhole } from "../decode.ts";
import { FileRefused } from "../fault.ts";
import { csvSheet, readBankCsv } from "./bank-csv.ts";
import { type Warnings, warningList } from "./build.ts";
import { isCamt, readCamt } from "./camt.ts";
import { isCfonb120, isCfonb240 } from "./cfonb.ts";
import { readCfonb120 } from "./cfonb-120.ts";
import { readCfonb240 } from "./cfonb-240.ts";
import { isCoda, readCoda } from "./coda.ts";
import { isTable, type KnownLayout, layoutOf } from "./csv-layout.ts";
import { isMt940, readMt940 } from "./mt940.ts";
import { isOfx, readOfx } from "./ofx.ts";
import { isPain002, readPain002 } from "./pain-002.ts";
import { isQif, readQif } from "./qif.ts";
import type { BankFile } from "./statement.ts";

type Reader = {
  readonly fits: (text: string) => boolean;
  readonly read: (text: string, warnings: Warnings) => BankFile;
};

const CSV: Reader = {
  fits: (text) => csvSheet(text) !== undefined,
  read: (text, warnings) => readBankCsv(text, undefined, warnings),
};

/** In the order they are tried: what says most about itself first. */
const READERS: readonly Reader[] = [
  { fits: isCamt, read: readCamt },
  { fits: isPain002, read: readPain002 },
  { fits: isOfx, read: readOfx },
  { fits: isCfonb120, read: readCfonb120 },
  { fits: isCfonb240, read: readCfonb240 },
  { fits: isCoda, read: readCoda },
  { fits: isMt940, read: readMt940 },
  { fits: isQif, read: readQif },
  CSV,
];

/** What people said about CSV files: layouts that were kept, and one chosen for this very file. */
export type CsvKnowledge = {
  readonly name?: string;
  readonly known?: readonly KnownLayout[];
  readonly chosen?: KnownLayout;
};

/**
 * A bank statement or return file of any known format, told by its content. Throws FileRefused when it is none or cannot be read at all.
 * A CSV is read by a layout where one is chosen or kept for files that look like it; `csv_not_mapped` asks for one.
 */
export function readBank(content: Buffer, { name = "", known = [], chosen }: CsvKnowledge = {}): BankFile {
  const { text, isAsDeclared, encoding } = decodeWhole(content);
  const warnings = warningList();
  if (!isAsDeclared) warnings.add("encoding_not_as_declared", 1, { value: encoding });
  const reader = chosen ? undefined : READERS.find(({ fits }) => fits(text));
  const isCsv = reader === undefined || reader === CSV;
  const kept = chosen ?? (isCsv && known.length > 0 ? layoutOf(text, name, known) : undefined);
  if (kept) return readBankCsv(text, kept, warnings);
  if (reader) return reader.read(text, warnings);
  // A DOCTYPE or damage may hide what an XML file is: the reason is better than "unknown".
  if (/^\s*</.test(text)) readCamt(text, warnings);
  throw new FileRefused("not_a_statement", 1);
}

/** The same, for a file that somebody takes for a statement: a table that says nothing of itself asks for its layout. */
export function readGivenBank(content: Buffer, knowledge: CsvKnowledge): BankFile {
  try {
    return readBank(content, knowledge);
  } catch (error) {
    if (!(error instanceof FileRefused) || error.fault.code !== "not_a_statement") throw error;
    throw isTable(decodeWhole(content).text) ? new FileRefused("csv_not_mapped", 1) : error;
  }
}
