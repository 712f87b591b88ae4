import { type CalendarDate, laterOf } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import {
  type Book,
  conflictDay,
  type Entered,
  hasTrace,
  isLive,
  type Knowledge,
  lay,
  newSettlement,
  openAtEnd,
  openBook,
  roomDay,
  takenDay,
  totalsOf,
  undo,
} from "./book.ts";
import { type Fixed, type Wanted, wantedSettlements } from "./desired.ts";
import { type Booking, type Clearing, isVoid, type LedgerItem, type Line, type Settlement } from "./ledger.ts";
import { isSetAside, type Period } from "./openings.ts";
import { type OverlayRequest, settleOverlay } from "./overlay.ts";
import { pairedLines } from "./paired-lines.ts";
import { type ItemState, stateOf } from "./state.ts";

/** Everything known of one account. Items by their last version, the void ones that still hold lines included. */
export type AccountFacts = {
  readonly items: readonly LedgerItem[];
  readonly settlements: readonly Settlement[];
  readonly lines: readonly Line[];
  readonly clearings: readonly Clearing[];
  readonly bookings: readonly Booking[];
  /** Years of its company that are loaded, for opening lines. */
  readonly loadedYears: readonly Period[];
  /** What an open snapshot states to be open, absent items 0; only with a snapshot. */
  readonly snapshot?: Snapshot;
  readonly overlay?: readonly OverlayRequest[];
};

export type Snapshot = {
  readonly on: CalendarDate;
  readonly stated: ReadonlyMap<Uuid, { readonly minor: bigint; readonly book: bigint }>;
  /** Only these may be missing: items of the snapshot's source. */
  readonly covered: ReadonlySet<Uuid>;
};

/** An item this run made or gave other amounts or another void state: a new version is due. */
export type Amended = { readonly item: LedgerItem; readonly isNew: boolean };

export type AccountOutcome = {
  readonly amended: readonly Amended[];
  readonly settlements: readonly Settlement[];
  readonly lines: readonly Line[];
  readonly clearings: readonly Clearing[];
  readonly bookings: readonly Booking[];
  /** The state of every item that is not void; the caller writes those that changed. */
  readonly states: ReadonlyMap<Uuid, ItemState>;
  /** Settlements made by a person that had to yield: each wants a task. */
  readonly yielded: readonly Uuid[];
  readonly settledByRule: number;
};

/**
 * Brings the settlements of one account to what its facts want: undoes those that no longer hold, lays the missing ones, lets the overlay follow, and
 * derives the states. The same facts always end in the same residuals, whatever the order in which they came.
 */
export function settleAccount(facts: AccountFacts, knowledge: Knowledge): AccountOutcome {
  const book = openBook(facts.items, facts.settlements, facts.lines);
  const amendments = new Map<Uuid, Amended>();
  const amend = (item: LedgerItem, isNew = false) => {
    const before = amendments.get(item.itemId);
    amendments.set(item.itemId, { item, isNew: isNew || (before?.isNew ?? false) });
    book.items.set(item.itemId, item);
  };
  setOpeningsAside(book, facts.loadedYears, knowledge, amend);
  const clearings = [...facts.clearings];
  if (facts.snapshot) clearings.push(...newClearings(book, clearings, facts.snapshot, knowledge));
  const { live, setAside } = ledgerItems(book);
  const { wanted, room } = wantedSettlements(live, setAside, clearings);
  const fixed = wanted.flatMap((one) => (one.fixed ? [{ groupKey: one.groupKey, fixed: one.fixed }] : []));
  const adjusted = adjustments(book, fixed, knowledge, amend);
  bring(book, wanted, adjusted, knowledge);
  const overlay = settleOverlay(book, facts.bookings, facts.overlay ?? [], knowledge, amend);
  const states = new Map<Uuid, ItemState>();
  for (const item of book.items.values()) if (!isVoid(item)) states.set(item.itemId, stateOf(book, item));
  assertRoom(room, book);
  return {
    amended: [...amendments.values()],
    settlements: book.newSettlements,
    lines: book.newLines,
    clearings: clearings.slice(facts.clearings.length),
    bookings: overlay.bookings,
    states,
    yielded: overlay.yielded,
    settledByRule: ruleMembers(book),
  };
}

/** The ledger items that count, without the adjustments of snapshots, whose amounts follow from the clearings. */
function ledgerItems(book: Book): { live: LedgerItem[]; setAside: LedgerItem[] } {
  const live: LedgerItem[] = [];
  const setAside: LedgerItem[] = [];
  for (const item of book.items.values()) {
    if (item.layer !== "ledger") continue;
    if (item.voidReason === "set_aside") setAside.push(item);
    else if (!isVoid(item) && item.kind !== "adjustment") live.push(item);
  }
  return { live, setAside };
}

