import type { Permission, Role } from "#contracts/permissions.ts";
import type { Colleague } from "#contracts/portfolios.ts";
import type { TenantId } from "#kernel/ids.ts";
import { type GlobalTx, sql } from "#platform/database/index.ts";

export type TenantRow = {
  id: TenantId;
  name: string;
  zone: string;
  reportingCurrency: string;
  language: "fr" | "en";
  isDemo: boolean;
};

const TENANT = sql`tenant_id as id, name, zone, reporting_currency as "reportingCurrency", language, is_demo as "isDemo"`;

export const findTenant = (tx: GlobalTx, tenant: TenantId) =>
  tx.maybeOne<TenantRow>(sql`select ${TENANT} from platform.tenant where tenant_id = ${tenant}`);

export const allTenants = (tx: GlobalTx) =>
  tx.rows<TenantRow>(sql`select ${TENANT} from platform.tenant order by created_at, tenant_id`);

export const insertTenant = (tx: GlobalTx, tenant: TenantRow) =>
  tx.run(sql`
    insert into platform.tenant (tenant_id, name, zone, reporting_currency, language, is_demo)
    values (${tenant.id}, ${tenant.name}, ${tenant.zone}, ${tenant.reportingCurrency}, ${tenant.language}, ${tenant.isDemo})`);

export type MembershipRow = { tenant: TenantId; userId: string; role: Role; isActive: boolean; version: number };

/** Active memberships of a user, oldest first, with their tenants. */
export const membershipsOf = (tx: GlobalTx, userId: string) =>
  tx.rows<TenantRow & { role: Role }>(sql`
    select t.tenant_id as id, t.name, t.zone, t.reporting_currency as "reportingCurrency", t.language, t.is_demo as "isDemo", m.role
    from access.membership m
    join platform.tenant t on t.tenant_id = m.tenant_id
    where m.user_id = ${userId} and m.is_active
    order by m.created_at, t.tenant_id`);

export const insertMembership = (tx: GlobalTx, tenant: TenantId, userId: string, role: Role) =>
  tx.run(sql`
    insert into access.membership (tenant_id, user_id, role) values (${tenant}, ${userId}, ${role})
    on conflict (tenant_id, user_id) do nothing`);

export type UserRow = { id: string; name: string; email: string; role: Role; isActive: boolean; version: number };

export const usersOf = (tx: GlobalTx, tenant: TenantId) =>
  tx.rows<UserRow>(sql`
    select u."id" as id, u."name" as name, u."email" as email, m.role, m.is_active as "isActive", m.version
    from access.membership m
    join sign_in."user" u on u."id" = m.user_id
    where m.tenant_id = ${tenant}
    order by u."name", u."id"`);

/** A tenant's users as everybody sees them: no address, no role. */
export const colleagues = async (tx: GlobalTx, tenant: TenantId): Promise<Colleague[]> =>
  (await usersOf(tx, tenant)).map(({ id, name, isActive }) => ({ id, name, isActive }));

/** Names of a tenant's users by id. */
export const userNames = async (tx: GlobalTx, tenant: TenantId): Promise<ReadonlyMap<string, string>> =>
  new Map((await usersOf(tx, tenant)).map((user) => [user.id, user.name]));

export const lockMemberships = (tx: GlobalTx, tenant: TenantId) =>
  tx.rows<MembershipRow>(sql`
    select tenant_id as tenant, user_id as "userId", role, is_active as "isActive", version
    from access.membership
    where tenant_id = ${tenant}
    order by user_id
    for update`);

export const updateMembership = (tx: GlobalTx, tenant: TenantId, userId: string, role: Role, isActive: boolean) =>
  tx.run(sql`
    update access.membership set role = ${role}, is_active = ${isActive}, version = version + 1
    where tenant_id = ${tenant} and user_id = ${userId}`);

export const setUserLanguage = (tx: GlobalTx, userId: string, language: string) =>
  tx.run(sql`update sign_in."user" set "language" = ${language}, "updatedAt" = now() where "id" = ${userId}`);

export type InvitationRow = {
  tenant: TenantId;
  id: string;
  email: string;
  name: string;
  role: Role;
  createdAt: string;
  expiresAt: string;
  state: "open" | "accepted" | "withdrawn" | "expired";
};

