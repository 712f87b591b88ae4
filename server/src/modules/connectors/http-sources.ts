import { z } from "zod";
import { ApiKeyMade } from "#contracts/access.ts";
import { Empty, Id } from "#contracts/common.ts";
import { importFaultText } from "#contracts/import-faults.ts";
import { sourceFaultText } from "#contracts/source-faults.ts";
import {
  ConnectorList,
  NewSource,
  PushKeyWrite,
  Source,
  SourceList,
  SourceTrial,
  SourceTrialResult,
  SourceWrite,
  SyncRun,
  SyncRunPage,
  SyncRunQuery,
  type SyncRunRow,
} from "#contracts/sources.ts";
import { day } from "#kernel/calendar-date.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { makeApiKey } from "#modules/access/index.ts";
import { lastHeard, sourcesOfRecord } from "#modules/receivables/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { cutPage, isRefused, type Route, readCursor, route, withEtag } from "#platform/http/index.ts";
import type { Services } from "#platform/services.ts";
import { changeSource, chooseSourceOfRecord, createSource, removeSource, startRun } from "./actions/manage-sources.ts";
import { openSecrets } from "./actions/source-context.ts";
import { trySource } from "./actions/try-source.ts";
import type { ReportFault, UnitReport } from "./core/run-report.ts";
import { sumUp } from "./core/run-report.ts";
import * as runs from "./store/run-store.ts";
import * as store from "./store/source-store.ts";
import { allConnectors, connectorOf } from "./systems/registry.ts";

const tag = "sources";
const sourceParams = z.object({ sourceId: Id });
type Language = "fr" | "en";

const faultView = (fault: ReportFault, language: Language) => {
  const { code, line, column = null, value = null, count = 0 } = fault;
  return { code, line, column, value, text: importFaultText(code, language, { column, value, count }) };
};

/** One line of the history. */
export function runRowView(run: runs.RunRecord, language: Language): z.input<typeof SyncRunRow> {
  const { counts, differences, refused } = sumUp(run.report ?? { companies: [] });
  const { id, sourceId, sourceName, origin, state, startedAt, endedAt, fault } = run;
  return {
    id,
    sourceId,
    sourceName,
    origin,
    state,
    startedAt,
    endedAt,
    counts,
    differences,
    refusedRows: refused,
    fault: fault ? { code: fault.code, text: sourceFaultText(fault.code, language, fault.detail) } : null,
  };
}

export function runView(run: runs.RunRecord, names: ReadonlyMap<string, string>, language: Language) {
  return {
    ...runRowView(run, language),
    attempt: run.attempt,
    companies: (run.report?.companies ?? []).map((unit) => unitView(unit, names, language)),
  };
}

function unitView(
  unit: UnitReport,
  names: ReadonlyMap<string, string>,
  language: Language,
): z.input<typeof SyncRun>["companies"][number] {
  const { totals: _totals, proof, sample, refused, warnings, fault, files, ...figures } = unit;
  return {
    ...figures,
    companyName: names.get(unit.companyId) ?? "",
    proof: proof ? { ...proof, differences: [...proof.differences] } : null,
    sample: sample.map(({ minor, currency, change, customerName, kind, documentNo, postedOn }) => ({
      kind,
      documentNo,
      postedOn,
      change: change as "new",
      customerName: customerName ?? "",
      amount: { minor, currency },
    })),
    refused: refused.map((one) => faultView(one, language)),
    warnings: warnings.map((one) => faultView(one, language)),
    files: files.map((one) => ({ ...one })),
    fault: fault ? faultView(fault, language) : null,
  };
}

