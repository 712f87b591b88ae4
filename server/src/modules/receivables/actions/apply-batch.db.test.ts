import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CalendarDate, day } from "#kernel/calendar-date.ts";
import { fixedClock } from "#kernel/clock.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { sql } from "#platform/database/index.ts";
import { aTestDatabase, type TestDatabase } from "../../../../testing/database.ts";
import type { BatchInput } from "../core/batch.ts";
import type { SourceItem } from "../core/source-row.ts";
import { type Layers, openItemsAt } from "../store/open-items.ts";
import { verifyLedger } from "../store/verify.ts";
import { aBatch, aCompany, aRow } from "../testing.ts";
import { applyBatch } from "./apply-batch.ts";
import { readProof } from "./read-proof.ts";
import { undoBatch } from "./undo-batch.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await aTestDatabase();
});
afterAll(() => t.close());

const apply = async (input: BatchInput) => {
  const result = await applyBatch({ db: t.db }, t.actor(), input);
  if (!result.ok) throw new Error(result.code);
  return result.value;
};

const open = (accountId: Uuid, asOf: CalendarDate, knownOn?: CalendarDate, layers: Layers = "ledger") =>
  t.db.transaction(t.tenant, (tx) =>
    tx
      .rows<{ document: string; minor: bigint }>(sql`
        select coalesce(s.document_no, '') as document, o.open_minor as minor
        from ${openItemsAt(tx, { asOf, knownOn, layers })} o
        left join receivables.item_state s on s.tenant_id = ${tx.tenant} and s.item_id = o.item_id
        where o.account_id = ${accountId}
        order by o.posted_on, s.instalment_no, document`)
      .then((rows) => rows.map((row) => `${row.document} ${row.minor}`)),
  );

const END = day("2030-01-01");

describe("a batch of movements", () => {
  test("settles by letter on the later day, proves, and changes nothing the second time", async () => {
    const { companyId, accountIds } = await aCompany(t.db, t.tenant);
    const [a = ""] = accountIds;
    const rows = [
      aRow(a, { documentNo: "F1", letter: "AA", minor: 10_000n }),
      aRow(a, { documentNo: "F2", entryNo: "2", minor: 5_000n, postedOn: day("2025-02-01") }),
      aRow(a, { documentNo: "B1", entryNo: "3", letter: "AA", minor: -10_000n, postedOn: day("2025-03-01") }),
    ];
    const report = await apply(aBatch(companyId, rows));
    expect(report.counts).toMatchObject({ read: 3, new: 3, changed: 0, void: 0, unchanged: 0 });
    expect(report.proof).toMatchObject({ openingMinor: 0n, movementMinor: 5_000n, closingMinor: 5_000n, isTied: true });
    expect(await open(a, day("2025-02-28"))).toEqual(["F1 10000", "F2 5000"]);
    expect(await open(a, day("2025-03-01"))).toEqual(["F2 5000"]);
    const again = await apply(aBatch(companyId, rows));
    expect(again).toMatchObject({ batchId: null, counts: { new: 0, changed: 0, unchanged: 3 } });
  });

  test("a dry run reports and leaves nothing", async () => {
    const { companyId, accountIds } = await aCompany(t.db, t.tenant);
    const [a = ""] = accountIds;
    const report = await apply(aBatch(companyId, [aRow(a)], { isDryRun: true }));
    expect(report).toMatchObject({ batchId: null, counts: { new: 1 } });
    expect(await open(a, END)).toEqual([]);
  });

  test("overlapping files give the union, and two genuine identical bookings stay two", async () => {
    const { companyId, accountIds } = await aCompany(t.db, t.tenant);
    const [a = ""] = accountIds;
    const one = aRow(a);
    const other = aRow(a, { entryNo: "2" });
    await apply(aBatch(companyId, [one, one]));
    await apply(aBatch(companyId, [one, other]));
    expect(await open(a, END)).toHaveLength(3);
    await apply(aBatch(companyId, [one, one, one]));
    expect(await open(a, END)).toHaveLength(4);
  });

  test("refuses a source's own key on two rows, and an account of another company", async () => {
    const { companyId, accountIds } = await aCompany(t.db, t.tenant);
    const [a = ""] = accountIds;
    const twice = [aRow(a, { key: "k", line: 2 }), aRow(a, { key: "k", line: 7 })];
    const refused = await applyBatch({ db: t.db }, t.actor(), aBatch(companyId, twice));
    expect(refused).toMatchObject({ ok: false, code: "duplicate_source_key", details: { key: "k", line: 7 } });
    const other = await aCompany(t.db, t.tenant);
    const stranger = await applyBatch({ db: t.db }, t.actor(), aBatch(other.companyId, [aRow(a, { line: 3 })]));
    expect(stranger).toMatchObject({ ok: false, code: "unknown_account", details: { line: 3 } });
  });

  test("re-lettering moves the split and never the total, and is known from its day", async () => {
    const { companyId, accountIds } = await aCompany(t.db, t.tenant);
    const [a = ""] = accountIds;
    const rows = (letterOfF1: string | null) => [
      aRow(a, { documentNo: "F1", letter: letterOfF1 }),
      aRow(a, { documentNo: "F2", entryNo: "2", letter: letterOfF1 ? null : "A" }),
      aRow(a, { documentNo: "B1", entryNo: "3", letter: "A", minor: -10_000n }),
    ];
    await apply(aBatch(companyId, rows("A"), { knownOn: day("2026-01-01") }));
    const report = await apply(aBatch(companyId, rows(null), { knownOn: day("2026-01-02") }));
    expect(report.counts).toMatchObject({ changed: 2, relettered: 2, unchanged: 1 });
    expect(await open(a, END)).toEqual(["F1 10000"]);
    expect(await open(a, END, day("2026-01-01"))).toEqual(["F2 10000"]);
  });
});

