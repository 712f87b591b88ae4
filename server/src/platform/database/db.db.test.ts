import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#kernel/ids.ts";
import { aTestDatabase, type TestDatabase } from "../../../testing/database.ts";
import { copyLines, copyValue, sql } from "./index.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await aTestDatabase();
});
afterAll(() => t.close());

const addCompany = (code: string) => (tx: { tenant: string; run: (q: ReturnType<typeof sql>) => Promise<number> }) =>
  tx.run(sql`insert into parties.company (tenant_id, company_id, code, name, book_currency)
    values (${tx.tenant}, ${newId()}, ${code}, ${code}, 'EUR')`);

test("a tenant sees its own rows only, and nothing without a tenant", async () => {
  const other = await t.anotherTenant();
  await t.db.transaction(t.tenant, addCompany("A"));
  await t.db.transaction(other, addCompany("B"));
  const codes = await t.db.transaction(t.tenant, (tx) =>
    tx.rows<{ code: string }>(sql`select code from parties.company`),
  );
  expect(codes).toEqual([{ code: "A" }]);
  expect(await t.db.global((tx) => tx.rows(sql`select code from parties.company`))).toEqual([]);
});

test("writing another tenant's row is refused by the database", async () => {
  const other = await t.anotherTenant();
  await expect(
    t.db.transaction(t.tenant, (tx) =>
      tx.run(sql`insert into parties.company (tenant_id, company_id, code, name, book_currency)
        values (${other}, ${newId()}, 'X', 'X', 'EUR')`),
    ),
  ).rejects.toThrow(/row-level security/);
});

test("whole numbers, days, decimals and instants arrive exactly", async () => {
  const row = await t.db.transaction(t.tenant, (tx) =>
    tx.one(
      sql`select 9007199254740993::bigint as big, date '2026-02-28' as day, 1.10::numeric as rate, timestamptz '2026-01-01 00:00:00+01' as at`,
    ),
  );
  expect(row).toEqual({ big: 9007199254740993n, day: "2026-02-28", rate: "1.10", at: "2025-12-31T23:00:00.000Z" });
});

test("copy carries tabs, line ends, backslashes and absent values", async () => {
  const texts = ["a\tb", "c\nd\re", "f\\g", null];
  const read = await t.db.transaction(t.tenant, async (tx) => {
    await tx.run(sql`create temp table staged (n int, value text) on commit drop`);
    await tx.copyIn(
      "staged (n, value)",
      texts.map((value, index) => `${index}\t${copyValue(value)}`),
    );
    return tx.rows<{ value: string | null }>(sql`select value from staged order by n`);
  });
  expect(read.map((row) => row.value)).toEqual(texts);
});

test("copy takes the lines of a generator", async () => {
  const lines = function* () {
    yield "1\ta";
    yield "2\tb";
  };
  const read = await t.db.transaction(t.tenant, async (tx) => {
    await tx.run(sql`create temp table staged (n int, value text) on commit drop`);
    await tx.copyIn("staged", lines());
    return tx.rows<{ value: string }>(sql`select value from staged order by n`);
  });
  expect(read.map((row) => row.value)).toEqual(["a", "b"]);
});

test("copy takes gathered lines, of any length, time after time", async () => {
  const texts = ["a", "é€🎉", "x".repeat(5_000), "b\tc"];
  const lines = copyLines(64);
  const read = await t.db.transaction(t.tenant, async (tx) => {
    await tx.run(sql`create temp table staged (n int, value text) on commit drop`);
    for (const [n, value] of texts.entries()) {
      lines.add(`${n}\t${copyValue(value)}`);
      if (lines.isFull) await tx.copyIn("staged", lines);
    }
    expect(lines.isEmpty).toBe(false);
    await tx.copyIn("staged", lines);
    return tx.rows<{ value: string }>(sql`select value from staged order by n`);
  });
  expect(lines.isEmpty).toBe(true);
  expect(read.map((row) => row.value)).toEqual(texts);
});

test("a cursor gives every row in bounded batches", async () => {
  const sizes = await t.db.transaction(t.tenant, async (tx) => {
    const seen: number[] = [];
    for await (const rows of tx.stream<{ n: number }>(sql`select n from generate_series(1, ${2500}::int) n`, 1000))
      seen.push(rows.length);
    return seen;
  });
  expect(sizes).toEqual([1000, 1000, 500]);
});

test("effects run after the commit and never after a rollback", async () => {
  const seen: string[] = [];
  await t.db.transaction(t.tenant, async (tx) => tx.afterCommit(() => seen.push("committed")));
  await t.db
    .transaction(t.tenant, async (tx) => {
      tx.afterCommit(() => seen.push("never"));
      throw new Error("stop");
    })
    .catch(() => {});
  expect(seen).toEqual(["committed"]);
});
