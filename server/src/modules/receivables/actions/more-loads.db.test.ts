import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addDays, type CalendarDate, day } from "#kernel/calendar-date.ts";
import { fixedClock } from "#kernel/clock.ts";
import type { TenantId, Uuid } from "#kernel/ids.ts";
import { sql } from "#platform/database/index.ts";
import { aTestDatabase, type TestDatabase } from "../../../../testing/database.ts";
import { AGEING_BUCKETS } from "../core/ageing.ts";
import { turnDay } from "../jobs.ts";
import { isKept } from "../store/kept-day.ts";
import { openItems } from "../store/open-items.ts";
import { rebuildStates, verifyLedger } from "../store/verify.ts";
import { aBatch, aCompany, aRow } from "../testing.ts";
import { applyBatch } from "./apply-batch.ts";
import { undoBatch } from "./undo-batch.ts";

const RUNS = Number(process.env.ENCOURS_FUZZ_RUNS ?? 15);

let t: TestDatabase;
beforeAll(async () => {
  t = await aTestDatabase();
});
afterAll(() => t.close());

const open = (accountIds: readonly Uuid[], asOf = day("2030-01-01")) =>
  t.db.transaction(t.tenant, (tx) =>
    tx
      .rows<{ key: string; minor: bigint }>(sql`
        select i.order_key as key, o.open_minor as minor
        from ${openItems(tx, asOf, "ledger")} o
        join receivables.item i on i.tenant_id = ${tx.tenant} and i.item_id = o.item_id
        where o.account_id = any(${[...accountIds]}::uuid[]) and i.kind <> 'adjustment'`)
      .then((rows) => rows.map((row) => `${row.key} ${row.minor}`).sort()),
  );

test("after every snapshot exactly what it states is open, on its day and known so later; undoing brings the one before back", async () => {
  const state = fc.array(fc.option(fc.integer({ min: 1, max: 10 }), { nil: null }), { minLength: 6, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.array(state, { minLength: 2, maxLength: 6 }), async (states) => {
      const { companyId, accountIds } = await aCompany(t.db, t.tenant, 2);
      const shown: string[][] = [];
      let lastBatch: Uuid | null = null;
      for (const [n, stated] of states.entries()) {
        const asOf = addDays(day("2025-03-01"), n * 7);
        const rows = stated.flatMap((tenth, i) => {
          if (tenth === null) return [];
          const sign = i % 3 === 2 ? -100n : 100n;
          return [
            aRow(accountIds[i % 2] ?? "", {
              key: `k${i}`,
              documentNo: `D${i}`,
              minor: sign * BigInt(tenth),
              postedOn: addDays(day("2025-01-01"), i),
            }),
          ];
        });
        const knownOn = addDays(day("2026-01-01"), n);
        const result = await applyBatch(
          { db: t.db },
          t.actor(),
          aBatch(companyId, rows, { coverage: { kind: "open_snapshot", asOf }, knownOn }),
        );
        if (!result.ok) throw new Error(result.code);
        expect(result.value.proof).toMatchObject({
          isTied: true,
          closingMinor: rows.reduce((sum, row) => sum + row.minor, 0n),
        });
        lastBatch = result.value.batchId;
        const now = await open(accountIds);
        expect(now).toEqual(rows.map((row) => `${row.key} ${row.minor}`).sort());
        expect(await open(accountIds, asOf)).toEqual(now);
        shown.push(now);
      }
      expect(await t.db.transaction(t.tenant, verifyLedger)).toEqual([]);
      const clock = fixedClock("2026-03-01T10:00:00Z");
      const undone = await undoBatch({ db: t.db, clock }, t.actor(), lastBatch ?? "");
      expect(undone.ok).toBe(true);
      expect(await open(accountIds)).toEqual(shown.at(-2));
      expect(await t.db.transaction(t.tenant, verifyLedger)).toEqual([]);
    }),
    { numRuns: RUNS },
  );
}, 900_000);

