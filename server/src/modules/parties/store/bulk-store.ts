import { newId } from "#kernel/ids.ts";
import { fold, sortKey } from "#kernel/text.ts";
import { copyValue, sql, type Tx } from "#platform/database/index.ts";
import { setTypedAside, setTypedContactsAside } from "./typed-store.ts";

/** One account as a source names it: `auxiliary` may be empty (a control account that is itself the customer). */
export type SourceAccount = { readonly controlAccount: string; readonly auxiliary: string; readonly name: string };

export type KnownAccount = SourceAccount & {
  readonly accountId: string;
  readonly customerId: string;
  readonly isNew: boolean;
};

/** Accounts whose customer carries `number`; a new customer takes the account's auxiliary (else the control account) as number. */
export async function ensureAccounts(
  tx: Tx,
  companyId: string,
  wanted: readonly SourceAccount[],
  knownOn: string,
): Promise<KnownAccount[]> {
  await tx.run(sql`
    create temp table if not exists staged_account (control_account text collate "C", auxiliary text collate "C", name text collate "C",
      number text collate "C", folded_name text collate "C", sort_key text collate "C", account_id uuid, customer_id uuid)
    on commit drop`);
  await tx.run(sql`truncate staged_account`);
  await tx.copyIn(
    "staged_account (control_account, auxiliary, name, number, folded_name, sort_key, account_id, customer_id)",
    wanted.map((account) => {
      const number = account.auxiliary || account.controlAccount;
      const name = (account.name || number).slice(0, 300);
      const values = [
        account.controlAccount,
        account.auxiliary,
        name,
        number,
        fold(name),
        sortKey(name),
        newId(),
        newId(),
      ];
      return values.map(copyValue).join("\t");
    }),
  );
  await tx.run(sql`
    insert into parties.customer (tenant_id, customer_id, number, name, folded_name, sort_key)
    select distinct on (s.number) ${tx.tenant}, s.customer_id, s.number, s.name, s.folded_name, s.sort_key
    from staged_account s
    where not exists (
      select 1 from parties.account a
      where a.tenant_id = ${tx.tenant} and a.company_id = ${companyId} and a.control_account = s.control_account
        and a.auxiliary = s.auxiliary)
    order by s.number, s.control_account
    on conflict (tenant_id, number) do nothing`);
  const added = await tx.rows<{ account_id: string }>(sql`
    insert into parties.account (tenant_id, account_id, company_id, control_account, auxiliary, name)
    select ${tx.tenant}, s.account_id, ${companyId}, s.control_account, s.auxiliary, s.name
    from staged_account s
    on conflict (tenant_id, company_id, control_account, auxiliary) do nothing
    returning account_id`);
  await tx.run(sql`
    insert into parties.account_customer (tenant_id, account_id, customer_id, valid_from, known_on)
    select ${tx.tenant}, a.account_id, coalesce(c.merged_into, c.customer_id), '-infinity', ${knownOn}
    from staged_account s
    join parties.account a on a.tenant_id = ${tx.tenant} and a.account_id = s.account_id
    join parties.customer c on c.tenant_id = ${tx.tenant} and c.number = s.number`);
  const isNew = new Set(added.map((row) => row.account_id));
  const rows = await tx.rows<Omit<KnownAccount, "isNew">>(sql`
    select a.control_account as "controlAccount", a.auxiliary, a.name, a.account_id as "accountId", l.customer_id as "customerId"
    from staged_account s
    join parties.account a on a.tenant_id = ${tx.tenant} and a.company_id = ${companyId} and a.control_account = s.control_account
      and a.auxiliary = s.auxiliary
    join parties.account_customer l on l.tenant_id = a.tenant_id and l.account_id = a.account_id and l.valid_to = 'infinity'`);
  return rows.map((row) => ({ ...row, isNew: isNew.has(row.accountId) }));
}

