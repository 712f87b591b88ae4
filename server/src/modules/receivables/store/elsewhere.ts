import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";

/** An overlay item that another source brought, and the ledger item that the books made of the same document under another account. */
export type TookOver = { readonly overlayItemId: Uuid; readonly itemId: Uuid };

/**
 * Fills `elsewhere`: overlay items that other sources brought before the books did, where the books now carry the document under another account: same
 * company, kind, number, currency, amount and day, one for one, and nothing ever settled on it. A seller gives a number once: it is the same document.
 * What the books only estimate of it, the other source knows. Reads `staged` and `incoming`.
 */
export async function findElsewhere(tx: Tx, companyId: Uuid): Promise<void> {
  await tx.run(sql`
    create temp table waiting on commit drop as
    select t.item_id, t.account_id, t.kind, t.document_no, t.currency, t.original_minor as minor, t.issued_on, t.due_on, t.is_due_estimated,
           t.payment_method, t.first_line_on
    from receivables.item_state t
    join receivables.item i on i.tenant_id = t.tenant_id and i.item_id = t.item_id
    join parties.account_current a on a.tenant_id = t.tenant_id and a.account_id = t.account_id and a.company_id = ${companyId}
    where t.tenant_id = ${tx.tenant} and t.layer = 'overlay' and t.kind in ('invoice', 'credit_note') and t.document_no is not null
      and i.source_id is not null`);
  await tx.run(sql`
    create temp table elsewhere (
      overlay_item_id uuid, account_id uuid, seq int, item_id uuid, booked_account_id uuid, due_on date, is_due_estimated boolean,
      payment_method text collate "C"
    ) on commit drop`);
  const { some } = await tx.one<{ some: boolean }>(sql`select exists (select from waiting) as some`);
  if (!some) return;
  await tx.run(sql`analyze waiting`);
  await tx.run(sql`
    with met as (
      select w.item_id as overlay_item_id, w.account_id, w.first_line_on, w.due_on, w.is_due_estimated, w.payment_method, s.seq,
             case n.change when 'changed' then n.known_item_id else s.item_id end as item_id,
             s.account_id as booked_account_id, count(*) over (partition by w.item_id) as rows, count(*) over (partition by s.seq) as items
      from waiting w
      join staged s
        on s.document_no = w.document_no and s.currency = w.currency and s.minor = w.minor and s.kind = w.kind
          and (s.issued_on = w.issued_on or s.posted_on = w.issued_on)
      join incoming n on n.seq = s.seq and n.change in ('new', 'replaced', 'changed')
      where not s.is_opening
    )
    insert into elsewhere
    select overlay_item_id, account_id, seq, item_id, booked_account_id, due_on, is_due_estimated, payment_method
    from met
    where rows = 1 and items = 1 and account_id <> booked_account_id and first_line_on = 'infinity'`);
  await tx.run(sql`
    update staged s
    set due_on = case when s.is_due_estimated and not e.is_due_estimated then e.due_on else s.due_on end,
        is_due_estimated = s.is_due_estimated and e.is_due_estimated, payment_method = coalesce(s.payment_method, e.payment_method)
    from elsewhere e
    where s.seq = e.seq`);
}

/** They never were: the document is the books'. To be called when `gone` exists and before it is read. */
export const leaveElsewhere = (tx: Tx): Promise<number> =>
  tx.run(sql`insert into gone (item_id, account_id) select overlay_item_id, account_id from elsewhere`);

/** The keys under which the other source knows them are keys of the ledger's items from now on; to be called when the facts are written. */
export async function pointElsewhere(tx: Tx): Promise<TookOver[]> {
  await tx.run(sql`
    update receivables.external_ref r
    set item_id = e.item_id, account_id = e.booked_account_id, digest = 0
    from elsewhere e
    where r.tenant_id = ${tx.tenant} and r.item_id = e.overlay_item_id`);
  return tx.rows<TookOver>(
    sql`select overlay_item_id as "overlayItemId", item_id as "itemId" from elsewhere order by seq`,
  );
}
