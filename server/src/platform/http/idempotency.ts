import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import type { Actor } from "../actor.ts";
import { type Db, sql } from "../database/index.ts";
import { HttpRefusal } from "./problem.ts";

const ABANDONED_SECONDS = 60;
const KEPT_DAYS = 30;

export type KeptAnswer = { readonly status: number; readonly body: unknown; readonly etag: string | undefined };

type Row = { request_hash: Buffer; status: number | null; answer: unknown; etag: string | null; is_abandoned: boolean };

export const requestHash = (operation: string, request: unknown): Buffer =>
  createHash("sha256")
    .update(operation)
    .update("\n")
    .update(canonicalize(request) ?? "")
    .digest();

/**
 * Runs `work` at most once for a key of an actor: a repeated request gets the kept answer, another request with the same key
 * is refused, a request still under way is refused. An attempt that died without an answer is taken over after 60 s.
 */
export async function atMostOnce(
  db: Db,
  actor: Actor,
  key: string,
  operation: string,
  hash: Buffer,
  work: () => Promise<KeptAnswer>,
): Promise<KeptAnswer> {
  const kept = await db.transaction(actor.tenant, async (tx) => {
    await tx.run(sql`
      delete from platform.idempotency_key
      where tenant_id = ${tx.tenant} and actor_id = ${actor.id} and key = ${key}
        and created_at < now() - make_interval(days => ${KEPT_DAYS})`);
    const added = await tx.run(sql`
      insert into platform.idempotency_key (tenant_id, actor_id, key, operation, request_hash)
      values (${tx.tenant}, ${actor.id}, ${key}, ${operation}, ${hash})
      on conflict do nothing`);
    if (added > 0) return undefined;
    const row = await tx.one<Row>(sql`
      select request_hash, status, answer, etag, created_at < now() - make_interval(secs => ${ABANDONED_SECONDS}) as is_abandoned
      from platform.idempotency_key
      where tenant_id = ${tx.tenant} and actor_id = ${actor.id} and key = ${key}
      for update`);
    if (!row.request_hash.equals(hash)) throw new HttpRefusal("idempotency_key_reused");
    if (row.status !== null) return { status: row.status, body: row.answer, etag: row.etag ?? undefined };
    if (!row.is_abandoned) throw new HttpRefusal("request_in_progress");
    await tx.run(sql`
      update platform.idempotency_key set created_at = now()
      where tenant_id = ${tx.tenant} and actor_id = ${actor.id} and key = ${key}`);
    return undefined;
  });
  if (kept) return kept;
  const where = sql`where tenant_id = ${actor.tenant} and actor_id = ${actor.id} and key = ${key}`;
  try {
    const answer = await work();
    await db.transaction(actor.tenant, (tx) =>
      tx.run(sql`
        update platform.idempotency_key
        set status = ${answer.status}, answer = ${JSON.stringify(answer.body ?? null)}::jsonb, etag = ${answer.etag ?? null}
        ${where}`),
    );
    return answer;
  } catch (error) {
    await db.transaction(actor.tenant, (tx) => tx.run(sql`delete from platform.idempotency_key ${where}`));
    throw error;
  }
}
