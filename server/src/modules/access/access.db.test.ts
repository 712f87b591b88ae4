import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PERMISSIONS, ROLE_PERMISSIONS } from "#contracts/permissions.ts";
import { day } from "#kernel/calendar-date.ts";
import { aTestDatabase, type TestDatabase } from "../../../testing/database.ts";
import { type TestServices, testServices } from "../../../testing/services.ts";
import { authenticator } from "./actions/authenticate.ts";
import { foundTenant } from "./actions/found-tenant.ts";
import { makeApiKey, revokeApiKey } from "./actions/manage-api-keys.ts";
import {
  acceptInvitation,
  changeMembership,
  inviteUser,
  seeInvitation,
  withdrawInvitation,
} from "./actions/manage-users.ts";
import { createSignIn, type SignIn } from "./sign-in.ts";

let t: TestDatabase;
let services: TestServices;
let signIn: SignIn;
const TODAY = day("2026-11-21");
const PASSWORD = "correct horse battery";

beforeAll(async () => {
  t = await aTestDatabase();
  services = testServices(t);
  signIn = createSignIn({
    appUrl: t.appUrl,
    secret: randomBytes(32).toString("base64"),
    publicUrl: "http://127.0.0.1:3000",
    isTest: true,
  });
});
afterAll(async () => {
  await signIn.close();
  await t.close();
});

async function organisation(email: string) {
  const tenant = await foundTenant(t.db, signIn, {
    name: `Org ${email}`,
    zone: "Europe/Paris",
    reportingCurrency: "EUR",
    language: "fr",
    isDemo: false,
    administrator: { email, name: "Admin", password: PASSWORD },
  });
  const cookie = await cookieOf(email, PASSWORD);
  const caller = await authenticator(t.db, signIn).caller({ cookie, peer: "127.0.0.1" });
  if (!caller) throw new Error("not signed in");
  return { tenant, actor: caller.actor, userId: caller.actor.id };
}

