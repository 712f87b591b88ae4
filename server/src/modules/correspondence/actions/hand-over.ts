import { type Clock, secondsLater, todayIn } from "#kernel/clock.ts";
import type { TenantId, Uuid } from "#kernel/ids.ts";
import type { Db, Tx } from "#platform/database/index.ts";
import { type JsonObject, record } from "#platform/journal/index.ts";
import { failpoint } from "../channels/failpoint.ts";
import type { SmtpSession } from "../channels/smtp-session.ts";
import { parseEmailAddress } from "../core/address.ts";
import { type Envelope, mimeMessage } from "../core/mime.ts";
import { channelPauseSeconds, type HandOver, MAX_ATTEMPTS, outcomeOf, retryDelaySeconds } from "../core/outcome.ts";
import { parseTemplateText } from "../core/parse-document.ts";
import { type Rendered, renderMessage } from "../core/render.ts";
import { onLessOwed, type Verdict } from "../core/verdict.ts";
import { pauseChannel, resumeChannel } from "../store/channel-rows.ts";
import { insertRenditions, type PinnedItem } from "../store/message-rows.ts";
import { type ClaimedMessage, endHandOver, lockClaimed, releaseClaim, startHandOver } from "../store/outbox-rows.ts";
import { insertSuppressed } from "../store/suppression-rows.ts";
import { contentOf } from "../store/template-rows.ts";
import { partsHash, sha256 } from "./hash.ts";
import { mergeFieldKeys } from "./merge-fields.ts";

/** The room that knows what is owed answers here; `app/` plugs it in. A message without a verdict leaves as pinned. */
export type CheckFacts = (
  tx: Tx,
  messages: readonly ClaimedMessage[],
  today: string,
) => Promise<ReadonlyMap<Uuid, Verdict>>;

export type HandOverContext = {
  readonly db: Db;
  readonly clock: Clock;
  readonly tenant: TenantId;
  readonly zone: string;
  readonly worker: string;
  readonly leaseSeconds: number;
  readonly checkFacts: CheckFacts;
  readonly random: () => number;
  /** Failures in a row of the channel when it was last looked at; a success ends its rest. */
  readonly failures: () => number;
};

const OUTBOX = { kind: "system", id: "outbox" } as const;

type Ready = { readonly message: ClaimedMessage; readonly attemptNo: number; readonly raw: string };

/** Hands over one claimed message: facts read again, `handing_over` committed, then the bytes, then what came of it. */
export async function handOver(
  context: HandOverContext,
  messageId: Uuid,
  session: () => Promise<SmtpSession | HandOver>,
  isSandbox: boolean,
): Promise<void> {
  if (isSandbox) {
    await context.db.transaction(context.tenant, async (tx) => {
      const ready = await prepare(tx, context, messageId);
      if (ready) await finish(tx, context, ready, { stage: "after_data", code: 250, reply: "sandbox" });
    });
    return;
  }
  const opened = await session();
  if ("stage" in opened) {
    await restChannel(context, messageId, opened);
    return;
  }
  const ready = await context.db.transaction(context.tenant, (tx) => prepare(tx, context, messageId));
  if (!ready) return;
  failpoint("after_handing_over");
  const answer = await deliver(ready, opened, session);
  failpoint("after_reply_before_commit");
  await context.db.transaction(context.tenant, (tx) => finish(tx, context, ready, answer));
}

async function deliver(
  ready: Ready,
  opened: SmtpSession,
  reopen: () => Promise<SmtpSession | HandOver>,
): Promise<HandOver> {
  const { message, raw } = ready;
  const envelope = { from: message.senderAddress, to: message.recipientAddress };
  const hooks = { afterData: () => failpoint("after_data"), afterDot: () => failpoint("after_dot_before_reply") };
  const wasUsed = opened.carried > 0;
  const answer = await opened.send(envelope, raw, hooks);
  // A server may close a connection that stood idle: before any byte of the message that costs nothing, so once with a new one.
  if (!wasUsed || answer.code !== 0 || answer.stage !== "mail_from") return answer;
  const again = await reopen();
  return "stage" in again ? again : again.send(envelope, raw, hooks);
}

