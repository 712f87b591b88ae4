import { z } from "zod";
import { Day, Id, Instant, Language } from "./common.ts";
import { PERMISSIONS, ROLES } from "./permissions.ts";

export const Role = z.enum(ROLES);
export const PermissionName = z.enum(PERMISSIONS);

/** What the application needs to know once: who, where, what they may do, what day it is there. */
export const Session = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string(), language: Language }),
  tenant: z.object({
    id: Id,
    name: z.string(),
    zone: z.string(),
    reportingCurrency: z.string(),
    isDemo: z.boolean(),
  }),
  tenants: z.array(z.object({ id: Id, name: z.string() })),
  role: Role.nullable(),
  permissions: z.array(PermissionName),
  today: Day,
  companies: z.array(z.object({ id: Id, code: z.string(), name: z.string(), bookCurrency: z.string() })),
  sandbox: z.boolean(),
});
export type Session = z.infer<typeof Session>;

export const SetLanguage = z.object({ language: Language });

export const User = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: Role,
  isActive: z.boolean(),
  version: z.number().int(),
});
export type User = z.infer<typeof User>;
export const UserList = z.object({ rows: z.array(User) });
export const ChangeMembership = z.object({ role: Role, isActive: z.boolean() });

export const Invitation = z.object({
  id: Id,
  email: z.string(),
  name: z.string(),
  role: Role,
  createdAt: Instant,
  expiresAt: Instant,
  state: z.enum(["open", "accepted", "withdrawn", "expired"]),
});
export type Invitation = z.infer<typeof Invitation>;
export const InvitationList = z.object({ rows: z.array(Invitation) });
export const InviteUser = z.object({
  email: z.string().trim().min(3).max(254),
  name: z.string().trim().min(1).max(200),
  role: Role,
});
/** The link is shown once: only a hash of its token is kept. */
export const InvitationMade = z.object({ invitation: Invitation, link: z.string() });
export const InvitationSeen = z.object({
  email: z.string(),
  name: z.string(),
  tenantName: z.string(),
  isKnownUser: z.boolean(),
});
export const AcceptInvitation = z.object({
  token: z.string().min(20).max(100),
  name: z.string().trim().min(1).max(200),
  password: z.string().min(1).max(200),
});

export const ApiKey = z.object({
  id: Id,
  name: z.string(),
  hint: z.string(),
  permissions: z.array(PermissionName),
  createdAt: Instant,
  expiresAt: Instant,
  lastUsedOn: Day.nullable(),
  state: z.enum(["active", "expired", "revoked"]),
  /** The only source that the key may speak for. */
  sourceId: Id.nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;
export const ApiKeyList = z.object({ rows: z.array(ApiKey) });
export const MakeApiKey = z.object({
  name: z.string().trim().min(1).max(100),
  permissions: z.array(PermissionName).min(1),
  expiresOn: Day,
});
/** The key is shown once: only a hash is kept. */
export const ApiKeyMade = z.object({ apiKey: ApiKey, key: z.string() });
