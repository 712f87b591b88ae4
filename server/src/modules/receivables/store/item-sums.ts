import type { Uuid } from "#kernel/ids.ts";
import type { Criterion } from "#platform/criteria/index.ts";
import { shownOf } from "#platform/criteria/index.ts";
import { empty, join, raw, type Sql, sql, type Tx, withoutNestedLoops } from "#platform/database/index.ts";
import { conditionsOf, type ItemFilter, settledCondition } from "./item-list.ts";
import { layersOf } from "./open-items.ts";

export type SumRow = {
  readonly value: unknown;
  readonly currency: string;
  readonly bookCurrency: string;
  readonly items: bigint;
  readonly openMinor: bigint;
  readonly overdueMinor: bigint;
  readonly originalMinor: bigint;
  readonly openBookMinor: bigint;
  readonly overdueBookMinor: bigint;
};

const GROUPS_SHOWN = 500;

/** The accounts `s` of some sums with what criteria of items ask of what stands behind them: account `a`, customer `c`, company `k`. */
const BEHIND = (tx: Tx): Sql => sql`
  join parties.account a on a.tenant_id = ${tx.tenant} and a.account_id = s.account_id
  join parties.account_customer l on l.tenant_id = a.tenant_id and l.account_id = a.account_id and l.valid_to = 'infinity'
  join parties.customer c on c.tenant_id = l.tenant_id and c.customer_id = l.customer_id
  join parties.company k on k.tenant_id = a.tenant_id and k.company_id = a.company_id`;

/**
 * Counts and amounts of all items of a list, by value of `group` where one is given, by document and book currency. Lines are read only of items that
 * have one on the day and are not settled on it: the others are open in full, or not at all. Items are summed by their own values first, and by account
 * where the group asks what stands behind it, so that names are joined to thousands of rows and not to a million.
 */
export const itemSums = (tx: Tx, filter: ItemFilter, group: Criterion | undefined): Promise<SumRow[]> => {
  const { asOf } = filter;
  const value = group ? shownOf(group, asOf) : sql`null::text`;
  const isBehind = group?.through !== undefined;
  const by = isBehind ? sql`s.account_id` : value;
  const isOpen = filter.status === "open" || filter.status === "overdue";
  const amounts = ["open_minor", "open_book_minor", "original_minor", "overdue_minor", "overdue_book_minor"].map(
    (name) => raw(name),
  );
  return withoutNestedLoops(tx, () =>
    tx.rows<SumRow>(sql`
      with item as (
        select ${by} as key, s.currency, s.book_currency, s.original_minor, s.due_on,
               case when s.settled_on <= ${asOf}::date then 0 else s.original_minor - coalesce(o.minor, 0) end as open_minor,
               case when s.settled_on <= ${asOf}::date then 0 else s.original_book_minor - coalesce(o.book_minor, 0) end as open_book_minor
        from receivables.item_state s
        left join lateral (
          select sum(amount_minor)::bigint as minor, sum(book_minor)::bigint as book_minor
          from receivables.settlement_line
          where tenant_id = ${tx.tenant} and item_id = s.item_id and effective_on <= ${asOf}::date and layer = any(${layersOf(filter.layers)})
        ) o on s.first_line_on <= ${asOf}::date and s.settled_on > ${asOf}::date
        where ${conditionsOf(tx, filter)} ${settledCondition(filter)}
      ),
      summed as (
        select key, currency, book_currency, count(*) as items, sum(open_minor)::bigint as open_minor, sum(open_book_minor)::bigint as open_book_minor,
               sum(original_minor)::bigint as original_minor,
               coalesce(sum(open_minor) filter (where due_on < ${asOf}::date and open_minor > 0), 0)::bigint as overdue_minor,
               coalesce(sum(open_book_minor) filter (where due_on < ${asOf}::date and open_book_minor > 0), 0)::bigint as overdue_book_minor
        from item
        ${isOpen ? sql`where open_minor <> 0 or open_book_minor <> 0` : empty}
        group by 1, 2, 3
      ),
      named as (
        ${
          isBehind
            ? sql`select ${value} as value, s.currency, s.book_currency, s.items, ${join(amounts.map((name) => sql`s.${name}`))}
                from (select *, key as account_id from summed) s ${BEHIND(tx)}`
            : sql`select key as value, currency, book_currency, items, ${join(amounts)} from summed`
        }
      )
      select value, currency::text as currency, book_currency::text as "bookCurrency", sum(items)::bigint as items, sum(open_minor)::bigint as "openMinor",
             sum(open_book_minor)::bigint as "openBookMinor", sum(original_minor)::bigint as "originalMinor",
             sum(overdue_minor)::bigint as "overdueMinor", sum(overdue_book_minor)::bigint as "overdueBookMinor"
      from named
      group by 1, 2, 3
      order by 4 desc, 1 nulls last
      limit ${group ? GROUPS_SHOWN : 10_000}`),
  );
};

/** Ids of the items of a list, at most `most`: whoever needs all asks for one more. */
export const idsOfItems = async (tx: Tx, filter: ItemFilter, most: number): Promise<Uuid[]> => {
  const isOpen = filter.status === "open" || filter.status === "overdue";
  const rows = await tx.rows<{ id: Uuid }>(sql`
    select s.item_id as id
    from receivables.item_state s
    left join lateral (
      select sum(amount_minor)::bigint as minor, sum(book_minor)::bigint as book_minor
      from receivables.settlement_line
      where tenant_id = ${tx.tenant} and item_id = s.item_id and effective_on <= ${filter.asOf}::date and layer = any(${layersOf(filter.layers)})
    ) o on s.first_line_on <= ${filter.asOf}::date and s.settled_on > ${filter.asOf}::date
    where ${conditionsOf(tx, filter)} ${settledCondition(filter)}
      ${isOpen ? sql`and (s.original_minor <> coalesce(o.minor, 0) or s.original_book_minor <> coalesce(o.book_minor, 0))` : empty}
    limit ${most}`);
  return rows.map((row) => row.id);
};
