import { createHmac, randomBytes } from "node:crypto";
import { access, constants, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { type Db, migrate, openDb, type RoleNames, roleNames } from "../database/index.ts";
import { ensureRoles, RolesRefused, rolePassword } from "../database/roles.ts";
import { type EmbeddedServer, runningServerUrl, startEmbedded } from "./embedded.ts";
import { lockHolder, takeLock } from "./lock.ts";
import { StartRefused } from "./refusals.ts";

export { startEmbedded } from "./embedded.ts";
export { StartRefused } from "./refusals.ts";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../..");
export const MIGRATIONS = path.join(ROOT, "server/migrations");
const OLDEST_SERVER = 150_000;

/** One running installation: a database, a data folder and a secret. */
export type Installation = {
  readonly db: Db;
  readonly ownerUrl: string;
  readonly roles: RoleNames;
  readonly dataFolder: string;
  readonly secret: Buffer;
  /** True with the embedded database, false with DATABASE_URL. */
  readonly isEmbedded: boolean;
  readonly migrated: readonly string[];
  close(): Promise<void>;
};

export type InstallationSettings = {
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  /** "serve" owns the data folder; "command" also works beside a served one. */
  readonly purpose: "serve" | "command";
  readonly poolSize?: number;
};

/** Settings from the environment: ENCOURS_DATA (default `data` beside the program) and DATABASE_URL. */
export function installationSettings(
  environment: NodeJS.ProcessEnv,
  purpose: "serve" | "command",
): InstallationSettings {
  return {
    dataFolder: path.resolve(environment.ENCOURS_DATA || path.join(ROOT, "data")),
    databaseUrl: environment.DATABASE_URL || undefined,
    purpose,
  };
}

/** Opens the installation: data folder, lock, database, roles, migrations. Throws StartRefused with a one-line cause. */
export async function openInstallation(settings: InstallationSettings): Promise<Installation> {
  const { dataFolder, databaseUrl } = settings;
  await prepareFolder(dataFolder);
  const secret = await installationSecret(dataFolder);
  if (databaseUrl) return finish(settings, databaseUrl, secret, async () => {});
  const password = ownerPassword(secret);
  const cluster = path.join(dataFolder, "postgres");
  const holder = await lockHolder(dataFolder);
  if (holder !== undefined && settings.purpose === "command") {
    const url = await runningServerUrl(cluster, password);
    if (url) return finish(settings, url, secret, async () => {});
  }
  const release = await takeLock(dataFolder);
  let server: EmbeddedServer | undefined;
  try {
    server = await startEmbedded({ folder: cluster, password });
    const started = server;
    return await finish(settings, server.ownerUrl, secret, async () => {
      await started.stop();
      await release();
    });
  } catch (error) {
    await server?.stop();
    await release();
    throw error;
  }
}

const ownerPassword = (secret: Buffer): string =>
  createHmac("sha256", secret).update("embedded database owner").digest("base64url");

/** Gives an installation another secret, in force from its next start: the passwords derived from it change with it. */
export async function changeSecret(installation: Installation, owner: pg.Client, secret: Buffer): Promise<void> {
  if (installation.isEmbedded)
    await owner.query(`alter role current_user password ${owner.escapeLiteral(ownerPassword(secret))}`);
  await writeFile(path.join(installation.dataFolder, "secret.key"), secret, { mode: 0o600 });
}

async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === "ENOSPC") throw new StartRefused("disk_full", { folder });
    throw new StartRefused("data_folder_rights", { folder });
  }
}

/** ENCOURS_SECRET (shared by the nodes of one installation) or `secret.key` of the data folder, made on the first start. */
async function installationSecret(folder: string): Promise<Buffer> {
  const given = process.env.ENCOURS_SECRET;
  if (given) return createHmac("sha256", "encours installation secret").update(given).digest();
  const file = path.join(folder, "secret.key");
  const known = await readFile(file).catch(() => undefined);
  if (known && known.length >= 32) return known;
  const made = randomBytes(32);
  try {
    await writeFile(file, made, { mode: 0o600, flag: "wx" });
    return made;
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === "EEXIST") return readFile(file);
    if (code === "ENOSPC") throw new StartRefused("disk_full", { folder });
    throw new StartRefused("data_folder_rights", { folder });
  }
}

async function finish(
  settings: InstallationSettings,
  ownerUrl: string,
  secret: Buffer,
  stop: () => Promise<void>,
): Promise<Installation> {
  const owner = await connectOwner(ownerUrl);
  try {
    const { roles, migrated, appPassword } = await prepareDatabase(owner, secret);
    const db = openDb(withUser(ownerUrl, roles.app, appPassword), { max: settings.poolSize ?? 12 });
    const close = async () => {
      await db.close();
      await stop();
    };
    const { dataFolder } = settings;
    return { db, ownerUrl, roles, dataFolder, secret, isEmbedded: !settings.databaseUrl, migrated, close };
  } finally {
    await owner.end();
  }
}

async function prepareDatabase(owner: pg.Client, secret: Buffer) {
  const version = await owner.query(
    "select current_setting('server_version_num')::int as number, current_database() as name",
  );
  const { number, name } = version.rows[0] as { number: number; name: string };
  if (number < OLDEST_SERVER) throw new StartRefused("database_too_old", { version: Math.floor(number / 10_000) });
  const roles = roleNames(name);
  const passwordOf = (role: string) => process.env.ENCOURS_APP_PASSWORD || rolePassword(secret, role);
  try {
    if (!process.env.ENCOURS_APP_PASSWORD) await ensureRoles(owner, roles, passwordOf);
  } catch (error) {
    if (error instanceof RolesRefused) throw new StartRefused("database_roles", { detail: error.message });
    throw error;
  }
  const migrated = await migrate(owner, MIGRATIONS, roles);
  return { roles, migrated, appPassword: passwordOf(roles.app) };
}

export const withUser = (url: string, user: string, password: string): string => {
  const changed = new URL(url);
  changed.username = encodeURIComponent(user);
  changed.password = encodeURIComponent(password);
  return changed.toString();
};

async function connectOwner(url: string): Promise<pg.Client> {
  let parsed: URL;
  try {
    parsed = new URL(url);
    if (!/^postgres(ql)?:$/.test(parsed.protocol)) throw new Error();
  } catch {
    throw new StartRefused("database_url_invalid");
  }
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    return client;
  } catch (error) {
    const { message, code } = error as { message: string; code?: string };
    const where = `${parsed.hostname}:${parsed.port || 5432}${parsed.pathname}`;
    throw new StartRefused("database_unreachable", { where, detail: message || code || "no answer" });
  }
}
