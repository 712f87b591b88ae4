import type { CalendarDate } from "#kernel/calendar-date.ts";
import { empty, type Sql, sql, type Tx } from "#platform/database/index.ts";

/**
 * What was paid on invoices between two days, both included: one row per settlement and invoice with account_id, book_currency, item_id, paid_on, weight (book
 * minor units), late and taken (days). The cash day is the day the settlement took effect. What credit notes and adjustments settled counts for nothing: a
 * settlement counts by the share of payments among its credits. What was undone within the period is not there. `accounts` narrows: `in (...)`, `= any(...)`.
 */
export const paidOnInvoices = (
  tx: Pick<Tx, "tenant">,
  period: { readonly from: CalendarDate; readonly to: CalendarDate },
  accounts?: Sql,
): Sql => sql`(
  select p.account_id, p.book_currency, p.item_id, p.paid_on, p.minor * p.paid / p.credits as weight, p.paid_on - p.due_on as late,
         p.paid_on - p.issued_on as taken
  from (
    select g.*, sum(g.minor) filter (where g.kind = 'payment') over (partition by g.settlement_id) as paid,
           sum(g.minor) filter (where g.minor < 0) over (partition by g.settlement_id) as credits
    from (
      select l.settlement_id, l.item_id, s.account_id, s.book_currency, s.kind, s.due_on, s.issued_on, sum(l.book_minor) as minor,
             max(l.effective_on) as paid_on
      from receivables.settlement_line l
      join receivables.item_state s on s.tenant_id = l.tenant_id and s.item_id = l.item_id
      where l.tenant_id = ${tx.tenant} and l.effective_on between ${period.from}::date and ${period.to}::date
        ${accounts ? sql`and s.tenant_id = ${tx.tenant} and s.account_id ${accounts}` : empty}
      group by l.settlement_id, l.item_id, s.account_id, s.book_currency, s.kind, s.due_on, s.issued_on
      having sum(l.book_minor) <> 0
    ) g
  ) p
  where p.kind = 'invoice' and p.minor > 0 and p.paid < 0 and p.credits < 0)`;

export type MonthRow = {
  readonly month: string;
  readonly part: "last3" | "before9" | "older";
  readonly bookCurrency: string;
  readonly invoices: bigint;
  readonly weight: bigint;
  readonly late: string;
  readonly taken: string;
};

/** What a customer paid by month, part of the year and book currency. */
export const paidByMonth = (
  tx: Tx,
  of: { customerId: string; companyId: string | undefined; from: CalendarDate; to: CalendarDate },
) =>
  tx.rows<MonthRow>(sql`
    select to_char(o.paid_on, 'YYYY-MM') as month,
           case when o.paid_on > (${of.to}::date - interval '3 months')::date then 'last3'
             when o.paid_on > (${of.to}::date - interval '12 months')::date then 'before9' else 'older' end as part,
           o.book_currency as "bookCurrency", count(distinct o.item_id) as invoices, sum(o.weight)::bigint as weight,
           sum(o.weight * o.late)::text as late, sum(o.weight * o.taken)::text as taken
    from ${paidOnInvoices(
      tx,
      of,
      sql`= any(array(
        select account_id from parties.account_current
        where tenant_id = ${tx.tenant} and customer_id = ${of.customerId} ${of.companyId ? sql`and company_id = ${of.companyId}` : empty}))`,
    )} o
    group by 1, 2, 3`);
