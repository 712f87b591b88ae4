import { day } from "#kernel/calendar-date.ts";
import { instantOf, minutesAfter } from "#kernel/clock.ts";
import {
  type Connector,
  type ConnectorContext,
  type FedCompany,
  SourceFault,
  type SyncBatch,
} from "../../connector/connector.ts";
import type { Fault } from "../../core/fault.ts";
import { settingText } from "../files.ts";
import { openSqlServer, sqlServerFault } from "./connection.ts";
import * as queries from "./queries.ts";
import {
  type Currencies,
  entryDraft,
  minorOf,
  readCurrencies,
  sourceContact,
  sourceCustomer,
  sourceOrder,
} from "./rows.ts";
import type { SageDb } from "./tables.ts";

/** Opens one company's database; tests give a PostgreSQL with the same tables. */
export type OpenSage = (
  context: ConnectorContext,
  database: string,
) => Promise<{ db: SageDb; close: () => Promise<void> }>;

/** A change that commits late may carry an earlier instant than one that is read already. */
const OVERLAP_MINUTES = 10;

/** How far a database was read. */
type Reached = { readonly changedAt: string };

/** Sage 100 on SQL Server, each database a company. Read only: what changed by its own stamp, and every key to notice what was deleted. */
export const sage100Connector = (open: OpenSage): Connector => ({
  key: "sage100",
  maxCompanies: 10,
  hasParts: true,
  settings: [
    { key: "host", kind: "text", isRequired: true },
    { key: "port", kind: "number", isRequired: true, initial: 1433 },
    { key: "instance", kind: "text", isRequired: false },
    { key: "user", kind: "text", isRequired: true },
    { key: "password", kind: "secret", isRequired: true },
    { key: "trustCertificate", kind: "flag", isRequired: false, initial: false },
    { key: "accountPrefixes", kind: "text", isRequired: true, initial: "411" },
    { key: "currencies", kind: "text", isRequired: false },
    { key: "settlesLeftovers", kind: "flag", isRequired: false, initial: false },
  ],
  test: async (context) => {
    try {
      const [first] = context.companies;
      const { db, close } = await open(context, first?.part ?? "master");
      try {
        const parts = await queries.databases(db);
        return { isReached: true, parts, details: { databases: String(parts.length) } };
      } finally {
        await close();
      }
    } catch (error) {
      const fault = sqlServerFault(error);
      return { isReached: false, fault: fault.code, detail: fault.detail };
    }
  },
  run: async function* (context) {
    for (const company of context.companies) {
      const opened = await open(context, company.part).catch((error: unknown) => {
        throw sqlServerFault(error);
      });
      try {
        yield* readCompany(opened.db, context, company);
      } catch (error) {
        throw sqlServerFault(error);
      } finally {
        await opened.close();
      }
    }
  },
});

async function* readCompany(db: SageDb, context: ConnectorContext, company: FedCompany): AsyncGenerator<SyncBatch> {
  const { companyId } = company;
  const currencies = readCurrencies(settingText(context.settings, "currencies"), company.bookCurrency);
  if (!currencies) throw new SourceFault("setting_wrong", "currencies");
  const prefixes = settingText(context.settings, "accountPrefixes")
    .split(/[\s,;]+/)
    .filter((one) => /^\d+$/.test(one));
  if (prefixes.length === 0) throw new SourceFault("setting_wrong", "accountPrefixes");
  const reached = company.reached as Reached | null;
  const since = reached ? minutesAfter(instantOf(reached.changedAt), -OVERLAP_MINUTES) : undefined;
  // Read before anything else: what changes from here on is read again by the next run.
  const changedAt = await queries.lastChange(db);
  const reading = { prefixes, since, firstMonth: await queries.firstMonth(db) };
  yield* customers(db, companyId, since);
  yield* contacts(db, companyId, since);
  yield* entries(db, companyId, reading, currencies);
  if (since) yield* keys(db, companyId, reading);
  yield* balances(db, company, reading);
  yield* orders(db, companyId, currencies);
  yield {
    kind: "end",
    companyId,
    end: {
      coverage: since ? { kind: "movements" } : FULL,
      hasAllOrders: true,
      settlesLeftovers: context.settings["settlesLeftovers"] === true,
      ...(changedAt ? { reached: { changedAt: changedAt.toISOString() } } : {}),
    },
  };
}

