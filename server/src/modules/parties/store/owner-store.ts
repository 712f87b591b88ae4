import type { z } from "zod";
import type { OwnerOrigin } from "#contracts/portfolios.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { type Sql, sql, type Tx, withoutNestedLoops } from "#platform/database/index.ts";

export type Origin = z.infer<typeof OwnerOrigin>;
export type ChangeReason = "hand" | "rules" | "hand_over" | "undo";

/**
 * Stages who should have which owner, in table `owner_move`: only customers that stand for themselves and whose owner would change. `wanted` selects
 * customer_id, owner_id, origin, rule_name. The customers are locked in key order.
 */
export async function stageMoves(tx: Tx, wanted: Sql): Promise<void> {
  await tx.run(sql`drop table if exists owner_move`);
  await tx.run(sql`
    create temp table owner_move (
      customer_id uuid, owner_id text collate "C", origin text collate "C", rule_name text collate "C", was_owner_id text collate "C",
      was_origin text collate "C", was_rule_name text collate "C"
    ) on commit drop`);
  await withoutNestedLoops(tx, () =>
    tx.run(sql`
    insert into owner_move
    with wanted as materialized (${wanted}),
    standing as materialized (
      select c.customer_id, c.owner_id
      from parties.customer c
      where c.tenant_id = ${tx.tenant} and c.merged_into is null and c.customer_id in (select customer_id from wanted)
      order by c.customer_id
      for update
    )
    select w.customer_id, w.owner_id, w.origin, w.rule_name, c.owner_id as was_owner_id, coalesce(o.origin, 'none') as was_origin,
           o.rule_name as was_rule_name
    from wanted w
    join standing c on c.customer_id = w.customer_id
    left join parties.customer_owner o on o.tenant_id = ${tx.tenant} and o.customer_id = w.customer_id and o.valid_to = 'infinity'
    where (w.owner_id, w.origin, w.rule_name) is distinct from (c.owner_id, coalesce(o.origin, 'none'), o.rule_name)`),
  );
}

export const countStaged = async (tx: Tx): Promise<number> =>
  Number((await tx.one<{ count: bigint }>(sql`select count(*) as count from owner_move`)).count);

/** What is staged becomes true from a day on. */
export async function moveStaged(
  tx: Tx,
  change: { id: string; reason: ChangeReason; by: string; at: string; on: CalendarDate },
): Promise<void> {
  await tx.run(sql`
    insert into parties.owner_change (tenant_id, change_id, reason, made_by, made_at)
    values (${tx.tenant}, ${change.id}, ${change.reason}, ${change.by}, ${change.at})`);
  await tx.run(sql`
    update parties.customer_owner o
    set valid_to = greatest(o.valid_from, ${change.on}::date)
    from owner_move m
    where o.tenant_id = ${tx.tenant} and o.customer_id = m.customer_id and o.valid_to = 'infinity'`);
  await tx.run(sql`
    insert into parties.customer_owner (tenant_id, customer_id, change_id, owner_id, origin, rule_name, was_owner_id, was_origin, was_rule_name,
      valid_from, known_on)
    select ${tx.tenant}, customer_id, ${change.id}, owner_id, origin, rule_name, was_owner_id, was_origin, was_rule_name, ${change.on}, ${change.on}
    from owner_move`);
  await tx.run(sql`
    update parties.customer c
    set owner_id = m.owner_id
    from owner_move m
    where c.tenant_id = ${tx.tenant} and c.customer_id = m.customer_id and c.owner_id is distinct from m.owner_id`);
}

/** Customers staged by the owner they go to, for the journal. */
export const stagedByOwner = (tx: Tx) =>
  tx.rows<{ ownerId: string | null; origin: Origin; customerIds: string[] }>(sql`
    select owner_id as "ownerId", origin, array_agg(customer_id order by customer_id) as "customerIds"
    from owner_move
    group by 1, 2
    order by 1 nulls last, 2`);

/** What a change decided and still stands, the other way round. */
export const oppositeOf = (tx: Tx, changeId: string): Sql => sql`
  select customer_id, was_owner_id as owner_id, was_origin as origin, was_rule_name as rule_name
  from parties.customer_owner
  where tenant_id = ${tx.tenant} and change_id = ${changeId} and valid_to = 'infinity'`;

export const lockChange = (tx: Tx, changeId: string) =>
  tx.maybeOne<{ id: string; isUndone: boolean }>(sql`
    select change_id as id, undone_by is not null as "isUndone"
    from parties.owner_change
    where tenant_id = ${tx.tenant} and change_id = ${changeId}
    for update`);

export const markUndone = (tx: Tx, changeId: string, by: string) =>
  tx.run(
    sql`update parties.owner_change set undone_by = ${by} where tenant_id = ${tx.tenant} and change_id = ${changeId}`,
  );

export type OwnerRow = {
  readonly ownerId: string | null;
  readonly origin: Origin;
  readonly ruleName: string | null;
  readonly from: CalendarDate;
  readonly to: string;
  readonly by: string;
};

