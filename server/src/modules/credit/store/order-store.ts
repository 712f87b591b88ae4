import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { isSameCustomer } from "#modules/parties/index.ts";
import { empty, type Sql, sql, type Tx } from "#platform/database/index.ts";

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

export const ORDERS_SHOWN = 500;

/** Orders of a customer, and of those merged into it, that still stand and are not fully invoiced. */
const inProgress = (tx: Tx, customerId: Uuid, companyId: Uuid | undefined): Sql => sql`
  o.tenant_id = ${tx.tenant} and o.customer_id ${isSameCustomer(tx, customerId)} and o.gone_on is null and o.open_minor <> 0
  ${companyId ? sql`and o.company_id = ${companyId}` : empty}`;

/** Oldest first; one more than is shown tells that there are more. */
export const ordersOf = (tx: Tx, customerId: Uuid, companyId?: Uuid) =>
  tx.rows<OrderRow>(sql`
    select o.order_id as id, o.company_id as "companyId", o.number, o.ordered_on as "orderedOn", o.expected_on as "expectedOn", o.currency,
           o.total_minor as "totalMinor", o.open_minor as "openMinor"
    from credit.sales_order o
    where ${inProgress(tx, customerId, companyId)}
    order by o.ordered_on, o.order_id
    limit ${ORDERS_SHOWN + 1}`);

export const orderSums = (tx: Tx, customerId: Uuid, companyId?: Uuid) =>
  tx.rows<{ currency: string; orders: bigint; totalMinor: bigint; openMinor: bigint }>(sql`
    select o.currency, count(*) as orders, sum(o.total_minor)::bigint as "totalMinor", sum(o.open_minor)::bigint as "openMinor"
    from credit.sales_order o
    where ${inProgress(tx, customerId, companyId)}
    group by o.currency
    order by o.currency`);
