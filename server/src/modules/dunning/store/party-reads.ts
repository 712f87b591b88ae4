import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";

/** All that this room reads of companies, customers and contacts. */
export type CompanyFacts = {
  readonly companyId: Uuid;
  readonly name: string;
  readonly bookCurrency: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly iban: string | null;
};

export async function companies(tx: Tx): Promise<Map<Uuid, CompanyFacts>> {
  const rows = await tx.rows<CompanyFacts>(sql`
    select company_id as "companyId", name, book_currency as "bookCurrency", email, phone, iban
    from parties.company
    where tenant_id = ${tx.tenant}`);
  return new Map(rows.map((row) => [row.companyId, row]));
}

export type CustomerFacts = {
  readonly customerId: Uuid;
  readonly number: string;
  readonly name: string;
  readonly language: string;
  readonly email: string | null;
  readonly isChased: boolean;
};

const customerColumns = sql`customer_id as "customerId", number, name, language, email, is_chased as "isChased"`;

export async function customersById(tx: Tx, customerIds: readonly Uuid[]): Promise<Map<Uuid, CustomerFacts>> {
  const rows = await tx.rows<CustomerFacts>(sql`
    select ${customerColumns} from parties.customer
    where tenant_id = ${tx.tenant} and customer_id = any(${[...customerIds]}::uuid[])`);
  return new Map(rows.map((row) => [row.customerId, row]));
}

export async function allCustomers(tx: Tx): Promise<Map<Uuid, CustomerFacts>> {
  const rows = await tx.rows<CustomerFacts>(
    sql`select ${customerColumns} from parties.customer where tenant_id = ${tx.tenant}`,
  );
  return new Map(rows.map((row) => [row.customerId, row]));
}

export type ContactFacts = {
  readonly contactId: Uuid;
  readonly customerId: Uuid;
  readonly name: string;
  readonly email: string;
  readonly language: string | null;
  readonly roles: readonly string[];
  readonly isInCharge: boolean;
};

/** Contacts with an address that are valid on a day, those in charge first; of some customers, or of all. Those of a merged customer are of the one kept. */
export async function contactsOn(
  tx: Tx,
  asOf: CalendarDate,
  customerIds?: readonly Uuid[],
): Promise<Map<Uuid, ContactFacts[]>> {
  const only = customerIds ? sql`and coalesce(c.merged_into, k.customer_id) = any(${[...customerIds]}::uuid[])` : sql``;
  const rows = await tx.rows<ContactFacts>(sql`
    select k.contact_id as "contactId", coalesce(c.merged_into, k.customer_id) as "customerId", k.name, k.email, k.language, k.roles,
           k.is_in_charge as "isInCharge"
    from parties.contact k
    join parties.customer c on c.tenant_id = k.tenant_id and c.customer_id = k.customer_id
    where k.tenant_id = ${tx.tenant} and k.email is not null and k.valid_from <= ${asOf} and k.valid_to > ${asOf} ${only}
    order by k.is_in_charge desc, k.contact_id`);
  return Map.groupBy(rows, (row) => row.customerId);
}

/** Names of customers, and document numbers of items, by id; ids that are neither are absent. */
export async function subjectNames(tx: Tx, ids: readonly Uuid[]): Promise<Map<Uuid, string>> {
  const rows = await tx.rows<{ id: Uuid; name: string }>(sql`
    select customer_id as id, name from parties.customer
    where tenant_id = ${tx.tenant} and customer_id = any(${[...ids]}::uuid[])
    union all
    select item_id, coalesce(document_no, '') from receivables.item_state
    where tenant_id = ${tx.tenant} and item_id = any(${[...ids]}::uuid[])`);
  return new Map(rows.map((row) => [row.id, row.name]));
}
