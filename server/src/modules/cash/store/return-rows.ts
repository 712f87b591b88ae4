import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { empty, sql, type Tx, withoutNestedLoops } from "#platform/database/index.ts";
import type { ReturnablePayment } from "../core/find-returned.ts";

const LOOKS_BACK_DAYS = 400;

export type CompanyPayment = ReturnablePayment & {
  readonly companyId: Uuid;
  readonly companyCode: string;
  readonly bookCurrency: string;
  readonly customerId: Uuid;
};

/**
 * Payments of these amounts or end-to-end ids that no rejection has cancelled: those of bank lines - by the item that the books made of them, where they
 * have - and those that only the books know.
 */
export const returnablePayments = (
  tx: Tx,
  of: {
    companyId: Uuid | null;
    currency: string;
    amounts: readonly bigint[];
    endToEndIds: readonly string[];
    before: CalendarDate;
  },
): Promise<CompanyPayment[]> =>
  withoutNestedLoops(tx, () =>
    tx.rows<CompanyPayment>(sql`
    with received as (
      -- one row a receipt, whatever number of customers it paid for: the bank takes it back whole
      select distinct on (a.application_id) coalesce(b.booked_item_id, i.item_id) as item_id, l.amount_minor as minor, l.value_on as on_day, l.end_to_end_id, l.mandate_id,
             l.payer_name, l.payer_iban_digest, array_remove(array[l.bank_reference, l.creditor_reference], null) as refs
      from cash.bank_line l
      join cash.application a on a.tenant_id = l.tenant_id and a.bank_line_id = l.bank_line_id and a.undone_at is null and a.kind = 'receipt'
      join cash.application_item i on i.tenant_id = a.tenant_id and i.application_id = a.application_id and i.role = 'payment'
      left join receivables.booking b on b.tenant_id = i.tenant_id and b.overlay_item_id = i.item_id and b.is_live
      where l.tenant_id = ${tx.tenant} and l.state = 'applied' and l.currency = ${of.currency}
        and (l.amount_minor = any(${of.amounts.map(String)}::bigint[]) or l.end_to_end_id = any(${[...of.endToEndIds]}::text[]))
      order by a.application_id, i.item_id
    ),
    booked as (
      select s.item_id, -s.original_minor as minor, s.posted_on as on_day, null::text as end_to_end_id, null::text as mandate_id, null::text as payer_name,
             null::text as payer_iban_digest, array_remove(array[s.document_no], null) as refs
      from receivables.item_state s
      where s.tenant_id = ${tx.tenant} and s.layer = 'ledger' and s.kind = 'payment' and s.currency = ${of.currency}
        and s.original_minor = any(${of.amounts.map((minor) => String(-minor))}::bigint[])
        and s.posted_on between ${of.before}::date - ${LOOKS_BACK_DAYS}::int and ${of.before}::date
        and s.item_id not in (select item_id from received)
      limit 2000
    ),
    every as (select * from received union all select * from booked)
    select e.item_id as "itemId", s.account_id as "accountId", c.company_id as "companyId", k.code as "companyCode",
           k.book_currency as "bookCurrency", c.customer_id as "customerId", c.customer_name as "customerName", e.minor, e.on_day as "on", e.end_to_end_id as "endToEndId",
           e.mandate_id as "mandateId", e.payer_name as "payerName", e.payer_iban_digest as "payerIban", e.refs as "references"
    from every e
    join receivables.item_state s on s.tenant_id = ${tx.tenant} and s.item_id = e.item_id
    join parties.account_current c on c.tenant_id = s.tenant_id and c.account_id = s.account_id
    join parties.company k on k.tenant_id = c.tenant_id and k.company_id = c.company_id
    where not exists (
        select from cash.application_part p
        join cash.application x on x.tenant_id = p.tenant_id and x.application_id = p.application_id
        where p.tenant_id = ${tx.tenant} and p.item_id = e.item_id and x.kind = 'rejection' and x.undone_at is null
      )
      ${of.companyId ? sql`and c.company_id = ${of.companyId}` : empty}`),
  );

/** The live rejection that cancels one of these payments. */
export const findRejectionOf = (tx: Tx, paymentIds: readonly Uuid[]) =>
  tx.maybeOne<{ id: Uuid }>(sql`
    select a.application_id as id
    from cash.application_part p
    join cash.application a on a.tenant_id = p.tenant_id and a.application_id = p.application_id
    where p.tenant_id = ${tx.tenant} and a.kind = 'rejection' and a.undone_at is null
      and (p.item_id = any(${[...paymentIds]}::uuid[]) or p.item_id in (
        select b.booked_item_id from receivables.booking b
        where b.tenant_id = ${tx.tenant} and b.overlay_item_id = any(${[...paymentIds]}::uuid[]) and b.is_live))
    limit 1`);