describe("a full load", () => {
  test("what is absent never was, and comes back when its row does", async () => {
    const { companyId, accountIds } = await aCompany(t.db, t.tenant);
    const [a = ""] = accountIds;
    const coverage = { kind: "full", from: day("2025-01-01"), to: day("2025-12-31") } as const;
    const both = [aRow(a), aRow(a, { documentNo: "F2", entryNo: "2" })];
    await apply(aBatch(companyId, both, { coverage, knownOn: day("2026-01-01") }));
    const less = await apply(aBatch(companyId, both.slice(0, 1), { coverage, knownOn: day("2026-01-02") }));
    expect(less.counts).toMatchObject({ void: 1, unchanged: 1 });
    expect(less.proof.isTied).toBe(true);
    expect(await open(a, END)).toEqual(["F1 10000"]);
    const known = await open(a, END, day("2026-01-01"));
    expect(known).toHaveLength(2);
    const back = await apply(aBatch(companyId, both, { coverage, knownOn: day("2026-01-03") }));
    expect(back.counts).toMatchObject({ returned: 1, unchanged: 1, new: 0 });
    expect(await open(a, END)).toEqual(["F1 10000", "F2 10000"]);
  });

  test("an item restored by an undo is missed again when it is absent again", async () => {
    const { companyId, accountIds } = await aCompany(t.db, t.tenant);
    const [a = ""] = accountIds;
    const coverage = { kind: "full", from: day("2025-01-01"), to: day("2025-12-31") } as const;
    const both = [aRow(a), aRow(a, { documentNo: "F2", entryNo: "2" })];
    await apply(aBatch(companyId, both, { coverage }));
    const less = await apply(aBatch(companyId, both.slice(0, 1), { coverage }));
    const clock = fixedClock("2026-01-05T10:00:00Z");
    expect((await undoBatch({ db: t.db, clock }, t.actor(), less.batchId ?? "")).ok).toBe(true);
    expect(await open(a, END)).toHaveLength(2);
    expect((await apply(aBatch(companyId, both.slice(0, 1), { coverage }))).counts).toMatchObject({ void: 1 });
    expect(await open(a, END)).toEqual(["F1 10000"]);
  });

  test("the next fiscal year settles last year's items, in either order of loading", async () => {
    for (const isReversed of [false, true]) {
      const { companyId, accountIds } = await aCompany(t.db, t.tenant);
      const [a = ""] = accountIds;
      const source = { sourceId: companyId, kind: "fec", name: "FEC", settlesLeftovers: true };
      const year = (y: number) => ({ from: day(`${y}-01-01`), to: day(`${y}-12-31`) });
      const files = [
        aBatch(
          companyId,
          [
            aRow(a, { documentNo: "F1", postedOn: day("2024-11-05"), fiscalYear: day("2024-12-31") }),
            aRow(a, {
              documentNo: "F2",
              entryNo: "2",
              minor: 7_000n,
              postedOn: day("2024-12-05"),
              fiscalYear: day("2024-12-31"),
            }),
          ],
          { source, isFirstLoad: true, fiscalYear: year(2024), coverage: { kind: "full", ...year(2024) } },
        ),
        aBatch(
          companyId,
          [
            aRow(a, {
              documentNo: "AN",
              journal: "AN",
              kind: "opening",
              isOpening: true,
              minor: 17_000n,
              postedOn: day("2025-01-01"),
              fiscalYear: day("2025-12-31"),
            }),
            aRow(a, {
              documentNo: "VIR",
              journal: "BQ",
              entryNo: "9",
              minor: -10_000n,
              postedOn: day("2025-02-05"),
              letter: "AB",
              fiscalYear: day("2025-12-31"),
            }),
          ],
          { source, isFirstLoad: true, fiscalYear: year(2025), coverage: { kind: "full", ...year(2025) } },
        ),
      ];
      for (const file of isReversed ? files.reverse() : files) expect((await apply(file)).proof.isTied).toBe(true);
      expect(await open(a, END)).toEqual(["F2 7000"]);
      expect(await open(a, day("2024-12-31"))).toEqual(["F1 10000", "F2 7000"]);
      expect(await open(a, day("2025-02-04"))).toEqual(["F1 10000", "F2 7000"]);
      // Known then: the items of 2024 where they came first, else the opening line that stood for them. Never both.
      const known = await open(a, END, day("2025-06-30"));
      expect(known).toHaveLength(1);
      expect(known[0]).toMatch(/7000$/);
    }
  });
});

