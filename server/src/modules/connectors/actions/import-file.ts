import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import type { Services } from "#platform/services.ts";
import type { ImportRecord } from "../store/import-store.ts";

/** Gives the import's file as a path while `work` runs; false when its bytes are no longer at hand. */
export async function withImportFile(
  services: Services,
  actor: Actor,
  found: ImportRecord,
  given: string | undefined,
  work: (file: string) => Promise<void>,
): Promise<boolean> {
  if (given) {
    await work(given);
    return true;
  }
  const content = await services.db.transaction(actor.tenant, (tx) => services.files.get(tx, found.fileDigest));
  if (!content) return false;
  await withTemporaryFile(content, work);
  return true;
}

/** The import's bytes where they are kept. */
export const withImportBytes = (services: Services, tx: Tx, found: ImportRecord): Promise<Buffer | undefined> =>
  services.files.get(tx, found.fileDigest);

/** A private file that lives as long as `work`. */
export async function withTemporaryFile<T>(content: Buffer, work: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), "encours-import-"));
  try {
    const file = path.join(folder, "file");
    await writeFile(file, content, { mode: 0o600 });
    return await work(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
