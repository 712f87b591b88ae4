import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { isSameCustomer } from "#modules/parties/index.ts";
import { copyValue, empty, type Sql, sql, type Tx } from "#platform/database/index.ts";

export type SupplierBalance = { readonly supplierNo: string; readonly name: string; readonly owedMinor: bigint };
export type Statement = {
  readonly companyId: Uuid;
  readonly statedOn: CalendarDate;
  readonly knownOn: CalendarDate;
  readonly batchId: Uuid | null;
};

/** The last balance stated of each supplier account on or before a day, as known on another (absent: as known today). */
export const balancesOn = (tx: Tx, asOf: CalendarDate, knownOn?: CalendarDate): Sql => sql`
  select distinct on (b.company_id, b.supplier_no) b.company_id, b.supplier_no, b.name, b.owed_minor, b.stated_on
  from credit.supplier_balance b
  where b.tenant_id = ${tx.tenant} and b.stated_on <= ${asOf}::date
    and ${knownOn ? sql`b.known_on <= ${knownOn}::date and coalesce(b.gone_on > ${knownOn}::date, true)` : sql`b.gone_on is null`}
  order by b.company_id, b.supplier_no, b.stated_on desc, b.known_on desc`;

/** Keeps what is not known already; `isWhole`: accounts not named are owed nothing. Returns how many balances changed. */
export async function keepBalances(
  tx: Tx,
  statement: Statement,
  rows: readonly SupplierBalance[],
  isWhole: boolean,
): Promise<number> {
  await tx.run(sql`drop table if exists staged_supplier`);
  await tx.run(sql`
    create temp table staged_supplier (supplier_no text collate "C", name text collate "C", owed_minor bigint) on commit drop`);
  await tx.copyIn(
    "staged_supplier",
    rows.map((row) => [row.supplierNo, row.name, row.owedMinor].map(copyValue).join("\t")),
  );
  const { companyId, statedOn, knownOn, batchId } = statement;
  const absent = isWhole
    ? sql`
      union all
      select k.supplier_no, k.name, 0
      from known k
      where k.owed_minor <> 0 and not exists (select from staged_supplier s where s.supplier_no = k.supplier_no)`
    : empty;
  return tx.run(sql`
    with known as (select * from (${balancesOn(tx, statedOn)}) b where b.company_id = ${companyId}),
    stated as (select s.supplier_no, s.name, s.owed_minor from staged_supplier s ${absent})
    insert into credit.supplier_balance (tenant_id, company_id, supplier_no, stated_on, known_on, name, owed_minor, batch_id)
    select ${tx.tenant}, ${companyId}, s.supplier_no, ${statedOn}, ${knownOn}, s.name, s.owed_minor, ${batchId}
    from stated s
    left join known k on k.supplier_no = s.supplier_no
    where k.supplier_no is null or (k.stated_on, k.name, k.owed_minor) is distinct from (${statedOn}::date, s.name, s.owed_minor)
    on conflict (tenant_id, company_id, supplier_no, stated_on, known_on) do update
    set name = excluded.name, owed_minor = excluded.owed_minor, batch_id = excluded.batch_id, gone_on = null`);
}

/** What a load had stated counts no more from a day on. */
export const forgetBatch = (tx: Tx, batchId: Uuid, on: CalendarDate) =>
  tx.run(sql`
    update credit.supplier_balance set gone_on = ${on}
    where tenant_id = ${tx.tenant} and batch_id = ${batchId} and gone_on is null`);

export type OffsetRow = {
  readonly id: Uuid;
  readonly companyId: Uuid;
  readonly companyCode: string;
  readonly currency: string;
  readonly supplierNo: string;
  readonly supplierName: string | null;
  readonly isAgreed: boolean;
  readonly note: string | null;
  readonly validFrom: CalendarDate;
  readonly owedMinor: bigint | null;
  readonly statedOn: CalendarDate | null;
};

