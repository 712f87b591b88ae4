import { createReadStream } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import type { ReadKind } from "#contracts/read.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { inspectCsv } from "../core/bank/inspect-csv.ts";
import { readBank, readGivenBank } from "../core/bank/read-bank.ts";
import { decodeWhole, LARGEST_WHOLE } from "../core/decode.ts";
import { looksLikeInvoice, readEInvoice } from "../core/einvoice/read-einvoice.ts";
import { type Fault, FileRefused } from "../core/fault.ts";
import { type FecSurvey, fecSurveyor } from "../core/fec/fec-entries.ts";
import { findFecHeader } from "../core/fec/fec-header.ts";
import { fecItem, fiscalYearOf } from "../core/fec/fec-items.ts";
import { type FecLine, parseFec } from "../core/fec/parse-fec.ts";
import { ledgerDialectOf, parseLedger } from "../core/ledger/dialects.ts";
import { type LedgerLine, ledgerItem } from "../core/ledger/ledger-line.ts";
import { sageParties } from "../core/ledger/sage.ts";
import { type Chunks, detectEncoding, type FileNature, linesOf, natureOf } from "../core/read-text.ts";
import type { TableKind } from "../core/table/columns.ts";
import { profileTable } from "../core/table/profile.ts";
import { separatorOf, type TableRow, textRecords } from "../core/table/records.ts";
import { itemReader, type TableDraft } from "../core/table/table-items.ts";
import { checkArchive, workbookRecords } from "../core/table/workbook.ts";
import { profileLedger } from "./ledger-profile.ts";
import type {
  FecPlan,
  FileProfile,
  FileReading,
  ItemsPlan,
  ReadTask,
  Reply,
  Request,
  RowsPlan,
  Survey,
  TableSource,
} from "./protocol.ts";
import { isEntriesFormat } from "./protocol.ts";
import { accountList, faultList, supplierList } from "./tallies.ts";

// Reads one untrusted file under a memory cap, away from everything else. Answers requests one at a time; rows are sent batch by
// batch and the next one only when it is asked for.

const { path } = (workerData as { task: ReadTask }).task;
const BATCH = 2_000;
const FIRST_LINES = 60;

const chunks: Chunks = () => createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>;
const port = parentPort;
if (!port) throw new Error("only runs as a worker");

const waiting: ((request: Request) => void)[] = [];
const arrived: Request[] = [];
port.on("message", (request: Request) => {
  const next = waiting.shift();
  if (next) next(request);
  else arrived.push(request);
});
const receive = (): Promise<Request> => {
  const known = arrived.shift();
  return known ? Promise.resolve(known) : new Promise((resolve) => waiting.push(resolve));
};
const send = (reply: Reply) => port.postMessage(reply);

async function answer(request: Request): Promise<void> {
  switch (request.ask) {
    case "profile":
      return send({ reply: "profile", profile: await profile(request.kind, request.closingOn) });
    case "survey":
      return send({
        reply: "survey",
        survey: isEntries(request.plan) ? await surveyFec(request.plan) : await surveyItems(request.plan),
      });
    case "drafts":
      return sendInBatches(
        isEntries(request.plan) ? fecDrafts(request.plan) : tableDrafts(request.plan, () => {}),
        (drafts) => ({ reply: "drafts", drafts }),
      );
    case "bank":
      return send({ reply: "bank", file: readGivenBank(await wholeFile(), request.knowledge) });
    case "csv":
      return send({ reply: "csv", inspection: inspectCsv(await wholeFile(), request.request) });
    case "einvoice":
      return send({ reply: "einvoice", file: readEInvoice(await wholeFile()) });
    case "read":
      return send({ reply: "read", reading: await readAny(request.kind, request.closingOn) });
    case "rows":
      return sendInBatches(tableRows(request.plan), (rows) => ({ reply: "rows", rows }));
  }
}

/** Reads a file as what it is said to be, or as what its content tells. */
async function readAny(wanted: ReadKind | null, closingOn: CalendarDate | null): Promise<FileReading> {
  const kind = wanted ?? (await kindOfContent());
  if (kind === "bank") {
    try {
      return { kind, file: readBank(await wholeFile()) };
    } catch (error) {
      // Nobody said that it is a statement: it is nothing that we know.
      if (wanted === null && error instanceof FileRefused && error.fault.code === "not_a_statement")
        throw new FileRefused("unknown_file", error.fault.line);
      throw error;
    }
  }
  if (kind === "einvoice") return { kind, file: readEInvoice(await wholeFile()) };
  const { readFec: read } = await import("./read-fec.ts");
  refuseNoText(natureOf(await headOf()));
  return { kind, fec: await read(chunks, await detectEncoding(chunks), closingOn) };
}

