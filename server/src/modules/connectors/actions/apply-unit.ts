import type { CalendarDate } from "#kernel/calendar-date.ts";
import { type Currency, currency } from "#kernel/money.ts";
import { ingestOrders } from "#modules/credit/index.ts";
import {
  type CompanyRow,
  findCompany,
  setFreeFields,
  upsertContacts,
  upsertCustomers,
} from "#modules/parties/index.ts";
import { applyBatch, hasLoaded, type SourceItem } from "#modules/receivables/index.ts";
import type { Actor } from "#platform/actor.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import { loadRates } from "#platform/rates/index.ts";
import type { Services } from "#platform/services.ts";
import type { SyncUnit } from "../connector/spool.ts";
import { FileRefused } from "../core/fault.ts";
import type { UnitReport } from "../core/run-report.ts";
import type { TableDraft } from "../core/table/table-items.ts";
import { termsOfAccounts } from "../store/import-store.ts";
import * as store from "../store/source-store.ts";
import type { NamedAccount } from "../worker/protocol.ts";
import {
  type Accounts,
  accountKey,
  newTally,
  openAccounts,
  type RowContext,
  reportOf,
  shareOriginals,
  sourceItem,
  tallyWarnings,
  termsByAccount,
} from "./load-items.ts";
import { inside } from "./run-import.ts";

export type UnitInput = {
  readonly services: Services;
  readonly actor: Actor;
  readonly source: store.SourceRecord;
  readonly fed: store.FedRow;
  readonly runId: string;
  readonly today: CalendarDate;
};

const MOST_PARTY_ROWS = 200_000;
const WARNINGS_KEPT = 100;

/** Applies what a source brought of one company: customers, contacts, ledger, orders and how far it was read, all or nothing. */
export async function applyUnit(input: UnitInput, unit: SyncUnit): Promise<UnitReport> {
  const { services, actor } = input;
  // A row that could not be taken would count as vanished wherever absence is read.
  const readsAbsence = unit.end.coverage.kind !== "movements" || unit.namesItsKeys;
  const [firstRefused] = unit.refused;
  if (firstRefused && readsAbsence)
    throw new FileRefused("absence_unsafe", firstRefused.line, { value: String(unit.refusedRows) });
  return services.db.transaction(actor.tenant, async (tx) => {
    await tx.run(sql`set local statement_timeout = 0`);
    const company = await findCompany(tx, unit.companyId);
    if (!company) throw new FileRefused("company_needed");
    const described = await allOf(unit.customers());
    const customers = await upsertCustomers(tx, described);
    await setFreeFields(tx, described, input.today);
    const contacts = await upsertContacts(tx, await allOf(unit.contacts()), input.today);
    const ledger = await applyItems({ ...input, services: inside(services, tx) }, tx, company, unit);
    const orders = unit.bringsOrders
      ? await ingestOrders(tx, { sourceId: input.source.id, companyId: unit.companyId }, await allOf(unit.orders()), {
          isWhole: unit.end.hasAllOrders === true,
          knownOn: input.today,
        })
      : null;
    await store.saveReached(tx, input.source.id, unit.companyId, unit.end.reached ?? null);
    const report: UnitReport = {
      companyId: unit.companyId,
      customers,
      contacts,
      orders,
      ...ledger,
      refusedRows: unit.refusedRows + ledger.refusedRows,
      refused: [...unit.refused, ...ledger.refused].slice(0, 1_000),
      fault: null,
      files: [],
    };
    await record(tx, actor, {
      kind: "connectors.source.applied",
      version: 1,
      subject: { type: "source", id: input.source.id },
      about: [{ type: "company", id: unit.companyId }],
      payload: {
        runId: input.runId,
        companyId: unit.companyId,
        batchId: ledger.batchId,
        counts: ledger.counts,
        customers: { ...customers },
        contacts: { ...contacts },
        orders: orders ? { ...orders } : null,
      },
    });
    return report;
  });
}

async function allOf<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const rows of batches) {
    for (const row of rows) all.push(row);
    if (all.length > MOST_PARTY_ROWS) throw new FileRefused("file_too_complex", all.length);
  }
  return all;
}

type LedgerReport = Pick<
  UnitReport,
  "batchId" | "counts" | "totals" | "proof" | "sample" | "warnings" | "refusedRows" | "refused" | "layer"
