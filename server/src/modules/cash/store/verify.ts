import { sql, type Tx } from "#platform/database/index.ts";

export type CashFault = { readonly check: string; readonly id: string; readonly detail: string };

/** What must hold of every bank line and application; empty: sound. */
export const verifyCash = (tx: Tx): Promise<CashFault[]> =>
  tx.rows<CashFault>(sql`
    select 'line_state' as check, l.bank_line_id as id, l.state || ' with ' || count(a.application_id) || ' live applications' as detail
    from cash.bank_line l
    left join cash.application a on a.tenant_id = l.tenant_id and a.bank_line_id = l.bank_line_id and a.undone_at is null
    where l.tenant_id = ${tx.tenant}
    group by l.bank_line_id, l.state
    having (l.state = 'applied') <> (count(a.application_id) = 1)
    union all
    select 'receipt_sum', a.application_id, 'line ' || l.amount_minor || ', payments ' || coalesce(-i.payments, 0)
    from cash.application a
    join cash.bank_line l on l.tenant_id = a.tenant_id and l.bank_line_id = a.bank_line_id
    left join lateral (
      select sum(amount_minor) as payments
      from cash.application_item x
      where x.tenant_id = a.tenant_id and x.application_id = a.application_id and x.role = 'payment'
    ) i on true
    where a.tenant_id = ${tx.tenant} and a.kind = 'receipt' and l.amount_minor <> coalesce(-i.payments, 0)
    union all
    select 'item', i.item_id, 'of an application that holds, but not in the ledger'
    from cash.application_item i
    join cash.application a on a.tenant_id = i.tenant_id and a.application_id = i.application_id and a.undone_at is null
    left join receivables.item_state s on s.tenant_id = i.tenant_id and s.item_id = i.item_id
    where i.tenant_id = ${tx.tenant} and s.item_id is null
    limit 300`);
