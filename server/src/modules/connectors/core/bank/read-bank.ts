import { decodeWhole } from "../decode.ts";
import { FileRefused } from "../fault.ts";
import { csvSheet, readBankCsv } from "./bank-csv.ts";
import type { CsvMapping } from "./bank-csv-columns.ts";
import { type Warnings, warningList } from "./build.ts";
import { isCamt, readCamt } from "./camt.ts";
import { isCfonb120, isCfonb240 } from "./cfonb.ts";
import { readCfonb120 } from "./cfonb-120.ts";
import { readCfonb240 } from "./cfonb-240.ts";
import { isCoda, readCoda } from "./coda.ts";
import { isMt940, readMt940 } from "./mt940.ts";
import { isOfx, readOfx } from "./ofx.ts";
import { isPain002, readPain002 } from "./pain-002.ts";
import { isQif, readQif } from "./qif.ts";
import type { BankFile } from "./statement.ts";

type Reader = {
  readonly fits: (text: string) => boolean;
  readonly read: (text: string, warnings: Warnings) => BankFile;
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
  { fits: (text) => csvSheet(text) !== undefined, read: (text, warnings) => readBankCsv(text, undefined, warnings) },
];

/**
 * A bank statement or return file of any known format, told by its content. Throws FileRefused when it is none or cannot be read at all.
 * `mapping` tells the columns of a CSV.
 */
export function readBank(content: Buffer, mapping?: CsvMapping): BankFile {
  const { text, isAsDeclared, encoding } = decodeWhole(content);
  const warnings = warningList();
  if (!isAsDeclared) warnings.add("encoding_not_as_declared", 1, { value: encoding });
  if (mapping) return readBankCsv(text, mapping, warnings);
  const reader = READERS.find(({ fits }) => fits(text));
  if (reader) return reader.read(text, warnings);
  // A DOCTYPE or damage may hide what an XML file is: the reason is better than "unknown".
  if (/^\s*</.test(text)) readCamt(text, warnings);
  throw new FileRefused("not_a_statement", 1);
}
