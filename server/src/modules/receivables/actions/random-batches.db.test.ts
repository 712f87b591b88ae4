import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addDays, type CalendarDate, day } from "#kernel/calendar-date.ts";
import { fixedClock } from "#kernel/clock.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { currency } from "#kernel/money.ts";
import { sql } from "#platform/database/index.ts";
import { aTestDatabase, type TestDatabase } from "../../../../testing/database.ts";
import type { BatchInput } from "../core/batch.ts";
import type { SourceItem } from "../core/source-row.ts";
import { type Layers, openItems, openItemsKnown } from "../store/open-items.ts";
import { verifyLedger } from "../store/verify.ts";
import { aBatch, aCompany, aRow } from "../testing.ts";
import { applyBatch } from "./apply-batch.ts";
import { settleDirty } from "./settle-dirty.ts";
import { undoBatch } from "./undo-batch.ts";

const RUNS = Number(process.env.ENCOURS_FUZZ_RUNS ?? 40);
const START = day("2025-01-01");
const FIRST_YEAR = day("2024-12-31");

let t: TestDatabase;
beforeAll(async () => {
  t = await aTestDatabase();
});
afterAll(() => t.close());

/** What the source holds: rows that are posted, edited, lettered, removed. */
type World = { rows: { row: SourceItem; isHere: boolean }[] };

type Step =
  | { kind: "post"; on: number; minor: number; letter: string | null; account: number; isUsd: boolean; isTwin: boolean }
  | { kind: "reject"; on: number; at: number }
  | { kind: "letter"; at: number; letter: string | null }
  | { kind: "amount"; at: number; minor: number }
  | { kind: "remove"; at: number }
  | { kind: "load"; coverage: "movements" | "full" | "part"; from: number; length: number; isShuffled: boolean }
  | { kind: "undo" };

const on = fc.integer({ min: 0, max: 40 });
const letter = fc.constantFrom(null, null, "A", "B");
const minor = fc.integer({ min: 1, max: 9 });
const at = fc.nat(100);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("post" as const),
      on,
      minor: fc.integer({ min: -9, max: 9 }).filter((n) => n !== 0),
      letter,
      account: fc.nat(1),
      isUsd: fc.nat(4).map((n) => n === 0),
      isTwin: fc.nat(5).map((n) => n === 0),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reject" as const), on, at }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("letter" as const), at, letter }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("amount" as const), at, minor }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), at }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("load" as const),
      coverage: fc.constantFrom("movements" as const, "full" as const, "part" as const),
      from: on,
      length: on,
      isShuffled: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("undo" as const) }) },
);

function change(world: World, one: Step, accountIds: readonly Uuid[], hasKeys: boolean, hasYears: boolean): void {
  const { rows } = world;
  const found = "at" in one ? rows[one.at % Math.max(1, rows.length)] : undefined;
  if (one.kind === "post") {
    const sign = one.minor < 0 ? -1n : 1n;
    const amount = BigInt(one.minor) * 100n;
    const n = rows.length;
    const row = aRow(accountIds[one.account] ?? "", {
      key: hasKeys ? `k${n}` : null,
      documentNo: `D${one.isTwin ? 0 : n}`,
      entryNo: String(one.isTwin ? 0 : n),
      postedOn: addDays(START, one.isTwin ? 0 : one.on),
      issuedOn: addDays(START, one.isTwin ? 0 : one.on),
      minor: one.isTwin ? 500n : amount,
      letter: one.letter,
      fiscalYear: hasYears ? (one.on < 20 ? FIRST_YEAR : addDays(FIRST_YEAR, 365)) : null,
      ...(one.isUsd && !one.isTwin ? { currency: currency("USD"), bookMinor: amount - sign * 7n } : {}),
    });
    rows.push({ row, isHere: true });
  } else if (one.kind === "reject" && found && found.row.minor < 0n) {
    const n = rows.length;
    const row = aRow(found.row.accountId, {
      key: hasKeys ? `k${n}` : null,
      kind: "rejection",
      documentNo: `R${n}`,
      entryNo: String(n),
      postedOn: addDays(found.row.postedOn, one.on),
      minor: -found.row.minor,
      bookMinor: -found.row.bookMinor,
      currency: found.row.currency,
      letter: "R",
    });
    found.row = { ...found.row, letter: "R" };
    rows.push({ row, isHere: true });
  } else if (one.kind === "letter" && found) found.row = { ...found.row, letter: one.letter };
  else if (one.kind === "amount" && found && found.row.currency === "EUR" && hasKeys) {
    const signed = found.row.minor < 0n ? -BigInt(one.minor) * 100n : BigInt(one.minor) * 100n;
    found.row = { ...found.row, minor: signed, bookMinor: signed };
  } else if (one.kind === "remove" && found) found.isHere = !found.isHere;
}

