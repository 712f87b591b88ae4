import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { empty, type Sql, sql, type Tx } from "#platform/database/index.ts";

type Period = { readonly from: CalendarDate; readonly to: CalendarDate; readonly companyId?: Uuid | undefined };

const decided = (tx: Tx, { from, to, companyId }: Period): Sql => sql`
  a.tenant_id = ${tx.tenant} and a.kind = 'receipt' and a.applied_on between ${from}::date and ${to}::date
  ${companyId ? sql`and a.company_id = ${companyId}` : empty}`;

/** Receipts and invoice lines that hold, by rule and in all; corrected: by rule, undone since. */
export const countAutomation = (tx: Tx, period: Period) =>
  tx.one<{
    payments: number;
    byRule: number;
    lines: number;
    linesByRule: number;
    rules: number;
    corrected: number;
  }>(sql`
    select count(*) filter (where a.undone_at is null)::int as payments,
           count(*) filter (where a.undone_at is null and a.origin = 'rule')::int as "byRule",
           coalesce(sum(p.parts) filter (where a.undone_at is null), 0)::int as lines,
           coalesce(sum(p.parts) filter (where a.undone_at is null and a.origin = 'rule'), 0)::int as "linesByRule",
           count(*) filter (where a.origin = 'rule')::int as rules,
           count(*) filter (where a.origin = 'rule' and a.undone_at is not null)::int as corrected
    from cash.application a
    cross join lateral (
      select count(*) as parts from cash.application_part x where x.tenant_id = a.tenant_id and x.application_id = a.application_id
    ) p
    where ${decided(tx, period)}`);

export const appliedAmounts = (tx: Tx, period: Period) =>
  tx.rows<{ currency: string; applied: bigint; byRule: bigint }>(sql`
    select l.currency, sum(l.amount_minor)::bigint as applied, coalesce(sum(l.amount_minor) filter (where a.origin = 'rule'), 0)::bigint as "byRule"
    from cash.application a
    join cash.bank_line l on l.tenant_id = a.tenant_id and l.bank_line_id = a.bank_line_id
    where ${decided(tx, period)} and a.undone_at is null
    group by l.currency
    order by l.currency`);

/** What waits: all lines; receipts booked in the period, and the invoice lines that their first proposals hold, at least one each. */
export const countWaiting = (tx: Tx, { from, to, companyId }: Period) =>
  tx.one<{ all: number; receipts: number; lines: number }>(sql`
    select count(*)::int as all, count(*) filter (where w.is_receipt)::int as receipts,
           coalesce(sum(w.parts) filter (where w.is_receipt), 0)::int as lines
    from (
      select l.side = 'receipt' and l.booked_on between ${from}::date and ${to}::date as is_receipt,
             greatest(1, jsonb_array_length(coalesce(p.candidates -> 0 -> 'parts', '[]'))) as parts
      from cash.bank_line l
      left join cash.proposal p on p.tenant_id = l.tenant_id and p.bank_line_id = l.bank_line_id
      where l.tenant_id = ${tx.tenant} and l.state = 'waiting' and l.side <> 'other' ${companyId ? sql`and l.company_id = ${companyId}` : empty}
    ) w`);

/**
 * Decisions by the chance that was stated for the first proposal of their line: taken as it stood and not undone, by rule or by a person, counts as right.
 */
export const reliabilityOf = (tx: Tx, period: Period, bounds: readonly number[]) =>
  tx.rows<{ band: number; count: number; stated: number; right: number }>(sql`
    select width_bucket(p.top, ${[...bounds]}::int[]) as band, count(*)::int as count, round(avg(p.top))::int as stated,
           round(10000.0 * count(*) filter (where a.candidate_no = 0 and a.undone_at is null) / count(*))::int as right
    from cash.application a
    join (
      select tenant_id, bank_line_id, (candidates -> 0 ->> 'probabilityBp')::int as top from cash.proposal
    ) p on p.tenant_id = a.tenant_id and p.bank_line_id = a.bank_line_id
    where ${decided(tx, period)} and p.top is not null
    group by 1
    order by 1`);

export type UnbookedRow = {
  readonly itemId: Uuid;
  readonly companyCode: string;
  readonly customerId: Uuid;
  readonly customerName: string;
  readonly kind: string;
  readonly label: string | null;
  readonly documentNo: string | null;
  readonly postedOn: CalendarDate;
  readonly currency: string;
  readonly minor: bigint;
  readonly lineId: Uuid | null;
  readonly rivals: { itemId: Uuid; documentNo: string | null; postedOn: CalendarDate; label: string | null }[];
};

type UnbookedFilter = {
  readonly asOf: CalendarDate;
  readonly olderThanDays: number;
  readonly companyId?: Uuid | undefined;
};

const unbooked = (tx: Tx, { asOf, olderThanDays, companyId }: UnbookedFilter): Sql => sql`
  receivables.item_state s
  join parties.account_current c on c.tenant_id = s.tenant_id and c.account_id = s.account_id
  join parties.company k on k.tenant_id = c.tenant_id and k.company_id = c.company_id
  where s.tenant_id = ${tx.tenant} and s.layer = 'overlay' and s.kind <> 'adjustment' and s.posted_on <= ${asOf}::date - ${olderThanDays}::int
    ${companyId ? sql`and c.company_id = ${companyId}` : empty}
    and not exists (
      select from receivables.booking b where b.tenant_id = s.tenant_id and b.overlay_item_id = s.item_id and b.is_live
    )`;

