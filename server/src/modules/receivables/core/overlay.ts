import { type CalendarDate, laterOf } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { proRata } from "#kernel/money.ts";
import {
  type Book,
  conflictDay,
  type Held,
  hasTrace,
  heldOn,
  isLive,
  type Knowledge,
  lay,
  newSettlement,
  openAtEnd,
  totalsOf,
  undo,
} from "./book.ts";
import { absolute, type Booking, isVoid, type LedgerItem, type Origin, type Room } from "./ledger.ts";
import { pairMembers } from "./pair.ts";
import { pairedLines } from "./paired-lines.ts";

/** What a person, a bank line or a rule asks of the overlay of one account. */
export type OverlayRequest =
  | {
      readonly kind: "settle";
      readonly settlementId: Uuid;
      readonly members: readonly Uuid[];
      readonly origin: Origin;
      /** Of these members no more than this is settled, unsigned in their currency; the others as far as they have room. */
      readonly atMost?: AtMost;
    }
  /** `on` null: it was never true. */
  | { readonly kind: "undo"; readonly settlementId: Uuid; readonly on: CalendarDate | null }
  /** The bank took a payment back: both are overlay items, or the payment is settled in the overlay. */
  | { readonly kind: "reject"; readonly paymentId: Uuid; readonly rejectionId: Uuid }
  | { readonly kind: "book"; readonly overlayItemId: Uuid; readonly bookedItemId: Uuid };

type AtMost = ReadonlyMap<Uuid, bigint>;
type Amend = (item: LedgerItem, isNew?: boolean) => void;

/**
 * Lets the overlay follow the ledger: members that went, bookings that came or went, then requests; last, where both layers together would carry an item
 * outside 0…original on any day, overlay settlements on it yield, the latest first, and are laid again on the room left to their members.
 */
