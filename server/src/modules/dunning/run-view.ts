import type { DecisionRow, RunSummary, StopRow as StopView } from "#contracts/dunning.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Values } from "./core/facts.ts";
import type { DecisionRecord, ListedDecision, RunRecord } from "./store/run-rows.ts";
import type { StopRow } from "./store/stop-rows.ts";

/** Stored rows in the shape of the contract. */
export function runView(run: RunRecord, messages: Readonly<Record<string, number>>, isPreview = false): RunSummary {
  const lines = (one: { count: number; amounts: readonly { minor: string; currency: string }[] }) => ({
    count: one.count,
    amounts: [...one.amounts],
  });
  const { leaves, to_decide, skipped } = run.summary.buckets;
  return {
    runId: isPreview ? null : run.runId,
    asOf: run.asOf,
    // A message that came back because less is owed waits for a decision: the run is open again.
    state: run.state === "approved" && (messages.planned ?? 0) > 0 ? "review" : run.state,
    companyId: run.companyId,
    createdAt: run.createdAt,
    createdBy: run.createdBy,
    groups: run.groupCount,
    buckets: { leaves: lines(leaves), to_decide: lines(to_decide), skipped: lines(skipped) },
    skips: run.summary.skips.flatMap(({ code, ...line }) => (isShown(code) ? [{ code, ...lines(line) }] : [])),
    messages,
    holdUntil: run.holdUntil,
    planMs: run.planMs,
  };
}

type ShownCode = NonNullable<DecisionRow["code"]>;
const isShown = (code: string): code is ShownCode => code !== "nothing";

const amount = (minor: bigint, currency: string) => ({ minor: String(minor), currency });

export function decisionView(one: ListedDecision): DecisionRow {
  return {
    ...bareDecision(one),
    companyName: one.companyName,
    customerName: one.customerName,
    customerNumber: one.customerNumber,
    messageState: one.messageState,
  };
}

/** A decision of a preview, whose names are looked up apart. */
export function previewView(
  one: DecisionRecord,
  company: { name: string } | undefined,
  customer: { name: string; number: string } | undefined,
): DecisionRow {
  return {
    ...bareDecision(one),
    companyName: company?.name ?? "",
    customerName: customer?.name ?? "",
    customerNumber: customer?.number ?? "",
    messageId: null,
    messageState: null,
  };
}

function bareDecision(one: DecisionRecord) {
  return {
    decisionId: one.decisionId,
    bucket: one.bucket,
    companyId: one.companyId,
    customerId: one.customerId,
    track: one.track as DecisionRow["track"],
    stepKey: one.stepKey,
    level: one.level,
    mode: one.mode as DecisionRow["mode"],
    recipient: one.recipient,
    recipientName: one.recipientName,
    amount: amount(one.amountMinor, one.currency),
    itemCount: one.itemCount,
    oldestDueOn: one.oldestDueOn,
    code: one.code as DecisionRow["code"],
    remarks: [...one.remarks],
    values: { ...(one.reasons.find((reason) => reason.code === one.code)?.values as Values | undefined) },
    resumesOn: one.resumesOn,
    messageId: one.messageIds[0] ?? null,
  };
}

export function stopView(stop: StopRow, name: string | undefined, today: CalendarDate): StopView {
  return {
    stopId: stop.stopId,
    subject: stop.subject,
    subjectId: stop.subjectId,
    subjectName: name ?? "",
    reason: stop.reason,
    validFrom: stop.validFrom,
    validTo: stop.validTo,
    active: stop.validFrom <= today && today <= stop.validTo,
    createdAt: stop.createdAt,
    createdBy: stop.createdBy,
    version: stop.versionNo,
  };
}