test("several writers at once end as one after another", async () => {
  const { companyId, accountIds } = await aCompany(t.db, t.tenant, 3);
  const files = Array.from({ length: 6 }, (_, n) =>
    Array.from({ length: 12 }, (_, i) => {
      const key = `k${(n * 7 + i) % 30}`;
      const number = Number(key.slice(1));
      const isPayment = number % 4 === 3;
      return aRow(accountIds[number % 3] ?? "", {
        key,
        documentNo: key,
        minor: isPayment ? -30_000n : 10_000n,
        postedOn: addDays(day("2025-01-01"), number),
        letter: `L${number % 3}${Math.floor(number / 12)}`,
      });
    }),
  );
  const results = await Promise.all(files.map((rows) => applyBatch({ db: t.db }, t.actor(), aBatch(companyId, rows))));
  expect(results.every((result) => result.ok)).toBe(true);
  const other = await aCompany(t.db, t.tenant, 3);
  const moved = files.map((rows) =>
    rows.map((row) => ({ ...row, accountId: other.accountIds[accountIds.indexOf(row.accountId)] ?? "" })),
  );
  for (const rows of moved) await applyBatch({ db: t.db }, t.actor(), aBatch(other.companyId, rows));
  expect(await open(accountIds)).toEqual(await open(other.accountIds));
  expect(await t.db.transaction(t.tenant, verifyLedger)).toEqual([]);
});

test("a day that turns while two companies load leaves every figure kept for it", async () => {
  const tenant = await t.anotherTenant();
  const load = (company: { companyId: Uuid; accountIds: Uuid[] }, n: number, knownOn: CalendarDate) =>
    applyBatch(
      { db: t.db },
      t.actor(undefined, tenant),
      aBatch(
        company.companyId,
        company.accountIds.map((accountId, i) => aRow(accountId, { key: `k${n}-${i}`, postedOn: day("2025-06-01") })),
        { knownOn },
      ),
    );
  const both = [await aCompany(t.db, tenant, 20), await aCompany(t.db, tenant, 20)];
  for (let n = 0; n < 6; n += 1) {
    const today = addDays(day("2026-01-05"), n);
    const clock = fixedClock(`${today}T01:00:00Z`);
    const [turned, ...loaded] = await Promise.all([
      turnDay({ db: t.db, clock }, { id: tenant, zone: "Europe/Paris" }),
      ...both.map((company) => load(company, n, today)),
    ]);
    expect(turned).toBe(true);
    expect(loaded.every((result) => result.ok)).toBe(true);
    const found = await t.db.transaction(tenant, async (tx) => ({
      isKept: await isKept(tx, today, AGEING_BUCKETS.shipped),
      faults: await verifyLedger(tx),
      kept: await tx.one<{ years: bigint; items: bigint }>(sql`
        select (select sum(invoices_12m) from receivables.account_year)::bigint as years,
               (select sum(item_count) from receivables.account_state where layer = 'ledger')::bigint as items`),
    }));
    const items = BigInt((n + 1) * 40);
    expect(found).toEqual({ isKept: true, faults: [], kept: { years: items, items } });
  }
});

test("figures that an older version left are not trusted, and not found wrong, until the next turn of the day", async () => {
  const tenant = await t.anotherTenant();
  const { companyId, accountIds } = await aCompany(t.db, tenant, 2);
  const today = day("2026-02-01");
  const load = (key: string, knownOn = today) =>
    applyBatch(
      { db: t.db },
      t.actor(undefined, tenant),
      aBatch(
        companyId,
        accountIds.map((accountId) => aRow(accountId, { key: `${key}${accountId}`, documentNo: key })),
        { knownOn },
      ),
    );
  const state = () =>
    t.db.transaction(tenant, async (tx) => [await isKept(tx, today, AGEING_BUCKETS.shipped), await verifyLedger(tx)]);
  await load("a");
  expect(await state()).toEqual([true, []]);
  await t.ownerQuery("delete from receivables.kept_day where tenant_id = $1", [tenant]);
  await t.ownerQuery("delete from receivables.account_year where tenant_id = $1", [tenant]);
  await t.ownerQuery("update receivables.account_state set largest_book_minor = 0 where tenant_id = $1", [tenant]);
  expect(await state()).toEqual([false, []]);
  await load("b");
  expect(await state()).toEqual([false, []]);
  await turnDay({ db: t.db, clock: fixedClock(`${today}T09:00:00Z`) }, { id: tenant, zone: "Europe/Paris" });
  expect(await state()).toEqual([true, []]);
  await load("c", addDays(today, 1));
  expect(await state()).toEqual([false, []]);
});

