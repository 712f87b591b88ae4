import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, type CalendarDate, day, daysBetween } from "#kernel/calendar-date.ts";
import { coverByCredits } from "./group-items.ts";
import { planStep } from "./plan-step.ts";
import { aCycle, aGroup, anItem, aScenario, aStep, D0, World } from "./testing.ts";

const on = (days: number) => addDays(D0, days);
const plan = (group: Parameters<typeof aGroup>[0], asOf: CalendarDate, scenario = aScenario()) =>
  planStep(aGroup(group), scenario, asOf);

describe("cases that other products assert", () => {
  const tryton = aScenario({
    minimumGapDays: 0,
    steps: [5, 20, 40].map((delayDays, index) => aStep({ key: `r${index + 1}`, level: index + 1, delayDays })),
  });

  test("T1: nothing on day 4", () => {
    expect(plan({}, on(4), tryton)).toMatchObject({ kind: "skip", code: "not_yet_due", resumesOn: on(5) });
  });

  test("T2: level 1 on day 5, the threshold is inclusive, for the open line only", () => {
    expect(plan({}, on(5), tryton)).toMatchObject({ kind: "message", level: 1, amountMinor: 10_000n });
  });

  test("T4: on day 30 the next level, not the highest reached", () => {
    const world = new World(tryton);
    world.add({});
    world.run(on(5));
    expect(world.run(on(30))).toMatchObject({ level: 2 });
    expect(new World(tryton).history()).toEqual({ courtesyUpTo: undefined, lastSentOn: undefined });
  });

  test("C1: an invoice due a year ago gets one message, level 1", () => {
    expect(plan({ items: [anItem({ dueOn: addDays(D0, -365) })] }, D0)).toMatchObject({ kind: "message", level: 1 });
  });

  test("C2: three runs months apart give levels 1, 2, 3", () => {
    const world = new World(aScenario());
    world.add({ dueOn: addDays(D0, -365) });
    for (const days of [-180, -60, 0]) world.run(on(days));
    expect(world.sent.map((one) => one.level)).toEqual([1, 2, 3]);
  });

  test("C7: one of two invoices is overdue: only that one is claimed", () => {
    const items = [
      anItem({ itemId: "a", openMinor: 50_000n }),
      anItem({ itemId: "b", openMinor: 100_000n, dueOn: on(35) }),
    ];
    expect(plan({ items }, on(5))).toMatchObject({ amountMinor: 50_000n, items: [{ itemId: "a" }] });
  });

  test("K1 and K3: no unpaid invoice is no message, not an error", () => {
    expect(plan({ items: [] }, on(30))).toBeUndefined();
  });

  test("K2: the customer threshold is inclusive", () => {
    const scenario = aScenario({ customerMinimumMinor: 10_000n });
    expect(plan({ items: [anItem({ openMinor: 9_999n })] }, on(5), scenario)).toMatchObject({ code: "below_minimum" });
    expect(plan({ items: [anItem({ openMinor: 10_000n })] }, on(5), scenario)).toMatchObject({ kind: "message" });
  });
});

