import { z } from "zod";
import { Empty, Id } from "#contracts/common.ts";
import { ClosePush, OpenPush, PushOpened, PushReport, PushRows, PushState } from "#contracts/push.ts";
import { done, refuse } from "#kernel/result.ts";
import { type Route, route } from "#platform/http/index.ts";
import { abandonPush, closePush, openPush, pushRows } from "./actions/push.ts";
import { runRowView } from "./http-sources.ts";
import type { PushKind } from "./store/push-store.ts";
import * as runs from "./store/run-store.ts";

const tag = "push";
const runParams = z.object({ syncRunId: Id });
const BODY_BYTES = 32 * 1024 * 1024;

const rowsRoute = (path: string, operationId: string, kind: PushKind, summary: string): Route =>
  route({
    method: "POST",
    path: `/sync/runs/:syncRunId/${path}`,
    operationId,
    tag,
    permission: "sync.push",
    summary,
    params: runParams,
    body: PushRows,
    bodyLimit: BODY_BYTES,
    reply: PushReport,
    handle: ({ actor, params, body, services }) => pushRows(services, actor, params.syncRunId, kind, body.rows),
  });

const stateView = (run: runs.RunRecord, language: "fr" | "en") => {
  const { id, state, fault, counts, differences, refusedRows } = runRowView(run, language);
  return { id, state, fault, counts, differences, refusedRows };
};

/** Bulk upserts into a run that a program opens, fills and closes. */
export const pushRoutes: Route[] = [
  route({
    method: "POST",
    path: "/sync/runs",
    operationId: "openPush",
    tag,
    permission: "sync.push",
    status: 201,
    summary: "Open a run of a pushed source, with what the absence of an item will mean",
    body: OpenPush,
    reply: PushOpened,
    handle: async ({ actor, body, services }) => {
      const opened = await openPush(services, actor, body);
      if (!opened.ok) return opened;
      const { run, companies } = opened.value;
      return done({
        id: run.id,
        sourceId: run.sourceId,
        companies: companies.map((one) => ({
          company: one.companyCode,
          bookCurrency: one.bookCurrency,
          part: one.part,
          reached: one.reached,
        })),
      });
    },
  }),
  rowsRoute("customers", "pushCustomers", "customer", "Upsert customers, at most 10,000 a call"),
  rowsRoute("contacts", "pushContacts", "contact", "Upsert contacts of customers"),
  rowsRoute("items", "pushItems", "item", "Upsert ledger items: invoices, credit notes, payments, rejections"),
  rowsRoute("settlements", "pushSettlements", "settlement", "Letter items, or say which item settles which"),
  rowsRoute("orders", "pushOrders", "order", "Upsert orders in progress"),
  rowsRoute("balances", "pushBalances", "balance", "State balances per account, for the proof"),
  rowsRoute(
    "present",
    "pushPresentKeys",
    "present",
    "Name the keys that still exist: what is not among them never was",
  ),
  route({
    method: "POST",
    path: "/sync/runs/:syncRunId/close",
    operationId: "closePush",
    tag,
    permission: "sync.push",
    status: 202,
    summary: "Close a run: what was pushed is applied and proved, all or nothing per company",
    params: runParams,
    body: ClosePush,
    reply: PushState,
    handle: async ({ actor, params, body, services }) => {
      const closed = await closePush(services, actor, params.syncRunId, body);
      return closed.ok ? done(stateView(closed.value, actor.language)) : closed;
    },
  }),
  route({
    method: "POST",
    path: "/sync/runs/:syncRunId/abandon",
    operationId: "abandonPush",
    tag,
    permission: "sync.push",
    summary: "Throw a run away; nothing of it was applied",
    params: runParams,
    reply: Empty,
    handle: ({ actor, params, services }) => abandonPush(services, actor, params.syncRunId),
  }),
  route({
    method: "GET",
    path: "/sync/runs/:syncRunId/state",
    operationId: "getPushState",
    tag,
    permission: "sync.push",
    summary: "How a pushed run stands",
    params: runParams,
    reply: PushState,
    handle: async ({ actor, params, services }) => {
      const run = await services.db.transaction(actor.tenant, (tx) => runs.findRun(tx, params.syncRunId));
      if (!run || (actor.sourceId && actor.sourceId !== run.sourceId)) return refuse("not_found");
      return done(stateView(run, actor.language));
    },
  }),
];
