import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { PassThrough, Readable, type Writable } from "node:stream";
import { createGunzip, createGzip } from "node:zlib";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { AFTER_RESTORE } from "#modules/correspondence/index.ts";
import { changeSecret, type Installation } from "#platform/installation/index.ts";
import { WEBHOOKS_AFTER_RESTORE } from "#platform/webhooks/index.ts";

// A backup is a gzip stream of frames: kind (1 byte), length (4 bytes), content. Head first, then for every table its name and COPY
// chunks, then every file, and last a digest over all before it, so that a cut or altered backup is refused before it is kept.

const MAGIC = "encours-backup-1";
const FRAME = { head: 1, table: 2, data: 3, file: 4, end: 5 } as const;
const SCHEMAS = [
  "platform",
  "sign_in",
  "access",
  "parties",
  "tasks",
  "documents",
  "receivables",
  "credit",
  "connectors",
  "correspondence",
  "dunning",
  "search",
];
const LONGEST_FRAME = 512 * 1024 * 1024;

export type BackupSummary = { tables: number; rows: number; files: number };

type Head = { magic: string; migrations: string[]; secret: string; appRole: string };

/** Streams the whole installation as it stood when the first byte was asked for. */
export async function writeBackup(
  installation: Installation,
  write: (source: Readable) => Promise<void>,
): Promise<BackupSummary> {
  const owner = await connect(installation.ownerUrl);
  const summary: BackupSummary = { tables: 0, rows: 0, files: 0 };
  try {
    await checkReach(owner);
    await owner.query("begin transaction isolation level repeatable read read only");
    const frames = Readable.from(backupFrames(installation, owner, summary), { objectMode: false });
    await write(frames.pipe(createGzip({ level: 5 })).pipe(new PassThrough()));
    await owner.query("commit");
  } finally {
    await owner.end();
  }
  return summary;
}

async function* backupFrames(
  installation: Installation,
  owner: pg.Client,
  summary: BackupSummary,
): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  const frame = (kind: number, content: Buffer): Buffer => {
    const head = Buffer.alloc(5);
    head.writeUInt8(kind, 0);
    head.writeUInt32BE(content.length, 1);
    const whole = Buffer.concat([head, content]);
    if (kind !== FRAME.end) hash.update(whole);
    return whole;
  };
  const migrations = await owner.query<{ name: string }>("select name from public.encours_migration order by name");
  const head: Head = {
    magic: MAGIC,
    migrations: migrations.rows.map((row) => row.name),
    // The files and sealed secrets of the backup open with the secret that sealed them; whoever holds the backup holds it.
    secret: installation.secret.toString("base64"),
    appRole: installation.roles.app,
  };
  yield frame(FRAME.head, Buffer.from(JSON.stringify(head)));
  for (const table of await tablesOf(owner)) {
    summary.tables += 1;
    yield frame(FRAME.table, Buffer.from(table));
    for await (const chunk of owner.query(copyTo(`copy ${table} to stdout`))) {
      const bytes = chunk as Buffer;
      summary.rows += count(bytes, 10);
      yield frame(FRAME.data, bytes);
    }
  }
  for await (const file of storedFiles(installation)) {
    summary.files += 1;
    const name = Buffer.from(file.name);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(name.length);
    yield frame(FRAME.file, Buffer.concat([length, name, file.content]));
  }
  yield frame(FRAME.end, hash.digest());
}

const count = (bytes: Buffer, wanted: number): number => {
  let found = 0;
  for (const byte of bytes) if (byte === wanted) found += 1;
  return found;
};

/** Tables in an order in which their foreign keys hold. */
async function tablesOf(owner: pg.Client): Promise<string[]> {
  const { rows } = await owner.query<{ name: string; needs: string[] }>(
    `select format('%I.%I', n.nspname, c.relname) as name,
       array(select distinct format('%I.%I', rn.nspname, rc.relname) from pg_constraint k
         join pg_class rc on rc.oid = k.confrelid join pg_namespace rn on rn.oid = rc.relnamespace
         where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as needs
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname = any($1) order by 1`,
    [SCHEMAS],
  );
  const ordered: string[] = [];
  const place = (name: string, trail: readonly string[]): void => {
    if (ordered.includes(name) || trail.includes(name)) return;
    for (const need of rows.find((row) => row.name === name)?.needs ?? []) place(need, [...trail, name]);
    ordered.push(name);
  };
  for (const row of rows) place(row.name, []);
  return ordered;
}

async function* storedFiles(installation: Installation): AsyncGenerator<{ name: string; content: Buffer }> {
  if (!installation.isEmbedded) return;
  const root = path.join(installation.dataFolder, "files");
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    yield { name: path.relative(root, file).split(path.sep).join("/"), content: await readFile(file) };
  }
}

/** Restores into an installation without organisations; throws with a clear line otherwise. Channels end disarmed. */
export async function readBackup(installation: Installation, source: Readable): Promise<BackupSummary> {
  const owner = await connect(installation.ownerUrl);
  try {
    await checkReach(owner);
    const { rowCount } = await owner.query("select 1 from platform.tenant limit 1");
    if (rowCount)
      throw new Error(
        "this installation already holds an organisation; restore into an empty data folder (ENCOURS_DATA=)",
      );
    await owner.query("begin");
    const summary = await restoreFrames(installation, owner, source);
    for (const statement of [...AFTER_RESTORE, WEBHOOKS_AFTER_RESTORE]) await owner.query(statement);
    await owner.query("commit");
    return summary;
  } catch (error) {
    await owner.query("rollback").catch(() => {});
    throw error;
  } finally {
    await owner.end();
  }
}

