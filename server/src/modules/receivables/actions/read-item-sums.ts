import type { ItemSums, ItemSumsQuery } from "#contracts/item-sums.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { currency, EUR, money, parseCurrency } from "#kernel/money.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { findTenant } from "#modules/access/index.ts";
import type { Tx } from "#platform/database/index.ts";
import { loadRates } from "#platform/rates/index.ts";
import { itemCriteria } from "../criteria/index.ts";
import { itemSums, type SumRow } from "../store/item-sums.ts";
import { itemFilter } from "./read-items.ts";

/** Totals of all items of a list, and of each value of a criterion. Refuses a criterion that is none, or money. */
export async function readItemSums(
  tx: Tx,
  query: ItemSumsQuery,
  today: CalendarDate,
  userId: string,
): Promise<Result<ItemSums, "filter_invalid">> {
  const group = query.group === undefined ? undefined : itemCriteria.find((one) => one.key === query.group);
  if (query.group !== undefined && (!group || group.type === "money"))
    return refuse("filter_invalid", { detail: query.group });
  const filter = await itemFilter(tx, query, today, userId);
  const rows = await itemSums(tx, filter, undefined);
  const groups = group ? await itemSums(tx, filter, group) : [];
  return done({
    asOf: filter.asOf,
    items: rows.reduce((sum, row) => sum + Number(row.items), 0),
    sums: byCurrency(rows),
    reporting: await inReporting(tx, rows, filter.asOf),
    groups: [...Map.groupBy(groups, (row) => (row.value === null ? null : String(row.value)))].flatMap(([, own]) =>
      byCurrency(own).map((sum) => ({ ...sum, value: plain(own[0]?.value, group?.type) })),
    ),
  });
}

function byCurrency(rows: readonly SumRow[]): ItemSums["sums"] {
  return [...Map.groupBy(rows, (row) => row.currency)].map(([code, own]) => {
    const sum = (of: (row: SumRow) => bigint) => String(own.reduce((all, row) => all + of(row), 0n));
    return {
      currency: code,
      items: own.reduce((all, row) => all + Number(row.items), 0),
      openMinor: sum((row) => row.openMinor),
      overdueMinor: sum((row) => row.overdueMinor),
      originalMinor: sum((row) => row.originalMinor),
    };
  });
}

const plain = (value: unknown, type: string | undefined) => {
  if (value === null || value === undefined) return null;
  if (type === "boolean") return value === true;
  return type === "integer" ? Number(value) : String(value);
};

/** Open amounts of the books together; nothing where one of the books has no rate, rather than too little. */
async function inReporting(tx: Tx, rows: readonly SumRow[], asOf: CalendarDate): Promise<ItemSums["reporting"]> {
  const tenant = await findTenant(tx, tx.tenant);
  const to = parseCurrency(tenant?.reportingCurrency ?? "") ?? EUR;
  const books = [...Map.groupBy(rows, (row) => row.bookCurrency)];
  const table = await loadRates(tx, [...books.map(([code]) => currency(code)), to]);
  let open = 0n;
  let overdue = 0n;
  for (const [code, own] of books) {
    const convert = (minor: bigint) =>
      code === to ? minor : table.convert(money(minor, currency(code)), to, asOf)?.money.minor;
    const ownOpen = convert(own.reduce((sum, row) => sum + row.openBookMinor, 0n));
    const ownOverdue = convert(own.reduce((sum, row) => sum + row.overdueBookMinor, 0n));
    if (ownOpen === undefined || ownOverdue === undefined) return null;
    open += ownOpen;
    overdue += ownOverdue;
  }
  return { currency: to, openMinor: String(open), overdueMinor: String(overdue) };
}