/** A customer as a source describes it; undefined fields are left as they are. */
export type SourceCustomer = {
  readonly number: string;
  readonly name?: string | undefined;
  readonly language?: string | undefined;
  readonly country?: string | undefined;
  readonly siren?: string | undefined;
  readonly vatNumber?: string | undefined;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
  readonly address?: string | undefined;
  readonly postalCode?: string | undefined;
  readonly city?: string | undefined;
  readonly termDays?: number | undefined;
  readonly termKind?: string | undefined;
  readonly paymentMethod?: string | undefined;
  readonly salesPerson?: string | undefined;
  /** Further fields by the source's own names; those that a free field names are kept. */
  readonly free?: Readonly<Record<string, string>> | undefined;
};

export type UpsertCounts = { added: number; changed: number; unchanged: number };

/** Adds or completes customers by number in one statement each; a field that a person typed keeps its value, and what the source says is noted. */
export async function upsertCustomers(tx: Tx, customers: readonly SourceCustomer[]): Promise<UpsertCounts> {
  await tx.run(sql`
    create temp table staged_customer (customer_id uuid, number text collate "C", name text, folded_name text, sort_key text, language text,
      country text, siren text, vat_number text, phone text, email text, address text, postal_code text, city text, term_days int,
      term_kind text, payment_method text, sales_person text) on commit drop`);
  await tx.copyIn(
    "staged_customer",
    customers.map((one) =>
      [
        newId(),
        one.number,
        one.name,
        one.name === undefined ? undefined : fold(one.name),
        one.name === undefined ? undefined : sortKey(one.name),
        one.language,
        one.country,
        one.siren,
        one.vatNumber,
        one.phone,
        one.email,
        one.address,
        one.postalCode,
        one.city,
        one.termDays,
        one.termKind,
        one.paymentMethod,
        one.salesPerson,
      ]
        .map(copyValue)
        .join("\t"),
    ),
  );
  await setTypedAside(tx);
  const changed = await tx.run(sql`
    update parties.customer c
    set name = n.name, folded_name = n.folded_name, sort_key = n.sort_key, language = n.language, country = n.country, siren = n.siren,
      vat_number = n.vat_number, phone = n.phone, email = n.email, address = n.address, postal_code = n.postal_code, city = n.city,
      term_days = n.term_days, term_kind = n.term_kind, payment_method = n.payment_method, sales_person = n.sales_person,
      version = c.version + 1
    from (
      select c.customer_id, coalesce(s.name, c.name) as name, coalesce(s.folded_name, c.folded_name) as folded_name,
        coalesce(s.sort_key, c.sort_key) as sort_key,
        coalesce(s.language, c.language) as language, coalesce(s.country, c.country) as country, coalesce(s.siren, c.siren) as siren,
        coalesce(s.vat_number, c.vat_number) as vat_number, coalesce(s.phone, c.phone) as phone, coalesce(s.email, c.email) as email,
        coalesce(s.address, c.address) as address, coalesce(s.postal_code, c.postal_code) as postal_code,
        coalesce(s.city, c.city) as city, coalesce(s.term_days, c.term_days) as term_days,
        coalesce(s.term_kind, c.term_kind) as term_kind, coalesce(s.payment_method, c.payment_method) as payment_method,
        coalesce(s.sales_person, c.sales_person) as sales_person
      from staged_customer s
      join parties.customer c on c.tenant_id = ${tx.tenant} and c.number = s.number
    ) n
    where c.tenant_id = ${tx.tenant} and c.customer_id = n.customer_id
      and (c.name, c.language, c.country, c.siren, c.vat_number, c.phone, c.email, c.address, c.postal_code, c.city, c.term_days,
        c.term_kind, c.payment_method, c.sales_person)
      is distinct from (n.name, n.language, n.country, n.siren, n.vat_number, n.phone, n.email, n.address, n.postal_code, n.city,
        n.term_days, n.term_kind, n.payment_method, n.sales_person)`);
  const added = await tx.run(sql`
    insert into parties.customer (tenant_id, customer_id, number, name, folded_name, sort_key, language, country, siren, vat_number,
      phone, email, address, postal_code, city, term_days, term_kind, payment_method, sales_person)
    select ${tx.tenant}, customer_id, number, coalesce(name, number), coalesce(folded_name, lower(number)),
      coalesce(sort_key, lower(number)), coalesce(language, 'fr'), coalesce(country, 'FR'), siren, vat_number, phone, email, address,
      postal_code, city, term_days, term_kind, payment_method, sales_person
    from staged_customer
    on conflict (tenant_id, number) do nothing`);
  return { added, changed, unchanged: customers.length - added - changed };
}

