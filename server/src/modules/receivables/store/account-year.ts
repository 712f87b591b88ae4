import type { CalendarDate } from "#kernel/calendar-date.ts";
import { empty, raw, type Sql, sql, type Tx } from "#platform/database/index.ts";

const COLUMNS =
  raw(`account_id, as_of, book_currency, first_invoice_on, last_invoice_on, last_payment_on, invoices_12m, invoiced_book_minor, paid_book_minor,
  rejections_12m, settled_12m, late_12m, to_pay_12m`);

/** Writes the twelve months up to `asOf` anew for all accounts, or for those of the temporary table `dirty`. */
export async function keepYears(tx: Tx, asOf: CalendarDate, of: "all" | "dirty"): Promise<void> {
  const isDirty = of === "dirty" ? sql`and account_id in (select account_id from dirty)` : empty;
  await tx.run(sql`delete from receivables.account_year where tenant_id = ${tx.tenant} ${isDirty}`);
  const from = of === "dirty" ? sql`dirty d join receivables.item_state o on o.account_id = d.account_id` : undefined;
  await tx.run(
    sql`insert into receivables.account_year (tenant_id, ${COLUMNS}) select ${tx.tenant}, y.* from (${years(tx, asOf, from)}) y`,
  );
}

/**
 * What was invoiced and paid up to the day, as known today, twelve months back, and first and last days; per account and book currency, columns as in
 * account_year after tenant_id. An item settled later than the day counts as not settled.
 */
export function years(tx: Tx, asOf: CalendarDate, from: Sql = sql`receivables.item_state o`): Sql {
  const year = sql`o.posted_on > ${asOf}::date - 365`;
  const paid = sql`filter (where o.kind = 'invoice' and o.settled_on between ${asOf}::date - 364 and ${asOf}::date)`;
  return sql`
    select o.account_id, ${asOf}::date as as_of, o.book_currency, min(o.posted_on) filter (where o.kind = 'invoice') as first_invoice_on,
           max(o.posted_on) filter (where o.kind = 'invoice') as last_invoice_on,
           max(o.posted_on) filter (where o.kind = 'payment') as last_payment_on,
           (count(*) filter (where o.kind = 'invoice' and ${year}))::int as invoices_12m,
           coalesce(sum(o.original_book_minor) filter (where o.kind in ('invoice', 'credit_note') and ${year}), 0)::bigint as invoiced_book_minor,
           coalesce(sum(-o.original_book_minor) filter (where o.kind in ('payment', 'rejection') and ${year}), 0)::bigint as paid_book_minor,
           (count(*) filter (where o.kind = 'rejection' and ${year}))::int as rejections_12m, (count(*) ${paid})::int as settled_12m,
           coalesce(sum(case when o.settled_on < 'infinity' then o.settled_on - o.due_on end) ${paid}, 0)::bigint as late_12m,
           coalesce(sum(case when o.settled_on < 'infinity' then o.settled_on - o.issued_on end) ${paid}, 0)::bigint as to_pay_12m
    from ${from}
    where o.tenant_id = ${tx.tenant} and o.posted_on <= ${asOf}::date
    group by o.account_id, o.book_currency`;
}

/** Accounts whose kept year is not what the items give on its day; the first `limit`. */
export const wrongYears = (tx: Tx, asOf: CalendarDate, limit: number) =>
  tx.rows<{ accountId: string; asOf: CalendarDate }>(sql`
    select distinct w.account_id as "accountId", ${asOf}::date as "asOf"
    from (
      (select ${COLUMNS} from receivables.account_year where tenant_id = ${tx.tenant} except select y.* from (${years(tx, asOf)}) y)
      union all
      (select y.* from (${years(tx, asOf)}) y except select ${COLUMNS} from receivables.account_year where tenant_id = ${tx.tenant})
    ) w
    order by w.account_id
    limit ${limit}`);
