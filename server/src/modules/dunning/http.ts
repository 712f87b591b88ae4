import { z } from "zod";
import { Id } from "#contracts/common.ts";
import { renderedMessage } from "#contracts/correspondence.ts";
import { CriterionList } from "#contracts/criteria.ts";
import {
  createStopBody,
  customerDunning,
  liftStopBody,
  previewTemplateBody,
  saveScenarioBody,
  scenarioDetail,
  scenarioList,
  scenarioVersionDetail,
  sendingSettings,
  sendingSettingsDetail,
  stopList,
  stopListQuery,
  stopRow,
} from "#contracts/dunning.ts";
import { day as asDay } from "#kernel/calendar-date.ts";
import { done, refuse } from "#kernel/result.ts";
import { criterionInfo } from "#platform/criteria/index.ts";
import type { Tx } from "#platform/database/index.ts";
import { type Route, route, withEtag } from "#platform/http/index.ts";
import { customerState } from "./actions/customer-state.ts";
import { saveScenario } from "./actions/manage-scenarios.ts";
import { createStop, liftStop } from "./actions/manage-stops.ts";
import type { CreateTasks } from "./actions/plan-run.ts";
import { previewTemplate } from "./actions/preview-template.ts";
import { conditionChoices, scenarioInForce } from "./actions/scenario-in-force.ts";
import { changeSending, sendingOf } from "./actions/sending-settings.ts";
import { runRoutes } from "./http-runs.ts";
import { statementRoutes } from "./http-statement.ts";
import { stopView } from "./run-view.ts";
import { subjectNames } from "./store/party-reads.ts";
import { type ScenarioRow, scenariosOn, scenarioVersion, scenarioVersions } from "./store/scenario-rows.ts";
import { findStop, listStops } from "./store/stop-rows.ts";

const tag = "dunning";
const scenarioParams = z.object({ scenarioId: Id });

const optionalDay = (text: string | undefined) => (text === undefined ? undefined : asDay(text));

const scenarioRowView = (row: ScenarioRow) => ({
  scenarioId: row.scenarioId,
  key: row.key,
  name: row.name,
  versionNo: row.versionNo,
  validFrom: row.validFrom,
  stepCount: row.content.steps.length,
});

async function scenarioView(tx: Tx, row: ScenarioRow) {
  const versions = await scenarioVersions(tx, row.scenarioId);
  return withEtag({ ...scenarioRowView(row), version: row.version, content: row.content, versions }, row.version);
}

const scenarioRoutes: Route[] = [
  route({
    method: "GET",
    path: "/scenarios/criteria",
    operationId: "listScenarioCriteria",
    tag,
    permission: "scenarios.read",
    summary: "Criteria that the conditions of a scenario, or of one of its steps, may use",
    query: z.object({ place: z.enum(["item", "step"]) }),
    reply: CriterionList,
    handle: async ({ actor, query, services }) => {
      const choices = await services.db.transaction(actor.tenant, (tx) => conditionChoices(tx, query.place));
      return done({ rows: choices.map(criterionInfo) });
    },
  }),
  route({
    method: "GET",
    path: "/scenarios",
    operationId: "listScenarios",
    tag,
    permission: "scenarios.read",
    summary: "Scenarios in the version in force today; a new tenant is given the model",
    reply: scenarioList,
    handle: async ({ actor, services, today }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        await scenarioInForce(tx, today, today, services.clock.now().toISOString());
        return done({ rows: (await scenariosOn(tx, today)).map(scenarioRowView) });
      }),
  }),
  route({
    method: "GET",
    path: "/scenarios/:scenarioId",
    operationId: "getScenario",
    tag,
    permission: "scenarios.read",
    summary: "One scenario in force today, with its versions",
    params: scenarioParams,
    reply: scenarioDetail,
    handle: async ({ actor, params, services, today }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const row = (await scenariosOn(tx, today)).find((one) => one.scenarioId === params.scenarioId);
        return row ? done(await scenarioView(tx, row)) : refuse("not_found");
      }),
  }),
  route({
    method: "GET",
    path: "/scenarios/:scenarioId/versions/:versionNo",
    operationId: "getScenarioVersion",
    tag,
    permission: "scenarios.read",
    summary: "One version of a scenario",
    params: z.object({ scenarioId: Id, versionNo: z.coerce.number().int().min(1).max(1_000_000) }),
    reply: scenarioVersionDetail,
    handle: async ({ actor, params, services }) => {
      const row = await services.db.transaction(actor.tenant, (tx) =>
        scenarioVersion(tx, params.scenarioId, params.versionNo),
      );
      if (!row) return refuse("not_found");
      const { scenarioId, versionNo, validFrom, content } = row;
      return done({ scenarioId, versionNo, validFrom, content });
    },
  }),
  route({
    method: "PUT",
    path: "/scenarios/:scenarioId",
    operationId: "saveScenario",
    tag,
    permission: "scenarios.write",
    summary: "Save a new version of a scenario, in force from a day on",
    params: scenarioParams,
    body: saveScenarioBody,
    reply: scenarioDetail,
    handle: async ({ actor, params, body, ifMatch, services, today }) => {
      const validFrom = optionalDay(body.validFrom);
      const change = { name: body.name, content: body.content, validFrom, today };
      const saved = await saveScenario(services, actor, params.scenarioId, change, ifMatch);
      return saved.ok
        ? done(await services.db.transaction(actor.tenant, (tx) => scenarioView(tx, saved.value)))
        : saved;
    },
  }),
  route({
    method: "POST",
    path: "/templates/preview",
    operationId: "previewTemplate",
    tag,
    permission: "templates.read",
    summary: "A draft or a stored template as a customer would get it",
    body: previewTemplateBody,
    reply: renderedMessage,
    handle: ({ actor, body, services, today }) =>
      services.db.transaction(actor.tenant, (tx) => previewTemplate(tx, body, today)),
  }),
];