function setOpeningsAside(
  book: Book,
  years: readonly Period[],
  knowledge: Knowledge,
  amend: (item: LedgerItem) => void,
): void {
  for (const item of [...book.items.values()]) {
    if (!item.isOpening || (isVoid(item) && item.voidReason !== "set_aside")) continue;
    const aside = isSetAside(item, years);
    if (aside === isVoid(item)) continue;
    // In a first load the line comes and goes at once: it was never known to count beside the items it repeats.
    const knownOn = knowledge.isAssumed ? item.knownOn : laterOf(item.knownOn, knowledge.today);
    amend({ ...item, voidReason: aside ? "set_aside" : null, knownOn });
  }
}

/** What the snapshot moved: per covered item the difference between what the ledger has open and what the source states. */
function newClearings(
  book: Book,
  clearings: readonly Clearing[],
  snapshot: Snapshot,
  knowledge: Knowledge,
): Clearing[] {
  const { live, setAside } = ledgerItems(book);
  const { room } = wantedSettlements(live, setAside, clearings);
  const found: Clearing[] = [];
  for (const item of live) {
    const stated = snapshot.stated.get(item.itemId);
    if (!stated && (!snapshot.covered.has(item.itemId) || item.postedOn > snapshot.on)) continue;
    const open = room.get(item.itemId) ?? { minor: 0n, book: 0n };
    const minor = open.minor - (stated?.minor ?? 0n);
    const bookMinor = open.book - (stated?.book ?? 0n);
    if (minor === 0n && (bookMinor === 0n || item.minor !== 0n)) continue;
    found.push({ itemId: item.itemId, on: snapshot.on, minor, book: bookMinor, knownOn: knowledge.today });
  }
  return found;
}

type Adjusted = ReadonlyMap<string, { readonly itemId: Uuid; readonly minor: bigint; readonly book: bigint }>;

/** One item "cleared in source" per snapshot day and currency, with the amount that the clearings leave; made, amended or voided here. */
function adjustments(
  book: Book,
  groups: readonly { groupKey: string; fixed: Fixed }[],
  knowledge: Knowledge,
  amend: (item: LedgerItem, isNew?: boolean) => void,
): Adjusted {
  const adjusted = new Map<string, { itemId: Uuid; minor: bigint; book: bigint }>();
  const existing = new Map<string, LedgerItem>();
  for (const item of book.items.values())
    if (item.layer === "ledger" && item.kind === "adjustment") existing.set(item.orderKey, item);
  for (const { groupKey, fixed } of groups) {
    const minor = -fixed.lines.reduce((sum, line) => sum + line.minor, 0n);
    const bookMinor = -fixed.lines.reduce((sum, line) => sum + line.book, 0n);
    const before = existing.get(groupKey);
    existing.delete(groupKey);
    const isNothing = minor === 0n && bookMinor === 0n;
    if (!before && isNothing) continue;
    const itemId = before?.itemId ?? knowledge.newId();
    adjusted.set(groupKey, { itemId, minor, book: bookMinor });
    if (before && before.minor === minor && before.book === bookMinor && isVoid(before) === isNothing) continue;
    amend(
      {
        itemId,
        layer: "ledger",
        kind: "adjustment",
        currency: groupKey.slice(-3),
        postedOn: fixed.on,
        instalmentNo: 1,
        orderKey: groupKey,
        isOpening: false,
        isSettledByRule: false,
        minor,
        book: bookMinor,
        documentNo: null,
        letter: null,
        fiscalYear: null,
        links: [],
        voidReason: isNothing ? "absent" : null,
        knownOn: knowledge.today,
      },
      before === undefined,
    );
  }
  for (const gone of existing.values())
    if (!isVoid(gone)) amend({ ...gone, voidReason: "absent", knownOn: laterOf(gone.knownOn, knowledge.today) });
  return adjusted;
}

/** Keeps what is already as wanted, undoes the rest, lays what is missing. */
function bring(book: Book, wanted: readonly Wanted[], adjusted: Adjusted, knowledge: Knowledge): void {
  const missing = new Map(wanted.map((one) => [one.groupKey, one]));
  const cancelled = cancellations(book, wanted);
  const notBefore = new Map<string, CalendarDate>();
  const outgrown = outgrownItems(book);
  for (const [settlementId, held] of book.held) {
    if (held.settlement.layer !== "ledger" || !isLive(held)) continue;
    const { groupKey } = held.settlement;
    const one = missing.get(groupKey);
    const totals = totalsOf(held);
    const isOutgrown = outgrown.size > 0 && [...totals.keys()].some((itemId) => outgrown.has(itemId));
    if (one && !isOutgrown && isSame(totals, totalsWanted(one, adjusted))) {
      missing.delete(groupKey);
      continue;
    }
    // what a snapshot cleared is laid anew on its own day, whatever else happened since
    const from = one?.fixed || isOutgrown ? null : eventDay(book, totals, cancelled);
    if (from) notBefore.set(groupKey, from);
    undo(book, settlementId, from, knowledge);
  }
  eraseTraces(book, knowledge);
  for (const one of missing.values()) {
    const settlement = newSettlement(knowledge.newId(), "ledger", one.origin, one.groupKey);
    const entered = one.fixed
      ? fixedLines(book, one.fixed, adjusted.get(one.groupKey))
      : pairedLines(book, one.pairs, "ledger", notBefore.get(one.groupKey) ?? null);
    lay(book, settlement, entered, knowledge);
  }
}

