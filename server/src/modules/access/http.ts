import { z } from "zod";
import {
  AcceptInvitation,
  ApiKeyList,
  ApiKeyMade,
  ChangeMembership,
  InvitationList,
  InvitationMade,
  InvitationSeen,
  InviteUser,
  MakeApiKey,
  SetLanguage,
  User,
  UserList,
} from "#contracts/access.ts";
import { Empty, Id } from "#contracts/common.ts";
import { day } from "#kernel/calendar-date.ts";
import { done } from "#kernel/result.ts";
import { type Route, route, versioned } from "#platform/http/index.ts";
import { makeApiKey, revokeApiKey } from "./actions/manage-api-keys.ts";
import {
  acceptInvitation,
  changeMembership,
  inviteUser,
  seeInvitation,
  withdrawInvitation,
} from "./actions/manage-users.ts";
import type { SignIn } from "./sign-in.ts";
import * as store from "./store/access-store.ts";

const tag = "access";

/** Users, invitations and API keys. */
export function accessRoutes(signIn: SignIn): Route[] {
  return [
    route({
      method: "PUT",
      path: "/session/language",
      operationId: "setLanguage",
      tag,
      permission: "session.read",
      summary: "Choose the language in which the product speaks to the signed-in user",
      body: SetLanguage,
      reply: Empty,
      handle: async ({ actor, body, services }) => {
        if (actor.kind === "user") await services.db.global((tx) => store.setUserLanguage(tx, actor.id, body.language));
        return done({});
      },
    }),
    route({
      method: "GET",
      path: "/users",
      operationId: "listUsers",
      tag,
      permission: "users.read",
      summary: "Users of the organisation with their roles",
      reply: UserList,
      handle: async ({ actor, services }) =>
        done({ rows: await services.db.global((tx) => store.usersOf(tx, actor.tenant)) }),
    }),
    route({
      method: "PUT",
      path: "/users/:userId/membership",
      operationId: "changeMembership",
      tag,
      permission: "users.write",
      summary: "Change a user's role or activity",
      params: z.object({ userId: z.string().min(1).max(64) }),
      body: ChangeMembership,
      reply: User,
      handle: async ({ actor, params, body, ifMatch, services }) => {
        return versioned(await changeMembership(services, actor, params.userId, { ...body, version: ifMatch }));
      },
    }),
    route({
      method: "GET",
      path: "/invitations",
      operationId: "listInvitations",
      tag,
      permission: "users.read",
      summary: "Invitations, newest first",
      reply: InvitationList,
      handle: async ({ actor, services }) => {
        const rows = await services.db.global((tx) => store.invitationsOf(tx, actor.tenant));
        return done({ rows: rows.map(({ tenant: _tenant, ...row }) => row) });
      },
    }),
    route({
      method: "POST",
      path: "/invitations",
      operationId: "inviteUser",
      tag,
      permission: "users.write",
      status: 201,
      summary: "Invite a person; the link is shown once",
      body: InviteUser,
      reply: InvitationMade,
      handle: async ({ actor, body, services }) => {
        const result = await inviteUser(services, actor, body);
        if (!result.ok) return result;
        const { tenant: _tenant, ...invitation } = result.value.invitation;
        return done({ invitation, link: result.value.link });
      },
    }),
    route({
      method: "DELETE",
      path: "/invitations/:invitationId",
      operationId: "withdrawInvitation",
      tag,
      permission: "users.write",
      summary: "Withdraw an open invitation",
      params: z.object({ invitationId: Id }),
      reply: Empty,
      handle: ({ actor, params, services }) => withdrawInvitation(services, actor, params.invitationId),
    }),
    route({
      method: "GET",
      path: "/invitations/by-token/:token",
      operationId: "seeInvitation",
      tag,
      permission: "public",
      summary: "What an invitation link offers; reading it changes nothing",
      params: z.object({ token: z.string().min(20).max(100) }),
      reply: InvitationSeen,
      handle: ({ params, services }) => seeInvitation(services.db, params.token),
    }),
    route({
      method: "POST",
      path: "/invitations/accept",
      operationId: "acceptInvitation",
      tag,
      permission: "public",
      summary: "Accept an invitation with a name and a password",
      body: AcceptInvitation,
      reply: z.object({ email: z.string() }),
      handle: ({ body, services }) => acceptInvitation(services.db, signIn, body),
    }),
    route({
      method: "GET",
      path: "/api-keys",
      operationId: "listApiKeys",
      tag,
      permission: "api_keys.read",
      summary: "API keys with scope and end",
      reply: ApiKeyList,
      handle: async ({ actor, services }) => {
        const rows = await services.db.global((tx) => store.apiKeysOf(tx, actor.tenant));
        return done({ rows: rows.map(({ tenant: _tenant, ...row }) => row) });
      },
    }),
    route({
      method: "POST",
      path: "/api-keys",
      operationId: "makeApiKey",
      tag,
      permission: "api_keys.write",
      status: 201,
      summary: "Make a key of narrow scope; it is shown once",
      body: MakeApiKey,
      reply: ApiKeyMade,
      handle: async ({ actor, body, services, today }) => {
        const result = await makeApiKey(services, actor, { ...body, expiresOn: day(body.expiresOn) }, today);
        if (!result.ok) return result;
        const { tenant: _tenant, ...apiKey } = result.value.apiKey;
        return done({ apiKey, key: result.value.key });
      },
    }),
    route({
      method: "DELETE",
      path: "/api-keys/:apiKeyId",
      operationId: "revokeApiKey",
      tag,
      permission: "api_keys.write",
      summary: "Revoke a key at once",
      params: z.object({ apiKeyId: Id }),
      reply: Empty,
      handle: ({ actor, params, services }) => revokeApiKey(services, actor, params.apiKeyId),
    }),
  ];
}