function inputOf(
  world: World,
  one: Extract<Step, { kind: "load" }>,
  companyId: Uuid,
  today: CalendarDate,
  settlesLeftovers: boolean,
): BatchInput {
  const from = addDays(START, one.coverage === "part" ? one.from : 0);
  const to = addDays(from, one.coverage === "part" ? one.length : 90);
  const rows = world.rows.flatMap(({ row, isHere }) =>
    isHere && row.postedOn >= from && row.postedOn <= to ? [row] : [],
  );
  if (one.isShuffled) rows.reverse();
  return aBatch(companyId, rows, {
    source: { sourceId: companyId, kind: "test", name: "test", settlesLeftovers },
    coverage: one.coverage === "movements" ? { kind: "movements" } : { kind: "full", from, to },
    knownOn: today,
  });
}

/** The plain oracle: everything as stored, read once, summed in plain code. */
async function everything(accountIds: readonly Uuid[]) {
  return t.db.transaction(t.tenant, async (tx) => {
    const versions = await tx.rows<{
      id: string;
      layer: string;
      posted: string;
      minor: bigint;
      book: bigint;
      reason: string | null;
      known: string;
    }>(sql`
      select i.item_id as id, i.layer, i.posted_on as posted, v.original_minor as minor, v.original_book_minor as book, v.void_reason as reason,
             v.known_on as known
      from receivables.item i
      join receivables.item_version v on v.tenant_id = i.tenant_id and v.item_id = i.item_id
      where i.tenant_id = ${tx.tenant} and i.account_id = any(${[...accountIds]}::uuid[])
      order by v.version_no`);
    const lines = await tx.rows<{
      id: string;
      layer: string;
      on: string;
      minor: bigint;
      book: bigint;
      known: string;
    }>(sql`
      select l.item_id as id, l.layer, l.effective_on as "on", l.amount_minor as minor, l.book_minor as book, l.known_on as known
      from receivables.settlement_line l
      join receivables.item i on i.tenant_id = l.tenant_id and i.item_id = l.item_id
      where i.tenant_id = ${tx.tenant} and i.account_id = any(${[...accountIds]}::uuid[])`);
    return { versions, lines };
  });
}

function openByHand(
  facts: Awaited<ReturnType<typeof everything>>,
  asOf: string,
  knownOn: string | null,
  layers: Layers,
): string[] {
  const open = new Map<string, [bigint, bigint]>();
  for (const version of facts.versions) {
    if (
      version.posted > asOf ||
      (knownOn !== null && version.known > knownOn) ||
      (layers === "ledger" && version.layer === "overlay")
    )
      continue;
    if (version.reason === null) open.set(version.id, [version.minor, version.book]);
    else open.delete(version.id);
  }
  for (const line of facts.lines) {
    const left = open.get(line.id);
    if (
      !left ||
      line.on > asOf ||
      (knownOn !== null && line.known > knownOn) ||
      (layers === "ledger" && line.layer === "overlay")
    )
      continue;
    open.set(line.id, [left[0] - line.minor, left[1] - line.book]);
  }
  return [...open].flatMap(([id, [m, b]]) => (m === 0n && b === 0n ? [] : [`${id} ${m} ${b}`])).sort();
}