/** Items that on some day are settled beyond what they are: their amount was edited since. What they are settled by is laid anew, in order. */
function outgrownItems(book: Book): ReadonlySet<Uuid> {
  const found = new Set<Uuid>();
  for (const itemId of book.courses.keys()) {
    const item = book.items.get(itemId);
    if (item && !isVoid(item) && conflictDay(book, item, "ledger") !== null) found.add(itemId);
  }
  return found;
}

/** A settlement that ended on an event's day keeps the days before it, until a member turns out never to have been, or to have been smaller. */
function eraseTraces(book: Book, knowledge: Knowledge): void {
  for (const held of [...book.held.values()].reverse()) {
    if (held.settlement.layer !== "ledger" || isLive(held) || !hasTrace(held)) continue;
    for (const itemId of held.byItem.keys()) {
      const item = book.items.get(itemId);
      if (item && !isVoid(item) && conflictDay(book, item, "ledger") === null) continue;
      undo(book, held.settlement.settlementId, null, knowledge);
      break;
    }
  }
}

type Cancelled = ReadonlyMap<string, { readonly rejectionId: string; readonly on: CalendarDate }>;

/** Payments that a rejection now cancels, with the rejection's day. */
function cancellations(book: Book, wanted: readonly Wanted[]): Cancelled {
  const found = new Map<string, { rejectionId: string; on: CalendarDate }>();
  for (const { pairs } of wanted)
    for (const pair of pairs) {
      const debit = book.items.get(pair.debitId);
      if (debit?.kind === "rejection") found.set(pair.creditId, { rejectionId: pair.debitId, on: debit.postedOn });
    }
  return found;
}

/** The day of the bank's rejection when that is why a settlement falls; null when it was never true (wrong match, re-lettering, void, edited amount). */
function eventDay(
  book: Book,
  totals: ReadonlyMap<Uuid, { minor: bigint; book: bigint }>,
  cancelled: Cancelled,
): CalendarDate | null {
  let from: CalendarDate | null = null;
  for (const itemId of totals.keys()) {
    const item = book.items.get(itemId);
    if (!item || isVoid(item)) return null;
    const event = cancelled.get(itemId);
    if (event && !totals.has(event.rejectionId) && (from === null || event.on < from)) from = event.on;
  }
  return from;
}

function totalsWanted(one: Wanted, adjusted: Adjusted): Map<string, { minor: bigint; book: bigint }> {
  const totals = new Map<string, { minor: bigint; book: bigint }>();
  const add = (itemId: string, minor: bigint, book: bigint) => {
    const total = totals.get(itemId);
    if (total) {
      total.minor += minor;
      total.book += book;
    } else totals.set(itemId, { minor, book });
  };
  for (const pair of one.pairs) {
    add(pair.debitId, pair.debitMinor, pair.book);
    add(pair.creditId, -pair.creditMinor, -pair.book);
  }
  for (const line of one.fixed?.lines ?? []) add(line.itemId, line.minor, line.book);
  const against = one.fixed ? adjusted.get(one.groupKey) : undefined;
  if (against) add(against.itemId, against.minor, against.book);
  return totals;
}

function isSame(
  a: ReadonlyMap<string, { minor: bigint; book: bigint }>,
  b: ReadonlyMap<string, { minor: bigint; book: bigint }>,
): boolean {
  let counted = 0;
  for (const [itemId, total] of b) {
    if (total.minor === 0n && total.book === 0n) continue;
    counted += 1;
    const other = a.get(itemId);
    if (!other || other.minor !== total.minor || other.book !== total.book) return false;
  }
  return counted === a.size;
}

/** All lines of a snapshot stand on one day: the first from which every member has room. */
function fixedLines(
  book: Book,
  fixed: Fixed,
  against: { itemId: Uuid; minor: bigint; book: bigint } | undefined,
): Entered[] {
  let on = fixed.on;
  for (const line of fixed.lines) {
    const item = book.items.get(line.itemId);
    if (!item) continue;
    const isTaking = line.minor > 0n === item.minor > 0n;
    on = isTaking ? roomDay(book, item, line.minor, "ledger", on) : takenDay(book, item, line.minor, on);
  }
  const entered = fixed.lines.map((line) => ({ ...line, on }));
  if (against) entered.push({ ...against, on });
  return entered;
}

const assertRoom = (room: ReadonlyMap<string, { minor: bigint; book: bigint }>, book: Book): void => {
  for (const [itemId, left] of room) {
    const item = book.items.get(itemId);
    if (!item) continue;
    const open = openAtEnd(book, item, "ledger");
    if (open.minor !== left.minor || open.book !== left.book)
      throw new Error(`item ${itemId} is open by ${open.minor}, its facts want ${left.minor}`);
  }
};

function ruleMembers(book: Book): number {
  const members = new Set<Uuid>();
  for (const held of book.held.values())
    if (held.settlement.origin === "rule" && isLive(held))
      for (const itemId of totalsOf(held).keys()) members.add(itemId);
  return members.size;
}
