import { type CalendarDate, laterOf } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import type { Layer, LedgerItem, Line, Origin, Settlement } from "./ledger.ts";

export type DayAmount = { readonly on: CalendarDate; minor: bigint; book: bigint };

/** The lines of one item by day and layer, net. */
export type Course = { readonly ledger: DayAmount[]; readonly overlay: DayAmount[] };

/** What a settlement still holds: per item, per day. `laid` is its members, kept after an undo. */
export type Held = {
  readonly settlement: Settlement;
  readonly byItem: Map<Uuid, DayAmount[]>;
  readonly laid: Set<Uuid>;
  lastEntryNo: number;
  /** The latest day on which one of its lines became known. */
  knownOn: CalendarDate;
};

/** The account while it is being settled: courses and holdings, and the lines written so far. */
export type Book = {
  readonly items: Map<Uuid, LedgerItem>;
  readonly courses: Map<Uuid, Course>;
  readonly held: Map<Uuid, Held>;
  /** Last day on which an undo on the item became known; lines that use the freed room are not known earlier. */
  readonly undoKnownOn: Map<Uuid, CalendarDate>;
  /** Last day on which a line that takes room of the item became known; a line that gives room back is not known earlier. */
  readonly takenKnownOn: Map<Uuid, CalendarDate>;
  readonly newSettlements: Settlement[];
  readonly newLines: Line[];
};

export type Knowledge = {
  /** Today in the tenant's zone. */
  readonly today: CalendarDate;
  /** First load of a period: lines count as known on their own day. */
  readonly isAssumed: boolean;
  /** Ids in order of making; a test may count. */
  readonly newId: () => Uuid;
};

export function openBook(
  items: readonly LedgerItem[],
  settlements: readonly Settlement[],
  lines: readonly Line[],
): Book {
  const book: Book = {
    items: new Map(items.map((item) => [item.itemId, item])),
    courses: new Map(),
    held: new Map(),
    undoKnownOn: new Map(),
    takenKnownOn: new Map(),
    newSettlements: [],
    newLines: [],
  };
  for (const settlement of settlements) book.held.set(settlement.settlementId, hold(settlement));
  for (const line of lines) enter(book, line);
  return book;
}

const NEVER = "0001-01-01" as CalendarDate;

const hold = (settlement: Settlement): Held => ({
  settlement,
  byItem: new Map(),
  laid: new Set(),
  lastEntryNo: -1,
  knownOn: NEVER,
});

function enter(book: Book, line: Line): void {
  let course = book.courses.get(line.itemId);
  if (!course) {
    course = { ledger: [], overlay: [] };
    book.courses.set(line.itemId, course);
  }
  addDay(course[line.layer], line);
  const held = book.held.get(line.settlementId);
  if (!held) throw new Error(`line of an unknown settlement ${line.settlementId}`);
  let days = held.byItem.get(line.itemId);
  if (!days) {
    days = [];
    held.byItem.set(line.itemId, days);
  }
  addDay(days, line);
  if (line.entryNo === 0) held.laid.add(line.itemId);
  const gives = line.entryNo > 0 || isReopening(book, line);
  const known = gives ? book.undoKnownOn : book.takenKnownOn;
  known.set(line.itemId, laterOf(line.knownOn, known.get(line.itemId) ?? line.knownOn));
  if (line.entryNo > held.lastEntryNo) held.lastEntryNo = line.entryNo;
  held.knownOn = laterOf(held.knownOn, line.knownOn);
}

/** A line of an open snapshot that gives room back. */
function isReopening(book: Book, line: Pick<Line, "itemId" | "minor">): boolean {
  const item = book.items.get(line.itemId);
  return item !== undefined && line.minor !== 0n && line.minor > 0n !== item.minor > 0n;
}

/** Keeps `days` sorted; nearly always the line is the last one. */
function addDay(days: DayAmount[], line: Line): void {
  let at = days.length;
  for (;;) {
    const before = days[at - 1];
    if (!before || before.on < line.effectiveOn) break;
    if (before.on === line.effectiveOn) {
      before.minor += line.minor;
      before.book += line.book;
      return;
    }
    at -= 1;
  }
  days.splice(at, 0, { on: line.effectiveOn, minor: line.minor, book: line.book });
}

