import { execFile } from "node:child_process";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { PERMISSIONS } from "#contracts/permissions.ts";
import { AgedBalanceQuery } from "#contracts/receivables.ts";
import { addDays, type CalendarDate, day } from "#kernel/calendar-date.ts";
import { newId, type TenantId, type Uuid } from "#kernel/ids.ts";
import { currency } from "#kernel/money.ts";
import { applyBatch, type BatchInput, readAgedBalance, type SourceItem } from "#modules/receivables/index.ts";
import type { Actor } from "#platform/actor.ts";
import { type Db, sql } from "#platform/database/index.ts";

/** A ledger of `accounts` accounts with 50 rows each: 30 invoices over three years, 20 payments, lettered one to one or two to one; 27 % stay open. */
export function* ledgerRows(accountIds: readonly Uuid[], rowsPerAccount = 50): Generator<SourceItem> {
  const eur = currency("EUR");
  const start = day("2022-01-03");
  let seed = 42;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed % below;
  };
  let n = 0;
  for (const accountId of accountIds) {
    let letterNo = 0;
    for (let made = 0; made < rowsPerAccount; ) {
      const dice = random(10);
      const invoices = dice < 3 ? 2 : 1;
      const isPaid = random(100) < 70 && made + invoices < rowsPerAccount;
      letterNo += 1;
      const letter = isPaid ? `L${letterNo}` : null;
      let total = 0n;
      const postedOn = addDays(start, random(1060));
      for (let i = 0; i < invoices && made < rowsPerAccount; i += 1, made += 1) {
        n += 1;
        const minor = BigInt(1_000 + random(900_000));
        total += minor;
        yield row({
          accountId,
          journal: "VE",
          entryNo: `V${n}`,
          documentNo: `F${n}`,
          kind: "invoice",
          minor,
          postedOn,
          dueOn: addDays(postedOn, 30),
          letter,
        });
      }
      if (!isPaid) continue;
      n += 1;
      made += 1;
      const paidOn = addDays(postedOn, 20 + random(60));
      yield row({
        accountId,
        journal: "BQ",
        entryNo: `B${n}`,
        documentNo: `P${n}`,
        kind: "payment",
        minor: -total,
        postedOn: paidOn,
        dueOn: paidOn,
        letter,
      });
    }
  }
  function row(
    given: Pick<
      SourceItem,
      "accountId" | "journal" | "entryNo" | "documentNo" | "kind" | "minor" | "postedOn" | "dueOn" | "letter"
    >,
  ): SourceItem {
    return {
      ...given,
      key: null,
      label: given.kind === "invoice" ? "Facture" : "Virement",
      issuedOn: given.postedOn,
      isDueEstimated: false,
      instalmentNo: 1,
      currency: eur,
      bookMinor: given.minor,
      paymentMethod: null,
      letteredOn: null,
      fiscalYear: null,
      isOpening: false,
    };
  }
}

