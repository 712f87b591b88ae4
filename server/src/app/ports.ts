import { currency, exponentOf, toDecimal } from "#kernel/money.ts";
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
  match: (amount) => `Lettrer ${amount} : le compte couvre l’échu`,
  complete_contact: (amount) => `Compléter le contact : ${amount} sans adresse`,
};

/** A title is kept as text, once for all readers, in the house's first language: "Lettrer 2 014,89 € : …". */
export function taskTitle({ kind, amount }: Pick<TaskRequest, "kind" | "amount">): string {
  const money = { minor: amount.minor, currency: currency(amount.currency) };
  const digits = exponentOf(money.currency);
  const format = new Intl.NumberFormat("fr-FR", {
    style: "currency",
    currency: money.currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  // as text, not as number: exact whatever the amount
  return TITLES[kind](format.format(toDecimal(money) as `${number}`));
}

/** What a plan leaves to people becomes tasks, one open task per cause. */
export const createDunningTasks: CreateTasks = async (tx, actor, tasks, asOf) => {
  const wanted = tasks.map((task) => ({
    kind: task.kind,
    title: taskTitle(task),
    details: null,
    customerId: task.customerId,
    dueOn: asOf,
    assigneeId: null,
    occasion: task.key,
  }));
  await createTasks(tx, actor, wanted);
};
