import type { TaskWrite } from "#contracts/tasks.ts";
import { newId } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { findCustomer } from "#modules/parties/index.ts";
import type { Actor } from "#platform/actor.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import { record, recordAll } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import * as store from "../store/task-store.ts";

export type NewTask = Omit<TaskWrite, "customerId"> & {
  readonly customerId: string | null;
  readonly kind: string;
  readonly subjectType?: string;
  readonly subjectId?: string;
  /** One open task per occasion; asking again changes nothing. */
  readonly occasion?: string;
};

/** Makes tasks inside the caller's transaction; those whose occasion has an open one already are left out. Returns the ids made. */
export async function createTasks(
  tx: Tx,
  actor: Pick<Actor, "kind" | "id">,
  tasks: readonly NewTask[],
): Promise<string[]> {
  const named = tasks.map((task) => ({ id: newId(), task }));
  const made = new Set(await store.insertTasks(tx, named, actor.id));
  const events = named
    .filter(({ id }) => made.has(id))
    .map(({ id, task }) => ({
      kind: "tasks.task.created",
      version: 1,
      subject: { type: "task", id },
      about: task.customerId ? [{ type: "customer", id: task.customerId }] : [],
      payload: { kind: task.kind, title: task.title, dueOn: task.dueOn, assigneeId: task.assigneeId },
    }));
  await recordAll(tx, actor, events);
  return [...made];
}

/** Withdraws the open task of an occasion once its cause is gone; nothing when there is none. */
export async function withdrawOccasion(tx: Tx, actor: Pick<Actor, "kind" | "id">, occasion: string): Promise<void> {
  const open = await store.findOpenOccasion(tx, occasion);
  if (!open) return;
  await store.updateTask(tx, open.id, sql`state = 'withdrawn', completed_at = now(), completed_by = ${actor.id}`);
  await record(tx, actor, {
    kind: "tasks.task.withdrawn",
    version: 1,
    subject: { type: "task", id: open.id },
    payload: { title: open.title },
  });
}

export async function addTask(
  services: Services,
  actor: Actor,
  wanted: TaskWrite,
): Promise<Result<store.TaskRow, "not_found">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    if (wanted.customerId && !(await findCustomer(tx, wanted.customerId))) return refuse("not_found");
    const [id] = await createTasks(tx, actor, [{ ...wanted, kind: "manual" }]);
    const made = id && (await store.findTask(tx, id));
    return made ? done(made) : refuse("not_found");
  });
}

type ChangeRefusal = "not_found" | "version_required" | "stale_version";

/** Changes what a task says or whose it is. */
export async function changeTask(
  services: Services,
  actor: Actor,
  id: string,
  wanted: TaskWrite,
  version: number | undefined,
): Promise<Result<store.TaskRow, ChangeRefusal>> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const before = await store.lockTask(tx, id);
    if (!before) return refuse("not_found");
    if (version === undefined) return refuse("version_required");
    if (version !== before.version) return refuse("stale_version");
    if (wanted.customerId && !(await findCustomer(tx, wanted.customerId))) return refuse("not_found");
    await store.updateTask(
      tx,
      id,
      sql`title = ${wanted.title}, details = ${wanted.details}, customer_id = ${wanted.customerId},
      due_on = ${wanted.dueOn}, assignee_id = ${wanted.assigneeId}`,
    );
    await record(tx, actor, {
      kind: "tasks.task.changed",
      version: 1,
      subject: { type: "task", id },
      about: before.customerId ? [{ type: "customer", id: before.customerId }] : [],
      payload: {
        before: { assigneeId: before.assigneeId, dueOn: before.dueOn },
        after: { assigneeId: wanted.assigneeId, dueOn: wanted.dueOn },
      },
    });
    const after = await store.findTask(tx, id);
    return after ? done(after) : refuse("not_found");
  });
}

/** Completes, withdraws or reopens a task. */
export async function closeTask(
  services: Services,
  actor: Actor,
  id: string,
  state: "done" | "withdrawn" | "open",
  version: number | undefined,
): Promise<Result<store.TaskRow, ChangeRefusal>> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const before = await store.lockTask(tx, id);
    if (!before) return refuse("not_found");
    if (version === undefined) return refuse("version_required");
    if (version !== before.version) return refuse("stale_version");
    const closing =
      state === "open"
        ? sql`completed_at = null, completed_by = null`
        : sql`completed_at = now(), completed_by = ${actor.id}`;
    await store.updateTask(tx, id, sql`state = ${state}, ${closing}`);
    await record(tx, actor, {
      kind: `tasks.task.${state === "open" ? "reopened" : state}`,
      version: 1,
      subject: { type: "task", id },
      about: before.customerId ? [{ type: "customer", id: before.customerId }] : [],
      payload: { title: before.title },
    });
    const after = await store.findTask(tx, id);
    return after ? done(after) : refuse("not_found");
  });
}

/** A user hands over: their open tasks follow the owners of their customers, those without a customer go to the taker. How many. */
export async function passTasks(
  tx: Tx,
  actor: Pick<Actor, "kind" | "id">,
  fromId: string,
  takerId: string,
): Promise<number> {
  const passed = await store.passTasks(tx, fromId, takerId);
  await recordAll(
    tx,
    actor,
    passed.map(({ id, customerId }) => ({
      kind: "tasks.task.passed_on",
      version: 1,
      subject: { type: "task", id },
      about: customerId ? [{ type: "customer", id: customerId }] : [],
      payload: { fromId, assigneeId: customerId ? null : takerId },
    })),
  );
  return passed.length;
}
