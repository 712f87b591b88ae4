import { type CalendarDate, laterOf } from "#kernel/calendar-date.ts";
import { type Book, courseOf, type DayAmount, openAtEnd } from "./book.ts";
import type { LedgerItem } from "./ledger.ts";

/** "infinity": no day. Sorts after every calendar day, in PostgreSQL too. */
export type DayOrNever = CalendarDate | "infinity";

/** What is kept of an item for speed, after all lines whatever their day. An overlay item is not in the ledger: its ledger open is 0. */
export type ItemState = {
  readonly firstLineOn: DayOrNever;
  /** First day from which ledger and working open, document and book, are 0 on all later days. */
  readonly settledOn: DayOrNever;
  readonly ledgerOpenMinor: bigint;
  readonly ledgerOpenBook: bigint;
  readonly workingOpenMinor: bigint;
  readonly workingOpenBook: bigint;
};

export function stateOf(book: Book, item: LedgerItem): ItemState {
  const course = book.courses.get(item.itemId);
  const working = openAtEnd(book, item, "working");
  const isOverlay = item.layer === "overlay";
  const ledger = isOverlay
    ? { minor: 0n, book: 0n }
    : course?.overlay.length
      ? openAtEnd(book, item, "ledger")
      : working;
  return {
    firstLineOn: firstDay(course?.ledger[0]?.on, course?.overlay[0]?.on),
    settledOn: settledDay(book, item, isOverlay),
    ledgerOpenMinor: ledger.minor,
    ledgerOpenBook: ledger.book,
    workingOpenMinor: working.minor,
    workingOpenBook: working.book,
  };
}

const firstDay = (a: CalendarDate | undefined, b: CalendarDate | undefined): DayOrNever =>
  a === undefined ? (b ?? "infinity") : b === undefined || a <= b ? a : b;

function settledDay(book: Book, item: LedgerItem, isOverlay: boolean): DayOrNever {
  const working = closedOn(item, courseOf(book, item.itemId, "working"));
  if (isOverlay || working === "infinity" || !book.courses.get(item.itemId)?.overlay.length) return working;
  const ledger = closedOn(item, courseOf(book, item.itemId, "ledger"));
  return ledger === "infinity" ? ledger : laterOf(ledger, working);
}

function closedOn(item: LedgerItem, days: readonly DayAmount[]): DayOrNever {
  let minor = item.minor;
  let bookMinor = item.book;
  let on = item.postedOn;
  for (const day of days) {
    if (day.minor === 0n && day.book === 0n) continue;
    minor -= day.minor;
    bookMinor -= day.book;
    on = laterOf(on, day.on);
  }
  return minor === 0n && bookMinor === 0n ? on : "infinity";
}
