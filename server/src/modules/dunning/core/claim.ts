import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { ItemFacts, LeftOut, SkipCode } from "./facts.ts";
import type { Scenario } from "./scenario.ts";

/** What a group could be asked for on a day, before timing: overdue debits oldest first, the credits that lower them, and what is left out. */
export type Claim = {
  readonly overdue: readonly ItemFacts[];
  readonly overdueMinor: bigint;
  readonly credits: readonly ItemFacts[];
  /** Sum of credits and unapplied cash; 0 or negative. */
  readonly creditMinor: bigint;
  readonly leftOut: readonly LeftOut[];
  readonly leftOutMinor: bigint;
  /** Oldest due date of any overdue debit, claimed or left out. */
  readonly oldestDueOn?: CalendarDate | undefined;
};

/** Splits the open items of a group. Overdue: due before `asOf`. A blocked credit still lowers the claim: it is the customer's money. */
export function claimOf(items: readonly ItemFacts[], scenario: Scenario, asOf: CalendarDate): Claim {
  const overdue: ItemFacts[] = [];
  const credits: ItemFacts[] = [];
  const leftOut: LeftOut[] = [];
  let leftOutMinor = 0n;
  let oldestDueOn: CalendarDate | undefined;
  for (const item of items) {
    if (item.openMinor < 0n) {
      if (scenario.creditsNotDue === "netted" || item.dueOn <= asOf) credits.push(item);
    } else if (item.openMinor > 0n && item.dueOn < asOf) {
      if (!oldestDueOn || item.dueOn < oldestDueOn) oldestDueOn = item.dueOn;
      const out = reasonOf(item, scenario);
      if (out) {
        leftOut.push(out);
        leftOutMinor += item.openMinor;
      } else overdue.push(item);
    }
  }
  leftOut.sort((a, b) => (a.itemId < b.itemId ? -1 : 1));
  overdue.sort(byDueDate);
  credits.sort(byDueDate);
  return {
    overdue,
    overdueMinor: sumMinor(overdue),
    credits,
    creditMinor: sumMinor(credits),
    leftOut,
    leftOutMinor,
    oldestDueOn,
  };
}

/** Debits due after `asOf` and up to `until` that no earlier courtesy covered (`coveredUpTo`: the latest due date covered). */
export function courtesyClaim(
  items: readonly ItemFacts[],
  scenario: Scenario,
  asOf: CalendarDate,
  until: CalendarDate,
  coveredUpTo: CalendarDate | undefined,
) {
  const claimed: ItemFacts[] = [];
  const leftOut: LeftOut[] = [];
  for (const item of items) {
    if (item.openMinor <= 0n || item.dueOn <= asOf || item.dueOn > until) continue;
    if (coveredUpTo && item.dueOn <= coveredUpTo) continue;
    const out = reasonOf(item, scenario);
    if (out) leftOut.push(out);
    else claimed.push(item);
  }
  leftOut.sort((a, b) => (a.itemId < b.itemId ? -1 : 1));
  claimed.sort(byDueDate);
  return { items: claimed, minor: sumMinor(claimed), bookMinor: sumBook(claimed), leftOut };
}

function reasonOf(item: ItemFacts, scenario: Scenario): LeftOut | undefined {
  if (item.block) return { itemId: item.itemId, code: item.block.code, until: item.block.until };
  if (scenario.itemMinimumMinor !== null && item.openBookMinor < scenario.itemMinimumMinor)
    return { itemId: item.itemId, code: "item_below_minimum" satisfies SkipCode };
  return undefined;
}

/** Due date of the oldest debit that credits, applied oldest first, do not cover: the day from which delays run (virtual first-in first-out). */
export function oldestUncovered(claim: Claim): CalendarDate | undefined {
  let left = -claim.creditMinor;
  for (const item of claim.overdue) {
    if (item.openMinor > left) return item.dueOn;
    left -= item.openMinor;
  }
  return undefined;
}

export function sumMinor(items: readonly ItemFacts[]): bigint {
  let sum = 0n;
  for (const item of items) sum += item.openMinor;
  return sum;
}

export function sumBook(items: readonly ItemFacts[]): bigint {
  let sum = 0n;
  for (const item of items) sum += item.openBookMinor;
  return sum;
}

const byDueDate = (a: ItemFacts, b: ItemFacts) =>
  a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : a.itemId < b.itemId ? -1 : a.itemId > b.itemId ? 1 : 0;
