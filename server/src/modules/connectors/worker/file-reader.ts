import type { ReadKind } from "#contracts/read.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { startThread } from "#platform/threads/index.ts";
import type { CsvInspection, InspectionRequest } from "../core/bank/inspect-csv.ts";
import type { CsvKnowledge } from "../core/bank/read-bank.ts";
import type { BankFile } from "../core/bank/statement.ts";
import type { EInvoiceFile } from "../core/einvoice/invoice.ts";
import { FileRefused } from "../core/fault.ts";
import type { TableRow } from "../core/table/records.ts";
import type { TableDraft } from "../core/table/table-items.ts";
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
} from "./protocol.ts";

export type ReadLimits = {
  readonly memoryMb: number;
  /** Longest time without an answer. */
  readonly silenceMs: number;
};
const LIMITS: ReadLimits = { memoryMb: 384, silenceMs: 120_000 };

/** Reads one file in a worker with a memory cap. Every method throws FileRefused when the file cannot be read. */
export type FileReader = {
  profile(request: Extract<Request, { ask: "profile" }>): Promise<FileProfile>;
  survey(plan: FecPlan | ItemsPlan): Promise<Survey>;
  drafts(plan: FecPlan | ItemsPlan): AsyncGenerator<readonly TableDraft[]>;
  rows(plan: RowsPlan): AsyncGenerator<readonly TableRow[]>;
  bank(knowledge: CsvKnowledge): Promise<BankFile>;
  csv(request: InspectionRequest): Promise<CsvInspection>;
  einvoice(): Promise<EInvoiceFile>;
  read(kind: ReadKind | null, closingOn: CalendarDate | null): Promise<FileReading>;
  close(): Promise<void>;
};

export function openFileReader(path: string, limits: Partial<ReadLimits> = {}): FileReader {
  const { memoryMb, silenceMs } = { ...LIMITS, ...limits };
  const worker = startThread(new URL("./read-worker.ts", import.meta.url), {
    task: { path } satisfies ReadTask,
    memoryMb,
  });
  let settle: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | undefined;
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    settle?.reject(failure);
    settle = undefined;
  };
  worker.on("message", (reply: Reply) => {
    settle?.resolve(reply);
    settle = undefined;
  });
  worker.on("error", (error: Error & { code?: string }) => {
    fail(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? new FileRefused("file_too_complex") : error);
  });
  worker.on("exit", () => fail(new FileRefused("file_too_complex")));
  const ask = async (request: Request): Promise<Reply> => {
    if (failure) throw failure;
    const reply = await new Promise<Reply>((resolve, reject) => {
      const timer = setTimeout(() => reject(new FileRefused("reading_too_long")), silenceMs);
      const finish = () => clearTimeout(timer);
      settle = {
        resolve: (value) => {
          finish();
          resolve(value);
        },
        reject: (error) => {
          finish();
          reject(error);
        },
      };
      worker.postMessage(request);
    });
    if (reply.reply === "refused") throw new FileRefused(reply.fault.code, reply.fault.line, reply.fault);
    return reply;
  };
  return {
    profile: async (request) => expectReply(await ask(request), "profile").profile,
    survey: async (plan) => expectReply(await ask({ ask: "survey", plan }), "survey").survey,
    async *drafts(plan) {
      for (let reply = await ask({ ask: "drafts", plan }); reply.reply === "drafts"; reply = await ask({ ask: "next" }))
        yield reply.drafts;
    },
    async *rows(plan) {
      for (let reply = await ask({ ask: "rows", plan }); reply.reply === "rows"; reply = await ask({ ask: "next" }))
        yield reply.rows;
    },
    bank: async (knowledge) => expectReply(await ask({ ask: "bank", knowledge }), "bank").file,
    csv: async (request) => expectReply(await ask({ ask: "csv", request }), "csv").inspection,
    einvoice: async () => expectReply(await ask({ ask: "einvoice" }), "einvoice").file,
    read: async (kind, closingOn) => expectReply(await ask({ ask: "read", kind, closingOn }), "read").reading,
    close: async () => {
      await worker.terminate();
    },
  };
}

function expectReply<K extends Reply["reply"]>(reply: Reply, kind: K): Extract<Reply, { reply: K }> {
  if (reply.reply !== kind) throw new Error(`expected ${kind}, got ${reply.reply}`);
  return reply as Extract<Reply, { reply: K }>;
}