/** Reads the facts again and moves the message to `handing_over`; undefined when it does not leave now. */
async function prepare(tx: Tx, context: HandOverContext, messageId: Uuid): Promise<Ready | undefined> {
  const message = await lockClaimed(tx, messageId, context.worker);
  if (!message) return undefined;
  const verdict = await verdictOf(tx, context, message);
  const pinned: Rendered = { subject: message.subject, html: message.html, text: message.text };
  if (verdict.kind === "equal")
    return start(tx, context, message, message.rendition, pinned, message.partsHash, verdict.facts);
  if (verdict.kind === "withdraw") return leave(tx, context, message, "withdrawn", verdict.reason, verdict.facts, 0);
  if (verdict.kind === "wait")
    return leave(tx, context, message, "held", verdict.reason, verdict.facts, verdict.seconds);
  if (onLessOwed(message.mode) === "review")
    return leave(tx, context, message, "planned", "less_owed", verdict.facts, 0);
  const rendered = await rerender(tx, message, verdict.message);
  if (!rendered) return leave(tx, context, message, "planned", "render_failed", verdict.facts, 0);
  const hash = partsHash(message.senderAddress, message.recipientAddress, rendered);
  const rendition = message.rendition + 1;
  const items = verdict.items as readonly PinnedItem[];
  const amountMinor = items.reduce((sum, item) => sum + item.openMinor, 0n);
  const content = { messageId, rendition, ...rendered, partsHash: hash, amountMinor, items };
  await insertRenditions(tx, [content], context.clock.now().toISOString());
  const debitIds = items.filter((item) => item.openMinor > 0n).map((item) => item.itemId);
  return start(tx, context, message, rendition, rendered, hash, { ...verdict.facts, lessOwed: true }, debitIds);
}

async function verdictOf(tx: Tx, context: HandOverContext, message: ClaimedMessage): Promise<Verdict> {
  if (message.kind === "manual") return { kind: "equal", facts: { writtenBy: "person" } };
  const verdicts = await context.checkFacts(tx, [message], todayIn(context.clock, context.zone));
  return verdicts.get(message.messageId) ?? { kind: "equal", facts: { checked: false } };
}

async function rerender(
  tx: Tx,
  message: ClaimedMessage,
  facts: Parameters<typeof renderMessage>[1],
): Promise<Rendered | undefined> {
  if (!message.templateId || !message.templateVersionNo) return undefined;
  const content = await contentOf(tx, message.templateId, message.templateVersionNo);
  const own = content?.[message.language];
  const parsed = own && parseTemplateText(own.subject, own.body, await mergeFieldKeys(tx));
  const rendered = parsed?.ok ? renderMessage(parsed.value, facts, message.language) : undefined;
  return rendered?.ok ? rendered.value : undefined;
}

async function start(
  tx: Tx,
  context: HandOverContext,
  message: ClaimedMessage,
  rendition: number,
  rendered: Rendered,
  sentHash: string,
  facts: JsonObject,
  debitIds?: readonly Uuid[],
): Promise<Ready | undefined> {
  const envelope = envelopeOf(message);
  if (!envelope) return leave(tx, context, message, "withdrawn", "address_invalid", facts, 0);
  const raw = mimeMessage(envelope, rendered);
  const { worker, leaseSeconds } = context;
  const attemptNo = await startHandOver(tx, {
    message,
    worker,
    rendition,
    debitIds,
    facts,
    sentHash,
    raw,
    rawHash: sha256(raw),
    leaseSeconds,
  });
  return { message, attemptNo, raw };
}