const INVITATION = sql`
  tenant_id as tenant, invitation_id as id, email, name, role, created_at as "createdAt", expires_at as "expiresAt",
  case when accepted_at is not null then 'accepted' when withdrawn_at is not null then 'withdrawn'
    when expires_at < now() then 'expired' else 'open' end as state`;

export const invitationsOf = (tx: GlobalTx, tenant: TenantId) =>
  tx.rows<InvitationRow>(sql`
    select ${INVITATION} from access.invitation where tenant_id = ${tenant} order by created_at desc limit 500`);

export const findInvitation = (tx: GlobalTx, tokenHash: Buffer) =>
  tx.maybeOne<InvitationRow>(
    sql`select ${INVITATION} from access.invitation where token_hash = ${tokenHash} for update`,
  );

export const insertInvitation = (
  tx: GlobalTx,
  row: {
    tenant: TenantId;
    id: string;
    email: string;
    name: string;
    role: Role;
    tokenHash: Buffer;
    invitedBy: string;
    days: number;
  },
) =>
  tx.one<InvitationRow>(sql`
    insert into access.invitation (tenant_id, invitation_id, email, name, role, token_hash, invited_by, expires_at)
    values (${row.tenant}, ${row.id}, ${row.email}, ${row.name}, ${row.role}, ${row.tokenHash}, ${row.invitedBy},
      now() + make_interval(days => ${row.days}))
    returning ${INVITATION}`);

export const markInvitation = (tx: GlobalTx, tenant: TenantId, id: string, what: "accepted" | "withdrawn") =>
  tx.run(
    what === "accepted"
      ? sql`update access.invitation set accepted_at = now() where tenant_id = ${tenant} and invitation_id = ${id} and accepted_at is null`
      : sql`update access.invitation set withdrawn_at = now()
          where tenant_id = ${tenant} and invitation_id = ${id} and accepted_at is null and withdrawn_at is null`,
  );

export type ApiKeyRow = {
  tenant: TenantId;
  id: string;
  name: string;
  hint: string;
  permissions: Permission[];
  createdAt: string;
  expiresAt: string;
  lastUsedOn: string | null;
  state: "active" | "expired" | "revoked";
  /** The only source that the key may speak for. */
  sourceId: string | null;
};

const API_KEY = sql`
  tenant_id as tenant, api_key_id as id, name, hint, permissions, created_at as "createdAt", expires_at as "expiresAt",
  last_used_on as "lastUsedOn", source_id as "sourceId",
  case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'active' end as state`;

export const apiKeysOf = (tx: GlobalTx, tenant: TenantId) =>
  tx.rows<ApiKeyRow>(
    sql`select ${API_KEY} from access.api_key where tenant_id = ${tenant} order by created_at desc limit 500`,
  );

export const findApiKey = (tx: GlobalTx, keyHash: Buffer) =>
  tx.maybeOne<ApiKeyRow>(sql`select ${API_KEY} from access.api_key where key_hash = ${keyHash}`);

export const touchApiKey = (tx: GlobalTx, tenant: TenantId, id: string) =>
  tx.run(sql`
    update access.api_key set last_used_on = current_date
    where tenant_id = ${tenant} and api_key_id = ${id} and last_used_on is distinct from current_date`);

export const insertApiKey = (
  tx: GlobalTx,
  row: {
    tenant: TenantId;
    id: string;
    name: string;
    keyHash: Buffer;
    hint: string;
    permissions: readonly Permission[];
    createdBy: string;
    expiresOn: string;
    zone: string;
    sourceId: string | null;
  },
) =>
  tx.one<ApiKeyRow>(sql`
    insert into access.api_key (tenant_id, api_key_id, name, key_hash, hint, permissions, created_by, source_id, expires_at)
    values (${row.tenant}, ${row.id}, ${row.name}, ${row.keyHash}, ${row.hint}, ${[...row.permissions]}::text[], ${row.createdBy},
      ${row.sourceId}, (${row.expiresOn}::date + 1)::timestamp at time zone ${row.zone})
    returning ${API_KEY}`);

export const revokeApiKey = (tx: GlobalTx, tenant: TenantId, id: string) =>
  tx.run(sql`
    update access.api_key set revoked_at = now() where tenant_id = ${tenant} and api_key_id = ${id} and revoked_at is null`);
