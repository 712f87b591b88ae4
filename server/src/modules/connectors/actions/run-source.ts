import { type CalendarDate, dayInZone } from "#kernel/calendar-date.ts";
import { createTasks, withdrawOccasion } from "#modules/tasks/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { setClock } from "#platform/jobs/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { type Connector, SourceFault } from "../connector/connector.ts";
import { openSpool } from "../connector/spool.ts";
import { nextAttemptAfter, nextRunAfter } from "../core/calendar.ts";
import { FileRefused } from "../core/fault.ts";
import { emptyUnit, type RunReport, sumUp, type UnitReport } from "../core/run-report.ts";
import { dropRows } from "../store/push-store.ts";
import * as runs from "../store/run-store.ts";
import * as store from "../store/source-store.ts";
import { connectorOf } from "../systems/registry.ts";
import { applyUnit } from "./apply-unit.ts";
import { pushedUnit } from "./pushed-units.ts";
import { contextOf } from "./source-context.ts";
import { type FilePorts, takeFile } from "./take-file.ts";

export const SOURCES_CLOCK = "sources";
const BEAT_MS = 10_000;
const SILENT_SECONDS = 40;

/** A run that another worker still holds: the queue brings it again later. */
export class RunHeld extends Error {}

type Taken = { run: runs.RunRecord; source: store.SourceRecord; companies: store.FedRow[] };

/**
 * Does one run of a source from its first byte to its report. Each company is applied all or nothing; a fault stops the run and leaves what was applied.
 * Running it twice, or again after a crash, changes nothing: what was applied is recognised by its keys.
 */
export async function runSource(
  services: Services,
  actor: Actor,
  runId: string,
  find: (key: string) => Connector | undefined = connectorOf,
  ports: FilePorts = {},
): Promise<runs.RunRecord | undefined> {
  const taken = await services.db.transaction(actor.tenant, (tx) => take(tx, runId));
  if (!taken) return undefined;
  const beating = setInterval(() => {
    services.db
      .transaction(actor.tenant, (tx) => runs.beat(tx, runId))
      .catch(() => {
        // a missed heartbeat is what a lost database looks like; the run itself will say so
      });
  }, BEAT_MS);
  const units: UnitReport[] = [];
  let fault: runs.RunFault | null = null;
  let isOutage = false;
  try {
    const connector = find(taken.source.connector);
    if (!connector) throw new SourceFault("setting_wrong", taken.source.connector);
    await readAll(services, actor, taken, connector, units, ports);
  } catch (error) {
    if (!(error instanceof SourceFault)) await giveUp(services, actor, taken, units);
    if (!(error instanceof SourceFault)) throw error;
    fault = { code: error.code, detail: error.detail };
    isOutage = error.isOutage;
  } finally {
    clearInterval(beating);
  }
  const report = { companies: joinByCompany(units) };
  const failed = report.companies.find((unit) => unit.fault);
  if (!fault && failed?.fault)
    fault = { code: failed.fault.code, detail: failed.fault.value ?? String(failed.fault.count ?? "") };
  return services.db.transaction(actor.tenant, (tx) => end(services, tx, actor, taken, { report, fault, isOutage }));
}

async function take(tx: Tx, runId: string): Promise<Taken | undefined> {
  const run = await runs.findRun(tx, runId, true);
  if (!run || run.state === "done" || run.state === "failed" || run.state === "abandoned") return undefined;
  if (!(await runs.takeRun(tx, runId, SILENT_SECONDS))) throw new RunHeld(runId);
  const source = await store.findSource(tx, run.sourceId);
  if (!source) {
    await runs.endRun(tx, runId, { state: "abandoned", report: null, fault: null });
    return undefined;
  }
  return { run, source, companies: await store.fedCompanies(tx, source.id) };
}

/** A fault of our own: the run ends as failed before the error goes on to the queue. */
async function giveUp(services: Services, actor: Actor, taken: Taken, units: readonly UnitReport[]): Promise<void> {
  const fault = { code: "fault", detail: "" };
  await services.db.transaction(actor.tenant, (tx) =>
    end(services, tx, actor, taken, { report: { companies: joinByCompany(units) }, fault, isOutage: true }),
  );
}

async function readAll(
  services: Services,
  actor: Actor,
  taken: Taken,
  connector: Connector,
  units: UnitReport[],
  ports: FilePorts,
): Promise<void> {
  const { source, companies, run } = taken;
  const context = contextOf(services, actor, source, companies);
  const { today } = context;
  if (connector.isPushed) return readPushed(services, actor, taken, today, units);
  const spool = await openSpool();
  try {
    for await (const batch of connector.run(context)) {
      const fed = companies.find((one) => one.companyId === batch.companyId);
      if (!fed) throw new SourceFault("setting_wrong", batch.companyId);
      if (batch.kind === "file") {
        const { settings } = source;
        const content = (settings["content"] ?? "auto") as "auto";
        const skipRefused = settings["skipRefused"] === true;
        const input = { services, actor, companyId: fed.companyId, today, skipRefused, content, ports };
        units.push(await takeFile(input, batch.file));
      } else if (batch.kind === "end") {
        const unit = spool.unit(batch.companyId, batch.end);
        units.push(await applied({ services, actor, source, fed, runId: run.id, today }, unit));
      } else await spool.add(batch);
    }
  } finally {
    await spool.drop();
  }
}