/** Who had a customer since when, newest first. */
export const ownersOf = (tx: Tx, customerId: string) =>
  tx.rows<OwnerRow>(sql`
    select o.owner_id as "ownerId", o.origin, o.rule_name as "ruleName", o.valid_from as "from", o.valid_to as "to", h.made_by as by
    from parties.customer_owner o
    join parties.owner_change h on h.tenant_id = o.tenant_id and h.change_id = o.change_id
    where o.tenant_id = ${tx.tenant} and o.customer_id = ${customerId} and (o.valid_from < o.valid_to or o.valid_to = 'infinity')
    order by o.valid_to desc, h.made_at desc
    limit 50`);

/** Those of some ids that are customers, each with the one it stands for where it was merged. */
export const standing = (tx: Tx, ids: readonly string[]) =>
  tx.rows<{ id: string }>(sql`
    select coalesce(merged_into, customer_id) as id from parties.customer
    where tenant_id = ${tx.tenant} and customer_id = any(${[...ids]}::uuid[])`);

/** Rows of (customer_id, rule) where rule counts from 0: the owner the rules give, for customers that nobody decided by hand. */
export const byRules = (tx: Tx, matches: Sql, rules: readonly { name: string; ownerId: string }[]): Sql => sql`
  select c.customer_id, r.owner_id, case when r.owner_id is null then 'none' else 'rule' end as origin, r.name as rule_name
  from parties.customer c
  left join (${matches}) m on m.customer_id = c.customer_id
  left join (
    select n - 1 as n, owner_id, name
    from unnest(${rules.map((rule) => rule.ownerId)}::text[], ${rules.map((rule) => rule.name)}::text[]) with ordinality as r (owner_id, name, n)
  ) r on r.n = m.rule
  where c.tenant_id = ${tx.tenant} and c.merged_into is null
    and not exists (
      select from parties.customer_owner o
      where o.tenant_id = c.tenant_id and o.customer_id = c.customer_id and o.valid_to = 'infinity' and o.origin = 'person')`;

export type PreviewSums = {
  readonly customers: number;
  readonly byHand: number;
  readonly perRule: { readonly rule: number; readonly count: number }[];
  readonly owners: { readonly ownerId: string | null; readonly before: number; readonly after: number }[];
};

/** What the staged moves would change, in figures; `matches` as in `byRules`. */
export async function previewSums(tx: Tx, matches: Sql): Promise<PreviewSums> {
  const head = await tx.one<{ customers: bigint; byHand: bigint }>(sql`
    select count(*) as customers, count(o.customer_id) as "byHand"
    from parties.customer c
    left join parties.customer_owner o
      on o.tenant_id = c.tenant_id and o.customer_id = c.customer_id and o.valid_to = 'infinity' and o.origin = 'person'
    where c.tenant_id = ${tx.tenant} and c.merged_into is null`);
  const perRule = await withoutNestedLoops(tx, () =>
    tx.rows<{ rule: bigint; count: bigint }>(sql`
    select m.rule::bigint as rule, count(*) as count
    from (${matches}) m
    where m.rule is not null and not exists (
      select from parties.customer_owner o
      where o.tenant_id = ${tx.tenant} and o.customer_id = m.customer_id and o.valid_to = 'infinity' and o.origin = 'person')
    group by 1`),
  );
  const owners = await tx.rows<{ ownerId: string | null; before: bigint; after: bigint }>(sql`
    select owner_id as "ownerId", sum(before)::bigint as before, sum(after)::bigint as after
    from (
      select c.owner_id, 1 as before, case when m.customer_id is null then 1 else 0 end as after
      from parties.customer c
      left join owner_move m on m.customer_id = c.customer_id
      where c.tenant_id = ${tx.tenant} and c.merged_into is null
      union all
      select owner_id, 0, 1 from owner_move
    ) x
    group by 1
    order by 3 desc, 1 nulls last`);
  return {
    customers: Number(head.customers),
    byHand: Number(head.byHand),
    perRule: perRule.map((row) => ({ rule: Number(row.rule), count: Number(row.count) })),
    owners: owners.map((row) => ({ ownerId: row.ownerId, before: Number(row.before), after: Number(row.after) })),
  };
}

/** Staged moves that change who has the customer, by name. */
export const stagedMoves = (tx: Tx, most: number) =>
  tx.rows<{
    customerId: string;
    number: string;
    name: string;
    fromId: string | null;
    toId: string | null;
    ruleName: string | null;
  }>(sql`
    select m.customer_id as "customerId", c.number, c.name, m.was_owner_id as "fromId", m.owner_id as "toId", m.rule_name as "ruleName"
    from owner_move m
    join parties.customer c on c.tenant_id = ${tx.tenant} and c.customer_id = m.customer_id
    where m.owner_id is distinct from m.was_owner_id
    order by c.sort_key, c.customer_id
    limit ${most}`);

export const countRealMoves = async (tx: Tx): Promise<number> =>
  Number(
    (
      await tx.one<{ count: bigint }>(
        sql`select count(*) as count from owner_move where owner_id is distinct from was_owner_id`,
      )
    ).count,
  );
