import { type Criterion, criterionOf } from "#platform/criteria/index.ts";
import { sql } from "#platform/database/index.ts";
import type { ListSource } from "#platform/lists/index.ts";

const tasks = criterionOf("customer", { isDated: false, source: "tasks" });

/** Criteria of customers over their tasks still open. */
export const customerTaskCriteria: readonly Criterion[] = [
  tasks("open_tasks", "coalesce(tasks.count, 0)", "integer", { fr: "Tâches ouvertes", en: "Open tasks" }),
  tasks("next_task_on", "tasks.next_on", "day", { fr: "Prochaine tâche", en: "Next task" }),
  tasks("late_tasks", "coalesce(tasks.late, 0)", "integer", { fr: "Tâches en retard", en: "Late tasks" }),
];

/** The source of those criteria: alias `tasks`, one row per customer. */
export const customerTasks: ListSource = ({ tx, asOf }) => sql`
  left join (
    select customer_id, count(*) as count, min(due_on) as next_on, count(*) filter (where due_on < ${asOf}::date) as late
    from tasks.task
    where tenant_id = ${tx.tenant} and state = 'open' and customer_id is not null
    group by customer_id) tasks on tasks.customer_id = c.customer_id`;
