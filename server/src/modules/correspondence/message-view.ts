import type { MessageDetail, MessageRow } from "#contracts/correspondence.ts";
import { parseEmailAddress } from "./core/address.ts";
import { messageIdHeader } from "./core/mime.ts";
import type { itemsOfMessage, ListedMessage, proofsOfMessage } from "./store/message-list.ts";

/** Stored rows in the shape of the contract. */
export function asRow(message: ListedMessage): MessageRow {
  const { currency, amountMinor } = message;
  return {
    messageId: message.messageId,
    kind: message.kind,
    channel: message.channel,
    state: message.state,
    reason: message.reason,
    sandbox: message.sandbox,
    customerId: message.customerId,
    customerName: message.customerName,
    companyId: message.companyId,
    track: message.track,
    stepKey: message.stepKey,
    level: message.level,
    recipient: message.recipient,
    recipientName: message.recipientName,
    subject: message.subject,
    amount: currency && amountMinor !== null ? { minor: String(amountMinor), currency } : null,
    itemCount: message.itemCount,
    runId: message.runId,
    leavesAt: message.leavesAt,
    changedAt: message.changedAt,
    acceptedAt: message.acceptedAt,
  };
}

export function asDetail(
  message: ListedMessage,
  rendered: MessageDetail["rendered"],
  items: Awaited<ReturnType<typeof itemsOfMessage>>,
  proofs: Awaited<ReturnType<typeof proofsOfMessage>>,
): MessageDetail {
  const currency = message.currency ?? "EUR";
  const sender = parseEmailAddress(message.senderAddress ?? "");
  return {
    ...asRow(message),
    version: message.version,
    language: message.language,
    templateId: message.templateId,
    templateVersionNo: message.templateVersionNo,
    sender: message.senderAddress ?? "",
    messageIdHeader: sender ? messageIdHeader(message.messageId, sender) : "",
    rendered,
    items: items.map(({ originalMinor, openMinor, ...item }) => ({
      ...item,
      original: { minor: String(originalMinor), currency },
      open: { minor: String(openMinor), currency },
    })),
    proofs,
    approvedBy: message.approvedBy,
    approvedAt: message.approvedAt,
  };
}
