import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import type { MessageState } from "../core/message-state.ts";
import { findMessage, type ListedMessage, resolve } from "../store/message-list.ts";
import { withdraw } from "../store/message-rows.ts";
import { removeSuppressed } from "../store/suppression-rows.ts";

type MessageServices = Pick<Services, "db" | "clock">;
export type Moved = { readonly messageId: Uuid; readonly state: MessageState; readonly version: number };

/**
 * What a person says of a message in doubt: it was sent; it was not and leaves again; it was not and shall not. A refused message may leave
 * again too, then its address is trusted once more.
 */
export async function resolveMessage(
  services: MessageServices,
  actor: Actor,
  messageId: Uuid,
  resolution: "was_sent" | "send_again" | "withdraw",
  today: CalendarDate,
): Promise<Result<Moved, "not_found" | "message_not_in_doubt">> {
  const now = services.clock.now().toISOString();
  return services.db.transaction(actor.tenant, async (tx) => {
    const message = await findMessage(tx, messageId);
    if (!message) return refuse("not_found");
    const from: MessageState[] = resolution === "was_sent" ? ["in_doubt"] : ["in_doubt", "refused"];
    const to = resolution === "was_sent" ? "accepted" : resolution === "send_again" ? "held" : "withdrawn";
    const reason = to === "withdrawn" ? "resolved_not_sent" : null;
    const version = await resolve(tx, messageId, { from, to, reason, now, today });
    if (version === undefined) return refuse("message_not_in_doubt", { state: message.state });
    if (to === "held") await removeSuppressed(tx, message.recipient);
    await noted(tx, actor, message, "resolved", { resolution, from: message.state });
    return done({ messageId, state: to, version });
  });
}

/** Takes one message back before any byte of it leaves. */
export async function withdrawMessage(
  services: MessageServices,
  actor: Actor,
  messageId: Uuid,
  reason: string,
): Promise<Result<Moved, "not_found" | "message_left_already">> {
  const now = services.clock.now().toISOString();
  return services.db.transaction(actor.tenant, async (tx) => {
    const message = await findMessage(tx, messageId);
    if (!message) return refuse("not_found");
    const moved = await withdraw(tx, [messageId], reason, now);
    if (moved.length === 0) return refuse("message_left_already", { state: message.state });
    await noted(tx, actor, message, "withdrawn", { reason });
    return done({ messageId, state: "withdrawn", version: message.version + 1 });
  });
}

async function noted(
  tx: Tx,
  actor: Actor,
  message: ListedMessage,
  what: string,
  payload: Record<string, string>,
): Promise<void> {
  await record(tx, actor, {
    kind: `correspondence.message.${what}`,
    version: 1,
    subject: { type: "message", id: message.messageId },
    about: message.customerId ? [{ type: "customer", id: message.customerId }] : [],
    payload,
  });
}