async function kindOfContent(): Promise<ReadKind> {
  const head = await headOf();
  const nature = natureOf(head);
  if (nature === "pdf") return "einvoice";
  if (nature === "xlsx") throw new FileRefused("workbook_or_archive");
  refuseNoText(nature);
  const text = new TextDecoder(await detectEncoding(chunks)).decode(head).replace(/^\ufeff/, "");
  if (/^\s*</.test(text)) {
    // A licence longer than the head may stand before the root.
    return looksLikeInvoice(decodeWhole(await wholeFile()).text) ? "einvoice" : "bank";
  }
  return findFecHeader(text.split(/\r\n|\n|\r/, FIRST_LINES)) ? "fec" : "bank";
}

async function headOf(): Promise<Buffer> {
  const handle = await open(path);
  const head = Buffer.alloc(65_536);
  const { bytesRead } = await handle.read(head, 0, head.length, 0);
  await handle.close();
  return head.subarray(0, bytesRead);
}

function refuseNoText(nature: FileNature): void {
  if (nature === "empty") throw new FileRefused("empty_file");
  if (nature === "xls") throw new FileRefused("old_workbook");
  if (nature === "pdf") throw new FileRefused("pdf_file");
  if (nature === "archive") throw new FileRefused("archive_file");
  if (nature === "binary") throw new FileRefused("binary_file");
}

/** A statement or an invoice is read as a whole, within its bound. */
async function wholeFile(): Promise<Buffer> {
  if ((await stat(path)).size > LARGEST_WHOLE) throw new FileRefused("file_too_large");
  return readFile(path);
}

/** Sends rows, waiting to be asked before each further batch; "stop" in between ends it. */
async function sendInBatches<T>(source: AsyncIterable<T[]>, message: (rows: T[]) => Reply): Promise<void> {
  let batch: T[] = [];
  for await (const rows of source) {
    batch.push(...rows);
    if (batch.length < BATCH) continue;
    send(message(batch));
    batch = [];
    if ((await receive()).ask !== "next") return;
  }
  if (batch.length > 0) {
    send(message(batch));
    if ((await receive()).ask !== "next") return;
  }
  send({ reply: "end" });
}

async function profile(wanted: TableKind | "fec" | null, closingOn: CalendarDate | null): Promise<FileProfile> {
  const nature = natureOf(await headOf());
  refuseNoText(nature);
  if (nature === "xlsx") {
    const file = await readFile(path);
    checkArchive(file);
    return { format: "xlsx", table: await profileRecords(workbookRecords(file, 0), wanted) };
  }
  const encoding = await detectEncoding(chunks);
  const first: string[] = [];
  for await (const lines of linesOf(chunks, encoding)) {
    first.push(...lines.map((line) => line.text));
    if (first.length >= FIRST_LINES) break;
  }
  const lines = first.slice(0, FIRST_LINES).filter((line) => line.trim() !== "");
  if (lines.length === 0) throw new FileRefused("empty_file");
  const dialect = ledgerDialectOf(lines);
  if (dialect) return profileLedger(dialect, wanted, encoding, { chunks, head: await headOf(), profileRecords });
  const found = wanted === null || wanted === "fec" ? findFecHeader(lines) : undefined;
  if (found || wanted === "fec") {
    const survey = await readFec(
      { format: "fec", encoding, bookCurrency: "EUR" as never, accountPrefixes: ["411"], closingOn },
      () => {},
    );
    const separator = found?.layout.separator ?? "\t";
    const cells = lines.slice(found?.index ?? 0).map((line) => line.replace(/^\ufeff/, "").split(separator));
    return {
      format: "fec",
      encoding,
      separator,
      fiscalYear: fiscalYearOf(survey, closingOn ?? undefined) ?? null,
      lines: survey.lines,
      headers: cells[0] ?? [],
      sample: cells.slice(1, 21),
    };
  }
  const separator = separatorOf(lines.map((line) => line.replace(/^\ufeff/, "")));
  return {
    format: "csv",
    encoding,
    separator,
    table: await profileRecords(textRecords(chunks, encoding, separator), wanted),
  };
}

async function profileRecords(records: AsyncIterable<TableRow[]>, wanted: TableKind | "fec" | null) {
  const table = await profileTable(records, wanted === null || wanted === "fec" ? undefined : wanted);
  if (!table) throw new FileRefused("no_header", 1);
  return table;
}

async function readFec(
  plan: FecPlan,
  onFault: (fault: Fault) => void,
  onLine: (line: FecLine) => void = () => {},
): Promise<FecSurvey> {
  const surveyor = fecSurveyor(isReceivableOf(plan));
  for await (const lines of entriesOf(plan, onFault))
    for (const line of lines) {
      surveyor.add(line);
      onLine(line);
    }
  return surveyor.survey();
}

const isEntries = (plan: FecPlan | ItemsPlan): plan is FecPlan => isEntriesFormat(plan.format);

const entriesOf = (plan: FecPlan, onFault: (fault: Fault) => void): AsyncGenerator<(FecLine | LedgerLine)[]> =>
  plan.format === "fec"
    ? parseFec(chunks, plan.encoding, onFault, isReceivableOf(plan))
    : parseLedger(plan.format, chunks, plan.encoding, onFault);

