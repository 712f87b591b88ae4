import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { Sql } from "sql-template-tag";
import { type TenantId, tenantId } from "#kernel/ids.ts";
import { typeParsers } from "./types.ts";

/** Queries inside one transaction, without a tenant: sign-in, queue and reference tables only. */
export interface GlobalTx {
  rows<T>(query: Sql): Promise<T[]>;
  /** The only row, or undefined when there is none; throws on more than one. */
  maybeOne<T>(query: Sql): Promise<T | undefined>;
  /** The only row; throws on none or several. */
  one<T>(query: Sql): Promise<T>;
  /** Number of rows affected. */
  run(query: Sql): Promise<number>;
  /** Rows in batches through a cursor; memory stays bounded by `batch`. */
  stream<T>(query: Sql, batch?: number): AsyncGenerator<T[]>;
  /**
   * `copy <into> from stdin`: lines in PostgreSQL text format without line ends, or what `copyLines` gathered. `into` is our own text, never a user's.
   */
  copyIn(into: string, lines: Iterable<string> | AsyncIterable<string> | CopyLines): Promise<void>;
  /** For libraries that bring their own text and values; never with text of a user. */
  raw(text: string, values: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Runs after the commit, never after a rollback. */
  afterCommit(effect: () => void): void;
}

/** Queries inside one transaction of one tenant; row-level security shows that tenant's rows only. */
export interface Tx extends GlobalTx {
  readonly tenant: TenantId;
}

export interface Db {
  /** One transaction as the application role, repeated up to 3 times when the server reports a serialization fault or a deadlock. */
  transaction<T>(tenant: TenantId, work: (tx: Tx) => Promise<T>): Promise<T>;
  global<T>(work: (tx: GlobalTx) => Promise<T>): Promise<T>;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

const RETRIED = new Set(["40001", "40P01"]);
const ATTEMPTS = 3;
const NAMED_TEXT_LIMIT = 8_000;
const NAMED_PER_CONNECTION = 400;
const COPY_CHUNK_BYTES = 1 << 18;

/** Opens a pool for the role in `connectionString`; nothing is sent until the first transaction. */
export function openDb(connectionString: string, options: { max?: number; applicationName?: string } = {}): Db {
  const pool = new pg.Pool({
    connectionString,
    max: options.max ?? 10,
    types: typeParsers,
    application_name: options.applicationName ?? "encours",
    connectionTimeoutMillis: 10_000,
  });
  pool.on("error", () => {
    // An idle connection was cut; the pool opens a new one for the next transaction.
  });
  const inTransaction = async <T>(
    opening: string,
    work: (client: pg.PoolClient, effects: (() => void)[]) => Promise<T>,
  ) => {
    for (let attempt = 1; ; attempt += 1) {
      const effects: (() => void)[] = [];
      try {
        const value = await once(pool, opening, (client) => work(client, effects));
        for (const effect of effects) effect();
        return value;
      } catch (error) {
        const code = (error as { code?: string }).code;
        if (attempt >= ATTEMPTS || !code || !RETRIED.has(code)) throw error;
      }
    }
  };
  return {
    pool,
    transaction: (tenant, work) => {
      const checked = tenantId(tenant);
      return inTransaction(`begin; set local app.tenant = '${checked}'`, (client, effects) =>
        work({ ...queries(client, effects), tenant: checked }),
      );
    },
    global: (work) => inTransaction("begin", (client, effects) => work(queries(client, effects))),
    close: () => pool.end(),
  };
}

async function once<T>(pool: pg.Pool, opening: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(opening);
    const value = await work(client);
    await client.query("commit");
    return value;
  } catch (error) {
    await client.query("rollback").catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

const namesOf = new WeakMap<pg.PoolClient, Map<string, string>>();

/** A stable statement name, so that the server parses each text once per connection; undefined when too many or too long. */
function statementName(client: pg.PoolClient, text: string): string | undefined {
  if (text.length > NAMED_TEXT_LIMIT) return undefined;
  let names = namesOf.get(client);
  if (!names) {
    names = new Map();
    namesOf.set(client, names);
  }
  const known = names.get(text);
  if (known) return known;
  if (names.size >= NAMED_PER_CONNECTION) return undefined;
  const name = createHash("sha1").update(text).digest("hex");
  names.set(text, name);
  return name;
}

function queries(client: pg.PoolClient, effects: (() => void)[]): GlobalTx {
  const send = (query: Sql): Promise<pg.QueryResult> => {
    const { text, values } = query;
    const name = statementName(client, text);
    return client.query(name ? { name, text, values } : { text, values });
  };
  let cursors = 0;
  return {
    rows: async <T>(query: Sql) => (await send(query)).rows as T[],
    maybeOne: async <T>(query: Sql) => {
      const { rows } = await send(query);
      if (rows.length > 1) throw new Error(`expected at most one row, got ${rows.length}`);
      return rows[0] as T | undefined;
    },
    one: async <T>(query: Sql) => {
      const { rows } = await send(query);
      if (rows.length !== 1) throw new Error(`expected one row, got ${rows.length}`);
      return rows[0] as T;
    },
    run: async (query) => (await send(query)).rowCount ?? 0,
    async *stream<T>(query: Sql, batch = 2_000) {
      cursors += 1;
      const cursor = `cursor_${cursors}`;
      // Every row will be read: plan for the whole, not for the first tenth.
      await client.query("set local cursor_tuple_fraction = 1");
      await client.query({ text: `declare ${cursor} no scroll cursor for ${query.text}`, values: query.values });
      for (;;) {
        const { rows } = await client.query(`fetch ${batch} from ${cursor}`);
        if (rows.length > 0) yield rows as T[];
        if (rows.length < batch) break;
      }
      await client.query(`close ${cursor}`);
    },
    copyIn: (into, lines) => {
      // Not by `take`: generators have a method of that name too.
      const chunks = "isFull" in lines ? [lines.take()] : chunked(lines);
      return pipeline(Readable.from(chunks, { objectMode: false }), client.query(copyFrom(`copy ${into} from stdin`)));
    },
    raw: async (text, values) => (await client.query({ text, values: [...values] })).rows,
    afterCommit: (effect) => {
      effects.push(effect);
    },
  };
}

async function* chunked(lines: Iterable<string> | AsyncIterable<string>): AsyncGenerator<Buffer> {
  let parts: string[] = [];
  let size = 0;
  for await (const line of lines) {
    parts.push(line, "\n");
    size += line.length + 1;
    if (size >= COPY_CHUNK_BYTES) {
      yield Buffer.from(parts.join(""), "utf8");
      parts = [];
      size = 0;
    }
  }
  if (size > 0) yield Buffer.from(parts.join(""), "utf8");
}

/** Lines for one `copyIn` after the other, kept outside the heap: strings that wait for their turn would outlive the collections of a long load. */
export type CopyLines = {
  add(line: string): void;
  readonly isEmpty: boolean;
  /** A copy now keeps the memory bounded. */
  readonly isFull: boolean;
  /** All that was added, once; empty afterwards. To be used up before the next line. */
  take(): Buffer;
};

const MOST_BYTES_PER_CHARACTER = 3;

export function copyLines(fullBytes = 1 << 20): CopyLines {
  let buffer = Buffer.allocUnsafe(fullBytes + (1 << 14));
  let size = 0;
  return {
    add(line) {
      const most = line.length * MOST_BYTES_PER_CHARACTER + 1;
      if (size + most > buffer.length) {
        const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, size + most));
        buffer.copy(larger, 0, 0, size);
        buffer = larger;
      }
      size += buffer.write(line, size);
      buffer[size] = LINE_END;
      size += 1;
    },
    get isEmpty() {
      return size === 0;
    },
    get isFull() {
      return size >= fullBytes;
    },
    take() {
      const taken = buffer.subarray(0, size);
      size = 0;
      return taken;
    },
  };
}

const LINE_END = 10;
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** One value in PostgreSQL's COPY text format; null and undefined become \N. NUL cannot be stored and is dropped. */
export function copyValue(value: string | bigint | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return "\\N";
  if (typeof value === "boolean") return value ? "t" : "f";
  if (typeof value !== "string") return String(value);
  return /[\\\n\r\t\0]/.test(value) ? value.replace(/[\\\n\r\t\0]/g, (one) => ESCAPES[one] ?? "") : value;
}
