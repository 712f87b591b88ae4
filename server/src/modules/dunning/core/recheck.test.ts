import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ItemFacts } from "./facts.ts";
import { type RecheckFacts, recheck } from "./recheck.ts";
import { anItem, D0 } from "./testing.ts";

const facts = (over: Partial<RecheckFacts> & { items?: ItemFacts[] } = {}): RecheckFacts => {
  const { items = [anItem({ itemId: "a" }), anItem({ itemId: "b" })], ...rest } = over;
  return {
    track: "reminder",
    pinned: [
      { itemId: "a", openMinor: 10_000n },
      { itemId: "b", openMinor: 10_000n },
    ],
    current: new Map(items.map((item) => [item.itemId, item])),
    credits: items.filter((item) => item.openMinor < 0n),
    overdueMinor: 20_000n,
    isTooLate: false,
    customerNetBookMinor: 20_000n,
    scenario: { itemMinimumMinor: null, customerMinimumMinor: null },
    ...rest,
  };
};

describe("what may still be said at hand-over", () => {
  test("nothing changed: as pinned", () => {
    expect(recheck(facts())).toMatchObject({ kind: "equal", amountMinor: 20_000n });
  });

  test("P8: an invoice paid since is gone from the message; all paid: no message", () => {
    expect(recheck(facts({ items: [anItem({ itemId: "b" })] }))).toMatchObject({
      kind: "less",
      amountMinor: 10_000n,
      lines: [{ itemId: "b" }],
    });
    expect(recheck(facts({ items: [] }))).toEqual({ kind: "withdraw", reason: "settled" });
  });

  test("a part payment lowers its line; a debit that grew keeps its pinned amount", () => {
    expect(
      recheck(
        facts({ items: [anItem({ itemId: "a", openMinor: 3_000n }), anItem({ itemId: "b", openMinor: 99_000n })] }),
      ),
    ).toMatchObject({
      kind: "less",
      amountMinor: 13_000n,
    });
  });

  test("unapplied cash that came since lowers the claim, or covers it", () => {
    const items = [anItem({ itemId: "a" }), anItem({ itemId: "b" })];
    expect(recheck(facts({ items, credits: [anItem({ itemId: "p", openMinor: -5_000n })] }))).toMatchObject({
      kind: "less",
      amountMinor: 15_000n,
    });
    expect(recheck(facts({ items, credits: [anItem({ itemId: "p", openMinor: -20_000n })] }))).toEqual({
      kind: "withdraw",
      reason: "covered",
    });
  });

  test("a stop set since, a threshold no longer reached, a due date that came, an invoice overdue again", () => {
    const stopped = ["a", "b"].map((itemId) => anItem({ itemId, block: { code: "stopped", until: D0 } }));
    expect(recheck(facts({ items: stopped }))).toEqual({ kind: "withdraw", reason: "stopped" });
    const scenario = { itemMinimumMinor: null, customerMinimumMinor: 20_001n };
    expect(recheck(facts({ scenario }))).toEqual({ kind: "withdraw", reason: "below_minimum" });
    expect(recheck(facts({ track: "courtesy", isTooLate: true }))).toEqual({
      kind: "withdraw",
      reason: "due_date_passed",
    });
    expect(recheck(facts({ track: "thanks", pinned: [] }))).toEqual({ kind: "withdraw", reason: "overdue_again" });
  });

  test("credits pay what is overdue before what is not due yet", () => {
    const credits = [anItem({ itemId: "p", openMinor: -25_000n })];
    expect(recheck(facts({ track: "courtesy", credits, overdueMinor: 10_000n }))).toMatchObject({
      kind: "equal",
      amountMinor: 20_000n,
    });
    expect(recheck(facts({ track: "courtesy", credits, overdueMinor: 0n }))).toEqual({
      kind: "withdraw",
      reason: "covered",
    });
  });

  test("more is never added, whatever happened, and the total is the sum of the lines", () => {
    const amounts = fc.array(fc.integer({ min: -20_000, max: 20_000 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(amounts, amounts, (before, after) => {
        const pinned = before
          .map((open, index) => ({ itemId: `i${index}`, openMinor: BigInt(open) }))
          .filter((line) => line.openMinor !== 0n);
        const pinnedMinor = pinned.reduce((sum, line) => sum + line.openMinor, 0n);
        if (pinnedMinor <= 0n) return;
        const items = after
          .map((open, index) => anItem({ itemId: `i${index}`, openMinor: BigInt(open) }))
          .filter((item) => item.openMinor !== 0n);
        const result = recheck(facts({ pinned, items }));
        if (result.kind === "withdraw") return;
        expect(result.amountMinor).toBeLessThanOrEqual(pinnedMinor);
        expect(result.amountMinor).toBe(result.lines.reduce((sum, line) => sum + line.openMinor, 0n));
        for (const line of result.lines)
          if (line.openMinor > 0n) expect(pinned.map((one) => one.itemId)).toContain(line.itemId);
      }),
    );
  });
});
