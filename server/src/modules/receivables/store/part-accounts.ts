import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";

/** Above so many changed items per account, whole accounts are read: nearly all of their items would be. */
const MOST_ITEMS_PER_ACCOUNT = 8;

/**
 * Finds the plain accounts of `dirty`, where only letters settle: no opening line, overlay, clearing, link or settling by rule. There the items that one
 * change reaches are those of its letters and of its settlements, to the last: `part_item` names them, and settling them alone ends as settling the
 * whole account would. Changes that reach nothing, not even a settlement of their own, are in `quiet_item` with the state they leave. The accounts that
 * are not plain are in `whole_account`. Reads `incoming` and `gone` when the facts are written and the states are not. False: all are read whole.
 */
export async function findParts(tx: Tx, companyId: Uuid): Promise<boolean> {
  if (await hasRule(tx, companyId)) return false;
  await findWhole(tx);
  await findQuiet(tx);
  await tx.run(sql`create temp table part_item (account_id uuid, item_id uuid primary key, round int) on commit drop`);
  const changed = await tx.run(sql`
    insert into part_item (account_id, item_id, round)
    select t.account_id, t.item_id, 0
    from (
      select n.account_id, case when n.change in ('new', 'replaced') then n.item_id else n.known_item_id end as item_id
      from incoming n
      where n.change in ('new', 'changed', 'replaced', 'completes')
      union
      select account_id, item_id from gone
    ) t
    where t.account_id not in (select account_id from whole_account) and t.item_id not in (select item_id from quiet_item)`);
  const { accounts } = await tx.one<{ accounts: number }>(sql`select count(*)::int as accounts from dirty`);
  if (changed > MOST_ITEMS_PER_ACCOUNT * accounts) {
    await tx.run(sql`drop table whole_account, quiet_item, part_item`);
    return false;
  }
  await tx.run(sql`analyze part_item`);
  for (let round = 0; (await addReached(tx, round)) > 0; round += 1) await tx.run(sql`analyze part_item`);
  return true;
}

async function hasRule(tx: Tx, companyId: Uuid): Promise<boolean> {
  const { found } = await tx.one<{ found: boolean }>(sql`
    select exists (
      select from receivables.source where tenant_id = ${tx.tenant} and company_id = ${companyId} and settles_leftovers
    ) as found`);
  return found;
}

async function findWhole(tx: Tx): Promise<void> {
  await tx.run(sql`
    create temp table whole_account on commit drop as
    select d.account_id
    from dirty d
    where exists (
        select from receivables.item i
        where i.tenant_id = ${tx.tenant} and i.account_id = d.account_id and (i.is_opening or i.layer = 'overlay' or i.kind = 'adjustment'))
      or exists (
        select from receivables.settlement s
        where s.tenant_id = ${tx.tenant} and s.account_id = d.account_id and s.layer = 'overlay')
      or exists (select from receivables.clearing c where c.tenant_id = ${tx.tenant} and c.account_id = d.account_id)
      or d.account_id in (
        select i.account_id
        from receivables.item_version v
        join receivables.item i on i.tenant_id = v.tenant_id and i.item_id = v.item_id
        where v.tenant_id = ${tx.tenant} and v.links is not null)`);
  // The planner takes a table it knows nothing of for a large one; most often this one is empty.
  await tx.run(sql`analyze whole_account`);
}

/** New items without a letter, open as they are; and items whose last version differs in nothing that settles. */
const findQuiet = (tx: Tx) =>
  tx.run(sql`
    create temp table quiet_item on commit drop as
    select s.item_id, 1 as version_no, 'infinity'::date as first_line_on,
           case when s.minor = 0 and s.book_minor = 0 then s.posted_on else 'infinity' end as settled_on, s.minor as ledger_open,
           s.book_minor as ledger_open_book, s.minor as working_open, s.book_minor as working_open_book
    from incoming n
    join staged s on s.seq = n.seq
    where n.change in ('new', 'replaced') and s.letter is null and s.account_id not in (select account_id from whole_account)
    union all
    select v.item_id, v.version_no, t.first_line_on, t.settled_on, t.ledger_open_minor, t.ledger_open_book_minor, t.working_open_minor,
           t.working_open_book_minor
    from incoming n
    join receivables.item_state t on t.tenant_id = ${tx.tenant} and t.item_id = n.known_item_id
    join receivables.item_version p on p.tenant_id = ${tx.tenant} and p.item_id = n.known_item_id and p.version_no = t.version_no
    join receivables.item_version v on v.tenant_id = ${tx.tenant} and v.item_id = n.known_item_id and v.version_no = t.version_no + 1
    where n.change in ('changed', 'completes') and n.account_id not in (select account_id from whole_account)
      and v.void_reason is null and p.original_minor = v.original_minor and p.original_book_minor = v.original_book_minor
      and (p.document_no, p.letter, p.fiscal_year) is not distinct from (v.document_no, v.letter, v.fiscal_year)
      and not exists (select from gone g where g.item_id = n.known_item_id)`);

/** Adds what the items of a round reach: members of their settlements, whether these stand or not, and of the letters they have and had. */
const addReached = (tx: Tx, round: number): Promise<number> =>
  tx.run(sql`
    with lettered as materialized (
      select distinct g.account_id, g.letter
      from (
        select p.account_id, s.letter
        from part_item p
        join receivables.item_state s on s.tenant_id = ${tx.tenant} and s.item_id = p.item_id
        where p.round = ${round}
        union all
        select p.account_id, v.letter
        from part_item p
        cross join lateral (
          select letter from receivables.item_version where tenant_id = ${tx.tenant} and item_id = p.item_id order by version_no desc limit 1
        ) v
        where p.round = ${round}
      ) g
      where g.letter is not null
    )
    insert into part_item (account_id, item_id, round)
    select p.account_id, m.item_id, ${round}::int + 1
    from part_item p
    join receivables.settlement_line l on l.tenant_id = ${tx.tenant} and l.item_id = p.item_id
    join receivables.settlement_line m on m.tenant_id = ${tx.tenant} and m.settlement_id = l.settlement_id
    where p.round = ${round}
    union
    select s.account_id, s.item_id, ${round}::int + 1
    from lettered g
    join receivables.item_state s on s.tenant_id = ${tx.tenant} and s.account_id = g.account_id and s.letter = g.letter
    on conflict (item_id) do nothing`);
