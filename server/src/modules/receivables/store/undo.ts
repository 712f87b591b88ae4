import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";

export type UndoableBatch = {
  readonly batchId: Uuid;
  readonly companyId: Uuid;
  readonly sourceId: Uuid;
  readonly fiscalTo: CalendarDate | null;
  readonly bookCurrency: string;
};

export const findBatch = (tx: Tx, batchId: Uuid): Promise<UndoableBatch | undefined> =>
  tx.maybeOne<UndoableBatch>(sql`
    select b.batch_id as "batchId", b.company_id as "companyId", b.source_id as "sourceId", b.fiscal_to as "fiscalTo",
           coalesce((select i.book_currency from receivables.item i where i.tenant_id = b.tenant_id and i.source_id = b.source_id limit 1), 'EUR')
             as "bookCurrency"
    from receivables.batch b
    where b.tenant_id = ${tx.tenant} and b.batch_id = ${batchId}`);

/**
 * Fills `gone` with the items the batch brought first, `restored` with the last version before the batch of those it changed, and `dirty` with the
 * accounts concerned. Adjustments of snapshots follow from the clearings and are left to the settling.
 */
export async function findUndone(tx: Tx, batch: UndoableBatch): Promise<void> {
  const { tenant } = tx;
  await tx.run(sql`create temp table gone (item_id uuid, account_id uuid) on commit drop`);
  await tx.run(sql`
    insert into gone (item_id, account_id)
    select i.item_id, i.account_id
    from receivables.item i
    where i.tenant_id = ${tenant} and i.batch_id = ${batch.batchId} and i.kind <> 'adjustment'`);
  await tx.run(sql`
    create temp table restored on commit drop as
    select i.item_id, i.account_id, i.order_key, b.last_version_no, max(v.version_no) as version_no
    from (
      select item_id, min(version_no) as first_version_no, max(version_no) as last_version_no
      from receivables.item_version
      where tenant_id = ${tenant} and batch_id = ${batch.batchId} and version_no > 1
      group by item_id
    ) b
    join receivables.item i on i.tenant_id = ${tenant} and i.item_id = b.item_id and i.kind <> 'adjustment'
    join receivables.item_version v on v.tenant_id = ${tenant} and v.item_id = i.item_id and v.version_no < b.first_version_no
    where i.batch_id is distinct from ${batch.batchId}
    group by i.item_id, i.account_id, i.order_key, b.last_version_no`);
  await tx.run(sql`create temp table dirty (account_id uuid primary key) on commit drop`);
  await tx.run(sql`
    insert into dirty (account_id)
    select account_id from gone
    union
    select account_id from restored
    union
    select account_id from receivables.clearing where tenant_id = ${tenant} and batch_id = ${batch.batchId}
    union
    select account_id
    from receivables.item
    where tenant_id = ${tenant} and is_opening and posted_on = ${batch.fiscalTo}::date + 1
      and account_id in (select account_id from parties.account_current where tenant_id = ${tenant} and company_id = ${batch.companyId})`);
  await tx.run(sql`analyze dirty`);
}

/**
 * Gives the changed items their earlier version again, points their keys back, and takes the batch's clearings away. What the source last said of them is
 * forgotten (digest 0), so that their rows are looked at again; a digest stays absent only while its item is void.
 */
export async function restoreVersions(
  tx: Tx,
  batch: UndoableBatch,
  undoId: Uuid,
  knownOn: CalendarDate,
): Promise<number> {
  const { tenant } = tx;
  const restored = await tx.run(sql`
    insert into receivables.item_version (
      tenant_id, item_id, version_no, original_minor, original_book_minor, due_on, is_due_estimated, document_no, label, payment_method, letter,
      lettered_on, fiscal_year, links, void_reason, known_on, is_known_assumed, batch_id)
    select v.tenant_id, v.item_id, r.last_version_no + 1, v.original_minor, v.original_book_minor, v.due_on, v.is_due_estimated, v.document_no,
           v.label, v.payment_method, v.letter, v.lettered_on, v.fiscal_year, v.links, v.void_reason, greatest(l.known_on, ${knownOn}::date), false,
           ${undoId}
    from restored r
    join receivables.item_version v on v.tenant_id = ${tenant} and v.item_id = r.item_id and v.version_no = r.version_no
    join receivables.item_version l on l.tenant_id = ${tenant} and l.item_id = r.item_id and l.version_no = r.last_version_no
    where not exists (
      select from receivables.item_version later
      where later.tenant_id = ${tenant} and later.item_id = r.item_id and later.version_no > r.last_version_no
    )`);
  await tx.run(sql`
    update receivables.external_ref e
    set item_id = r.item_id, account_id = r.account_id, digest = case when v.void_reason is null or v.void_reason = 'set_aside' then 0 end
    from restored r
    join receivables.item_version v on v.tenant_id = ${tenant} and v.item_id = r.item_id and v.version_no = r.version_no
    where e.tenant_id = ${tenant} and e.source_id = ${batch.sourceId}
      and (e.key = r.order_key or (e.account_id = r.account_id and e.item_id = r.item_id))`);
  // What another source had brought first stands again, under the keys that it has there.
  await tx.run(sql`
    update receivables.external_ref e
    set item_id = r.item_id, account_id = r.account_id, digest = 0
    from restored r
    join receivables.item i on i.tenant_id = ${tenant} and i.item_id = r.item_id and i.layer = 'overlay'
    join receivables.item_version v on v.tenant_id = ${tenant} and v.item_id = r.item_id and v.version_no = r.version_no
    where e.tenant_id = ${tenant} and e.source_id = i.source_id and e.source_id <> ${batch.sourceId} and e.key = r.order_key and v.void_reason is null`);
  await tx.run(sql`
    update receivables.clearing
    set undone_by = ${undoId}
    where tenant_id = ${tenant} and batch_id = ${batch.batchId}`);
  return restored;
}