>;

async function applyItems(input: UnitInput, tx: Tx, company: CompanyRow, unit: SyncUnit): Promise<LedgerReport> {
  const { source, fed, services, actor, today } = input;
  const survey = await surveyOf(unit, company);
  const warnings: UnitReport["warnings"][number][] = [];
  // Whole accounts of a company are read: nested loops, chosen while a young database has no statistics, would take longer than the batch.
  await tx.run(sql`set local enable_nestloop = off`);
  const accounts = await openAccounts({ tx, today }, company, [...survey.accounts.values()], warnings);
  const holders = await termsOfAccounts(tx, company.id);
  const context: RowContext = {
    company,
    accounts,
    terms: termsByAccount(holders),
    rates: await loadRates(tx, [currency(company.bookCurrency), ...survey.currencies]),
    tally: newTally(),
  };
  await tx.run(sql`set local enable_nestloop = on`);
  const applied = await applyBatch(services, actor, {
    companyId: company.id,
    bookCurrency: currency(company.bookCurrency),
    source: {
      sourceId: fed.ledgerSourceId,
      kind: source.connector,
      name: source.name,
      settlesLeftovers: unit.end.settlesLeftovers ?? false,
    },
    coverage: unit.end.coverage,
    fiscalYear: null,
    knownOn: today,
    isFirstLoad: !(await hasLoaded(tx, fed.ledgerSourceId)),
    rows: () => rowsOf(unit, context),
    isDryRun: false,
    ...(unit.namesItsKeys ? { presentKeys: unit.present } : {}),
    ...(unit.statesBalances ? { sourceBalances: await balancesOf(unit, accounts) } : {}),
  });
  if (!applied.ok)
    throw new FileRefused(applied.code, Number(applied.details["line"] ?? 0), {
      value: String(Object.values(applied.details)[0] ?? ""),
    });
  await shareOriginals(tx, applied.value);
  const { tally } = context;
  if (tally.refused > 0 && (unit.end.coverage.kind !== "movements" || unit.namesItsKeys))
    throw new FileRefused("absence_unsafe", tally.faults[0]?.line ?? 0, { value: String(tally.refused) });
  const names = new Map(holders.map((row) => [row.accountId, row.customerName]));
  return {
    ...reportOf(applied.value, company, accounts, names),
    layer: applied.value.layer,
    batchId: applied.value.batchId,
    refusedRows: tally.refused,
    refused: tally.faults,
    warnings: [...warnings, ...tallyWarnings(tally)].slice(0, WARNINGS_KEPT),
  };
}

async function* rowsOf(unit: SyncUnit, context: RowContext): AsyncGenerator<SourceItem> {
  Object.assign(context.tally, newTally());
  for await (const drafts of unit.items()) {
    for (const draft of drafts) {
      const item = sourceItem(draft, context);
      if (item) yield item;
    }
  }
}

/** Accounts and currencies of the rows; balances may name accounts that no row does. */
async function surveyOf(unit: SyncUnit, company: CompanyRow) {
  const accounts = new Map<string, NamedAccount>();
  const currencies = new Set<Currency>();
  const add = (row: Pick<TableDraft, "controlAccount" | "auxiliary" | "accountName">) => {
    const key = accountKey(row);
    if (accounts.has(key)) return;
    const { controlAccount, auxiliary, accountName } = row;
    accounts.set(key, { controlAccount, auxiliary, name: accountName, balanceMinor: 0n });
  };
  for await (const drafts of unit.items()) {
    for (const draft of drafts) {
      add(draft);
      if (draft.bookMinor === null && draft.currency !== company.bookCurrency) currencies.add(draft.currency);
    }
  }
  for await (const rows of unit.balances()) for (const row of rows) add({ ...row, accountName: "" });
  return { accounts, currencies: [...currencies] };
}

/** What the source states per account; accounts of ours that it leaves out, it states at nothing. */
async function balancesOf(unit: SyncUnit, accounts: Accounts): Promise<ReadonlyMap<string, bigint>> {
  const balances = new Map<string, bigint>();
  for await (const rows of unit.balances()) {
    for (const row of rows) {
      const account = accounts.get(accountKey(row));
      if (account) balances.set(account.accountId, (balances.get(account.accountId) ?? 0n) + row.balanceMinor);
    }
  }
  return balances;
}
