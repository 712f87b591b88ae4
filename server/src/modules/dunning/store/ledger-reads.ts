import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { openItems } from "#modules/receivables/index.ts";
import { join, type Sql, sql, type Tx } from "#platform/database/index.ts";

/* All that this room reads of the ledger. Working open: ledger and overlay. */

/** One account's open items in one currency, packed: "itemId dueDayNumber openMinor openBookMinor mask" separated by line feeds. */
export type PackedAccount = {
  readonly accountId: Uuid;
  readonly companyId: Uuid;
  readonly customerId: Uuid;
  readonly currency: string;
  readonly items: string;
};

/** Conditions on items, compiled: aliases `s` (kept state of the item) and `c` (its customer). The mask has one bit for each. */
export type ItemConditions = readonly Sql[];

/** Open items that can matter on `asOf`: overdue, due within `soonDays`, and all credits. One row per account and currency. */
export async function packedOpenItems(
  tx: Tx,
  asOf: CalendarDate,
  soonDays: number,
  companyId: Uuid | undefined,
  conditions: ItemConditions = [],
): Promise<PackedAccount[]> {
  const bits = conditions.map((condition, bit) => sql`case when ${condition} then ${1 << bit}::int else 0 end`);
  const mask = bits.length === 0 ? sql`0` : sql`(${join(bits, " + ")})`;
  const joined =
    bits.length === 0
      ? sql``
      : sql`
        join receivables.item_state s on s.tenant_id = ${tx.tenant} and s.item_id = o.item_id
        join parties.account_current k on k.tenant_id = ${tx.tenant} and k.account_id = o.account_id
        join parties.customer c on c.tenant_id = k.tenant_id and c.customer_id = k.customer_id`;
  return tx.rows<PackedAccount>(sql`
    select a.account_id as "accountId", a.company_id as "companyId", a.customer_id as "customerId", p.currency, p.items
    from (
      select o.account_id, o.currency,
        string_agg(o.item_id::text || ' ' || (o.due_on - date '1970-01-01') || ' ' || o.open_minor || ' ' || o.open_book_minor
          || ' ' || ${mask}, e'\n') as items
      from ${openItems(tx, asOf, "working")} o ${joined}
      where o.open_minor < 0 or (o.open_minor > 0 and o.due_on <= ${asOf}::date + ${soonDays}::int)
      group by o.account_id, o.currency
    ) p
    join parties.account_current a on a.tenant_id = ${tx.tenant} and a.account_id = p.account_id
    where ${companyId ?? null}::uuid is null or a.company_id = ${companyId ?? null}
    order by a.company_id, a.customer_id, a.account_id, p.currency`);
}

export type ItemDetail = {
  readonly itemId: Uuid;
  readonly accountId: Uuid;
  readonly companyId: Uuid;
  readonly customerId: Uuid;
  readonly kind: string;
  readonly currency: string;
  readonly number: string;
  readonly issuedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly originalMinor: bigint;
  readonly openMinor: bigint;
  readonly openBookMinor: bigint;
};

type Owner = { readonly accountId: Uuid; readonly companyId: Uuid; readonly customerId: Uuid };

const detailColumns = sql`o.item_id as "itemId", o.account_id as "accountId", o.kind, o.currency, coalesce(o.document_no, '') as number,
  o.issued_on as "issuedOn", o.due_on as "dueOn", o.original_minor as "originalMinor", o.open_minor as "openMinor",
  o.open_book_minor as "openBookMinor"`;
const ownerColumns = sql`account_id as "accountId", company_id as "companyId", customer_id as "customerId"`;

/** Open items by id as they stand on `asOf`; settled and void ones are absent. */
export async function openItemsById(tx: Tx, asOf: CalendarDate, itemIds: readonly Uuid[]): Promise<ItemDetail[]> {
  if (itemIds.length === 0) return [];
  const items = await tx.rows<Omit<ItemDetail, keyof Owner> & { accountId: Uuid }>(sql`
    select ${detailColumns}
    from ${openItems(tx, asOf, "working")} o
    where o.item_id = any(${[...itemIds]}::uuid[]) and o.open_minor <> 0`);
  const owners = await tx.rows<Owner>(sql`
    select ${ownerColumns} from parties.account_current
    where tenant_id = ${tx.tenant} and account_id = any(${[...new Set(items.map((item) => item.accountId))]}::uuid[])`);
  return withOwners(items, owners);
}

