import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { ItemFacts } from "./facts.ts";

/**
 * For scenarios that chase item by item: credits and unapplied cash of the account pay its oldest overdue debits first, and a debit they
 * pay in full is marked "covered", so that no item is chased that the account has already paid for. Returns debits only.
 */
export function coverByCredits(items: readonly ItemFacts[], asOf: CalendarDate): ItemFacts[] {
  let left = 0n;
  const debits: ItemFacts[] = [];
  for (const item of items) {
    if (item.openMinor < 0n) left -= item.openMinor;
    else debits.push(item);
  }
  if (left === 0n) return debits;
  debits.sort((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : a.itemId < b.itemId ? -1 : 1));
  return debits.map((item) => {
    if (item.block || item.dueOn >= asOf || left <= 0n) return item;
    const isCovered = item.openMinor <= left;
    left -= item.openMinor;
    return isCovered ? { ...item, block: { code: "covered" } } : item;
  });
}
