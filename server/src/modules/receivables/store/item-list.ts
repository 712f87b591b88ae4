import type { ItemStatusCode } from "#contracts/receivables.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { empty, join, raw, type Sql, sql, type Tx } from "#platform/database/index.ts";
import type { Layer } from "../core/ledger.ts";
import type { ItemKind } from "../core/source-row.ts";
import { type Layers, layersOf } from "./open-items.ts";

export type ItemFilter = {
  readonly status: "open" | "overdue" | "settled" | "all";
  readonly asOf: CalendarDate;
  readonly layers: Layers;
  readonly customerId?: Uuid | undefined;
  /** Only of these customers: a group. */
  readonly customerIds?: readonly Uuid[] | undefined;
  readonly companyId?: Uuid | undefined;
  readonly accountId?: Uuid | undefined;
  readonly kinds?: readonly ItemKind[] | undefined;
  readonly currency?: string | undefined;
  readonly dueFrom?: CalendarDate | null | undefined;
  readonly dueTo?: CalendarDate | null | undefined;
  /** Debits only or credits only, by the sign of the original. */
  readonly side?: "debit" | "credit" | undefined;
  /** Beginning of a document number. */
  readonly document?: string | undefined;
  /** `asOf` is before today: many items were open then and are settled now. */
  readonly isPast?: boolean;
  /** A compiled criteria expression over `s` (item_state). */
  readonly condition?: Sql | undefined;
};

export type ItemSort = "due" | "amount" | "posted";

/** `open…` on the filter's day, in its layers. */
export type ItemRow = {
  readonly id: Uuid;
  readonly accountId: Uuid;
  readonly companyId: Uuid;
  readonly customerId: Uuid;
  readonly customerNumber: string;
  readonly customerName: string;
  readonly kind: ItemKind;
  readonly layer: Layer;
  readonly documentNo: string | null;
  readonly instalmentNo: number;
  readonly label: string | null;
  readonly issuedOn: CalendarDate;
  readonly postedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly isDueEstimated: boolean;
  readonly paymentMethod: string | null;
  readonly letter: string | null;
  readonly currency: string;
  readonly bookCurrency: string;
  readonly originalMinor: bigint;
  readonly originalBookMinor: bigint;
  readonly openMinor: bigint;
  readonly openBookMinor: bigint;
  readonly settledOn: string;
  readonly teamStatus: ItemStatusCode | null;
  /** The sorted column, for the cursor. */
  readonly position: string;
};

const SORTED: Readonly<Record<ItemSort, { column: string; type: string }>> = {
  due: { column: "due_on", type: "date" },
  posted: { column: "posted_on", type: "date" },
  amount: { column: "ledger_open_book_minor", type: "bigint" },
};

export type ItemPosition = { readonly value: string; readonly itemId: Uuid };

/**
 * A page of items in keyset order. What was settled later than `asOf` and what never was are two branches, so that the open items, a small part of
 * all, are read from their own index. `next` follows the last row looked at: a row that turns out not to be open is left out.
 */
export async function listItems(
  tx: Tx,
  filter: ItemFilter,
  page: { sort: ItemSort; isDescending: boolean; limit: number; after: ItemPosition | undefined },
): Promise<{ rows: ItemRow[]; next: ItemPosition | undefined }> {
  const found: ItemRow[] = [];
  let { after } = page;
  for (;;) {
    const wanted = page.limit + 1;
    const rows = await tx.rows<ItemRow>(pageOfItems(tx, filter, { ...page, after, limit: wanted }));
    for (const row of rows) {
      if (isWanted(row, filter)) found.push(row);
      if (found.length > page.limit) break;
    }
    const last = rows.at(-1);
    if (found.length > page.limit || rows.length < wanted || !last) break;
    after = { value: last.position, itemId: last.id };
  }
  const isMore = found.length > page.limit;
  const shown = found.slice(0, page.limit);
  const last = shown.at(-1);
  return { rows: shown, next: isMore && last ? { value: last.position, itemId: last.id } : undefined };
}

const isWanted = (row: ItemRow, { status }: ItemFilter): boolean =>
  status === "all" || status === "settled" || row.openMinor !== 0n || row.openBookMinor !== 0n;

/** How many rows the list has, counted up to `limit` and no further. */
export async function countItems(tx: Tx, filter: ItemFilter, limit: number): Promise<number> {
  const { count } = await tx.one<{ count: bigint }>(sql`
    select count(*) as count
    from (
      select
      from receivables.item_state s
      where ${conditionsOf(tx, filter)} ${settledCondition(filter)}
      limit ${limit}
    ) counted`);
  return Number(count);
}

/** All items of the filter in batches, by account and posting day, for exports: memory stays bounded. */
export async function* streamItems(tx: Tx, filter: ItemFilter): AsyncGenerator<ItemRow[]> {
  const candidates = sql`
    select s.*, ''::text as position
    from receivables.item_state s
    where ${conditionsOf(tx, filter)} ${settledCondition(filter)}`;
  const rows = tx.stream<ItemRow>(
    sql`${withNames(tx, filter, candidates)} order by "customerNumber", "postedOn", id`,
    1_000,
  );
  for await (const batch of rows) yield batch.filter((row) => isWanted(row, filter));
}

