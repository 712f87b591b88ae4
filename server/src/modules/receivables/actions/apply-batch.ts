import type { CalendarDate } from "#kernel/calendar-date.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import { type Db, sql, type Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { BatchInput, BatchReport } from "../core/batch.ts";
import {
  hearSource,
  insertBatch,
  isCarriedForward,
  keepSource,
  lastSnapshotOn,
  loadedYears,
  lockBook,
} from "../store/batches.ts";
import {
  type ChangeCounts,
  compareKeys,
  countChanges,
  findDirty,
  findGone,
  keepOriginalsOfSnapshot,
  sampleChanges,
} from "../store/compare.ts";
import { findCompletions } from "../store/complete.ts";
import { keepDifferences } from "../store/differences.ts";
import { findElsewhere, leaveElsewhere, pointElsewhere } from "../store/elsewhere.ts";
import { findParts } from "../store/part-accounts.ts";
import { proveBatch, rememberBalances, rememberTouched } from "../store/proof.ts";
import { numberEqualLines, type Staged, stage, strangeAccount } from "../store/staging.ts";
import { refreshStatistics } from "../store/statistics.ts";
import { writeFacts } from "../store/write-facts.ts";
import { settleDirty } from "./settle-dirty.ts";

export type ReceivablesServices = { readonly db: Db };

export type BatchRefusal = "unknown_account" | "snapshot_out_of_order" | "duplicate_source_key";

/**
 * The door of the ledger: takes one batch of a source, finds what is new, changed and gone, settles, proves, and writes it all or nothing.
 * Rows are streamed through a temporary table and accounts are settled one after another; memory stays bounded whatever their number.
 * Refuses a source's key that stands on two rows, an account of another company, and an open snapshot older than the last one.
 */
