import { addDays, type CalendarDate, daysBetween, laterOf } from "#kernel/calendar-date.ts";
import { type Claim, claimOf, courtesyClaim, oldestUncovered, sumBook, sumMinor } from "./claim.ts";
import {
  type Decision,
  type GroupFacts,
  type MessageDecision,
  type RemarkCode,
  type SkipCode,
  type SkipDecision,
  satisfies,
  type Values,
} from "./facts.ts";
import { entryStep, type Scenario, type Step, stepAfter, stepsOf, THANKS_EXPIRE_DAYS } from "./scenario.ts";

/**
 * What one group gets on `asOf`: a message, or the reason for none; undefined when nothing is due and nothing is to be said.
 * The step rule (DESIGN, "The step rule"): the step after the last sent in its cycle, when its delay and the minimum gap have passed;
 * one step a run, no level skipped, late entry at the scenario's entry step. Reminder before courtesy before thanks.
 */
export function planStep(group: GroupFacts, scenario: Scenario, asOf: CalendarDate): Decision | undefined {
  const claim = claimOf(group.items, scenario, asOf);
  const reminder = planReminder(group, scenario, asOf, claim);
  if (reminder?.kind === "message") return reminder;
  const beside = planCourtesy(group, scenario, asOf, claim) ?? planThanks(group, scenario, asOf, claim);
  if (beside?.kind === "message") return beside;
  return reminder ?? beside;
}

function planReminder(group: GroupFacts, scenario: Scenario, asOf: CalendarDate, claim: Claim): Decision | undefined {
  if (claim.overdue.length === 0 && claim.leftOut.length === 0) return undefined;
  const skip = skipOf(claim);
  const allLeftOut = leftOutReason(claim);
  if (allLeftOut) return skip(allLeftOut.code, {}, { resumesOn: allLeftOut.resumesOn });
  const coveredMinor = -claim.creditMinor;
  if (claim.overdueMinor <= coveredMinor)
    return skip(
      "covered",
      { overdueMinor: `${claim.overdueMinor}`, creditsMinor: `${coveredMinor}` },
      { task: "match" },
    );
  const { customerMinimumMinor: minimum } = scenario;
  if (minimum !== null && group.customerNetBookMinor < minimum)
    return skip("below_minimum", { netBookMinor: `${group.customerNetBookMinor}`, minimumMinor: `${minimum}` });
  const cycle = openCycle(group);
  const lastStep = cycle?.lastStep;
  const step = lastStep ? stepAfter(scenario, lastStep) : entryStep(scenario);
  const waiting = waitingFor(group, asOf, skip);
  if (waiting) return waiting;
  if (!step) return skip("scenario_finished", { stepKey: lastStep?.stepKey ?? "" });
  const oldestDueOn = oldestUncovered(claim) ?? asOf;
  const timing = timingOf(step, scenario, lastStep?.sentOn, oldestDueOn, asOf);
  if (timing.code) return skip(timing.code, timing.values, { resumesOn: timing.resumesOn, stepKey: step.key });
  const items = [...claim.overdue, ...claim.credits];
  const level = lastStep ? Math.min(step.level, lastStep.level + 1) : step.level;
  return messageOr(group, scenario, claim, step, {
    cycle: String(cycle ? cycle.no : (group.history.cycle?.no ?? 0) + 1),
    level,
    items,
    oldestDueOn,
    why: [{ code: "step", values: { stepKey: step.key, after: lastStep?.stepKey ?? "" } }, ...timing.why],
  });
}

