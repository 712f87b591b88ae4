import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type pg from "pg";
import { quote, type RoleNames } from "./roles.ts";

const LOCK_KEY = 4_711_001;

/** Runs every migration of `folder` that the database has not seen, each in its own transaction, oldest first. Returns their names. */
export async function migrate(owner: pg.Client, folder: string, roles: RoleNames): Promise<string[]> {
  await owner.query("select pg_advisory_lock($1)", [LOCK_KEY]);
  try {
    await owner.query(
      "create table if not exists public.encours_migration (name text primary key, checksum text not null, applied_at timestamptz not null default now())",
    );
    const { rows } = await owner.query("select name, checksum from public.encours_migration");
    const applied = new Map(rows.map((row: { name: string; checksum: string }) => [row.name, row.checksum]));
    const names = (await readdir(folder)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).sort();
    const run: string[] = [];
    for (const name of names) {
      const text = await readFile(path.join(folder, name), "utf8");
      const checksum = createHash("sha256").update(text).digest("hex");
      const before = applied.get(name);
      if (before === checksum) continue;
      if (before) throw new Error(`migration ${name} was changed after it had been applied to this database`);
      await apply(owner, name, checksum, withRoles(text, roles));
      run.push(name);
    }
    return run;
  } finally {
    await owner.query("select pg_advisory_unlock($1)", [LOCK_KEY]);
  }
}

const withRoles = (text: string, roles: RoleNames) =>
  text.replaceAll(/:app\b/g, quote(roles.app)).replaceAll(/:read\b/g, quote(roles.read));

async function apply(owner: pg.Client, name: string, checksum: string, text: string): Promise<void> {
  await owner.query("begin");
  try {
    await owner.query(text);
    await owner.query("insert into public.encours_migration (name, checksum) values ($1, $2)", [name, checksum]);
    await owner.query("commit");
  } catch (error) {
    await owner.query("rollback");
    throw new Error(`migration ${name} failed: ${(error as Error).message}`, { cause: error });
  }
}
