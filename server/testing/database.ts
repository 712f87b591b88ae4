import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { PERMISSIONS, type Permission } from "#contracts/permissions.ts";
import { newId, type TenantId, tenantId } from "#kernel/ids.ts";
import type { Actor } from "#platform/actor.ts";
import { type Db, openDb, sql } from "#platform/database/index.ts";
import { withUser } from "#platform/installation/index.ts";

declare module "vitest" {
  interface ProvidedContext {
    ownerUrl: string;
    templateName: string;
    appRole: string;
    appPassword: string;
  }
}

export type TestDatabase = {
  readonly db: Db;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly tenant: TenantId;
  anotherTenant(name?: string): Promise<TenantId>;
  /** As the owner, past row-level security. */
  ownerQuery<T = Record<string, unknown>>(text: string, values?: unknown[]): Promise<T[]>;
  /** An actor of the tenant with the given permissions; all of them unless said. */
  actor(permissions?: Iterable<Permission>, tenant?: TenantId): Actor;
  close(): Promise<void>;
};

/** A fresh copy of the migrated database with one tenant in it; close it in afterAll. */
export async function aTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  const base = inject("ownerUrl");
  const admin = new pg.Client({ connectionString: base });
  await admin.connect();
  await admin.query(`create database ${name} template ${inject("templateName")}`);
  const ownerUrl = base.replace(/\/[^/]*$/, `/${name}`);
  const appUrl = withUser(ownerUrl, inject("appRole"), inject("appPassword"));
  const db = openDb(appUrl, { max: 10 });
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 2 });
  // Connections are cut when the database is dropped at the end.
  owner.on("error", () => {});
  // Dropping the database may cut a connection that is saying goodbye; that is nobody's fault.
  owner.on("connect", (client) => client.on("error", () => {}));
  const addTenant = async (label: string) => {
    const tenant = tenantId(newId());
    await db.global((tx) =>
      tx.run(
        sql`insert into platform.tenant (tenant_id, name, zone, reporting_currency) values (${tenant}, ${label}, 'Europe/Paris', 'EUR')`,
      ),
    );
    return tenant;
  };
  const tenant = await addTenant("Test");
  return {
    db,
    ownerUrl,
    appUrl,
    tenant,
    anotherTenant: (label = "Other") => addTenant(label),
    ownerQuery: async <T>(text: string, values: unknown[] = []) => (await owner.query(text, values)).rows as T[],
    actor: (permissions = PERMISSIONS, of = tenant) => ({
      tenant: of,
      kind: "user",
      id: "00000000-0000-7000-8000-000000000001",
      permissions: new Set(permissions),
      language: "fr",
      zone: "Europe/Paris",
    }),
    close: async () => {
      await db.close();
      await owner.end();
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}
