import { type CalendarDate, laterOf } from "#kernel/calendar-date.ts";
import { type Book, courseOf, type DayAmount, type Entered, roomDay } from "./book.ts";
import type { Layer, LedgerItem } from "./ledger.ts";
import type { Pair } from "./pair.ts";

/**
 * The lines of pairs, each on the later posting day, or, if later, the first day from which both items have room for it on all later days. Pairs that
 * close an exchange difference wait for the last line of their members.
 */
export function pairedLines(
  book: Book,
  pairs: readonly Pair[],
  layer: Layer,
  notBefore: CalendarDate | null,
): Entered[] {
  const entered: Entered[] = [];
  const pending = new Map<string, DayAmount[]>();
  for (const pair of pairs) {
    const debit = book.items.get(pair.debitId);
    const credit = book.items.get(pair.creditId);
    if (!debit || !credit) throw new Error("a pair names an item that is not in its account");
    let on = laterOf(debit.postedOn, credit.postedOn);
    if (notBefore) on = laterOf(on, notBefore);
    if (pair.isClosing)
      on = laterOf(lastDay(book, debit, layer, pending), laterOf(on, lastDay(book, credit, layer, pending)));
    const lines = [
      { item: debit, minor: pair.debitMinor, book: pair.book },
      { item: credit, minor: -pair.creditMinor, book: -pair.book },
    ];
    // A day that suits both: room is "from then on", so the later of two such days suits each.
    for (const line of lines)
      on = roomFor(book, line.item, line.minor, line.book, layer, on, pending.get(line.item.itemId));
    for (const line of lines) {
      entered.push({ itemId: line.item.itemId, on, minor: line.minor, book: line.book });
      const before = pending.get(line.item.itemId);
      const one = { on, minor: line.minor, book: line.book };
      if (before) before.push(one);
      else pending.set(line.item.itemId, [one]);
    }
  }
  return entered;
}

function roomFor(
  book: Book,
  item: LedgerItem,
  minor: bigint,
  bookMinor: bigint,
  layer: Layer,
  from: CalendarDate,
  pending: readonly DayAmount[] | undefined,
): CalendarDate {
  if (!book.courses.has(item.itemId)) return from;
  if (item.minor === 0n) return roomDay(book, item, bookMinor, layer, from, pending);
  return minor === 0n ? from : roomDay(book, item, minor, layer, from, pending);
}

function lastDay(book: Book, item: LedgerItem, layer: Layer, pending: ReadonlyMap<string, DayAmount[]>): CalendarDate {
  let on = courseOf(book, item.itemId, layer === "ledger" ? "ledger" : "working").at(-1)?.on ?? item.postedOn;
  for (const one of pending.get(item.itemId) ?? []) on = laterOf(on, one.on);
  return on;
}