describe("the step rule", () => {
  test("late entry starts at R1 and catches up by minimum gaps, one step a run", () => {
    const world = new World(aScenario());
    world.add({ dueOn: addDays(D0, -100) });
    world.runDays(D0, 40);
    expect(world.sent.map((one) => [one.stepKey, daysBetween(D0, one.on)])).toEqual([
      ["r1", 0],
      ["r2", 7],
      ["r3", 14],
      ["r4", 21],
      ["r5", 28],
    ]);
  });

  test("a chosen entry step is honoured", () => {
    expect(plan({ items: [anItem({ dueOn: on(-60) })] }, D0, aScenario({ entryStep: "r2" }))).toMatchObject({
      level: 2,
    });
  });

  test("two runs of one day give one message", () => {
    const world = new World(aScenario({ minimumGapDays: 0 }));
    world.add({ dueOn: on(-100) });
    world.run(D0);
    expect(world.run(D0)).toMatchObject({ kind: "skip", code: "other_step_today" });
    expect(world.run(on(-3))).toMatchObject({ kind: "skip", code: "other_step_today" });
  });

  test.each([1, 3, 10])("after %i missed days one message, the next step", (missed) => {
    const world = new World(aScenario());
    world.add({});
    world.runDays(D0, 5);
    expect(world.steps()).toEqual(["r1"]);
    const back = on(10 + missed);
    expect(world.run(back)).toMatchObject({ stepKey: "r2" });
    expect(world.run(addDays(back, 1))).toMatchObject({ kind: "skip" });
    expect(world.steps()).toEqual(["r1", "r2"]);
  });

  test("a new small invoice neither raises nor lowers the level, and is listed", () => {
    const world = new World(aScenario());
    world.add({ itemId: "old", dueOn: D0 });
    world.runDays(D0, 12);
    world.add({ itemId: "new", dueOn: on(15), openMinor: 500n });
    expect(world.run(on(20))).toMatchObject({
      level: 3,
      items: [{ itemId: "old" }, { itemId: "new" }],
      amountMinor: 10_500n,
    });
  });

  test("the cycle closes when all it listed is paid; what is overdue then starts again at R1", () => {
    const world = new World(aScenario());
    world.add({ itemId: "a", dueOn: D0 });
    world.runDays(D0, 25);
    world.pay("a", on(26));
    world.add({ itemId: "b", dueOn: on(20) });
    expect(world.run(on(27))).toMatchObject({ level: 1, cycle: "2", stepKey: "r1" });
  });

  test("a message on its way, in doubt or refused keeps the group silent", () => {
    for (const [state, code] of [
      ["pending", "message_pending"],
      ["in_doubt", "in_doubt"],
      ["refused", "refused"],
    ] as const)
      expect(plan({ history: { pending: { messageId: "m", state } } }, on(5))).toMatchObject({ kind: "skip", code });
  });

  test("after the last step the scenario is finished, said once as a reason", () => {
    const history = { cycle: aCycle({ lastStep: { stepKey: "r5", level: 5, sentOn: D0 } }) };
    expect(plan({ history }, on(90))).toMatchObject({ code: "scenario_finished" });
  });

  test("a step that a newer version dropped is followed by the next higher level", () => {
    const history = { cycle: aCycle({ lastStep: { stepKey: "old-r2", level: 2, sentOn: D0 } }) };
    expect(plan({ history }, on(90))).toMatchObject({ stepKey: "r3", level: 3 });
  });
});

describe("a calendar, walked day by day", () => {
  test("invoice, courtesy, due, R1, part payment, R2, stop, R3, paid, thanks", () => {
    const world = new World(aScenario());
    world.add({ itemId: "a", dueOn: on(30), postedOn: D0, openMinor: 100_000n });
    const stoppedUntil = on(60);
    for (let index = 0; index <= 80; index += 1) {
      if (index === 35) world.pay("a", on(35), 40_000n);
      if (index === 70) world.pay("a", on(70));
      const today = on(index);
      const group = world.group(today);
      const isStopped = index >= 45 && today <= stoppedUntil;
      const block = { code: "stopped" as const, until: stoppedUntil };
      const decision = world.run(today, isStopped ? { items: group.items.map((item) => ({ ...item, block })) } : {});
      if (isStopped) expect(decision).toMatchObject({ code: "stopped", resumesOn: on(61) });
    }
    expect(world.sent.map((one) => [one.stepKey, daysBetween(D0, one.on), one.amountMinor])).toEqual([
      ["courtesy", 25, 100_000n],
      ["r1", 33, 100_000n],
      ["r2", 40, 60_000n],
      ["r3", 61, 60_000n],
      ["r4", 68, 60_000n],
      ["thanks", 71, 0n],
    ]);
  });

  test("no thanks for a short cycle, nor for one closed long ago", () => {
    const closed = aCycle({ listedOpen: false, closedOn: on(10) });
    expect(plan({ items: [], history: { cycle: closed } }, on(12))).toBeUndefined();
    const far = aCycle({ listedOpen: false, closedOn: on(10), lastStep: { stepKey: "r2", level: 2, sentOn: D0 } });
    expect(plan({ items: [], history: { cycle: far } }, on(12))).toMatchObject({ stepKey: "thanks", cycle: "1" });
    expect(plan({ items: [], history: { cycle: far } }, on(40))).toBeUndefined();
    expect(plan({ items: [], history: { cycle: { ...far, thanked: true } } }, on(12))).toBeUndefined();
  });
});