/** Every open item of customers on `asOf`. Accounts first, as values: a join would make the planner read every open item of the tenant. */
export async function openItemsOfCustomers(
  tx: Tx,
  asOf: CalendarDate,
  customerIds: readonly Uuid[],
): Promise<ItemDetail[]> {
  if (customerIds.length === 0) return [];
  const owners = await tx.rows<Owner>(sql`
    select ${ownerColumns} from parties.account_current
    where tenant_id = ${tx.tenant} and customer_id = any(${[...customerIds]}::uuid[])`);
  const items = await tx.rows<Omit<ItemDetail, keyof Owner> & { accountId: Uuid }>(sql`
    select ${detailColumns}
    from ${openItems(tx, asOf, "working")} o
    where o.account_id = any(${owners.map((owner) => owner.accountId)}::uuid[]) and o.open_minor <> 0`);
  return withOwners(items, owners);
}

function withOwners(
  items: readonly (Omit<ItemDetail, keyof Owner> & { accountId: Uuid })[],
  owners: readonly Owner[],
): ItemDetail[] {
  const byAccount = new Map(owners.map((owner) => [owner.accountId, owner]));
  return items.flatMap((item) => {
    const owner = byAccount.get(item.accountId);
    return owner ? [{ ...item, ...owner }] : [];
  });
}

/** Day on which the last of some items was settled, by item; an item that is open or void is absent. */
export async function settledDays(
  tx: Tx,
  asOf: CalendarDate,
  itemIds: readonly Uuid[],
): Promise<Map<Uuid, CalendarDate>> {
  if (itemIds.length === 0) return new Map();
  const rows = await tx.rows<{ item_id: Uuid; settled_on: CalendarDate }>(sql`
    select item_id, settled_on
    from receivables.item_state
    where tenant_id = ${tx.tenant} and item_id = any(${[...itemIds]}::uuid[]) and settled_on <= ${asOf}`);
  return new Map(rows.map((row) => [row.item_id, row.settled_on]));
}

/** Items that the team codes as disputed or promised: not claimed while they are. Of some items, or of all. */
export async function codedItems(tx: Tx, itemIds?: readonly Uuid[]): Promise<Map<Uuid, "disputed" | "promised">> {
  const only = itemIds ? sql`and item_id = any(${[...itemIds]}::uuid[])` : sql``;
  const rows = await tx.rows<{ itemId: Uuid; status: "disputed" | "promised" }>(sql`
    select item_id as "itemId", status
    from receivables.item_status
    where tenant_id = ${tx.tenant} and status in ('disputed', 'promised') and valid_to = 'infinity' ${only}`);
  return new Map(rows.map((row) => [row.itemId, row.status]));
}

/** Customers with an account that does not tie to its source and that nobody waived: "company customer". Of some customers, or of all. */
export async function customersInDifference(tx: Tx, customerIds?: readonly Uuid[]): Promise<Set<string>> {
  const only = customerIds ? sql`and customer_id = any(${[...customerIds]}::uuid[])` : sql``;
  const rows = await tx.rows<{ companyId: Uuid; customerId: Uuid }>(sql`
    select distinct company_id as "companyId", customer_id as "customerId"
    from receivables.account_in_difference
    where tenant_id = ${tx.tenant} ${only}`);
  return new Set(rows.map((row) => `${row.companyId} ${row.customerId}`));
}

/** The last load of each company's ledger: when. Accounts that do not tie are held back one by one. */
export async function lastLoads(tx: Tx): Promise<Map<Uuid, string>> {
  const rows = await tx.rows<{ companyId: Uuid; loadedAt: string }>(sql`
    select distinct on (b.company_id) b.company_id as "companyId", greatest(b.recorded_at, h.heard_at) as "loadedAt"
    from receivables.batch b
    left join receivables.source h on h.tenant_id = b.tenant_id and h.company_id = b.company_id and h.is_of_record
    where b.tenant_id = ${tx.tenant} and b.undoes_batch_id is null
    order by b.company_id, b.recorded_at desc, b.batch_id desc`);
  return new Map(rows.map((row) => [row.companyId, row.loadedAt]));
}