/** Links of a customer in force on a day, with what is owed. */
export const offsetsOf = (tx: Tx, customerId: Uuid, asOf: CalendarDate, knownOn?: CalendarDate) =>
  tx.rows<OffsetRow>(sql`
    select l.offset_id as id, l.company_id as "companyId", k.code as "companyCode", k.book_currency as currency, l.supplier_no as "supplierNo",
           b.name as "supplierName", l.is_agreed as "isAgreed", l.note, l.valid_from as "validFrom", b.owed_minor as "owedMinor",
           b.stated_on as "statedOn"
    from credit.offset_link l
    join parties.company k on k.tenant_id = l.tenant_id and k.company_id = l.company_id
    left join (${balancesOn(tx, asOf, knownOn)}) b on b.company_id = l.company_id and b.supplier_no = l.supplier_no
    where l.tenant_id = ${tx.tenant} and l.customer_id ${isSameCustomer(tx, customerId)} and l.valid_from <= ${asOf}::date and l.valid_to > ${asOf}::date
    order by k.code, l.supplier_no`);

export type SupplierRow = {
  readonly companyId: Uuid;
  readonly companyCode: string;
  readonly currency: string;
  readonly supplierNo: string;
  readonly supplierName: string;
  readonly owedMinor: bigint;
  readonly statedOn: CalendarDate;
};

/** Supplier accounts that are no customer's yet. */
export const freeSuppliers = (tx: Tx, asOf: CalendarDate) =>
  tx.rows<SupplierRow>(sql`
    select b.company_id as "companyId", k.code as "companyCode", k.book_currency as currency, b.supplier_no as "supplierNo",
           b.name as "supplierName", b.owed_minor as "owedMinor", b.stated_on as "statedOn"
    from (${balancesOn(tx, asOf)}) b
    join parties.company k on k.tenant_id = ${tx.tenant} and k.company_id = b.company_id
    where not exists (
      select from credit.offset_link l
      where l.tenant_id = ${tx.tenant} and l.company_id = b.company_id and l.supplier_no = b.supplier_no and l.valid_to = 'infinity')
    order by b.name, k.code, b.supplier_no`);

export type OffsetLink = {
  readonly id: Uuid;
  readonly customerId: Uuid;
  readonly companyId: Uuid;
  readonly supplierNo: string;
  readonly isAgreed: boolean;
  readonly note: string | null;
};

/** False when the supplier account is another customer's already. */
export async function insertOffset(tx: Tx, link: OffsetLink, on: CalendarDate, by: string): Promise<boolean> {
  const added = await tx.run(sql`
    insert into credit.offset_link (tenant_id, offset_id, customer_id, company_id, supplier_no, is_agreed, note, valid_from, known_on, created_by)
    values (${tx.tenant}, ${link.id}, ${link.customerId}, ${link.companyId}, ${link.supplierNo}, ${link.isAgreed}, ${link.note}, ${on}, ${on}, ${by})
    on conflict (tenant_id, company_id, supplier_no) where valid_to = 'infinity' do nothing`);
  return added === 1;
}

export const lockOffset = (tx: Tx, id: Uuid) =>
  tx.maybeOne<OffsetLink>(sql`
    select offset_id as id, customer_id as "customerId", company_id as "companyId", supplier_no as "supplierNo", is_agreed as "isAgreed", note
    from credit.offset_link
    where tenant_id = ${tx.tenant} and offset_id = ${id} and valid_to = 'infinity'
    for update`);

/** A link made on the same day never was. */
export const endOffset = (tx: Tx, id: Uuid, on: CalendarDate) =>
  tx.run(sql`update credit.offset_link set valid_to = ${on} where tenant_id = ${tx.tenant} and offset_id = ${id}`);

/** What we owe customers with whom set-off is agreed, in book currency: "company customer" -> minor units above 0. */
export async function agreedOwed(tx: Tx, asOf: CalendarDate): Promise<Map<string, bigint>> {
  const rows = await tx.rows<{ companyId: Uuid; customerId: Uuid; owed: bigint }>(sql`
    select l.company_id as "companyId", coalesce(c.merged_into, c.customer_id) as "customerId", sum(b.owed_minor)::bigint as owed
    from credit.offset_link l
    join parties.customer c on c.tenant_id = l.tenant_id and c.customer_id = l.customer_id
    join (${balancesOn(tx, asOf)}) b on b.company_id = l.company_id and b.supplier_no = l.supplier_no
    where l.tenant_id = ${tx.tenant} and l.is_agreed and l.valid_from <= ${asOf}::date and l.valid_to > ${asOf}::date
    group by 1, 2
    having sum(b.owed_minor) > 0`);
  return new Map(rows.map((row) => [`${row.companyId} ${row.customerId}`, row.owed]));
}
