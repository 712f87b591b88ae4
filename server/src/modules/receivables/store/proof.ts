import { addDays, type CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx, withoutNestedLoops } from "#platform/database/index.ts";
import type { AccountProof, BatchInput, BatchReport } from "../core/batch.ts";
import type { StatedBalance } from "./differences.ts";
import { openItems } from "./open-items.ts";

const END = "9999-12-31" as CalendarDate;
const LISTED = 1_000;
const DIRTY = sql`in (select account_id from dirty)`;
const CONCERNED = sql`in (select account_id from dirty union select account_id from staged)`;

/** The proof as it is reported, and the balance of every account whose source states one. */
export type BatchProof = { readonly proof: BatchReport["proof"]; readonly stated: readonly StatedBalance[] };

/** Balance of each dirty account before the batch is applied, from what is kept: `balance_before`. */
export async function rememberBalances(tx: Tx): Promise<void> {
  await tx.run(sql`
    create temp table balance_before on commit drop as
    select d.account_id, coalesce(sum(s.ledger_open_book_minor), 0)::bigint as minor
    from dirty d
    left join receivables.item_state s on s.tenant_id = ${tx.tenant} and s.account_id = d.account_id and s.settled_on = 'infinity'
    group by d.account_id`);
}

/**
 * The ledger proof of a batch, per account that its rows name or that it changed, in book currency: opening + movements = closing = what the source says.
 * A full load or a fiscal year: the source's balance is the sum of its rows at the end of the period, for accounts of which the file holds all that
 * is known of the period; `open_snapshot`: the sum of what it states to be open; `movements`: none,
 * unless the importer gives one, and the proof is that what was there plus what the batch moved is what is open after it.
 */
export async function proveBatch(tx: Tx, input: BatchInput): Promise<BatchProof> {
  const { coverage } = input;
  // A few movements in a ledger that has been standing: the planner knows better.
  if (coverage.kind === "movements" && !input.fiscalYear && !input.isFirstLoad)
    return sumUp(await movementProof(tx, input));
  return withoutNestedLoops(tx, async () => {
    const period = coverage.kind === "full" ? coverage : coverage.kind === "movements" ? input.fiscalYear : null;
    if (period) return sumUp(await periodProof(tx, input, period.from, period.to));
    return sumUp(coverage.kind === "open_snapshot" ? await snapshotProof(tx, input) : await movementProof(tx, input));
  });
}

type Row = { accountId: Uuid; opening: bigint; movement: bigint; closing: bigint; source: bigint | null };

async function periodProof(tx: Tx, input: BatchInput, from: CalendarDate, to: CalendarDate): Promise<Row[]> {
  const rows = await tx.rows<Row>(sql`
    with stated as (
      select account_id, coalesce(sum(book_minor), 0)::bigint as source, coalesce(sum(book_minor) filter (where not is_opening), 0)::bigint as movement
      from staged
      group by account_id
    ),
    concerned as (
      select account_id from stated
      union
      select account_id from dirty
    ),
    opening as (
      select account_id, sum(open_book_minor)::bigint as minor
      from ${openItems(tx, addDays(from, -1), "ledger", CONCERNED)} o
      group by account_id
    ),
    carried as (
      select account_id, sum(original_book_minor)::bigint as minor
      from receivables.item_state
      where tenant_id = ${tx.tenant} and kind = 'opening' and layer = 'ledger' and posted_on between ${from}::date and ${to}::date
      group by account_id
    ),
    closing as (
      select account_id, sum(open_book_minor)::bigint as minor
      from ${openItems(tx, to, "ledger", CONCERNED)} o
      group by account_id
    ),
    partly as (
      select distinct s.account_id
      from receivables.item_state s
      left join incoming n on case when n.change in ('new', 'replaced') then n.item_id else n.known_item_id end = s.item_id
      where s.tenant_id = ${tx.tenant} and s.account_id ${CONCERNED} and s.layer = 'ledger' and s.kind <> 'adjustment'
        and s.posted_on between ${from}::date and ${to}::date and n.seq is null
    )
    select c.account_id as "accountId", coalesce(o.minor, 0) + coalesce(r.minor, 0) as opening, coalesce(s.movement, 0) as movement,
           coalesce(e.minor, 0) as closing, case when p.account_id is null then coalesce(s.source, 0) end as source
    from concerned c
    left join stated s on s.account_id = c.account_id
    left join opening o on o.account_id = c.account_id
    left join carried r on r.account_id = c.account_id
    left join closing e on e.account_id = c.account_id
    left join partly p on p.account_id = c.account_id
    order by c.account_id`);
  return withGiven(rows, input);
}

