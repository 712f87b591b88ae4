import type { CalendarDate } from "#kernel/calendar-date.ts";
import { type Clock, todayIn } from "#kernel/clock.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import { listBatches, loadedYears, lockBook } from "../store/batches.ts";
import { clearDifferencesOf } from "../store/differences.ts";
import { findBatch, findUndone, restoreVersions, type UndoableBatch } from "../store/undo.ts";
import { voidItems } from "../store/write-facts.ts";
import type { ReceivablesServices } from "./apply-batch.ts";
import { settleDirty } from "./settle-dirty.ts";

export type UndoRefusal = "not_found" | "batch_not_last" | "batch_in_use";

/** Asked before a batch is undone: does a message already rest on it? Plugged in by `app/`. */
export type BatchInUse = (tx: Tx, batchId: Uuid) => Promise<boolean>;

/**
 * Undoes the last batch of a source by a compensating one: what it brought is void, what it changed is as before, settlements follow. Its rows stay in
 * as-known reports of the days they were visible. Refused when a later batch of the source stands, or a message rests on it.
 */
export function undoBatch(
  services: ReceivablesServices & { readonly clock: Clock },
  actor: Actor,
  batchId: Uuid,
  isInUse?: BatchInUse,
): Promise<Result<{ batchId: Uuid; voided: number; restored: number }, UndoRefusal>> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const batch = await findBatch(tx, batchId);
    if (!batch) return refuse("not_found");
    await lockBook(tx, batch.companyId);
    const [listed] = await listBatches(tx, { batchId: batch.batchId, limit: 1 });
    if (!listed?.canUndo) return refuse("batch_not_last");
    if (await isInUse?.(tx, batchId)) return refuse("batch_in_use");
    return done(await compensate(tx, actor, batch, todayIn(services.clock, actor.zone)));
  });
}

async function compensate(tx: Tx, actor: Actor, batch: UndoableBatch, today: CalendarDate) {
  const undoId = newId();
  await findUndone(tx, batch);
  const { voided } = await tx.one<{ voided: number }>(sql`select count(*)::int as voided from gone`);
  await voidItems(tx, "undone", today, undoId);
  const restored = await restoreVersions(tx, batch, undoId, today);
  await settleDirty(tx, {
    batchId: undoId,
    bookCurrency: batch.bookCurrency,
    knownOn: today,
    isFirstLoad: false,
    loadedYears: await loadedYears(tx, batch.companyId, batch.batchId),
    snapshotOn: null,
    sourceId: batch.sourceId,
    isMatchingBookings: false,
  });
  await clearDifferencesOf(tx, batch.batchId, undoId);
  const counts = JSON.stringify({ void: voided, returned: restored });
  await tx.run(sql`
    insert into receivables.batch (
      tenant_id, batch_id, source_id, company_id, undoes_batch_id, coverage, known_on, is_first_load, counts, totals, proof, actor_kind, actor_id)
    values (${tx.tenant}, ${undoId}, ${batch.sourceId}, ${batch.companyId}, ${batch.batchId}, 'undo', ${today}, false, ${counts}::jsonb,
      '{}'::jsonb, '{"isTied": true, "differences": [], "sourceMinor": null}'::jsonb, ${actor.kind}, ${actor.id})`);
  await record(tx, actor, {
    kind: "receivables.batch.undone",
    version: 1,
    subject: { type: "batch", id: batch.batchId },
    about: [{ type: "company", id: batch.companyId }],
    payload: { undoId, companyId: batch.companyId, sourceId: batch.sourceId, voided, restored },
  });
  return { batchId: undoId, voided, restored };
}
