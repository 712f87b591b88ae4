import { isSameCustomer } from "#modules/parties/index.ts";
import { empty, type Sql, sql, type Tx } from "#platform/database/index.ts";

export type TaskRow = {
  id: string;
  kind: string;
  title: string;
  details: string | null;
  subjectType: string | null;
  subjectId: string | null;
  customerId: string | null;
  customerName: string | null;
  dueOn: string | null;
  assigneeId: string | null;
  /** Whose portfolio the customer is in: a task without an assignee is theirs. */
  ownerId: string | null;
  state: "open" | "done" | "withdrawn";
  createdBy: string;
  createdAt: string;
  completedAt: string | null;
  version: number;
};

const TASK = sql`t.task_id as id, t.kind, t.title, t.details, t.subject_type as "subjectType", t.subject_id as "subjectId",
  t.customer_id as "customerId", c.name as "customerName", t.due_on as "dueOn", t.assignee_id as "assigneeId", k.owner_id as "ownerId", t.state,
  t.created_by as "createdBy", t.created_at as "createdAt", t.completed_at as "completedAt", t.version`;
/** `k` is who the customer is now, where it was merged. */
const FROM = sql`tasks.task t
  left join parties.customer c on c.tenant_id = t.tenant_id and c.customer_id = t.customer_id
  left join parties.customer k on k.tenant_id = c.tenant_id and k.customer_id = coalesce(c.merged_into, c.customer_id)`;

export const findTask = (tx: Tx, id: string) =>
  tx.maybeOne<TaskRow>(sql`select ${TASK} from ${FROM} where t.tenant_id = ${tx.tenant} and t.task_id = ${id}`);

export const lockTask = (tx: Tx, id: string) =>
  tx.maybeOne<TaskRow>(
    sql`select ${TASK} from ${FROM} where t.tenant_id = ${tx.tenant} and t.task_id = ${id} for update of t`,
  );

type InsertedTask = {
  readonly kind: string;
  readonly title: string;
  readonly details: string | null;
  readonly subjectType?: string;
  readonly subjectId?: string;
  readonly customerId: string | null;
  readonly dueOn: string | null;
  readonly assigneeId: string | null;
  readonly occasion?: string;
};

/** Adds tasks in one statement; gives the ids of those that had no open twin of the same occasion. */
export async function insertTasks(
  tx: Tx,
  tasks: readonly { id: string; task: InsertedTask }[],
  createdBy: string,
): Promise<string[]> {
  if (tasks.length === 0) return [];
  const staged = tasks.map(({ id, task }) => ({
    id,
    kind: task.kind,
    title: task.title,
    details: task.details,
    subject_type: task.subjectType ?? null,
    subject_id: task.subjectId ?? null,
    customer_id: task.customerId,
    due_on: task.dueOn,
    assignee_id: task.assigneeId,
    occasion: task.occasion ?? null,
  }));
  const rows = await tx.rows<{ id: string }>(sql`
    insert into tasks.task (tenant_id, task_id, kind, title, details, subject_type, subject_id, customer_id, due_on, assignee_id,
      occasion, created_by, created_at)
    select ${tx.tenant}, s.id, s.kind, s.title, s.details, s.subject_type, s.subject_id, s.customer_id, s.due_on, s.assignee_id,
      s.occasion, ${createdBy}, now()
    from json_to_recordset(${JSON.stringify(staged)}::json) as s (id uuid, kind text, title text, details text, subject_type text,
      subject_id uuid, customer_id uuid, due_on date, assignee_id text, occasion text)
    on conflict (tenant_id, occasion) where occasion is not null and state = 'open' do nothing
    returning task_id as id`);
  return rows.map((row) => row.id);
}

/** The open task of an occasion, if any. */
export const findOpenOccasion = (tx: Tx, occasion: string) =>
  tx.maybeOne<{ id: string; title: string }>(sql`
    select task_id as id, title from tasks.task
    where tenant_id = ${tx.tenant} and occasion = ${occasion} and state = 'open'
    for update`);

export const updateTask = (tx: Tx, id: string, changes: Sql) =>
  tx.run(
    sql`update tasks.task set ${changes}, version = version + 1 where tenant_id = ${tx.tenant} and task_id = ${id}`,
  );

export type TaskFilter = { state: string; assigneeId?: string | null | undefined; customerId?: string | undefined };

/** Theirs by name, or unassigned and of a customer in their portfolio; null: of nobody either way. */
const assigned = ({ assigneeId }: TaskFilter): Sql => {
  if (assigneeId === undefined) return empty;
  return assigneeId === null
    ? sql`and t.assignee_id is null and k.owner_id is null`
    : sql`and coalesce(t.assignee_id, k.owner_id) = ${assigneeId}`;
};

const where = (tx: Tx, filter: TaskFilter): Sql => sql`
  t.tenant_id = ${tx.tenant} and t.state = ${filter.state} ${assigned(filter)}
  ${filter.customerId ? sql`and t.customer_id ${isSameCustomer(tx, filter.customerId)}` : empty}`;

/** Soonest due first; without a day last. */
export const listTasks = (
  tx: Tx,
  filter: TaskFilter,
  page: { limit: number; after?: readonly [string, string] | undefined },
) =>
  tx.rows<TaskRow>(sql`
    select ${TASK} from ${FROM}
    where ${where(tx, filter)}
      ${page.after ? sql`and (coalesce(t.due_on, 'infinity'), t.task_id) > (${page.after[0]}::date, ${page.after[1]}::uuid)` : empty}
    order by coalesce(t.due_on, 'infinity'), t.task_id
    limit ${page.limit}`);

export const countTasks = async (tx: Tx, filter: TaskFilter, cap: number): Promise<number> => {
  const row = await tx.one<{ count: bigint }>(sql`
    select count(*) as count from (select 1 from ${FROM} where ${where(tx, filter)} limit ${cap + 1}) as counted`);
  return Number(row.count);
};

/** Open tasks of a user that have a customer wait for its owner; the others go to the taker. The tasks concerned. */
export const passTasks = (tx: Tx, fromId: string, takerId: string) =>
  tx.rows<{ id: string; customerId: string | null }>(sql`
    update tasks.task
    set assignee_id = case when customer_id is null then ${takerId}::text end, version = version + 1
    where tenant_id = ${tx.tenant} and assignee_id = ${fromId} and state = 'open'
    returning task_id as id, customer_id as "customerId"`);
