import { afterAll, beforeAll, expect, test } from "vitest";
import { AccountLedgerQuery } from "#contracts/account-ledger.ts";
import { AgedBalanceQuery, ItemQuery, StatementQuery } from "#contracts/receivables.ts";
import { day } from "#kernel/calendar-date.ts";
import { fixedClock } from "#kernel/clock.ts";
import { currency } from "#kernel/money.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import { saveRates } from "#platform/rates/index.ts";
import { aTestDatabase, type TestDatabase } from "../../../../testing/database.ts";
import { testServices } from "../../../../testing/services.ts";
import { AGEING_BUCKETS } from "../core/ageing.ts";
import type { BatchInput } from "../core/batch.ts";
import { turnDay } from "../jobs.ts";
import { streamAgedBalance } from "../store/aged-balance.ts";
import { listDifferences } from "../store/differences.ts";
import { streamItems } from "../store/item-list.ts";
import { isKept } from "../store/kept-day.ts";
import { aBatch, aCompany, aRow } from "../testing.ts";
import { applyBatch } from "./apply-batch.ts";
import { readAccountLedger } from "./read-account-ledger.ts";
import { readAgedBalance } from "./read-aged-balance.ts";
import { readItem } from "./read-item.ts";
import { itemFilter, readItems } from "./read-items.ts";
import { readProof } from "./read-proof.ts";
import { readStatement } from "./read-statement.ts";
import { undoBatch } from "./undo-batch.ts";
import { waiveDifference } from "./waive-difference.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await aTestDatabase();
});
afterAll(() => t.close());

const TODAY = day("2025-06-30");
const inside = <T>(work: (tx: Tx) => Promise<T>, tenant = t.tenant) => t.db.transaction(tenant, work);

const apply = async (input: BatchInput, tenant = t.tenant) => {
  const result = await applyBatch({ db: t.db }, t.actor(undefined, tenant), input);
  if (!result.ok) throw new Error(result.code);
  return result.value;
};

/** The worked example of the trade pages: invoices 100 (45 days late) and 80 (not due), unapplied payment 60, credit note 10. */
async function example() {
  const tenant = await t.anotherTenant();
  const { companyId, accountIds, customerIds } = await aCompany(t.db, tenant, 2);
  const [a = "", b = ""] = accountIds;
  const posted = (on: string, due = on) => ({ postedOn: day(on), issuedOn: day(on), dueOn: day(due) });
  const report = await apply(
    aBatch(
      companyId,
      [
        aRow(a, { documentNo: "F100", minor: 10_000n, ...posted("2025-04-16", "2025-05-16") }),
        aRow(a, { documentNo: "F80", entryNo: "2", minor: 8_000n, ...posted("2025-06-15", "2025-07-15") }),
        aRow(a, { documentNo: "P60", entryNo: "3", minor: -6_000n, kind: "payment", ...posted("2025-06-20") }),
        aRow(a, {
          documentNo: "A10",
          entryNo: "4",
          minor: -1_000n,
          kind: "credit_note",
          ...posted("2025-06-20", "2025-07-20"),
        }),
        aRow(b, { documentNo: "G1", entryNo: "5", minor: 5_000n, letter: "A", ...posted("2025-01-05", "2025-02-04") }),
        aRow(b, { documentNo: "V1", entryNo: "6", minor: -5_000n, letter: "A", ...posted("2025-03-01") }),
      ],
      { knownOn: day("2025-06-25") },
    ),
    tenant,
  );
  return { tenant, companyId, accountIds, customerIds, batchId: report.batchId ?? "" };
}

