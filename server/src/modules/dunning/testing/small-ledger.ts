import { type CalendarDate, day } from "#kernel/calendar-date.ts";
import { newId, type TenantId, type Uuid } from "#kernel/ids.ts";
import { type Db, sql } from "#platform/database/index.ts";

/** A ledger of a few customers for tests of this room: kept state and lines as the room of receivables keeps them, without its imports. */
export function smallLedger(db: Db, tenant: TenantId) {
  const inTenant = <T>(work: Parameters<typeof db.transaction<T>>[1]) => db.transaction(tenant, work);
  const company = async (over: { name?: string; currency?: string } = {}): Promise<Uuid> => {
    const id = newId();
    await inTenant((tx) =>
      tx.run(sql`
        insert into parties.company (tenant_id, company_id, code, name, book_currency, email, phone, iban)
        values (${tenant}, ${id}, ${`C${id.slice(-8)}`}, ${over.name ?? "Verdelin"}, ${over.currency ?? "EUR"}, 'compta@verdelin.example',
          '05 36 49 00 12', 'FR7630001007941234567890185')`),
    );
    return id;
  };
  const customer = async (
    companyId: Uuid,
    over: { name?: string; number?: string; email?: string | null; language?: string } = {},
  ) => {
    const customerId = newId();
    const accountId = newId();
    const number = over.number ?? customerId.slice(-8);
    const name = over.name ?? `Client ${number}`;
    const email = over.email === undefined ? `compta@${number}.example` : over.email;
    await inTenant(async (tx) => {
      await tx.run(sql`
        insert into parties.customer (tenant_id, customer_id, number, name, folded_name, sort_key, language)
        values (${tenant}, ${customerId}, ${number}, ${name}, ${name}, ${name}, ${over.language ?? "fr"})`);
      await tx.run(sql`
        insert into parties.account (tenant_id, account_id, company_id, control_account, auxiliary, name)
        values (${tenant}, ${accountId}, ${companyId}, '411000', ${number}, ${name})`);
      await tx.run(sql`
        insert into parties.account_customer (tenant_id, account_id, customer_id, valid_from, known_on)
        values (${tenant}, ${accountId}, ${customerId}, '2020-01-01', '2020-01-01')`);
      if (email)
        await tx.run(sql`
          insert into parties.contact (tenant_id, contact_id, customer_id, name, email, valid_from)
          values (${tenant}, ${newId()}, ${customerId}, ${`Contact ${number}`}, ${email}, '2020-01-01')`);
    });
    return { customerId, accountId, number };
  };
  /** A debit, or with a negative amount a credit. */
  const item = async (
    accountId: Uuid,
    minor: bigint,
    dueOn: string,
    over: { number?: string; postedOn?: string; kind?: string; currency?: string } = {},
  ) => {
    const itemId = newId();
    const posted = over.postedOn ?? "2020-01-01";
    await inTenant((tx) =>
      tx.run(sql`
        insert into receivables.item_state (tenant_id, item_id, account_id, layer, kind, currency, book_currency, version_no, posted_on,
          issued_on, due_on, is_due_estimated, instalment_no, document_no, original_minor, original_book_minor, ledger_open_minor,
          ledger_open_book_minor, working_open_minor, working_open_book_minor, first_line_on, settled_on)
        values (${tenant}, ${itemId}, ${accountId}, 'ledger', ${over.kind ?? (minor < 0n ? "credit_note" : "invoice")},
          ${over.currency ?? "EUR"}, 'EUR', 1,
          ${posted}, ${posted}, ${dueOn}, false, 1, ${over.number ?? `FA-${itemId.slice(-6)}`}, ${minor}, ${minor}, ${minor}, ${minor},
          ${minor}, ${minor}, 'infinity', 'infinity')`),
    );
    return itemId;
  };
  /** Settles `minor` of an item on a day. */
  const pay = (itemId: Uuid, minor: bigint, on: string) =>
    inTenant(async (tx) => {
      await tx.run(sql`
        insert into receivables.settlement_line (tenant_id, item_id, effective_on, settlement_id, entry_no, layer, amount_minor, book_minor, known_on)
        values (${tenant}, ${itemId}, ${on}, ${newId()}, 0, 'ledger', ${minor}, ${minor}, ${on})`);
      await tx.run(sql`
        update receivables.item_state
        set first_line_on = least(first_line_on, ${on}::date), ledger_open_minor = ledger_open_minor - ${minor},
          working_open_minor = working_open_minor - ${minor}, ledger_open_book_minor = ledger_open_book_minor - ${minor},
          working_open_book_minor = working_open_book_minor - ${minor},
          settled_on = case when working_open_minor = ${minor} then ${on}::date else settled_on end
        where tenant_id = ${tenant} and item_id = ${itemId}`);
    });
  const contact = (customerId: Uuid, email: string, roles: string[]) =>
    inTenant((tx) =>
      tx.run(sql`
        insert into parties.contact (tenant_id, contact_id, customer_id, name, email, roles, valid_from)
        values (${tenant}, ${newId()}, ${customerId}, ${email}, ${email}, ${roles}::text[], '2020-01-01')`),
    );
  /** A further account of a customer. */
  const accountOf = async (companyId: Uuid, customerId: Uuid): Promise<Uuid> => {
    const accountId = newId();
    await inTenant(async (tx) => {
      await tx.run(sql`
        insert into parties.account (tenant_id, account_id, company_id, control_account, auxiliary, name)
        values (${tenant}, ${accountId}, ${companyId}, '416000', ${accountId.slice(-8)}, 'x')`);
      await tx.run(sql`
        insert into parties.account_customer (tenant_id, account_id, customer_id, valid_from, known_on)
        values (${tenant}, ${accountId}, ${customerId}, '2020-01-01', '2020-01-01')`);
    });
    return accountId;
  };
  return { accountOf, company, customer, item, pay, contact, day, inTenant, tenant };
}

export const asDay = (text: string): CalendarDate => day(text);
