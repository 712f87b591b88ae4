import type { BankCsvLayout } from "#contracts/bank-csv.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";

export type CsvLayoutRow = {
  readonly id: Uuid;
  readonly bankAccountId: Uuid;
  readonly accountName: string;
  readonly companyCode: string;
  readonly identifier: string;
  readonly currency: string;
  readonly layout: BankCsvLayout;
  readonly confirmedAt: string;
};

/** Layouts kept for accounts in use, of one company or of all. */
export const listCsvLayouts = (tx: Tx, companyId: Uuid | null) =>
  tx.rows<CsvLayoutRow>(sql`
    select l.csv_layout_id as id, l.bank_account_id as "bankAccountId", b.name as "accountName", c.code as "companyCode", b.identifier, b.currency,
           l.layout, l.confirmed_at as "confirmedAt"
    from cash.csv_layout l
    join cash.bank_account b on b.tenant_id = l.tenant_id and b.bank_account_id = l.bank_account_id
    join parties.company c on c.tenant_id = b.tenant_id and c.company_id = b.company_id
    where l.tenant_id = ${tx.tenant} and b.is_active and (${companyId}::uuid is null or b.company_id = ${companyId})
    order by c.code, b.name, l.confirmed_at desc, l.csv_layout_id
    limit 1000`);

/** One layout per account and shape: the last word counts. */
export const upsertCsvLayout = (tx: Tx, bankAccountId: Uuid, shape: string, layout: BankCsvLayout, by: string) =>
  tx.run(sql`
    insert into cash.csv_layout (tenant_id, csv_layout_id, bank_account_id, shape, layout, confirmed_by)
    values (${tx.tenant}, ${newId()}, ${bankAccountId}, ${shape}, ${JSON.stringify(layout)}::jsonb, ${by})
    on conflict (tenant_id, bank_account_id, shape)
    do update set layout = excluded.layout, confirmed_by = excluded.confirmed_by, confirmed_at = now()`);

export const deleteCsvLayout = (tx: Tx, id: Uuid) =>
  tx.maybeOne<{ bankAccountId: Uuid }>(sql`
    delete from cash.csv_layout where tenant_id = ${tx.tenant} and csv_layout_id = ${id}
    returning bank_account_id as "bankAccountId"`);
