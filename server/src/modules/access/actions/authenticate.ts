import { createHash } from "node:crypto";
import { PERMISSIONS, ROLE_PERMISSIONS, type Role } from "#contracts/permissions.ts";
import { type Clock, systemClock } from "#kernel/clock.ts";
import type { TenantId } from "#kernel/ids.ts";
import type { Actor } from "#platform/actor.ts";
import type { Db } from "#platform/database/index.ts";
import type { SignIn } from "../sign-in.ts";
import * as store from "../store/access-store.ts";

export const API_KEY_PREFIX = "enc_";
const REMEMBERED_MS = 5_000;
const REMEMBERED_CALLERS = 5_000;

export const hashOf = (secret: string): Buffer => createHash("sha256").update(secret).digest();

/** Who a session belongs to and where they work. */
export type SignedIn = {
  actor: Actor;
  user: { id: string; name: string; email: string };
  role: Role;
  tenants: store.TenantRow[];
};

export type CallerHeaders = {
  readonly cookie?: string | undefined;
  readonly authorization?: string | undefined;
  /** Tenant chosen by a user of several, in header `x-encours-tenant`. */
  readonly tenant?: string | undefined;
  readonly peer: string;
};

/** Finds the caller of a request. What it finds is remembered for 5 s, the longest a withdrawn right lives on. */
export function authenticator(db: Db, signIn: SignIn, clock: Clock = systemClock) {
  const remembered = new Map<
    string,
    { until: number; caller: Promise<{ actor: Actor; signedIn?: SignedIn } | undefined> }
  >();
  const find = async (headers: CallerHeaders) => {
    if (headers.authorization?.startsWith(`Bearer ${API_KEY_PREFIX}`)) {
      const actor = await actorOfKey(db, headers.authorization.slice("Bearer ".length));
      return actor && { actor };
    }
    if (!headers.cookie) return undefined;
    const user = await signIn.userOf(new Headers({ cookie: headers.cookie }));
    if (!user) return undefined;
    const signedIn = await signedInUser(db, user, headers.tenant);
    return signedIn && { actor: signedIn.actor, signedIn };
  };
  return {
    forget: () => remembered.clear(),
    caller: (headers: CallerHeaders) => {
      if (!headers.cookie && !headers.authorization) return Promise.resolve(undefined);
      const key = `${headers.authorization ?? ""}\n${headers.cookie ?? ""}\n${headers.tenant ?? ""}`;
      const now = clock.now().getTime();
      const known = remembered.get(key);
      if (known && known.until > now) return known.caller;
      if (remembered.size > REMEMBERED_CALLERS) remembered.clear();
      const caller = find(headers);
      remembered.set(key, { until: now + REMEMBERED_MS, caller });
      caller.catch(() => remembered.delete(key));
      return caller;
    },
  };
}

async function signedInUser(
  db: Db,
  user: { id: string; name: string; email: string; language: string },
  wanted: string | undefined,
): Promise<SignedIn | undefined> {
  const tenants = await db.global((tx) => store.membershipsOf(tx, user.id));
  const chosen = wanted ? tenants.find((tenant) => tenant.id === wanted) : tenants[0];
  if (!chosen) return undefined;
  const actor: Actor = {
    tenant: chosen.id,
    kind: "user",
    id: user.id,
    permissions: new Set(ROLE_PERMISSIONS[chosen.role]),
    language: user.language === "en" ? "en" : "fr",
    zone: chosen.zone,
  };
  return { actor, user: { id: user.id, name: user.name, email: user.email }, role: chosen.role, tenants };
}

async function actorOfKey(db: Db, key: string): Promise<Actor | undefined> {
  return db.global(async (tx) => {
    const row = await store.findApiKey(tx, hashOf(key));
    if (row?.state !== "active") return undefined;
    const tenant = await store.findTenant(tx, row.tenant);
    if (!tenant) return undefined;
    await store.touchApiKey(tx, row.tenant, row.id);
    const { language, zone } = tenant;
    const permissions = new Set(row.permissions);
    const scope = row.sourceId ? { sourceId: row.sourceId } : {};
    return { tenant: row.tenant, kind: "api_key", id: row.id, permissions, language, zone, ...scope };
  });
}

/** The system as caller of its own API in this process: the command line on its own machine. */
export const createCliCaller = (tenant: { id: TenantId; zone: string }, language: "fr" | "en"): Actor =>
  systemActor({ ...tenant, language }, "command line");

/** The system itself, for jobs and for the command line on its own machine. */
export const systemActor = (tenant: { id: TenantId; zone: string; language: "fr" | "en" }, name: string): Actor => ({
  tenant: tenant.id,
  kind: "system",
  id: name,
  permissions: new Set(PERMISSIONS),
  language: tenant.language,
  zone: tenant.zone,
});
