import { createHash } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { newId, type TenantId } from "#kernel/ids.ts";
import { sql, type Tx } from "../database/index.ts";
import { decrypt, encrypt, type SecretBox } from "../secrets.ts";

/** Content-addressed files of a tenant, encrypted at rest. */
export type FileStore = {
  /** Stores the bytes once and returns their SHA-256 as hex. Throws an error with code ENOSPC when the disk is full. */
  put(tx: Tx, content: Buffer): Promise<string>;
  /** The bytes, checked against their digest; undefined when the tenant has no such file. */
  get(tx: Tx, digest: string): Promise<Buffer | undefined>;
};

/** Where encrypted bytes lie. The disk driver serves the embedded database, the chunk driver a shared one. */
export type FileDriver = {
  write(tx: Tx, digest: string, bytes: Buffer): Promise<void>;
  read(tx: Tx, digest: string): Promise<Buffer | undefined>;
};

const CHUNK_BYTES = 1 << 20;
const DIGEST = /^[0-9a-f]{64}$/;

export function fileStore(driver: FileDriver, secrets: SecretBox): FileStore {
  return {
    put: async (tx, content) => {
      const digest = createHash("sha256").update(content).digest("hex");
      const added = await tx.run(sql`
        insert into platform.file (tenant_id, digest, size_bytes)
        values (${tx.tenant}, decode(${digest}, 'hex'), ${content.length})
        on conflict do nothing`);
      if (added > 0) await driver.write(tx, digest, encrypt(keyOf(secrets, tx.tenant), content));
      return digest;
    },
    get: async (tx, digest) => {
      if (!DIGEST.test(digest)) return undefined;
      const row = await tx.maybeOne(sql`
        select 1 as one from platform.file where tenant_id = ${tx.tenant} and digest = decode(${digest}, 'hex')`);
      if (!row) return undefined;
      const bytes = await driver.read(tx, digest);
      if (!bytes) throw new Error(`file ${digest} is listed but its bytes are missing`);
      const content = decrypt(keyOf(secrets, tx.tenant), bytes);
      if (createHash("sha256").update(content).digest("hex") !== digest) throw new Error(`file ${digest} was altered`);
      return content;
    },
  };
}

/** One key per tenant, derived by the secret box. */
const keyOf = (secrets: SecretBox, tenant: TenantId): Buffer => secrets.derive(`files of ${tenant}`);

export function diskDriver(folder: string): FileDriver {
  const pathOf = (tenant: TenantId, digest: string) => path.join(folder, tenant, digest.slice(0, 2), digest);
  return {
    write: async (tx, digest, bytes) => {
      const target = pathOf(tx.tenant, digest);
      const known = await stat(target).catch(() => undefined);
      if (known?.size === bytes.length) return;
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
      const half = `${target}.${newId()}`;
      await writeFile(half, bytes, { mode: 0o600, flush: true });
      await rename(half, target);
    },
    read: (tx, digest) => readFile(pathOf(tx.tenant, digest)).catch(() => undefined),
  };
}

export const chunkDriver: FileDriver = {
  write: async (tx, digest, bytes) => {
    for (let chunk = 0; chunk * CHUNK_BYTES < bytes.length; chunk += 1) {
      const content = bytes.subarray(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES);
      await tx.run(sql`
        insert into platform.file_chunk (tenant_id, digest, chunk_no, content)
        values (${tx.tenant}, decode(${digest}, 'hex'), ${chunk}, ${content})`);
    }
  },
  read: async (tx, digest) => {
    const rows = await tx.rows<{ content: Buffer }>(sql`
      select content from platform.file_chunk
      where tenant_id = ${tx.tenant} and digest = decode(${digest}, 'hex')
      order by chunk_no`);
    return rows.length > 0 ? Buffer.concat(rows.map((row) => row.content)) : undefined;
  },
};