/** A contact as a source gives it; found again by customer and source key (else e-mail, else name). */
export type SourceContact = {
  readonly customerNumber: string;
  readonly key: string;
  readonly name: string;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly language?: string | undefined;
  readonly role: string;
  readonly isInCharge: boolean;
};

/** Adds or updates contacts of origin `source`; contacts and fields that a person typed keep their value. Unknown customer numbers are left out. */
export async function upsertContacts(
  tx: Tx,
  contacts: readonly SourceContact[],
  knownOn: string,
): Promise<UpsertCounts> {
  await tx.run(sql`
    create temp table staged_contact (contact_id uuid, number text collate "C", source_key text collate "C", name text, email text, phone text,
      language text, role text, is_in_charge boolean, roles text[]) on commit drop`);
  await tx.copyIn(
    "staged_contact (contact_id, number, source_key, name, email, phone, language, role, is_in_charge)",
    contacts.map((one) =>
      [newId(), one.customerNumber, one.key, one.name, one.email, one.phone, one.language, one.role, one.isInCharge]
        .map(copyValue)
        .join("\t"),
    ),
  );
  await tx.run(sql`update staged_contact set roles = array[role]`);
  await setTypedContactsAside(tx);
  const changed = await tx.run(sql`
    update parties.contact k
    set name = s.name, email = s.email, phone = s.phone, language = s.language, roles = s.roles, is_in_charge = s.is_in_charge,
      version = k.version + 1
    from staged_contact s
    join parties.customer c on c.tenant_id = ${tx.tenant} and c.number = s.number
    where k.tenant_id = ${tx.tenant} and k.customer_id = coalesce(c.merged_into, c.customer_id) and k.source_key = s.source_key
      and k.origin = 'source' and k.valid_to = 'infinity'
      and (k.name, k.email, k.phone, k.language, k.roles, k.is_in_charge)
      is distinct from (s.name, s.email, s.phone, s.language, s.roles, s.is_in_charge)`);
  const added = await tx.run(sql`
    insert into parties.contact (tenant_id, contact_id, customer_id, name, email, phone, language, roles, is_in_charge, origin,
      source_key, valid_from)
    select ${tx.tenant}, s.contact_id, coalesce(c.merged_into, c.customer_id), s.name, s.email, s.phone, s.language, s.roles,
      s.is_in_charge, 'source', s.source_key, ${knownOn}
    from staged_contact s
    join parties.customer c on c.tenant_id = ${tx.tenant} and c.number = s.number
    where not exists (
      select 1 from parties.contact k
      where k.tenant_id = ${tx.tenant} and k.customer_id = coalesce(c.merged_into, c.customer_id) and k.valid_to = 'infinity'
        and (k.source_key = s.source_key or (s.email is not null and lower(k.email) = lower(s.email))))`);
  return { added, changed, unchanged: contacts.length - added - changed };
}

/** Which of these customer numbers the tenant knows. */
export async function knownNumbers(tx: Tx, numbers: readonly string[]): Promise<Set<string>> {
  const rows = await tx.rows<{ number: string }>(sql`
    select number from parties.customer where tenant_id = ${tx.tenant} and number = any(${[...numbers]}::text[])`);
  return new Set(rows.map((row) => row.number));
}

/** Takes customers out of chasing: means of payment booked as customers. What a person decided later stays theirs. */
export async function stopChasingNew(tx: Tx, customerIds: readonly string[]): Promise<void> {
  if (customerIds.length === 0) return;
  await tx.run(sql`
    update parties.customer set is_chased = false, version = version + 1
    where tenant_id = ${tx.tenant} and customer_id = any(${[...customerIds]}::uuid[]) and version = 1 and is_chased`);
}