/** A company with accounts for the bench, each of a customer of its own. */
export async function benchCompany(db: Db, tenant: TenantId, accounts: number) {
  const companyId = newId();
  const accountIds = Array.from({ length: accounts }, newId).sort();
  const customerIds = Array.from({ length: accounts }, newId);
  const numbers = accountIds.map((_, i) => `C${String(i).padStart(6, "0")}-${companyId.slice(-6)}`);
  await db.transaction(tenant, async (tx) => {
    await tx.run(sql`
      insert into parties.company (tenant_id, company_id, code, name, book_currency)
      values (${tenant}, ${companyId}, ${`B${companyId}`.slice(0, 40)}, 'Bench', 'EUR')`);
    await tx.run(sql`
      insert into parties.customer (tenant_id, customer_id, number, name, folded_name, sort_key)
      select ${tenant}, c.id, c.number, 'Customer ' || c.number, lower(c.number), lower(c.number)
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
  return { companyId, accountIds };
}

/** What a benchmark found: our time, the limit measured in the same run, and their ratio. */
export type Measured = {
  readonly work: string;
  readonly seconds: number;
  readonly limitSeconds: number;
  readonly ratio: number;
};

const measured = (work: string, seconds: number, limitSeconds: number): Measured => ({
  work,
  seconds,
  limitSeconds,
  ratio: seconds / limitSeconds,
});

type Stage = {
  readonly db: Db;
  readonly actor: Actor;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly tenant: TenantId;
  readonly otherTenant: TenantId;
};

/** The first load of a company's accounts, or the same again. */
export const benchInput = (companyId: Uuid, accountIds: readonly Uuid[]): BatchInput => ({
  companyId,
  bookCurrency: currency("EUR"),
  source: { sourceId: companyId, kind: "bench", name: "bench", settlesLeftovers: false },
  coverage: { kind: "movements" },
  fiscalYear: null,
  knownOn: day("2025-01-15"),
  isFirstLoad: true,
  rows: () => ledgerRows(accountIds),
  isDryRun: false,
});

export const benchActor = (tenant: TenantId): Actor => ({
  tenant,
  kind: "system",
  id: "bench",
  permissions: new Set(PERMISSIONS),
  language: "fr",
  zone: "Europe/Paris",
});

/**
 * Loads 50 rows for each of `accounts` accounts in a process of its own, then the same file again, against bare copies and inserts of the same rows
 * with the same keys.
 */
export async function benchLoad(
  stage: Stage,
  accounts: number,
): Promise<{ results: Measured[]; input: BatchInput; peakRssMb: number }> {
  const { companyId, accountIds } = await benchCompany(stage.db, stage.tenant, accounts);
  const input = benchInput(companyId, accountIds);
  const first = await firstLoad(stage, companyId);
  const again = await timedLoad(stage.db, stage.actor, input);
  const limit = await limitOfLoad(stage, accountIds);
  const rows = `${accounts * 50} rows`;
  const results = [
    measured(`import of ${rows}`, first.seconds, limit),
    measured(`the same ${rows} again`, again.seconds, limit),
  ];
  return { results, input, peakRssMb: first.peakRssMb };
}

async function firstLoad({ appUrl, tenant }: Stage, companyId: Uuid): Promise<{ seconds: number; peakRssMb: number }> {
  const program = path.join(import.meta.dirname, "first-load.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...process.execArgv,
    program,
    appUrl,
    tenant,
    companyId,
  ]);
  return JSON.parse(stdout) as { seconds: number; peakRssMb: number };
}

/** Seconds that one batch takes, door to door. */
export async function timedLoad(db: Db, actor: Actor, input: BatchInput) {
  const started = performance.now();
  const result = await applyBatch({ db }, actor, input);
  if (!result.ok) throw new Error(result.code);
  return { seconds: (performance.now() - started) / 1000, report: result.value };
}

const LOADED = ["item", "item_version", "external_ref", "settlement", "settlement_line", "item_state"].map(
  (name) => `receivables.${name}`,
);

/** As table owner, for another tenant: the raw lines copied to a temporary table, and the rows that our load made inserted again. */
async function limitOfLoad({ ownerUrl, tenant, otherTenant }: Stage, accountIds: readonly Uuid[]): Promise<number> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    for (const table of ["parties.company", "parties.account", ...LOADED]) {
      const saved = savedName(table);
      await owner.query(`create temp table ${saved} as select * from ${table} where tenant_id = $1`, [tenant]);
      await owner.query(`update ${saved} set tenant_id = '${otherTenant}'`);
    }
    for (const table of ["parties.company", "parties.account"])
      await owner.query(`insert into ${table} select * from ${savedName(table)}`);
    const lines = [...ledgerRows(accountIds)].map(rawLine);
    const started = performance.now();
    await owner.query("begin");
    await owner.query(
      "create temp table raw_line (account_id uuid, journal text, entry_no text, document_no text, kind text, minor bigint, posted_on date, due_on date, letter text)",
    );
    await pipeline(Readable.from(chunks(lines)), owner.query(copyFrom("copy raw_line from stdin")));
    for (const table of LOADED) await owner.query(`insert into ${table} select * from ${savedName(table)}`);
    await owner.query("commit");
    return (performance.now() - started) / 1000;
  } finally {
    await owner.end();
  }
}

const savedName = (table: string) => `saved_${table.replace(".", "_")}`;

const rawLine = (row: SourceItem) =>
  [
    row.accountId,
    row.journal,
    row.entryNo,
    row.documentNo,
    row.kind,
    row.minor,
    row.postedOn,
    row.dueOn,
    row.letter ?? "\\N",
  ].join("\t");

function* chunks(lines: readonly string[], size = 2_000): Generator<string> {
  for (let i = 0; i < lines.length; i += size) yield `${lines.slice(i, i + size).join("\n")}\n`;
}

/** The aged balance of all customers at a past date and today, median of `rounds`, against hand-written SQL as table owner. */
export async function benchAgedBalance(
  stage: Stage,
  asOf: CalendarDate,
  today: CalendarDate,
  rounds = 5,
): Promise<Measured[]> {
  const { db, tenant, ownerUrl } = stage;
  const read = (query: object) =>
    db.transaction(tenant, (tx) => readAgedBalance(tx, AgedBalanceQuery.parse({ limit: 100_000, ...query }), today));
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    // both sides with the statistics that the database gathers by itself within minutes
    await owner.query("vacuum analyze");
    const limit = await median(rounds, () => owner.query(HAND_WRITTEN, [tenant, asOf]));
    const limitToday = await median(rounds, () => owner.query(HAND_WRITTEN, [tenant, today]));
    return [
      measured(`aged balance as of ${asOf}, all customers`, await median(rounds, () => read({ asOf })), limit),
      measured("aged balance today, all customers", await median(rounds, () => read({})), limitToday),
      measured(
        "aged balance today, first 100 by a bucket",
        await median(rounds, () => read({ limit: 100, sort: "6", direction: "desc" })),
        limitToday,
      ),
    ];
  } finally {
    await owner.end();
  }
}

async function median(rounds: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i <= rounds; i += 1) {
    const started = performance.now();
    await work();
    if (i > 0) times.push((performance.now() - started) / 1000);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

const HAND_WRITTEN = `
  with open as (
    select account_id, book_currency, due_on, original_book_minor as minor, original_book_minor > 0 as is_debit, kind
    from receivables.item_state
    where tenant_id = $1 and settled_on > $2::date and posted_on <= $2::date and first_line_on > $2::date and layer = 'ledger'
    union all
    select s.account_id, s.book_currency, s.due_on, s.original_book_minor - l.minor, s.original_book_minor > 0, s.kind
    from receivables.item_state s
    cross join lateral (
      select coalesce(sum(book_minor), 0)::bigint as minor
      from receivables.settlement_line
      where tenant_id = s.tenant_id and item_id = s.item_id and effective_on <= $2::date and layer = 'ledger'
    ) l
    where s.tenant_id = $1 and s.settled_on > $2::date and s.posted_on <= $2::date and s.first_line_on <= $2::date and s.layer = 'ledger'
  ),
  aged as (
    select account_id, book_currency, sum(minor) as total,
           sum(minor) filter (where is_debit and due_on >= $2::date) as b0,
           sum(minor) filter (where is_debit and due_on < $2::date and due_on >= $2::date - 30) as b1,
           sum(minor) filter (where is_debit and due_on < $2::date - 30 and due_on >= $2::date - 60) as b2,
           sum(minor) filter (where is_debit and due_on < $2::date - 60 and due_on >= $2::date - 90) as b3,
           sum(minor) filter (where is_debit and due_on < $2::date - 90 and due_on >= $2::date - 180) as b4,
           sum(minor) filter (where is_debit and due_on < $2::date - 180 and due_on >= $2::date - 365) as b5,
           sum(minor) filter (where is_debit and due_on < $2::date - 365) as b6,
           sum(minor) filter (where not is_debit and kind <> 'credit_note') as unapplied,
           sum(minor) filter (where not is_debit and kind = 'credit_note') as credit_notes, count(*) as items
    from open
    where minor <> 0
    group by account_id, book_currency
  ),
  customers as (
    select l.customer_id, a.book_currency, sum(total) as total, sum(b0) as b0, sum(b1) as b1, sum(b2) as b2, sum(b3) as b3, sum(b4) as b4,
           sum(b5) as b5, sum(b6) as b6, sum(unapplied) as unapplied, sum(credit_notes) as credit_notes, sum(items) as items
    from aged a
    join parties.account_customer l on l.tenant_id = $1 and l.account_id = a.account_id and l.valid_to = 'infinity'
    group by l.customer_id, a.book_currency
  )
  select c.number, c.name, x.*
  from customers x
  join parties.customer c on c.tenant_id = $1 and c.customer_id = x.customer_id
  order by x.total desc`;