describe("courtesy", () => {
  test("once per due date, whatever the runs; a later due date gets its own", () => {
    const world = new World(aScenario());
    world.add({ itemId: "a", dueOn: on(10) });
    world.add({ itemId: "b", dueOn: on(12) });
    world.runDays(D0, 10);
    expect(world.sent.map((one) => [one.cycle, one.itemIds])).toEqual([
      [on(10), ["a"]],
      [on(12), ["b"]],
    ]);
  });

  test("never lists a credit, and stays silent when credits pay for all of it", () => {
    const items = [anItem({ itemId: "a", dueOn: on(3) }), anItem({ itemId: "c", openMinor: -4_000n })];
    expect(plan({ items }, D0)).toMatchObject({ track: "courtesy", items: [{ itemId: "a" }], amountMinor: 10_000n });
    expect(plan({ items: [...items, anItem({ itemId: "p", openMinor: -6_000n })] }, D0)).toMatchObject({
      code: "covered",
    });
  });
});

describe("thresholds, credits, stops, people and data", () => {
  test("credits and unapplied cash lower the claim and stand in the message", () => {
    const items = [anItem({ itemId: "a" }), anItem({ itemId: "c", openMinor: -4_000n, dueOn: on(2) })];
    expect(plan({ items }, on(5))).toMatchObject({ amountMinor: 6_000n, items: [{ itemId: "a" }, { itemId: "c" }] });
  });

  test("an overdue that credits cover is no message but a task", () => {
    const items = [anItem({ itemId: "a" }), anItem({ itemId: "c", openMinor: -10_000n })];
    expect(plan({ items }, on(5))).toMatchObject({ kind: "skip", code: "covered", task: "match" });
  });

  test("delays run from the oldest invoice that credits do not pay", () => {
    const items = [
      anItem({ itemId: "a" }),
      anItem({ itemId: "b", dueOn: on(30) }),
      anItem({ itemId: "p", openMinor: -10_000n }),
    ];
    expect(plan({ items }, on(31))).toMatchObject({ kind: "skip", code: "not_yet_due", resumesOn: on(33) });
  });

  test("item threshold leaves out the item, in book currency", () => {
    const scenario = aScenario({ itemMinimumMinor: 1_500n });
    const items = [anItem({ itemId: "a" }), anItem({ itemId: "b", openMinor: 2_000n, openBookMinor: 1_499n })];
    expect(plan({ items }, on(5), scenario)).toMatchObject({
      items: [{ itemId: "a" }],
      leftOut: [{ itemId: "b", code: "item_below_minimum" }],
    });
  });

  test("from the ceiling on a person decides", () => {
    expect(plan({}, on(5), aScenario({ ceilingMinor: 10_000n }))).toMatchObject({ remarks: ["above_ceiling"] });
    expect(plan({}, on(5), aScenario({ ceilingMinor: 10_001n }))).toMatchObject({ remarks: [] });
  });

  test("one stopped invoice is left out, the others are claimed", () => {
    const items = [anItem({ itemId: "a" }), anItem({ itemId: "b", block: { code: "stopped", until: on(9) } })];
    expect(plan({ items }, on(5))).toMatchObject({
      items: [{ itemId: "a" }],
      leftOut: [{ itemId: "b", code: "stopped", until: on(9) }],
    });
  });

  test("nobody to write to is a task; a condition that does not hold waits", () => {
    expect(plan({ recipientsFor: () => [] }, on(5))).toMatchObject({ code: "no_contact", task: "complete_contact" });
    const steps = [aStep({ holds: (facts) => Number(facts["message.amount"]) >= 50_000 })];
    expect(plan({}, on(5), aScenario({ steps }))).toMatchObject({ code: "condition_not_met" });
  });

  test("conditions on items: a courtesy lists those that satisfy it, a reminder needs one that does", () => {
    const courtesy = aStep({ key: "courtesy", track: "courtesy", level: 0, delayDays: -5, itemBit: 1 });
    const scenario = aScenario({ steps: [courtesy, aStep({ itemBit: 2 })] });
    const soon = [anItem({ itemId: "a", dueOn: on(3), holds: 2 }), anItem({ itemId: "b", dueOn: on(3), holds: 4 })];
    expect(plan({ items: soon }, D0, scenario)).toMatchObject({ track: "courtesy", items: [{ itemId: "a" }] });
    expect(plan({ items: [anItem({ holds: 2 })] }, on(5), scenario)).toMatchObject({ code: "condition_not_met" });
    const one = [anItem({ itemId: "a", holds: 2 }), anItem({ itemId: "b", holds: 4 })];
    expect(plan({ items: one }, on(5), scenario)).toMatchObject({ kind: "message", amountMinor: 20_000n });
  });

  test("old data: automatic steps wait, steps to confirm say so", () => {
    expect(plan({ dataFresh: false }, on(5))).toMatchObject({ kind: "skip", code: "data_stale" });
    expect(plan({ isProved: false }, on(5))).toMatchObject({ kind: "skip", code: "account_in_difference" });
    const steps = [aStep({ mode: "confirm" })];
    expect(plan({ dataFresh: false }, on(5), aScenario({ steps }))).toMatchObject({
      remarks: ["step_to_confirm", "data_stale"],
    });
  });

  test("item by item, the account's credits pay the oldest first", () => {
    const items = [
      anItem({ itemId: "a" }),
      anItem({ itemId: "b", dueOn: on(1) }),
      anItem({ itemId: "p", openMinor: -10_000n }),
    ];
    expect(coverByCredits(items, on(9)).map((item) => [item.itemId, item.block?.code])).toEqual([
      ["a", "covered"],
      ["b", undefined],
    ]);
  });
});