async function restoreFrames(installation: Installation, owner: pg.Client, source: Readable): Promise<BackupSummary> {
  const summary: BackupSummary = { tables: 0, rows: 0, files: 0 };
  const hash = createHash("sha256");
  let copying: { stream: Writable; done: Promise<void> } | undefined;
  let isWhole = false;
  const files: { name: string; content: Buffer }[] = [];
  const giveUp = (error: Error) => {
    // A copy left open would keep the connection from rolling back.
    copying?.done.catch(() => {});
    copying?.stream.destroy(error);
  };
  const endCopy = async () => {
    copying?.stream.end();
    await copying?.done;
    copying = undefined;
  };
  try {
    for await (const { kind, content, raw } of framesOf(source)) {
      if (kind === FRAME.end) {
        isWhole = content.equals(hash.digest());
        break;
      }
      hash.update(raw);
      if (kind === FRAME.head) await checkHead(installation, owner, JSON.parse(content.toString("utf8")) as Head);
      else if (kind === FRAME.table) {
        await endCopy();
        summary.tables += 1;
        const stream = owner.query(copyFrom(`copy ${safeTable(content.toString("utf8"))} from stdin`));
        copying = {
          stream,
          done: new Promise((resolve, reject) => stream.once("finish", () => resolve()).once("error", reject)),
        };
      } else if (kind === FRAME.data && copying) {
        summary.rows += count(content, 10);
        if (!copying.stream.write(content))
          await new Promise<void>((resolve) => copying?.stream.once("drain", () => resolve()));
      } else if (kind === FRAME.file) {
        await endCopy();
        const length = content.readUInt16BE(0);
        files.push({ name: content.toString("utf8", 2, 2 + length), content: content.subarray(2 + length) });
      }
    }
  } catch (error) {
    giveUp(error as Error);
    throw error;
  }
  await endCopy();
  if (!isWhole) throw new Error("the backup is cut short or was altered; nothing was restored");
  for (const file of files) await restoreFile(installation, file);
  return { ...summary, files: files.length };
}

async function checkHead(installation: Installation, owner: pg.Client, head: Head): Promise<void> {
  if (head.magic !== MAGIC) throw new Error("this is not a backup of Encours");
  const { rows } = await owner.query<{ name: string }>("select name from public.encours_migration order by name");
  const here = rows.map((row) => row.name);
  if (JSON.stringify(here) !== JSON.stringify(head.migrations)) {
    throw new Error("the backup comes from another version of Encours; restore it with that version, then update");
  }
  if (!Buffer.from(head.secret, "base64").equals(installation.secret))
    await adoptSecret(installation, owner, Buffer.from(head.secret, "base64"));
}

/** The restored data opens only with its own secret: the empty installation takes it over for its next start. */
async function adoptSecret(installation: Installation, owner: pg.Client, secret: Buffer): Promise<void> {
  if (process.env["ENCOURS_SECRET"]) throw new Error("ENCOURS_SECRET is not the one of the backup");
  await writeFile(path.join(installation.dataFolder, "secret.before-restore.key"), installation.secret, {
    mode: 0o600,
  });
  await changeSecret(installation, owner, secret);
}

const safeTable = (name: string): string => {
  if (!/^[a-z_]+\.("[A-Za-z]+"|[a-z_]+)$/.test(name) || !SCHEMAS.includes(name.split(".")[0] ?? ""))
    throw new Error("the backup names a table that does not exist");
  return name;
};

async function restoreFile(installation: Installation, file: { name: string; content: Buffer }): Promise<void> {
  if (!/^[0-9a-f-]{36}\/[0-9a-f]{2}\/[0-9a-f]{64}$/.test(file.name))
    throw new Error("the backup names a file outside its place");
  const target = path.join(installation.dataFolder, "files", file.name);
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  await writeFile(target, file.content, { mode: 0o600 });
}

/** Frames of a gzip stream, each whole. */
async function* framesOf(source: Readable): AsyncGenerator<{ kind: number; content: Buffer; raw: Buffer }> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of unpacked(source)) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 5) {
      const length = rest.readUInt32BE(1);
      if (length > LONGEST_FRAME) throw new Error("this is not a backup of Encours");
      if (rest.length < 5 + length) break;
      const raw = rest.subarray(0, 5 + length);
      yield { kind: raw.readUInt8(0), content: raw.subarray(5), raw };
      rest = rest.subarray(5 + length);
    }
  }
}

async function* unpacked(source: Readable): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  source.once("error", (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzip)) yield chunk as Buffer;
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") throw error;
    throw new Error("the backup is cut short or was altered; nothing was restored");
  }
}

/** Row-level security is forced on its owner too: copying whole tables needs a role that it does not hold back. */
async function checkReach(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ reaches: boolean }>(
    "select rolsuper or rolbypassrls as reaches from pg_roles where rolname = current_user",
  );
  if (!rows[0]?.reaches)
    throw new Error(
      "the user of DATABASE_URL cannot see past row-level security; back up this database with pg_dump as a superuser",
    );
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}