/** Sources as the API shows them: with their companies, what they have of each, and their last run. */
async function sourceViews(
  services: Services,
  tx: Tx,
  rows: readonly store.SourceRecord[],
  language: Language,
): Promise<z.input<typeof Source>[]> {
  const fed = Map.groupBy(await store.fedCompanies(tx), (one) => one.sourceId);
  const ofRecord = new Set((await sourcesOfRecord(tx)).map((one) => one.sourceId));
  const heard = new Map((await lastHeard(tx)).map((one) => [one.companyId, one.heardAt]));
  const last = new Map((await runs.lastRuns(tx)).map((run) => [run.sourceId, run]));
  return rows.map(({ secrets, ...source }) => {
    const run = last.get(source.id);
    return {
      ...source,
      isPushed: connectorOf(source.connector)?.isPushed === true,
      settings: { ...source.settings },
      calendar: { ...source.calendar, times: [...source.calendar.times] },
      secretsSet: Object.keys(openSecrets(services, secrets)),
      companies: (fed.get(source.id) ?? []).map((one) => ({
        companyId: one.companyId,
        companyName: one.companyName,
        part: one.part,
        isOfRecord: ofRecord.has(one.ledgerSourceId),
        heardAt: heard.get(one.companyId) ?? null,
      })),
      lastRun: run ? runRowView(run, language) : null,
    };
  });
}

async function answerOf(services: Services, actor: Actor, result: Result<store.SourceRecord>) {
  if (!result.ok) return result;
  const [view] = await services.db.transaction(actor.tenant, (tx) =>
    sourceViews(services, tx, [result.value], actor.language),
  );
  return view ? done(withEtag(view, result.value.version)) : refuse("not_found");
}

const companyNames = async (tx: Tx): Promise<Map<string, string>> =>
  new Map((await store.fedCompanies(tx)).map((one) => [one.companyId, one.companyName]));

