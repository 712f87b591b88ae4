import { newId } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "../actor.ts";
import { record } from "../journal/index.ts";
import type { Services } from "../services.ts";
import { newSecret } from "./rules.ts";
import * as store from "./store.ts";

export type EndpointWrite = {
  readonly name: string;
  readonly url: string;
  readonly kinds: readonly string[];
  readonly isActive: boolean;
};

type WriteRefusal = "not_found" | "version_required" | "stale_version" | "webhook_url";

/** Only https leaves, without a name and password in the address; plain http only to hosts that the operator allows. */
function urlFault(services: Services, text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.username !== "" || url.password !== "" || text.length > 2_000) return true;
  return url.protocol !== "https:" && !(url.protocol === "http:" && services.outside.allowed.includes(url.hostname));
}

/** Makes an endpoint; its secret is given back once. */
export async function addEndpoint(
  services: Services,
  actor: Actor,
  wanted: EndpointWrite,
): Promise<Result<{ endpoint: store.EndpointRow; secret: string }, WriteRefusal>> {
  if (urlFault(services, wanted.url)) return refuse("webhook_url");
  const id = newId();
  const secret = newSecret();
  return services.db.transaction(actor.tenant, async (tx) => {
    const { name, url } = wanted;
    const row = { id, name, url, kinds: [...wanted.kinds], secret: services.secrets.seal(secret), createdBy: actor.id };
    await store.insertEndpoint(tx, row);
    await record(tx, actor, {
      kind: "platform.webhook.added",
      version: 1,
      subject: { type: "webhook", id },
      payload: { name, url, kinds: [...wanted.kinds] },
    });
    const endpoint = await store.findEndpoint(tx, id);
    return endpoint ? done({ endpoint, secret }) : refuse("not_found");
  });
}

export async function changeEndpoint(
  services: Services,
  actor: Actor,
  id: string,
  wanted: EndpointWrite,
  version: number | undefined,
): Promise<Result<store.EndpointRow, WriteRefusal>> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const before = await store.findEndpoint(tx, id, true);
    if (!before) return refuse("not_found");
    if (version === undefined) return refuse("version_required");
    if (version !== before.version) return refuse("stale_version");
    if (urlFault(services, wanted.url)) return refuse("webhook_url");
    await store.updateEndpoint(tx, id, { ...wanted, kinds: [...wanted.kinds] }, wanted.isActive && !before.isActive);
    await record(tx, actor, {
      kind: "platform.webhook.changed",
      version: 1,
      subject: { type: "webhook", id },
      payload: { name: wanted.name, url: wanted.url, kinds: [...wanted.kinds], isActive: wanted.isActive },
    });
    const after = await store.findEndpoint(tx, id);
    return after ? done(after) : refuse("not_found");
  });
}

export async function removeEndpoint(
  services: Services,
  actor: Actor,
  id: string,
): Promise<Result<Record<string, never>, "not_found">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    if ((await store.removeEndpoint(tx, id)) === 0) return refuse("not_found");
    const subject = { type: "webhook", id };
    await record(tx, actor, { kind: "platform.webhook.removed", version: 1, subject, payload: {} });
    return done({});
  });
}

/** A new secret, given back once; both sign for a day. */
export async function rotateSecret(
  services: Services,
  actor: Actor,
  id: string,
): Promise<Result<{ secret: string }, "not_found">> {
  const secret = newSecret();
  return services.db.transaction(actor.tenant, async (tx) => {
    if ((await store.rotateSecret(tx, id, services.secrets.seal(secret))) === 0) return refuse("not_found");
    const subject = { type: "webhook", id };
    await record(tx, actor, { kind: "platform.webhook.secret_changed", version: 1, subject, payload: {} });
    return done({ secret });
  });
}

/** Sends an event of its own to the endpoint, at once, whatever it subscribed to. */
export async function testEndpoint(
  services: Services,
  actor: Actor,
  id: string,
): Promise<Result<{ deliveryId: string }, "not_found">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    if (!(await store.findEndpoint(tx, id))) return refuse("not_found");
    const kind = "platform.webhook.tested";
    const eventId = await record(tx, actor, { kind, version: 1, subject: { type: "webhook", id }, payload: {} });
    const deliveryId = newId();
    const now = services.clock.now().toISOString();
    await store.insertDeliveries(tx, id, [{ id: deliveryId, eventId, kind }], now);
    return done({ deliveryId });
  });
}

/** Sends one delivery again, or all that were given up. Receivers know a repeated event by its id. */
export async function replayDeliveries(
  services: Services,
  actor: Actor,
  which: { deliveryId: string } | { endpointId: string },
): Promise<Result<{ replayed: number }, "not_found">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const endpointId =
      "endpointId" in which ? which.endpointId : (await store.findDelivery(tx, which.deliveryId))?.endpointId;
    if (!endpointId || !(await store.findEndpoint(tx, endpointId))) return refuse("not_found");
    const replayed = await store.replay(tx, which, services.clock.now().toISOString());
    await record(tx, actor, {
      kind: "platform.webhook.replayed",
      version: 1,
      subject: { type: "webhook", id: endpointId },
      payload: { replayed },
    });
    return done({ replayed });
  });
}
