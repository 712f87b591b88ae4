import type { z } from "zod";
import type { NewSource, SourceWrite } from "#contracts/sources.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { findCompany } from "#modules/parties/index.ts";
import { makeSourceOfRecord } from "#modules/receivables/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { setClock } from "#platform/jobs/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import type { Connector } from "../connector/connector.ts";
import { nextRunAfter } from "../core/calendar.ts";
import type { SettingValues } from "../core/settings.ts";
import { checkSettings } from "../core/settings.ts";
import { ensureSource } from "../store/import-store.ts";
import * as runs from "../store/run-store.ts";
import * as store from "../store/source-store.ts";
import { connectorOf } from "../systems/registry.ts";
import { SOURCES_CLOCK } from "./run-source.ts";
import { openSecrets, sealSecrets } from "./source-context.ts";

type WriteRefusal =
  | "not_found"
  | "version_required"
  | "stale_version"
  | "unknown_connector"
  | "setting_wrong"
  | "unknown_company"
  | "too_many_companies"
  | "part_repeated";

/** Makes a source; its first run is by hand or when its calendar rings. */
export async function createSource(
  services: Services,
  actor: Actor,
  wanted: z.output<typeof NewSource>,
): Promise<Result<store.SourceRecord, WriteRefusal>> {
  const connector = connectorOf(wanted.connector);
  if (!connector) return refuse("unknown_connector", { connector: wanted.connector });
  return services.db.transaction(actor.tenant, async (tx) => {
    const checked = await check(tx, connector, wanted, {});
    if (!checked.ok) return checked;
    const id = newId();
    await store.insertSource(tx, id, {
      ...writableOf(services, actor, wanted, checked.value),
      connector: connector.key,
      createdBy: actor.id,
    });
    await keepCompanies(tx, id, connector, wanted);
    return saved(tx, actor, id, "added");
  });
}

/** Changes a source. Secrets that are not named stay; a company keeps its ledger source, so that its rows keep their identity. */
export async function changeSource(
  services: Services,
  actor: Actor,
  id: Uuid,
  wanted: SourceWrite,
  version: number | undefined,
): Promise<Result<store.SourceRecord, WriteRefusal>> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const before = await store.findSource(tx, id, true);
    if (!before) return refuse("not_found");
    if (version === undefined) return refuse("version_required");
    if (version !== before.version) return refuse("stale_version");
    const connector = connectorOf(before.connector);
    if (!connector) return refuse("unknown_connector", { connector: before.connector });
    const checked = await check(tx, connector, wanted, openSecrets(services, before.secrets));
    if (!checked.ok) return checked;
    await store.updateSource(tx, id, writableOf(services, actor, wanted, checked.value));
    await keepCompanies(tx, id, connector, wanted);
    return saved(tx, actor, id, "changed");
  });
}

/** Takes a source away; what it brought stays, and its history with it. */
export async function removeSource(
  services: Services,
  actor: Actor,
  id: Uuid,
): Promise<Result<Record<string, never>, "not_found">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    if ((await store.removeSource(tx, id)) === 0) return refuse("not_found");
    await setClock(tx, SOURCES_CLOCK, await store.earliestRun(tx));
    await record(tx, actor, {
      kind: "connectors.source.removed",
      version: 1,
      subject: { type: "source", id },
      payload: {},
    });
    return done({});
  });
}

type Checked = { readonly settings: SettingValues; readonly secrets: Readonly<Record<string, string>> };

async function check(
  tx: Tx,
  connector: Connector,
  wanted: SourceWrite,
  kept: Readonly<Record<string, string>>,
): Promise<Result<Checked, WriteRefusal>> {
  const checked = checkSettings(connector.settings, wanted.settings, { ...kept, ...wanted.secrets });
  if (!checked.ok) return checked;
  if (wanted.companies.length > connector.maxCompanies)
    return refuse("too_many_companies", { most: connector.maxCompanies });
  const parts = new Set<string>();
  for (const { companyId, part } of wanted.companies) {
    if (!(await findCompany(tx, companyId))) return refuse("unknown_company");
    if (parts.has(part) && wanted.companies.length > 1 && connector.hasParts) return refuse("part_repeated", { part });
    parts.add(part);
  }
  return checked;
}

