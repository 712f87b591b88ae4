import { z } from "zod";
import { Empty, Id } from "#contracts/common.ts";
import {
  approveRunBody,
  decideBody,
  decisionDetail,
  decisionList,
  decisionListQuery,
  excludeItemBody,
  planRunBody,
  previewRunAnswer,
  previewRunBody,
  runAnswer,
  runList,
  runSummary,
} from "#contracts/dunning.ts";
import { day as asDay } from "#kernel/calendar-date.ts";
import { done, refuse } from "#kernel/result.ts";
import type { Tx } from "#platform/database/index.ts";
import { cutPage, isRefused, type Route, readCursor, route, totalOf, withEtag } from "#platform/http/index.ts";
import { approveRun } from "./actions/approve-run.ts";
import { type CreateTasks, planRun, previewRun } from "./actions/plan-run.ts";
import { readDecision } from "./actions/read-decision.ts";
import { discardRun, excludeGroups, excludeItem, includeGroups, recallRun, sendNow } from "./actions/review-run.ts";
import { decisionView, previewView, runView } from "./run-view.ts";
import { companies, customersById } from "./store/party-reads.ts";
import { countDecisions, findRun, listDecisions, listRuns, messageStates, type RunRecord } from "./store/run-rows.ts";

const tag = "dunning";
/** Place of a decision within its run. */
const Position = z.string().regex(/^\d{1,9}$/);
const runParams = z.object({ runId: Id });
const decisionParams = z.object({ runId: Id, decisionId: Id });
const PREVIEW_ROWS = 500;

async function progress(tx: Tx, run: RunRecord) {
  return runView(run, (await messageStates(tx, [run.runId])).get(run.runId) ?? {});
}

export const runRoutes = (createTasks: CreateTasks | undefined): Route[] => [
  route({
    method: "POST",
    path: "/runs",
    operationId: "planRun",
    tag,
    permission: "runs.plan",
    status: 201,
    summary: "Plan a run of a day: who would be written to and why not; replaces the one under review",
    body: planRunBody,
    reply: runSummary,
    handle: async ({ actor, body, services, today }) => {
      const asOf = body.asOf === undefined ? today : asDay(body.asOf);
      const { db, clock } = services;
      const planned = await planRun({ db, clock, createTasks }, actor, { asOf, companyId: body.companyId, today });
      return planned.ok ? done(await db.transaction(actor.tenant, (tx) => progress(tx, planned.value))) : planned;
    },
  }),
  route({
    method: "POST",
    path: "/runs/preview",
    operationId: "previewRun",
    tag,
    permission: "runs.read",
    summary: "The same plan without a trace, for any day and under a draft if one is given; the 500 largest decisions",
    body: previewRunBody,
    reply: previewRunAnswer,
    handle: async ({ actor, body, services, today }) => {
      const asOf = body.asOf === undefined ? today : asDay(body.asOf);
      const previewed = await previewRun(services, actor, {
        asOf,
        companyId: body.companyId,
        content: body.content,
        today,
      });
      if (!previewed.ok) return previewed;
      const { run, decisions } = previewed.value;
      const shown = decisions.slice(0, PREVIEW_ROWS);
      const [known, customers] = await services.db.transaction(
        actor.tenant,
        async (tx) =>
          [
            await companies(tx),
            await customersById(
              tx,
              shown.map((one) => one.customerId),
            ),
          ] as const,
      );
      const rows = shown.map((one) => previewView(one, known.get(one.companyId), customers.get(one.customerId)));
      return done({ summary: runView(run, {}, true), rows });
    },
  }),
  route({
    method: "GET",
    path: "/runs",
    operationId: "listRuns",
    tag,
    permission: "runs.read",
    summary: "Runs, newest first",
    query: z.object({
      limit: z.coerce.number().int().min(1).max(100).default(50),
      cursor: z.string().max(200).optional(),
    }),
    reply: runList,
    handle: async ({ actor, query, services }) => {
      const cursor = readCursor(query.cursor, [Id]);
      if (isRefused(cursor)) return cursor;
      return services.db.transaction(actor.tenant, async (tx) => {
        const found = await listRuns(tx, query.limit + 1, cursor?.[0]);
        const { rows: runs, next } = cutPage(found, query.limit, (run) => [run.runId]);
        const states = await messageStates(
          tx,
          runs.map((run) => run.runId),
        );
        return done({ rows: runs.map((run) => runView(run, states.get(run.runId) ?? {})), next });
      });
    },
  }),
  route({
    method: "GET",
    path: "/runs/:runId",
    operationId: "getRun",
    tag,
    permission: "runs.read",
    summary: "One run: counts by decision and reason, and how far its messages are",
    params: runParams,
    reply: runSummary,
    handle: async ({ actor, params, services }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const run = await findRun(tx, params.runId);
        return run ? done(withEtag(await progress(tx, run), run.version)) : refuse("not_found");
      }),
  }),
  route({
    method: "GET",
    path: "/runs/:runId/decisions",
    operationId: "listDecisions",
    tag,
    permission: "runs.read",
    summary: "Decisions of a run, largest amounts first",
    params: runParams,
    query: decisionListQuery,
    reply: decisionList,
    handle: async ({ actor, params, query, services }) => {
      const cursor = readCursor(query.cursor, [Position]);
      if (isRefused(cursor)) return cursor;
      return services.db.transaction(actor.tenant, async (tx) => {
        if (!(await findRun(tx, params.runId))) return refuse("not_found");
        const found = await listDecisions(tx, params.runId, {
          ...query,
          after: Number(cursor?.[0] ?? -1),
          limit: query.limit + 1,
        });
        const { rows, next } = cutPage(found, query.limit, (decision) => [String(decision.position)]);
        return done({
          rows: rows.map(decisionView),
          next,
          total: totalOf(await countDecisions(tx, params.runId, query)),
        });
      });
    },
  }),
  route({
    method: "GET",
    path: "/runs/:runId/decisions/:decisionId",
    operationId: "getDecision",
    tag,
    permission: "runs.read",
    summary: "One decision: items, history, why, and the message as it would read",
    params: decisionParams,
    reply: decisionDetail,
    handle: async ({ actor, params, services }) => {
      const found = await services.db.transaction(actor.tenant, (tx) =>
        readDecision(tx, params.runId, params.decisionId),
      );
      return found ? done(found) : refuse("not_found");
    },
  }),
  ...reviewRoutes,
];

