import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addDays, type CalendarDate, day } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { sql } from "#platform/database/index.ts";
import { aTestDatabase, type TestDatabase } from "../../../../testing/database.ts";
import type { SourceItem } from "../core/source-row.ts";
import { type Layers, openItems, openItemsKnown } from "../store/open-items.ts";
import { verifyLedger } from "../store/verify.ts";
import { aBatch, aCompany, aRow } from "../testing.ts";
import { applyBatch } from "./apply-batch.ts";
import { changeOverlay, type OverlayChange } from "./change-overlay.ts";
import { readProof } from "./read-proof.ts";

const RUNS = Number(process.env.ENCOURS_FUZZ_RUNS ?? 15);

let t: TestDatabase;
beforeAll(async () => {
  t = await aTestDatabase();
});
afterAll(() => t.close());

const D = day("2025-02-01");
const END = day("2030-01-01");

const load = async (companyId: Uuid, rows: readonly SourceItem[], knownOn: CalendarDate) => {
  const coverage = { kind: "full", from: day("2024-01-01"), to: END } as const;
  const result = await applyBatch({ db: t.db }, t.actor(), aBatch(companyId, rows, { knownOn, coverage }));
  if (!result.ok) throw new Error(result.code);
  expect(result.value.proof.isTied).toBe(true);
  return result.value;
};

const change = async (
  companyId: Uuid,
  today: CalendarDate,
  what: Omit<OverlayChange, "companyId" | "bookCurrency" | "today">,
) => {
  const result = await changeOverlay({ db: t.db }, t.actor(), { companyId, bookCurrency: "EUR", today, ...what });
  if (!result.ok) throw new Error(result.code);
  return result.value;
};

const bankLine = (accountId: Uuid, minor: bigint, postedOn = D) => ({
  accountId,
  kind: "payment" as const,
  currency: "EUR",
  minor,
  bookMinor: minor,
  postedOn,
  dueOn: postedOn,
  documentNo: null,
  label: "VIR",
});

const open = (accountId: Uuid, layers: Layers, asOf = END, knownOn?: CalendarDate) =>
  t.db.transaction(t.tenant, async (tx) => {
    const items = knownOn ? openItemsKnown(tx, asOf, layers, knownOn) : openItems(tx, asOf, layers);
    const rows = await tx.rows<{ id: Uuid; minor: bigint }>(sql`
      select o.item_id as id, o.open_minor as minor
      from ${items} o
      where o.account_id = ${accountId}
      order by o.posted_on, o.item_id`);
    return rows.map((row) => `${row.id} ${row.minor}`);
  });

const itemIds = (accountId: Uuid, layer: string) =>
  t.db.transaction(t.tenant, (tx) =>
    tx
      .rows<{ id: Uuid }>(sql`
        select item_id as id
        from receivables.item_state
        where tenant_id = ${tx.tenant} and account_id = ${accountId} and layer = ${layer} and kind <> 'adjustment'
        order by item_id`)
      .then((rows) => rows.map((row) => row.id)),
  );

test("a bank line matched by a person settles the working balance, until the booking takes over or goes", async () => {
  const { companyId, accountIds } = await aCompany(t.db, t.tenant);
  const [a = ""] = accountIds;
  const invoice = aRow(a, { key: "F", minor: 10_000n });
  await load(companyId, [invoice], day("2026-01-01"));
  const [f = ""] = await itemIds(a, "ledger");
  await change(companyId, day("2026-01-02"), {
    items: [bankLine(a, -10_000n)],
    settlements: [{ members: [f, { new: 0 }], origin: "person" }],
  });
  expect(await open(a, "ledger")).toEqual([`${f} 10000`]);
  expect(await open(a, "working")).toEqual([]);
  const unbooked = async (asOf: CalendarDate) => {
    const proof = await t.db.transaction(t.tenant, (tx) => readProof(tx, asOf));
    return proof.companies.find((one) => one.companyId === companyId)?.unbooked;
  };
  expect(await unbooked(addDays(D, 30))).toEqual([]);
  expect(await unbooked(addDays(D, 31))).toMatchObject([{ postedOn: D, amount: { minor: "-10000", currency: "EUR" } }]);
  const booked = aRow(a, { key: "P", minor: -10_000n, postedOn: addDays(D, 2), documentNo: "P" });
  await load(companyId, [invoice, booked], day("2026-01-03"));
  for (const asOf of [D, addDays(D, 2), END]) expect(await open(a, "working", asOf)).toEqual([]);
  expect(await open(a, "ledger")).toHaveLength(2);
  await load(companyId, [invoice], day("2026-01-04"));
  expect(await open(a, "working")).toEqual([]);
  expect(await open(a, "ledger")).toEqual([`${f} 10000`]);
  await load(
    companyId,
    [
      { ...invoice, letter: "A" },
      { ...booked, letter: "A" },
    ],
    day("2026-01-05"),
  );
  expect(await open(a, "ledger")).toEqual([]);
  expect(await open(a, "working", END, day("2026-01-01"))).toEqual([`${f} 10000`]);
  expect(await t.db.transaction(t.tenant, verifyLedger)).toEqual([]);
});

