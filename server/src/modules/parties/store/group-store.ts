import type { RelationKind } from "#contracts/customer-profile.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { type Sql, sql, type Tx } from "#platform/database/index.ts";

const DEEPEST = 20;

/** Ties of a kind in force on a day between customers as they are now: merged ones count as the one they stand for. */
export const tiesOn = (tx: Pick<Tx, "tenant">, kind: RelationKind, on: CalendarDate): Sql => sql`
  select distinct coalesce(m.merged_into, m.customer_id) as customer_id, coalesce(o.merged_into, o.customer_id) as other_id
  from parties.customer_relation r
  join parties.customer m on m.tenant_id = r.tenant_id and m.customer_id = r.customer_id
  join parties.customer o on o.tenant_id = r.tenant_id and o.customer_id = r.other_id
  where r.tenant_id = ${tx.tenant} and r.kind = ${kind} and r.valid_from <= ${on}::date and r.valid_to > ${on}::date
    and coalesce(m.merged_into, m.customer_id) <> coalesce(o.merged_into, o.customer_id)`;

/** The one above all of each customer that has one above: `customer_id`, `head_id`. Groups of groups have one head. */
export const headsOf = (tx: Pick<Tx, "tenant">, kind: RelationKind, on: CalendarDate): Sql => sql`
  with recursive tie as materialized (${tiesOn(tx, kind, on)}),
  up as (
    select customer_id, other_id as head_id, 1 as depth from tie
    union all
    select u.customer_id, t.other_id, u.depth + 1
    from up u
    join tie t on t.customer_id = u.head_id
    where u.depth < ${DEEPEST}::int
  )
  select distinct on (customer_id) customer_id, head_id from up order by customer_id, depth desc`;

export type GroupMember = {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly isHead: boolean;
};

/** The whole group that a customer belongs to, its head first, then by name; the customer alone where it has none. */
export const groupOf = (tx: Tx, customerId: string, kind: RelationKind, on: CalendarDate) =>
  tx.rows<GroupMember>(sql`
    with heads as materialized (${headsOf(tx, kind, on)}),
    head as (
      select coalesce((select head_id from heads where customer_id = ${customerId}::uuid), ${customerId}::uuid) as id
    )
    select c.customer_id as id, c.number, c.name, c.customer_id = (select id from head) as "isHead"
    from parties.customer c
    where c.tenant_id = ${tx.tenant}
      and (c.customer_id = (select id from head) or c.customer_id in (select customer_id from heads where head_id = (select id from head)))
    order by 4 desc, c.sort_key, c.customer_id`);

export const accountsOfCustomers = (tx: Tx, customerIds: readonly string[]) =>
  tx.rows<{ id: string; customerId: string; companyCode: string; controlAccount: string; auxiliary: string }>(sql`
    select a.account_id as id, l.customer_id as "customerId", k.code as "companyCode", a.control_account as "controlAccount", a.auxiliary
    from parties.account_customer l
    join parties.account a on a.tenant_id = l.tenant_id and a.account_id = l.account_id
    join parties.company k on k.tenant_id = a.tenant_id and k.company_id = a.company_id
    where l.tenant_id = ${tx.tenant} and l.customer_id = any(${[...customerIds]}::uuid[]) and l.valid_to = 'infinity'
    order by k.code, a.control_account, a.auxiliary`);