function writableOf(services: Services, actor: Actor, wanted: SourceWrite, checked: Checked) {
  const next = wanted.isActive ? nextRunAfter(wanted.calendar, services.clock.now(), actor.zone) : undefined;
  return {
    name: wanted.name,
    settings: checked.settings,
    secrets: sealSecrets(services, checked.secrets),
    calendar: wanted.calendar,
    isActive: wanted.isActive,
    nextRunAt: next?.toISOString() ?? null,
  };
}

/** Files of one kind for one company are one source however they come, so that the same file dropped by hand is known. */
async function keepCompanies(tx: Tx, id: Uuid, connector: Connector, wanted: SourceWrite): Promise<void> {
  const known = new Map((await store.fedCompanies(tx, id)).map((one) => [one.companyId, one.ledgerSourceId]));
  const isFiles = connector.settings.some((field) => field.key === "content");
  const companies = [];
  for (const { companyId, part } of wanted.companies) {
    const kind = wanted.settings["content"] === "fec" ? "fec" : "items";
    const ledgerSourceId = isFiles ? await ensureSource(tx, companyId, kind) : (known.get(companyId) ?? newId());
    companies.push({ companyId, part, ledgerSourceId });
  }
  await store.setCompanies(tx, id, companies);
}

async function saved(
  tx: Tx,
  actor: Actor,
  id: Uuid,
  what: "added" | "changed",
): Promise<Result<store.SourceRecord, "not_found">> {
  const after = await store.findSource(tx, id);
  if (!after) return refuse("not_found");
  await setClock(tx, SOURCES_CLOCK, await store.earliestRun(tx));
  await record(tx, actor, {
    kind: `connectors.source.${what}`,
    version: 1,
    subject: { type: "source", id },
    payload: {
      name: after.name,
      connector: after.connector,
      calendar: { ...after.calendar, times: [...after.calendar.times] },
      isActive: after.isActive,
    },
  });
  return done(after);
}

type RunRefusal = "not_found" | "sync_running" | "source_is_pushed" | "source_without_company";

/** Asks for a run; a worker does it. Refuses while one is under way. */
export async function startRun(
  services: Services,
  actor: Actor,
  sourceId: Uuid,
  origin: runs.RunOrigin,
): Promise<Result<runs.RunRecord, RunRefusal>> {
  return services.db.transaction(actor.tenant, (tx) => startRunIn(services, tx, actor, sourceId, origin));
}

/** The same inside the caller's transaction. */
export async function startRunIn(
  services: Services,
  tx: Tx,
  actor: Actor,
  sourceId: Uuid,
  origin: runs.RunOrigin,
): Promise<Result<runs.RunRecord, RunRefusal>> {
  const source = await store.findSource(tx, sourceId, true);
  if (!source) return refuse("not_found");
  if (connectorOf(source.connector)?.isPushed !== undefined) return refuse("source_is_pushed");
  if ((await store.fedCompanies(tx, sourceId)).length === 0) return refuse("source_without_company");
  await runs.endSilentRuns(tx, sourceId);
  const id = newId();
  if (!(await runs.insertRun(tx, { id, sourceId, origin, state: "queued", actor }))) return refuse("sync_running");
  await services.jobs.enqueue(tx, "connectors.sync", { runId: id, actorId: actor.id, actorKind: actor.kind });
  await record(tx, actor, {
    kind: "connectors.run.started",
    version: 1,
    subject: { type: "sync_run", id },
    about: [{ type: "source", id: sourceId }],
    payload: { sourceId, origin },
  });
  const run = await runs.findRun(tx, id);
  return run ? done(run) : refuse("not_found");
}

/** Makes a source the one whose rows are a company's ledger. */
export async function chooseSourceOfRecord(
  services: Services,
  actor: Actor,
  sourceId: Uuid,
  companyId: Uuid,
): Promise<Result<store.SourceRecord, "not_found" | "record_source_in_use">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const source = await store.findSource(tx, sourceId);
    const fed = (await store.fedCompanies(tx, sourceId)).find((one) => one.companyId === companyId);
    if (!source || !fed) return refuse("not_found");
    const made = await makeSourceOfRecord(tx, {
      sourceId: fed.ledgerSourceId,
      companyId,
      kind: source.connector,
      name: source.name,
      settlesLeftovers: source.settings["content"] === "fec",
    });
    if (!made.ok) return made;
    await record(tx, actor, {
      kind: "connectors.source.made_of_record",
      version: 1,
      subject: { type: "source", id: sourceId },
      about: [{ type: "company", id: companyId }],
      payload: { companyId },
    });
    return done(source);
  });
}