test("a fiscal year loaded as movements is proved at its end, whatever else is loaded, and not where the file holds only a part", async () => {
  const { companyId, accountIds } = await aCompany(t.db, t.tenant, 2);
  const [a = "", b = ""] = accountIds;
  const year = (y: number) => ({ fiscalYear: { from: day(`${y}-01-01`), to: day(`${y}-12-31`) } });
  const now = [
    aRow(a, { kind: "opening", isOpening: true, minor: 900n, postedOn: day("2025-01-01") }),
    aRow(a, { minor: -900n, postedOn: day("2025-02-01") }),
  ];
  expect((await apply(aBatch(companyId, now, year(2025)))).proof).toMatchObject({
    isTied: true,
    closingMinor: 0n,
    sourceMinor: 0n,
  });
  const before = [
    aRow(a, { minor: 900n, postedOn: day("2024-05-05") }),
    aRow(b, { minor: 300n, postedOn: day("2024-06-05") }),
  ];
  expect((await apply(aBatch(companyId, before, year(2024)))).proof).toMatchObject({
    isTied: true,
    closingMinor: 1_200n,
    sourceMinor: 1_200n,
  });
  const more = [aRow(b, { minor: 50n, entryNo: "7", postedOn: day("2024-07-05") })];
  expect((await apply(aBatch(companyId, more, year(2024)))).proof).toMatchObject({
    isTied: true,
    closingMinor: 1_250n,
    sourceMinor: null,
  });
});

