import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import { settingOn } from "#platform/settings/index.ts";
import { AGEING_BUCKETS } from "../core/ageing.ts";
import { letteredInOverlay, matchBookings } from "../core/match-bookings.ts";
import type { Period } from "../core/openings.ts";
import type { OverlayRequest } from "../core/overlay.ts";
import { type Snapshot, settleAccount } from "../core/settle-account.ts";
import { keepAgedBalance } from "../store/account-state.ts";
import { idRun } from "../store/id-run.ts";
import { dirtyAccounts, type StoredAccount } from "../store/load-accounts.ts";
import { outcomeWriter } from "../store/write-outcomes.ts";

export type Settling = {
  /** Given to all rows written; versions with it are those just brought. */
  readonly batchId: Uuid;
  readonly bookCurrency: string;
  readonly knownOn: CalendarDate;
  readonly isFirstLoad: boolean;
  readonly loadedYears: readonly Period[];
  /** Day of an open snapshot whose rows stand in `staged`. */
  readonly snapshotOn: CalendarDate | null;
  readonly sourceId: Uuid | null;
  readonly isMatchingBookings: boolean;
  /** Plain accounts are settled by the items of `part_item` only. */
  readonly hasParts?: boolean;
  readonly requests?: ReadonlyMap<Uuid, readonly OverlayRequest[]>;
};

export type Settled = {
  readonly lines: number;
  readonly settlements: number;
  readonly amended: number;
  readonly settledByRule: number;
  readonly setAside: number;
  /** Settlements of persons that had to yield. */
  readonly yielded: readonly Uuid[];
};

/** Settles the accounts of the temporary table `dirty` one after another, and writes what came out. */
export async function settleDirty(tx: Tx, settling: Settling): Promise<Settled> {
  const writer = await outcomeWriter(tx, settling);
  const stated = settling.snapshotOn ? await statedByAccount(tx, settling.snapshotOn, settling.sourceId) : null;
  let settledByRule = 0;
  let setAside = 0;
  let amended = 0;
  const yielded: Uuid[] = [];
  const knowledge = { today: settling.knownOn, isAssumed: settling.isFirstLoad, newId: idRun() };
  for await (const account of dirtyAccounts(tx, settling.batchId, settling.hasParts)) {
    const snapshot = stated?.(account);
    const outcome = settleAccount(
      {
        items: account.items,
        settlements: account.settlements,
        lines: account.lines,
        clearings: account.clearings,
        bookings: account.bookings,
        loadedYears: settling.loadedYears,
        overlay: [
          ...requestsOfBatch(settling, account, knowledge.newId),
          ...(settling.requests?.get(account.accountId) ?? []),
        ],
        ...(snapshot ? { snapshot } : {}),
      },
      knowledge,
    );
    settledByRule += outcome.settledByRule;
    amended += outcome.amended.length;
    setAside += outcome.amended.filter((one) => one.item.voidReason === "set_aside").length;
    yielded.push(...outcome.yielded);
    await writer.add(account, outcome);
  }
  const written = await writer.finish(settling.hasParts ?? false);
  const { value: ends } = await settingOn(tx, AGEING_BUCKETS, settling.knownOn);
  await keepAgedBalance(tx, settling.knownOn, ends, "dirty");
  return { ...written, amended, settledByRule, setAside, yielded };
}

/** What a batch asks of the overlay by itself: bookings that take over, and letter groups of a source that is not of record. */
function requestsOfBatch(settling: Settling, account: StoredAccount, newId: () => Uuid): OverlayRequest[] {
  if (!settling.isMatchingBookings || !account.items.some((item) => item.layer === "overlay")) return [];
  const isNew = (itemId: Uuid) => account.touched.has(itemId) && account.versionNo.get(itemId) === 1;
  const booked = matchBookings(account.items, isNew, account.bookings);
  return [...booked, ...letteredInOverlay(account.items, isNew, newId)];
}

/** What the staged rows of a snapshot state per account, and the open items it leaves out; one query, kept while the snapshot is applied. */
async function statedByAccount(tx: Tx, on: CalendarDate, sourceId: Uuid | null) {
  type Row = { accountId: Uuid; itemId: Uuid; minor: bigint | null; book: bigint | null };
  const rows = await tx.rows<Row>(sql`
    select r.account_id as "accountId", r.item_id as "itemId", s.open_minor as minor, s.open_book_minor as book
    from dirty d
    join receivables.external_ref r on r.tenant_id = ${tx.tenant} and r.account_id = d.account_id and r.source_id = ${sourceId}
    left join staged s on s.key = r.key
    left join receivables.item_state t on t.tenant_id = r.tenant_id and t.item_id = r.item_id
    where r.digest is not null and (s.key is not null or t.settled_on = 'infinity')`);
  const byAccount = new Map<Uuid, { stated: Map<Uuid, { minor: bigint; book: bigint }>; covered: Set<Uuid> }>();
  for (const { accountId, itemId, minor, book } of rows) {
    let account = byAccount.get(accountId);
    if (!account) {
      account = { stated: new Map(), covered: new Set() };
      byAccount.set(accountId, account);
    }
    account.covered.add(itemId);
    if (minor !== null && book !== null) account.stated.set(itemId, { minor, book });
  }
  return (account: StoredAccount): Snapshot | undefined => {
    const found = byAccount.get(account.accountId);
    return found ? { on, ...found } : undefined;
  };
}
