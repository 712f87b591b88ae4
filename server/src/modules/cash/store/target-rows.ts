import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { openItems } from "#modules/receivables/index.ts";
import { sql, type Tx } from "#platform/database/index.ts";

export type TargetRow = {
  readonly itemId: Uuid;
  readonly accountId: Uuid;
  readonly customerId: Uuid;
  readonly customerName: string;
  readonly documentNo: string | null;
  readonly dueOn: CalendarDate;
  readonly currency: string;
  readonly originalMinor: bigint;
  readonly openMinor: bigint;
};

type Search = { readonly companyId: Uuid; readonly currency: string; readonly folded: string; readonly plain: string };

/** Accounts of a company whose customer's name or number holds the words. */
export const searchAccounts = (tx: Tx, { companyId, folded }: Search) =>
  tx.rows<{ accountId: Uuid; customerId: Uuid; customerName: string; customerNumber: string }>(sql`
    select a.account_id as "accountId", a.customer_id as "customerId", a.customer_name as "customerName", a.customer_number as "customerNumber"
    from parties.account_current a
    join parties.customer c on c.tenant_id = a.tenant_id and c.customer_id = a.customer_id
    where a.tenant_id = ${tx.tenant} and a.company_id = ${companyId}
      and (position(${folded} in c.folded_name) > 0 or starts_with(lower(a.customer_number), ${folded}))
    order by a.customer_sort_key, a.account_id
    limit 20`);

/** Open items of these accounts, or whose number holds the words; credit notes too. */
export const searchItems = (
  tx: Tx,
  search: Search,
  accountIds: readonly Uuid[],
  asOf: CalendarDate,
): Promise<TargetRow[]> =>
  tx.rows<TargetRow>(sql`
    select o.item_id as "itemId", o.account_id as "accountId", a.customer_id as "customerId", a.customer_name as "customerName",
           o.document_no as "documentNo", o.due_on as "dueOn", o.currency, o.original_minor as "originalMinor", o.open_minor as "openMinor"
    from ${openItems(tx, asOf, "working", sql`in (select account_id from parties.account_current where tenant_id = ${tx.tenant} and company_id = ${search.companyId})`)} o
    join parties.account_current a on a.tenant_id = ${tx.tenant} and a.account_id = o.account_id
    where o.currency = ${search.currency} and (o.open_minor > 0 or o.kind = 'credit_note')
      and (o.account_id = any(${[...accountIds]}::uuid[]) or position(${search.plain} in upper(regexp_replace(o.document_no, '[^A-Za-z0-9]', '', 'g'))) > 0)
    order by o.due_on, o.item_id
    limit 60`);
