import { addDays, addMonths } from "#kernel/calendar-date.ts";
import { empty, join, type Sql, sql } from "#platform/database/index.ts";
import type { ListContext, ListSource } from "#platform/lists/index.ts";
import { settingOn } from "#platform/settings/index.ts";
import { AGEING_BUCKETS } from "../core/ageing.ts";
import { LEAST_INVOICES } from "../core/payment-trend.ts";
import { ageing } from "./account-state.ts";
import { years } from "./account-year.ts";
import { DEBIT } from "./aged-sums.ts";
import { isKept } from "./kept-day.ts";
import { type Layers, openItemsAt } from "./open-items.ts";
import { paidOnInvoices } from "./payment-history.ts";

/** Whose figures a source gives: one row per account in its book currency, or per customer in the reporting currency. */
export type Owner = "account" | "customer";

/** The sources of receivables that lists of accounts and of customers join: aliases `balance`, `books`, `said`, `history`, `trend`. */
export const figureSources = (owner: Owner): Readonly<Record<string, ListSource>> => ({
  balance: (context) => balance(context, owner, "working", sql`balance`),
  books: (context) => balance(context, owner, "ledger", sql`books`),
  said: (context) => said(context, owner),
  history: (context) => history(context, owner),
  trend: (context) => trend(context, owner),
});

type Grouped = { readonly joins: Sql; readonly by: Sql; readonly money: (sum: Sql, each: Sql) => Sql };

/**
 * How rows `o` of accounts become one row per owner. For a customer several book currencies may meet: each amount is then converted and rounded once
 * per row, half away from zero; a currency without a rate is left out and the list says so.
 */
function grouped({ tx, companyId, reporting }: ListContext, owner: Owner): Grouped {
  if (owner === "account") return { joins: empty, by: sql`o.account_id`, money: (sum) => sum };
  const company = companyId
    ? sql`join parties.account p on p.tenant_id = l.tenant_id and p.account_id = l.account_id and p.company_id = ${companyId}`
    : empty;
  const linked = sql`
    join parties.account_customer l on l.tenant_id = ${tx.tenant} and l.account_id = o.account_id and l.valid_to = 'infinity' ${company}`;
  const factors = [...reporting.factors];
  const isOne = factors.length === 1 && reporting.missing.length === 0;
  if (isOne) return { joins: linked, by: sql`l.customer_id`, money: (sum) => sum };
  const rates = join(factors.map(([currency, factor]) => sql`(${currency}::text, ${factor}::numeric)`));
  return {
    joins: sql`${linked} join (values ${rates}) f (currency, factor) on f.currency = o.book_currency::text`,
    by: sql`l.customer_id`,
    money: (_sum, each) => each,
  };
}

/** An aggregate of a money column, converted row by row where there is more than one book currency. */
const amount = (of: Grouped, aggregate: "sum" | "max", column: Sql, filter: Sql = empty): Sql => {
  const word = aggregate === "sum" ? sql`sum` : sql`max`;
  return of.money(
    sql`coalesce(${word}(${column}) ${filter}, 0)::bigint`,
    sql`coalesce(${word}(round(${column} * f.factor)) ${filter}, 0)::bigint`,
  );
};

const joined = (owner: Owner, rows: Sql, alias: Sql): Sql =>
  owner === "account"
    ? sql`left join (${rows}) ${alias} on ${alias}.owner_id = a.account_id`
    : sql`left join (${rows}) ${alias} on ${alias}.owner_id = c.customer_id`;

/** Rows like those of account_state: kept ones where they are of the list's day. */
async function accountStates(context: ListContext, layers: Layers): Promise<Sql> {
  const { tx, asOf, knownOn } = context;
  const { value: ends } = await settingOn(tx, AGEING_BUCKETS, asOf);
  return (await isKeptFor(context))
    ? sql`(select * from receivables.account_state where tenant_id = ${tx.tenant} and layer = ${layers})`
    : sql`(${ageing(tx, { asOf, knownOn, ends, layers })})`;
}

async function isKeptFor({ tx, asOf, knownOn, today }: ListContext): Promise<boolean> {
  const { value: ends } = await settingOn(tx, AGEING_BUCKETS, asOf);
  return !knownOn && asOf === today && (await isKept(tx, asOf, ends));
}

