import type { CalendarDate } from "#kernel/calendar-date.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Origin } from "../core/ledger.ts";
import type { OverlayRequest } from "../core/overlay.ts";
import { loadedYears, lockBook } from "../store/batches.ts";
import { findOverlayAccounts, forgetStaged, insertOverlayItems, type OverlayItem } from "../store/overlay-rows.ts";
import { voidItems } from "../store/write-facts.ts";
import type { ReceivablesServices } from "./apply-batch.ts";
import { settleDirty } from "./settle-dirty.ts";

export type OverlayChange = {
  readonly companyId: Uuid;
  readonly bookCurrency: string;
  readonly today: CalendarDate;
  readonly items?: readonly Omit<OverlayItem, "itemId">[];
  /** Items of one account that extinguish one another, by id; `new` counts from 0 into `items`. */
  readonly settlements?: readonly {
    readonly members: readonly (Uuid | { readonly new: number })[];
    readonly origin: Origin;
    /** Unsigned, by place in `members`: of those no more is settled. */
    readonly atMost?: ReadonlyMap<number, bigint>;
  }[];
  /** A ledger item books an overlay item, as a person says where it was ambiguous. */
  readonly booked?: readonly { readonly overlayItemId: Uuid; readonly bookedItemId: Uuid }[];
  /** `on`: the day of the event that ends them; null: they were never true. */
  readonly undone?: readonly { readonly settlementId: Uuid; readonly on: CalendarDate | null }[];
  /** The bank took a payment back; the rejection is one of `items`. */
  readonly rejected?: readonly { readonly paymentId: Uuid; readonly rejection: number }[];
  /** Overlay items that never were. */
  readonly voided?: readonly Uuid[];
};

export type OverlayChanged = {
  readonly itemIds: Uuid[];
  readonly settlementIds: Uuid[];
  readonly yielded: readonly Uuid[];
};

/**
 * Changes what is known here before the books know it: adds items, settles, undoes, rejects, voids; ledger figures never move. Refuses items or
 * settlements that are not in the company's accounts.
 */
export function changeOverlay(
  services: ReceivablesServices,
  actor: Actor,
  change: OverlayChange,
): Promise<Result<OverlayChanged, "not_found">> {
  return services.db.transaction(actor.tenant, (tx) => changeOverlayIn(tx, actor, change));
}

/** The same inside the caller's transaction, as often as it needs. */
export async function changeOverlayIn(
  tx: Tx,
  actor: Actor,
  change: OverlayChange,
): Promise<Result<OverlayChanged, "not_found">> {
  await lockBook(tx, change.companyId);
  await forgetStaged(tx);
  const batchId = newId();
  const items = (change.items ?? []).map((item) => ({ ...item, itemId: newId() }));
  const itemIds = items.map((item) => item.itemId);
  const planned = plan(change, itemIds);
  const made = new Set(itemIds);
  const accounts = await findOverlayAccounts(tx, change.companyId, {
    voided: change.voided ?? [],
    itemIds: planned.flatMap((one) => one.itemIds).filter((itemId) => !made.has(itemId)),
    settlementIds: planned.flatMap((one) => one.settlementIds),
    accountIds: items.map((item) => item.accountId),
  });
  if (!accounts) return refuse("not_found");
  for (const item of items) accounts.ofItem.set(item.itemId, item.accountId);
  await insertOverlayItems(tx, items, { batchId, bookCurrency: change.bookCurrency, knownOn: change.today });
  await voidItems(tx, "undone", change.today, batchId);
  const settled = await settleDirty(tx, {
    batchId,
    bookCurrency: change.bookCurrency,
    knownOn: change.today,
    isFirstLoad: false,
    loadedYears: await loadedYears(tx, change.companyId),
    snapshotOn: null,
    sourceId: null,
    isMatchingBookings: false,
    requests: byAccount(planned, accounts),
  });
  const settlementIds = planned.flatMap(({ request }) => (request.kind === "settle" ? [request.settlementId] : []));
  await announce(tx, actor, change, batchId, itemIds, settlementIds);
  return done({ itemIds, settlementIds, yielded: settled.yielded });
}

type Planned = { readonly request: OverlayRequest; readonly itemIds: Uuid[]; readonly settlementIds: Uuid[] };

/** The requests to the core, each with the ids that tell its account. */
function plan(change: OverlayChange, itemIds: readonly Uuid[]): Planned[] {
  const made = (n: number): Uuid => itemIds[n] ?? "";
  const settle = (change.settlements ?? []).map(({ members, origin, atMost }): Planned => {
    const ids = members.map((member) => (typeof member === "string" ? member : made(member.new)));
    const most = atMost && new Map([...atMost].map(([at, minor]) => [ids[at] ?? "", minor]));
    return {
      request: { kind: "settle", settlementId: newId(), members: ids, origin, ...(most ? { atMost: most } : {}) },
      itemIds: ids,
      settlementIds: [],
    };
  });
  const undone = (change.undone ?? []).map(
    ({ settlementId, on }): Planned => ({
      request: { kind: "undo", settlementId, on },
      itemIds: [],
      settlementIds: [settlementId],
    }),
  );
  const rejected = (change.rejected ?? []).map(({ paymentId, rejection }): Planned => {
    const rejectionId = made(rejection);
    return {
      request: { kind: "reject", paymentId, rejectionId },
      itemIds: [paymentId, rejectionId],
      settlementIds: [],
    };
  });
  const booked = (change.booked ?? []).map(
    ({ overlayItemId, bookedItemId }): Planned => ({
      request: { kind: "book", overlayItemId, bookedItemId },
      itemIds: [overlayItemId, bookedItemId],
      settlementIds: [],
    }),
  );
  return [...undone, ...rejected, ...booked, ...settle];
}

function byAccount(
  planned: readonly Planned[],
  accounts: { ofItem: ReadonlyMap<Uuid, Uuid>; ofSettlement: ReadonlyMap<Uuid, Uuid> },
): Map<Uuid, OverlayRequest[]> {
  const requests = new Map<Uuid, OverlayRequest[]>();
  for (const { request, itemIds, settlementIds } of planned) {
    const accountId = accounts.ofItem.get(itemIds[0] ?? "") ?? accounts.ofSettlement.get(settlementIds[0] ?? "") ?? "";
    requests.set(accountId, [...(requests.get(accountId) ?? []), request]);
  }
  return requests;
}

const announce = (
  tx: Tx,
  actor: Actor,
  change: OverlayChange,
  changeId: Uuid,
  itemIds: readonly Uuid[],
  settlementIds: readonly Uuid[],
): Promise<string> =>
  record(tx, actor, {
    kind: "receivables.overlay.changed",
    version: 1,
    subject: { type: "company", id: change.companyId },
    payload: {
      changeId,
      itemIds: [...itemIds],
      settlementIds: [...settlementIds],
      undone: (change.undone ?? []).map((one) => one.settlementId),
      ...(change.booked ? { booked: change.booked.map((one) => one.overlayItemId) } : {}),
      rejected: (change.rejected ?? []).map((one) => one.paymentId),
      voided: [...(change.voided ?? [])],
    },
  });
