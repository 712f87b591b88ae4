import { sql, type Tx } from "#platform/database/index.ts";
import type { BatchInput } from "../core/batch.ts";

/**
 * Rows that stand for items of another source: those whose key already names such an item, and, from a source that is not of record, new rows with the
 * customer, document number and amount of a ledger item, one for one. They complete it (`completes`: a due day where it was estimated, a payment method
 * where it had none) or are only tied to it (`attached`). Opening lines of such a source are `ignored`: the ledger carries its own.
 */
export async function findCompletions(tx: Tx, input: BatchInput, isOfRecord: boolean): Promise<void> {
  const { sourceId } = input.source;
  await tx.run(sql`
    update incoming n
    set change = 'foreign', account_id = i.account_id
    from receivables.item i
    where n.change in ('changed', 'replaced') and i.tenant_id = ${tx.tenant} and i.item_id = n.known_item_id
      and i.source_id is distinct from ${sourceId}`);
  if (!isOfRecord) {
    await tx.run(sql`
      update incoming n
      set change = 'ignored'
      from staged s
      where n.change = 'new' and s.seq = n.seq and s.is_opening`);
    await tieToLedger(tx, input);
  }
  await tx.run(sql`
    update incoming n
    set change = case
        when v.void_reason is null and ((v.is_due_estimated and not s.is_due_estimated) or (v.payment_method is null and s.payment_method is not null))
          then 'completes'
        else 'attached'
      end
    from staged s, receivables.item_version v
    where n.change = 'foreign' and s.seq = n.seq and v.tenant_id = ${tx.tenant} and v.item_id = n.known_item_id
      and v.version_no = (
        select max(version_no) from receivables.item_version where tenant_id = ${tx.tenant} and item_id = n.known_item_id
      )`);
}

/** In tables of their own, analysed: without figures of a batch of one row and of a ledger just loaded, the database would walk the whole ledger. */
async function tieToLedger(tx: Tx, input: BatchInput): Promise<void> {
  await tx.run(sql`
    create temp table own_row on commit drop as
    select n.seq, a.customer_id, s.document_no, s.currency, s.minor,
           row_number() over (partition by a.customer_id, s.document_no, s.currency, s.minor order by n.seq) as nth
    from incoming n
    join staged s on s.seq = n.seq
    join parties.account_current a on a.tenant_id = ${tx.tenant} and a.account_id = s.account_id
    where n.change = 'new' and s.document_no is not null`);
  await tx.run(sql`analyze own_row`);
  await tx.run(sql`
    create temp table same_document on commit drop as
    select t.item_id, t.account_id, t.document_no, t.currency, t.original_minor as minor, t.posted_on
    from (select distinct document_no from own_row) d
    join receivables.item_state t on t.tenant_id = ${tx.tenant} and t.document_no = d.document_no and t.layer = 'ledger'`);
  await tx.run(sql`analyze same_document`);
  await tx.run(sql`
    with theirs as (
      select t.item_id, t.account_id, a.customer_id, t.document_no, t.currency, t.minor,
             row_number() over (partition by a.customer_id, t.document_no, t.currency, t.minor order by t.posted_on, t.item_id) as nth
      from same_document t
      join parties.account_current a on a.tenant_id = ${tx.tenant} and a.account_id = t.account_id and a.company_id = ${input.companyId}
      where not exists (
          select
          from receivables.external_ref r
          where r.tenant_id = ${tx.tenant} and r.account_id = t.account_id and r.source_id = ${input.source.sourceId} and r.item_id = t.item_id
        )
    )
    update incoming n
    set change = 'foreign', known_item_id = h.item_id, account_id = h.account_id
    from own_row o
    join theirs h
      on h.customer_id = o.customer_id and h.document_no = o.document_no and h.currency = o.currency and h.minor = o.minor and h.nth = o.nth
    where n.seq = o.seq`);
}