function envelopeOf(message: ClaimedMessage): Envelope | undefined {
  const from = parseEmailAddress(message.senderAddress);
  const to = parseEmailAddress(message.recipientAddress);
  if (!from || !to) return undefined;
  return {
    messageId: message.messageId,
    from: { address: from, name: message.senderName },
    to: { address: to, name: message.recipientName },
    replyTo: (message.replyTo && parseEmailAddress(message.replyTo)) || null,
    language: message.language,
  };
}

async function leave(
  tx: Tx,
  context: HandOverContext,
  message: ClaimedMessage,
  state: "held" | "planned" | "withdrawn",
  reason: string,
  facts: JsonObject,
  seconds: number,
): Promise<undefined> {
  const leavesAt = state === "held" ? secondsLater(context.clock, seconds) : null;
  const moved = await releaseClaim(tx, message.messageId, context.worker, { state, reason, leavesAt });
  if (!moved || state === "held") return;
  await record(
    tx,
    OUTBOX,
    eventOf(message, state === "planned" ? "returned_to_review" : "withdrawn", { reason, facts }),
  );
}

/** Writes the outcome with its event; an address refused for good is not written to again. */
async function finish(tx: Tx, context: HandOverContext, ready: Ready, answer: HandOver): Promise<void> {
  const { message, attemptNo } = ready;
  const outcome = outcomeOf(answer);
  const isLast = outcome.kind === "retry" && attemptNo >= MAX_ATTEMPTS;
  const state = outcome.kind === "retry" ? (isLast ? "refused" : "held") : outcome.kind;
  const reason = outcome.kind === "accepted" ? null : isLast ? "too_many_attempts" : outcome.reason;
  const written = await endHandOver(tx, {
    messageId: message.messageId,
    worker: context.worker,
    attemptNo,
    state,
    reason,
    // In the sandbox a past day can be rehearsed: the message counts as sent on the day it was planned for.
    sentOn: message.sandbox ? message.businessDate : todayIn(context.clock, context.zone),
    leavesAt: state === "held" ? secondsLater(context.clock, retryDelaySeconds(attemptNo, context.random())) : null,
    stage: answer.stage,
    replyCode: answer.code,
    reply: answer.reply,
  });
  if (!written) return;
  if (outcome.kind === "retry" && outcome.blame === "channel") await rest(tx, context, outcome.reason);
  else if (!message.sandbox && context.failures() > 0) await resumeChannel(tx);
  if (state === "held") return;
  if (outcome.kind === "refused" && outcome.blame === "address")
    await insertSuppressed(
      tx,
      message.recipientAddress,
      outcome.reason,
      message.messageId,
      context.clock.now().toISOString(),
    );
  const what = state === "accepted" && message.sandbox ? "captured" : state;
  await record(tx, OUTBOX, eventOf(message, what, { reason, attemptNo, replyCode: answer.code }));
}

/** The channel rests longer with each failure in a row. */
const rest = (tx: Tx, context: HandOverContext, reason: string) =>
  pauseChannel(tx, channelPauseSeconds(context.failures() + 1, context.random()), reason);

async function restChannel(context: HandOverContext, messageId: Uuid, failure: HandOver): Promise<void> {
  const outcome = outcomeOf(failure);
  const reason = outcome.kind === "retry" ? outcome.reason : failure.stage;
  await context.db.transaction(context.tenant, async (tx) => {
    await rest(tx, context, reason);
    await releaseClaim(tx, messageId, context.worker, {
      state: "held",
      reason,
      leavesAt: secondsLater(context.clock, 0),
    });
  });
}

function eventOf(message: ClaimedMessage, what: string, payload: JsonObject) {
  return {
    kind: `correspondence.message.${what}`,
    version: 1,
    subject: { type: "message", id: message.messageId },
    about: message.customerId ? [{ type: "customer", id: message.customerId }] : [],
    payload: {
      ...payload,
      track: message.track,
      stepKey: message.stepKey,
      level: message.level,
      amountMinor: message.amountMinor === null ? null : String(message.amountMinor),
      currency: message.currency,
      sandbox: message.sandbox,
    },
  };
}
