import type { DecisionDetail } from "#contracts/dunning.ts";
import type { Uuid } from "#kernel/ids.ts";
import {
  listTemplates,
  loadChannel,
  type MessageFacts,
  mergeFieldKeys,
  parseTemplateText,
  type Rendered,
  renderMessage,
} from "#modules/correspondence/index.ts";
import { freeValuesOf } from "#modules/parties/index.ts";
import type { Tx } from "#platform/database/index.ts";
import { decisionView } from "../run-view.ts";
import { groupHistories, sentSteps } from "../store/history-rows.ts";
import { type ItemDetail, openItemsById } from "../store/ledger-reads.ts";
import { messagesIn } from "../store/message-reads.ts";
import { companies, customersById } from "../store/party-reads.ts";
import { findDecision, findRun, type ListedDecision, type RunRecord } from "../store/run-rows.ts";
import { scenarioVersion } from "../store/scenario-rows.ts";
import { messageFacts, pinnedItems, senderOf } from "./message-facts.ts";

/** One decision with its items, what was sent before, why, and the message as it would read now; undefined when there is none. */
export async function readDecision(tx: Tx, runId: Uuid, decisionId: Uuid): Promise<DecisionDetail | undefined> {
  const run = await findRun(tx, runId);
  const decision = run && (await findDecision(tx, runId, decisionId));
  if (!run || !decision) return undefined;
  const ids = [...decision.itemIds, ...decision.leftOut.map((one) => one.itemId)];
  const details = new Map((await openItemsById(tx, run.asOf, ids)).map((item) => [item.itemId, item]));
  const history = await sentSteps(tx, run.sandbox, decision.groupKey);
  return {
    ...decisionView(decision),
    items: itemsOf(decision, details),
    history,
    why: decision.reasons.map(({ code, values }) => ({ code, values: { ...values } })),
    rendered: (await preview(tx, run, decision, details)) ?? null,
  };
}

function itemsOf(decision: ListedDecision, details: ReadonlyMap<Uuid, ItemDetail>): DecisionDetail["items"] {
  const { currency } = decision;
  const shape = (itemId: Uuid, openMinor: bigint | undefined) => {
    const item = details.get(itemId);
    if (!item) return undefined;
    const { number, kind, issuedOn, dueOn } = item;
    return { itemId, number, kind, issuedOn, dueOn, open: { minor: String(openMinor ?? item.openMinor), currency } };
  };
  const listed = decision.itemIds.flatMap((itemId, index) => {
    const item = shape(itemId, decision.itemOpens[index]);
    return item ? [{ ...item, listed: true, code: null, resumesOn: null }] : [];
  });
  const leftOut = decision.leftOut.flatMap(({ itemId, code, until }) => {
    const item = shape(itemId, undefined);
    return item ? [{ ...item, listed: false, code: code as DecisionDetail["code"], resumesOn: until ?? null }] : [];
  });
  return [...listed, ...leftOut];
}

async function preview(
  tx: Tx,
  run: RunRecord,
  decision: ListedDecision,
  details: ReadonlyMap<Uuid, ItemDetail>,
): Promise<Rendered | undefined> {
  const [messageId] = decision.messageIds;
  const [message] = messageId
    ? await messagesIn(tx, [messageId], ["planned", "approved", "held", "claimed", "accepted"])
    : [];
  const scenario = await scenarioVersion(tx, run.scenarioId, run.scenarioVersionNo);
  const key = scenario?.content.steps.find((step) => step.key === decision.stepKey)?.templateKey;
  const template = (await listTemplates(tx)).find((one) => one.key === key);
  const company = (await companies(tx)).get(decision.companyId);
  const customer = (await customersById(tx, [decision.customerId])).get(decision.customerId);
  if (!message || !template || !company || !customer) return undefined;
  const own = template.content[message.language] ?? template.content.fr;
  const lines = decision.itemIds.map((itemId, index) => ({ itemId, openMinor: decision.itemOpens[index] ?? 0n }));
  const [history] = await groupHistories(tx, run.sandbox, [decision.groupKey]);
  const { settings } = await loadChannel(tx);
  const { language, recipientName } = message;
  const facts = messageFacts(
    {
      language,
      recipientName,
      company,
      customer,
      currency: decision.currency,
      messageDay: run.asOf,
      previousSentOn: history?.lastSentOn ?? undefined,
      sender: senderOf(settings, company),
      free: (await freeValuesOf(tx, [decision.customerId], run.asOf)).get(decision.customerId) ?? [],
    },
    pinnedItems(lines, details),
  );
  return own && renderedOf(own, facts, language, await mergeFieldKeys(tx));
}

/** A template's text with facts, or undefined when it cannot be rendered. */
function renderedOf(
  own: { subject: unknown; body: unknown },
  facts: MessageFacts,
  language: "fr" | "en",
  fields: ReadonlySet<string>,
): Rendered | undefined {
  const parsed = parseTemplateText(own.subject, own.body, fields);
  const rendered = parsed.ok ? renderMessage(parsed.value, facts, language) : undefined;
  return rendered?.ok ? rendered.value : undefined;
}
