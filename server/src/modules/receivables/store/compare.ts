import { copyValue, empty, sql, type Tx, withoutNestedLoops } from "#platform/database/index.ts";
import type { BatchInput, RowChange } from "../core/batch.ts";

/**
 * Fills the temporary table `incoming`: per staged row the item it is and what happened to it. `new`: no key yet; `changed`: a source may edit that;
 * `replaced`: it may not, so the old item goes and a new one comes; `same`.
 */
export async function compareKeys(tx: Tx, input: BatchInput): Promise<void> {
  const { sourceId } = input.source;
  await tx.run(sql`
    create temp table incoming on commit drop as
    select s.seq, s.account_id, s.key, s.item_id, r.item_id as known_item_id,
           case when r.item_id is null then 'new' when r.digest = s.digest then 'same' else 'changed' end collate "C" as change
    from staged s
    left join receivables.external_ref r on r.tenant_id = ${tx.tenant} and r.source_id = ${sourceId} and r.key = s.key`);
  await tx.run(sql`analyze incoming`);
  await tx.run(sql`
    update incoming n
    set change = 'replaced'
    from staged s, receivables.item i
    where n.change = 'changed' and s.seq = n.seq
      and i.tenant_id = ${tx.tenant} and i.item_id = n.known_item_id
      and (i.account_id, i.kind, i.currency, i.posted_on, i.issued_on, i.instalment_no, i.is_opening)
        is distinct from (s.account_id, s.kind, s.currency::char(3), s.posted_on, s.issued_on, s.instalment_no, s.is_opening)`);
}

/**
 * An open snapshot's row states what is open, not what was posted: where it gives less than the item we know, the item keeps its original and the
 * difference will be cleared.
 */
export async function keepOriginalsOfSnapshot(tx: Tx): Promise<void> {
  await tx.run(sql`
    update staged s
    set open_minor = coalesce(s.open_minor, s.minor), open_book_minor = coalesce(s.open_book_minor, s.book_minor)`);
  await tx.run(sql`
    update staged s
    set minor = v.original_minor, book_minor = v.original_book_minor
    from incoming n
    cross join lateral (
      select original_minor, original_book_minor
      from receivables.item_version
      where tenant_id = ${tx.tenant} and item_id = n.known_item_id
      order by version_no desc
      limit 1
    ) v
    where n.seq = s.seq and n.known_item_id is not null
      and s.minor between least(0, v.original_minor) and greatest(0, v.original_minor)`);
}

/** Fills `gone`: items of the source that a full load covers and did not bring. */
export async function findGone(tx: Tx, input: BatchInput): Promise<void> {
  await tx.run(sql`create temp table gone (item_id uuid, account_id uuid) on commit drop`);
  const { coverage, accountIds } = input;
  await tx.run(sql`
    insert into gone (item_id, account_id)
    select n.known_item_id, i.account_id
    from incoming n
    join receivables.item i on i.tenant_id = ${tx.tenant} and i.item_id = n.known_item_id
    where n.change = 'replaced'`);
  if (input.presentKeys) return goneByKeys(tx, input, input.presentKeys);
  if (coverage.kind !== "full") return;
  const only = accountIds ? sql`and r.account_id = any(${accountIds}::uuid[])` : empty;
  await tx.run(sql`
    insert into gone (item_id, account_id)
    select i.item_id, i.account_id
    from receivables.external_ref r
    join receivables.item i on i.tenant_id = r.tenant_id and i.item_id = r.item_id
    where r.tenant_id = ${tx.tenant} and r.source_id = ${input.source.sourceId} and r.digest is not null
      and i.source_id = ${input.source.sourceId} and i.posted_on between ${coverage.from} and ${coverage.to} ${only}
    group by i.item_id, i.account_id
    having not bool_or(r.key in (select key from staged))`);
}

/** What a source that names all its keys no longer has. */
async function goneByKeys(
  tx: Tx,
  input: BatchInput,
  presentKeys: () => AsyncIterable<readonly string[]>,
): Promise<void> {
  await tx.run(sql`create temp table present (key text collate "C") on commit drop`);
  await tx.copyIn("present (key)", linesOf(presentKeys()));
  await tx.run(sql`analyze present`);
  await withoutNestedLoops(tx, () =>
    tx.run(sql`
      create temp table missing on commit drop as
      select r.item_id, r.account_id
      from receivables.external_ref r
      where r.tenant_id = ${tx.tenant} and r.source_id = ${input.source.sourceId} and r.digest is not null
        and not exists (select from present p where p.key = r.key)
        and not exists (select from staged s where s.key = r.key)`),
  );
  await tx.run(sql`analyze missing`);
  // An item with several keys is gone only when none of them is left.
  await tx.run(sql`
    insert into gone (item_id, account_id)
    select i.item_id, i.account_id
    from (select item_id, account_id, count(*) as keys from missing group by item_id, account_id) m
    cross join lateral (
      select count(*) as keys
      from receivables.external_ref r
      where r.tenant_id = ${tx.tenant} and r.account_id = m.account_id and r.item_id = m.item_id and r.source_id = ${input.source.sourceId}
        and r.digest is not null
    ) known
    join receivables.item i on i.tenant_id = ${tx.tenant} and i.item_id = m.item_id
    where i.source_id = ${input.source.sourceId} and known.keys = m.keys`);
}

