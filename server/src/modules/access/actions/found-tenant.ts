import type { Role } from "#contracts/permissions.ts";
import { newId, type TenantId, tenantId } from "#kernel/ids.ts";
import type { Db } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { SignIn } from "../sign-in.ts";
import * as store from "../store/access-store.ts";

/** Founds an organisation with its first administrator. */
export async function foundTenant(
  db: Db,
  signIn: SignIn,
  wanted: {
    name: string;
    zone: string;
    reportingCurrency: string;
    language: "fr" | "en";
    isDemo: boolean;
    administrator: { email: string; name: string; password: string } | undefined;
  },
): Promise<store.TenantRow> {
  const { administrator, ...tenant } = wanted;
  const row: store.TenantRow = { id: tenantId(newId()), ...tenant };
  const user = administrator && (await signIn.createUser({ ...administrator, language: wanted.language }));
  await db.transaction(row.id, async (tx) => {
    await store.insertTenant(tx, row);
    if (user) await store.insertMembership(tx, row.id, user.id, "administrator");
    await record(
      tx,
      { kind: "system", id: "installation" },
      {
        kind: "access.tenant.founded",
        version: 1,
        subject: { type: "tenant", id: row.id },
        payload: { isDemo: row.isDemo },
      },
    );
  });
  return row;
}

/** Makes a user that exists a member, where nobody could invite them: demonstration and installation. */
export const addMember = (db: Db, tenant: TenantId, userId: string, role: Role): Promise<number> =>
  db.global((tx) => store.insertMembership(tx, tenant, userId, role));
