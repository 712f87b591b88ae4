import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";

export type BankAccountRow = {
  readonly id: Uuid;
  readonly companyId: Uuid;
  readonly companyCode: string;
  readonly bookCurrency: string;
  readonly identifier: string;
  readonly currency: string;
  readonly name: string;
  readonly isActive: boolean;
  readonly lastTo: CalendarDate | null;
  readonly lastClosingMinor: bigint | null;
  readonly version: number;
};

const ACCOUNT = sql`
  select b.bank_account_id as id, b.company_id as "companyId", c.code as "companyCode", c.book_currency as "bookCurrency", b.identifier, b.currency,
         b.name, b.is_active as "isActive", l.to_on as "lastTo", l.closing_minor as "lastClosingMinor", b.version
  from cash.bank_account b
  join parties.company c on c.tenant_id = b.tenant_id and c.company_id = b.company_id
  left join lateral (
    select s.to_on, s.closing_minor
    from cash.statement s
    where s.tenant_id = b.tenant_id and s.bank_account_id = b.bank_account_id and s.state = 'imported' and s.scope = 'statement' and s.to_on is not null
    order by s.to_on desc, s.received_at desc
    limit 1
  ) l on true`;

export const listBankAccounts = (tx: Tx) =>
  tx.rows<BankAccountRow>(sql`${ACCOUNT} where b.tenant_id = ${tx.tenant} order by c.code, b.name, b.bank_account_id`);

export const findBankAccount = (tx: Tx, id: Uuid) =>
  tx.maybeOne<BankAccountRow>(sql`${ACCOUNT} where b.tenant_id = ${tx.tenant} and b.bank_account_id = ${id}`);

/** Accounts that files may mean by these names: whole identifiers, or what stands within French ones (branch and account, or the account alone). */
export const bankAccountsOf = (tx: Tx, named: readonly string[]) =>
  tx.rows<BankAccountRow>(sql`
    ${ACCOUNT}
    where b.tenant_id = ${tx.tenant}
      and (b.identifier = any(${[...named]}::text[])
        or (b.identifier like 'FR%'
          and (substr(b.identifier, 5, 21) = any(${[...named]}::text[]) or substr(b.identifier, 15, 11) = any(${[...named]}::text[]))))`);

type BankAccount = Pick<BankAccountRow, "companyId" | "identifier" | "currency" | "name" | "isActive">;

export const insertBankAccount = (tx: Tx, id: Uuid, one: BankAccount) =>
  tx.run(sql`
    insert into cash.bank_account (tenant_id, bank_account_id, company_id, identifier, currency, name, is_active)
    values (${tx.tenant}, ${id}, ${one.companyId}, ${one.identifier}, ${one.currency}, ${one.name}, ${one.isActive})
    on conflict do nothing`);

export const updateBankAccount = (tx: Tx, id: Uuid, one: Pick<BankAccountRow, "name" | "isActive">) =>
  tx.run(sql`
    update cash.bank_account set name = ${one.name}, is_active = ${one.isActive}, version = version + 1
    where tenant_id = ${tx.tenant} and bank_account_id = ${id}`);

/** One import at a time per account: two files with the same line cannot both find it unknown. */
export const lockBankAccount = (tx: Tx, id: Uuid) =>
  tx.run(sql`
    select 1 from cash.bank_account where tenant_id = ${tx.tenant} and bank_account_id = ${id} for update`);
