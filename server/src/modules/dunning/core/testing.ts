import { addDays, type CalendarDate, day } from "#kernel/calendar-date.ts";
import type { CycleFacts, Decision, GroupFacts, History, ItemFacts, Recipient } from "./facts.ts";
import { planStep } from "./plan-step.ts";
import type { Scenario, Step } from "./scenario.ts";

/** Builders and a small world for tests: valid defaults, a test states only what matters. */
export const D0 = day("2026-01-05");

export const aStep = (over: Partial<Step> = {}): Step => ({
  key: "r1",
  track: "reminder",
  level: 1,
  delayDays: 3,
  gapDays: null,
  mode: "auto",
  channel: "email",
  templateKey: "r1",
  recipientRole: "accounting",
  itemBit: null,
  holds: null,
  ...over,
});

const DELAYS = [3, 10, 20, 30, 45];

export const aScenario = (over: Partial<Scenario> = {}): Scenario => ({
  scenarioId: "s",
  versionNo: 1,
  grouping: "customer",
  minimumGapDays: 7,
  entryStep: "r1",
  itemMinimumMinor: null,
  customerMinimumMinor: null,
  ceilingMinor: null,
  creditsNotDue: "netted",
  thanksFromLevel: 2,
  steps: [
    aStep({ key: "courtesy", track: "courtesy", level: 0, delayDays: -5 }),
    ...DELAYS.map((delayDays, index) => aStep({ key: `r${index + 1}`, level: index + 1, delayDays })),
    aStep({ key: "thanks", track: "thanks", level: 0, delayDays: 1 }),
  ],
  ...over,
});

export const anItem = (over: Partial<ItemFacts> = {}): ItemFacts => {
  const openMinor = over.openMinor ?? 10_000n;
  return { itemId: "i1", dueOn: D0, openMinor, openBookMinor: over.openBookMinor ?? openMinor, ...over };
};

const contact: Recipient = { contactId: "c1", address: "compta@client.example", name: "Camille Vasseur" };

export const aGroup = (over: Partial<GroupFacts> = {}): GroupFacts => {
  const items = over.items ?? [anItem()];
  return {
    groupKey: "g",
    items,
    customerNetBookMinor: items.reduce((sum, item) => sum + item.openBookMinor, 0n),
    history: {},
    recipientsFor: () => [contact],
    dataFresh: true,
    isSetOffAgreed: false,
    isProved: true,
    conditionFacts: {},
    ...over,
  };
};

export const aCycle = (over: Partial<CycleFacts> = {}): CycleFacts => ({
  no: 1,
  lastStep: { stepKey: "r1", level: 1, sentOn: D0 },
  listedOpen: true,
  thanked: false,
  ...over,
});

type WorldItem = ItemFacts & { readonly postedOn?: CalendarDate; settledOn?: CalendarDate };
export type Sent = {
  readonly on: CalendarDate;
  readonly stepKey: string;
  readonly level: number;
  readonly amountMinor: bigint;
  readonly itemIds: string[];
  readonly cycle: string;
};

/** One group whose messages all leave on the day of their run; what was sent is its own memory, as the outbox is the planner's. */
export class World {
  readonly items: WorldItem[] = [];
  readonly sent: (Sent & { readonly track: string })[] = [];
  readonly scenario: Scenario;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
  }

  add(item: Partial<WorldItem>): WorldItem {
    const made: WorldItem = { ...anItem(item), ...item };
    this.items.push(made);
    return made;
  }

  /** Pays `minor` of an item on a day (all of it when absent). */
  pay(itemId: string, on: CalendarDate, minor?: bigint): void {
    const at = this.items.findIndex((item) => item.itemId === itemId);
    const item = this.items[at];
    if (!item) throw new Error(`no item ${itemId}`);
    const openMinor = minor === undefined ? 0n : item.openMinor - minor;
    this.items[at] = { ...item, openMinor, openBookMinor: openMinor, ...(openMinor === 0n ? { settledOn: on } : {}) };
  }

  history(): History {
    const reminders = this.sent.filter((one) => one.track === "reminder");
    const last = reminders.at(-1);
    const courtesyUpTo = this.sent.filter((one) => one.track === "courtesy").at(-1)?.cycle as CalendarDate | undefined;
    const lastSentOn = this.sent.at(-1)?.on;
    const base = { courtesyUpTo, lastSentOn };
    if (!last) return base;
    const listed = new Set(reminders.filter((one) => one.cycle === last.cycle).flatMap((one) => one.itemIds));
    const members = this.items.filter((item) => listed.has(item.itemId) && !(item.openMinor < 0n));
    const listedOpen = members.some((item) => item.openMinor > 0n);
    const closedOn = listedOpen
      ? undefined
      : members
          .map((item) => item.settledOn)
          .sort()
          .at(-1);
    const thanked = this.sent.some((one) => one.track === "thanks" && one.cycle === last.cycle);
    const lastStep = { stepKey: last.stepKey, level: last.level, sentOn: last.on };
    return { ...base, cycle: { no: Number(last.cycle), lastStep, listedOpen, closedOn, thanked } };
  }

  group(asOf: CalendarDate, over: Partial<GroupFacts> = {}): GroupFacts {
    const items = this.items.filter((item) => item.openMinor !== 0n && (item.postedOn ?? asOf) <= asOf);
    const overdue = items.filter((item) => item.openMinor < 0n || item.dueOn < asOf);
    const customerNetBookMinor = overdue.reduce((sum, item) => sum + item.openBookMinor, 0n);
    return aGroup({ items, history: this.history(), customerNetBookMinor, ...over });
  }

  /** One run: plans, and sends at once what is to leave. */
  run(asOf: CalendarDate, over: Partial<GroupFacts> = {}): Decision | undefined {
    const decision = planStep(this.group(asOf, over), this.scenario, asOf);
    if (decision?.kind === "message") {
      const { track, stepKey, level, amountMinor, cycle } = decision;
      this.sent.push({
        on: asOf,
        track,
        stepKey,
        level,
        amountMinor,
        cycle,
        itemIds: decision.items.map((item) => item.itemId),
      });
    }
    return decision;
  }

  runDays(from: CalendarDate, days: number, isDown: (index: number) => boolean = () => false): void {
    for (let index = 0; index < days; index += 1) if (!isDown(index)) this.run(addDays(from, index));
  }

  steps(): string[] {
    return this.sent.map((one) => one.stepKey);
  }
}