const openBySql = (accountIds: readonly Uuid[], asOf: CalendarDate, knownOn: CalendarDate | null, layers: Layers) =>
  t.db.transaction(t.tenant, async (tx) => {
    const fragment = knownOn ? openItemsKnown(tx, asOf, layers, knownOn) : openItems(tx, asOf, layers);
    const rows = await tx.rows<{ id: string; minor: bigint; book: bigint }>(sql`
      select o.item_id as id, o.open_minor as minor, o.open_book_minor as book
      from ${fragment} o
      where o.account_id = any(${[...accountIds]}::uuid[])`);
    return rows.map((row) => `${row.id} ${row.minor} ${row.book}`).sort();
  });

/** What is left to do when the accounts are settled whole: what a batch settles of the parts it touches must be all there is. */
const settledWhole = (accountIds: readonly Uuid[], today: CalendarDate) =>
  t.db.transaction(t.tenant, async (tx) => {
    await tx.run(
      sql`create temp table dirty on commit drop as select unnest(${[...accountIds]}::uuid[]) as account_id`,
    );
    const { lines, settlements, amended } = await settleDirty(tx, {
      batchId: newId(),
      bookCurrency: "EUR",
      knownOn: today,
      isFirstLoad: false,
      loadedYears: [],
      snapshotOn: null,
      sourceId: null,
      isMatchingBookings: false,
    });
    return { lines, settlements, amended };
  });

const DAYS = [0, 10, 20, 35, 60, 400].map((n) => addDays(START, n));

test("whatever is loaded in whatever order: figures equal the plain sum, tie, and stay known as they were known", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 4, maxLength: 40 }),
      fc.boolean(),
      fc.boolean(),
      fc.boolean(),
      async (steps, hasKeys, settlesLeftovers, hasYears) => {
        const { companyId, accountIds } = await aCompany(t.db, t.tenant, 2);
        const world: World = { rows: [] };
        const seen: { knownOn: CalendarDate; asOf: CalendarDate; rows: string[] }[] = [];
        let today = day("2026-01-01");
        let lastBatchId: Uuid | null = null;
        for (const one of [
          ...steps,
          { kind: "load", coverage: "full", from: 0, length: 90, isShuffled: false } as const,
        ]) {
          if (one.kind === "undo") {
            if (!lastBatchId) continue;
            today = addDays(today, 1);
            const undone = await undoBatch(
              { db: t.db, clock: fixedClock(`${today}T10:00:00Z`) },
              t.actor(),
              lastBatchId,
            );
            expect(undone.ok).toBe(true);
            lastBatchId = null;
          } else if (one.kind === "load") {
            today = addDays(today, 1);
            const input = inputOf(world, one, companyId, today, settlesLeftovers);
            const result = await applyBatch({ db: t.db }, t.actor(), input);
            if (!result.ok) throw new Error(result.code);
            const { proof, batchId } = result.value;
            if (one.coverage !== "part") expect(proof.differences).toEqual([]);
            if (one.coverage === "full") {
              const total = input.rows() as SourceItem[];
              expect(proof.closingMinor).toBe(total.reduce((sum, row) => sum + row.bookMinor, 0n));
            }
            lastBatchId = batchId ?? lastBatchId;
            expect(await settledWhole(accountIds, today)).toEqual({ lines: 0, settlements: 0, amended: 0 });
            const again = await applyBatch({ db: t.db }, t.actor(), input);
            expect(again).toMatchObject({ ok: true, value: { batchId: null } });
          } else {
            change(world, one, accountIds, hasKeys, hasYears);
            continue;
          }
          const facts = await everything(accountIds);
          for (const asOf of DAYS) {
            const rows = await openBySql(accountIds, asOf, null, "ledger");
            expect(rows).toEqual(openByHand(facts, asOf, null, "ledger"));
            seen.push({ knownOn: today, asOf, rows });
          }
        }
        expect(await t.db.transaction(t.tenant, verifyLedger)).toEqual([]);
        const facts = await everything(accountIds);
        for (const { knownOn, asOf, rows } of seen) {
          expect(openByHand(facts, asOf, knownOn, "ledger")).toEqual(rows);
          expect(await openBySql(accountIds, asOf, knownOn, "ledger")).toEqual(rows);
        }
      },
    ),
    { numRuns: RUNS },
  );
}, 1_800_000);
