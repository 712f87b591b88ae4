import type { CustomerWrite } from "#contracts/parties.ts";
import { fold, sortKey } from "#kernel/text.ts";
import { empty, type Sql, sql, type Tx } from "#platform/database/index.ts";

export type CustomerRecord = CustomerWrite & { id: string; version: number; createdAt: string };

const CUSTOMER = sql`c.customer_id as id, c.number, c.name, c.language, c.country, c.siren, c.vat_number as "vatNumber", c.phone, c.email,
  c.address, c.postal_code as "postalCode", c.city, c.term_days as "termDays", c.term_kind as "termKind",
  c.payment_method as "paymentMethod", c.is_chased as "isChased", c.sales_person as "salesPerson", c.version,
  c.created_at as "createdAt"`;

/** The customer, through the alias of a merged one. */
export const findCustomer = (tx: Tx, id: string) =>
  tx.maybeOne<CustomerRecord>(sql`
    select ${CUSTOMER}
    from parties.customer asked
    join parties.customer c on c.tenant_id = asked.tenant_id and c.customer_id = coalesce(asked.merged_into, asked.customer_id)
    where asked.tenant_id = ${tx.tenant} and asked.customer_id = ${id}`);

/** The customer itself, also where it is an alias; `mergedInto` tells. */
export const lockCustomer = (tx: Tx, id: string) =>
  tx.maybeOne<CustomerRecord & { mergedInto: string | null }>(sql`
    select ${CUSTOMER}, c.merged_into as "mergedInto" from parties.customer c where c.tenant_id = ${tx.tenant} and c.customer_id = ${id} for update`);

export type AccountRow = {
  id: string;
  companyId: string;
  companyCode: string;
  controlAccount: string;
  auxiliary: string;
  name: string;
};

export const accountsOf = (tx: Tx, customerId: string) =>
  tx.rows<AccountRow>(sql`
    select a.account_id as id, a.company_id as "companyId", k.code as "companyCode", a.control_account as "controlAccount",
      a.auxiliary, a.name
    from parties.account_customer l
    join parties.account a on a.tenant_id = l.tenant_id and a.account_id = l.account_id
    join parties.company k on k.tenant_id = a.tenant_id and k.company_id = a.company_id
    where l.tenant_id = ${tx.tenant} and l.customer_id = ${customerId} and l.valid_to = 'infinity'
    order by k.code, a.control_account, a.auxiliary`);

export const insertCustomer = (tx: Tx, id: string, customer: CustomerWrite) =>
  tx.run(sql`
    insert into parties.customer (tenant_id, customer_id, number, name, folded_name, sort_key, language, country, siren, vat_number,
      phone, email, address, postal_code, city, term_days, term_kind, payment_method, is_chased, sales_person)
    values (${tx.tenant}, ${id}, ${customer.number}, ${customer.name}, ${fold(customer.name)}, ${sortKey(customer.name)},
      ${customer.language}, ${customer.country}, ${customer.siren}, ${customer.vatNumber}, ${customer.phone}, ${customer.email},
      ${customer.address}, ${customer.postalCode}, ${customer.city}, ${customer.termDays}, ${customer.termKind},
      ${customer.paymentMethod}, ${customer.isChased}, ${customer.salesPerson})
    on conflict (tenant_id, number) do nothing`);

export const updateCustomer = (tx: Tx, id: string, customer: CustomerWrite) =>
  tx.run(sql`
    update parties.customer
    set number = ${customer.number}, name = ${customer.name},
      folded_name = ${fold(customer.name)}, sort_key = ${sortKey(customer.name)}, language = ${customer.language},
      country = ${customer.country}, siren = ${customer.siren}, vat_number = ${customer.vatNumber}, phone = ${customer.phone},
      email = ${customer.email}, address = ${customer.address}, postal_code = ${customer.postalCode}, city = ${customer.city},
      term_days = ${customer.termDays}, term_kind = ${customer.termKind}, payment_method = ${customer.paymentMethod},
      is_chased = ${customer.isChased}, sales_person = ${customer.salesPerson}, version = version + 1
    where tenant_id = ${tx.tenant} and customer_id = ${id}`);

export type CustomerFilter = {
  text?: string | undefined;
  companyId?: string | undefined;
  isChased?: boolean | undefined;
};

export type CustomerListRow = {
  id: string;
  number: string;
  name: string;
  language: string;
  country: string;
  city: string | null;
  isChased: boolean;
  salesPerson: string | null;
  sortKey: string;
};

/** Upper bound of all texts that start with `prefix` under binary order. */
const after = (prefix: string) => `${prefix}\u{10ffff}`;

export function customerFilter(tx: Tx, filter: CustomerFilter): Sql {
  const folded = filter.text ? fold(filter.text) : "";
  const text = folded
    ? sql`and ((c.folded_name >= ${folded} and c.folded_name < ${after(folded)})
        or (c.number >= ${filter.text} and c.number < ${after(filter.text ?? "")})
        or position(${` ${folded}`} in c.folded_name) > 0)`
    : empty;
  const company = filter.companyId
    ? sql`and exists (
        select 1 from parties.account_customer l
        join parties.account a on a.tenant_id = l.tenant_id and a.account_id = l.account_id
        where l.tenant_id = c.tenant_id and l.customer_id = c.customer_id and l.valid_to = 'infinity'
          and a.company_id = ${filter.companyId})`
    : empty;
  const chased = filter.isChased === undefined ? empty : sql`and c.is_chased = ${filter.isChased}`;
  return sql`c.tenant_id = ${tx.tenant} and c.merged_into is null ${text} ${company} ${chased}`;
}

export const listCustomers = (
  tx: Tx,
  filter: CustomerFilter,
  page: { limit: number; after?: readonly [string, string] | undefined },
) =>
  tx.rows<CustomerListRow>(sql`
    select c.customer_id as id, c.number, c.name, c.language, c.country, c.city, c.is_chased as "isChased",
      c.sales_person as "salesPerson", c.sort_key as "sortKey"
    from parties.customer c
    where ${customerFilter(tx, filter)}
      ${page.after ? sql`and (c.sort_key, c.customer_id) > (${page.after[0]}, ${page.after[1]}::uuid)` : empty}
    order by c.sort_key, c.customer_id
    limit ${page.limit}`);

/** The same rows in batches, for exports and the search index. */
export const streamCustomers = (tx: Tx, filter: CustomerFilter) =>
  tx.stream<CustomerListRow>(sql`
    select c.customer_id as id, c.number, c.name, c.language, c.country, c.city, c.is_chased as "isChased",
      c.sales_person as "salesPerson", c.sort_key as "sortKey"
    from parties.customer c
    where ${customerFilter(tx, filter)}
    order by c.sort_key, c.customer_id`);

/** Exact up to `cap`; one more than the cap means "at least". */
export async function countCustomers(tx: Tx, filter: CustomerFilter, cap: number): Promise<number> {
  const row = await tx.one<{ count: bigint }>(sql`
    select count(*) as count from (select 1 from parties.customer c where ${customerFilter(tx, filter)} limit ${cap + 1}) as counted`);
  return Number(row.count);
}
