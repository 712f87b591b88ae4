import type { CalendarDate } from "#kernel/calendar-date.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { type PlannedMessage, parseEmailAddress } from "#modules/correspondence/index.ts";
import type { Decision, MessageDecision, SkipDecision } from "../core/facts.ts";
import { occasionKey } from "../core/occasion.ts";
import { planStep } from "../core/plan-step.ts";
import type { Scenario } from "../core/scenario.ts";
import type { Bucket } from "../core/summary.ts";
import type { DecisionRecord } from "../store/run-rows.ts";
import type { LoadedGroup } from "./load-groups.ts";

export type Planned = { readonly decisions: DecisionRecord[]; readonly messages: PlannedMessage[] };

/** Decides every group and shapes what is stored: decisions by bucket and amount, and one message per recipient. */
export function decideGroups(
  groups: readonly LoadedGroup[],
  scenario: Scenario,
  asOf: CalendarDate,
  runId: Uuid,
): Planned {
  const decisions: DecisionRecord[] = [];
  const messages: PlannedMessage[] = [];
  for (const group of groups) {
    const decision = planStep(group.facts, scenario, asOf);
    if (!decision) continue;
    if (decision.kind === "skip") {
      decisions.push(skipRecord(group, decision));
      continue;
    }
    const own = messagesOf(group, decision, scenario, asOf, runId);
    for (const message of own) messages.push(message);
    decisions.push(messageRecord(group, decision, scenario, own));
  }
  decisions.sort(byBucketAndAmount);
  return { decisions, messages };
}

/** A step to confirm, a ceiling or old data wait for a person; the rest leaves when the run is approved. */
export const bucketOf = (decision: Decision): Bucket =>
  decision.kind === "skip" ? "skipped" : decision.remarks.length > 0 ? "to_decide" : "leaves";

const ORDER: Readonly<Record<Bucket, number>> = { to_decide: 0, leaves: 1, skipped: 2 };

function byBucketAndAmount(a: DecisionRecord, b: DecisionRecord): number {
  if (a.bucket !== b.bucket) return ORDER[a.bucket] - ORDER[b.bucket];
  if (a.amountBookMinor !== b.amountBookMinor) return a.amountBookMinor > b.amountBookMinor ? -1 : 1;
  return a.groupKey < b.groupKey ? -1 : 1;
}

export function messagesOf(
  group: Pick<LoadedGroup, "facts" | "companyId" | "customerId" | "currency" | "languageOf">,
  decision: MessageDecision,
  scenario: Scenario,
  asOf: CalendarDate,
  runId: Uuid,
): PlannedMessage[] {
  const { groupKey } = group.facts;
  const { track, stepKey, cycle, level } = decision;
  const mode = scenario.steps.find((step) => step.key === stepKey)?.mode ?? "confirm";
  return decision.recipients.flatMap((recipient) => {
    const address = parseEmailAddress(recipient.address);
    if (!address) return [];
    const occasion = occasionKey({ groupKey, track, cycle, stepKey, repeat: 1, recipient: address, channel: "email" });
    return {
      messageId: newId(),
      occasion,
      groupKey,
      track,
      cycle,
      stepKey,
      level,
      runId,
      companyId: group.companyId,
      customerId: group.customerId,
      contactId: recipient.contactId,
      mode: decision.remarks.length > 0 ? (mode === "auto" ? "confirm" : mode) : mode,
      language: group.languageOf(recipient.contactId),
      recipient: address,
      recipientName: recipient.name,
      currency: group.currency,
      amountMinor: decision.amountMinor,
      itemCount: decision.items.length,
      businessDate: asOf,
    };
  });
}

function messageRecord(
  group: LoadedGroup,
  decision: MessageDecision,
  scenario: Scenario,
  messages: readonly PlannedMessage[],
): DecisionRecord {
  const [first] = decision.recipients;
  return {
    ...identity(group),
    bucket: bucketOf(decision),
    track: decision.track,
    stepKey: decision.stepKey,
    level: decision.level,
    cycle: decision.cycle,
    mode: scenario.steps.find((step) => step.key === decision.stepKey)?.mode ?? "confirm",
    code: null,
    amountMinor: decision.amountMinor,
    amountBookMinor: decision.amountBookMinor,
    itemCount: decision.items.length,
    oldestDueOn: decision.oldestDueOn ?? null,
    resumesOn: null,
    remarks: decision.remarks,
    reasons: decision.why,
    recipient: first?.address ?? null,
    recipientName: first?.name ?? null,
    messageIds: messages.map((message) => message.messageId),
    itemIds: decision.items.map((item) => item.itemId),
    itemOpens: decision.items.map((item) => item.openMinor),
    leftOut: decision.leftOut,
  };
}

function skipRecord(group: LoadedGroup, decision: SkipDecision): DecisionRecord {
  return {
    ...identity(group),
    bucket: "skipped",
    track: null,
    stepKey: decision.stepKey ?? null,
    level: group.facts.history.cycle?.listedOpen ? group.facts.history.cycle.lastStep.level : null,
    cycle: null,
    mode: null,
    code: decision.code,
    amountMinor: decision.amountMinor,
    amountBookMinor: group.facts.customerNetBookMinor,
    itemCount: decision.itemCount,
    oldestDueOn: decision.oldestDueOn ?? null,
    resumesOn: decision.resumesOn ?? null,
    remarks: [],
    reasons: [{ code: decision.code, values: decision.values }],
    recipient: null,
    recipientName: null,
    messageIds: [],
    itemIds: [],
    itemOpens: [],
    leftOut: decision.leftOut,
  };
}

const identity = (group: LoadedGroup) => ({
  decisionId: newId(),
  groupKey: group.facts.groupKey,
  companyId: group.companyId,
  customerId: group.customerId,
  currency: group.currency,
});