async function snapshotProof(tx: Tx, input: BatchInput): Promise<Row[]> {
  const rows = await tx.rows<Row>(sql`
    with stated as (
      select account_id, sum(open_book_minor)::bigint as source
      from staged
      group by account_id
    ),
    closing as (
      select account_id, sum(open_book_minor)::bigint as minor
      from ${openItems(tx, END, "ledger", DIRTY)} o
      group by account_id
    )
    select d.account_id as "accountId", b.minor as opening, coalesce(c.minor, 0) - b.minor as movement, coalesce(c.minor, 0) as closing,
           coalesce(s.source, 0) as source
    from dirty d
    join balance_before b on b.account_id = d.account_id
    left join stated s on s.account_id = d.account_id
    left join closing c on c.account_id = d.account_id
    order by d.account_id`);
  return withGiven(rows, input);
}

async function movementProof(tx: Tx, input: BatchInput): Promise<Row[]> {
  const rows = await tx.rows<Row>(sql`
    with closing as (
      select account_id, sum(open_book_minor)::bigint as minor
      from ${openItems(tx, END, "ledger", DIRTY)} o
      group by account_id
    ),
    moved as (
      select t.account_id,
             sum(case when v.void_reason is null then v.original_book_minor else 0 end
               - case when p.void_reason is null then coalesce(p.original_book_minor, 0) else 0 end)::bigint as minor
      from touched t
      join receivables.item_version v on v.tenant_id = ${tx.tenant} and v.item_id = t.item_id and v.version_no = t.last_version_no
      left join receivables.item_version p on p.tenant_id = ${tx.tenant} and p.item_id = t.item_id and p.version_no = t.first_version_no - 1
      group by t.account_id
    )
    select d.account_id as "accountId", b.minor as opening, coalesce(m.minor, 0) as movement, coalesce(c.minor, 0) as closing, null::bigint as source
    from dirty d
    join balance_before b on b.account_id = d.account_id
    left join moved m on m.account_id = d.account_id
    left join closing c on c.account_id = d.account_id
    order by d.account_id`);
  return rows.map((row) => {
    const given = input.sourceBalances?.get(row.accountId);
    if (given !== undefined) return { ...row, source: given };
    return row.opening + row.movement === row.closing ? row : { ...row, source: row.opening + row.movement };
  });
}

/** Items to which this batch gave versions: `touched`, with the first and the last of them. */
export async function rememberTouched(tx: Tx, batchId: Uuid): Promise<void> {
  await tx.run(sql`
    create temp table touched on commit drop as
    select t.item_id, i.account_id, min(t.version_no) as first_version_no, max(t.version_no) as last_version_no
    from (
      select item_id, 1 as version_no from incoming where change in ('new', 'replaced')
      union all
      select item_id, version_no from amended where is_new
      union all
      select item_id, version_no from receivables.item_version where tenant_id = ${tx.tenant} and batch_id = ${batchId} and version_no > 1
    ) t
    join receivables.item i on i.tenant_id = ${tx.tenant} and i.item_id = t.item_id and i.layer = 'ledger'
    group by t.item_id, i.account_id`);
}

/** Balances that the source itself states, where the file can be compared at all. */
const withGiven = (rows: Row[], input: BatchInput): Row[] => {
  const given = input.sourceBalances;
  return given
    ? rows.map((row) => ({ ...row, source: row.source === null ? null : (given.get(row.accountId) ?? row.source) }))
    : rows;
};

function sumUp(rows: readonly Row[]): BatchProof {
  const stated = rows.flatMap(({ accountId, closing, source }) =>
    source === null ? [] : [{ accountId, hereMinor: closing, sourceMinor: source }],
  );
  return { proof: totalsOf(rows), stated };
}

function totalsOf(rows: readonly Row[]): BatchReport["proof"] {
  const total = { opening: 0n, movement: 0n, closing: 0n, source: 0n };
  let isStated = rows.length > 0;
  let isTied = true;
  const differences: AccountProof[] = [];
  for (const row of rows) {
    total.opening += row.opening;
    total.movement += row.movement;
    total.closing += row.closing;
    if (row.source === null) isStated = false;
    else total.source += row.source;
    const differenceMinor = row.source === null ? null : row.closing - row.source;
    if (!differenceMinor) continue;
    isTied = false;
    if (differences.length < LISTED)
      differences.push({
        accountId: row.accountId,
        openingMinor: row.opening,
        movementMinor: row.movement,
        closingMinor: row.closing,
        sourceMinor: row.source,
        differenceMinor,
      });
  }
  return {
    openingMinor: total.opening,
    movementMinor: total.movement,
    closingMinor: total.closing,
    sourceMinor: isStated ? total.source : null,
    isTied,
    differences,
  };
}
