import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { type Sql, sql, type Tx, withoutNestedLoops } from "#platform/database/index.ts";
import { openItems } from "./open-items.ts";

export type ProvenCompany = {
  readonly companyId: Uuid;
  readonly currency: string;
  readonly movements: bigint;
  readonly open: bigint;
};

/** Per company: what was posted against what is open, ledger layer, book currency. Settling moves no balance, so both are one number. */
export const proveLedger = (tx: Tx, asOf: CalendarDate): Promise<ProvenCompany[]> =>
  withoutNestedLoops(tx, () => tx.rows<ProvenCompany>(provenCompanies(tx, asOf)));

const provenCompanies = (tx: Tx, asOf: CalendarDate): Sql => sql`
    with moved as (
      select account_id, book_currency, sum(original_book_minor) as minor
      from receivables.item_state
      where tenant_id = ${tx.tenant} and layer = 'ledger' and posted_on <= ${asOf}::date
      group by account_id, book_currency
    ),
    open as (
      select account_id, sum(open_book_minor) as minor
      from ${openItems(tx, asOf, "ledger")} o
      group by account_id
    )
    select a.company_id as "companyId", m.book_currency as currency, sum(m.minor)::bigint as movements, coalesce(sum(o.minor), 0)::bigint as open
    from moved m
    join parties.account_current a on a.tenant_id = ${tx.tenant} and a.account_id = m.account_id
    left join open o on o.account_id = m.account_id
    group by a.company_id, m.book_currency
    order by a.company_id`;

type StoredDifference = { accountId: Uuid; closingMinor: string; sourceMinor: string; differenceMinor: string };

export type LastProof = {
  readonly companyId: Uuid;
  readonly batchId: Uuid;
  readonly sourceId: Uuid;
  readonly recordedAt: string;
  /** The last day of a full load or a fiscal year, on which its balance can be compared again at any time; null for other loads. */
  readonly statedOn: CalendarDate | null;
  readonly proof: {
    readonly sourceMinor: string | null;
    readonly isTied: boolean;
    readonly differences: StoredDifference[];
  };
};

/** Of each company the standing batch whose source states the latest balance, else the newest one. */
export const lastProofs = (tx: Tx): Promise<LastProof[]> =>
  tx.rows<LastProof>(sql`
    select distinct on (b.company_id) b.company_id as "companyId", b.batch_id as "batchId", b.source_id as "sourceId", b.recorded_at as "recordedAt",
           case when b.coverage = 'full' then b.covers_to else b.fiscal_to end as "statedOn", b.proof
    from receivables.batch b
    where b.tenant_id = ${tx.tenant} and b.undoes_batch_id is null
      and not exists (select from receivables.batch u where u.tenant_id = b.tenant_id and u.undoes_batch_id = b.batch_id)
    order by b.company_id, b.proof ->> 'sourceMinor' is null, coalesce(b.covers_to, b.fiscal_to) desc nulls last, b.batch_id desc`);

/** Number and name of accounts. */
export const accountNames = (
  tx: Tx,
  accountIds: readonly Uuid[],
): Promise<{ accountId: Uuid; account: string; name: string }[]> =>
  tx.rows(sql`
    select account_id as "accountId", control_account || ' ' || auxiliary as account, customer_name as name
    from parties.account_current
    where tenant_id = ${tx.tenant} and account_id = any(${[...accountIds]}::uuid[])`);

/** The balance of the accounts of each source on its day, to be compared with what the source stated when it was loaded. */
export async function balancesOfSources(
  tx: Tx,
  stated: readonly { sourceId: Uuid; on: CalendarDate }[],
): Promise<Map<Uuid, bigint>> {
  const rows = await withoutNestedLoops(tx, () =>
    tx.rows<{ sourceId: Uuid; minor: bigint }>(sql`
      select x.source_id as "sourceId", sum(s.original_book_minor)::bigint as minor
      from unnest(${stated.map((one) => one.sourceId)}::uuid[], ${stated.map((one) => one.on)}::date[]) as x (source_id, stated_on)
      join receivables.source c on c.tenant_id = ${tx.tenant} and c.source_id = x.source_id
      join parties.account_current a on a.tenant_id = ${tx.tenant} and a.company_id = c.company_id
      join receivables.item_state s
        on s.tenant_id = ${tx.tenant} and s.account_id = a.account_id and s.layer = 'ledger' and s.posted_on <= x.stated_on
      where exists (
        select
        from receivables.external_ref r
        where r.tenant_id = ${tx.tenant} and r.account_id = a.account_id and r.source_id = x.source_id
      )
      group by x.source_id`),
  );
  return new Map(rows.map((row) => [row.sourceId, row.minor]));
}

export type Unbooked = {
  readonly companyId: Uuid;
  readonly itemId: Uuid;
  readonly account: string;
  readonly name: string;
  readonly documentNo: string | null;
  readonly postedOn: CalendarDate;
  readonly currency: string;
  readonly minor: bigint;
};

const UNBOOKED_AFTER_DAYS = 30;

/** Overlay items that no booking has taken over within 30 days, oldest first; the first 100. */
export const unbookedItems = (tx: Tx, asOf: CalendarDate): Promise<Unbooked[]> =>
  tx.rows<Unbooked>(sql`
    select a.company_id as "companyId", s.item_id as "itemId", a.control_account || ' ' || a.auxiliary as account, a.customer_name as name,
           s.document_no as "documentNo", s.posted_on as "postedOn", s.currency, s.original_minor as minor
    from receivables.item_state s
    join parties.account_current a on a.tenant_id = s.tenant_id and a.account_id = s.account_id
    where s.tenant_id = ${tx.tenant} and s.layer = 'overlay' and s.kind <> 'adjustment' and s.posted_on < ${asOf}::date - ${UNBOOKED_AFTER_DAYS}::int
      and not exists (
        select
        from receivables.booking b
        where b.tenant_id = s.tenant_id and b.overlay_item_id = s.item_id and b.is_live
      )
    order by s.posted_on, s.item_id
    limit 100`);
