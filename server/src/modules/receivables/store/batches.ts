import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import { empty, sql, type Tx } from "#platform/database/index.ts";
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

/**
 * Makes the source known, or follows its settings. The first one of a company is its source of record; when nothing that it loaded stands any more,
 * the one that loads now takes its place.
 */
export async function keepSource(tx: Tx, input: BatchInput): Promise<{ isRuleChanged: boolean; isOfRecord: boolean }> {
  const { sourceId, kind, name, settlesLeftovers } = input.source;
  const before = await tx.maybeOne<{ settlesLeftovers: boolean }>(sql`
    select settles_leftovers as "settlesLeftovers"
    from receivables.source
    where tenant_id = ${tx.tenant} and source_id = ${sourceId}`);
  await tx.run(sql`
    update receivables.source s
    set is_of_record = false
    where s.tenant_id = ${tx.tenant} and s.company_id = ${input.companyId} and s.is_of_record and s.source_id <> ${sourceId}
      and not exists (
        select
        from receivables.batch b
        where b.tenant_id = s.tenant_id and b.source_id = s.source_id and b.undoes_batch_id is null
          and not exists (select from receivables.batch u where u.tenant_id = b.tenant_id and u.undoes_batch_id = b.batch_id)
      )`);
  const isFree = sql`${input.source.onlyCompletes !== true}::boolean and not exists (
    select from receivables.source where tenant_id = ${tx.tenant} and company_id = ${input.companyId} and is_of_record)`;
  const { isOfRecord } = await tx.one<{ isOfRecord: boolean }>(sql`
    insert into receivables.source as s (tenant_id, source_id, company_id, kind, name, settles_leftovers, is_of_record)
    values (${tx.tenant}, ${sourceId}, ${input.companyId}, ${kind}, ${name}, ${settlesLeftovers}, ${isFree})
    on conflict (tenant_id, source_id) do update
    set name = excluded.name, settles_leftovers = excluded.settles_leftovers, is_of_record = s.is_of_record or excluded.is_of_record
    returning is_of_record as "isOfRecord"`);
  return { isRuleChanged: before !== undefined && before.settlesLeftovers !== settlesLeftovers, isOfRecord };
}

/** The source spoke just now, if only to say that nothing changed: what makes a ledger fresh. */
export const hearSource = (tx: Tx, sourceId: Uuid) =>
  tx.run(sql`
    update receivables.source set heard_at = now() where tenant_id = ${tx.tenant} and source_id = ${sourceId}`);

/** Whether the source brought anything that still stands. */
export async function hasLoaded(tx: Tx, sourceId: Uuid): Promise<boolean> {
  const row = await tx.maybeOne(sql`
    select 1 as one
    from receivables.batch b
    where b.tenant_id = ${tx.tenant} and b.source_id = ${sourceId} and b.undoes_batch_id is null
      and not exists (select from receivables.batch u where u.tenant_id = b.tenant_id and u.undoes_batch_id = b.batch_id)
    limit 1`);
  return row !== undefined;
}

/** Which of these sources make their company's ledger. */
export async function sourcesOfRecord(tx: Tx): Promise<{ companyId: Uuid; sourceId: Uuid; name: string }[]> {
  return tx.rows(sql`
    select company_id as "companyId", source_id as "sourceId", name
    from receivables.source
    where tenant_id = ${tx.tenant} and is_of_record`);
}

/**
 * Makes a source the one of record of a company, before or after its first load. Only while nothing that the present one loaded stands: two ledgers
 * cannot trade places without counting twice.
 */
export async function makeSourceOfRecord(
  tx: Tx,
  source: { sourceId: Uuid; companyId: Uuid; kind: string; name: string; settlesLeftovers: boolean },
): Promise<Result<"of_record", "record_source_in_use">> {
  await lockBook(tx, source.companyId);
  const present = (await sourcesOfRecord(tx)).find((one) => one.companyId === source.companyId);
  if (present?.sourceId === source.sourceId) return done("of_record");
  if (present && (await hasLoaded(tx, present.sourceId))) return refuse("record_source_in_use", { name: present.name });
  // The one that takes over must not hold overlay rows of its own either.
  if (await hasLoaded(tx, source.sourceId)) return refuse("record_source_in_use", { name: source.name });
  await tx.run(sql`
    update receivables.source set is_of_record = false
    where tenant_id = ${tx.tenant} and company_id = ${source.companyId} and is_of_record`);
  await tx.run(sql`
    insert into receivables.source (tenant_id, source_id, company_id, kind, name, settles_leftovers, is_of_record)
    values (${tx.tenant}, ${source.sourceId}, ${source.companyId}, ${source.kind}, ${source.name}, ${source.settlesLeftovers}, true)
    on conflict (tenant_id, source_id) do update set is_of_record = true`);
  return done("of_record");
}