test("the line that ties to the ledger compares a full load again after every later one", async () => {
  const tenant = await t.anotherTenant();
  const { companyId, accountIds } = await aCompany(t.db, tenant);
  const [a = ""] = accountIds;
  const year = (y: number) => ({ from: day(`${y}-01-01`), to: day(`${y}-12-31`) });
  const load = async (y: number, rows: SourceItem[]) => {
    const input = aBatch(companyId, rows, { fiscalYear: year(y), coverage: { kind: "full", ...year(y) } });
    expect((await applyBatch({ db: t.db }, t.actor(undefined, tenant), input)).ok).toBe(true);
    const proof = await t.db.transaction(tenant, (tx) => readProof(tx, END));
    return proof.companies[0];
  };
  const opening = aRow(a, {
    kind: "opening",
    isOpening: true,
    minor: 900n,
    postedOn: day("2025-01-01"),
    fiscalYear: day("2025-12-31"),
  });
  expect(await load(2025, [opening])).toMatchObject({ isTied: true, sourceDifference: "0" });
  const early = aRow(a, { minor: 500n, postedOn: day("2023-05-05"), fiscalYear: day("2023-12-31") });
  // 2024 is missing: 2023 counts beside the opening lines of 2025 until it is loaded, and the line says so.
  expect(await load(2023, [early])).toMatchObject({ isTied: false, sourceDifference: "500", ownDifference: "0" });
  const opened = {
    ...opening,
    minor: 500n,
    bookMinor: 500n,
    postedOn: day("2024-01-01"),
    fiscalYear: day("2024-12-31"),
  };
  const middle = aRow(a, { minor: 400n, postedOn: day("2024-05-05"), fiscalYear: day("2024-12-31") });
  expect(await load(2024, [opened, middle])).toMatchObject({ isTied: true, sourceDifference: "0" });
});

describe("a second source of a company", () => {
  const accounting = (companyId: Uuid) => ({ sourceId: companyId, kind: "fec", name: "FEC", settlesLeftovers: false });
  const billing = () => ({ sourceId: newId(), kind: "items", name: "Invoices", settlesLeftovers: false });

  test("completes the items of the source of record and never counts them twice", async () => {
    const { companyId, accountIds } = await aCompany(t.db, t.tenant);
    const [a = ""] = accountIds;
    const books = [
      aRow(a, { documentNo: "F1", isDueEstimated: true, dueOn: day("2025-02-10") }),
      aRow(a, { documentNo: "F2", entryNo: "2", minor: 7_000n, isDueEstimated: true }),
    ];
    await apply(aBatch(companyId, books, { source: accounting(companyId) }));
    const source = billing();
    const rows = [
      aRow(a, {
        key: "b1",
        documentNo: "F1",
        postedOn: day("2025-01-08"),
        dueOn: day("2025-03-31"),
        paymentMethod: "VIR",
      }),
      aRow(a, { key: "b3", documentNo: "F3", minor: 3_000n }),
      aRow(a, { key: "b4", documentNo: "F4", minor: 2_000n, letter: "paid" }),
      aRow(a, {
        key: "p4",
        documentNo: "F4",
        minor: -2_000n,
        kind: "payment",
        letter: "paid",
        postedOn: day("2025-04-01"),
      }),
    ];
    const asOf = day("2025-06-30");
    const report = await apply(aBatch(companyId, rows, { source, coverage: { kind: "open_snapshot", asOf } }));
    expect(report).toMatchObject({
      layer: "overlay",
      counts: { new: 3, completed: 1, void: 0 },
      proof: { isTied: true },
    });
    expect(await open(a, END)).toEqual(["F1 10000", "F2 7000"]);
    expect(await open(a, END, undefined, "working")).toEqual(["F1 10000", "F2 7000", "F3 3000"]);
    expect(await open(a, day("2025-03-01"), undefined, "working")).toEqual([
      "F1 10000",
      "F2 7000",
      "F3 3000",
      "F4 2000",
    ]);
    const due = () =>
      t.db.transaction(t.tenant, (tx) =>
        tx.one(sql`
          select due_on as "dueOn", is_due_estimated as "isEstimated", payment_method as method
          from receivables.item_state
          where tenant_id = ${tx.tenant} and account_id = ${a} and document_no = 'F1'`),
      );
    expect(await due()).toEqual({ dueOn: "2025-03-31", isEstimated: false, method: "VIR" });
    expect(await apply(aBatch(companyId, rows, { source }))).toMatchObject({ batchId: null, counts: { unchanged: 4 } });
    const relettered = books.map((row) => ({ ...row, letter: "A" }));
    await apply(aBatch(companyId, relettered, { source: accounting(companyId) }));
    expect(await due()).toEqual({ dueOn: "2025-03-31", isEstimated: false, method: "VIR" });
    const booked = aRow(a, { documentNo: "F3", entryNo: "3", minor: 3_000n });
    await apply(aBatch(companyId, [booked], { source: accounting(companyId) }));
    expect(await open(a, END)).toEqual(["F1 10000", "F2 7000", "F3 3000"]);
    expect(await open(a, END, undefined, "working")).toEqual(["F1 10000", "F2 7000", "F3 3000"]);
    expect(await t.db.transaction(t.tenant, verifyLedger)).toEqual([]);
  });

  test("takes the place of the first one when nothing that it loaded stands", async () => {
    const { companyId, accountIds } = await aCompany(t.db, t.tenant);
    const [a = ""] = accountIds;
    const first = await apply(aBatch(companyId, [aRow(a)], { source: billing() }));
    const clock = fixedClock("2026-01-05T10:00:00Z");
    expect((await undoBatch({ db: t.db, clock }, t.actor(), first.batchId ?? "")).ok).toBe(true);
    expect((await apply(aBatch(companyId, [aRow(a)], { source: accounting(companyId) }))).layer).toBe("ledger");
    expect(
      (await apply(aBatch(companyId, [aRow(a, { key: "z", documentNo: "Z" })], { source: billing() }))).layer,
    ).toBe("overlay");
  });
});

