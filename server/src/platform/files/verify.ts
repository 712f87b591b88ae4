import { sql, type Tx } from "../database/index.ts";
import type { FileStore } from "./index.ts";

/** Digests of files whose bytes are missing or were altered. Reads every file of the tenant once. */
export async function verifyFiles(tx: Tx, files: FileStore): Promise<string[]> {
  const rows = await tx.rows<{ digest: string }>(sql`
    select encode(digest, 'hex') as digest from platform.file where tenant_id = ${tx.tenant} order by digest`);
  const bad: string[] = [];
  for (const { digest } of rows) {
    const content = await files.get(tx, digest).catch(() => undefined);
    if (!content) bad.push(digest);
  }
  return bad;
}
