import type { CalendarDate } from "#kernel/calendar-date.ts";
import { empty, join, raw, type Sql, sql, type Tx } from "#platform/database/index.ts";
import { keepYears, wrongYears } from "./account-year.ts";
import { bucketConditions, DEBIT } from "./aged-sums.ts";
import { isKept, isKeptAtAll, lockKept, markKept } from "./kept-day.ts";
import { type Layers, openItemsAt } from "./open-items.ts";

/** Writes the ageing of `asOf` and the year before it anew for all accounts, or for those of the temporary table `dirty`. */
export async function keepAgedBalance(
  tx: Tx,
  asOf: CalendarDate,
  ends: readonly number[],
  of: "all" | "dirty",
): Promise<void> {
  await lockKept(tx, of);
  await keepYears(tx, asOf, of);
  const isDirty = of === "dirty" ? sql`and account_id in (select account_id from dirty)` : empty;
  await tx.run(sql`delete from receivables.account_state where tenant_id = ${tx.tenant} ${isDirty}`);
  const accounts = of === "dirty" ? sql`in (select account_id from dirty)` : undefined;
  const keep = (layers: Layers) =>
    tx.run(
      sql`insert into receivables.account_state (tenant_id, ${COLUMNS}) select ${tx.tenant}, a.* from (${ageing(tx, { asOf, ends, layers }, accounts)}) a`,
    );
  await keep("ledger");
  if (await hasOverlay(tx, of)) await keep("working");
  else
    await tx.run(sql`
      insert into receivables.account_state (tenant_id, ${COLUMNS})
      select ${tx.tenant}, ${COPIED}
      from receivables.account_state
      where tenant_id = ${tx.tenant} and layer = 'ledger' ${isDirty}`);
  await markKept(tx, { asOf, ends }, of);
}

/** Without an overlay, the working layer is the ledger. */
async function hasOverlay(tx: Tx, of: "all" | "dirty"): Promise<boolean> {
  const isDirty = of === "dirty" ? sql`and account_id in (select account_id from dirty)` : empty;
  const { found } = await tx.one<{ found: boolean }>(sql`
    select exists (select from receivables.item where tenant_id = ${tx.tenant} and layer = 'overlay'
                     and (is_opening or layer = 'overlay' or kind = 'adjustment') ${isDirty})
      or exists (select from receivables.settlement where tenant_id = ${tx.tenant} and layer = 'overlay' ${isDirty}) as found`);
  return found;
}

const LAYERS = ["ledger", "working"] as const;
const NAMES = `account_id, currency, layer, as_of, book_currency, open_minor, open_book_minor, overdue_book_minor, unapplied_book_minor,
  credit_note_book_minor, item_count, bucket_ends, buckets_book_minor, oldest_due_on, next_due_on, overdue_count, largest_book_minor, over_30_book_minor, over_60_book_minor,
  over_90_book_minor, over_180_book_minor, due_in_30_book_minor`;
const COLUMNS = raw(NAMES);
const COPIED = raw(NAMES.replace("layer", "'working'"));

type Ageing = {
  readonly asOf: CalendarDate;
  readonly knownOn?: CalendarDate | undefined;
  readonly ends: readonly number[];
  readonly layers: Layers;
};

/** The columns of account_state after tenant_id, computed from the items. */
export function ageing(tx: Tx, { asOf, knownOn, ends, layers }: Ageing, accounts?: Sql): Sql {
  const buckets = bucketConditions(asOf, ends).map(
    (condition) => sql`coalesce(sum(o.open_book_minor) filter (where ${DEBIT} and ${condition}), 0)::bigint`,
  );
  const debits = (condition: Sql) => sql`filter (where ${DEBIT} and ${condition})`;
  const over = (days: number) =>
    sql`coalesce(sum(o.open_book_minor) ${debits(sql`o.due_on < ${asOf}::date - ${days}::int`)}, 0)::bigint`;
  return sql`
    select o.account_id, o.currency, ${layers}::text as layer, ${asOf}::date as as_of, o.book_currency, sum(o.open_minor)::bigint as open_minor,
           sum(o.open_book_minor)::bigint as open_book_minor,
           coalesce(sum(o.open_book_minor) filter (where ${DEBIT} and o.due_on < ${asOf}::date), 0)::bigint as overdue_book_minor,
           coalesce(sum(o.open_book_minor) filter (where not ${DEBIT} and o.kind <> 'credit_note'), 0)::bigint as unapplied_book_minor,
           coalesce(sum(o.open_book_minor) filter (where not ${DEBIT} and o.kind = 'credit_note'), 0)::bigint as credit_note_book_minor,
           count(*)::int as item_count, ${[...ends]}::int[] as bucket_ends, array[${join(buckets)}] as buckets_book_minor,
           min(o.due_on) ${debits(sql`o.due_on < ${asOf}::date`)} as oldest_due_on, min(o.due_on) ${debits(sql`o.due_on >= ${asOf}::date`)} as next_due_on,
           (count(*) ${debits(sql`o.due_on < ${asOf}::date`)})::int as overdue_count,
           coalesce(max(o.open_book_minor) ${debits(sql`true`)}, 0) as largest_book_minor, ${over(30)} as over_30_book_minor,
           ${over(60)} as over_60_book_minor, ${over(90)} as over_90_book_minor, ${over(180)} as over_180_book_minor,
           coalesce(sum(o.open_book_minor) ${debits(sql`o.due_on >= ${asOf}::date and o.due_on < ${asOf}::date + 30`)}, 0)::bigint as due_in_30_book_minor
    from ${openItemsAt(tx, { asOf, knownOn, layers }, accounts)} o
    group by o.account_id, o.currency, o.book_currency`;
}

type KeptDay = { readonly asOf: CalendarDate; readonly ends: number[] };

const keptDays = (tx: Tx): Promise<KeptDay[]> =>
  tx.rows<KeptDay>(sql`
    select distinct as_of as "asOf", bucket_ends as ends
    from receivables.account_state
    where tenant_id = ${tx.tenant}
    order by as_of desc
    limit 10`);

/** Writes what is kept per account anew for the newest day that is kept. */
export async function rebuildAgeing(tx: Tx): Promise<void> {
  const [newest] = await keptDays(tx);
  if (newest) await keepAgedBalance(tx, newest.asOf, newest.ends, "all");
}

/** Accounts whose kept ageing or year is not what the items give on the day it was kept for; the first `limit`. */
export async function wrongAgeing(tx: Tx, limit: number): Promise<{ accountId: string; asOf: CalendarDate }[]> {
  const found: { accountId: string; asOf: CalendarDate }[] = [];
  if (!(await isKeptAtAll(tx))) return found;
  for (const { asOf, ends } of await keptDays(tx)) {
    if (await isKept(tx, asOf, ends)) found.push(...(await wrongYears(tx, asOf, limit)));
    for (const layers of LAYERS)
      found.push(
        ...(await tx.rows<{ accountId: string; asOf: CalendarDate }>(sql`
          select distinct w.account_id as "accountId", ${asOf}::date as "asOf"
          from (
            select ${COLUMNS}
            from receivables.account_state
            where tenant_id = ${tx.tenant} and as_of = ${asOf}::date and layer = ${layers}
            except
            select a.* from (${ageing(tx, { asOf, ends, layers })}) a
          ) w
          order by w.account_id
          limit ${limit}`)),
      );
  }
  return found;
}