/** Sources, their runs and keys. */
export const sourceRoutes: Route[] = [
  route({
    method: "GET",
    path: "/connectors",
    operationId: "listConnectors",
    tag,
    permission: "sources.read",
    summary: "Connectors and what each asks to be set",
    reply: ConnectorList,
    handle: async () =>
      done({
        rows: allConnectors().map(({ key, settings, maxCompanies, hasParts, isPushed = false }) => ({
          key,
          maxCompanies,
          hasParts,
          isPushed,
          settings: settings.map((field) => ({
            key: field.key,
            kind: field.kind,
            isRequired: field.isRequired,
            choices: [...(field.choices ?? [])],
            initial: field.initial ?? null,
          })),
        })),
      }),
  }),
  route({
    method: "GET",
    path: "/sources",
    operationId: "listSources",
    tag,
    permission: "sources.read",
    summary: "Sources with their companies, last run and next one",
    reply: SourceList,
    handle: async ({ actor, services }) =>
      services.db.transaction(actor.tenant, async (tx) =>
        done({ rows: await sourceViews(services, tx, await store.listSources(tx), actor.language) }),
      ),
  }),
  route({
    method: "POST",
    path: "/sources",
    operationId: "createSource",
    tag,
    permission: "sources.write",
    status: 201,
    summary: "Add a source: a connector, its settings, the companies it feeds and its calendar",
    body: NewSource,
    reply: Source,
    handle: async ({ actor, body, services }) => answerOf(services, actor, await createSource(services, actor, body)),
  }),
  route({
    method: "POST",
    path: "/sources/try",
    operationId: "trySource",
    tag,
    permission: "sources.write",
    summary: "Try settings before they are saved: is the system reached, and what is there",
    body: SourceTrial,
    reply: SourceTrialResult,
    handle: async ({ actor, body, services }) => trySource(services, actor, body),
  }),
  route({
    method: "GET",
    path: "/sources/:sourceId",
    operationId: "getSource",
    tag,
    permission: "sources.read",
    summary: "One source",
    params: sourceParams,
    reply: Source,
    handle: async ({ actor, params, services }) => {
      const found = await services.db.transaction(actor.tenant, (tx) => store.findSource(tx, params.sourceId));
      return answerOf(services, actor, found ? done(found) : refuse("not_found"));
    },
  }),
  route({
    method: "PUT",
    path: "/sources/:sourceId",
    operationId: "changeSource",
    tag,
    permission: "sources.write",
    summary: "Change a source; secrets not named stay as they are",
    params: sourceParams,
    body: SourceWrite,
    reply: Source,
    handle: async ({ actor, params, body, ifMatch, services }) =>
      answerOf(services, actor, await changeSource(services, actor, params.sourceId, body, ifMatch)),
  }),
  route({
    method: "DELETE",
    path: "/sources/:sourceId",
    operationId: "removeSource",
    tag,
    permission: "sources.write",
    summary: "Take a source away; what it brought stays",
    params: sourceParams,
    reply: Empty,
    handle: ({ actor, params, services }) => removeSource(services, actor, params.sourceId),
  }),
  route({
    method: "POST",
    path: "/sources/:sourceId/runs",
    operationId: "startSyncRun",
    tag,
    permission: "sources.run",
    status: 202,
    summary: "Run a source now; a worker does it, and the run's state tells",
    params: sourceParams,
    reply: SyncRun,
    handle: async ({ actor, params, services }) => {
      const started = await startRun(services, actor, params.sourceId, "person");
      return started.ok ? done(runView(started.value, new Map(), actor.language)) : started;
    },
  }),
  route({
    method: "POST",
    path: "/sources/:sourceId/companies/:companyId/of-record",
    operationId: "chooseSourceOfRecord",
    tag,
    permission: "sources.write",
    summary: "Make the source's rows the ledger of a company",
    params: z.object({ sourceId: Id, companyId: Id }),
    reply: Source,
    handle: async ({ actor, params, services }) =>
      answerOf(services, actor, await chooseSourceOfRecord(services, actor, params.sourceId, params.companyId)),
  }),
  route({
    method: "POST",
    path: "/sources/:sourceId/keys",
    operationId: "makePushKey",
    tag,
    permission: "api_keys.write",
    status: 201,
    summary: "Make a key that may push to this source and do nothing else; it is shown once",
    params: sourceParams,
    body: PushKeyWrite,
    reply: ApiKeyMade,
    handle: async ({ actor, params, body, services, today }) => {
      const source = await services.db.transaction(actor.tenant, (tx) => store.findSource(tx, params.sourceId));
      if (!source) return refuse("not_found");
      const wanted = {
        ...body,
        expiresOn: day(body.expiresOn),
        permissions: ["sync.push" as const],
        sourceId: source.id,
      };
      const made = await makeApiKey(services, actor, wanted, today);
      if (!made.ok) return made;
      const { tenant: _tenant, ...apiKey } = made.value.apiKey;
      return done({ apiKey, key: made.value.key });
    },
  }),
  route({
    method: "GET",
    path: "/sync/runs",
    operationId: "listSyncRuns",
    tag,
    permission: "sources.read",
    summary: "Runs of all sources or of one, newest first",
    query: SyncRunQuery,
    reply: SyncRunPage,
    handle: async ({ actor, query, services }) => {
      const before = readCursor(query.cursor, [z.iso.datetime({ offset: true }), Id]);
      if (isRefused(before)) return before;
      const found = await services.db.transaction(actor.tenant, (tx) =>
        runs.listRuns(tx, { sourceId: query.sourceId, limit: query.limit + 1, before }),
      );
      const { rows, next } = cutPage(found, query.limit, (run) => [run.startedAt, run.id]);
      return done({ rows: rows.map((run) => runRowView(run, actor.language)), next });
    },
  }),
  route({
    method: "GET",
    path: "/sync/runs/:syncRunId",
    operationId: "getSyncRun",
    tag,
    permission: "sources.read",
    summary: "One run with what it did for each company",
    params: z.object({ syncRunId: Id }),
    reply: SyncRun,
    handle: async ({ actor, params, services }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const run = await runs.findRun(tx, params.syncRunId);
        return run ? done(runView(run, await companyNames(tx), actor.language)) : refuse("not_found");
      }),
  }),
];