test("rows changed behind the writer's back are found and named, and the kept states can be rebuilt", async () => {
  const tenant = await t.anotherTenant();
  const { companyId, accountIds } = await aCompany(t.db, tenant);
  const [a = ""] = accountIds;
  const rows = [aRow(a, { letter: "A" }), aRow(a, { entryNo: "2", minor: -4_000n, letter: "A" })];
  const loaded = await applyBatch({ db: t.db }, t.actor(undefined, tenant), aBatch(companyId, rows));
  expect(loaded.ok).toBe(true);
  const verify = () => t.db.transaction(tenant, verifyLedger);
  expect(await verify()).toEqual([]);
  await t.ownerQuery(
    "update receivables.item_state set ledger_open_minor = 1 where tenant_id = $1 and original_minor > 0",
    [tenant],
  );
  expect(await verify()).toMatchObject([{ check: "kept_state" }]);
  await t.db.transaction(tenant, rebuildStates);
  expect(await verify()).toEqual([]);
  await t.ownerQuery(
    "update receivables.settlement_line set amount_minor = 20000, book_minor = 20000 where tenant_id = $1 and amount_minor > 0",
    [tenant],
  );
  const faults = await verify();
  expect(new Set(faults.map((fault) => fault.check))).toEqual(
    new Set(["kept_state", "kept_ageing", "entry_sum", "bounds"]),
  );
});

test("the database refuses a kept open amount outside 0…original", async () => {
  const { companyId, accountIds } = await aCompany(t.db, t.tenant);
  await applyBatch({ db: t.db }, t.actor(), aBatch(companyId, [aRow(accountIds[0] ?? "")]));
  const over = t.ownerQuery(
    "update receivables.item_state set working_open_minor = 10001 where tenant_id = $1 and account_id = $2",
    [t.tenant, accountIds[0]],
  );
  await expect(over).rejects.toThrow(/item_state_working_open/);
});

test("a tenant that is new to the statistics is known to the planner after its first load", async () => {
  const load = async (tenant: TenantId) => {
    const { companyId, accountIds } = await aCompany(t.db, tenant, 60);
    const rows = Array.from({ length: 3_000 }, (_, n) =>
      aRow(accountIds[n % 60] ?? "", { key: `k${n}`, minor: n % 2 ? -100n : 100n, letter: `L${n >> 1}` }),
    );
    const loaded = await applyBatch({ db: t.db }, t.actor(undefined, tenant), aBatch(companyId, rows));
    expect(loaded).toMatchObject({ ok: true, value: { counts: { new: 3_000 } } });
  };
  const believed = async (tenant: TenantId, table: string) => {
    const [found] = await t.ownerQuery<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }>(
      `explain (format json) select from receivables.${table} where tenant_id = '${tenant}'`,
    );
    return found?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0;
  };
  await load(t.tenant);
  await t.ownerQuery("analyze");
  const other = await t.anotherTenant();
  for (const table of ["item", "item_version", "external_ref", "item_state", "settlement_line"])
    expect(await believed(other, table), table).toBeLessThan(100);
  await load(other);
  for (const table of ["item", "item_version", "external_ref", "item_state"])
    expect(await believed(other, table), table).toBeGreaterThan(2_000);
  expect(await believed(other, "settlement_line")).toBeGreaterThan(0);
});