export async function applyBatch(
  services: ReceivablesServices,
  actor: Actor,
  input: BatchInput,
): Promise<Result<BatchReport, BatchRefusal>> {
  try {
    return await services.db.transaction(actor.tenant, async (tx) => {
      const result = await apply(tx, actor, input);
      // Refusals and dry runs leave no trace: the transaction carries temporary tables and locks only by rolling back.
      if (!result.ok || input.isDryRun) throw new RolledBack(result);
      return result;
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.result;
    throw error;
  }
}

class RolledBack extends Error {
  readonly result: Result<BatchReport, BatchRefusal>;
  constructor(result: Result<BatchReport, BatchRefusal>) {
    super("rolled back on purpose");
    this.result = result;
  }
}

async function apply(tx: Tx, actor: Actor, given: BatchInput): Promise<Result<BatchReport, BatchRefusal>> {
  await tx.run(sql`set local work_mem = '96MB'`);
  await lockBook(tx, given.companyId);
  const { isRuleChanged, isOfRecord } = await keepSource(tx, given);
  const input = await withoutFalseMemory(tx, isOfRecord ? given : withoutAuthority(given));
  const { coverage } = input;
  if (coverage.kind === "open_snapshot") {
    const last = await lastSnapshotOn(tx, input.source.sourceId);
    if (last && last > coverage.asOf) return refuse("snapshot_out_of_order", { asOf: coverage.asOf, last });
  }
  const staged = await stage(tx, input);
  const repeated = await numberEqualLines(tx);
  if (repeated) return refuse("duplicate_source_key", repeated);
  const stranger = await strangeAccount(tx, input.companyId);
  if (stranger) return refuse("unknown_account", stranger);
  await compareKeys(tx, input);
  await findCompletions(tx, input, isOfRecord);
  if (coverage.kind === "open_snapshot") await keepOriginalsOfSnapshot(tx);
  if (isOfRecord) await findElsewhere(tx, input.companyId);
  await findGone(tx, input);
  const left = isOfRecord ? await leaveElsewhere(tx) : 0;
  const years = await yearsAfter(tx, input);
  const dirty = await findDirty(tx, input, isRuleChanged);
  const counts = completedInstead(await countChanges(tx), left);
  const isSame = counts.new + counts.changed + counts.void + counts.returned + counts.completed === 0;
  const sample = isSame ? [] : await sampleChanges(tx);
  await rememberBalances(tx);
  const batchId = newId();
  if (!isSame) await writeFacts(tx, input, batchId, isOfRecord ? "ledger" : "overlay");
  const tookOver = left > 0 ? await pointElsewhere(tx) : [];
  await refreshStatistics(tx, "facts", counts.new);
  const isNarrow = coverage.kind !== "open_snapshot" && !input.isFirstLoad && !isRuleChanged;
  const settled = await settleDirty(tx, {
    batchId,
    hasParts: isNarrow && (await findParts(tx, input.companyId)),
    bookCurrency: input.bookCurrency,
    knownOn: input.knownOn,
    isFirstLoad: input.isFirstLoad,
    loadedYears: years,
    snapshotOn: coverage.kind === "open_snapshot" ? coverage.asOf : null,
    sourceId: input.source.sourceId,
    isMatchingBookings: true,
  });
  await refreshStatistics(tx, "settled", counts.new);
  if (coverage.kind === "movements") await rememberTouched(tx, batchId);
  const { proof, stated } = await proveBatch(tx, input);
  await hearSource(tx, input.source.sourceId);
  const report = { ...reportOf(staged, counts, settled, proof, dirty, sample, isOfRecord), tookOver };
  await keepDifferences(tx, batchId, stated, input.knownOn);
  const isNothing = isSame && settled.lines + settled.amended === 0;
  if (isNothing && coverage.kind !== "open_snapshot") return done(report);
  await insertBatch(tx, actor, input, batchId, report);
  await announce(tx, actor, input, batchId, report);
  return done({ ...report, batchId: input.isDryRun ? null : batchId });
}

/** What another source brought first and the books now carry elsewhere did not vanish: it was completed. */
const completedInstead = (counts: ChangeCounts, left: number): ChangeCounts => ({
  ...counts,
  void: counts.void - left,
  completed: counts.completed + left,
});

/** A source that is not of record says nothing by absence, of balances or of years: it completes, or adds to the overlay. */
function withoutAuthority({ sourceBalances: _, presentKeys: _keys, ...input }: BatchInput): BatchInput {
  return { ...input, coverage: { kind: "movements" }, fiscalYear: null };
}

/**
 * A year loaded after a later one was not known then: its opening lines stood for it. Assuming otherwise would count both in as-known reports.
 */
async function withoutFalseMemory(tx: Tx, input: BatchInput): Promise<BatchInput> {
  if (!input.isFirstLoad || !input.fiscalYear) return input;
  return (await isCarriedForward(tx, input.companyId, input.fiscalYear)) ? { ...input, isFirstLoad: false } : input;
}

async function yearsAfter(tx: Tx, input: BatchInput) {
  const years = await loadedYears(tx, input.companyId);
  return input.fiscalYear ? [...years, input.fiscalYear] : years;
}

function reportOf(
  staged: Staged,
  counts: ChangeCounts,
  settled: { settledByRule: number; setAside: number },
  proof: BatchReport["proof"],
  accounts: number,
  sample: BatchReport["sample"],
  isOfRecord: boolean,
): Omit<BatchReport, "tookOver"> {
  return {
    batchId: null,
    layer: isOfRecord ? "ledger" : "overlay",
    counts: {
      read: staged.read,
      new: counts.new,
      changed: counts.changed,
      void: counts.void,
      returned: counts.returned,
      unchanged: counts.same,
      completed: counts.completed,
      relettered: counts.relettered,
      settledByRule: settled.settledByRule,
      openingsSetAside: settled.setAside,
    },
    totals: { debitMinor: staged.debitMinor, creditMinor: staged.creditMinor, accounts },
    proof,
    sample,
  };
}

/** A bulk load is one event: source, counts, control totals; its rows carry the batch id. */
function announce(tx: Tx, actor: Actor, input: BatchInput, batchId: Uuid, report: BatchReport): Promise<string> {
  const day = (on: CalendarDate | undefined) => on ?? null;
  return record(tx, actor, {
    kind: "receivables.batch.applied",
    version: 1,
    subject: { type: "batch", id: batchId },
    about: [{ type: "company", id: input.companyId }],
    payload: {
      companyId: input.companyId,
      sourceId: input.source.sourceId,
      sourceKind: input.source.kind,
      coverage: input.coverage.kind,
      fiscalTo: day(input.fiscalYear?.to),
      fileHash: input.fileHash ?? null,
      counts: { ...report.counts },
      debitMinor: String(report.totals.debitMinor),
      creditMinor: String(report.totals.creditMinor),
      closingMinor: String(report.proof.closingMinor),
      isTied: report.proof.isTied,
    },
  });
}
