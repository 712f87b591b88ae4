import { day } from "#kernel/calendar-date.ts";
import type { TenantId } from "#kernel/ids.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { currency } from "#kernel/money.ts";
import { type Db, sql } from "#platform/database/index.ts";
import type { BatchInput } from "./core/batch.ts";
import type { SourceItem } from "./core/source-row.ts";

/** For tests: a company with accounts, each of a customer of its own. */
export async function aCompany(
  db: Db,
  tenant: TenantId,
  accounts = 1,
): Promise<{ companyId: Uuid; accountIds: Uuid[]; customerIds: Uuid[] }> {
  const companyId = newId();
  const accountIds = Array.from({ length: accounts }, newId);
  const customerIds = Array.from({ length: accounts }, newId);
  const numbers = accountIds.map((id) => `C${id}`);
  await db.transaction(tenant, async (tx) => {
    await tx.run(sql`
      insert into parties.company (tenant_id, company_id, code, name, book_currency)
      values (${tenant}, ${companyId}, ${`T${companyId}`.slice(0, 40)}, 'Test', 'EUR')`);
    await tx.run(sql`
      insert into parties.customer (tenant_id, customer_id, number, name, folded_name, sort_key)
      select ${tenant}, c.id, c.number, 'Customer ' || c.number, c.number, c.number
      from unnest(${customerIds}::uuid[], ${numbers}::text[]) as c (id, number)`);
    await tx.run(sql`
      insert into parties.account (tenant_id, account_id, company_id, control_account, auxiliary, name)
      select ${tenant}, a.id, ${companyId}, '411000', a.number, a.number
      from unnest(${accountIds}::uuid[], ${numbers}::text[]) as a (id, number)`);
    await tx.run(sql`
      insert into parties.account_customer (tenant_id, account_id, customer_id, valid_from, known_on)
      select ${tenant}, a.id, a.customer, '2000-01-01', '2000-01-01'
      from unnest(${accountIds}::uuid[], ${customerIds}::uuid[]) as a (id, customer)`);
  });
  return { companyId, accountIds, customerIds };
}

/** For tests: a valid row; a test states only what matters. */
export function aRow(accountId: Uuid, given: Partial<SourceItem> = {}): SourceItem {
  const minor = given.minor ?? 10_000n;
  const postedOn = given.postedOn ?? day("2025-01-10");
  return {
    accountId,
    key: null,
    kind: minor < 0n ? "payment" : "invoice",
    journal: "VE",
    entryNo: "1",
    documentNo: "F1",
    label: null,
    issuedOn: postedOn,
    postedOn,
    dueOn: postedOn,
    isDueEstimated: false,
    instalmentNo: 1,
    currency: currency("EUR"),
    bookMinor: minor,
    paymentMethod: null,
    letter: null,
    letteredOn: null,
    fiscalYear: null,
    isOpening: false,
    ...given,
    minor,
  };
}

/** For tests: a batch of a source without keys, dropped by hand. */
export function aBatch(companyId: Uuid, rows: readonly SourceItem[], given: Partial<BatchInput> = {}): BatchInput {
  return {
    companyId,
    bookCurrency: currency("EUR"),
    source: { sourceId: companyId, kind: "test", name: "test", settlesLeftovers: false },
    coverage: { kind: "movements" },
    fiscalYear: null,
    knownOn: day("2026-01-01"),
    isFirstLoad: false,
    rows: () => rows,
    isDryRun: false,
    ...given,
  };
}
