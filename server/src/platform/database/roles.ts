import { createHmac } from "node:crypto";
import type pg from "pg";

/** The two roles beside the owner: `app` serves people and jobs, `read` is for reporting. Neither may bypass row-level security. */
export type RoleNames = { readonly app: string; readonly read: string };

/** Names derived from the database, so that two installations on one server never share a role. */
export const roleNames = (prefix: string): RoleNames => ({ app: `${prefix}_app`, read: `${prefix}_read` });

/** Password of a role, derived from the installation's secret so that every node knows it and none stores it. */
export const rolePassword = (secret: Buffer, role: string): string =>
  createHmac("sha256", secret).update(`database role ${role}`).digest("base64url");

export class RolesRefused extends Error {}

/** Creates or updates both roles. Throws RolesRefused, with the statements to run, where the owner may not. */
export async function ensureRoles(
  owner: pg.Client,
  roles: RoleNames,
  passwordOf: (role: string) => string,
): Promise<void> {
  for (const role of [roles.app, roles.read]) {
    const found = await owner.query("select rolbypassrls, rolsuper from pg_roles where rolname = $1", [role]);
    const attributes = found.rows[0] as { rolbypassrls: boolean; rolsuper: boolean } | undefined;
    if (attributes?.rolbypassrls || attributes?.rolsuper) {
      throw new RolesRefused(
        `database role ${role} bypasses row-level security; run: alter role ${quote(role)} nosuperuser nobypassrls`,
      );
    }
    const verb = attributes ? "alter" : "create";
    const password = owner.escapeLiteral(passwordOf(role));
    try {
      await owner.query(
        `${verb} role ${quote(role)} login nosuperuser nobypassrls nocreatedb nocreaterole password ${password}`,
      );
    } catch (error) {
      if ((error as { code?: string }).code !== "42501") throw error;
      throw new RolesRefused(
        `the database user may not ${verb} role ${role}; run as a superuser: ${verb} role ${quote(role)} login nosuperuser nobypassrls password '...'; ` +
          "then start again with ENCOURS_APP_PASSWORD set to that password",
      );
    }
  }
}

export const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;
