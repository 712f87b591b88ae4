import { addDays, type CalendarDate } from "#kernel/calendar-date.ts";
import type { Clock } from "#kernel/clock.ts";
import type { Uuid } from "#kernel/ids.ts";
import type { CheckFacts, ClaimedMessage, ProofFacts, Verdict } from "#modules/correspondence/index.ts";
import { freeValuesOf } from "#modules/parties/index.ts";
import type { Tx } from "#platform/database/index.ts";
import { groupHistories } from "../store/history-rows.ts";
import { customersInDifference } from "../store/ledger-reads.ts";
import { pinnedLines, recipientFacts } from "../store/message-reads.ts";
import { companies, customersById } from "../store/party-reads.ts";
import { messageFacts, pinnedItems } from "./message-facts.ts";
import { freshness } from "./plan-run.ts";
import { type Rechecked, type RecheckRequest, recheckMessages } from "./recheck-messages.ts";
import { rulesOf, scenarioInForce } from "./scenario-in-force.ts";

/** How long an automatic message waits for the ledger to be loaded again before it is asked once more. */
const STALE_WAIT_SECONDS = 15 * 60;
const RECENT_DAYS = 7;
const FRESHNESS_READ_MS = 5_000;

/**
 * The check at hand-over, plugged into the outbox by `app/`: open, free, at least the thresholds, still the right address, data fresh.
 * In the sandbox, where nothing leaves, a message is held against the day it was planned for, so that past days can be rehearsed.
 */
export function checkHandOver(clock: Clock): CheckFacts {
  const ageOfData = new AgeOfData();
  return async (tx, messages, today) => {
    const verdicts = new Map<Uuid, Verdict>();
    for (const [checkOn, some] of Map.groupBy(messages, (one) =>
      one.sandbox ? one.businessDate : (today as CalendarDate),
    ))
      await checkOnDay(tx, clock, checkOn, some, verdicts, ageOfData);
    return verdicts;
  };
}

/** The age of each company's ledger, read again every few seconds: it is asked for every message and changes with loads only. */
class AgeOfData {
  readonly #known = new Map<string, { readonly at: number; readonly isFresh: (companyId: Uuid) => boolean }>();

  async of(tx: Tx, sandbox: boolean, now: Date): Promise<(companyId: Uuid) => boolean> {
    const key = `${tx.tenant} ${sandbox}`;
    const known = this.#known.get(key);
    if (known && Math.abs(now.getTime() - known.at) < FRESHNESS_READ_MS) return known.isFresh;
    const isFresh = await freshness(tx, sandbox, now);
    this.#known.set(key, { at: now.getTime(), isFresh });
    return isFresh;
  }
}

async function checkOnDay(
  tx: Tx,
  clock: Clock,
  checkOn: CalendarDate,
  messages: readonly ClaimedMessage[],
  verdicts: Map<Uuid, Verdict>,
  ageOfData: AgeOfData,
): Promise<void> {
  const now = clock.now();
  const row = await scenarioInForce(tx, checkOn, checkOn, now.toISOString());
  const lines = await pinnedLines(tx, messages);
  const requests = messages.flatMap((message) => requestOf(message, lines.get(message.messageId) ?? []));
  const rechecked = await recheckMessages(tx, rulesOf(row, checkOn), checkOn, requests);
  for (const message of messages) {
    const checked = rechecked.get(message.messageId);
    if (checked) verdicts.set(message.messageId, await verdictOf(tx, message, checked, checkOn, now, ageOfData));
  }
}

function requestOf(message: ClaimedMessage, pinned: RecheckRequest["pinned"]): RecheckRequest[] {
  const { messageId, groupKey, track, companyId, customerId, currency } = message;
  if (!groupKey || !companyId || !customerId || !currency) return [];
  const known = track === "courtesy" || track === "thanks" ? track : "reminder";
  return [{ key: messageId, groupKey, track: known, companyId, customerId, currency, pinned }];
}

async function verdictOf(
  tx: Tx,
  message: ClaimedMessage,
  checked: Rechecked,
  checkOn: CalendarDate,
  now: Date,
  ageOfData: AgeOfData,
): Promise<Verdict> {
  const { result } = checked;
  const isRecent = (await ageOfData.of(tx, message.sandbox, now))(message.companyId ?? "");
  const differing = message.sandbox ? [] : await customersInDifference(tx, [message.customerId ?? ""]);
  const isFresh = isRecent && ![...differing].includes(`${message.companyId} ${message.customerId}`);
  const { customerId, contactId, recipientAddress: address } = message;
  const since = addDays(checkOn, -RECENT_DAYS);
  const recipient = await recipientFacts(tx, { customerId: customerId ?? "", contactId, address, on: checkOn, since });
  const isReachable = recipient.isKnown && !recipient.isRefused;
  const facts: ProofFacts = {
    checkedOn: checkOn,
    checkedAt: now.toISOString(),
    items: result.kind === "withdraw" ? 0 : result.lines.length,
    totalMinor: result.kind === "withdraw" ? "0" : String(result.amountMinor),
    currency: message.currency,
    stopped: result.kind === "withdraw" && result.reason === "stopped",
    disputed: 0,
    promised: 0,
    addressValid: isReachable,
    dataFresh: isFresh,
    otherMessagesLast7Days: recipient.recent,
  };
  if (result.kind === "withdraw") return { kind: "withdraw", reason: result.reason, facts };
  if (!isReachable) return { kind: "withdraw", reason: "address_changed", facts };
  if (!isFresh && message.mode === "auto")
    return { kind: "wait", reason: "data_stale", seconds: STALE_WAIT_SECONDS, facts };
  if (result.kind === "equal") return { kind: "equal", facts };
  const items = pinnedItems(result.lines, checked.details);
  return { kind: "less", facts, items, message: await factsOf(tx, message, items, checkOn) };
}

async function factsOf(
  tx: Tx,
  message: ClaimedMessage,
  items: ReturnType<typeof pinnedItems>,
  messageDay: CalendarDate,
) {
  const company = (await companies(tx)).get(message.companyId ?? "");
  const customer = (await customersById(tx, [message.customerId ?? ""])).get(message.customerId ?? "");
  if (!company || !customer || !message.currency) throw new Error("a message without its company or customer");
  const [history] = await groupHistories(tx, message.sandbox, [message.groupKey ?? ""]);
  const { language, recipientName, currency } = message;
  const sender = { address: message.senderAddress, name: message.senderName, replyTo: message.replyTo };
  const previousSentOn = history?.lastSentOn ?? undefined;
  const free = (await freeValuesOf(tx, [customer.customerId], messageDay)).get(customer.customerId) ?? [];
  return messageFacts(
    { language, recipientName, company, customer, currency, messageDay, previousSentOn, sender, free },
    items,
  );
}
