import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import type { ImportChoices, ImportKind, ImportProfile } from "#contracts/imports.ts";
import { type CalendarDate, calendarDateOf } from "#kernel/calendar-date.ts";
import { newId } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { findCompany } from "#modules/parties/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import type { EInvoiceFile } from "../core/einvoice/invoice.ts";
import { FileRefused } from "../core/fault.ts";
import { utf16Of } from "../core/read-text.ts";
import { FIELDS, plainHeader } from "../core/table/columns.ts";
import * as store from "../store/import-store.ts";
import { openFileReader } from "../worker/file-reader.ts";
import type { FileProfile } from "../worker/protocol.ts";
import { sellerCompany } from "./seller-company.ts";

/** Files up to this size are kept with their import; larger ones are known by their hash only. */
export const KEPT_FILE_BYTES = 256 * 1024 * 1024;

export type NewImport = {
  readonly fileName: string;
  /** Where the bytes lie on this machine. */
  readonly path: string;
  readonly kind: ImportKind | "auto";
  readonly companyId: string | null;
};

/** Reads a file's outline and keeps it as an import waiting for choices. Refuses what no import can read, with place and reason. */
export async function startImport(
  services: Services,
  actor: Actor,
  wanted: NewImport,
): Promise<Result<store.ImportRecord, "file_refused" | "unknown_company" | "not_found">> {
  const reader = openFileReader(wanted.path);
  try {
    if (wanted.kind === "einvoice" || (wanted.kind === "auto" && (await looksLikeDocument(wanted.path)))) {
      const file = await reader.einvoice();
      return await keep(services, actor, wanted, { format: "einvoice", file });
    }
    const closingOn = closingDateOf(wanted.fileName);
    const asked = wanted.kind === "auto" ? null : wanted.kind;
    const profile = await reader.profile({ ask: "profile", kind: asked, closingOn: closingOn ?? null });
    return await keep(services, actor, wanted, profile);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return refuse("file_refused", { fault: error.fault.code, line: error.fault.line, ...textDetails(error.fault) });
  } finally {
    await reader.close();
  }
}

/** XML and PDF are documents, no tables: what they are is found out by reading them as e-invoices. */
async function looksLikeDocument(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
    const head = buffer.subarray(0, bytesRead);
    const start = new TextDecoder(utf16Of(head)).decode(head).trimStart();
    return start.startsWith("<") || start.startsWith("%PDF-");
  } finally {
    await file.close();
  }
}

const textDetails = (fault: { column?: string; value?: string }) => ({
  column: fault.column ?? "",
  value: fault.value ?? "",
});

/** The closing day in the legal name of a FEC: SIREN, "FEC", YYYYMMDD. */
export function closingDateOf(fileName: string): CalendarDate | undefined {
  const found = /FEC(\d{4})(\d{2})(\d{2})/i.exec(fileName);
  return found ? calendarDateOf(Number(found[1]), Number(found[2]), Number(found[3])) : undefined;
}

async function keep(
  services: Services,
  actor: Actor,
  wanted: NewImport,
  profile: FileProfile | InvoiceProfile,
): Promise<Result<store.ImportRecord, "unknown_company" | "not_found">> {
  const { size } = await stat(wanted.path);
  const digest = await digestOf(wanted.path);
  const content = size <= KEPT_FILE_BYTES ? await readFile(wanted.path) : undefined;
  return services.db.transaction(actor.tenant, async (tx) => {
    if (wanted.companyId && !(await findCompany(tx, wanted.companyId))) return refuse("unknown_company");
    const kind: ImportKind =
      "table" in profile ? profile.table.kind : profile.format === "einvoice" ? "einvoice" : "fec";
    const remembered =
      "table" in profile ? await store.rememberedMapping(tx, kind, headerDigest(profile.table.headers)) : undefined;
    const stored =
      profile.format === "einvoice" ? invoiceProfile(profile) : storedProfile(profile, remembered?.mapping);
    const companyId = wanted.companyId ?? (await namedCompany(tx, profile));
    if (content) await services.files.put(tx, content);
    const id = newId();
    await store.insertImport(tx, {
      id,
      kind,
      format: profile.format === "parties" ? "sage" : profile.format,
      fileName: wanted.fileName.slice(0, 200),
      fileDigest: digest,
      sizeBytes: size,
      companyId,
      profile: stored,
      choices: firstChoices(stored, companyId),
      createdBy: actor.id,
    });
    await record(tx, actor, {
      kind: "connectors.import.uploaded",
      version: 1,
      subject: { type: "import", id },
      payload: { kind, format: profile.format, fileName: wanted.fileName, digest, sizeBytes: size },
    });
    const made = await store.findImport(tx, id);
    return made ? done(made) : refuse("not_found");
  });
}

