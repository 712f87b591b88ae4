import { rm } from "node:fs/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addDays, type CalendarDate, day } from "#kernel/calendar-date.ts";
import { fixedClock } from "#kernel/clock.ts";
import { openItems, verifyLedger } from "#modules/receivables/index.ts";
import { sql } from "#platform/database/index.ts";
import { aSellingCompany } from "../../../../../testing/company.ts";
import { aTestDatabase, type TestDatabase } from "../../../../../testing/database.ts";
import { type TestServices, testServices } from "../../../../../testing/services.ts";
import { ledgerOf } from "../sources.ts";
import { books, type Entry, event } from "./books.ts";
import { EXPORTERS, type Exporter } from "./exporters.ts";

// A year of evenings: things happen in the books, the books leave in some format, a source brings them in, and what is here is held against the plain
// model. Short here; the whole year: ENCOURS_SYNC_DAYS=365 ENCOURS_SYNC_RUNS=1.

const DAYS = Number(process.env["ENCOURS_SYNC_DAYS"] ?? 10);
const RUNS = Number(process.env["ENCOURS_SYNC_RUNS"] ?? 1);
const FIRST = day("2025-01-02");

let t: TestDatabase;
let services: TestServices;
let clock: ReturnType<typeof fixedClock>;
let companies = 0;
beforeAll(async () => {
  t = await aTestDatabase();
  clock = fixedClock("2025-01-02T20:00:00Z");
  services = testServices(t, clock);
});
afterAll(async () => {
  await rm(services.inbox, { recursive: true, force: true });
  await t.close();
});

/** Open per customer on a day, as the product says it. */
async function openOn(
  companyId: string,
  on: CalendarDate,
  layers: "ledger" | "working",
): Promise<Record<string, bigint>> {
  const rows = await t.db.transaction(t.tenant, (tx) =>
    tx.rows<{ customer: string; minor: bigint }>(sql`
      select a.auxiliary as customer, sum(o.open_book_minor)::bigint as minor
      from ${openItems(tx, on, layers)} o
      join parties.account a on a.tenant_id = ${t.tenant} and a.account_id = o.account_id
      where a.company_id = ${companyId}
      group by a.auxiliary
      having sum(o.open_book_minor) <> 0`),
  );
  return Object.fromEntries(rows.map((row) => [row.customer, row.minor]));
}

/** The same by the model: what was posted until then. */
function owedOn(entries: readonly Entry[], on: CalendarDate): Record<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const one of entries)
    if (one.day <= on) sums.set(one.customer, (sums.get(one.customer) ?? 0n) + BigInt(one.cents));
  return Object.fromEntries([...sums].filter(([, minor]) => minor !== 0n));
}

async function live(
  exporter: Exporter,
  days: readonly (readonly Parameters<ReturnType<typeof books>["happen"]>[0][])[],
) {
  companies += 1;
  const companyId = await aSellingCompany(t, `Y${companies}`);
  const model = books();
  const evening = await exporter.start(t, services, companyId);
  try {
    for (const [n, events] of days.entries()) {
      const today = addDays(FIRST, n);
      clock.set(`${today}T20:00:00Z`);
      for (const one of events) model.happen(one, today, exporter.tellsDeletions);
      const entries = model.entries();
      const run = await evening.sync(today, entries);
      expect([today, run.state, run.fault]).toEqual([today, "done", null]);
      // an extract of nothing cannot be told from no extract
      if (entries.every((one) => one.letter !== null)) continue;
      for (const layers of ["ledger", "working"] as const)
        expect(await openOn(companyId, today, layers), `${exporter.name} ${today} ${layers}`).toEqual(
          owedOn(entries, today),
        );
      if (exporter.tellsPast) {
        const past = addDays(FIRST, (n * 7) % (n + 1));
        expect(await openOn(companyId, past, "ledger"), `${exporter.name} ${past} seen ${today}`).toEqual(
          owedOn(entries, past),
        );
      }
      if (exporter.tellsItems) await sameItems(companyId, entries);
    }
    const faults = await t.db.transaction(t.tenant, (tx) => verifyLedger(tx));
    expect(faults).toEqual([]);
  } finally {
    await evening.close();
  }
}

/** Each entry is open by its letter, and due when the books say so. */
async function sameItems(companyId: string, entries: readonly Entry[]): Promise<void> {
  const here = (await ledgerOf(t, companyId)).map((row) => [
    row.doc,
    row.minor,
    row.open,
    row.minor > 0n ? row.due : "",
  ]);
  const there = entries.map((one) => [
    one.document,
    BigInt(one.cents),
    one.letter === null ? BigInt(one.cents) : 0n,
    one.cents > 0 ? one.due : "",
  ]);
  const byDocument = (a: unknown[], b: unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
  expect(here.sort(byDocument)).toEqual(there.sort(byDocument));
}

describe("a year of daily syncs ends in the books, whatever the format", () => {
  for (const exporter of EXPORTERS) {
    test(exporter.name, { timeout: 3_600_000 }, async () => {
      const year = fc.array(fc.array(event, { maxLength: 5 }), { minLength: DAYS, maxLength: DAYS });
      await fc.assert(
        fc.asyncProperty(year, (days) => live(exporter, days)),
        { numRuns: RUNS, interruptAfterTimeLimit: 3_000_000, endOnFailure: DAYS > 60 },
      );
    });
  }
});
