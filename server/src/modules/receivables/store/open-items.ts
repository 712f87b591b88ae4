import type { CalendarDate } from "#kernel/calendar-date.ts";
import { empty, type Sql, sql, type Tx } from "#platform/database/index.ts";
import type { Layer } from "../core/ledger.ts";

/** Which layers a figure reads: `ledger` ties to the books; `working` adds the overlay. */
export type Layers = "ledger" | "working";

export const layersOf = (layers: Layers): Layer[] => (layers === "ledger" ? ["ledger"] : ["ledger", "overlay"]);

const STATE = sql`s.item_id, s.account_id, s.currency, s.book_currency, s.layer, s.kind, s.posted_on, s.issued_on, s.due_on, s.is_due_estimated,
         s.instalment_no, s.document_no, s.label, s.payment_method, s.original_minor, s.original_book_minor`;

/**
 * The one definition of "open amount" on a day: a fragment to splice as a derived table, alias it. `settled_on` only narrows; lines decide. Items whose
 * first line comes later keep their original without a look at the lines. Columns: item_id, account_id, currency, book_currency, layer, kind, posted_on,
 * issued_on, due_on, is_due_estimated, instalment_no, document_no, label, payment_method, original_minor, original_book_minor, open_minor,
 * open_book_minor. `accounts` narrows inside both branches: `in (select ...)` or `= any(...)`.
 */
export const openItems = (tx: Pick<Tx, "tenant">, asOf: CalendarDate, layers: Layers, accounts?: Sql): Sql => sql`(
  select ${STATE},
         s.original_minor as open_minor, s.original_book_minor as open_book_minor
  from receivables.item_state s
  where s.tenant_id = ${tx.tenant} and s.posted_on <= ${asOf}::date and s.settled_on > ${asOf}::date and s.first_line_on > ${asOf}::date
    and s.layer = any(${layersOf(layers)}) and (s.original_minor <> 0 or s.original_book_minor <> 0)
    ${accounts ? sql`and s.account_id ${accounts}` : empty}
  union all
  select ${STATE},
         s.original_minor - coalesce(l.minor, 0) as open_minor, s.original_book_minor - coalesce(l.book_minor, 0) as open_book_minor
  from receivables.item_state s
  left join lateral (
    select sum(amount_minor)::bigint as minor, sum(book_minor)::bigint as book_minor
    from receivables.settlement_line
    where tenant_id = s.tenant_id and item_id = s.item_id and effective_on <= ${asOf}::date and layer = any(${layersOf(layers)})
  ) l on true
  where s.tenant_id = ${tx.tenant} and s.posted_on <= ${asOf}::date and s.settled_on > ${asOf}::date and s.first_line_on <= ${asOf}::date
    and s.layer = any(${layersOf(layers)})
    ${accounts ? sql`and s.account_id ${accounts}` : empty}
    and (s.original_minor <> coalesce(l.minor, 0) or s.original_book_minor <> coalesce(l.book_minor, 0)))`;

/**
 * What was open on `asOf` as it was known on `knownOn`: over the facts, never over what is kept for speed. Same columns as `openItems`.
 */
export const openItemsKnown = (
  tx: Pick<Tx, "tenant">,
  asOf: CalendarDate,
  layers: Layers,
  knownOn: CalendarDate,
  accounts?: Sql,
): Sql => sql`(
  select i.item_id, i.account_id, i.currency, i.book_currency, i.layer, i.kind, i.posted_on, i.issued_on, v.due_on, v.is_due_estimated,
         i.instalment_no, v.document_no, v.label, v.payment_method, v.original_minor, v.original_book_minor,
         v.original_minor - coalesce(l.minor, 0) as open_minor, v.original_book_minor - coalesce(l.book_minor, 0) as open_book_minor
  from receivables.item i
  join (
    select distinct on (item_id) item_id, due_on, is_due_estimated, document_no, label, payment_method, original_minor, original_book_minor, void_reason
    from receivables.item_version
    where tenant_id = ${tx.tenant} and known_on <= ${knownOn}::date
    order by item_id, version_no desc
  ) v on v.item_id = i.item_id
  left join (
    select item_id, sum(amount_minor)::bigint as minor, sum(book_minor)::bigint as book_minor
    from receivables.settlement_line
    where tenant_id = ${tx.tenant} and effective_on <= ${asOf}::date and known_on <= ${knownOn}::date and layer = any(${layersOf(layers)})
    group by item_id
  ) l on l.item_id = i.item_id
  where i.tenant_id = ${tx.tenant} and i.posted_on <= ${asOf}::date and i.layer = any(${layersOf(layers)}) and v.void_reason is null
    ${accounts ? sql`and i.account_id ${accounts}` : empty}
    and (v.original_minor <> coalesce(l.minor, 0) or v.original_book_minor <> coalesce(l.book_minor, 0)))`;

/** One of both fragments: as known today, or as known on an earlier day. */
export const openItemsAt = (
  tx: Pick<Tx, "tenant">,
  at: { asOf: CalendarDate; knownOn?: CalendarDate | undefined; layers: Layers },
  accounts?: Sql,
): Sql =>
  at.knownOn
    ? openItemsKnown(tx, at.asOf, at.layers, at.knownOn, accounts)
    : openItems(tx, at.asOf, at.layers, accounts);