const reviewRoutes: Route[] = [
  route({
    method: "POST",
    path: "/runs/:runId/exclude",
    operationId: "excludeGroups",
    tag,
    permission: "runs.plan",
    summary: "Take groups out of a run",
    params: runParams,
    body: decideBody,
    reply: runAnswer,
    handle: ({ actor, params, body, services }) =>
      excludeGroups(services, actor, params.runId, body.decisionIds, body.reason ?? ""),
  }),
  route({
    method: "POST",
    path: "/runs/:runId/include",
    operationId: "includeGroups",
    tag,
    permission: "runs.plan",
    summary: "Let groups that wait for a decision leave with the run; or bring excluded ones back",
    params: runParams,
    body: decideBody,
    reply: runAnswer,
    handle: ({ actor, params, body, services }) => includeGroups(services, actor, params.runId, body.decisionIds),
  }),
  route({
    method: "POST",
    path: "/runs/:runId/decisions/:decisionId/exclude-item",
    operationId: "excludeItem",
    tag,
    permission: "runs.plan",
    summary: "Leave one item out of a message",
    params: decisionParams,
    body: excludeItemBody,
    reply: runAnswer,
    handle: ({ actor, params, body, services }) =>
      excludeItem(services, actor, params.runId, params.decisionId, body.itemId, body.reason),
  }),
  route({
    method: "POST",
    path: "/runs/:runId/approve",
    operationId: "approveRun",
    tag,
    permission: "runs.approve",
    summary: "Approve the messages that leave, or those named; the number shown must be named",
    params: runParams,
    body: approveRunBody,
    reply: runAnswer,
    handle: ({ actor, params, body, services, today }) => approveRun(services, actor, params.runId, { ...body, today }),
  }),
  route({
    method: "POST",
    path: "/runs/:runId/undo",
    operationId: "undoApproval",
    tag,
    permission: "runs.approve",
    summary: "Undo an approval: what is still held goes back to review",
    params: runParams,
    body: Empty,
    reply: runAnswer,
    handle: ({ actor, params, services }) => recallRun(services, actor, params.runId),
  }),
  route({
    method: "POST",
    path: "/runs/:runId/send-now",
    operationId: "sendRunNow",
    tag,
    permission: "runs.approve",
    summary: "End the undo window now",
    params: runParams,
    body: Empty,
    reply: runAnswer,
    handle: ({ actor, params, services }) => sendNow(services, actor, params.runId),
  }),
  route({
    method: "POST",
    path: "/runs/:runId/discard",
    operationId: "discardRun",
    tag,
    permission: "runs.plan",
    summary: "Give up a run under review",
    params: runParams,
    body: Empty,
    reply: runAnswer,
    handle: ({ actor, params, services }) => discardRun(services, actor, params.runId),
  }),
];
