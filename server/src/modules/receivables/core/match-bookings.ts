import { daysBetween } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { type Booking, isVoid, type LedgerItem } from "./ledger.ts";
import type { OverlayRequest } from "./overlay.ts";

const WINDOW_DAYS = 5;

/**
 * Overlay items of the account that the new ledger items book: same kind (a rejection may be booked under words that do not name it), currency and amount, at most 5 days apart, and only where neither side
 * has a second candidate; the rest is for a person.
 */
export function matchBookings(
  items: readonly LedgerItem[],
  isNew: (itemId: Uuid) => boolean,
  bookings: readonly Booking[],
): OverlayRequest[] {
  const taken = new Set(bookings.flatMap((one) => (one.isLive ? [one.overlayItemId, one.bookedItemId] : [])));
  const isFree = (item: LedgerItem) =>
    !isVoid(item) && item.kind !== "adjustment" && item.minor !== 0n && !taken.has(item.itemId);
  const waiting = items.filter((item) => item.layer === "overlay" && isFree(item));
  if (waiting.length === 0) return [];
  const booked = items.filter((item) => item.layer === "ledger" && isFree(item) && isNew(item.itemId));
  const fits = (a: LedgerItem, b: LedgerItem) =>
    a.minor === b.minor &&
    a.currency === b.currency &&
    (a.kind === b.kind || (a.kind === "rejection" && b.kind === "other")) &&
    Math.abs(daysBetween(a.postedOn, b.postedOn)) <= WINDOW_DAYS;
  return waiting.flatMap((overlay): OverlayRequest[] => {
    const candidates = booked.filter((item) => fits(overlay, item));
    const [only] = candidates;
    if (!only || candidates.length > 1 || waiting.filter((other) => fits(other, only)).length > 1) return [];
    return [{ kind: "book", overlayItemId: overlay.itemId, bookedItemId: only.itemId }];
  });
}

/** Letter groups of overlay items that a source which is not of record has just brought: it says that they extinguish one another. */
export function letteredInOverlay(
  items: readonly LedgerItem[],
  isNew: (itemId: Uuid) => boolean,
  newId: () => Uuid,
): OverlayRequest[] {
  const lettered = items.filter((item) => item.layer === "overlay" && item.letter !== null && !isVoid(item));
  const groups = Map.groupBy(lettered, (item) => `${item.fiscalYear ?? ""}/${item.letter}`);
  return [...groups.values()]
    .filter((group) => group.length > 1 && group.some((item) => isNew(item.itemId)))
    .map((group) => ({
      kind: "settle",
      settlementId: newId(),
      members: group.map((item) => item.itemId),
      origin: "source",
    }));
}
