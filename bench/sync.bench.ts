import { performance } from "node:perf_hooks";
import pg from "pg";
import { addDays, day } from "#kernel/calendar-date.ts";
import { currency } from "#kernel/money.ts";
import { createCompany } from "#modules/parties/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Services } from "#platform/services.ts";
import { createSource, startRun } from "../server/src/modules/connectors/actions/manage-sources.ts";
import { runSource } from "../server/src/modules/connectors/actions/run-source.ts";
import type { Connector, SyncBatch } from "../server/src/modules/connectors/connector/connector.ts";
import type { TableDraft } from "../server/src/modules/connectors/core/table/table-items.ts";

const LINES_PER_ACCOUNT = 50;
const BATCH = 2_000;
const FIRST = day("2024-01-01");
const LAST = day("2025-12-15");
const EUR = currency("EUR");

/** Line `n` of invented books: invoices and their payments, three pairs in four lettered, the rest of the invoices open. */
function line(n: number, accounts: number): TableDraft {
  const pair = Math.floor(n / 2);
  const isPayment = n % 2 === 1 && !isOpen(n);
  const cents = BigInt(1_000 + ((pair * 7_919) % 500_000));
  const postedOn = addDays(FIRST, (pair * 31) % 700);
  return {
    controlAccount: "411000",
    auxiliary: `B${pair % accounts}`,
    accountName: `Customer ${pair % accounts}`,
    key: String(n),
    kind: isPayment ? "payment" : "invoice",
    journal: isPayment ? "BQ" : "VE",
    entryNo: String(n),
    side: isPayment ? "credit" : "debit",
    documentNo: `F${isPayment ? pair : n}`,
    label: null,
    issuedOn: postedOn,
    postedOn,
    dueOn: addDays(postedOn, 30),
    instalmentNo: 1,
    currency: EUR,
    minor: isPayment ? -cents : cents,
    bookMinor: isPayment ? -cents : cents,
    paymentMethod: null,
    letter: isOpen(n) ? null : `P${pair}`,
    letteredOn: null,
    fiscalYear: null,
    isOpening: false,
    line: n + 1,
  };
}

const isOpen = (n: number) => Math.floor(n / 2) % 4 === 0;

/**
 * What one evening brings of the neighbourhood of line `n`, strewn over all accounts: another due day, a payment with the letter of an open invoice, a new
 * invoice. Together one line in a hundred.
 */
function news(n: number, accounts: number): TableDraft[] {
  const dice = (Math.imul(n + 1, 2_654_435_761) >>> 0) % 1_000;
  if (dice >= 10) return [];
  const row = line(n, accounts);
  if (dice < 4) return [{ ...row, dueOn: addDays(row.postedOn, 45) }];
  const other = { ...row, key: `n${n}`, entryNo: `n${n}`, documentNo: `N${n}`, postedOn: LAST, issuedOn: LAST };
  if (!isOpen(n)) return [{ ...other, kind: "invoice", minor: 4_200n, bookMinor: 4_200n, letter: null }];
  const letter = `N${n}`;
  const payment = { minor: -row.minor, bookMinor: -row.minor, side: "credit" as const };
  return [
    { ...row, letter },
    { ...other, ...payment, kind: "payment", letter },
  ];
}

/** A system that gives everything at first, then what changed and all its keys. */
function inventedSystem(
  lines: number,
  accounts: number,
  evening: () => { hasNews: boolean; isAfter: boolean },
): Connector {
  return {
    key: "folder",
    maxCompanies: 1,
    hasParts: false,
    settings: [],
    test: async () => ({ isReached: true, parts: [], details: {} }),
    run: async function* (context): AsyncGenerator<SyncBatch> {
      for (const { companyId, reached } of context.companies) {
        const { hasNews, isAfter } = evening();
        for (let from = 0; from < lines; from += BATCH) {
          const numbers = Array.from({ length: Math.min(BATCH, lines - from) }, (_, n) => from + n);
          const rows = reached
            ? numbers.flatMap((n) => (hasNews ? news(n, accounts) : []))
            : numbers.map((n) => line(n, accounts));
          if (rows.length > 0) yield { kind: "items", companyId, rows };
          if (!reached) continue;
          const added = isAfter ? numbers.flatMap((n) => news(n, accounts)).map((row) => row.key ?? "") : [];
          yield { kind: "present", companyId, keys: [...new Set([...numbers.map(String), ...added])] };
        }
        const coverage = reached
          ? ({ kind: "movements" } as const)
          : ({ kind: "full", from: day("1900-01-01"), to: day("2999-12-31") } as const);
        yield { kind: "end", companyId, end: { coverage, reached: true } };
      }
    },
  };
}

/** A source from its first byte to its report: the first run, a run that changes one line in a hundred, and one that changes nothing. */
export async function benchSync(
  services: Services,
  actor: Actor,
  accounts: number,
  ownerUrl: string,
): Promise<{ work: string; measured: string; goal: string }[]> {
  const lines = accounts * LINES_PER_ACCOUNT;
  const company = await createCompany(services, actor, {
    code: "SYNC",
    name: "Sync",
    bookCurrency: "EUR",
    country: "FR",
    zone: "Europe/Paris",
    siren: null,
    vatNumber: null,
    email: null,
    phone: null,
    address: null,
    iban: null,
    defaultTermDays: 30,
  });
  if (!company.ok) throw new Error(company.code);
  const source = await createSource(services, actor, {
    connector: "folder",
    name: "Invented",
    settings: {},
    secrets: {},
    calendar: { mode: "none", times: [], everyMinutes: 60, isBusinessDaysOnly: false },
    isActive: true,
    companies: [{ companyId: company.value.id, part: "" }],
  });
  if (!source.ok) throw new Error(source.code);
  const evening = { hasNews: false, isAfter: false };
  const system = inventedSystem(lines, accounts, () => evening);
  const run = async () => {
    const started = await startRun(services, actor, source.value.id, "person");
    if (!started.ok) throw new Error(started.code);
    const from = performance.now();
    const done = await runSource(services, actor, started.value.id, () => system);
    if (done?.state !== "done") throw new Error(JSON.stringify(done?.fault));
    return { seconds: (performance.now() - from) / 1_000, counts: done.report?.companies[0]?.counts ?? {} };
  };
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  // what the database does by itself within minutes of a bulk load: of other tenants before, of this one before the next evening
  await owner.query("vacuum analyze");
  const full = await run();
  await owner.query("vacuum analyze");
  await owner.end();
  Object.assign(evening, { hasNews: true, isAfter: true });
  const changed = await run();
  evening.hasNews = false;
  const quiet = await run();
  const brought = (changed.counts["changed"] ?? 0) + (changed.counts["new"] ?? 0);
  if (brought < lines / 105 || (changed.counts["void"] ?? 0) > 0) throw new Error(JSON.stringify(changed.counts));
  const share = (one: { seconds: number }) =>
    `${one.seconds.toFixed(2)} s, ${((100 * one.seconds) / full.seconds).toFixed(1)} % of the full run`;
  return [
    { work: `full sync of ${lines} lines by a source`, measured: `${full.seconds.toFixed(1)} s`, goal: "-" },
    { work: "sync with 1 % changes, all keys named", measured: share(changed), goal: "≤ 5 % of the full run" },
    { work: "sync without changes, all keys named", measured: share(quiet), goal: "-" },
  ];
}
