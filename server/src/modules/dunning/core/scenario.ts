/** Courtesy before the due date, reminders R1.., thanks after payment. Only reminders form a ladder; the others stand beside it. */
export type Track = "courtesy" | "reminder" | "thanks";

/** `auto` leaves once its run is approved, `confirm` is decided one by one in the review, `manual` is sent by a person by hand. */
export type StepMode = "auto" | "confirm" | "manual";

export type Grouping = "account" | "customer" | "contact" | "customer_group" | "item";

/** Values a condition of a step may read, by criterion. */
export type ConditionFacts = Readonly<Record<string, string | bigint | boolean | null>>;

export type Step = {
  readonly key: string;
  readonly track: Track;
  /** 1.. for R1..; 0 for courtesy and thanks. */
  readonly level: number;
  /** Days after the due date of the oldest item; courtesy: negative, days before; thanks: days after the cycle closed. */
  readonly delayDays: number;
  /** Least days since the step before; null: the scenario's. */
  readonly gapDays: number | null;
  readonly mode: StepMode;
  readonly channel: string;
  readonly templateKey: string;
  readonly recipientRole: string;
  /** Bit of `ItemFacts.holds` that a listed item must have: all of them before the due date, one of them in a reminder; null: no condition. */
  readonly itemBit: number | null;
  /** True when the step may be taken; null: always. */
  readonly holds: ((facts: ConditionFacts) => boolean) | null;
};

/** One dated version of a scenario, ready to be applied. Amounts are minor units of the company's book currency (FEATURES, decision 2). */
export type Scenario = {
  readonly scenarioId: string;
  readonly versionNo: number;
  readonly grouping: Grouping;
  readonly minimumGapDays: number;
  readonly entryStep: string;
  /** REL-16: an item whose own open book amount is below it is not chased; null: none. */
  readonly itemMinimumMinor: bigint | null;
  /** REL-17: nothing leaves while the customer's net overdue is below it; null: none. */
  readonly customerMinimumMinor: bigint | null;
  /** REL-34: from this net overdue on a person decides; null: none. */
  readonly ceilingMinor: bigint | null;
  /** REC-07: do credits that are not due yet lower the claim. */
  readonly creditsNotDue: "netted" | "left_out";
  readonly thanksFromLevel: number;
  readonly steps: readonly Step[];
};

/** A thanks step is not sent later than this after its day: a late "thank you" for an old payment is odd. */
export const THANKS_EXPIRE_DAYS = 15;

export const stepsOf = (scenario: Scenario, track: Track): readonly Step[] =>
  scenario.steps.filter((step) => step.track === track);

/** The reminder at which a group without a sent step starts: the scenario's entry step, else its first reminder. */
export function entryStep(scenario: Scenario): Step | undefined {
  const reminders = stepsOf(scenario, "reminder");
  return reminders.find((step) => step.key === scenario.entryStep) ?? reminders[0];
}

/** The reminder after the one sent. When a newer version dropped that step: the first of a higher level, so that none is sent twice. */
export function stepAfter(
  scenario: Scenario,
  sent: { readonly stepKey: string; readonly level: number },
): Step | undefined {
  const reminders = stepsOf(scenario, "reminder");
  const at = reminders.findIndex((step) => step.key === sent.stepKey);
  return at >= 0 ? reminders[at + 1] : reminders.find((step) => step.level > sent.level);
}

export type ScenarioFault = { readonly path: string; readonly code: ScenarioFaultCode };
export type ScenarioFaultCode =
  | "step_key_twice"
  | "level_skipped"
  | "level_falls"
  | "delay_falls"
  | "entry_step_unknown"
  | "courtesy_after_due"
  | "thanks_before_payment"
  | "track_twice"
  | "level_not_zero"
  | "no_reminder";

type StepShape = Pick<Step, "key" | "track" | "level" | "delayDays">;

/** Every rule a scenario must keep: unique keys, reminder levels from 1 rising by at most one, delays that do not fall, one courtesy and one thanks. */
export function scenarioFaults(scenario: {
  readonly entryStep: string;
  readonly steps: readonly StepShape[];
}): ScenarioFault[] {
  const faults: ScenarioFault[] = [];
  const keys = new Set<string>();
  const tracks = new Set<Track>();
  let before: StepShape | undefined;
  for (const [index, step] of scenario.steps.entries()) {
    const fault = (field: string, code: ScenarioFaultCode) => faults.push({ path: `steps.${index}.${field}`, code });
    if (keys.has(step.key)) fault("key", "step_key_twice");
    keys.add(step.key);
    if (step.track === "reminder") {
      if (step.level > (before?.level ?? 0) + 1) fault("level", "level_skipped");
      if (step.level < Math.max(1, before?.level ?? 1)) fault("level", "level_falls");
      if (before && step.delayDays < before.delayDays) fault("delayDays", "delay_falls");
      before = step;
      continue;
    }
    if (tracks.has(step.track)) fault("track", "track_twice");
    tracks.add(step.track);
    if (step.level !== 0) fault("level", "level_not_zero");
    if (step.track === "courtesy" && step.delayDays >= 0) fault("delayDays", "courtesy_after_due");
    if (step.track === "thanks" && step.delayDays < 0) fault("delayDays", "thanks_before_payment");
  }
  if (!before) faults.push({ path: "steps", code: "no_reminder" });
  else if (!scenario.steps.some((step) => step.track === "reminder" && step.key === scenario.entryStep))
    faults.push({ path: "entryStep", code: "entry_step_unknown" });
  return faults;
}
