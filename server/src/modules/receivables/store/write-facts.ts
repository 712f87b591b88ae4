import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import type { BatchInput } from "../core/batch.ts";
import type { Layer, VoidReason } from "../core/ledger.ts";

/** Writes what the batch brought: items, versions, keys; set-based, from `staged`, `incoming` and `gone`. */
export async function writeFacts(tx: Tx, input: BatchInput, batchId: Uuid, layer: Layer): Promise<void> {
  await insertItems(tx, input, batchId, layer);
  await insertFirstVersions(tx, input, batchId);
  await insertLaterVersions(tx, input, batchId);
  await insertCompletions(tx, input, batchId);
  // Most evenings nothing is gone; the planner, which cannot know, would read every key of the source for it.
  const { some } = await tx.one<{ some: boolean }>(sql`select exists (select from gone) as some`);
  if (some) await voidItems(tx, "absent", input.knownOn, batchId);
  await writeKeys(tx, input.source.sourceId);
}

const insertItems = (tx: Tx, input: BatchInput, batchId: Uuid, layer: Layer) =>
  tx.run(sql`
    insert into receivables.item (
      tenant_id, item_id, account_id, source_id, batch_id, layer, kind, currency, book_currency, posted_on, issued_on, instalment_no, order_key,
      is_opening, is_book_converted, journal, entry_no)
    select ${tx.tenant}, s.item_id, s.account_id, ${input.source.sourceId}, ${batchId}, ${layer}, s.kind, s.currency, ${input.bookCurrency},
           s.posted_on, s.issued_on, s.instalment_no, s.key, s.is_opening, s.is_book_converted, s.journal, s.entry_no
    from staged s
    join incoming n on n.seq = s.seq
    where n.change in ('new', 'replaced')
    order by s.account_id, s.seq`);

const insertFirstVersions = (tx: Tx, input: BatchInput, batchId: Uuid) =>
  tx.run(sql`
    insert into receivables.item_version (
      tenant_id, item_id, version_no, original_minor, original_book_minor, due_on, is_due_estimated, document_no, label, payment_method, letter,
      lettered_on, fiscal_year, links, known_on, is_known_assumed, batch_id)
    select ${tx.tenant}, s.item_id, 1, s.minor, s.book_minor, s.due_on, s.is_due_estimated, s.document_no, s.label, s.payment_method, s.letter,
           s.lettered_on, s.fiscal_year, s.links,
           case when ${input.isFirstLoad} and n.change = 'new' then s.posted_on else ${input.knownOn}::date end,
           ${input.isFirstLoad} and n.change = 'new', ${batchId}
    from staged s
    join incoming n on n.seq = s.seq
    where n.change in ('new', 'replaced')
    order by s.account_id, s.seq`);

/**
 * A change or a return; an opening line that is set aside stays so, and an estimate never replaces a due day that is known. Never known before the
 * version it follows.
 */
const insertLaterVersions = (tx: Tx, input: BatchInput, batchId: Uuid) =>
  tx.run(sql`
    insert into receivables.item_version (
      tenant_id, item_id, version_no, original_minor, original_book_minor, due_on, is_due_estimated, document_no, label, payment_method, letter,
      lettered_on, fiscal_year, links, void_reason, known_on, is_known_assumed, batch_id)
    select ${tx.tenant}, n.known_item_id, v.version_no + 1, s.minor, s.book_minor,
           case when s.is_due_estimated and not v.is_due_estimated then v.due_on else s.due_on end, s.is_due_estimated and v.is_due_estimated,
           s.document_no, s.label, coalesce(s.payment_method, v.payment_method), s.letter, s.lettered_on, s.fiscal_year, s.links,
           case when v.void_reason = 'set_aside' then v.void_reason end, greatest(v.known_on, ${input.knownOn}::date), false, ${batchId}
    from staged s
    join incoming n on n.seq = s.seq
    cross join lateral (
      select version_no, void_reason, known_on, due_on, is_due_estimated, payment_method
      from receivables.item_version
      where tenant_id = ${tx.tenant} and item_id = n.known_item_id
      order by version_no desc
      limit 1
    ) v
    where n.change = 'changed'`);