/** Once per due date: what falls due within the delay and no earlier courtesy covered. Credits never appear in it (FEATURES, decision 6). */
function planCourtesy(group: GroupFacts, scenario: Scenario, asOf: CalendarDate, claim: Claim): Decision | undefined {
  const step = stepsOf(scenario, "courtesy")[0];
  if (!step) return undefined;
  const upcoming = courtesyClaim(
    group.items.filter((item) => satisfies(item, step.itemBit)),
    scenario,
    asOf,
    addDays(asOf, -step.delayDays),
    group.history.courtesyUpTo,
  );
  const last = upcoming.items.at(-1);
  const first = upcoming.items[0];
  if (!last || !first) return undefined;
  const own: Claim = { ...claim, overdue: upcoming.items, overdueMinor: upcoming.minor, leftOut: upcoming.leftOut };
  const skip = skipOf(own);
  if (claim.overdueMinor + upcoming.minor + claim.creditMinor <= 0n)
    return claim.overdueMinor > 0n
      ? undefined
      : skip("covered", { creditsMinor: `${-claim.creditMinor}` }, { task: "match" });
  const minimum = scenario.customerMinimumMinor;
  if (minimum !== null && upcoming.bookMinor < minimum)
    return skip("below_minimum", { netBookMinor: `${upcoming.bookMinor}`, minimumMinor: `${minimum}` });
  const waiting = waitingFor(group, asOf, skip);
  if (waiting) return waiting;
  return messageOr(group, scenario, own, step, {
    cycle: last.dueOn,
    level: 0,
    items: upcoming.items,
    oldestDueOn: first.dueOn,
    why: [{ code: "courtesy", values: { dueOn: first.dueOn, days: daysBetween(asOf, first.dueOn) } }],
  });
}

/** Once per closed cycle, when nothing else is overdue and the cycle went far enough to be worth a word. */
function planThanks(group: GroupFacts, scenario: Scenario, asOf: CalendarDate, claim: Claim): Decision | undefined {
  const step = stepsOf(scenario, "thanks")[0];
  const { cycle } = group.history;
  if (!step || !cycle?.closedOn || cycle.listedOpen || cycle.thanked) return undefined;
  if (claim.overdue.length > 0 || claim.leftOut.length > 0) return undefined;
  if (cycle.lastStep.level < scenario.thanksFromLevel) return undefined;
  const since = daysBetween(cycle.closedOn, asOf);
  if (since < step.delayDays || since > step.delayDays + THANKS_EXPIRE_DAYS) return undefined;
  if (group.history.pending || group.history.lastSentOn === asOf) return undefined;
  const planned = messageOr(group, scenario, claim, step, {
    cycle: String(cycle.no),
    level: 0,
    items: [],
    oldestDueOn: undefined,
    why: [{ code: "thanks", values: { closedOn: cycle.closedOn } }],
  });
  return planned.kind === "message" ? planned : undefined;
}

type Draft = Pick<MessageDecision, "cycle" | "level" | "items" | "oldestDueOn" | "why">;

/** The message, unless its condition, its recipient or the age of the data forbids it. */
function messageOr(group: GroupFacts, scenario: Scenario, claim: Claim, step: Step, draft: Draft): Decision {
  const skip = skipOf(claim);
  const amountMinor = sumMinor(draft.items);
  const amountBookMinor = sumBook(draft.items);
  const isOfStep = step.track === "thanks" || draft.items.some((item) => satisfies(item, step.itemBit));
  if (!isOfStep || (step.holds && !step.holds({ ...group.conditionFacts, "message.amount": amountBookMinor })))
    return skip("condition_not_met", { stepKey: step.key }, { stepKey: step.key });
  const recipients = group.recipientsFor(step.recipientRole);
  if (recipients.length === 0)
    return skip("no_contact", { role: step.recipientRole }, { task: "complete_contact", stepKey: step.key });
  const remarks: RemarkCode[] = [];
  if (step.mode === "confirm") remarks.push("step_to_confirm");
  if (step.mode === "manual") remarks.push("manual_step");
  const tested = step.track === "reminder" ? group.customerNetBookMinor : amountBookMinor;
  if (scenario.ceilingMinor !== null && tested >= scenario.ceilingMinor) remarks.push("above_ceiling");
  if (step.track === "reminder" && group.isSetOffAgreed) remarks.push("set_off_agreed");
  const doubt = !group.dataFresh ? "data_stale" : !group.isProved ? "account_in_difference" : undefined;
  if (doubt) {
    if (remarks.length === 0) return skip(doubt, { stepKey: step.key }, { stepKey: step.key });
    remarks.push(doubt);
  }
  return {
    kind: "message",
    track: step.track,
    stepKey: step.key,
    recipients,
    amountMinor,
    amountBookMinor,
    remarks,
    leftOut: claim.leftOut,
    ...draft,
  };
}

