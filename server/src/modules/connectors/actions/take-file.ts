import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { ImportChoices } from "#contracts/imports.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Actor } from "#platform/actor.ts";
import type { Services } from "#platform/services.ts";
import type { TakenFile } from "../connector/connector.ts";
import { FileRefused } from "../core/fault.ts";
import { emptyUnit, type UnitReport } from "../core/run-report.ts";
import * as store from "../store/import-store.ts";
import { chooseForImport } from "./change-import.ts";
import { runImport } from "./run-import.ts";
import { startImport } from "./start-import.ts";

export type TakenInput = {
  readonly services: Services;
  readonly actor: Actor;
  readonly companyId: string;
  readonly today: CalendarDate;
  readonly skipRefused: boolean;
  readonly content: "auto" | "items" | "customers" | "contacts" | "fec" | "einvoice" | "bank";
  readonly ports: FilePorts;
};

/** What rooms above take of files that sources find; plugged in by `app/`. */
export type FilePorts = {
  /**
   * Takes a file of bank statements or returns: imported where nothing stands against it, held for a person's decision where something does. Throws
   * FileRefused when it cannot be read.
   */
  readonly takeBankFile?: (
    services: Services,
    actor: Actor,
    file: { readonly companyId: string; readonly path: string; readonly name: string; readonly digest: string },
    today: CalendarDate,
  ) => Promise<"applied" | "held" | "known">;
};

/** Loads a file that a source found, through the machinery of imports; the same content is loaded once. Tells the connector what became of it. */
export async function takeFile(input: TakenInput, file: TakenFile): Promise<UnitReport> {
  const { services, actor, companyId } = input;
  const digest = await digestOf(file.path);
  if (input.content === "bank") return takeBankFile(input, file, digest);
  const known = await services.db.transaction(actor.tenant, (tx) =>
    store.appliedImportOf(tx, companyId, digest, file.coverage !== "movements"),
  );
  if (known) {
    await file.settle("known");
    return { ...emptyUnit(companyId), files: [{ name: file.name, outcome: "known", importId: known.id }] };
  }
  const started = await startImport(services, actor, {
    fileName: file.name,
    path: file.path,
    kind: input.content,
    companyId,
  });
  if (!started.ok) {
    await file.settle("refused");
    const { fault = started.code, line = 0, column = "", value = "" } = started.details;
    return {
      ...emptyUnit(companyId),
      files: [{ name: file.name, outcome: "refused", importId: null }],
      fault: { code: String(fault), line: Number(line), column: String(column), value: String(value) || file.name },
    };
  }
  const chosen = await chooseForImport(
    services,
    actor,
    started.value.id,
    choicesOf(input, file, started.value.choices),
    started.value.version,
  );
  if (!chosen.ok) throw new Error(`choices of a taken file were refused: ${chosen.code}`);
  const ran = await runImport(services, actor, chosen.value.id, "apply", input.today, file.path);
  if (!ran.ok) throw new Error(`a taken file was not run: ${ran.code}`);
  const isApplied = ran.value.state === "applied";
  await file.settle(isApplied ? "applied" : "refused");
  return reportOf(companyId, file.name, ran.value, isApplied);
}

async function takeBankFile(input: TakenInput, file: TakenFile, digest: string): Promise<UnitReport> {
  const { services, actor, companyId, today, ports } = input;
  const unit = emptyUnit(companyId);
  if (!ports.takeBankFile) throw new Error("nobody takes bank files");
  try {
    const given = { companyId, path: file.path, name: file.name, digest };
    const outcome = await ports.takeBankFile(services, actor, given, today);
    await file.settle(outcome === "held" ? "applied" : outcome);
    return { ...unit, files: [{ name: file.name, outcome, importId: null }] };
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    await file.settle("refused");
    return { ...unit, files: [{ name: file.name, outcome: "refused", importId: null }], fault: error.fault };
  }
}

function choicesOf(input: TakenInput, file: TakenFile, found: ImportChoices): ImportChoices {
  const isLedger = file.coverage !== "movements";
  return {
    ...found,
    companyId: input.companyId,
    coverage: file.coverage,
    asOf: file.coverage === "open_snapshot" ? (dayIn(file.name) ?? input.today) : null,
    // A full extract says everything that its source ever had.
    from: isLedger ? "1900-01-01" : null,
    to: isLedger ? "2999-12-31" : null,
    skipRefused: input.skipRefused,
  };
}

/** The day in a file's name: "open-items-2026-11-20.csv", "balance_20261120.csv". */
export function dayIn(name: string): string | undefined {
  const found = /(?<!\d)(20\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)/.exec(name);
  return found ? `${found[1]}-${found[2]}-${found[3]}` : undefined;
}

function reportOf(companyId: string, name: string, done: store.ImportRecord, isApplied: boolean): UnitReport {
  const { report } = done;
  const files = [{ name, outcome: isApplied ? "applied" : "refused", importId: done.id }];
  const unit = { ...emptyUnit(companyId), files, batchId: done.batchId };
  if (!report) return unit;
  const { failure, ...figures } = report;
  const blocked = !isApplied && !failure ? { code: "rows_refused", line: 0, count: report.refusedRows } : null;
  // What a load that was rolled back would have changed is no news of the ledger.
  if (!isApplied) {
    const { refused, refusedRows, warnings } = figures;
    return { ...unit, refused, refusedRows, warnings, fault: failure ?? blocked };
  }
  return { ...unit, ...figures, layer: done.batchId ? "ledger" : null, fault: null };
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