test("the aged balance keeps credits apart, sums to the books, and reads any day", async () => {
  const { tenant, companyId } = await example();
  const read = (query: object) => inside((tx) => readAgedBalance(tx, AgedBalanceQuery.parse(query), TODAY), tenant);
  const now = await read({});
  expect(now.rows).toHaveLength(1);
  expect(now.rows[0]).toMatchObject({
    total: "11000",
    overdue: "10000",
    unapplied: "-6000",
    creditNotes: "-1000",
    items: 4,
  });
  expect(now.rows[0]?.buckets).toEqual(["8000", "0", "10000", "0", "0", "0", "0"]);
  const past = await read({ asOf: "2025-02-28" });
  expect(past.rows[0]).toMatchObject({ total: "5000", buckets: ["0", "5000", "0", "0", "0", "0", "0"] });
  expect((await read({ asOf: "2025-03-01" })).rows).toEqual([]);
  expect((await read({ knownOn: "2025-06-24" })).rows).toEqual([]);
  expect((await read({ knownOn: "2025-06-25" })).rows).toEqual(now.rows);
  for (const by of ["company", "currency", "account"]) expect((await read({ by })).totals[0]?.total).toBe("11000");
  expect((await read({ by: "company" })).rows[0]).toMatchObject({ key: companyId, name: "Test" });
  const ends = { bucketEnds: [30, 60, 90, 180, 365], asOf: TODAY, layers: "ledger", by: "customer" } as const;
  const streamed = await inside((tx) => gather(streamAgedBalance(tx, ends)), tenant);
  expect(streamed).toHaveLength(1);
});

test("books in two currencies are consolidated at the rate of the day, and a missing rate is named", async () => {
  const { tenant } = await example();
  const { companyId, accountIds } = await aCompany(t.db, tenant);
  await t.ownerQuery("update parties.company set book_currency = 'CHF' where company_id = $1", [companyId]);
  const chf = currency("CHF");
  const row = aRow(accountIds[0] ?? "", {
    currency: chf,
    minor: 9_300n,
    postedOn: day("2025-06-01"),
    dueOn: day("2025-06-10"),
  });
  await apply(aBatch(companyId, [row], { bookCurrency: chf, knownOn: day("2025-06-25") }), tenant);
  const read = () => inside((tx) => readAgedBalance(tx, AgedBalanceQuery.parse({}), TODAY), tenant);
  expect((await read()).consolidated).toMatchObject({ total: "11000", missing: ["CHF"] });
  await t.db.global((tx) => saveRates(tx, "test", [{ currency: "CHF", rateOn: "2025-06-27", perEuro: "0.93" }]));
  const both = await read();
  expect(both.totals.map((total) => `${total.currency} ${total.total}`)).toEqual(["CHF 9300", "EUR 11000"]);
  const rates = [{ currency: "CHF", rateOn: "2025-06-27", isOld: false }];
  expect(both.consolidated).toMatchObject({ currency: "EUR", total: "21000", overdue: "20000", rates, missing: [] });
});

test("what is kept for today answers as the items do", async () => {
  const { tenant } = await example();
  const queries = [
    {},
    { by: "company" },
    { by: "account" },
    { layers: "working" },
    { sort: "name" },
    { sort: "2", limit: 1 },
  ];
  const read = () =>
    Promise.all(
      queries.map((query) => inside((tx) => readAgedBalance(tx, AgedBalanceQuery.parse(query), TODAY), tenant)),
    );
  const computed = await read();
  const services = { db: t.db, clock: fixedClock("2025-06-30T10:00:00Z") };
  const self = { id: tenant, zone: "Europe/Paris" };
  expect(await turnDay(services, self)).toBe(true);
  expect(await turnDay(services, self)).toBe(false);
  const ends = AGEING_BUCKETS.shipped;
  expect(await inside((tx) => isKept(tx, TODAY, ends), tenant)).toBe(true);
  expect(await read()).toEqual(computed);
});