/** Overlay items that no booking has taken over, oldest first, each with the ledger items that may be its booking: account, currency and amount agree. */
export const listUnbooked = (
  tx: Tx,
  filter: UnbookedFilter,
  page: { limit: number; after?: readonly [string, string] | undefined },
) =>
  tx.rows<UnbookedRow>(sql`
    with waiting as (
      select s.item_id, s.account_id, k.code, c.customer_id, c.customer_name, s.kind, s.label, s.document_no, s.posted_on, s.currency, s.original_minor
      from ${unbooked(tx, filter)}
        ${page.after ? sql`and (s.posted_on, s.item_id) > (${page.after[0]}::date, ${page.after[1]}::uuid)` : empty}
      order by s.posted_on, s.item_id
      limit ${page.limit}
    )
    select w.item_id as "itemId", w.code as "companyCode", w.customer_id as "customerId", w.customer_name as "customerName", w.kind, w.label,
           w.document_no as "documentNo", w.posted_on as "postedOn", w.currency, w.original_minor as minor,
           (select a.bank_line_id
            from cash.application_item i
            join cash.application a on a.tenant_id = i.tenant_id and a.application_id = i.application_id
            where i.tenant_id = ${tx.tenant} and i.item_id = w.item_id and a.undone_at is null limit 1) as "lineId",
           (select coalesce(jsonb_agg(jsonb_build_object('itemId', r.item_id, 'documentNo', r.document_no, 'postedOn', r.posted_on, 'label', r.label)
                     order by r.posted_on, r.item_id), '[]')
            from (
              select r.item_id, r.document_no, r.posted_on, r.label
              from receivables.item_state r
              where r.tenant_id = ${tx.tenant} and r.account_id = w.account_id and r.layer = 'ledger' and r.currency = w.currency
                and r.original_minor = w.original_minor and r.posted_on between w.posted_on - 45 and w.posted_on + 45
                and not exists (
                  select from receivables.booking b where b.tenant_id = r.tenant_id and b.booked_item_id = r.item_id and b.is_live
                )
              order by abs(r.posted_on - w.posted_on)
              limit 5
            ) r) as rivals
    from waiting w
    order by w.posted_on, w.item_id`);

export const countUnbooked = async (tx: Tx, filter: UnbookedFilter, cap: number): Promise<number> => {
  const row = await tx.one<{ count: bigint }>(
    sql`select count(*) as count from (select 1 from ${unbooked(tx, filter)} limit ${cap + 1}) as counted`,
  );
  return Number(row.count);
};

export type Bookable = {
  readonly companyId: Uuid;
  readonly bookCurrency: string;
  readonly accountId: Uuid;
  readonly layer: string;
  readonly currency: string;
  readonly minor: bigint;
};

export const bookable = (tx: Tx, itemId: Uuid) =>
  tx.maybeOne<Bookable>(sql`
    select c.company_id as "companyId", k.book_currency as "bookCurrency", s.account_id as "accountId", s.layer, s.currency, s.original_minor as minor
    from receivables.item_state s
    join parties.account_current c on c.tenant_id = s.tenant_id and c.account_id = s.account_id
    join parties.company k on k.tenant_id = c.tenant_id and k.company_id = c.company_id
    where s.tenant_id = ${tx.tenant} and s.item_id = ${itemId} and s.kind <> 'adjustment'
      and not exists (
        select from receivables.booking b
        where b.tenant_id = s.tenant_id and b.is_live and (b.overlay_item_id = s.item_id or b.booked_item_id = s.item_id)
      )`);

/** Applications by a person whose payment holds less than was stated: the ledger took the room. */
export const yieldedApplications = (tx: Tx) =>
  tx.rows<{ id: Uuid; lineId: Uuid; customerId: Uuid; openMinor: bigint; currency: string }>(sql`
    select a.application_id as id, a.bank_line_id as "lineId", c.customer_id as "customerId", s.working_open_minor as "openMinor", s.currency
    from cash.application a
    join cash.application_item i on i.tenant_id = a.tenant_id and i.application_id = a.application_id and i.role = 'payment'
    join receivables.item_state s on s.tenant_id = i.tenant_id and s.item_id = i.item_id
    join parties.account_current c on c.tenant_id = s.tenant_id and c.account_id = s.account_id
    cross join lateral (
      select coalesce(sum(p.amount_minor), 0) as minor from cash.application_part p
      where p.tenant_id = a.tenant_id and p.application_id = a.application_id and p.account_id = i.account_id
    ) stated
    cross join lateral (
      select coalesce(sum(x.amount_minor), 0) as minor from cash.application_item x
      where x.tenant_id = a.tenant_id and x.application_id = a.application_id and x.account_id = i.account_id and x.role in ('discount', 'fee', 'difference')
    ) given_up
    where a.tenant_id = ${tx.tenant} and a.undone_at is null and a.kind = 'receipt' and s.working_open_minor < 0
      and not exists (
        select from receivables.booking b where b.tenant_id = i.tenant_id and b.overlay_item_id = i.item_id and b.is_live
      )
      and -s.working_open_minor > -i.amount_minor - (stated.minor + given_up.minor)
    limit 500`);
