import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { empty, sql, type Tx } from "#platform/database/index.ts";

type Source = { readonly sourceId: Uuid; readonly companyId: Uuid };

export async function stageOrders(tx: Tx, lines: readonly string[]): Promise<void> {
  await tx.run(sql`drop table if exists staged_order`);
  await tx.run(sql`
    create temp table staged_order (
      order_id uuid, key text collate "C", customer_number text collate "C", number text collate "C", ordered_on date, expected_on date,
      currency char(3), total_minor bigint, open_minor bigint
    ) on commit drop`);
  await tx.copyIn("staged_order", lines);
}

const CUSTOMER = (tx: Tx) => sql`
  join parties.customer c on c.tenant_id = ${tx.tenant} and c.number = s.customer_number`;

export async function countUnknown(tx: Tx): Promise<number> {
  const { count } = await tx.one<{ count: bigint }>(sql`
    select count(*) as count
    from staged_order s
    left join parties.customer c on c.tenant_id = ${tx.tenant} and c.number = s.customer_number
    where c.customer_id is null`);
  return Number(count);
}

export const updateOrders = (tx: Tx, source: Source, knownOn: CalendarDate) =>
  tx.run(sql`
    update credit.sales_order o
    set customer_id = coalesce(c.merged_into, c.customer_id), number = s.number, ordered_on = s.ordered_on, expected_on = s.expected_on,
      currency = s.currency, total_minor = s.total_minor, open_minor = s.open_minor, known_on = ${knownOn}, gone_on = null
    from staged_order s ${CUSTOMER(tx)}
    where o.tenant_id = ${tx.tenant} and o.company_id = ${source.companyId} and o.source_id = ${source.sourceId} and o.source_key = s.key
      and (o.customer_id, o.number, o.ordered_on, o.expected_on, o.currency, o.total_minor, o.open_minor, o.gone_on) is distinct from
        (coalesce(c.merged_into, c.customer_id), s.number, s.ordered_on, s.expected_on, s.currency, s.total_minor, s.open_minor, null::date)`);

export const insertOrders = (tx: Tx, source: Source, knownOn: CalendarDate) =>
  tx.run(sql`
    insert into credit.sales_order (tenant_id, order_id, company_id, customer_id, source_id, source_key, number, ordered_on, expected_on, currency,
      total_minor, open_minor, known_on)
    select ${tx.tenant}, s.order_id, ${source.companyId}, coalesce(c.merged_into, c.customer_id), ${source.sourceId}, s.key, s.number, s.ordered_on,
           s.expected_on, s.currency, s.total_minor, s.open_minor, ${knownOn}
    from staged_order s ${CUSTOMER(tx)}
    on conflict (tenant_id, company_id, source_id, source_key) do nothing`);

export const endAbsent = (tx: Tx, source: Source, knownOn: CalendarDate) =>
  tx.run(sql`
    update credit.sales_order o
    set gone_on = ${knownOn}
    where o.tenant_id = ${tx.tenant} and o.company_id = ${source.companyId} and o.source_id = ${source.sourceId} and o.gone_on is null
      and not exists (select from staged_order s where s.key = o.source_key)`);

export type OrderRow = {
  id: Uuid;
  companyId: Uuid;
  number: string;
  orderedOn: CalendarDate;
  expectedOn: CalendarDate | null;
  currency: string;
  totalMinor: bigint;
  openMinor: bigint;
};

/** Orders of a customer that still stand and are not fully invoiced, oldest first; at most 500. */
export const ordersOf = (tx: Tx, customerId: Uuid, companyId?: Uuid) =>
  tx.rows<OrderRow>(sql`
    select order_id as id, company_id as "companyId", number, ordered_on as "orderedOn", expected_on as "expectedOn", currency,
           total_minor as "totalMinor", open_minor as "openMinor"
    from credit.sales_order
    where tenant_id = ${tx.tenant} and customer_id = ${customerId} and gone_on is null and open_minor <> 0
      ${companyId ? sql`and company_id = ${companyId}` : empty}
    order by ordered_on, order_id
    limit 500`);
