import type { CompanyWrite } from "#contracts/parties.ts";
import { sql, type Tx } from "#platform/database/index.ts";

export type CompanyRow = CompanyWrite & { id: string; version: number };

const COMPANY = sql`company_id as id, code, name, book_currency as "bookCurrency", country, zone, siren, vat_number as "vatNumber",
  email, phone, address, iban, default_term_days as "defaultTermDays", version`;

export const listCompanies = (tx: Tx) =>
  tx.rows<CompanyRow>(sql`select ${COMPANY} from parties.company where tenant_id = ${tx.tenant} order by code`);

export const findCompany = (tx: Tx, id: string) =>
  tx.maybeOne<CompanyRow>(
    sql`select ${COMPANY} from parties.company where tenant_id = ${tx.tenant} and company_id = ${id}`,
  );

export const findCompanyByCode = (tx: Tx, code: string) =>
  tx.maybeOne<CompanyRow>(sql`
    select ${COMPANY} from parties.company where tenant_id = ${tx.tenant} and lower(code) = lower(${code})`);

export const lockCompany = (tx: Tx, id: string) =>
  tx.maybeOne<CompanyRow>(sql`
    select ${COMPANY} from parties.company where tenant_id = ${tx.tenant} and company_id = ${id} for update`);

export const insertCompany = (tx: Tx, id: string, company: CompanyWrite) =>
  tx.run(sql`
    insert into parties.company (tenant_id, company_id, code, name, book_currency, country, zone, siren, vat_number, email, phone,
      address, iban, default_term_days)
    values (${tx.tenant}, ${id}, ${company.code}, ${company.name}, ${company.bookCurrency}, ${company.country}, ${company.zone},
      ${company.siren}, ${company.vatNumber}, ${company.email}, ${company.phone}, ${company.address}, ${company.iban},
      ${company.defaultTermDays})
    on conflict (tenant_id, code) do nothing`);

export const updateCompany = (tx: Tx, id: string, company: CompanyWrite) =>
  tx.run(sql`
    update parties.company
    set code = ${company.code}, name = ${company.name}, book_currency = ${company.bookCurrency}, country = ${company.country},
      zone = ${company.zone}, siren = ${company.siren}, vat_number = ${company.vatNumber}, email = ${company.email},
      phone = ${company.phone}, address = ${company.address}, iban = ${company.iban},
      default_term_days = ${company.defaultTermDays}, version = version + 1
    where tenant_id = ${tx.tenant} and company_id = ${id}`);

export const hasAccounts = (tx: Tx, id: string) =>
  tx.maybeOne(sql`select 1 as one from parties.account where tenant_id = ${tx.tenant} and company_id = ${id} limit 1`);
