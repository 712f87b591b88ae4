import { z } from "zod";
import { Id } from "#contracts/common.ts";
import { importFaultText } from "#contracts/import-faults.ts";
import { Import, ImportChoices, ImportList, UploadQuery } from "#contracts/imports.ts";
import { done, refuse } from "#kernel/result.ts";
import { type BatchInUse, undoBatch } from "#modules/receivables/index.ts";
import type { Actor } from "#platform/actor.ts";
import { exportStream, MEDIA_TYPES } from "#platform/export/index.ts";
import { asFile, type Route, route, withEtag } from "#platform/http/index.ts";
import type { Services } from "#platform/services.ts";
import { chooseForImport, undoImport } from "./actions/change-import.ts";
import { withTemporaryFile } from "./actions/import-file.ts";
import type { ImportMode } from "./actions/run-import.ts";
import { KEPT_FILE_BYTES, type StoredProfile, startImport } from "./actions/start-import.ts";
import * as store from "./store/import-store.ts";

const tag = "imports";
const importParams = z.object({ importId: Id });
type Language = "fr" | "en";

const faultView = (fault: store.StoredFault, language: Language) => {
  const { code, line, column = null, value = null, count = 0 } = fault;
  return { code, line, column, value, count, text: importFaultText(code, language, { column, value, count }) };
};

/** An import as the API shows it: faults in the caller's language, changes with customer names. */
async function importView(services: Services, actor: Actor, found: store.ImportRecord) {
  const { fileDigest: _digest, profile, report, sizeBytes, ...rest } = found;
  const { wholeColumns: _whole, ...shown } = profile as unknown as StoredProfile;
  const base = { ...rest, sizeBytes: Number(sizeBytes), profile: shown };
  if (!report) return { ...base, report: null, failure: null };
  const { companyId } = found.choices;
  const isUnnamed = report.sample.some((row) => row.customerName === undefined);
  const names =
    companyId && isUnnamed
      ? await services.db.transaction(actor.tenant, (tx) => store.termsOfAccounts(tx, companyId))
      : [];
  const nameOf = new Map(names.map((row) => [row.accountId, row.customerName]));
  const { failure, sample, refused, warnings, ...figures } = report;
  return {
    ...base,
    report: {
      ...figures,
      refused: refused.map((fault) => faultView(fault, actor.language)),
      warnings: warnings.map((fault) => faultView(fault, actor.language)),
      sample: sample.map(({ accountId, minor, currency, change, customerName, ...row }) => ({
        ...row,
        change: change as "new",
        customerName: customerName ?? nameOf.get(accountId) ?? "",
        amount: { minor, currency },
      })),
    },
    failure: failure ? faultView(failure, actor.language) : null,
  };
}

const view = async (services: Services, actor: Actor, found: store.ImportRecord) =>
  done(withEtag(await importView(services, actor, found), found.version));

const REFUSED_HEADERS = {
  fr: ["Ligne", "Colonne", "Valeur", "Raison"],
  en: ["Line", "Column", "Value", "Reason"],
} as const;

/** Refused rows as a table to correct the source with: as many as the report keeps, reasons in the caller's language. */
function refusedFile({ language }: Actor, faults: readonly store.StoredFault[]) {
  async function* rows() {
    yield faults.map((fault) => {
      const { line, column, value, text } = faultView(fault, language);
      return [line, column, value, text];
    });
  }
  const table = { name: "refused-rows", headers: REFUSED_HEADERS[language], rows: rows() };
  return asFile(exportStream(table, "csv", language), MEDIA_TYPES.csv, "refused-rows.csv");
}

/** Asks for a check or a load; a worker does it, and the import's state tells. */
async function ask(services: Services, actor: Actor, importId: string, mode: ImportMode) {
  return services.db.transaction(actor.tenant, async (tx) => {
    const found = await store.lockImport(tx, importId);
    if (!found) return refuse("not_found");
    if (["applied", "undone", "checking", "applying"].includes(found.state)) return refuse("import_not_open");
    await store.setState(tx, importId, mode === "check" ? "checking" : "applying");
    await services.jobs.enqueue(tx, "connectors.import", { importId, mode, actorId: actor.id, actorKind: actor.kind });
    const after = await store.findImport(tx, importId);
    return after ? view(services, actor, after) : refuse("not_found");
  });
}

