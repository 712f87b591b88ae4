import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { empty, type Sql, sql, type Tx } from "#platform/database/index.ts";
import type { Booking, Clearing, Layer, LedgerItem, Line, Settlement, VoidReason } from "../core/ledger.ts";
import type { ItemKind } from "../core/source-row.ts";

/** An account as stored: what the pure core settles. `touched` are the items to which this batch gave a version. */
export type StoredAccount = {
  readonly accountId: Uuid;
  readonly items: LedgerItem[];
  readonly versionNo: Map<Uuid, number>;
  readonly touched: Set<Uuid>;
  readonly settlements: Settlement[];
  readonly lines: Line[];
  readonly clearings: Clearing[];
  readonly bookings: Booking[];
};

type ItemRow = {
  accountId: Uuid;
  itemId: Uuid;
  layer: Layer;
  kind: ItemKind;
  currency: string;
  postedOn: CalendarDate;
  instalmentNo: number;
  orderKey: string;
  isOpening: boolean;
  isSettledByRule: boolean;
  versionNo: number;
  minor: bigint;
  book: bigint;
  documentNo: string | null;
  letter: string | null;
  fiscalYear: CalendarDate | null;
  links: { key?: string; documentNo?: string; minor?: string }[] | null;
  voidReason: VoidReason | null;
  knownOn: CalendarDate;
  isTouched: boolean;
};

type OfAccount<T> = T & { accountId: Uuid };

/**
 * The accounts of the temporary table `dirty`, one after another in key order, through cursors: memory holds one account and a few thousand rows. With
 * parts, plain accounts hold only the items of `part_item`, with all that settles those.
 */
export async function* dirtyAccounts(tx: Tx, batchId: Uuid, hasParts = false): AsyncGenerator<StoredAccount> {
  const settlements = byAccount(tx.stream<OfAccount<Settlement>>(settlementRows(tx, hasParts), 300));
  const lines = byAccount(tx.stream<OfAccount<Line>>(lineRows(tx, hasParts), 600));
  const clearings = byAccount(tx.stream<OfAccount<Clearing>>(clearingRows(tx)));
  const bookings = byAccount(tx.stream<OfAccount<Booking>>(bookingRows(tx)));
  let account: StoredAccount | undefined;
  for await (const rows of tx.stream<ItemRow>(itemRows(tx, batchId, hasParts), 1_000))
    for (const row of rows) {
      if (account?.accountId !== row.accountId) {
        if (account) yield account;
        const { accountId } = row;
        account = {
          accountId,
          items: [],
          versionNo: new Map(),
          touched: new Set(),
          settlements: await settlements(accountId),
          lines: await lines(accountId),
          clearings: await clearings(accountId),
          bookings: await bookings(accountId),
        };
      }
      take(account, row);
    }
  if (account) yield account;
}

/** Rows come version by version; the last one counts. */
function take(account: StoredAccount, row: ItemRow): void {
  const { accountId: _, versionNo, isTouched, links, ...rest } = row;
  const item: LedgerItem = {
    ...rest,
    links: links?.map(({ minor, ...link }) => (minor === undefined ? link : { ...link, minor: BigInt(minor) })) ?? NONE,
  };
  if (versionNo > 1 && account.items.at(-1)?.itemId === item.itemId) account.items.pop();
  account.items.push(item);
  account.versionNo.set(item.itemId, versionNo);
  if (isTouched) account.touched.add(item.itemId);
}

const NONE: LedgerItem["links"] = [];

/** Gathers a stream sorted by account; call with accounts in the same order. */
function byAccount<T extends { accountId: Uuid }>(stream: AsyncGenerator<T[]>): (accountId: Uuid) => Promise<T[]> {
  let batch: T[] = [];
  let at = 0;
  let isDone = false;
  return async (accountId) => {
    const found: T[] = [];
    for (;;) {
      const row = batch[at];
      if (row) {
        if (row.accountId > accountId) return found;
        if (row.accountId === accountId) found.push(row);
        at += 1;
        continue;
      }
      if (isDone) return found;
      const next = await stream.next();
      isDone = next.done ?? false;
      batch = next.done ? [] : next.value;
      at = 0;
    }
  };
}

