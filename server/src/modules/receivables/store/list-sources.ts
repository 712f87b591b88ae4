import { empty, join, type Sql, sql } from "#platform/database/index.ts";
import type { ListContext, ListSource } from "#platform/lists/index.ts";
import { settingOn } from "#platform/settings/index.ts";
import { AGEING_BUCKETS } from "../core/ageing.ts";
import { ageing, isKept } from "./account-state.ts";
import { DEBIT } from "./aged-sums.ts";
import { type Layers, openItemsAt } from "./open-items.ts";

/** Whose figures a source gives: one row per account in its book currency, or per customer in the reporting currency. */
export type Owner = "account" | "customer";

/** The sources of receivables that lists of accounts and of customers join: aliases `balance`, `books`, `age`, `history`. */
export const figureSources = (owner: Owner): Readonly<Record<string, ListSource>> => ({
  balance: (context) => balance(context, owner, "working", sql`balance`),
  books: (context) => balance(context, owner, "ledger", sql`books`),
  age: (context) => age(context, owner),
  history: (context) => history(context, owner),
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

async function balance(context: ListContext, owner: Owner, layers: Layers, alias: Sql): Promise<Sql> {
  const { tx, asOf, knownOn, today } = context;
  const { value: ends } = await settingOn(tx, AGEING_BUCKETS, asOf);
  const kept = !knownOn && asOf === today && (await isKept(tx, asOf, ends));
  const state = kept
    ? sql`(select * from receivables.account_state where tenant_id = ${tx.tenant} and layer = ${layers})`
    : sql`(${ageing(tx, { asOf, knownOn, ends, layers })})`;
  const of = grouped(context, owner);
  const rows = sql`
    select ${of.by} as owner_id, ${amount(of, "sum", sql`o.open_book_minor`)} as outstanding,
           ${amount(of, "sum", sql`o.overdue_book_minor`)} as overdue, ${amount(of, "sum", sql`o.unapplied_book_minor`)} as unapplied,
           ${amount(of, "sum", sql`o.credit_note_book_minor`)} as credit_notes, sum(o.item_count)::bigint as items,
           count(distinct o.currency)::bigint as currencies
    from ${state} o ${of.joins}
    group by 1`;
  return joined(owner, rows, alias);
}

function age(context: ListContext, owner: Owner): Sql {
  const { tx, asOf, knownOn } = context;
  const of = grouped(context, owner);
  const late = (days: number) => sql`filter (where ${DEBIT} and o.due_on < ${asOf}::date - ${days}::int)`;
  const open = sql`o.open_book_minor`;
  const rows = sql`
    select ${of.by} as owner_id, min(o.due_on) ${late(0)} as oldest_due_on,
           min(o.due_on) filter (where ${DEBIT} and o.due_on >= ${asOf}::date) as next_due_on,
           count(*) ${late(0)} as overdue_items, ${amount(of, "max", open, sql`filter (where ${DEBIT})`)} as largest,
           ${amount(of, "sum", open, late(30))} as over_30, ${amount(of, "sum", open, late(60))} as over_60,
           ${amount(of, "sum", open, late(90))} as over_90, ${amount(of, "sum", open, late(180))} as over_180,
           ${amount(of, "sum", open, sql`filter (where ${DEBIT} and o.due_on >= ${asOf}::date and o.due_on < ${asOf}::date + 30)`)} as due_in_30,
           ${amount(of, "sum", open, sql`filter (where ${DEBIT} and x.status = 'disputed')`)} as disputed,
           ${amount(of, "sum", open, sql`filter (where ${DEBIT} and x.status = 'promised')`)} as promised
    from ${openItemsAt(tx, { asOf, knownOn, layers: "working" })} o
    left join receivables.item_status x on x.tenant_id = ${tx.tenant} and x.item_id = o.item_id and x.valid_to = 'infinity' ${of.joins}
    group by 1`;
  return joined(owner, rows, sql`age`);
}

/** What was invoiced and paid up to the day, as known today: twelve months back, and first and last days. */
function history(context: ListContext, owner: Owner): Sql {
  const { tx, asOf } = context;
  const of = grouped(context, owner);
  const year = sql`o.posted_on > ${asOf}::date - 365`;
  const paid = sql`filter (where o.kind = 'invoice' and o.settled_on between ${asOf}::date - 364 and ${asOf}::date)`;
  const rows = sql`
    select ${of.by} as owner_id, min(o.posted_on) filter (where o.kind = 'invoice') as first_invoice_on,
           max(o.posted_on) filter (where o.kind = 'invoice') as last_invoice_on,
           max(o.posted_on) filter (where o.kind = 'payment') as last_payment_on,
           count(*) filter (where o.kind = 'invoice' and ${year}) as invoices_12m,
           ${amount(of, "sum", sql`o.original_book_minor`, sql`filter (where o.kind in ('invoice', 'credit_note') and ${year})`)} as invoiced_12m,
           ${amount(of, "sum", sql`-o.original_book_minor`, sql`filter (where o.kind in ('payment', 'rejection') and ${year})`)} as paid_12m,
           count(*) filter (where o.kind = 'rejection' and ${year}) as rejections_12m,
           round(avg(o.settled_on - o.due_on) ${paid})::bigint as days_late_12m,
           round(avg(o.settled_on - o.issued_on) ${paid})::bigint as days_to_pay_12m
    from (
      select account_id, book_currency, kind, posted_on, issued_on, due_on, original_book_minor, nullif(settled_on, 'infinity') as settled_on
      from receivables.item_state
      where tenant_id = ${tx.tenant} and posted_on <= ${asOf}::date
    ) o ${of.joins}
    group by 1`;
  return joined(owner, rows, sql`history`);
}