describe("an open snapshot", () => {
  test("clears what is absent on its day, keeps what is part paid, reopens what returns", async () => {
    const { companyId, accountIds } = await aCompany(t.db, t.tenant, 2);
    const [a = "", b = ""] = accountIds;
    const row = (key: string, minor: bigint, accountId = a) => aRow(accountId, { key, documentNo: key, minor });
    const at = (asOf: string, rows: BatchInput["rows"] extends () => infer R ? R : never, knownOn: string) =>
      aBatch(companyId, [], {
        rows: () => rows,
        coverage: { kind: "open_snapshot", asOf: day(asOf) },
        knownOn: day(knownOn),
      });
    await apply(at("2025-03-01", [row("F1", 10_000n), row("F2", 5_000n), row("G1", 900n, b)], "2026-01-01"));
    const second = await apply(at("2025-04-01", [row("F1", 6_000n)], "2026-01-02"));
    expect(second.proof).toMatchObject({ isTied: true, closingMinor: 6_000n });
    expect(await open(a, day("2025-03-31"))).toEqual(["F1 10000", "F2 5000"]);
    expect(await open(a, day("2025-04-01"))).toEqual(["F1 6000"]);
    expect(await open(b, day("2025-04-01"))).toEqual([]);
    const third = await apply(at("2025-05-01", [row("F1", 6_000n), row("F2", 5_000n)], "2026-01-03"));
    expect(third.proof.isTied).toBe(true);
    expect(await open(a, day("2025-04-30"))).toEqual(["F1 6000"]);
    expect(await open(a, day("2025-05-01"))).toEqual(["F1 6000", "F2 5000"]);
    const late = await applyBatch({ db: t.db }, t.actor(), at("2025-04-15", [], "2026-01-04"));
    expect(late).toMatchObject({ ok: false, code: "snapshot_out_of_order" });
  });
});