/** `isBatchInUse` tells whether a message rests on a batch: then it is no longer undone. */
export const connectorRoutes = (isBatchInUse: BatchInUse): Route[] => [
  route({
    method: "POST",
    path: "/imports",
    operationId: "uploadImport",
    tag,
    permission: "imports.write",
    status: 201,
    summary: "Upload a file of items, customers, contacts or accounting entries and see what it holds",
    query: UploadQuery,
    upload: { maxBytes: KEPT_FILE_BYTES },
    reply: Import,
    handle: async ({ actor, query, upload, services }) => {
      if (!upload) return refuse("invalid_request", { detail: "file" });
      const { name: fileName, content } = upload;
      const made = await withTemporaryFile(content, (path) =>
        startImport(services, actor, { fileName, path, kind: query.kind, companyId: query.companyId ?? null }),
      );
      if (made.ok) return view(services, actor, made.value);
      if (made.code !== "file_refused") return made;
      const { fault = "", line = 0, column = "", value = "" } = made.details;
      const text = importFaultText(String(fault), actor.language, { column: String(column), value: String(value) });
      return refuse("file_refused", { detail: text, fault: String(fault), line: Number(line), column: String(column) });
    },
  }),
  route({
    method: "GET",
    path: "/imports",
    operationId: "listImports",
    tag,
    permission: "imports.read",
    summary: "Imports, newest first",
    reply: ImportList,
    handle: async ({ actor, services }) => {
      const rows = await services.db.transaction(actor.tenant, (tx) => store.listImports(tx, 200));
      const newestOf = new Map<string, string>();
      for (const row of rows) {
        const source = `${row.companyId} ${row.kind}`;
        if (row.state === "applied" && row.batchId && !newestOf.has(source)) newestOf.set(source, row.id);
      }
      return done({
        rows: rows.map((row) => ({
          id: row.id,
          kind: row.kind,
          format: row.format,
          fileName: row.fileName,
          sizeBytes: Number(row.sizeBytes),
          state: row.state,
          companyId: row.companyId,
          createdAt: row.createdAt,
          finishedAt: row.finishedAt,
          counts: row.report?.counts ?? null,
          canUndo: newestOf.get(`${row.companyId} ${row.kind}`) === row.id,
        })),
      });
    },
  }),
  route({
    method: "GET",
    path: "/imports/:importId",
    operationId: "getImport",
    tag,
    permission: "imports.read",
    summary: "One import with its outline, choices and report",
    params: importParams,
    reply: Import,
    handle: async ({ actor, params, services }) => {
      const found = await services.db.transaction(actor.tenant, (tx) => store.findImport(tx, params.importId));
      return found ? view(services, actor, found) : refuse("not_found");
    },
  }),
  route({
    method: "PUT",
    path: "/imports/:importId/choices",
    operationId: "chooseForImport",
    tag,
    permission: "imports.write",
    summary: "Choose company, mapping, formats and coverage",
    params: importParams,
    body: ImportChoices,
    reply: Import,
    handle: async ({ actor, params, body, ifMatch, services }) => {
      const chosen = await chooseForImport(services, actor, params.importId, body, ifMatch);
      return chosen.ok ? view(services, actor, chosen.value) : chosen;
    },
  }),
  route({
    method: "POST",
    path: "/imports/:importId/check",
    operationId: "checkImport",
    tag,
    permission: "imports.write",
    status: 202,
    summary: "Try the import without keeping anything",
    params: importParams,
    reply: Import,
    handle: ({ actor, params, services }) => ask(services, actor, params.importId, "check"),
  }),
  route({
    method: "POST",
    path: "/imports/:importId/apply",
    operationId: "applyImport",
    tag,
    permission: "imports.write",
    status: 202,
    summary: "Apply the import, all or nothing",
    params: importParams,
    reply: Import,
    handle: ({ actor, params, services }) => ask(services, actor, params.importId, "apply"),
  }),
  route({
    method: "POST",
    path: "/imports/:importId/undo",
    operationId: "undoImport",
    tag,
    permission: "receivables.undo_batch",
    summary: "Undo an import while it is the last of its source",
    params: importParams,
    reply: Import,
    handle: async ({ actor, params, services }) => {
      const undone = await undoImport(services, actor, params.importId, (batchId) =>
        undoBatch(services, actor, batchId, isBatchInUse),
      );
      return undone.ok ? view(services, actor, undone.value) : undone;
    },
  }),
  route({
    method: "GET",
    path: "/imports/:importId/refused.csv",
    operationId: "downloadRefusedRows",
    tag,
    permission: "imports.read",
    file: true,
    summary: "Refused rows as CSV: line, column, value and reason",
    params: importParams,
    handle: async ({ actor, params, services }) => {
      const found = await services.db.transaction(actor.tenant, (tx) => store.findImport(tx, params.importId));
      return found ? done(refusedFile(actor, found.report?.refused ?? [])) : refuse("not_found");
    },
  }),
  route({
    method: "GET",
    path: "/imports/:importId/file",
    operationId: "downloadImportFile",
    tag,
    permission: "imports.read",
    file: true,
    summary: "The file as it was uploaded",
    params: importParams,
    handle: async ({ actor, params, services }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const found = await store.findImport(tx, params.importId);
        const content = found && (await services.files.get(tx, found.fileDigest));
        return found && content
          ? done(asFile(content, "application/octet-stream", found.fileName))
          : refuse("not_found");
      }),
  }),
];