const stopRoutes: Route[] = [
  route({
    method: "GET",
    path: "/stops",
    operationId: "listStops",
    tag,
    permission: "runs.read",
    summary: "Stops of customers and items",
    query: stopListQuery,
    reply: stopList,
    handle: async ({ actor, query, services, today }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const { subject, subjectId } = query;
        const stops = await listStops(tx, {
          subject,
          subjectIds: subjectId ? [subjectId] : undefined,
          activeOn: query.active === "true" ? today : undefined,
        });
        const names = await subjectNames(
          tx,
          stops.map((stop) => stop.subjectId),
        );
        const rows = stops.map((stop) => stopView(stop, names.get(stop.subjectId), today));
        return done({ rows: query.active === "false" ? rows.filter((row) => !row.active) : rows });
      }),
  }),
  route({
    method: "POST",
    path: "/stops",
    operationId: "createStop",
    tag,
    permission: "stops.write",
    status: 201,
    summary: "Stop reminders for a customer or one item until a day",
    body: createStopBody,
    reply: stopRow,
    handle: async ({ actor, body, services, today }) => {
      const stop = { ...body, validFrom: optionalDay(body.validFrom), validTo: asDay(body.validTo), today };
      const made = await createStop(services, actor, stop);
      if (!made.ok) return made;
      const names = await services.db.transaction(actor.tenant, (tx) => subjectNames(tx, [body.subjectId]));
      return done(withEtag(stopView(made.value, names.get(body.subjectId), today), made.value.versionNo));
    },
  }),
  route({
    method: "POST",
    path: "/stops/:stopId/lift",
    operationId: "liftStop",
    tag,
    permission: "stops.write",
    summary: "End a stop, yesterday unless a day is given",
    params: z.object({ stopId: Id }),
    body: liftStopBody,
    reply: stopRow,
    handle: async ({ actor, params, body, ifMatch, services, today }) => {
      const lifted = await liftStop(
        services,
        actor,
        params.stopId,
        { validTo: optionalDay(body.validTo), today },
        ifMatch,
      );
      if (!lifted.ok) return lifted;
      return services.db.transaction(actor.tenant, async (tx) => {
        const stop = (await findStop(tx, params.stopId)) ?? lifted.value;
        const names = await subjectNames(tx, [stop.subjectId]);
        return done(withEtag(stopView(stop, names.get(stop.subjectId), today), stop.versionNo));
      });
    },
  }),
  route({
    method: "GET",
    path: "/customers/:customerId/dunning",
    operationId: "getCustomerDunning",
    tag,
    permission: "runs.read",
    summary: "Stops, levels reached and the next step of one customer",
    params: z.object({ customerId: Id }),
    reply: customerDunning,
    handle: async ({ actor, params, services, today }) => {
      const state = await services.db.transaction(actor.tenant, (tx) => customerState(tx, params.customerId, today));
      return state ? done(state) : refuse("not_found");
    },
  }),
];

/** `createTasks` is the port to the room of tasks; without it no task is made. */
const settingRoutes: Route[] = [
  route({
    method: "GET",
    path: "/settings/sending",
    operationId: "getSendingSettings",
    tag,
    permission: "settings.read",
    summary: "Whether automatic messages leave without a preview, and how old the ledger may be",
    reply: sendingSettingsDetail,
    handle: async ({ actor, services }) => {
      const { version, value } = await services.db.transaction(actor.tenant, sendingOf);
      return done(withEtag({ ...value, version }, version));
    },
  }),
  route({
    method: "PUT",
    path: "/settings/sending",
    operationId: "changeSendingSettings",
    tag,
    permission: "settings.write",
    summary: "Change how the day's run leaves",
    body: sendingSettings,
    reply: sendingSettingsDetail,
    handle: async ({ actor, body, ifMatch, services, today }) => {
      const changed = await changeSending(services, actor, body, today, ifMatch);
      if (!changed.ok) return changed;
      const { version, value } = changed.value;
      return done(withEtag({ ...value, version }, version));
    },
  }),
];

export const dunningRoutes = (createTasks?: CreateTasks): Route[] => [
  ...runRoutes(createTasks),
  ...scenarioRoutes,
  ...settingRoutes,
  ...stopRoutes,
  ...statementRoutes,
];
