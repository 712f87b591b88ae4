import { newId, type TenantId } from "#kernel/ids.ts";
import type { Tx } from "../database/index.ts";
import { record } from "../journal/index.ts";
import { OutsideRefused, sendOutside } from "../outside/index.ts";
import type { Services } from "../services.ts";
import { DISABLED_AFTER_MS, isWanted, nextAttempt, signatureOf } from "./rules.ts";
import * as store from "./store.ts";

const AT_ONCE = 20;
const HELD_MS = 60_000;
const TIMEOUT_MS = 10_000;
const ACTOR = { kind: "system", id: "webhooks" } as const;

export type PumpOptions = {
  readonly timeoutMs?: number;
  /** Told in the transaction that disables an endpoint. */
  readonly onDisabled?: (tx: Tx, endpoint: { id: string; name: string }) => Promise<void>;
};

/**
 * One turn for a tenant: events sealed since the last turn become deliveries, due deliveries are sent. At least once: a sender that dies between the
 * answer and the record of it sends again. Returns how many were sent.
 */
export async function pumpWebhooks(services: Services, tenant: TenantId, options: PumpOptions = {}): Promise<number> {
  const now = services.clock.now();
  const hasEndpoints = await services.db.transaction(tenant, (tx) => announce(tx, now.toISOString()));
  if (!hasEndpoints) return 0;
  const heldUntil = new Date(now.getTime() + HELD_MS).toISOString();
  const claimed = await services.db.transaction(tenant, (tx) =>
    store.claimDeliveries(tx, now.toISOString(), heldUntil, AT_ONCE),
  );
  await Promise.all(claimed.map((delivery) => deliver(services, tenant, delivery, options)));
  return claimed.length;
}

async function announce(tx: Tx, now: string): Promise<boolean> {
  const endpoints = await store.listEndpoints(tx, true);
  for (const { id } of endpoints) {
    const endpoint = await store.findEndpoint(tx, id, true);
    if (!endpoint) continue;
    const { events, lastBlock } = await store.sealedAfter(tx, endpoint.afterBlock);
    const wanted = events.filter((event) => isWanted(endpoint.kinds, event.kind));
    if (wanted.length > 0)
      await store.insertDeliveries(
        tx,
        id,
        wanted.map((event) => ({ ...event, id: newId() })),
        now,
      );
    if (lastBlock > endpoint.afterBlock) await store.setAfterBlock(tx, id, lastBlock);
  }
  return endpoints.length > 0;
}

/** What is sent: ids and business values of the event, never what identifies a natural person. */
const bodyOf = ({ event, eventId }: store.ClaimedDelivery): string =>
  JSON.stringify({
    id: eventId,
    type: event.kind,
    version: event.version,
    timestamp: event.occurredAt,
    subject: { type: event.subjectType, id: event.subjectId },
    data: event.payload,
  });

async function deliver(
  services: Services,
  tenant: TenantId,
  delivery: store.ClaimedDelivery,
  options: PumpOptions,
): Promise<void> {
  const started = performance.now();
  const at = services.clock.now();
  const sent = await attempt(services, delivery, at, options.timeoutMs ?? TIMEOUT_MS);
  const isDelivered = sent.status !== null && sent.status >= 200 && sent.status < 300;
  const next = isDelivered ? undefined : nextAttempt(delivery.attempts, at, Math.random());
  await services.db.transaction(tenant, async (tx) => {
    await store.keepOutcome(tx, {
      ...sent,
      delivery,
      at: at.toISOString(),
      durationMs: Math.round(performance.now() - started),
      isDelivered,
      nextAttemptAt: next?.toISOString() ?? null,
    });
    if (!isDelivered) await disableWhenLost(tx, delivery.endpointId, sent.status, at, options);
  });
}

type Sent = { readonly status: number | null; readonly error: string | null; readonly answer: string | null };

async function attempt(
  services: Services,
  delivery: store.ClaimedDelivery,
  at: Date,
  timeoutMs: number,
): Promise<Sent> {
  const body = bodyOf(delivery);
  const timestamp = Math.floor(at.getTime() / 1_000);
  const secrets = [delivery.secret, delivery.previousSecret].flatMap((one) =>
    one ? [services.secrets.open(one)] : [],
  );
  const headers = {
    "content-type": "application/json",
    "user-agent": "Encours-Webhooks/1",
    "webhook-id": delivery.eventId,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": secrets.map((secret) => signatureOf(secret, delivery.eventId, timestamp, body)).join(" "),
  };
  try {
    const request = { method: "POST" as const, url: new URL(delivery.url), headers, body, timeoutMs };
    const answer = await sendOutside(request, services.outside);
    return { status: answer.status, error: null, answer: withoutNul(answer.body).slice(0, 1_000) };
  } catch (error) {
    const code =
      error instanceof OutsideRefused ? error.code : ((error as { code?: string }).code ?? (error as Error).message);
    return { status: null, error: code.slice(0, 200), answer: null };
  }
}

const withoutNul = (text: string): string => text.replaceAll("\u0000", "");

/** Gone by its own word, or silent for days: nothing more is sent until a person turns it on again. */
async function disableWhenLost(
  tx: Tx,
  endpointId: string,
  status: number | null,
  at: Date,
  options: PumpOptions,
): Promise<void> {
  const endpoint = await store.findEndpoint(tx, endpointId, true);
  if (!endpoint?.isActive) return;
  const isSilent =
    endpoint.failingSince !== null && at.getTime() - Date.parse(endpoint.failingSince) > DISABLED_AFTER_MS;
  if (status !== 410 && !isSilent) return;
  const reason = status === 410 ? "gone" : "silent";
  await store.disableEndpoint(tx, endpointId, reason);
  await record(tx, ACTOR, {
    kind: "platform.webhook.disabled",
    version: 1,
    subject: { type: "webhook", id: endpointId },
    payload: { reason },
  });
  await options.onDisabled?.(tx, endpoint);
}