const item = fc.record({
  dueIn: fc.integer({ min: -200, max: 30 }),
  open: fc.integer({ min: -50_000, max: 100_000 }).filter((value) => value !== 0),
  stopped: fc.boolean(),
});
const asItems = (drawn: readonly { dueIn: number; open: number; stopped: boolean }[]) =>
  drawn.map((one, index) =>
    anItem({
      itemId: `i${index}`,
      dueOn: on(one.dueIn),
      openMinor: BigInt(one.open),
      ...(one.stopped && one.open > 0 ? { block: { code: "stopped" as const, until: on(9) } } : {}),
    }),
  );

describe("properties", () => {
  test("P7: a message lists exactly the open, overdue, unstopped debits and its credits; its total is the sum of its lines", () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 12 }), (drawn) => {
        const items = asItems(drawn);
        const decision = plan({ items, history: { courtesyUpTo: day("2030-01-01") } }, D0);
        if (decision?.kind !== "message") return;
        const expected = items.filter((one) => one.openMinor < 0n || (one.dueOn < D0 && !one.block));
        expect(new Set(decision.items)).toEqual(new Set(expected));
        expect(decision.amountMinor).toBe(expected.reduce((sum, one) => sum + one.openMinor, 0n));
        expect(decision.amountMinor > 0n).toBe(true);
      }),
    );
  });

  test("the order of the items does not matter, and the same facts give the same plan", () => {
    const drawn = fc
      .array(item, { maxLength: 12 })
      .chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(asItems(some), { minLength: some.length })));
    fc.assert(
      fc.property(drawn, ([some, shuffled]) => {
        expect(plan({ items: shuffled }, D0)).toEqual(plan({ items: asItems(some) }, D0));
      }),
    );
  });

  test("whatever days are missed and payments made: no level skipped, at most one step a day, gaps kept", () => {
    const story = fc.record({
      dues: fc.array(fc.integer({ min: -150, max: 60 }), { minLength: 1, maxLength: 5 }),
      down: fc.array(fc.integer({ min: 0, max: 119 }), { maxLength: 60 }),
      paid: fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 119 })), { maxLength: 5 }),
    });
    fc.assert(
      fc.property(story, ({ dues, down, paid }) => {
        const world = new World(aScenario());
        for (const [index, due] of dues.entries()) world.add({ itemId: `i${index}`, dueOn: on(due) });
        for (let index = 0; index < 120; index += 1) {
          for (const [which, when] of paid) {
            const target = world.items[which % dues.length];
            if (when === index && target && target.openMinor > 0n) world.pay(target.itemId, on(index));
          }
          if (!down.includes(index)) world.run(on(index));
        }
        const reminders = world.sent.filter((one) => one.track === "reminder");
        for (const [index, one] of reminders.entries()) {
          const before = reminders[index - 1];
          if (before && before.cycle === one.cycle) {
            expect(one.level).toBe(before.level + 1);
            expect(daysBetween(before.on, one.on)).toBeGreaterThanOrEqual(7);
          } else expect(one.level).toBe(1);
        }
        expect(new Set(world.sent.map((one) => one.on)).size).toBe(world.sent.length);
        const occasions = world.sent.map((one) => `${one.track} ${one.cycle} ${one.stepKey}`);
        expect(new Set(occasions).size).toBe(occasions.length);
      }),
    );
  });
});
