import { type CalendarDate, laterOf } from "#kernel/calendar-date.ts";
import { type Clock, secondsLater } from "#kernel/clock.ts";
import type { Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import {
  holdApproved,
  insertRenditions,
  listTemplates,
  loadChannel,
  MERGE_FIELD_KEYS,
  parseTemplateText,
  partsHash,
  pinApproved,
  renderMessage,
  type TemplateRecord,
  type TemplateText,
  withdraw,
} from "#modules/correspondence/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { summaryOf } from "../core/summary.ts";
import { groupHistories } from "../store/history-rows.ts";
import { messagesIn } from "../store/message-reads.ts";
import { companies, customersById } from "../store/party-reads.ts";
import {
  type DecisionRecord,
  decisionAmounts,
  decisionsToApprove,
  findRun,
  lockRun,
  type RunRecord,
  runMessages,
  setRunState,
  skipDecisions,
} from "../store/run-rows.ts";
import { scenarioVersion } from "../store/scenario-rows.ts";
import { messageFacts, pinnedItems, senderOf } from "./message-facts.ts";
import { type RecheckRequest, recheckMessages } from "./recheck-messages.ts";
import { scenarioOf } from "./scenario-in-force.ts";

export type Approval = {
  readonly decisionIds?: readonly Uuid[] | undefined;
  /** What the person saw on the button. */
  readonly expectedCount: number;
  readonly holdMinutes?: number | undefined;
  readonly today: CalendarDate;
};
export type Approved = { readonly runId: Uuid; readonly count: number; readonly holdUntil: string | null };
type Refusals = "not_found" | "run_not_under_review" | "count_changed" | "nothing_to_approve";

const CHUNK = 250;

/**
 * Approves messages of a run: each is held against the ledger of the day once more, rendered and pinned, then all are held for the undo
 * window. Refuses when the number differs from what was shown. What cannot be written any more becomes a skip with its reason.
 */
export async function approveRun(
  services: Pick<Services, "db" | "clock">,
  actor: Actor,
  runId: Uuid,
  approval: Approval,
): Promise<Result<Approved, Refusals>> {
  const { db, clock } = services;
  const chosen = await db.transaction(actor.tenant, async (tx) => {
    const run = await findRun(tx, runId);
    if (!run) return refuse("not_found");
    if (run.state !== "review") return refuse("run_not_under_review", { state: run.state });
    const decisions = await decisionsToApprove(tx, runId, approval.decisionIds);
    if (decisions.length === 0) return refuse("nothing_to_approve");
    if (decisions.length !== approval.expectedCount) return refuse("count_changed", { count: decisions.length });
    return done({ run, decisions });
  });
  if (!chosen.ok) return chosen;
  const { run, decisions } = chosen.value;
  // Bounded units of work; if the process dies between two, approving again continues where it stopped.
  for (let from = 0; from < decisions.length; from += CHUNK) {
    const chunk = decisions.slice(from, from + CHUNK);
    await db.transaction(actor.tenant, (tx) =>
      pinChunk(tx, actor, run, chunk, approval.today, clock.now().toISOString()),
    );
  }
  return db.transaction(actor.tenant, (tx) => holdAll(tx, actor, runId, decisions, approval.holdMinutes, clock));
}

async function holdAll(
  tx: Tx,
  actor: Actor,
  runId: Uuid,
  decisions: readonly DecisionRecord[],
  holdMinutes: number | undefined,
  clock: Clock,
): Promise<Result<Approved, Refusals>> {
  const run = await lockRun(tx, runId);
  if (run?.state !== "review") return refuse("run_not_under_review", { state: run?.state ?? "" });
  const minutes = holdMinutes ?? (await loadChannel(tx)).holdMinutes;
  const holdUntil = secondsLater(clock, minutes * 60);
  const ids = decisions.flatMap((one) => one.messageIds);
  const count = await holdApproved(tx, ids, holdUntil, clock.now().toISOString());
  const left = await runMessages(tx, runId, ["planned", "approved"]);
  const summary = summaryOf(await decisionAmounts(tx, runId));
  await setRunState(tx, runId, { state: left.length === 0 ? "approved" : "review", holdUntil, summary });
  await record(tx, actor, {
    kind: "dunning.run.approved",
    version: 1,
    subject: { type: "run", id: runId },
    payload: { messages: count, decisions: decisions.length, holdUntil },
  });
  return done({ runId, count, holdUntil });
}

/** Rechecks, renders and pins the messages of some decisions. */
async function pinChunk(
  tx: Tx,
  actor: Actor,
  run: RunRecord,
  decisions: readonly DecisionRecord[],
  today: CalendarDate,
  now: string,
): Promise<void> {
  const stored = await scenarioVersion(tx, run.scenarioId, run.scenarioVersionNo);
  if (!stored) throw new Error("the scenario of a run is gone");
  const checkOn = run.sandbox ? run.asOf : laterOf(today, run.asOf);
  const scenario = scenarioOf(stored, checkOn);
  const rechecked = await recheckMessages(tx, scenario, checkOn, decisions.map(requestOf));
  const messages = new Map(
    (
      await messagesIn(
        tx,
        decisions.flatMap((one) => one.messageIds),
        ["planned"],
      )
    ).map((one) => [one.messageId, one]),
  );
  const histories = await groupHistories(
    tx,
    run.sandbox,
    decisions.map((one) => one.groupKey),
  );
  const previous = new Map(histories.map((row) => [row.groupKey, row.lastSentOn ?? undefined]));
  const known = {
    companies: await companies(tx),
    customers: await customersById(
      tx,
      decisions.map((one) => one.customerId),
    ),
  };
  const { settings } = await loadChannel(tx);
  const templates = new Map((await listTemplates(tx)).map((template) => [template.key, template]));
  const texts = new Map<string, TemplateText | undefined>();
  const renditions = [];
  const pins = [];
  const failed: { decision: DecisionRecord; reason: string }[] = [];
  for (const decision of decisions) {
    const checked = rechecked.get(decision.decisionId);
    if (!checked || checked.result.kind === "withdraw") {
      failed.push({ decision, reason: checked?.result.kind === "withdraw" ? checked.result.reason : "unknown" });
      continue;
    }
    const { result, details } = checked;
    const company = known.companies.get(decision.companyId);
    const customer = known.customers.get(decision.customerId);
    const template = templates.get(scenario.steps.find((step) => step.key === decision.stepKey)?.templateKey ?? "");
    const items = pinnedItems(result.lines, details);
    for (const messageId of decision.messageIds) {
      const message = messages.get(messageId);
      if (!message) continue;
      const text = template && company && customer ? parsed(template, message.language, texts) : undefined;
      if (!text || !template || !company || !customer) {
        failed.push({ decision, reason: "template_missing" });
        continue;
      }
      const sender = senderOf(settings, company);
      const { language, recipientName } = message;
      const previousSentOn = previous.get(decision.groupKey);
      const facts = messageFacts(
        {
          language,
          recipientName,
          company,
          customer,
          currency: decision.currency,
          messageDay: checkOn,
          previousSentOn,
          sender,
        },
        items,
      );
      const rendered = renderMessage(text, facts, language);
      if (!rendered.ok) {
        failed.push({ decision, reason: rendered.fault.code });
        continue;
      }
      const hash = partsHash(sender.address, message.recipientAddress, rendered.value);
      // A recalled message was rendered before: the new rendition stands beside the old one.
      const rendition = message.rendition + 1;
      const { amountMinor } = result;
      renditions.push({ messageId, rendition, ...rendered.value, partsHash: hash, amountMinor, items });
      pins.push({
        messageId,
        rendition,
        subject: rendered.value.subject,
        amountMinor,
        itemCount: items.length,
        templateId: template.templateId,
        templateVersionNo: template.versionNo,
        senderAddress: sender.address,
        senderName: sender.name,
        replyTo: sender.replyTo,
      });
    }
  }
  await insertRenditions(tx, renditions, now);
  await pinApproved(tx, pins, actor.id, now);
  await skipFailed(tx, run.runId, failed, now);
}

async function skipFailed(
  tx: Tx,
  runId: Uuid,
  failed: readonly { decision: DecisionRecord; reason: string }[],
  now: string,
): Promise<void> {
  for (const [reason, some] of Map.groupBy(failed, (one) => one.reason)) {
    const ids = some.flatMap((one) => one.decision.messageIds);
    await withdraw(tx, ids, reason, now);
    await skipDecisions(
      tx,
      runId,
      some.map((one) => one.decision.decisionId),
      skipCodeOf(reason),
      { reason },
    );
  }
}

function skipCodeOf(reason: string) {
  if (reason === "covered" || reason === "stopped" || reason === "below_minimum" || reason === "item_below_minimum")
    return reason;
  return reason === "settled" || reason === "due_date_passed" || reason === "overdue_again"
    ? "nothing_due"
    : "excluded";
}

const requestOf = (decision: DecisionRecord): RecheckRequest => ({
  key: decision.decisionId,
  groupKey: decision.groupKey,
  track: decision.track === "courtesy" || decision.track === "thanks" ? decision.track : "reminder",
  companyId: decision.companyId,
  customerId: decision.customerId,
  currency: decision.currency,
  pinned: decision.itemIds.map((itemId, index) => ({ itemId, openMinor: decision.itemOpens[index] ?? 0n })),
});

/** The template in the recipient's language, else in the other one: a message in English beats none. Each version is read once. */
function parsed(template: TemplateRecord, language: "fr" | "en", known: Map<string, TemplateText | undefined>) {
  const key = `${template.key} ${language}`;
  if (known.has(key)) return known.get(key);
  const own = template.content[language] ?? template.content[language === "fr" ? "en" : "fr"];
  const text = own && parseTemplateText(own.subject, own.body, MERGE_FIELD_KEYS);
  const value = text?.ok ? text.value : undefined;
  known.set(key, value);
  return value;
}
