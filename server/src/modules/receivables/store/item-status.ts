import type { ItemStatusCode } from "#contracts/receivables.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import { openItems } from "./open-items.ts";

/** Those of the ids that are items of the tenant, with the customer of each. */
export const itemsWithCustomers = (tx: Tx, itemIds: readonly Uuid[]) =>
  tx.rows<{ itemId: Uuid; customerId: Uuid; status: ItemStatusCode | null }>(sql`
    select i.item_id as "itemId", a.customer_id as "customerId", x.status
    from receivables.item i
    join parties.account_current a on a.tenant_id = i.tenant_id and a.account_id = i.account_id
    left join receivables.item_status x on x.tenant_id = i.tenant_id and x.item_id = i.item_id and x.valid_to = 'infinity'
    where i.tenant_id = ${tx.tenant} and i.item_id = any(${[...itemIds]}::uuid[])`);

/** Ends the status in force of the items and, unless `status` is null, begins another. */
export async function setItemStatus(
  tx: Tx,
  itemIds: readonly Uuid[],
  given: { status: ItemStatusCode | null; note: string | null; by: string; at: string },
): Promise<void> {
  await tx.run(sql`
    update receivables.item_status
    set valid_to = greatest(valid_from, ${given.at}::timestamptz)
    where tenant_id = ${tx.tenant} and item_id = any(${[...itemIds]}::uuid[]) and valid_to = 'infinity'`);
  if (given.status === null) return;
  await tx.run(sql`
    insert into receivables.item_status (tenant_id, item_id, valid_from, status, note, created_by)
    select ${tx.tenant}, i.id, ${given.at}::timestamptz, ${given.status}, ${given.note}, ${given.by}
    from unnest(${[...itemIds]}::uuid[]) as i (id)
    on conflict (tenant_id, item_id, valid_from) do update
    set status = excluded.status, note = excluded.note, created_by = excluded.created_by, valid_to = 'infinity'`);
}

export type StatusSum = {
  readonly status: ItemStatusCode | null;
  readonly currency: string;
  readonly minor: bigint;
  readonly overdueMinor: bigint;
  readonly items: bigint;
};

/** What a customer owes by the team's status, working open, debits only, book currency. */
export const statusSums = (tx: Tx, customerId: Uuid, asOf: CalendarDate) =>
  tx.rows<StatusSum>(sql`
    select x.status, o.book_currency as currency, sum(o.open_book_minor)::bigint as minor,
           coalesce(sum(o.open_book_minor) filter (where o.due_on < ${asOf}::date), 0)::bigint as "overdueMinor", count(*) as items
    from ${openItems(tx, asOf, "working", sql`= any(array(select account_id from parties.account_current where tenant_id = ${tx.tenant} and customer_id = ${customerId}))`)} o
    left join receivables.item_status x on x.tenant_id = ${tx.tenant} and x.item_id = o.item_id and x.valid_to = 'infinity'
    where o.open_book_minor > 0
    group by 1, 2
    order by 3 desc`);
