import { randomBytes } from "node:crypto";
import type { Role } from "#contracts/permissions.ts";
import { newId } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import type { Db, Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { SHORTEST_PASSWORD, type SignIn } from "../sign-in.ts";
import * as store from "../store/access-store.ts";
import { hashOf } from "./authenticate.ts";

const INVITATION_DAYS = 7;
const EMAIL = /^[^\s@<>(),;:"[\]\\]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;

/** Invites a person by a link that is shown once and good for 7 days. Refuses members and malformed addresses. */
export async function inviteUser(
  services: Services,
  actor: Actor,
  person: { email: string; name: string; role: Role },
) {
  const email = person.email.toLowerCase();
  if (!EMAIL.test(email)) return refuse("invalid_email", { value: person.email });
  const token = randomBytes(24).toString("base64url");
  return services.db.transaction(actor.tenant, async (tx) => {
    const users = await store.usersOf(tx, actor.tenant);
    if (users.some((user) => user.email === email)) return refuse("user_exists", { email });
    const invitation = await store.insertInvitation(tx, {
      tenant: actor.tenant,
      id: newId(),
      email,
      name: person.name,
      role: person.role,
      tokenHash: hashOf(token),
      invitedBy: actor.id,
      days: INVITATION_DAYS,
    });
    await record(tx, actor, {
      kind: "access.user.invited",
      version: 1,
      subject: { type: "invitation", id: invitation.id },
      payload: { role: person.role },
      personal: { personId: invitation.id, data: { email, name: person.name }, vault: services.vault },
    });
    return done({ invitation, link: `${services.publicUrl}/invitation/${token}` });
  });
}

export async function withdrawInvitation(
  services: Services,
  actor: Actor,
  invitationId: string,
): Promise<Result<Record<string, never>>> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const changed = await store.markInvitation(tx, actor.tenant, invitationId, "withdrawn");
    if (changed === 0) return refuse("not_found");
    await recordPlain(tx, actor, "access.invitation.withdrawn", "invitation", invitationId, {});
    return done({});
  });
}

/** What the person behind a link sees before accepting; reading it changes nothing, so scanners of mail may follow it. */
export async function seeInvitation(db: Db, token: string) {
  return db.global(async (tx) => {
    const invitation = await store.findInvitation(tx, hashOf(token));
    if (invitation?.state !== "open") return refuse("invitation_invalid");
    const tenant = await store.findTenant(tx, invitation.tenant);
    return done({ email: invitation.email, name: invitation.name, tenantName: tenant?.name ?? "", isKnownUser: false });
  });
}

/** Accepts: makes the user (or proves the known one by their password) and the membership. */
export async function acceptInvitation(
  db: Db,
  signIn: SignIn,
  given: { token: string; name: string; password: string },
) {
  if (given.password.length < SHORTEST_PASSWORD) return refuse("password_too_short", { length: SHORTEST_PASSWORD });
  const open = await db.global((tx) => store.findInvitation(tx, hashOf(given.token)));
  if (open?.state !== "open") return refuse("invitation_invalid");
  const user = await signIn.createUser({ email: open.email, name: given.name, password: given.password });
  if (!user.isNew && !(await signIn.checkPassword(open.email, given.password))) return refuse("invitation_invalid");
  return db.transaction(open.tenant, async (tx) => {
    const marked = await store.markInvitation(tx, open.tenant, open.id, "accepted");
    if (marked === 0) return refuse("invitation_invalid");
    await store.insertMembership(tx, open.tenant, user.id, open.role);
    const actor = { kind: "user", id: user.id } as const;
    await recordPlain(tx, actor, "access.invitation.accepted", "user", user.id, {
      invitationId: open.id,
      role: open.role,
    });
    return done({ email: open.email });
  });
}

/** Changes role or activity of a member. Refuses a stale version and the loss of the last administrator. */
export async function changeMembership(
  services: Services,
  actor: Actor,
  userId: string,
  change: { role: Role; isActive: boolean; version: number | undefined },
) {
  return services.db.transaction(actor.tenant, async (tx) => {
    const members = await store.lockMemberships(tx, actor.tenant);
    const member = members.find((one) => one.userId === userId);
    if (!member) return refuse("not_found");
    if (change.version === undefined) return refuse("version_required");
    if (change.version !== member.version) return refuse("stale_version");
    const stillLed = members.some((one) =>
      one.userId === userId
        ? change.isActive && change.role === "administrator"
        : one.isActive && one.role === "administrator",
    );
    if (!stillLed) return refuse("last_administrator");
    await store.updateMembership(tx, actor.tenant, userId, change.role, change.isActive);
    await recordPlain(tx, actor, "access.membership.changed", "user", userId, {
      before: { role: member.role, isActive: member.isActive },
      after: { role: change.role, isActive: change.isActive },
    });
    const user = (await store.usersOf(tx, actor.tenant)).find((one) => one.id === userId);
    return user ? done(user) : refuse("not_found");
  });
}

const recordPlain = (
  tx: Tx,
  actor: Pick<Actor, "kind" | "id">,
  kind: string,
  type: string,
  id: string,
  payload: Parameters<typeof record>[2]["payload"],
) => record(tx, actor, { kind, version: 1, subject: { type, id }, payload });
