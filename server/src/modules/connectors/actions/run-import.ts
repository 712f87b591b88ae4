import type { CalendarDate } from "#kernel/calendar-date.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import { type Db, sql, type Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { FileRefused } from "../core/fault.ts";
import * as store from "../store/import-store.ts";
import { openFileReader } from "../worker/file-reader.ts";
import { withImportFile } from "./import-file.ts";
import { loadEInvoice } from "./load-einvoice.ts";
import { loadItems } from "./load-items.ts";
import { loadContacts, loadCustomers } from "./load-parties.ts";

export type ImportMode = "check" | "apply";

/** What a load gives back to be kept; `isBlocked` when rows were refused that nobody allowed to skip. */
export type Loaded = {
  readonly report: store.StoredReport;
  readonly batchId: string | null;
  readonly isBlocked: boolean;
};

/** Undoes everything a check or a blocked load did, carrying its report out of the transaction. */
class RolledBack extends Error {
  readonly loaded: Loaded;

  constructor(loaded: Loaded) {
    super("rolled back");
    this.loaded = loaded;
  }
}

/** Services whose transactions are the one already open: what they write stands or falls with it. */
export const inside = (services: Services, tx: Tx): Services => {
  const db: Db = { ...services.db, transaction: (_tenant, work) => work(tx) };
  return { ...services, db };
};

/**
 * Checks an import (everything is tried and rolled back) or applies it, all or nothing. The outcome is kept with the import.
 * `path` spares fetching the file again when its bytes lie at hand.
 */
export async function runImport(
  services: Services,
  actor: Actor,
  importId: string,
  mode: ImportMode,
  today: CalendarDate,
  path?: string,
): Promise<Result<store.ImportRecord, "not_found" | "import_not_open" | "file_gone">> {
  const begun = await services.db.transaction(actor.tenant, async (tx) => {
    const found = await store.lockImport(tx, importId);
    if (!found) return refuse("not_found");
    if (found.state === "applied" || found.state === "undone") return refuse("import_not_open");
    await store.setState(tx, importId, mode === "check" ? "checking" : "applying");
    return done(found);
  });
  if (!begun.ok) return begun;
  try {
    const ran = await withImportFile(services, actor, begun.value, path, (file) =>
      load(services, actor, begun.value, file, mode, today),
    );
    if (!ran) return refuse("file_gone");
  } catch (error) {
    const fault = error instanceof FileRefused ? error.fault : { code: "fault", line: 0 };
    const report = { ...emptyReport(), failure: fault };
    await services.db.transaction(actor.tenant, (tx) => store.setState(tx, importId, "failed", report));
    if (!(error instanceof FileRefused)) throw error;
  }
  const after = await services.db.transaction(actor.tenant, (tx) => store.findImport(tx, importId));
  return after ? done(after) : refuse("not_found");
}

export const emptyReport = (): store.StoredReport => ({
  counts: {},
  refusedRows: 0,
  refused: [],
  warnings: [],
  sample: [],
  totals: null,
  proof: null,
});

async function load(
  services: Services,
  actor: Actor,
  found: store.ImportRecord,
  file: string,
  mode: ImportMode,
  today: CalendarDate,
): Promise<void> {
  const reader = openFileReader(file);
  try {
    await services.db.transaction(actor.tenant, async (tx) => {
      await tx.run(sql`set local statement_timeout = 0`);
      const within = inside(services, tx);
      const given = { services: within, actor, tx, found, reader, today, isDryRun: mode === "check" };
      const loaded = await (found.kind === "customers"
        ? loadCustomers(given)
        : found.kind === "contacts"
          ? loadContacts(given)
          : found.kind === "einvoice"
            ? loadEInvoice(given)
            : loadItems(given));
      if (mode === "check" || loaded.isBlocked) throw new RolledBack(loaded);
      await store.setState(tx, found.id, "applied", loaded.report, loaded.batchId);
      await record(tx, actor, {
        kind: "connectors.import.applied",
        version: 1,
        subject: { type: "import", id: found.id },
        payload: {
          kind: found.kind,
          fileName: found.fileName,
          digest: found.fileDigest,
          counts: loaded.report.counts,
          batchId: loaded.batchId,
        },
      });
      await services.jobs.enqueue(tx, "search.refresh", { importId: found.id });
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
    await services.db.transaction(actor.tenant, (tx) => store.setState(tx, found.id, "checked", error.loaded.report));
  } finally {
    await reader.close();
  }
}
