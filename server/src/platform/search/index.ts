import { fold } from "#kernel/text.ts";
import { sql, type Tx } from "../database/index.ts";

/** What global search finds: a subject by any of the words that people know it by. */
export type SearchEntry = {
  readonly kind: string;
  readonly id: string;
  readonly text: string;
  readonly weight?: number;
};

const BATCH = 5_000;

/** Adds or replaces entries of the session's tenant; texts are folded here. */
export async function replaceEntries(tx: Tx, entries: readonly SearchEntry[]): Promise<void> {
  for (let at = 0; at < entries.length; at += BATCH) {
    const part = entries.slice(at, at + BATCH);
    await tx.run(sql`
      select search.replace_entries(${part.map((one) => one.kind)}::text[], ${part.map((one) => one.id)}::uuid[],
        ${part.map((one) => fold(one.text).slice(0, 400))}::text[], ${part.map((one) => one.weight ?? 0)}::int[])`);
  }
}

export type SearchFound = { readonly kind: string; readonly id: string };

/** Ids of the tenant's subjects that match, best first: beginnings, then insides, then one typing mistake. Read them again under security. */
export async function find(tx: Tx, text: string, most: number): Promise<SearchFound[]> {
  const wanted = fold(text)
    .replace(/[%_\\]/g, " ")
    .trim();
  if (wanted.length < 2) return [];
  return tx.rows<SearchFound>(sql`select kind, subject_id as id from search.find(${tx.tenant}, ${wanted}, ${most})`);
}
