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
  const open = items.filter((item) => openBefore(item) !== 0n).sort(byAge);
  const keysOf = [
    {
      line: (line: LedgerItem) => `${line.documentNo}/${line.book}`,
      item: (item: LedgerItem) => `${item.documentNo}/${item.book}`,
    },
    {
      line: (line: LedgerItem) => `${line.documentNo}/${line.book}`,
      item: (item: LedgerItem) => `${item.documentNo}/${openBefore(item)}`,
    },
    { line: (line: LedgerItem) => String(line.book), item: (item: LedgerItem) => String(item.book) },
    { line: (line: LedgerItem) => String(line.book), item: (item: LedgerItem) => String(openBefore(item)) },
  ];
  const taken = new Set<string>();
  const rest = new Set(lettered);
  for (const keys of keysOf) {
    if (rest.size === 0) break;
    const byKey = Map.groupBy(
      open.filter((item) => !taken.has(item.itemId)),
      keys.item,
    );
    const next = new Map<string, number>();
    for (const line of rest) {
      const key = keys.line(line);
      const at = next.get(key) ?? 0;
      const found = byKey.get(key)?.[at];
      if (!found || line.letter === null || found.postedOn >= line.postedOn) continue;
      next.set(key, at + 1);
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
