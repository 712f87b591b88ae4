import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import type { ItemKind } from "../core/source-row.ts";

/** Something known here before the books know it: a bank line, an online payment, a fee. Signed like every item. */
export type OverlayItem = {
  readonly itemId: Uuid;
  readonly accountId: Uuid;
  readonly kind: Exclude<ItemKind, "adjustment" | "opening">;
  readonly currency: string;
  readonly minor: bigint;
  readonly bookMinor: bigint;
  /** Value date of a payment; the day from which a claim stands. */
  readonly postedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly documentNo: string | null;
  readonly label: string | null;
};

/** Drops what an earlier change of the same transaction staged. */
export const forgetStaged = (tx: Tx): Promise<unknown> =>
  tx.run(
    sql`drop table if exists pg_temp.gone, pg_temp.dirty, pg_temp.new_settlement, pg_temp.new_line, pg_temp.new_state, pg_temp.amended`,
  );

/** Writes overlay items with their first version. */
export async function insertOverlayItems(
  tx: Tx,
  items: readonly OverlayItem[],
  writing: { batchId: Uuid; bookCurrency: string; knownOn: CalendarDate },
): Promise<void> {
  if (items.length === 0) return;
  const rows = sql`
    unnest(
      ${items.map((i) => i.itemId)}::uuid[], ${items.map((i) => i.accountId)}::uuid[], ${items.map((i) => i.kind)}::text[],
      ${items.map((i) => i.currency)}::text[], ${items.map((i) => String(i.minor))}::bigint[], ${items.map((i) => String(i.bookMinor))}::bigint[],
      ${items.map((i) => i.postedOn)}::date[], ${items.map((i) => i.dueOn)}::date[], ${items.map((i) => i.documentNo)}::text[],
      ${items.map((i) => i.label)}::text[]
    ) as o (item_id, account_id, kind, currency, minor, book_minor, posted_on, due_on, document_no, label)`;
  await tx.run(sql`
    insert into receivables.item (
      tenant_id, item_id, account_id, batch_id, layer, kind, currency, book_currency, posted_on, issued_on, instalment_no, order_key, is_opening,
      is_book_converted)
    select ${tx.tenant}, o.item_id, o.account_id, ${writing.batchId}, 'overlay', o.kind, o.currency, ${writing.bookCurrency}, o.posted_on, o.posted_on,
           1, o.item_id::text, false, false
    from ${rows}`);
  await tx.run(sql`
    insert into receivables.item_version (
      tenant_id, item_id, version_no, original_minor, original_book_minor, due_on, is_due_estimated, document_no, label, known_on, is_known_assumed,
      batch_id)
    select ${tx.tenant}, o.item_id, 1, o.minor, o.book_minor, o.due_on, false, o.document_no, o.label, ${writing.knownOn}, false, ${writing.batchId}
    from ${rows}`);
}

/** Fills `gone` with overlay items to void and `dirty` with the accounts of all items named; undefined when something named is not the company's. */
export async function findOverlayAccounts(
  tx: Tx,
  companyId: Uuid,
  named: {
    voided: readonly Uuid[];
    itemIds: readonly Uuid[];
    settlementIds: readonly Uuid[];
    accountIds: readonly Uuid[];
  },
): Promise<{ ofItem: Map<Uuid, Uuid>; ofSettlement: Map<Uuid, Uuid> } | undefined> {
  const itemIds = [...new Set([...named.voided, ...named.itemIds])];
  const items = await tx.rows<{ id: Uuid; accountId: Uuid }>(sql`
    select i.item_id as id, i.account_id as "accountId"
    from receivables.item i
    join parties.account_current a on a.tenant_id = i.tenant_id and a.account_id = i.account_id
    where i.tenant_id = ${tx.tenant} and i.item_id = any(${itemIds}::uuid[]) and a.company_id = ${companyId}`);
  const settlements = await tx.rows<{ id: Uuid; accountId: Uuid }>(sql`
    select s.settlement_id as id, s.account_id as "accountId"
    from receivables.settlement s
    join parties.account_current a on a.tenant_id = s.tenant_id and a.account_id = s.account_id
    where s.tenant_id = ${tx.tenant} and s.settlement_id = any(${[...named.settlementIds]}::uuid[]) and s.layer = 'overlay'
      and a.company_id = ${companyId}`);
  const own = await tx.rows<{ accountId: Uuid }>(sql`
    select account_id as "accountId"
    from parties.account_current
    where tenant_id = ${tx.tenant} and company_id = ${companyId} and account_id = any(${[...named.accountIds]}::uuid[])`);
  if (own.length !== new Set(named.accountIds).size) return undefined;
  if (items.length !== itemIds.length || settlements.length !== new Set(named.settlementIds).size) return undefined;
  await tx.run(sql`create temp table gone (item_id uuid, account_id uuid) on commit drop`);
  await tx.run(sql`
    insert into gone (item_id, account_id)
    select item_id, account_id
    from receivables.item
    where tenant_id = ${tx.tenant} and item_id = any(${[...named.voided]}::uuid[]) and layer = 'overlay'`);
  await tx.run(sql`create temp table dirty (account_id uuid primary key) on commit drop`);
  const accounts = [...items, ...settlements, ...own].map((row) => row.accountId);
  await tx.run(sql`
    insert into dirty (account_id)
    select distinct account_id
    from unnest(${accounts}::uuid[]) as a (account_id)`);
  await tx.run(sql`analyze dirty`);
  return {
    ofItem: new Map(items.map((row) => [row.id, row.accountId])),
    ofSettlement: new Map(settlements.map((row) => [row.id, row.accountId])),
  };
}
