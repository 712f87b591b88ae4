import type { Result } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import type { Db } from "#platform/database/index.ts";
import type { BatchInput, BatchReport } from "../core/batch.ts";

export type ReceivablesServices = { readonly db: Db };

export type BatchRefusal = "unknown_company" | "unknown_account" | "snapshot_out_of_order" | "duplicate_source_key";

/**
 * The door of the ledger: takes one batch of a source, finds what is new, changed and gone, settles, proves, and writes it all or nothing.
 * Rows are streamed; memory stays bounded whatever their number.
 */
export function applyBatch(
  _services: ReceivablesServices,
  _actor: Actor,
  _input: BatchInput,
): Promise<Result<BatchReport, BatchRefusal>> {
  throw new Error("not laid yet");
}