/** The cycle that is still open: one whose messages listed an item that is not settled. */
const openCycle = (group: GroupFacts) => (group.history.cycle?.listedOpen ? group.history.cycle : undefined);

type Skip = (
  code: SkipCode,
  values?: Values,
  more?: Pick<SkipDecision, "resumesOn" | "task" | "stepKey">,
) => SkipDecision;

const skipOf =
  (claim: Claim): Skip =>
  (code, values = {}, more = {}) => ({
    kind: "skip",
    code,
    values,
    amountMinor: claim.overdueMinor + claim.leftOutMinor,
    oldestDueOn: claim.oldestDueOn,
    itemCount: claim.overdue.length + claim.leftOut.length,
    leftOut: claim.leftOut,
    ...more,
  });

/** A message on its way, one in doubt, or one of today keeps the group silent: never two steps at once. */
function waitingFor(group: GroupFacts, asOf: CalendarDate, skip: Skip): SkipDecision | undefined {
  const { pending, lastSentOn } = group.history;
  if (pending) {
    const code = pending.state === "pending" ? "message_pending" : pending.state;
    return skip(code, { messageId: pending.messageId });
  }
  // A plan for a day before the last message (a re-run of an old day) must not add a step either.
  if (lastSentOn && lastSentOn >= asOf)
    return skip("other_step_today", { sentOn: lastSentOn }, { resumesOn: addDays(lastSentOn, 1) });
  return undefined;
}

function timingOf(
  step: Step,
  scenario: Scenario,
  sentOn: CalendarDate | undefined,
  oldestDueOn: CalendarDate,
  asOf: CalendarDate,
) {
  const gapDays = step.gapDays ?? scenario.minimumGapDays;
  const dueSince = addDays(oldestDueOn, step.delayDays);
  const gapEnds = sentOn ? addDays(sentOn, gapDays) : dueSince;
  const resumesOn = laterOf(dueSince, gapEnds);
  const delay = { oldestDueOn, days: daysBetween(oldestDueOn, asOf), delayDays: step.delayDays };
  const gap = sentOn ? { sentOn, days: daysBetween(sentOn, asOf), gapDays } : undefined;
  const why = [{ code: "delay", values: delay as Values }, ...(gap ? [{ code: "gap", values: gap as Values }] : [])];
  if (gap && gapEnds > asOf) return { code: "too_soon" as const, values: gap as Values, resumesOn, why };
  if (dueSince > asOf) return { code: "not_yet_due" as const, values: delay as Values, resumesOn, why };
  return { code: undefined, values: {}, resumesOn, why };
}

/** When every overdue item is left out: the reason that ends first, and its day. */
function leftOutReason(claim: Claim): { code: SkipCode; resumesOn?: CalendarDate | undefined } | undefined {
  if (claim.overdue.length > 0) return undefined;
  let best: { code: SkipCode; until?: CalendarDate | undefined } | undefined;
  for (const one of claim.leftOut) {
    if (!best || rank(one) < rank(best) || (rank(one) === rank(best) && (one.until ?? "") < (best.until ?? "")))
      best = one;
  }
  if (!best) return undefined;
  return { code: best.code, resumesOn: best.until ? addDays(best.until, 1) : undefined };
}

/** A dated reason before an undated one; too small or not taken last, since it says least. */
const rank = (one: { code: SkipCode; until?: CalendarDate | undefined }) =>
  one.code === "item_below_minimum" || one.code === "item_not_taken" ? 2 : one.until ? 0 : 1;