export type PaidBy = {
  readonly itemId: Uuid;
  readonly accountId: Uuid;
  readonly companyId: Uuid;
  readonly bookCurrency: string;
  readonly customerId: Uuid;
  readonly customerName: string;
  readonly currency: string;
  readonly originalMinor: bigint;
  readonly originalBookMinor: bigint;
  /** The earliest due day of what the payment settled; its own day where it settled nothing. */
  readonly dueOn: CalendarDate;
};

/** A payment with what a rejection of it must know. */
export const findPayment = (tx: Tx, itemId: Uuid) =>
  tx.maybeOne<PaidBy>(sql`
    select s.item_id as "itemId", s.account_id as "accountId", c.company_id as "companyId", k.book_currency as "bookCurrency",
           c.customer_id as "customerId", c.customer_name as "customerName", s.currency, s.original_minor as "originalMinor",
           s.original_book_minor as "originalBookMinor",
           coalesce((
             select min(d.due_on)
             from receivables.settlement_line l
             join receivables.settlement_line o on o.tenant_id = l.tenant_id and o.settlement_id = l.settlement_id and o.item_id <> l.item_id
             join receivables.item_state d on d.tenant_id = o.tenant_id and d.item_id = o.item_id and d.original_minor > 0 and d.kind <> 'rejection'
             where l.tenant_id = s.tenant_id and l.item_id = s.item_id
           ), s.posted_on) as "dueOn"
    from receivables.item_state s
    join parties.account_current c on c.tenant_id = s.tenant_id and c.account_id = s.account_id
    join parties.company k on k.tenant_id = c.tenant_id and k.company_id = c.company_id
    where s.tenant_id = ${tx.tenant} and s.item_id = ${itemId} and s.kind = 'payment' and s.original_minor < 0`);

export type AppliedPayment = {
  readonly applicationId: Uuid;
  readonly settlementIds: Uuid[];
  readonly items: { itemId: Uuid; accountId: Uuid; role: string }[];
  readonly parts: { itemId: Uuid; accountId: Uuid; minor: string }[];
};

/** The application that made a payment, or made the overlay item that the books turned into it. */
export const applicationOfPayment = (tx: Tx, paymentId: Uuid) =>
  tx.maybeOne<AppliedPayment>(sql`
    select a.application_id as "applicationId", a.settlement_ids as "settlementIds",
           (select jsonb_agg(jsonb_build_object('itemId', coalesce(k.booked_item_id, x.item_id), 'accountId', x.account_id, 'role', x.role))
            from cash.application_item x
            left join receivables.booking k on k.tenant_id = x.tenant_id and k.overlay_item_id = x.item_id and k.is_live
            where x.tenant_id = a.tenant_id and x.application_id = a.application_id) as items,
           (select coalesce(jsonb_agg(jsonb_build_object('itemId', p.item_id, 'accountId', p.account_id, 'minor', p.amount_minor::text)), '[]')
            from cash.application_part p where p.tenant_id = a.tenant_id and p.application_id = a.application_id) as parts
    from cash.application_item i
    join cash.application a on a.tenant_id = i.tenant_id and a.application_id = i.application_id
    left join receivables.booking b on b.tenant_id = i.tenant_id and b.overlay_item_id = i.item_id and b.is_live
    where i.tenant_id = ${tx.tenant} and coalesce(b.booked_item_id, i.item_id) = ${paymentId} and a.undone_at is null and a.kind = 'receipt'
    limit 1`);

export const addSettlements = (tx: Tx, applicationId: Uuid, settlementIds: readonly Uuid[]) =>
  tx.run(sql`
    update cash.application set settlement_ids = settlement_ids || ${[...settlementIds]}::uuid[]
    where tenant_id = ${tx.tenant} and application_id = ${applicationId}`);

/** The company of a return is that of the payment it cancels. */
export const setLineCompany = (tx: Tx, id: Uuid, companyId: Uuid) =>
  tx.run(sql`
    update cash.bank_line set company_id = ${companyId} where tenant_id = ${tx.tenant} and bank_line_id = ${id} and bank_account_id is null`);

/** Returns that wait, without those that a person has undone. */
export const waitingReturns = (tx: Tx, limit: number) =>
  tx.rows<{ id: Uuid }>(sql`
    select bank_line_id as id from cash.bank_line l
    where tenant_id = ${tx.tenant} and state = 'waiting' and side = 'return'
      and not exists (select from cash.application a where a.tenant_id = l.tenant_id and a.bank_line_id = l.bank_line_id)
    order by booked_on, bank_line_id
    limit ${limit}`);