/** Another source knows what the source of record only estimated, or does not say. */
const insertCompletions = (tx: Tx, input: BatchInput, batchId: Uuid) =>
  tx.run(sql`
    insert into receivables.item_version (
      tenant_id, item_id, version_no, original_minor, original_book_minor, due_on, is_due_estimated, document_no, label, payment_method, letter,
      lettered_on, fiscal_year, links, void_reason, known_on, is_known_assumed, batch_id)
    select v.tenant_id, v.item_id, v.version_no + 1, v.original_minor, v.original_book_minor,
           case when v.is_due_estimated and not s.is_due_estimated then s.due_on else v.due_on end, v.is_due_estimated and s.is_due_estimated,
           v.document_no, v.label, coalesce(v.payment_method, s.payment_method), v.letter, v.lettered_on, v.fiscal_year, v.links, v.void_reason,
           greatest(v.known_on, ${input.knownOn}::date), false, ${batchId}
    from incoming n
    join staged s on s.seq = n.seq
    cross join lateral (
      select *
      from receivables.item_version
      where tenant_id = ${tx.tenant} and item_id = n.known_item_id
      order by version_no desc
      limit 1
    ) v
    where n.change = 'completes'`);

/** Gives every item in `gone` a void version: it never was. */
export async function voidItems(tx: Tx, reason: VoidReason, knownOn: CalendarDate, batchId: Uuid): Promise<void> {
  await tx.run(sql`
    insert into receivables.item_version (
      tenant_id, item_id, version_no, original_minor, original_book_minor, due_on, is_due_estimated, document_no, label, payment_method, letter,
      lettered_on, fiscal_year, links, void_reason, known_on, is_known_assumed, batch_id)
    select v.tenant_id, v.item_id, v.version_no + 1, v.original_minor, v.original_book_minor, v.due_on, v.is_due_estimated, v.document_no, v.label,
           v.payment_method, v.letter, v.lettered_on, v.fiscal_year, v.links, ${reason}, greatest(v.known_on, ${knownOn}::date), false, ${batchId}
    from gone g
    cross join lateral (
      select *
      from receivables.item_version
      where tenant_id = ${tx.tenant} and item_id = g.item_id
      order by version_no desc
      limit 1
    ) v
    where v.void_reason is null or v.void_reason = 'set_aside'`);
  await tx.run(sql`
    update receivables.external_ref r
    set digest = null
    from gone g
    where r.tenant_id = ${tx.tenant} and r.item_id = g.item_id and r.account_id = g.account_id`);
}

async function writeKeys(tx: Tx, sourceId: Uuid): Promise<void> {
  await tx.run(sql`
    update receivables.external_ref r
    set digest = s.digest, item_id = case n.change when 'replaced' then s.item_id else r.item_id end, account_id = s.account_id
    from incoming n
    join staged s on s.seq = n.seq
    where n.change in ('changed', 'replaced') and r.tenant_id = ${tx.tenant} and r.source_id = ${sourceId} and r.key = n.key`);
  await tx.run(sql`
    insert into receivables.external_ref (tenant_id, source_id, key, item_id, account_id, digest)
    select ${tx.tenant}, ${sourceId}, s.key, s.item_id, s.account_id, s.digest
    from staged s
    join incoming n on n.seq = s.seq
    where n.change = 'new'
    order by s.key`);
  await tx.run(sql`
    insert into receivables.external_ref (tenant_id, source_id, key, item_id, account_id, digest)
    select ${tx.tenant}, ${sourceId}, s.key, n.known_item_id, n.account_id, s.digest
    from staged s
    join incoming n on n.seq = s.seq
    where n.change in ('completes', 'attached')
    on conflict (tenant_id, source_id, key) do update set item_id = excluded.item_id, account_id = excluded.account_id, digest = excluded.digest`);
}
