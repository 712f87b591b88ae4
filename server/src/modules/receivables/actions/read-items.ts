import type { Item, ItemQuery } from "#contracts/receivables.ts";
import { type CalendarDate, day, daysBetween } from "#kernel/calendar-date.ts";
import { idsOfGroup } from "#modules/parties/index.ts";
import type { Sql, Tx } from "#platform/database/index.ts";
import { EXACT_TOTAL } from "#platform/http/index.ts";
import { settingOn } from "#platform/settings/index.ts";
import { AGEING_BUCKETS, dueDaysOf } from "../core/ageing.ts";
import { itemCondition } from "../criteria/items.ts";
import { countItems, type ItemFilter, type ItemPosition, type ItemRow, listItems } from "../store/item-list.ts";
import { companyCodes } from "./company-codes.ts";

/** The store's filter of a query; a bucket becomes the due days it holds on that day. */
export async function itemFilter(
  tx: Tx,
  query: Omit<ItemQuery, "limit" | "cursor" | "sort" | "direction">,
  today: CalendarDate,
  userId?: string,
): Promise<ItemFilter> {
  const asOf = query.asOf ? day(query.asOf) : today;
  const { value: ends } = await settingOn(tx, AGEING_BUCKETS, asOf);
  const { bucket } = query;
  const due = typeof bucket === "number" ? dueDaysOf(bucket, asOf, ends) : undefined;
  const latest = (a: string | null | undefined, b: string | null | undefined) => (a && b ? (a > b ? a : b) : (a ?? b));
  const earliest = (a: string | null | undefined, b: string | null | undefined) =>
    a && b ? (a < b ? a : b) : (a ?? b);
  const from = latest(query.dueFrom, due?.from);
  const to = earliest(query.dueTo, due?.to);
  return {
    status: query.status,
    asOf,
    layers: query.layers,
    customerId: query.customerId,
    customerIds: query.groupOf ? await idsOfGroup(tx, query.groupOf, query.groupKind, today) : undefined,
    companyId: query.companyId,
    accountId: query.accountId,
    kinds: query.kinds,
    currency: query.currency,
    document: query.document,
    condition: query.filter === undefined ? undefined : conditionOf(query.filter, asOf, userId),
    dueFrom: from ? day(from) : undefined,
    dueTo: to ? day(to) : undefined,
    isPast: asOf < today,
    side: bucket === undefined ? undefined : bucket === "credits" ? "credit" : "debit",
  };
}

/** The condition of a filter that the edge has already checked. */
function conditionOf(text: string, asOf: CalendarDate, userId: string | undefined): Sql {
  const condition = itemCondition(text, asOf, userId);
  if (!condition.ok) throw new Error(`unchecked filter: ${condition.details.detail}`);
  return condition.value;
}

/** A page of the item list with its total. */
export async function readItems(
  tx: Tx,
  query: ItemQuery,
  today: CalendarDate,
  after: ItemPosition | undefined,
  userId?: string,
): Promise<{ rows: Item[]; next: ItemPosition | undefined; count: number; asOf: CalendarDate }> {
  const filter = await itemFilter(tx, query, today, userId);
  const { sort, limit } = query;
  const page = await listItems(tx, filter, { sort, isDescending: query.direction === "desc", limit, after });
  const count = await countItems(tx, filter, EXACT_TOTAL + 1);
  const codes = await companyCodes(tx);
  return {
    rows: page.rows.map((row) => toItem(row, filter.asOf, codes(row.companyId).code)),
    next: page.next,
    count,
    asOf: filter.asOf,
  };
}

export function toItem(row: ItemRow, asOf: CalendarDate, companyCode: string): Item {
  const {
    currency,
    bookCurrency,
    originalMinor,
    originalBookMinor,
    openMinor,
    openBookMinor,
    position: _,
    ...rest
  } = row;
  return {
    ...rest,
    companyCode,
    daysPastDue: daysBetween(row.dueOn, asOf),
    original: { minor: String(originalMinor), currency },
    open: { minor: String(openMinor), currency },
    originalBook: { minor: String(originalBookMinor), currency: bookCurrency },
    openBook: { minor: String(openBookMinor), currency: bookCurrency },
    settledOn: row.settledOn === "infinity" ? null : row.settledOn,
  };
}