/** Accounts that are read whole. */
const wholeAccounts = (hasParts: boolean): Sql => (hasParts ? sql`whole_account` : sql`dirty`);

const itemRows = (tx: Tx, batchId: Uuid, hasParts: boolean): Sql => sql`
  select i.account_id as "accountId", i.item_id as "itemId", i.layer, i.kind, i.currency, i.posted_on as "postedOn",
         i.instalment_no as "instalmentNo", i.order_key as "orderKey", i.is_opening as "isOpening",
         i.layer = 'ledger' and coalesce(s.settles_leftovers, false) as "isSettledByRule", v.version_no as "versionNo", v.original_minor as minor,
         v.original_book_minor as book, v.document_no as "documentNo", v.letter, v.fiscal_year as "fiscalYear", v.links,
         v.void_reason as "voidReason", v.known_on as "knownOn", v.batch_id is not distinct from ${batchId} as "isTouched"
  from (
    select w.*
    from ${wholeAccounts(hasParts)} d
    join receivables.item w on w.tenant_id = ${tx.tenant} and w.account_id = d.account_id
    ${hasParts ? sql`union all select w.* from part_item p join receivables.item w on w.tenant_id = ${tx.tenant} and w.item_id = p.item_id` : empty}
  ) i
  join receivables.item_version v on v.tenant_id = ${tx.tenant} and v.item_id = i.item_id
  left join receivables.source s on s.tenant_id = ${tx.tenant} and s.source_id = i.source_id
  order by i.account_id, i.item_id, v.version_no`;

const settlements = (tx: Tx, hasParts: boolean): Sql => sql`(
  select w.*
  from ${wholeAccounts(hasParts)} d
  join receivables.settlement w on w.tenant_id = ${tx.tenant} and w.account_id = d.account_id
  ${
    hasParts
      ? sql`
          union all
          select w.*
          from (
            select distinct l.settlement_id
            from part_item p
            join receivables.settlement_line l on l.tenant_id = ${tx.tenant} and l.item_id = p.item_id
          ) p
          join receivables.settlement w on w.tenant_id = ${tx.tenant} and w.settlement_id = p.settlement_id`
      : empty
  })`;

const settlementRows = (tx: Tx, hasParts: boolean): Sql => sql`
  select s.account_id as "accountId", s.settlement_id as "settlementId", s.layer, s.origin, s.group_key as "groupKey", s.replaces_id as "replacesId"
  from ${settlements(tx, hasParts)} s
  order by s.account_id, s.settlement_id`;

const lineRows = (tx: Tx, hasParts: boolean): Sql => sql`
  select s.account_id as "accountId", l.item_id as "itemId", l.effective_on as "effectiveOn", l.settlement_id as "settlementId",
         l.entry_no as "entryNo", l.layer, l.amount_minor as minor, l.book_minor as book, l.known_on as "knownOn"
  from ${settlements(tx, hasParts)} s
  join receivables.settlement_line l on l.tenant_id = ${tx.tenant} and l.settlement_id = s.settlement_id
  order by s.account_id, l.settlement_id, l.entry_no, l.effective_on`;

const clearingRows = (tx: Tx): Sql => sql`
  select c.account_id as "accountId", c.item_id as "itemId", c.cleared_on as "on", c.amount_minor as minor, c.book_minor as book,
         c.known_on as "knownOn"
  from dirty d
  join receivables.clearing c on c.tenant_id = ${tx.tenant} and c.account_id = d.account_id
  where c.undone_by is null
  order by c.account_id, c.cleared_on, c.batch_id, c.item_id`;

const bookingRows = (tx: Tx): Sql => sql`
  select b.account_id as "accountId", b.overlay_item_id as "overlayItemId", b.booked_item_id as "bookedItemId",
         b.adjustment_item_id as "adjustmentItemId", b.booked_on as "on", b.is_live as "isLive", b.took_over as "tookOver"
  from dirty d
  join receivables.booking b on b.tenant_id = ${tx.tenant} and b.account_id = d.account_id
  order by b.account_id, b.recorded_at`;
