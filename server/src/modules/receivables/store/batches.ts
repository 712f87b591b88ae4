import type { CalendarDate } from "#kernel/calendar-date.ts";
import { addDays } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import type { Actor } from "#platform/actor.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import type { BatchInput, BatchReport } from "../core/batch.ts";
import type { Period } from "../core/openings.ts";

/** Waits for and takes the company's ledger: one writer at a time, released with the transaction. */
export async function lockBook(tx: Tx, companyId: Uuid): Promise<void> {
  await tx.run(sql`
    insert into receivables.book (tenant_id, company_id)
    values (${tx.tenant}, ${companyId})
    on conflict do nothing`);
  await tx.one(sql`
    select company_id
    from receivables.book
    where tenant_id = ${tx.tenant} and company_id = ${companyId}
    for update`);
}

/** Makes the source known, or follows its settings; the first one of a company is its source of record. True when its rule setting changed. */
export async function keepSource(tx: Tx, input: BatchInput): Promise<boolean> {
  const { sourceId, kind, name, settlesLeftovers } = input.source;
  const before = await tx.maybeOne<{ settlesLeftovers: boolean }>(sql`
    select settles_leftovers as "settlesLeftovers"
    from receivables.source
    where tenant_id = ${tx.tenant} and source_id = ${sourceId}`);
  await tx.run(sql`
    insert into receivables.source (tenant_id, source_id, company_id, kind, name, settles_leftovers, is_of_record)
    values (${tx.tenant}, ${sourceId}, ${input.companyId}, ${kind}, ${name}, ${settlesLeftovers},
      not exists (select from receivables.source where tenant_id = ${tx.tenant} and company_id = ${input.companyId} and is_of_record))
    on conflict (tenant_id, source_id) do update set name = excluded.name, settles_leftovers = excluded.settles_leftovers`);
  return before !== undefined && before.settlesLeftovers !== settlesLeftovers;
}

/** Fiscal years of the source that are loaded by batches not undone. */
export const loadedYears = (tx: Tx, sourceId: Uuid): Promise<Period[]> =>
  tx.rows<Period>(sql`
    select distinct b.fiscal_from as "from", b.fiscal_to as "to"
    from receivables.batch b
    where b.tenant_id = ${tx.tenant} and b.source_id = ${sourceId} and b.fiscal_from is not null and b.undoes_batch_id is null
      and not exists (select from receivables.batch u where u.tenant_id = b.tenant_id and u.undoes_batch_id = b.batch_id)`);

/** Day of the source's last open snapshot that stands. */
export const lastSnapshotOn = (tx: Tx, sourceId: Uuid): Promise<CalendarDate | undefined> =>
  tx
    .one<{ on: CalendarDate | null }>(sql`
      select max(b.covers_to) as "on"
      from receivables.batch b
      where b.tenant_id = ${tx.tenant} and b.source_id = ${sourceId} and b.coverage = 'open_snapshot'
        and not exists (select from receivables.batch u where u.tenant_id = b.tenant_id and u.undoes_batch_id = b.batch_id)`)
    .then(({ on }) => on ?? undefined);

export async function insertBatch(
  tx: Tx,
  actor: Pick<Actor, "kind" | "id">,
  input: BatchInput,
  batchId: Uuid,
  report: Pick<BatchReport, "counts" | "totals" | "proof">,
): Promise<void> {
  const { coverage, fiscalYear } = input;
  const from = coverage.kind === "full" ? coverage.from : null;
  const to = coverage.kind === "full" ? coverage.to : coverage.kind === "open_snapshot" ? coverage.asOf : null;
  await tx.run(sql`
    insert into receivables.batch (
      tenant_id, batch_id, source_id, company_id, coverage, covers_from, covers_to, fiscal_from, fiscal_to, known_on, is_first_load, file_name, file_hash,
      counts, totals, proof, actor_kind, actor_id)
    values (${tx.tenant}, ${batchId}, ${input.source.sourceId}, ${input.companyId}, ${coverage.kind}, ${from}, ${to}, ${fiscalYear?.from ?? null},
      ${fiscalYear?.to ?? null}, ${input.knownOn}, ${input.isFirstLoad}, ${input.fileName ?? null}, ${input.fileHash ?? null},
      ${json(report.counts)}::jsonb, ${json(report.totals)}::jsonb, ${json(report.proof)}::jsonb, ${actor.kind}, ${actor.id})`);
}

/** JSON with amounts as text: JSON numbers lose digits. */
export const json = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? String(one) : one));

/** The day before a period begins. */
export const eveOf = (period: Period): CalendarDate => addDays(period.from, -1);
