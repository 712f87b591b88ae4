import { randomBytes } from "node:crypto";
import type { Permission } from "#contracts/permissions.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { newId } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import * as store from "../store/access-store.ts";
import { API_KEY_PREFIX, hashOf } from "./authenticate.ts";

/** Makes a key good to the end of a day. It is given back once. Refuses rights that its maker lacks and days gone by. */
export async function makeApiKey(
  services: Services,
  actor: Actor,
  wanted: { name: string; permissions: readonly Permission[]; expiresOn: CalendarDate; sourceId?: string },
  today: CalendarDate,
) {
  if (wanted.expiresOn < today) return refuse("expiry_in_past");
  const missing = wanted.permissions.find((permission) => !actor.permissions.has(permission));
  if (missing) return refuse("api_key_scope", { permission: missing });
  const key = API_KEY_PREFIX + randomBytes(30).toString("base64url");
  return services.db.transaction(actor.tenant, async (tx) => {
    const row = await store.insertApiKey(tx, {
      tenant: actor.tenant,
      id: newId(),
      name: wanted.name,
      keyHash: hashOf(key),
      hint: key.slice(-4),
      permissions: wanted.permissions,
      createdBy: actor.id,
      expiresOn: wanted.expiresOn,
      zone: actor.zone,
      sourceId: wanted.sourceId ?? null,
    });
    await record(tx, actor, {
      kind: "access.api_key.made",
      version: 1,
      subject: { type: "api_key", id: row.id },
      payload: {
        name: row.name,
        permissions: [...wanted.permissions],
        expiresOn: wanted.expiresOn,
        ...(wanted.sourceId ? { sourceId: wanted.sourceId } : {}),
      },
    });
    return done({ apiKey: row, key });
  });
}

export async function revokeApiKey(
  services: Services,
  actor: Actor,
  apiKeyId: string,
): Promise<Result<Record<string, never>>> {
  return services.db.transaction(actor.tenant, async (tx) => {
    if ((await store.revokeApiKey(tx, actor.tenant, apiKeyId)) === 0) return refuse("not_found");
    await record(tx, actor, {
      kind: "access.api_key.revoked",
      version: 1,
      subject: { type: "api_key", id: apiKeyId },
      payload: {},
    });
    return done({});
  });
}
