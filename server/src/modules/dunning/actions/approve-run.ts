import { type CalendarDate, laterOf } from "#kernel/calendar-date.ts";
import { type Clock, secondsLater } from "#kernel/clock.ts";
import type { Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import {
  holdApproved,
  insertRenditions,
  listTemplates,
  loadChannel,
  mergeFieldKeys,
  type Pin,
  type PinnedItem,
  parseTemplateText,
  partsHash,
  pinApproved,
  type Rendition,
  renderMessage,
  type TemplateRecord,
  type TemplateText,
  withdraw,
} from "#modules/correspondence/index.ts";
import { type FreeValue, freeValuesOf } from "#modules/parties/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import type { Scenario } from "../core/scenario.ts";
import { summaryOf } from "../core/summary.ts";
import { groupHistories } from "../store/history-rows.ts";
import { type MessageToWrite, messagesIn } from "../store/message-reads.ts";
import { type CompanyFacts, type CustomerFacts, companies, customersById } from "../store/party-reads.ts";
import {
  type DecisionRecord,
  decisionAmounts,
  decisionsToApprove,
  findRun,
  isOpenRun,
  lockRun,
  type RunRecord,
  runMessages,
  setRunState,
  skipDecisions,
} from "../store/run-rows.ts";
import { scenarioVersion } from "../store/scenario-rows.ts";
import { messageFacts, pinnedItems, senderOf } from "./message-facts.ts";
import { type RecheckRequest, recheckMessages } from "./recheck-messages.ts";
import { rulesOf } from "./scenario-in-force.ts";

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
    if (!isOpenRun(run)) return refuse("run_not_under_review", { state: run.state });
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
  if (!run || !isOpenRun(run)) return refuse("run_not_under_review", { state: run?.state ?? "" });
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

/** What the messages of a chunk are written with, read once for all of them. */
type Desk = {
  readonly scenario: Scenario;
  readonly checkOn: CalendarDate;
  readonly messages: ReadonlyMap<Uuid, MessageToWrite>;
  readonly previous: ReadonlyMap<string, CalendarDate | undefined>;
  readonly companies: ReadonlyMap<Uuid, CompanyFacts>;
  readonly customers: ReadonlyMap<Uuid, CustomerFacts>;
  readonly templates: ReadonlyMap<string, TemplateRecord>;
  readonly settings: Awaited<ReturnType<typeof loadChannel>>["settings"];
  readonly texts: Map<string, TemplateText | undefined>;
  readonly fields: ReadonlySet<string>;
  readonly free: ReadonlyMap<Uuid, readonly FreeValue[]>;
};

async function layOut(
  tx: Tx,
  run: RunRecord,
  decisions: readonly DecisionRecord[],
  today: CalendarDate,
): Promise<Desk> {
  const stored = await scenarioVersion(tx, run.scenarioId, run.scenarioVersionNo);
  if (!stored) throw new Error("the scenario of a run is gone");
  const checkOn = run.sandbox ? run.asOf : laterOf(today, run.asOf);
  const ids = decisions.flatMap((one) => one.messageIds);
  const waiting = await messagesIn(tx, ids, ["planned"]);
  const histories = await groupHistories(
    tx,
    run.sandbox,
    decisions.map((one) => one.groupKey),
  );
  const customerIds = decisions.map((one) => one.customerId);
  return {
    scenario: rulesOf(stored, checkOn),
    checkOn,
    messages: new Map(waiting.map((one) => [one.messageId, one])),
    previous: new Map(histories.map((row) => [row.groupKey, row.lastSentOn ?? undefined])),
    companies: await companies(tx),
    customers: await customersById(tx, customerIds),
    free: await freeValuesOf(tx, customerIds, checkOn),
    fields: await mergeFieldKeys(tx),
    templates: new Map((await listTemplates(tx)).map((template) => [template.key, template])),
    settings: (await loadChannel(tx)).settings,
    texts: new Map(),
  };
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
  // One approval at a time writes a run's messages; a second one finds them written.
  const open = await lockRun(tx, run.runId);
  if (!open || !isOpenRun(open)) return;
  const desk = await layOut(tx, run, decisions, today);
  const rechecked = await recheckMessages(tx, desk.scenario, desk.checkOn, decisions.map(requestOf));
  const written: Written[] = [];
  const failed: { decision: DecisionRecord; reason: string }[] = [];
  for (const decision of decisions) {
    const checked = rechecked.get(decision.decisionId);
    if (!checked) throw new Error("a decision was not rechecked");
    if (checked.result.kind === "withdraw") {
      failed.push({ decision, reason: checked.result.reason });
      continue;
    }
    const items = pinnedItems(checked.result.lines, checked.details);
    const waiting = decision.messageIds.flatMap((id) => desk.messages.get(id) ?? []);
    for (const message of waiting) {
      const one = write(desk, decision, message, items);
      if (typeof one === "string") failed.push({ decision, reason: one });
      else written.push(one);
    }
  }
  await insertRenditions(
    tx,
    written.map((one) => one.rendition),
    now,
  );
  await pinApproved(
    tx,
    written.map((one) => one.pin),
    actor.id,
    now,
  );
  await skipFailed(tx, run.runId, failed, now);
}

type Written = { readonly rendition: Rendition; readonly pin: Pin };

/** One message rendered, or the reason why it cannot be written. */
function write(
  desk: Desk,
  decision: DecisionRecord,
  message: MessageToWrite,
  items: readonly PinnedItem[],
): Written | string {
  const company = desk.companies.get(decision.companyId);
  const customer = desk.customers.get(decision.customerId);
  const template = desk.templates.get(
    desk.scenario.steps.find((step) => step.key === decision.stepKey)?.templateKey ?? "",
  );
  const text = template && parsed(template, message.language, desk);
  if (!company || !customer || !template || !text) return "template_missing";
  const { messageId, language, recipientName } = message;
  const { currency } = decision;
  const sender = senderOf(desk.settings, company);
  const previousSentOn = desk.previous.get(decision.groupKey);
  const facts = messageFacts(
    {
      language,
      recipientName,
      company,
      customer,
      currency,
      messageDay: desk.checkOn,
      previousSentOn,
      sender,
      free: desk.free.get(decision.customerId) ?? [],
    },
    items,
  );
  const rendered = renderMessage(text, facts, language);
  if (!rendered.ok) return rendered.fault.code;
  const hash = partsHash(sender.address, message.recipientAddress, rendered.value);
  // A recalled message was rendered before: the new rendition stands beside the old one.
  const rendition = message.rendition + 1;
  const amountMinor = items.reduce((sum, item) => sum + item.openMinor, 0n);
  const pin: Pin = {
    messageId,
    rendition,
    subject: rendered.value.subject,
    amountMinor,
    itemCount: items.length,
    debitIds: items.filter((item) => item.openMinor > 0n).map((item) => item.itemId),
    templateId: template.templateId,
    templateVersionNo: template.versionNo,
    senderAddress: sender.address,
    senderName: sender.name,
    replyTo: sender.replyTo,
  };
  return { rendition: { messageId, rendition, ...rendered.value, partsHash: hash, amountMinor, items }, pin };
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
function parsed(
  template: TemplateRecord,
  language: "fr" | "en",
  { texts: known, fields }: Pick<Desk, "texts" | "fields">,
) {
  const key = `${template.key} ${language}`;
  if (known.has(key)) return known.get(key);
  const own = template.content[language] ?? template.content[language === "fr" ? "en" : "fr"];
  const text = own && parseTemplateText(own.subject, own.body, fields);
  const value = text?.ok ? text.value : undefined;
  known.set(key, value);
  return value;
}