/** Totals that a settlement still holds, items with nothing left out. */
export function totalsOf(held: Held): Map<Uuid, { minor: bigint; book: bigint }> {
  const totals = new Map<Uuid, { minor: bigint; book: bigint }>();
  for (const [itemId, days] of held.byItem) {
    let minor = 0n;
    let book = 0n;
    for (const day of days) {
      minor += day.minor;
      book += day.book;
    }
    if (minor !== 0n || book !== 0n) totals.set(itemId, { minor, book });
  }
  return totals;
}

/** True while it holds something at the end of time. */
export const isLive = (held: Held): boolean => totalsOf(held).size > 0;

/** True when it holds something on some day: a settlement undone from an event's day on keeps the days before. */
export function hasTrace(held: Held): boolean {
  for (const days of held.byItem.values()) for (const day of days) if (day.minor !== 0n || day.book !== 0n) return true;
  return false;
}

/** What it holds of an item on a day. */
export function heldOn(held: Held, itemId: Uuid, on: CalendarDate): { minor: bigint; book: bigint } {
  const sum = { minor: 0n, book: 0n };
  for (const day of held.byItem.get(itemId) ?? []) {
    if (day.on > on) break;
    sum.minor += day.minor;
    sum.book += day.book;
  }
  return sum;
}

/** First day on which the item leaves 0…original; null when it never does. */
export function conflictDay(book: Book, item: LedgerItem, layers: "ledger" | "working"): CalendarDate | null {
  const isByBook = item.minor === 0n;
  const original = isByBook ? item.book : item.minor;
  let open = original;
  for (const day of courseOf(book, item.itemId, layers)) {
    open -= isByBook ? day.book : day.minor;
    if (original >= 0n ? open < 0n || open > original : open > 0n || open < original) return day.on;
  }
  return null;
}

/** The lines of `layers`, merged by day, oldest first. */
export function courseOf(book: Book, itemId: Uuid, layers: "ledger" | "working"): readonly DayAmount[] {
  const course = book.courses.get(itemId);
  if (!course) return [];
  if (layers === "ledger" || course.overlay.length === 0) return course.ledger;
  if (course.ledger.length === 0) return course.overlay;
  const merged: DayAmount[] = [];
  const [a, b] = [course.ledger, course.overlay];
  let [i, j] = [0, 0];
  for (;;) {
    const [x, y] = [a[i], b[j]];
    const next = !y || (x && x.on <= y.on) ? x : y;
    if (!next) return merged;
    if (next === x) i += 1;
    else j += 1;
    const last = merged.at(-1);
    if (last && last.on === next.on) {
      last.minor += next.minor;
      last.book += next.book;
    } else merged.push({ ...next });
  }
}

/**
 * First day, not before `from`, from which the item has room for `amount` (signed, in what the item is counted in: document, or book where its document
 * amount is 0) on all later days. The room at the end of time is the caller's business.
 */
export function roomDay(
  book: Book,
  item: LedgerItem,
  amount: bigint,
  layer: Layer,
  from: CalendarDate,
  pending?: readonly DayAmount[],
): CalendarDate {
  const standing = courseOf(book, item.itemId, layer === "ledger" ? "ledger" : "working");
  const counted = (day: DayAmount) => (item.minor === 0n ? day.book : day.minor);
  const sign = (item.minor === 0n ? item.book : item.minor) >= 0n ? 1n : -1n;
  // Where nothing was ever given back, what is open only falls, and the room at the end is the least there is.
  if (standing.every((day) => counted(day) * sign >= 0n)) return from;
  const days = pending ? [...standing, ...pending].sort((a, b) => (a.on < b.on ? -1 : 1)) : standing;
  let open = (item.minor === 0n ? item.book : item.minor) * sign;
  for (const day of days) open -= counted(day) * sign;
  const needed = amount * sign;
  for (let i = days.length - 1; i >= 0; i -= 1) {
    const day = days[i];
    if (!day || day.on <= from) return from;
    open += counted(day) * sign;
    if (open < needed) return day.on;
  }
  return from;
}