async function* linesOf(batches: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  for await (const keys of batches) for (const key of keys) yield copyValue(key);
}

/** The first changes of the batch, for a preview. */
export const sampleChanges = (tx: Tx): Promise<RowChange[]> =>
  tx.rows<RowChange>(sql`
    (
      select case n.change when 'new' then 'new' else 'changed' end as change, s.account_id as "accountId", s.kind,
             s.document_no as "documentNo", s.posted_on as "postedOn", s.currency, s.minor
      from (
        select seq, change
        from incoming
        where change in ('new', 'changed', 'replaced', 'completes')
        order by change desc, seq
        limit 150
      ) n
      join staged s on s.seq = n.seq
      order by n.change desc, n.seq
    )
    union all
    (
      select 'void', i.account_id, i.kind, v.document_no, i.posted_on, i.currency, v.original_minor
      from gone g
      join receivables.item i on i.tenant_id = ${tx.tenant} and i.item_id = g.item_id
      join receivables.item_version v on v.tenant_id = i.tenant_id and v.item_id = i.item_id and v.version_no = 1
      where not exists (select from incoming n where n.known_item_id = g.item_id and n.change = 'replaced')
      order by i.posted_on, i.item_id
      limit 50
    )`);

export type ChangeCounts = {
  new: number;
  changed: number;
  returned: number;
  void: number;
  completed: number;
  same: number;
  relettered: number;
};

/** Counts by kind of change; before anything is written. */
export const countChanges = (tx: Tx): Promise<ChangeCounts> =>
  tx.one<ChangeCounts>(sql`
    with last_version as (
      select n.seq, n.known_item_id, v.void_reason, v.letter, v.fiscal_year
      from incoming n
      cross join lateral (
        select void_reason, letter, fiscal_year
        from receivables.item_version
        where tenant_id = ${tx.tenant} and item_id = n.known_item_id
        order by version_no desc
        limit 1
      ) v
      where n.change = 'changed'
    )
    select c.new, c.replaced + v.changed as changed, v.returned, g.gone - c.replaced as void, c.completed, c.same, v.relettered
    from (
      select (count(*) filter (where change = 'new'))::int as new, (count(*) filter (where change = 'replaced'))::int as replaced,
             (count(*) filter (where change = 'completes'))::int as completed,
             (count(*) filter (where change in ('same', 'attached', 'ignored')))::int as same
      from incoming
    ) c
    cross join (
      select (count(*) filter (where l.void_reason is null or l.void_reason = 'set_aside'))::int as changed,
             (count(*) filter (where l.void_reason in ('absent', 'undone', 'unbooked')))::int as returned,
             (count(*) filter (where (s.letter, s.fiscal_year) is distinct from (l.letter, l.fiscal_year)))::int as relettered
      from last_version l
      join staged s on s.seq = l.seq
    ) v
    cross join (select count(*)::int as gone from gone) g`);

/** The accounts that must be settled again: `dirty`, in key order. */
export async function findDirty(tx: Tx, input: BatchInput, isRuleChanged: boolean): Promise<number> {
  await tx.run(sql`create temp table dirty (account_id uuid primary key) on commit drop`);
  await tx.run(sql`
    insert into dirty (account_id)
    select account_id from incoming where change in ('new', 'changed', 'replaced', 'completes')
    union
    select account_id from gone`);
  const ofSource = sql`
    select distinct r.account_id
    from receivables.external_ref r
    where r.tenant_id = ${tx.tenant} and r.source_id = ${input.source.sourceId}`;
  if (input.coverage.kind === "open_snapshot") {
    const only = input.accountIds ? sql`and r.account_id = any(${input.accountIds}::uuid[])` : empty;
    await tx.run(sql`insert into dirty (account_id) ${ofSource} ${only} on conflict do nothing`);
    await tx.run(sql`insert into dirty (account_id) select distinct account_id from staged on conflict do nothing`);
  } else if (isRuleChanged) {
    await tx.run(sql`insert into dirty (account_id) ${ofSource} on conflict do nothing`);
  } else if (input.fiscalYear) {
    await tx.run(sql`
      insert into dirty (account_id)
      select distinct i.account_id
      from receivables.item i
      where i.tenant_id = ${tx.tenant} and i.is_opening
        and i.account_id in (select account_id from parties.account_current where tenant_id = ${tx.tenant} and company_id = ${input.companyId})
        and i.posted_on between ${input.fiscalYear.from}::date + 1 and ${input.fiscalYear.to}::date + 1
      on conflict do nothing`);
  }
  await tx.run(sql`analyze dirty`);
  return Number((await tx.one<{ n: bigint }>(sql`select count(*) as n from dirty`)).n);
}
