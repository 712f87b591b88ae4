import { addDays, type CalendarDate } from "#kernel/calendar-date.ts";
import { byAge, type LedgerItem } from "./ledger.ts";

export type Period = { readonly from: CalendarDate; readonly to: CalendarDate };

/** An opening line is an item only until the year it carries forward is loaded: a loaded year holding the day before it. */
export function isSetAside(opening: { readonly postedOn: CalendarDate }, loadedYears: readonly Period[]): boolean {
  const eve = addDays(opening.postedOn, -1);
  return loadedYears.some((year) => year.from <= eve && eve <= year.to);
}

type Letter = { readonly letter: string; readonly fiscalYear: CalendarDate | null };

/**
 * The letters that opening lines, set aside, pass on to the items they repeat: same document and amount, else same amount, else the one line that
 * carries the whole open balance of the account. `openBefore` tells what is open of an item when the new year begins.
 */
export function inheritedLetters(
  openings: readonly LedgerItem[],
  items: readonly LedgerItem[],
  openBefore: (item: LedgerItem) => bigint,
): Map<string, Letter> {
  const passed = new Map<string, Letter>();
  const lettered = openings.filter((line) => line.letter !== null).sort(byAge);
  if (lettered.length === 0) return passed;
  const taken = new Set<string>();
  const open = items.filter((item) => openBefore(item) !== 0n).sort(byAge);
  const matchesOf = [
    (line: LedgerItem, item: LedgerItem) => line.documentNo === item.documentNo && line.book === item.book,
    (line: LedgerItem, item: LedgerItem) => line.documentNo === item.documentNo && line.book === openBefore(item),
    (line: LedgerItem, item: LedgerItem) => line.book === item.book || line.book === openBefore(item),
  ];
  const rest = new Set(lettered);
  for (const matches of matchesOf) {
    for (const line of rest) {
      const found = open.find(
        (item) => !taken.has(item.itemId) && item.postedOn < line.postedOn && matches(line, item),
      );
      if (!found || line.letter === null) continue;
      taken.add(found.itemId);
      rest.delete(line);
      passed.set(found.itemId, { letter: line.letter, fiscalYear: line.fiscalYear });
    }
  }
  const [only] = rest;
  if (only?.letter && openings.length === 1) {
    const carried = open.filter((item) => item.postedOn < only.postedOn && !taken.has(item.itemId));
    if (carried.reduce((sum, item) => sum + openBefore(item), 0n) === only.book)
      for (const item of carried) passed.set(item.itemId, { letter: only.letter, fiscalYear: only.fiscalYear });
  }
  return passed;
}