/** Per company when its ledger was last heard. */
export const lastHeard = (tx: Tx): Promise<{ companyId: Uuid; heardAt: string }[]> =>
  tx.rows(sql`
    select company_id as "companyId", max(heard_at) as "heardAt"
    from receivables.source
    where tenant_id = ${tx.tenant} and is_of_record and heard_at is not null
    group by company_id`);

/** Fiscal years of the company that are loaded by batches not undone. */
export const loadedYears = (tx: Tx, companyId: Uuid, except: Uuid | null = null): Promise<Period[]> =>
  tx.rows<Period>(sql`
    select distinct b.fiscal_from as "from", b.fiscal_to as "to"
    from receivables.batch b
    where b.tenant_id = ${tx.tenant} and b.company_id = ${companyId} and b.fiscal_from is not null and b.undoes_batch_id is null
      and b.batch_id is distinct from ${except}::uuid
      and not exists (select from receivables.batch u where u.tenant_id = b.tenant_id and u.undoes_batch_id = b.batch_id)`);

/** True when opening lines that carry forward the years of this period are in the ledger already: the period comes after a later one. */
export const isCarriedForward = (tx: Tx, companyId: Uuid, period: Period): Promise<boolean> =>
  tx
    .one<{ found: boolean }>(sql`
      select exists (
        select
        from receivables.item i
        where i.tenant_id = ${tx.tenant} and i.is_opening and i.posted_on between ${period.from}::date + 1 and ${period.to}::date + 1
          and i.account_id in (select account_id from parties.account_current where tenant_id = ${tx.tenant} and company_id = ${companyId})
      ) as found`)
    .then(({ found }) => found);

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

export type BatchRow = {
  readonly id: Uuid;
  readonly companyId: Uuid;
  readonly sourceId: Uuid;
  readonly sourceKind: string;
  readonly sourceName: string;
  readonly coverage: "movements" | "open_snapshot" | "full" | "undo";
  readonly coversFrom: CalendarDate | null;
  readonly coversTo: CalendarDate | null;
  readonly fileName: string | null;
  readonly counts: Record<string, number>;
  readonly isTied: boolean;
  readonly knownOn: CalendarDate;
  readonly recordedAt: string;
  readonly undoneBy: Uuid | null;
  readonly undoes: Uuid | null;
  readonly canUndo: boolean;
};

/** Batches, newest first; `before` is the id of the last one shown. */
export const listBatches = (
  tx: Tx,
  filter: { companyId?: Uuid | undefined; before?: Uuid | undefined; limit: number; batchId?: Uuid },
): Promise<BatchRow[]> =>
  tx.rows<BatchRow>(sql`
    select b.batch_id as id, b.company_id as "companyId", b.source_id as "sourceId", s.kind as "sourceKind", s.name as "sourceName", b.coverage,
           b.covers_from as "coversFrom", b.covers_to as "coversTo", b.file_name as "fileName", b.counts, (b.proof ->> 'isTied')::boolean as "isTied",
           b.known_on as "knownOn", b.recorded_at as "recordedAt", u.batch_id as "undoneBy", b.undoes_batch_id as undoes,
           u.batch_id is null and b.undoes_batch_id is null and not exists (
             select
             from receivables.batch later
             where later.tenant_id = b.tenant_id and later.source_id = b.source_id and later.batch_id > b.batch_id and later.undoes_batch_id is null
               and not exists (select from receivables.batch x where x.tenant_id = later.tenant_id and x.undoes_batch_id = later.batch_id)
           ) as "canUndo"
    from receivables.batch b
    join receivables.source s on s.tenant_id = b.tenant_id and s.source_id = b.source_id
    left join receivables.batch u on u.tenant_id = b.tenant_id and u.undoes_batch_id = b.batch_id
    where b.tenant_id = ${tx.tenant}
      ${filter.companyId ? sql`and b.company_id = ${filter.companyId}` : empty}
      ${filter.before ? sql`and b.batch_id < ${filter.before}` : empty}
      ${filter.batchId ? sql`and b.batch_id = ${filter.batchId}` : empty}
    order by b.batch_id desc
    limit ${filter.limit}`);