const FULL = { kind: "full", from: day("1900-01-01"), to: day("2999-12-31") } as const;

async function* customers(db: SageDb, companyId: string, since: Date | undefined): AsyncGenerator<SyncBatch> {
  for (let after = ""; ; ) {
    const rows = await queries.customersAfter(db, since, after).execute();
    const last = rows.at(-1);
    if (!last) return;
    yield { kind: "customers", companyId, rows: rows.map(sourceCustomer) };
    after = last.CT_Num;
  }
}

async function* contacts(db: SageDb, companyId: string, since: Date | undefined): AsyncGenerator<SyncBatch> {
  for (let after = 0; ; ) {
    const rows = await queries.contactsAfter(db, since, after).execute();
    const last = rows.at(-1);
    if (!last) return;
    yield { kind: "contacts", companyId, rows: rows.flatMap((row) => sourceContact(row) ?? []) };
    after = last.cbMarq;
  }
}

async function* entries(
  db: SageDb,
  companyId: string,
  reading: queries.Reading,
  currencies: Currencies,
): AsyncGenerator<SyncBatch> {
  const methods = await methodNames(db);
  for (let after = 0; ; ) {
    const rows = await queries.entriesAfter(db, reading, after).execute();
    const last = rows.at(-1);
    if (!last) return;
    const drafts = [];
    for (const row of rows) {
      const draft = entryDraft(row, currencies, methods);
      if ("code" in draft) yield refused(companyId, draft);
      else if (draft.bookMinor !== 0n || draft.minor !== 0n) drafts.push(draft);
    }
    yield { kind: "items", companyId, rows: drafts };
    after = last.EC_No;
  }
}

const refused = (companyId: string, fault: Fault): SyncBatch => ({ kind: "refused", companyId, fault });

/** Where the table of means of payment is another than expected, they are shown by their number. */
async function methodNames(db: SageDb): Promise<ReadonlyMap<number, string>> {
  const rows = await queries
    .paymentMethods(db)
    .execute()
    .catch(() => []);
  return new Map(rows.flatMap((row) => (row.R_Intitule ? [[row.cbIndice, row.R_Intitule.trim()] as const] : [])));
}

async function* keys(db: SageDb, companyId: string, reading: queries.Reading): AsyncGenerator<SyncBatch> {
  yield { kind: "present", companyId, keys: [] };
  for (let after = 0; ; ) {
    const rows = await queries.keysAfter(db, reading, after).execute();
    const last = rows.at(-1);
    if (!last) return;
    yield { kind: "present", companyId, keys: rows.map((row) => String(row.EC_No)) };
    after = last.EC_No;
  }
}

async function* balances(db: SageDb, company: FedCompany, reading: queries.Reading): AsyncGenerator<SyncBatch> {
  const rows = await queries.balances(db, reading).execute();
  yield {
    kind: "balances",
    companyId: company.companyId,
    rows: rows.map((row) => ({
      controlAccount: row.CG_Num.trim(),
      auxiliary: (row.CT_Num ?? "").trim(),
      balanceMinor: minorOf(String(row.balance ?? 0), company.bookCurrency) ?? 0n,
    })),
  };
}

async function* orders(db: SageDb, companyId: string, currencies: Currencies): AsyncGenerator<SyncBatch> {
  const found = (await queries.openDocuments(db).execute()).map((row) => sourceOrder(row, currencies));
  yield { kind: "orders", companyId, rows: found.flatMap((one) => ("code" in one ? [] : [one])) };
}

export const sage100 = sage100Connector(openSqlServer);