const isReceivableOf = (plan: FecPlan) => (account: string) =>
  plan.accountPrefixes.some((prefix) => account.startsWith(prefix));

let surveyed: FecSurvey | undefined;

async function surveyFec(plan: FecPlan): Promise<Survey> {
  const faults = faultList();
  let leftOut = 0;
  const suppliers = supplierList();
  const onFault = (fault: Fault) => {
    if (fault.code === "totals_left_out") leftOut += 1;
    else faults.add(fault);
  };
  const survey = await readFec(plan, onFault, suppliers.add);
  surveyed = survey;
  const accounts = accountList();
  let rows = 0;
  let debitMinor = 0n;
  let creditMinor = 0n;
  for await (const drafts of fecDrafts(plan)) {
    for (const draft of drafts) {
      rows += 1;
      accounts.add(draft);
      const book = draft.bookMinor ?? 0n;
      if (book > 0n) debitMinor += book;
      else creditMinor -= book;
    }
  }
  const bad = [...survey.entries.entries()].filter(([, entry]) => entry.balance !== 0n);
  const [, first] = bad[0] ?? [];
  const gapMinor = survey.debitMinor - survey.creditMinor;
  return {
    accounts: accounts.all(),
    rows,
    ...faults.result(),
    debitMinor,
    creditMinor,
    // Other files than a FEC are no year of the books: they say what moved, and nothing of the rest.
    fiscalYear: plan.format === "fec" ? (fiscalYearOf(survey, plan.closingOn ?? undefined) ?? null) : null,
    unbalanced: {
      count: bad.length,
      first: first ? { code: "unbalanced_entry", line: first.line, value: String(first.balance) } : null,
      touchesReceivables: bad.some(([, entry]) => entry.hasReceivable),
      gapMinor,
    },
    repeated: 0,
    leftOut,
    suppliers: plan.format === "fec" ? suppliers.all() : [],
  };
}

async function* fecDrafts(plan: FecPlan): AsyncGenerator<TableDraft[]> {
  surveyed ??= await readFec(plan, () => {});
  const fiscalYear = fiscalYearOf(surveyed, plan.closingOn ?? undefined);
  if (!fiscalYear) return;
  const context = { survey: surveyed, bookCurrency: plan.bookCurrency, fiscalYear };
  const isReceivable = isReceivableOf(plan);
  for await (const lines of entriesOf(plan, () => {})) {
    const drafts: TableDraft[] = [];
    for (const line of lines) {
      const draft = isReceivable(line.compteNum)
        ? "nature" in line
          ? ledgerItem(line, context)
          : fecItem(line, context)
        : undefined;
      if (draft) drafts.push(draft);
    }
    if (drafts.length > 0) yield drafts;
  }
}

async function surveyItems(plan: ItemsPlan): Promise<Survey> {
  const faults = faultList();
  const accounts = accountList();
  let rows = 0;
  let debitMinor = 0n;
  let creditMinor = 0n;
  const reader = itemReader(plan.plan, faults.add);
  for await (const batch of tableRows(plan)) {
    for (const row of batch) {
      for (const draft of reader.read(row) ?? []) {
        rows += 1;
        accounts.add(draft);
        const book = draft.bookMinor ?? 0n;
        if (book > 0n) debitMinor += book;
        else creditMinor -= book;
      }
    }
  }
  const unbalanced = { count: 0, first: null, touchesReceivables: false, gapMinor: 0n };
  const counts = { repeated: reader.repeated(), leftOut: reader.leftOut() };
  return {
    accounts: accounts.all(),
    rows,
    ...faults.result(),
    debitMinor,
    creditMinor,
    fiscalYear: null,
    unbalanced,
    suppliers: [],
    ...counts,
  };
}

async function* tableDrafts(plan: ItemsPlan, onFault: (fault: Fault) => void): AsyncGenerator<TableDraft[]> {
  const reader = itemReader(plan.plan, onFault);
  for await (const batch of tableRows(plan)) yield batch.flatMap((row) => reader.read(row) ?? []);
}

async function* tableRows(plan: RowsPlan): AsyncGenerator<TableRow[]> {
  for await (const batch of recordsOf(plan)) {
    const rows = batch.filter((row) => row.line > plan.headerLine);
    if (rows.length > 0) yield rows;
  }
}

async function* recordsOf(source: TableSource): AsyncGenerator<TableRow[]> {
  if (source.format === "parties") yield* sageParties(chunks, source.encoding, source.kind);
  else if (source.format === "csv") yield* textRecords(chunks, source.encoding, source.separator);
  else yield* workbookRecords(await readFile(path), 0);
}

for (;;) {
  const request = await receive();
  if (request.ask === "stop") break;
  try {
    await answer(request);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    send({ reply: "refused", fault: error.fault });
  }
}
port.close();
