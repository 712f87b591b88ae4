import { z } from "zod";
import { Day, Id } from "#contracts/common.ts";
import { Task, TaskClose, TaskPage, TaskQuery, TaskWrite } from "#contracts/tasks.ts";
import { done, type Result } from "#kernel/result.ts";
import { userNames } from "#modules/access/index.ts";
import type { Actor } from "#platform/actor.ts";
import {
  cutPage,
  EXACT_TOTAL,
  isRefused,
  type Route,
  readCursor,
  route,
  totalOf,
  versioned,
} from "#platform/http/index.ts";
import type { Services } from "#platform/services.ts";
import { addTask, changeTask, closeTask } from "./actions/manage-tasks.ts";
import { countTasks, listTasks, type TaskRow } from "./store/task-store.ts";

const tag = "tasks";
/** Where a task without a day stands in the list: after all days. */
const NO_DAY = "infinity";
const taskParams = z.object({ taskId: Id });

async function withNames(services: Services, actor: Actor, rows: readonly TaskRow[]) {
  const names = await services.db.global((tx) => userNames(tx, actor.tenant));
  const name = (id: string | null) => (id ? (names.get(id) ?? null) : null);
  return rows.map((row) => ({ ...row, assigneeName: name(row.assigneeId), ownerName: name(row.ownerId) }));
}

async function shown(services: Services, actor: Actor, result: Result<TaskRow>) {
  if (!result.ok) return result;
  const [task] = await withNames(services, actor, [result.value]);
  if (!task) throw new Error("a task lost its names");
  return versioned(done(task));
}

export const routes: Route[] = [
  route({
    method: "GET",
    path: "/tasks",
    operationId: "listTasks",
    tag,
    permission: "tasks.read",
    summary: "Tasks, soonest due first",
    query: TaskQuery,
    reply: TaskPage,
    handle: async ({ actor, query, services }) => {
      const after = readCursor(query.cursor, [z.union([Day, z.literal(NO_DAY)]), Id]);
      if (isRefused(after)) return after;
      const assigneeId = query.assignee === "me" ? actor.id : query.assignee === "nobody" ? null : undefined;
      const filter = { state: query.state, assigneeId, customerId: query.customerId };
      const { found, count } = await services.db.transaction(actor.tenant, async (tx) => ({
        found: await listTasks(tx, filter, { limit: query.limit + 1, after }),
        count: await countTasks(tx, filter, EXACT_TOTAL),
      }));
      const { rows, next } = cutPage(found, query.limit, (task) => [task.dueOn ?? NO_DAY, task.id]);
      return done({ rows: await withNames(services, actor, rows), next, total: totalOf(count) });
    },
  }),
  route({
    method: "POST",
    path: "/tasks",
    operationId: "addTask",
    tag,
    permission: "tasks.write",
    status: 201,
    summary: "Add a task",
    body: TaskWrite,
    reply: Task,
    handle: async ({ actor, body, services }) => shown(services, actor, await addTask(services, actor, body)),
  }),
  route({
    method: "PUT",
    path: "/tasks/:taskId",
    operationId: "changeTask",
    tag,
    permission: "tasks.write",
    summary: "Change or assign a task",
    params: taskParams,
    body: TaskWrite,
    reply: Task,
    handle: async ({ actor, params, body, ifMatch, services }) =>
      shown(services, actor, await changeTask(services, actor, params.taskId, body, ifMatch)),
  }),
  route({
    method: "PUT",
    path: "/tasks/:taskId/state",
    operationId: "closeTask",
    tag,
    permission: "tasks.write",
    summary: "Complete, withdraw or reopen a task",
    params: taskParams,
    body: TaskClose,
    reply: Task,
    handle: async ({ actor, params, body, ifMatch, services }) =>
      shown(services, actor, await closeTask(services, actor, params.taskId, body.state, ifMatch)),
  }),
];
