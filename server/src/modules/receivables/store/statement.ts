import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { empty, type Sql, sql, type Tx } from "#platform/database/index.ts";
import type { ItemKind } from "../core/source-row.ts";
import { type Layers, layersOf, openItems } from "./open-items.ts";

export type StatementFilter = {
  readonly customerId: Uuid;
  readonly asOf: CalendarDate;
  /** Movements from that day on; null: what is open. */
  readonly from: CalendarDate | null;
  readonly companyId?: Uuid | undefined;
  readonly layers: Layers;
};

export type StatementRow = {
  readonly itemId: Uuid;
  readonly companyId: Uuid;
  readonly kind: ItemKind;
  readonly documentNo: string | null;
  readonly label: string | null;
  readonly issuedOn: CalendarDate;
  readonly postedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly currency: string;
  readonly bookCurrency: string;
  readonly originalMinor: bigint;
  readonly originalBookMinor: bigint;
  readonly openMinor: bigint;
  readonly openBookMinor: bigint;
};

/** Lines shown per customer; beyond, the statement says that it is cut and the export has them all. */
export const STATEMENT_LIMIT = 2_000;

/** The lines of a statement of account, by company and posting day. */
export const statementRows = (tx: Tx, filter: StatementFilter): Promise<StatementRow[]> =>
  tx.rows<StatementRow>(sql`
    select o.item_id as "itemId", a.company_id as "companyId", o.kind, o.document_no as "documentNo", o.label, o.issued_on as "issuedOn",
           o.posted_on as "postedOn", o.due_on as "dueOn", o.currency, o.book_currency as "bookCurrency", o.original_minor as "originalMinor",
           o.original_book_minor as "originalBookMinor", o.open_minor as "openMinor", o.open_book_minor as "openBookMinor"
    from (${filter.from ? movements(tx, filter, filter.from) : openOfCustomer(tx, filter)}) o
    join parties.account_current a on a.tenant_id = ${tx.tenant} and a.account_id = o.account_id
    order by a.company_id, o.posted_on, o.instalment_no, o.item_id
    limit ${STATEMENT_LIMIT + 1}`);

/** Balance per company before the first day, book currency. */
export const openingBalances = (
  tx: Tx,
  filter: StatementFilter,
): Promise<{ companyId: Uuid; bookCurrency: string; minor: bigint }[]> =>
  tx.rows(sql`
    select a.company_id as "companyId", s.book_currency as "bookCurrency",
           coalesce(sum(s.original_book_minor) filter (where s.posted_on < ${filter.from ?? filter.asOf}::date), 0)::bigint as minor
    from receivables.item_state s
    join parties.account_current a on a.tenant_id = s.tenant_id and a.account_id = s.account_id
    where s.tenant_id = ${tx.tenant} and s.layer = any(${layersOf(filter.layers)}) and s.account_id = any(${accounts(tx, filter)})
    group by a.company_id, s.book_currency`);

const accounts = (tx: Tx, { customerId, companyId }: StatementFilter): Sql => sql`array(
  select account_id
  from parties.account_current
  where tenant_id = ${tx.tenant} and customer_id = ${customerId} ${companyId ? sql`and company_id = ${companyId}` : empty})`;

const openOfCustomer = (tx: Tx, filter: StatementFilter): Sql => sql`
  select o.*
  from ${openItems(tx, filter.asOf, filter.layers, sql`= any(${accounts(tx, filter)})`)} o`;

const movements = (tx: Tx, filter: StatementFilter, from: CalendarDate): Sql => sql`
  select s.*, s.original_minor - coalesce(l.minor, 0) as open_minor, s.original_book_minor - coalesce(l.book_minor, 0) as open_book_minor
  from receivables.item_state s
  left join lateral (
    select sum(amount_minor)::bigint as minor, sum(book_minor)::bigint as book_minor
    from receivables.settlement_line
    where tenant_id = s.tenant_id and item_id = s.item_id and effective_on <= ${filter.asOf}::date and layer = any(${layersOf(filter.layers)})
  ) l on true
  where s.tenant_id = ${tx.tenant} and s.layer = any(${layersOf(filter.layers)}) and s.posted_on between ${from}::date and ${filter.asOf}::date
    and s.account_id = any(${accounts(tx, filter)})`;