test("a rejected bank line reopens the invoice on the bank's day; something unknown is refused", async () => {
  const { companyId, accountIds } = await aCompany(t.db, t.tenant);
  const [a = ""] = accountIds;
  await load(companyId, [aRow(a, { key: "F" })], day("2026-01-01"));
  const [f = ""] = await itemIds(a, "ledger");
  const made = await change(companyId, day("2026-01-02"), {
    items: [bankLine(a, -10_000n)],
    settlements: [{ members: [f, { new: 0 }], origin: "rule" }],
  });
  await change(companyId, day("2026-01-03"), {
    items: [{ ...bankLine(a, 10_000n, addDays(D, 9)), kind: "rejection" }],
    rejected: [{ paymentId: made.itemIds[0] ?? "", rejection: 0 }],
  });
  expect(await open(a, "working", addDays(D, 8))).toEqual([]);
  expect(await open(a, "working", addDays(D, 9))).toEqual([`${f} 10000`]);
  const other = await aCompany(t.db, t.tenant);
  const refused = await changeOverlay({ db: t.db }, t.actor(), {
    companyId: other.companyId,
    bookCurrency: "EUR",
    today: D,
    voided: [f],
  });
  expect(refused).toMatchObject({ ok: false, code: "not_found" });
});

test("whatever happens in both layers, the ledger of facts stays sound and known as it was", async () => {
  const step = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("row" as const),
        minor: fc.integer({ min: -5, max: 9 }).filter((n) => n !== 0),
        on: fc.nat(30),
        letter: fc.constantFrom(null, "A", "B"),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("drop" as const), at: fc.nat(20) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("bank" as const),
        minor: fc.integer({ min: 1, max: 9 }),
        on: fc.nat(30),
        at: fc.nat(20),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("void" as const), at: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("reject" as const), at: fc.nat(20), on: fc.nat(30) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
      const { companyId, accountIds } = await aCompany(t.db, t.tenant);
      const [a = ""] = accountIds;
      let rows: SourceItem[] = [];
      let today = day("2026-01-01");
      const seen: { today: CalendarDate; asOf: CalendarDate; rows: string[] }[] = [];
      for (const [n, one] of steps.entries()) {
        today = addDays(today, 1);
        const overlay = await itemIds(a, "overlay");
        const pickedId = "at" in one ? overlay[one.at % Math.max(1, overlay.length)] : undefined;
        if (one.kind === "row" || one.kind === "drop") {
          if (one.kind === "row")
            rows.push(
              aRow(a, {
                key: `k${n}`,
                minor: BigInt(one.minor) * 100n,
                postedOn: addDays(D, one.on),
                letter: one.letter,
              }),
            );
          else rows = rows.filter((_, i) => i !== one.at % Math.max(1, rows.length));
          await load(companyId, rows, today);
        } else if (one.kind === "bank") {
          const ledger = await itemIds(a, "ledger");
          const target = ledger[one.at % Math.max(1, ledger.length)];
          const settlements = target ? [{ members: [target, { new: 0 }], origin: "person" as const }] : [];
          await change(companyId, today, {
            items: [bankLine(a, BigInt(-one.minor) * 100n, addDays(D, one.on))],
            settlements,
          });
        } else if (one.kind === "void" && pickedId) await change(companyId, today, { voided: [pickedId] });
        else if (one.kind === "reject" && pickedId) {
          const items = [{ ...bankLine(a, 100n, addDays(D, one.on)), kind: "rejection" as const }];
          await change(companyId, today, { items, rejected: [{ paymentId: pickedId, rejection: 0 }] });
        }
        for (const asOf of [addDays(D, 10), addDays(D, 25), END])
          seen.push({ today, asOf, rows: (await open(a, "working", asOf)).sort() });
      }
      expect(await t.db.transaction(t.tenant, verifyLedger)).toEqual([]);
      for (const one of seen) expect((await open(a, "working", one.asOf, one.today)).sort()).toEqual(one.rows);
    }),
    { numRuns: RUNS },
  );
}, 900_000);