/** What a program pushed, company by company; the first one carries customers and contacts. */
async function readPushed(
  services: Services,
  actor: Actor,
  { run, source, companies }: Taken,
  today: CalendarDate,
  units: UnitReport[],
): Promise<void> {
  const { closing } = run;
  if (!closing) throw new SourceFault("setting_wrong", "close");
  for (const fed of companies) {
    const unit = await pushedUnit({ services, actor, run, closing, fed });
    const report = await applied({ services, actor, source, fed, runId: run.id, today }, unit);
    units.push({ ...report, refusedRows: report.refusedRows + unit.refused.length });
  }
}

/** What the ledger refuses of one company does not keep the others from coming in. */
async function applied(...[input, unit]: Parameters<typeof applyUnit>): Promise<UnitReport> {
  try {
    return await applyUnit(input, unit);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    const { refusedRows, refused } = unit;
    return { ...emptyUnit(unit.companyId), refusedRows, refused, fault: error.fault };
  }
}

/** Several files of one company are one line of the report: counts add up, the last proof stands. */
export function joinByCompany(units: readonly UnitReport[]): UnitReport[] {
  const joined = new Map<string, UnitReport>();
  for (const unit of units) {
    const before = joined.get(unit.companyId);
    if (!before) {
      joined.set(unit.companyId, unit);
      continue;
    }
    const counts: Record<string, number> = { ...before.counts };
    for (const [name, count] of Object.entries(unit.counts)) counts[name] = (counts[name] ?? 0) + count;
    joined.set(unit.companyId, {
      ...unit,
      counts,
      batchId: unit.batchId ?? before.batchId,
      proof: unit.proof ?? before.proof,
      layer: unit.layer ?? before.layer,
      sample: [...before.sample, ...unit.sample].slice(0, 200),
      refusedRows: before.refusedRows + unit.refusedRows,
      refused: [...before.refused, ...unit.refused].slice(0, 1_000),
      warnings: [...before.warnings, ...unit.warnings].slice(0, 100),
      files: [...before.files, ...unit.files],
      fault: before.fault ?? unit.fault,
    });
  }
  return [...joined.values()];
}

type End = { readonly report: RunReport; readonly fault: runs.RunFault | null; readonly isOutage: boolean };

async function end(
  services: Services,
  tx: Tx,
  actor: Actor,
  taken: Taken,
  given: End,
): Promise<runs.RunRecord | undefined> {
  const { run, source } = taken;
  const { report, fault } = given;
  const now = services.clock.now();
  if (run.origin === "push") await dropRows(tx, run.id);
  await runs.endRun(tx, run.id, { state: fault ? "failed" : "done", report, fault });
  const failures = fault ? source.failures + 1 : 0;
  const next =
    fault && given.isOutage && source.isActive
      ? nextAttemptAfter(source.calendar, failures, now, actor.zone)
      : nextRunAfter(source.calendar, now, actor.zone);
  await store.setNextRun(tx, source.id, source.isActive && next ? next.toISOString() : null, failures);
  await setClock(tx, SOURCES_CLOCK, await store.earliestRun(tx));
  const sums = sumUp(report);
  await record(tx, actor, {
    kind: fault ? "connectors.run.failed" : "connectors.run.done",
    version: 1,
    subject: { type: "sync_run", id: run.id },
    about: [{ type: "source", id: source.id }],
    payload: { sourceId: source.id, origin: run.origin, counts: sums.counts, differences: sums.differences, fault },
  });
  const today = dayInZone(now, actor.zone);
  if (!fault) await withdrawOccasion(tx, actor, `sync ${source.id}`);
  else if (report.companies.some((unit) => unit.files.some((file) => file.outcome === "refused")))
    await alert(tx, actor, `Fichier refusé : ${source.name}`, `files ${source.id}`, today);
  else await alert(tx, actor, `Synchronisation en échec : ${source.name}`, `sync ${source.id}`, today);
  if (Object.values(sums.counts).some((count) => count > 0))
    await services.jobs.enqueue(tx, "search.refresh", { runId: run.id });
  return runs.findRun(tx, run.id);
}

/**
 * One open task per source that fails; it goes away by itself with the first run that works. A file that was refused waits for a person instead, since
 * no later run will look at it. A title is kept as text in the house's first language.
 */
const alert = (tx: Tx, actor: Actor, title: string, occasion: string, today: CalendarDate) =>
  createTasks(tx, actor, [
    { kind: "sync_failed", title, details: null, customerId: null, dueOn: today, assigneeId: null, occasion },
  ]);