export function settleOverlay(
  book: Book,
  known: readonly Booking[],
  requests: readonly OverlayRequest[],
  knowledge: Knowledge,
  amend: Amend,
): { readonly bookings: Booking[]; readonly yielded: Uuid[] } {
  const changed = new Map<Uuid, Booking>();
  const bookings = new Map(known.map((one) => [one.overlayItemId, one]));
  const isIdle = bookings.size === 0 && requests.length === 0 && ![...book.held.values()].some(hasOverlayTrace);
  if (isIdle) return { bookings: [], yielded: [] };
  for (const booking of bookings.values()) if (booking.isLive && hasGone(book, booking)) unbook(book, booking);
  layWithoutTheGone(book, knowledge);
  for (const request of requests) {
    if (request.kind === "settle")
      laySet(book, request.settlementId, request.origin, request.members, null, null, knowledge, {
        atMost: request.atMost,
      });
    else if (request.kind === "undo") {
      if (book.held.has(request.settlementId)) undo(book, request.settlementId, request.on, knowledge);
    } else if (request.kind === "reject") reject(book, request.paymentId, request.rejectionId, knowledge);
    else takeOver(book, request.overlayItemId, request.bookedItemId);
  }
  return { bookings: [...changed.values()], yielded: giveWay(book, knowledge) };

  function unbook(into: Book, booking: Booking): void {
    const adjustment = into.items.get(booking.adjustmentItemId);
    if (adjustment && !isVoid(adjustment))
      amend({ ...adjustment, voidReason: "unbooked", knownOn: laterOf(adjustment.knownOn, knowledge.today) });
    for (const [settlementId, held] of into.held) {
      const { groupKey, layer, replacesId } = held.settlement;
      const isTakenOver =
        replacesId !== null && booking.tookOver.includes(replacesId) && held.laid.has(booking.bookedItemId);
      if (layer === "overlay" && isLive(held) && (groupKey === `booked/${booking.overlayItemId}` || isTakenOver))
        undo(into, settlementId, null, knowledge);
    }
    for (const replacesId of booking.tookOver) {
      const members = [...(into.held.get(replacesId)?.laid ?? [])];
      const origin = into.held.get(replacesId)?.settlement.origin ?? "person";
      laySet(into, knowledge.newId(), origin, members, null, replacesId, knowledge);
    }
    changed.set(booking.overlayItemId, { ...booking, isLive: false });
    bookings.set(booking.overlayItemId, { ...booking, isLive: false });
  }

  function takeOver(into: Book, overlayItemId: Uuid, bookedItemId: Uuid): void {
    const overlay = into.items.get(overlayItemId);
    const booked = into.items.get(bookedItemId);
    if (!overlay || isVoid(overlay) || bookings.get(overlayItemId)?.isLive) return;
    if (!booked || hasGone(into, { bookedItemId })) return;
    const on = laterOf(overlay.postedOn, booked.postedOn);
    const taken = liveOn(into, overlayItemId);
    // what each item was paid stays as it was said, also where the payment is of several
    const amounts = taken.map((held) => atMostOf(held, (itemId) => itemId !== overlayItemId));
    const adjustment: LedgerItem = {
      ...overlay,
      itemId: knowledge.newId(),
      kind: "adjustment",
      orderKey: `booked/${overlayItemId}`,
      postedOn: on,
      minor: -overlay.minor,
      book: -overlay.book,
      knownOn: knowledge.today,
    };
    amend(adjustment, true);
    for (const held of taken) undo(into, held.settlement.settlementId, on, knowledge);
    laySet(into, knowledge.newId(), "rule", [overlayItemId, adjustment.itemId], on, null, knowledge, {
      groupKey: `booked/${overlayItemId}`,
    });
    for (const [at, { settlement, laid }] of taken.entries()) {
      const members = [...laid].map((member) => (member === overlayItemId ? bookedItemId : member));
      laySet(into, knowledge.newId(), settlement.origin, members, on, settlement.settlementId, knowledge, {
        atMost: amounts[at],
      });
    }
    const tookOver = taken.map((held) => held.settlement.settlementId);
    const booking: Booking = {
      overlayItemId,
      bookedItemId,
      adjustmentItemId: adjustment.itemId,
      on,
      isLive: true,
      tookOver,
    };
    bookings.set(overlayItemId, booking);
    changed.set(overlayItemId, booking);
  }
}

const isOverlay = (held: Held): boolean => held.settlement.layer === "overlay" && isLive(held);
const hasOverlayTrace = (held: Held): boolean => held.settlement.layer === "overlay" && hasTrace(held);

const liveOn = (book: Book, itemId: Uuid): Held[] =>
  [...book.held.values()].filter((held) => isOverlay(held) && totalsOf(held).has(itemId));

/** The booked item is void, or the ledger shows it cancelled by a rejection. */
function hasGone(book: Book, booking: Pick<Booking, "bookedItemId">): boolean {
  const booked = book.items.get(booking.bookedItemId);
  if (!booked || isVoid(booked)) return true;
  for (const held of book.held.values()) {
    if (held.settlement.layer !== "ledger" || !held.laid.has(booked.itemId)) continue;
    const totals = totalsOf(held);
    if (totals.has(booked.itemId))
      for (const itemId of totals.keys()) if (book.items.get(itemId)?.kind === "rejection") return true;
  }
  return false;
}

/** What a settlement holds of its members now, as the most that one laid in its place may hold. */
const atMostOf = (held: Held, isMeant: (itemId: Uuid) => boolean): AtMost =>
  new Map(
    [...totalsOf(held)].filter(([itemId]) => isMeant(itemId)).map(([itemId, { minor }]) => [itemId, absolute(minor)]),
  );

/** At most so much of what is available of a member, book amount in proportion. */
function cut(open: Room, atMost: bigint | undefined): Room {
  if (atMost === undefined || absolute(open.minor) <= atMost) return open;
  return { minor: open.minor < 0n ? -atMost : atMost, book: proRata(open.book, atMost, absolute(open.minor)) };
}

