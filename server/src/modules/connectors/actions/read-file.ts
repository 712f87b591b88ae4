import type { Language } from "#contracts/common.ts";
import type { Reading, ReadKind } from "#contracts/read.ts";
import type { CsvInspection, InspectionRequest } from "../core/bank/inspect-csv.ts";
import type { CsvKnowledge } from "../core/bank/read-bank.ts";
import type { BankFile } from "../core/bank/statement.ts";
import type { EInvoiceFile } from "../core/einvoice/invoice.ts";
import { type FileReader, openFileReader, type ReadLimits } from "../worker/file-reader.ts";
import { readingView } from "./reading-view.ts";
import { closingDateOf } from "./start-import.ts";

/** Runs `work` on a reader of the file and ends its worker, whatever happens. */
async function withReader<T>(
  path: string,
  work: (reader: FileReader) => Promise<T>,
  limits?: Partial<ReadLimits>,
): Promise<T> {
  const reader = openFileReader(path, limits);
  try {
    return await work(reader);
  } finally {
    await reader.close();
  }
}

/**
 * What a bank's file says, read in the worker with its memory cap. Throws FileRefused when it is no statement or return file.
 * `knowledge` tells how CSV files are to be read whose headers tell nothing.
 */
export const readBankFile = (path: string, knowledge: CsvKnowledge = {}): Promise<BankFile> =>
  withReader(path, (reader) => reader.bank(knowledge));

/** A table as it stands and what a layout makes of it, read in the worker. Throws FileRefused when it is none. */
export const inspectCsvFile = (path: string, request: InspectionRequest): Promise<CsvInspection> =>
  withReader(path, (reader) => reader.csv(request));

/** What an e-invoice or a life-cycle message says, read in the worker. Throws FileRefused when it is neither. */
export const readEInvoiceFile = (path: string): Promise<EInvoiceFile> =>
  withReader(path, (reader) => reader.einvoice());

type Asked = {
  readonly kind: ReadKind | null;
  /** Tells the closing day of a FEC. */
  readonly fileName: string;
  readonly language: Language;
  /** Bounds of the reading worker, where they are not those of a server: a command has the machine to itself. */
  readonly limits?: Partial<ReadLimits>;
};

/**
 * What a file of any kind says, in words of a language, without storing anything. The kind is told by content unless given. Throws FileRefused
 * when the file cannot be read at all.
 */
export const readAnyFile = (path: string, { kind, fileName, language, limits }: Asked): Promise<Reading> =>
  withReader(
    path,
    async (reader) => readingView(await reader.read(kind, closingDateOf(fileName) ?? null), language),
    limits,
  );