test("a drill-down gives the rows of its figure", async () => {
  const { tenant, customerIds } = await example();
  const read = (query: object) =>
    inside((tx) => readItems(tx, ItemQuery.parse({ customerId: customerIds[0], ...query }), TODAY, undefined), tenant);
  const documents = async (query: object) => (await read(query)).rows.map((row) => row.documentNo);
  expect(await documents({})).toEqual(["F100", "P60", "F80", "A10"]);
  expect(await documents({ bucket: "2" })).toEqual(["F100"]);
  expect(await documents({ bucket: "0" })).toEqual(["F80"]);
  expect(await documents({ bucket: "credits" })).toEqual(["P60", "A10"]);
  expect(await documents({ status: "overdue" })).toEqual(["F100"]);
  expect(await documents({ kinds: "credit_note" })).toEqual(["A10"]);
  expect(await documents({ document: "F" })).toEqual(["F100", "F80"]);
  expect(await documents({ sort: "amount", direction: "desc" })).toEqual(["F100", "F80", "A10", "P60"]);
  expect(await documents({ customerId: customerIds[1] })).toEqual([]);
  expect(await documents({ customerId: customerIds[1], status: "settled" })).toEqual(["G1", "V1"]);
  expect(await documents({ customerId: customerIds[1], asOf: "2025-02-01" })).toEqual(["G1"]);
  const first = await read({ limit: 3 });
  expect(first).toMatchObject({ count: 4, rows: [{}, {}, {}] });
  const second = await inside(
    (tx) => readItems(tx, ItemQuery.parse({ customerId: customerIds[0], limit: 3 }), TODAY, first.next),
    tenant,
  );
  expect(second.rows.map((row) => row.documentNo)).toEqual(["A10"]);
  const streamed = await inside(async (tx) => {
    const filter = await itemFilter(tx, ItemQuery.parse({}), TODAY);
    return gather(streamItems(tx, filter));
  }, tenant);
  expect(streamed).toHaveLength(4);
});

test("an item shows what settled it, and a statement its running balance", async () => {
  const { tenant, customerIds } = await example();
  const settled = await inside(
    (tx) => readItems(tx, ItemQuery.parse({ customerId: customerIds[1], status: "settled" }), TODAY, undefined),
    tenant,
  );
  const item = await inside((tx) => readItem(tx, settled.rows[0]?.id ?? "", TODAY), tenant);
  expect(item).toMatchObject({
    documentNo: "G1",
    open: { minor: "0" },
    settledBy: [{ documentNo: "V1", on: "2025-03-01", amount: { minor: "-5000" } }],
  });
  const statement = await inside(
    (tx) => readStatement(tx, customerIds[1] ?? "", StatementQuery.parse({ from: "2025-02-01" }), TODAY),
    tenant,
  );
  expect(statement?.companies[0]).toMatchObject({ opening: { minor: "5000" }, closing: { minor: "0" } });
  const open = await inside((tx) => readStatement(tx, customerIds[0] ?? "", StatementQuery.parse({}), TODAY), tenant);
  expect(open?.companies[0]).toMatchObject({ closing: { minor: "11000" }, overdue: { minor: "10000" } });
  expect(open?.companies[0]?.lines.map((line) => line.balance.minor)).toEqual(["10000", "18000", "12000", "11000"]);
});

test("the ledger ties, and undoing the last batch leaves as-known reports as they were", async () => {
  const { tenant, batchId, companyId } = await example();
  const proof = await inside((tx) => readProof(tx, TODAY), tenant);
  expect(proof.companies[0]).toMatchObject({ movements: "11000", open: "11000", ownDifference: "0", isTied: true });
  const services = { db: t.db, clock: fixedClock("2025-06-29T10:00:00Z") };
  const actor = t.actor(undefined, tenant);
  const undone = await undoBatch(services, actor, batchId);
  expect(undone).toMatchObject({ ok: true, value: { voided: 6, restored: 0 } });
  const read = (query: object) => inside((tx) => readAgedBalance(tx, AgedBalanceQuery.parse(query), TODAY), tenant);
  expect((await read({})).rows).toEqual([]);
  expect((await read({ knownOn: "2025-06-28" })).totals[0]?.total).toBe("11000");
  expect(await undoBatch(services, actor, batchId)).toMatchObject({ ok: false, code: "batch_not_last" });
  const again = await apply(
    aBatch(companyId, [aRow((await inside((tx) => tx.one<{ id: string }>(sqlAccount(tx)), tenant)).id)]),
    tenant,
  );
  expect(again.counts.new + again.counts.returned).toBe(1);
});