function pageOfItems(
  tx: Tx,
  filter: ItemFilter,
  page: { sort: ItemSort; isDescending: boolean; limit: number; after: ItemPosition | undefined },
): Sql {
  const { column, type } = SORTED[page.sort];
  const order = page.isDescending ? raw("desc") : empty;
  const compare = raw(page.isDescending ? "<" : ">");
  const after = page.after
    ? sql`and (s.${raw(column)}, s.item_id) ${compare} (${page.after.value}::${raw(type)}, ${page.after.itemId}::uuid)`
    : empty;
  // An index in the order of the list is a trap where few rows pass the filter: "+ 0" keeps the planner from walking it to the end.
  const isNarrow = Boolean(filter.customerId ?? filter.customerIds ?? filter.accountId ?? filter.document);
  const branch = (narrow: Sql, isFew: boolean) => sql`(
    select s.*, s.${raw(column)}::text as position
    from receivables.item_state s
    where ${conditionsOf(tx, filter)} ${narrow} ${after}
    order by s.${raw(column)} ${raw(isFew || isNarrow ? "+ 0" : "")} ${order}, s.item_id ${order}
    limit ${page.limit})`;
  const branches =
    filter.status === "open" || filter.status === "overdue"
      ? [
          branch(sql`and s.settled_on = 'infinity'`, false),
          branch(sql`and s.settled_on > ${filter.asOf}::date and s.settled_on < 'infinity'`, !filter.isPast),
        ]
      : [branch(settledCondition(filter), false)];
  const candidates = sql`
    select *
    from (${join(branches, " union all ")}) b
    order by b.${raw(column)} ${order}, b.item_id ${order}
    limit ${page.limit}`;
  return sql`${withNames(tx, filter, candidates)} order by s.${raw(column)} ${order}, s.item_id ${order}`;
}

function withNames(tx: Tx, filter: ItemFilter, candidates: Sql): Sql {
  return sql`
    select s.item_id as id, s.account_id as "accountId", a.company_id as "companyId", a.customer_id as "customerId",
           a.customer_number as "customerNumber", a.customer_name as "customerName", s.kind, s.layer, s.document_no as "documentNo",
           s.instalment_no as "instalmentNo", s.label, s.issued_on as "issuedOn", s.posted_on as "postedOn", s.due_on as "dueOn",
           s.is_due_estimated as "isDueEstimated", s.payment_method as "paymentMethod", s.letter, s.currency, s.book_currency as "bookCurrency",
           s.original_minor as "originalMinor", s.original_book_minor as "originalBookMinor",
           s.original_minor - coalesce(l.minor, 0) as "openMinor", s.original_book_minor - coalesce(l.book_minor, 0) as "openBookMinor",
           s.settled_on as "settledOn", x.status as "teamStatus", s.position
    from (${candidates}) s
    join parties.account_current a on a.tenant_id = ${tx.tenant} and a.account_id = s.account_id
    left join receivables.item_status x on x.tenant_id = ${tx.tenant} and x.item_id = s.item_id and x.valid_to = 'infinity'
    left join lateral (
      select sum(amount_minor)::bigint as minor, sum(book_minor)::bigint as book_minor
      from receivables.settlement_line
      where tenant_id = ${tx.tenant} and item_id = s.item_id and effective_on <= ${filter.asOf}::date and layer = any(${layersOf(filter.layers)})
    ) l on s.first_line_on <= ${filter.asOf}::date`;
}

export function settledCondition({ status, asOf }: ItemFilter): Sql {
  if (status === "all") return empty;
  return status === "settled" ? sql`and s.settled_on <= ${asOf}::date` : sql`and s.settled_on > ${asOf}::date`;
}

export function conditionsOf(tx: Tx, filter: ItemFilter): Sql {
  const { asOf, customerId, customerIds, companyId, accountId, kinds, currency, document, side, dueFrom, dueTo } =
    filter;
  const of: Sql[] = [
    sql`s.tenant_id = ${tx.tenant}`,
    sql`s.posted_on <= ${asOf}::date`,
    sql`s.layer = any(${layersOf(filter.layers)})`,
  ];
  if (customerId || customerIds || companyId) {
    const one = customerId ? sql`and customer_id = ${customerId}` : empty;
    const customer = customerIds ? sql`${one} and customer_id = any(${[...customerIds]}::uuid[])` : one;
    const company = companyId ? sql`and company_id = ${companyId}` : empty;
    of.push(sql`s.account_id = any(array(
      select account_id from parties.account_current where tenant_id = ${tx.tenant} ${customer} ${company}))`);
  }
  if (accountId) of.push(sql`s.account_id = ${accountId}`);
  if (kinds) of.push(sql`s.kind = any(${[...kinds]}::text[])`);
  if (currency) of.push(sql`s.currency = ${currency}`);
  if (document) of.push(sql`s.document_no >= ${document} and s.document_no < ${`${document}\u{10ffff}`}`);
  if (dueFrom) of.push(sql`s.due_on >= ${dueFrom}::date`);
  if (dueTo) of.push(sql`s.due_on <= ${dueTo}::date`);
  if (filter.status === "overdue") of.push(sql`s.due_on < ${asOf}::date and s.original_minor > 0`);
  if (side === "debit") of.push(sql`(s.original_minor > 0 or (s.original_minor = 0 and s.original_book_minor >= 0))`);
  if (side === "credit") of.push(sql`(s.original_minor < 0 or (s.original_minor = 0 and s.original_book_minor < 0))`);
  if (filter.condition) of.push(filter.condition);
  return join(of, " and ");
}