/** Lays a settlement on the room its members have; nothing where they have none. */
function laySet(
  book: Book,
  settlementId: Uuid,
  origin: Origin,
  memberIds: readonly Uuid[],
  notBefore: CalendarDate | null,
  replacesId: Uuid | null,
  knowledge: Knowledge,
  more: { readonly groupKey?: string; readonly atMost?: AtMost | undefined } = {},
): void {
  const groupKey = more.groupKey ?? `${origin}/${settlementId}`;
  const members = memberIds.flatMap((itemId) => {
    const item = book.items.get(itemId);
    return item && !isVoid(item)
      ? [{ ...item, ...cut(openAtEnd(book, item, "working"), more.atMost?.get(itemId)) }]
      : [];
  });
  const entered = pairedLines(book, pairMembers(members), "overlay", notBefore);
  if (entered.length === 0) return;
  lay(book, newSettlement(settlementId, "overlay", origin, groupKey, replacesId), entered, knowledge);
}

/** A settlement that lost a member to a void was never true: undone on its own days and laid again from the members that remain. */
function layWithoutTheGone(book: Book, knowledge: Knowledge): void {
  for (const held of [...book.held.values()]) {
    if (!hasOverlayTrace(held)) continue;
    const wasLive = isLive(held);
    const isWhole = [...held.byItem.keys()].every((itemId) => {
      const item = book.items.get(itemId);
      return item !== undefined && !isVoid(item);
    });
    if (isWhole) continue;
    undo(book, held.settlement.settlementId, null, knowledge);
    if (!wasLive || held.settlement.groupKey.startsWith("booked/")) continue;
    laySet(
      book,
      knowledge.newId(),
      held.settlement.origin,
      [...held.laid],
      null,
      held.settlement.settlementId,
      knowledge,
    );
  }
}

/** The payment's settlements fall on the rejection's day, it is settled with the rejection, and what remains of them is laid again from that day. */
function reject(book: Book, paymentId: Uuid, rejectionId: Uuid, knowledge: Knowledge): void {
  const rejection = book.items.get(rejectionId);
  if (!rejection) return;
  const fallen = liveOn(book, paymentId);
  for (const held of fallen) undo(book, held.settlement.settlementId, rejection.postedOn, knowledge);
  laySet(book, knowledge.newId(), "rule", [paymentId, rejectionId], rejection.postedOn, null, knowledge);
  for (const { settlement, laid } of fallen)
    laySet(
      book,
      knowledge.newId(),
      settlement.origin,
      [...laid],
      rejection.postedOn,
      settlement.settlementId,
      knowledge,
    );
}

/** Overlay settlements yield where an item would leave 0…original. Returns those that a person had made. */
function giveWay(book: Book, knowledge: Knowledge): Uuid[] {
  const fallen: { held: Held; on: CalendarDate }[] = [];
  const itemIds = new Set<Uuid>();
  for (const held of book.held.values())
    if (hasOverlayTrace(held)) for (const itemId of held.byItem.keys()) itemIds.add(itemId);
  for (const itemId of itemIds) {
    const item = book.items.get(itemId);
    if (!item) continue;
    for (;;) {
      const on = conflictDay(book, item, "working");
      if (on === null) break;
      const latest = [...book.held.values()].findLast((held) => {
        const holds = held.settlement.layer === "overlay" ? heldOn(held, itemId, on) : { minor: 0n, book: 0n };
        return holds.minor !== 0n || holds.book !== 0n;
      });
      if (!latest) throw new Error(`item ${itemId} leaves its bounds on ${on} and no overlay settlement can yield`);
      if (isLive(latest)) fallen.push({ held: latest, on });
      undo(book, latest.settlement.settlementId, on, knowledge);
    }
  }
  for (const { held, on } of fallen)
    laySet(
      book,
      knowledge.newId(),
      held.settlement.origin,
      [...held.laid],
      on,
      held.settlement.settlementId,
      knowledge,
    );
  return fallen.flatMap(({ held }) => (held.settlement.origin === "person" ? [held.settlement.settlementId] : []));
}