async function cookieOf(email: string, password: string): Promise<string> {
  const answer = await signIn.handle(
    new Request("http://127.0.0.1:3000/api/auth/sign-in/email", {
      method: "POST",
      headers: { "content-type": "application/json", origin: "http://127.0.0.1:3000", host: "127.0.0.1:3000" },
      body: JSON.stringify({ email, password }),
    }),
  );
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

test("the first administrator signs in and may do everything; a wrong password gets no session", async () => {
  const { actor } = await organisation("first@a.example");
  expect([...actor.permissions].sort()).toEqual([...PERMISSIONS].sort());
  expect(await cookieOf("first@a.example", "wrong password!")).toBe("");
  expect(await cookieOf("nobody@a.example", PASSWORD)).toBe("");
});

test("signing up without an invitation is refused", async () => {
  const answer = await signIn.handle(
    new Request("http://127.0.0.1:3000/api/auth/sign-up/email", {
      method: "POST",
      headers: { "content-type": "application/json", origin: "http://127.0.0.1:3000" },
      body: JSON.stringify({ email: "x@y.example", password: PASSWORD, name: "X" }),
    }),
  );
  expect(answer.status).toBeGreaterThanOrEqual(400);
});

test("an invited person accepts once, with the role they were invited for", async () => {
  const { actor } = await organisation("inviter@a.example");
  const invited = await inviteUser(services, actor, { email: "Lea@Client.example", name: "Léa", role: "collector" });
  if (!invited.ok) throw new Error(invited.code);
  const token = invited.value.link.split("/").at(-1) ?? "";
  expect(await seeInvitation(t.db, token)).toMatchObject({ ok: true, value: { email: "lea@client.example" } });
  expect(await acceptInvitation(t.db, signIn, { token, name: "Léa", password: "short" })).toMatchObject({
    code: "password_too_short",
  });
  expect(await acceptInvitation(t.db, signIn, { token, name: "Léa", password: PASSWORD })).toMatchObject({ ok: true });
  expect(await acceptInvitation(t.db, signIn, { token, name: "Eve", password: PASSWORD })).toMatchObject({
    code: "invitation_invalid",
  });
  const caller = await authenticator(t.db, signIn).caller({
    cookie: await cookieOf("lea@client.example", PASSWORD),
    peer: "x",
  });
  expect([...(caller?.actor.permissions ?? [])].sort()).toEqual([...ROLE_PERMISSIONS.collector].sort());
  const stored = await t.ownerQuery<{ text: string }>(
    "select encode(token_hash, 'hex') as text from access.invitation",
  );
  expect(stored.map((row) => row.text).join()).not.toContain(token);
});

test("withdrawn and unknown invitations say the same", async () => {
  const { actor } = await organisation("withdrawer@a.example");
  const invited = await inviteUser(services, actor, { email: "x@client.example", name: "X", role: "sales" });
  if (!invited.ok) throw new Error(invited.code);
  await withdrawInvitation(services, actor, invited.value.invitation.id);
  const token = invited.value.link.split("/").at(-1) ?? "";
  expect(await seeInvitation(t.db, token)).toEqual(await seeInvitation(t.db, "a".repeat(32)));
  expect(await inviteUser(services, actor, { email: "a@b.fr\r\nBcc: c@d.fr", name: "X", role: "sales" })).toMatchObject(
    { code: "invalid_email" },
  );
});

test("the last administrator cannot be removed, and a changed role is effective when callers are read again", async () => {
  const { actor, userId } = await organisation("last@a.example");
  expect(await changeMembership(services, actor, userId, { role: "sales", isActive: true, version: 1 })).toMatchObject({
    code: "last_administrator",
  });
  expect(
    await changeMembership(services, actor, userId, { role: "administrator", isActive: true, version: 7 }),
  ).toMatchObject({ code: "stale_version" });
});

test("an API key has its own rights and end; revoked, expired and foreign keys are nobody", async () => {
  const { actor, tenant } = await organisation("keys@a.example");
  const made = await makeApiKey(
    services,
    actor,
    { name: "BI", permissions: ["customers.read"], expiresOn: day("2027-12-31") },
    TODAY,
  );
  if (!made.ok) throw new Error(made.code);
  const callerOf = (key: string) => authenticator(t.db, signIn).caller({ authorization: `Bearer ${key}`, peer: "x" });
  expect((await callerOf(made.value.key))?.actor).toMatchObject({
    tenant: tenant.id,
    kind: "api_key",
    permissions: new Set(["customers.read"]),
  });
  expect(await callerOf(`${made.value.key}x`)).toBeUndefined();
  await t.ownerQuery("update access.api_key set expires_at = now() - interval '1 second' where api_key_id = $1", [
    made.value.apiKey.id,
  ]);
  expect(await callerOf(made.value.key)).toBeUndefined();
  await t.ownerQuery("update access.api_key set expires_at = now() + interval '1 day' where api_key_id = $1", [
    made.value.apiKey.id,
  ]);
  expect(await revokeApiKey(services, actor, made.value.apiKey.id)).toMatchObject({ ok: true });
  expect(await callerOf(made.value.key)).toBeUndefined();
});

test("a key cannot give what its maker lacks, nor end in the past", async () => {
  const { actor } = await organisation("scope@a.example");
  const narrow = { ...actor, permissions: new Set(["customers.read", "api_keys.write"] as const) };
  expect(
    await makeApiKey(
      services,
      narrow,
      { name: "x", permissions: ["users.write"], expiresOn: day("2027-01-01") },
      TODAY,
    ),
  ).toMatchObject({ code: "api_key_scope" });
  expect(
    await makeApiKey(
      services,
      actor,
      { name: "x", permissions: ["customers.read"], expiresOn: day("2026-11-20") },
      TODAY,
    ),
  ).toMatchObject({ code: "expiry_in_past" });
});