function sqlAccount(tx: Tx) {
  return sql`select account_id as id from parties.account_current where tenant_id = ${tx.tenant} limit 1`;
}

async function gather<T>(batches: AsyncIterable<T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

test("the ledger of an account runs from opening to closing, page after page, and closes on the aged balance", async () => {
  const { tenant, accountIds } = await example();
  const read = (given: Record<string, unknown>, after?: readonly [string, string]) =>
    inside((tx) => readAccountLedger(tx, accountIds[0] ?? "", AccountLedgerQuery.parse(given), TODAY, after), tenant);
  const whole = await read({});
  expect(
    whole?.rows.map((row) => [row.documentNo, row.debit?.minor ?? null, row.credit?.minor ?? null, row.balance.minor]),
  ).toEqual(expect.arrayContaining([["F100", "10000", null, "10000"]]));
  expect(whole?.closing.minor).toBe(whole?.rows.at(-1)?.balance.minor);
  expect(whole?.closing.minor).toBe("11000");
  const late = await read({ from: "2025-06-01" });
  expect([late?.opening.minor, late?.debit.minor, late?.credit.minor, late?.closing.minor]).toEqual([
    "10000",
    "8000",
    "7000",
    "11000",
  ]);
  const walked = [];
  let after: readonly [string, string] | undefined;
  for (;;) {
    const page = await read({ limit: 1 }, after);
    walked.push(...(page?.rows ?? []));
    const last = page?.rows.at(-1);
    if (!page?.next || !last) break;
    after = [last.postedOn, last.itemId];
  }
  expect(walked).toEqual(whole?.rows);
  expect(
    await inside((tx) => readAccountLedger(tx, accountIds[0] ?? "", AccountLedgerQuery.parse({}), TODAY, undefined)),
  ).toBeUndefined();
});

test("an account whose source states another balance is in difference until a load ties it; a waiver lasts as long as the amount", async () => {
  const tenant = await t.anotherTenant();
  const { companyId, accountIds } = await aCompany(t.db, tenant, 2);
  const [a = "", b = ""] = accountIds;
  const rows = [
    aRow(a, { documentNo: "F1", minor: 10_000n }),
    aRow(b, { documentNo: "F2", entryNo: "2", minor: 5_000n }),
  ];
  const load = (stated: readonly (readonly [string, bigint])[], n: number) =>
    apply(
      aBatch(companyId, [...rows, aRow(b, { documentNo: `X${n}`, entryNo: `x${n}`, minor: 0n, bookMinor: 0n })], {
        sourceBalances: new Map(stated),
      }),
      tenant,
    );
  const differences = () => inside(listDifferences, tenant);
  await load(
    [
      [a, 10_000n],
      [b, 4_000n],
    ],
    1,
  );
  expect((await differences()).map((one) => [one.accountId, one.hereMinor, one.sourceMinor])).toEqual([
    [b, 5_000n, 4_000n],
  ]);
  const [one] = await differences();
  const services = { ...testServices(t), db: t.db };
  const waived = await waiveDifference(services, t.actor(undefined, tenant), one?.id ?? "", "écart connu");
  expect(waived.ok).toBe(true);
  await load(
    [
      [a, 10_000n],
      [b, 4_000n],
    ],
    2,
  );
  expect((await differences()).map((row) => row.waivedReason)).toEqual(["écart connu"]);
  await load(
    [
      [a, 10_000n],
      [b, 3_000n],
    ],
    3,
  );
  expect((await differences()).map((row) => [row.sourceMinor, row.waivedReason])).toEqual([[3_000n, null]]);
  await load(
    [
      [a, 10_000n],
      [b, 5_000n],
    ],
    4,
  );
  expect(await differences()).toEqual([]);
});