/** First day, not before `from`, from which so much of the item is settled on all later days that `amount` of it can be opened again. */
export function takenDay(book: Book, item: LedgerItem, amount: bigint, from: CalendarDate): CalendarDate {
  const days = courseOf(book, item.itemId, "ledger");
  const counted = (day: DayAmount) => (item.minor === 0n ? day.book : day.minor);
  const sign = (item.minor === 0n ? item.book : item.minor) >= 0n ? 1n : -1n;
  const needed = -amount * sign;
  let taken = days.reduce((sum, day) => sum + counted(day) * sign, 0n);
  for (let i = days.length - 1; i >= 0; i -= 1) {
    const day = days[i];
    if (!day || day.on <= from) return from;
    taken -= counted(day) * sign;
    if (taken < needed) return day.on;
  }
  return from;
}

export type Entered = {
  readonly itemId: Uuid;
  readonly on: CalendarDate;
  readonly minor: bigint;
  readonly book: bigint;
};

/** Lays a new settlement; amounts of one item and day are added up, and one known day is given to all lines of a day. */
export function lay(book: Book, settlement: Settlement, entered: readonly Entered[], knowledge: Knowledge): void {
  book.newSettlements.push(settlement);
  book.held.set(settlement.settlementId, hold(settlement));
  const merged = mergeByItemAndDay(entered);
  const knownOn = new Map<CalendarDate, CalendarDate>();
  for (const one of merged) knownOn.set(one.on, laterOf(knownOn.get(one.on) ?? NEVER, knownDay(book, one, knowledge)));
  for (const one of merged) write(book, settlement, 0, one, knownOn.get(one.on) ?? knowledge.today);
}

function knownDay(book: Book, one: Entered, knowledge: Knowledge): CalendarDate {
  const item = book.items.get(one.itemId);
  const base = knowledge.isAssumed ? one.on : knowledge.today;
  const known = item ? laterOf(base, item.knownOn) : base;
  const before = isReopening(book, one) ? book.takenKnownOn : book.undoKnownOn;
  return laterOf(known, before.get(one.itemId) ?? NEVER);
}

/** Writes the opposite of what the settlement still holds, each on the later of its day and `from`; `from` null: on its own day. */
export function undo(book: Book, settlementId: Uuid, from: CalendarDate | null, knowledge: Knowledge): void {
  const held = book.held.get(settlementId);
  if (!held) throw new Error(`no settlement ${settlementId}`);
  const opposite: Entered[] = [];
  for (const [itemId, days] of held.byItem)
    for (const day of days) {
      if (day.minor === 0n && day.book === 0n) continue;
      opposite.push({ itemId, on: from && from > day.on ? from : day.on, minor: -day.minor, book: -day.book });
    }
  const entryNo = held.lastEntryNo + 1;
  // Never known before the lines it undoes: those of a first load may be assumed later than today.
  const knownOn = laterOf(knowledge.today, held.knownOn);
  for (const one of mergeByItemAndDay(opposite)) write(book, held.settlement, entryNo, one, knownOn);
}

function write(book: Book, settlement: Settlement, entryNo: number, one: Entered, knownOn: CalendarDate): void {
  const line: Line = {
    itemId: one.itemId,
    effectiveOn: one.on,
    settlementId: settlement.settlementId,
    entryNo,
    layer: settlement.layer,
    minor: one.minor,
    book: one.book,
    knownOn,
  };
  book.newLines.push(line);
  enter(book, line);
}

function mergeByItemAndDay(entered: readonly Entered[]): Entered[] {
  if (entered.length === 2) {
    const [a, b] = entered;
    if (a && b && a.itemId !== b.itemId) return [a, b];
  }
  const merged = new Map<string, { itemId: Uuid; on: CalendarDate; minor: bigint; book: bigint }>();
  for (const one of entered) {
    const key = `${one.itemId}${one.on}`;
    const same = merged.get(key);
    if (same) {
      same.minor += one.minor;
      same.book += one.book;
    } else merged.set(key, { ...one });
  }
  return [...merged.values()].filter((one) => one.minor !== 0n || one.book !== 0n);
}

export const newSettlement = (
  settlementId: Uuid,
  layer: Layer,
  origin: Origin,
  groupKey: string,
  replacesId: Uuid | null = null,
): Settlement => ({ settlementId, layer, origin, groupKey, replacesId });

/** What is open after all lines, whatever their day. */
export function openAtEnd(book: Book, item: LedgerItem, layers: "ledger" | "working"): { minor: bigint; book: bigint } {
  const open = { minor: item.minor, book: item.book };
  for (const day of courseOf(book, item.itemId, layers)) {
    open.minor -= day.minor;
    open.book -= day.book;
  }
  return open;
}
