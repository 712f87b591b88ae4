import { type Currency, toDecimal } from "#kernel/money.ts";
import type { CreateTasks, TaskRequest } from "#modules/dunning/index.ts";
import type { BatchInUse } from "#modules/receivables/index.ts";
import { createTasks } from "#modules/tasks/index.ts";
import { sql } from "#platform/database/index.ts";

// What lower rooms ask of higher ones: declared there, plugged in here.

/** A batch is in use once a message lists an item that it brought or changed. */
export const isBatchInUse: BatchInUse = async (tx, batchId) => {
  const row = await tx.maybeOne(sql`
    select 1 as one
    from receivables.item_version v
    join correspondence.message_item m on m.tenant_id = v.tenant_id and m.item_id = v.item_id
    join correspondence.message g on g.tenant_id = m.tenant_id and g.message_id = m.message_id
    where v.tenant_id = ${tx.tenant} and v.batch_id = ${batchId} and g.state not in ('planned', 'withdrawn')
    limit 1`);
  return row !== undefined;
};

const TITLES: Readonly<Record<TaskRequest["kind"], (amount: string) => string>> = {
  match: (amount) => `Lettrer ${amount} : le compte couvre ce qui est échu`,
  complete_contact: (amount) => `Compléter le contact : ${amount} à relancer sans adresse`,
};

/** What a plan leaves to people becomes tasks, one open task per cause. */
export const createDunningTasks: CreateTasks = async (tx, actor, tasks, asOf) => {
  const wanted = tasks.map((task) => ({
    kind: task.kind,
    title: TITLES[task.kind](
      `${toDecimal({ minor: task.amount.minor, currency: task.amount.currency as Currency })} ${task.amount.currency}`,
    ),
    details: null,
    customerId: task.customerId,
    dueOn: asOf,
    assigneeId: null,
    occasion: task.key,
  }));
  await createTasks(tx, actor, wanted);
};