/** Money by kind and by age. What no column names, the database does not add up. */
async function balance(context: ListContext, owner: Owner, layers: Layers, alias: Sql): Promise<Sql> {
  const of = grouped(context, owner);
  const rows = sql`
    select ${of.by} as owner_id, ${amount(of, "sum", sql`o.open_book_minor`)} as outstanding,
           ${amount(of, "sum", sql`o.overdue_book_minor`)} as overdue, ${amount(of, "sum", sql`o.unapplied_book_minor`)} as unapplied,
           ${amount(of, "sum", sql`o.credit_note_book_minor`)} as credit_notes, sum(o.item_count)::bigint as items,
           count(distinct o.currency)::bigint as currencies, min(o.oldest_due_on) as oldest_due_on, min(o.next_due_on) as next_due_on,
           sum(o.overdue_count)::bigint as overdue_items, ${amount(of, "max", sql`o.largest_book_minor`)} as largest,
           ${amount(of, "sum", sql`o.over_30_book_minor`)} as over_30, ${amount(of, "sum", sql`o.over_60_book_minor`)} as over_60,
           ${amount(of, "sum", sql`o.over_90_book_minor`)} as over_90, ${amount(of, "sum", sql`o.over_180_book_minor`)} as over_180,
           ${amount(of, "sum", sql`o.due_in_30_book_minor`)} as due_in_30
    from ${await accountStates(context, layers)} o ${of.joins}
    group by 1`;
  return joined(owner, rows, alias);
}

/** What is open of items that the team said something of: few, so only their accounts are read. */
function said(context: ListContext, owner: Owner): Sql {
  const { tx, asOf, knownOn } = context;
  const of = grouped(context, owner);
  const kept = sql`x.tenant_id = ${tx.tenant} and x.valid_to = 'infinity' and x.status in ('disputed', 'promised')`;
  const accounts = sql`in (
    select i.account_id
    from receivables.item_status x
    join receivables.item i on i.tenant_id = x.tenant_id and i.item_id = x.item_id
    where ${kept})`;
  const open = sql`o.open_book_minor`;
  const rows = sql`
    select ${of.by} as owner_id, ${amount(of, "sum", open, sql`filter (where ${DEBIT} and x.status = 'disputed')`)} as disputed,
           ${amount(of, "sum", open, sql`filter (where ${DEBIT} and x.status = 'promised')`)} as promised
    from ${openItemsAt(tx, { asOf, knownOn, layers: "working" }, accounts)} o
    join receivables.item_status x on x.item_id = o.item_id and ${kept} ${of.joins}
    group by 1`;
  return joined(owner, rows, sql`said`);
}

/** What was invoiced and paid up to the day, as known today: twelve months back, and first and last days. */
async function history(context: ListContext, owner: Owner): Promise<Sql> {
  const { tx, asOf } = context;
  const of = grouped(context, owner);
  const kept = await isKeptFor({ ...context, knownOn: undefined });
  const source = kept
    ? sql`(select * from receivables.account_year where tenant_id = ${tx.tenant})`
    : sql`(${years(tx, asOf)})`;
  const rows = sql`
    select ${of.by} as owner_id, min(o.first_invoice_on) as first_invoice_on, max(o.last_invoice_on) as last_invoice_on,
           max(o.last_payment_on) as last_payment_on, sum(o.invoices_12m)::bigint as invoices_12m,
           ${amount(of, "sum", sql`o.invoiced_book_minor`)} as invoiced_12m, ${amount(of, "sum", sql`o.paid_book_minor`)} as paid_12m,
           sum(o.rejections_12m)::bigint as rejections_12m, round(sum(o.late_12m) / nullif(sum(o.settled_12m), 0))::bigint as days_late_12m,
           round(sum(o.to_pay_12m) / nullif(sum(o.settled_12m), 0))::bigint as days_to_pay_12m
    from ${source} o ${of.joins}
    group by 1`;
  return joined(owner, rows, sql`history`);
}

/** Days late weighted by what was paid: the last three months, and the nine before. Under three invoices in either there is none. */
function trend(context: ListContext, owner: Owner): Sql {
  const { tx, asOf } = context;
  const of = grouped(context, owner);
  const weight = of.money(sql`o.weight`, sql`(o.weight * f.factor)`);
  const isLast = sql`o.paid_on > (${asOf}::date - interval '3 months')::date`;
  const late = (part: Sql) => sql`
    case when count(distinct o.item_id) filter (where ${part}) >= ${LEAST_INVOICES}::int
      then sum(${weight} * o.late) filter (where ${part}) / nullif(sum(${weight}) filter (where ${part}), 0) end`;
  const taken = sql`
    case when count(distinct o.item_id) >= ${LEAST_INVOICES}::int then sum(${weight} * o.taken) / nullif(sum(${weight}), 0) end`;
  const rows = sql`
    select ${of.by} as owner_id, ${late(isLast)} as late_3m, ${late(sql`not ${isLast}`)} as late_before, ${taken} as taken
    from ${paidOnInvoices(tx, { from: addDays(addMonths(asOf, -12), 1), to: asOf })} o ${of.joins}
    group by 1`;
  return joined(owner, rows, sql`trend`);
}
