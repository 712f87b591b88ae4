import type { CalendarDate } from "#kernel/calendar-date.ts";
import { empty, join, sql, type Tx } from "#platform/database/index.ts";
import { bucketConditions, DEBIT } from "./aged-sums.ts";
import { openItemsAt } from "./open-items.ts";

/** True when every kept row is of that day and those buckets; a tenant that keeps none has nothing open or was never turned. */
export async function isKept(tx: Tx, asOf: CalendarDate, ends: readonly number[]): Promise<boolean> {
  const kept = await tx.one<{ rows: bigint; others: bigint }>(sql`
    select count(*) as rows, count(*) filter (where as_of <> ${asOf}::date or bucket_ends <> ${[...ends]}::int[]) as others
    from receivables.account_state
    where tenant_id = ${tx.tenant}`);
  return kept.rows > 0n && kept.others === 0n;
}

/** Writes the ageing of `asOf` anew for all accounts, or for those of the temporary table `dirty`. */
export async function keepAgedBalance(
  tx: Tx,
  asOf: CalendarDate,
  ends: readonly number[],
  of: "all" | "dirty",
): Promise<void> {
  const isDirty = of === "dirty" ? sql`and account_id in (select account_id from dirty)` : empty;
  await tx.run(sql`delete from receivables.account_state where tenant_id = ${tx.tenant} ${isDirty}`);
  const buckets = bucketConditions(asOf, ends).map(
    (condition) => sql`coalesce(sum(o.open_book_minor) filter (where ${DEBIT} and ${condition}), 0)::bigint`,
  );
  for (const layers of ["ledger", "working"] as const)
    await tx.run(sql`
      insert into receivables.account_state (
        tenant_id, account_id, currency, layer, as_of, book_currency, open_minor, open_book_minor, overdue_book_minor, unapplied_book_minor,
        credit_note_book_minor, item_count, bucket_ends, buckets_book_minor)
      select ${tx.tenant}, o.account_id, o.currency, ${layers}, ${asOf}, o.book_currency, sum(o.open_minor)::bigint, sum(o.open_book_minor)::bigint,
             coalesce(sum(o.open_book_minor) filter (where ${DEBIT} and o.due_on < ${asOf}::date), 0)::bigint,
             coalesce(sum(o.open_book_minor) filter (where not ${DEBIT} and o.kind <> 'credit_note'), 0)::bigint,
             coalesce(sum(o.open_book_minor) filter (where not ${DEBIT} and o.kind = 'credit_note'), 0)::bigint,
             count(*)::int, ${[...ends]}::int[], array[${join(buckets)}]
      from ${openItemsAt(tx, { asOf, layers }, of === "dirty" ? sql`in (select account_id from dirty)` : undefined)} o
      group by o.account_id, o.currency, o.book_currency`);
}
