import type { ItemFacts } from "./facts.ts";
import type { Scenario } from "./scenario.ts";

/** A line as it was planned or pinned; credits are negative. */
export type PinnedLine = { readonly itemId: string; readonly openMinor: bigint };

export type RecheckFacts = {
  readonly track: "courtesy" | "reminder" | "thanks";
  readonly pinned: readonly PinnedLine[];
  /** The pinned items that are still open, with what forbids them now. */
  readonly current: ReadonlyMap<string, ItemFacts>;
  /** Every open credit of the group now, old and new. */
  readonly credits: readonly ItemFacts[];
  /** Sum of the group's overdue debits now: a word of thanks needs none, and credits pay for them before what is not due. */
  readonly overdueMinor: bigint;
  /** A courtesy whose first due date has come. */
  readonly isTooLate: boolean;
  readonly customerNetBookMinor: bigint;
  readonly scenario: Pick<Scenario, "itemMinimumMinor" | "customerMinimumMinor">;
};

export type Recheck =
  | { readonly kind: "equal" | "less"; readonly lines: readonly PinnedLine[]; readonly amountMinor: bigint }
  | { readonly kind: "withdraw"; readonly reason: string };

/**
 * What may still be said (DESIGN, "Effects"): pinned debits that are open and free, at most what was pinned; every credit there is now.
 * More is never added: an invoice that came since waits for its own step, a debit that grew keeps its pinned amount.
 */
export function recheck(facts: RecheckFacts): Recheck {
  if (facts.track === "thanks")
    return facts.overdueMinor > 0n
      ? { kind: "withdraw", reason: "overdue_again" }
      : { kind: "equal", lines: [], amountMinor: 0n };
  if (facts.isTooLate) return { kind: "withdraw", reason: "due_date_passed" };
  const debits = debitsLeft(facts);
  if (debits.lines.length === 0) return { kind: "withdraw", reason: debits.reason };
  const pinnedCredits = facts.pinned.filter((line) => line.openMinor < 0n);
  const nowCredits = facts.credits.map(({ itemId, openMinor }) => ({ itemId, openMinor }));
  const pinnedMinor = sum(facts.pinned);
  const debitMinor = sum(debits.lines);
  const allCreditMinor = sum(nowCredits);
  const claimedBefore = facts.track === "courtesy" ? facts.overdueMinor : 0n;
  if (claimedBefore + debitMinor + allCreditMinor <= 0n) return { kind: "withdraw", reason: "covered" };
  const { customerMinimumMinor: minimum } = facts.scenario;
  if (facts.track === "reminder" && minimum !== null && facts.customerNetBookMinor < minimum)
    return { kind: "withdraw", reason: "below_minimum" };
  // A courtesy shows no credits. A credit that is gone without its debit falling must not raise the claim: the pinned one stays.
  const credits =
    facts.track === "courtesy" ? [] : debitMinor + allCreditMinor > pinnedMinor ? pinnedCredits : nowCredits;
  const lines = [...debits.lines, ...credits];
  const amountMinor = sum(lines);
  const isEqual =
    lines.length === facts.pinned.length && lines.every((line) => facts.pinned.some((one) => same(one, line)));
  return { kind: isEqual ? "equal" : "less", lines, amountMinor };
}

function debitsLeft({ pinned, current, scenario }: RecheckFacts): { lines: PinnedLine[]; reason: string } {
  const lines: PinnedLine[] = [];
  let reason = "settled";
  for (const line of pinned) {
    if (line.openMinor < 0n) continue;
    const now = current.get(line.itemId);
    if (!now || now.openMinor <= 0n) continue;
    if (now.block) reason = now.block.code;
    else if (scenario.itemMinimumMinor !== null && now.openBookMinor < scenario.itemMinimumMinor)
      reason = "item_below_minimum";
    else lines.push({ itemId: line.itemId, openMinor: lesser(now.openMinor, line.openMinor) });
  }
  return { lines, reason };
}

const same = (a: PinnedLine, b: PinnedLine) => a.itemId === b.itemId && a.openMinor === b.openMinor;
const sum = (lines: readonly PinnedLine[]) => lines.reduce((total, line) => total + line.openMinor, 0n);

function lesser(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}
