import { z } from "zod";
import { Empty, Id } from "#contracts/common.ts";
import { View, ViewList, ViewQuery, ViewWrite } from "#contracts/views.ts";
import { done, type Result } from "#kernel/result.ts";
import { userNames } from "#modules/access/index.ts";
import type { Actor } from "#platform/actor.ts";
import { type Route, route, versioned } from "#platform/http/index.ts";
import type { Services } from "#platform/services.ts";
import { addView, changeView, setRemoved } from "./actions/manage-views.ts";
import { listViews, type ViewRow } from "./store/view-store.ts";

const tag = "lists";
const permission = "views.write" as const;
const params = z.object({ viewId: Id });

async function named(services: Services, actor: Actor, rows: readonly ViewRow[]): Promise<View[]> {
  const names = await services.db.global((tx) => userNames(tx, actor.tenant));
  return rows.map(({ isRemoved: _isRemoved, authorId, ...view }) => ({
    ...view,
    isOwn: authorId === actor.id,
    authorName: names.get(authorId) ?? "",
  }));
}

async function shown<Code extends string>(services: Services, actor: Actor, result: Result<ViewRow, Code>) {
  if (!result.ok) return result;
  const [view] = await named(services, actor, [result.value]);
  if (!view) throw new Error("a view lost its names");
  return versioned(done(view));
}

export const segmentRoutes: Route[] = [
  route({
    method: "GET",
    path: "/views",
    operationId: "listViews",
    tag,
    permission,
    summary: "One's own views of a list and those shared with everybody",
    query: ViewQuery,
    reply: ViewList,
    handle: async ({ actor, query, services }) => {
      const rows = await services.db.transaction(actor.tenant, (tx) => listViews(tx, query.list, actor.id));
      return done({ rows: await named(services, actor, rows) });
    },
  }),
  route({
    method: "POST",
    path: "/views",
    operationId: "addView",
    tag,
    permission,
    status: 201,
    summary: "Keep the state of a list under a name",
    body: ViewWrite,
    reply: View,
    handle: async ({ actor, body, services }) => shown(services, actor, await addView(services, actor, body)),
  }),
  route({
    method: "PUT",
    path: "/views/:viewId",
    operationId: "changeView",
    tag,
    permission,
    summary: "Change one’s own view",
    params,
    body: ViewWrite,
    reply: View,
    handle: async ({ actor, params: { viewId }, body, ifMatch, services }) =>
      shown(services, actor, await changeView(services, actor, viewId, body, ifMatch)),
  }),
  route({
    method: "DELETE",
    path: "/views/:viewId",
    operationId: "removeView",
    tag,
    permission,
    summary: "Remove one’s own view; it can be brought back",
    params,
    reply: Empty,
    handle: ({ actor, params: { viewId }, services }) => setRemoved(services, actor, viewId, true),
  }),
  route({
    method: "POST",
    path: "/views/:viewId/bring-back",
    operationId: "bringBackView",
    tag,
    permission,
    summary: "Bring back a view that was removed",
    params,
    reply: Empty,
    handle: ({ actor, params: { viewId }, services }) => setRemoved(services, actor, viewId, false),
  }),
];