type InvoiceProfile = { readonly format: "einvoice"; readonly file: EInvoiceFile };

/** The company that the document itself names as its seller. */
const namedCompany = (tx: Tx, profile: FileProfile | InvoiceProfile): Promise<string | null> =>
  profile.format === "einvoice" && profile.file.kind === "invoice"
    ? sellerCompany(tx, profile.file.invoice)
    : Promise.resolve(null);

function invoiceProfile({ file }: InvoiceProfile): StoredProfile {
  const invoice = file.kind === "invoice" ? file.invoice : undefined;
  const money = (minor: bigint | null | undefined) =>
    minor === null || minor === undefined || !invoice?.currency
      ? null
      : { minor: String(minor), currency: invoice.currency };
  return {
    encoding: null,
    separator: null,
    headerLine: 0,
    headers: [],
    mapping: [],
    fields: [],
    decimalMark: ".",
    dayOrder: "ymd",
    isDayOrderAssumed: false,
    isMappingRemembered: false,
    currency: invoice?.currency ?? "EUR",
    rows: 1,
    sample: [],
    suggestedCoverage: "movements",
    fiscalYear: null,
    wholeColumns: [],
    invoice: {
      number: invoice?.number ?? (file.kind === "lifecycle" ? file.lifecycle.invoiceNumber : null),
      type: invoice?.type ?? null,
      issuedOn: invoice?.issuedOn ?? null,
      dueOn: invoice?.dueOn ?? null,
      total: money(invoice?.totalMinor),
      payable: money(invoice?.payableMinor),
      seller: invoice?.seller.name ?? null,
      buyer: invoice?.buyer.name ?? null,
      orderNumber: invoice?.orderNumber ?? null,
    },
  };
}

export const headerDigest = (headers: readonly string[]): string =>
  createHash("sha256").update(headers.map(plainHeader).join("\n")).digest("hex");

function storedProfile(profile: FileProfile, remembered: (string | null)[] | undefined): StoredProfile {
  if (!("table" in profile)) {
    return {
      encoding: profile.encoding,
      separator: profile.separator,
      headerLine: 1,
      headers: profile.headers,
      mapping: [],
      fields: [],
      decimalMark: "," as const,
      dayOrder: "ymd" as const,
      isDayOrderAssumed: false,
      isMappingRemembered: false,
      currency: "EUR",
      rows: profile.lines,
      sample: profile.sample,
      suggestedCoverage: "movements" as const,
      fiscalYear: profile.fiscalYear,
      wholeColumns: [] as number[],
    };
  }
  const { table } = profile;
  return {
    encoding: profile.format === "xlsx" ? null : profile.encoding,
    separator: profile.format === "csv" ? profile.separator : null,
    headerLine: table.headerLine,
    headers: table.headers,
    mapping: remembered?.length === table.headers.length ? remembered : table.mapping,
    fields: [...FIELDS[table.kind]],
    decimalMark: table.decimalMark,
    dayOrder: table.dayOrder,
    isDayOrderAssumed: table.isDayOrderAssumed,
    isMappingRemembered: remembered !== undefined,
    currency: table.currency,
    rows: table.rows,
    sample: table.sample,
    suggestedCoverage: table.suggestedCoverage,
    fiscalYear: null,
    wholeColumns: table.wholeColumns,
  };
}

export type StoredProfile = ImportProfile & { readonly wholeColumns: number[] };

const firstChoices = (profile: StoredProfile, companyId: string | null): ImportChoices => ({
  companyId,
  mapping: profile.mapping,
  decimalMark: profile.decimalMark,
  dayOrder: profile.dayOrder,
  currency: profile.currency,
  coverage: profile.suggestedCoverage,
  asOf: null,
  from: null,
  to: null,
  skipRefused: false,
});

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
