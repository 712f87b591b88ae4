import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sql } from "#platform/database/index.ts";
import { aSellingCompany } from "../../../../testing/company.ts";
import { aTestDatabase, type TestDatabase } from "../../../../testing/database.ts";
import { type TestServices, testServices } from "../../../../testing/services.ts";
import { aSource, ledgerOf } from "../testing/sources.ts";
import { abandonPush, closePush, openPush, pushRows } from "./push.ts";
import { runSource } from "./run-source.ts";

let t: TestDatabase;
let services: TestServices;
let companyId: string;
let sourceId: string;
let made = 0;
beforeAll(async () => {
  t = await aTestDatabase();
  services = testServices(t);
});
afterAll(() => t.close());
beforeEach(async () => {
  made += 1;
  companyId = await aSellingCompany(t, `P${made}`);
  sourceId = await aSource(t, services, { connector: "push", companies: [{ companyId }], name: `Push ${made}` });
});

const CLOSING = { hasAllOrders: false, skipRefused: false, settlesLeftovers: false, reached: {} };
const MOVEMENTS = { kind: "movements" as const, asOf: null, from: null, to: null };
const ALL = { kind: "full" as const, asOf: null, from: "2020-01-01", to: "2030-12-31" };
const eur = (minor: number) => ({ minor: String(minor), currency: "EUR" });
const invoice = (key: string, minor: number, more: object = {}) => ({
  key,
  auxiliary: "C1",
  customerName: "Client un",
  kind: minor < 0 ? "payment" : "invoice",
  documentNo: key,
  postedOn: "2026-01-10",
  dueOn: "2026-02-10",
  amount: eur(minor),
  ...more,
});

async function open(coverage: typeof MOVEMENTS | typeof ALL = MOVEMENTS): Promise<string> {
  const opened = await openPush(services, t.actor(), { sourceId, coverage });
  if (!opened.ok) throw new Error(JSON.stringify(opened));
  return opened.value.run.id;
}
type Kind = Parameters<typeof pushRows>[3];
async function push(runId: string, kind: Kind, rows: unknown[]) {
  const pushed = await pushRows(services, t.actor(), runId, kind, rows);
  if (!pushed.ok) throw new Error(JSON.stringify(pushed));
  return pushed.value;
}
async function close(runId: string, closing: Partial<typeof CLOSING> = {}) {
  const closed = await closePush(services, t.actor(), runId, { ...CLOSING, ...closing });
  if (!closed.ok) throw new Error(JSON.stringify(closed));
  const run = await runSource(services, t.actor(), runId);
  if (!run) throw new Error("the run is gone");
  return run;
}

test("customers, contacts, items, settlements and orders come in by one run, and the same again changes nothing", async () => {
  const all = async () => {
    const runId = await open();
    await push(runId, "customer", [{ number: "C1", name: "Client Un SARL", city: "Lyon", termDays: 45 }]);
    await push(runId, "contact", [{ customerNumber: "C1", key: "1", name: "Ana", email: "ana@c1.example" }]);
    await push(runId, "item", [invoice("F1", 10_000), invoice("F2", 5_000), invoice("R1", -12_000)]);
    await push(runId, "settlement", [
      { credit: "R1", debit: "F1" },
      { credit: "R1", debit: "F2", minor: "2000" },
    ]);
    await push(runId, "order", [
      {
        key: "O1",
        customerNumber: "C1",
        number: "BC-1",
        orderedOn: "2026-01-05",
        total: eur(90_000),
        openMinor: "40000",
      },
    ]);
    return close(runId);
  };
  expect(await all()).toMatchObject({ state: "done", fault: null });
  const settled = [
    { doc: "F1", minor: 10_000n, open: 0n, due: "2026-02-10" },
    { doc: "F2", minor: 5_000n, open: 3_000n },
    { doc: "R1", minor: -12_000n, open: 0n },
  ];
  expect(await ledgerOf(t, companyId)).toMatchObject(settled);
  const orders = await t.ownerQuery<{ number: string; open_minor: string }>(
    "select number, open_minor from credit.sales_order where tenant_id = $1 and company_id = $2",
    [t.tenant, companyId],
  );
  expect(orders).toEqual([{ number: "BC-1", open_minor: "40000" }]);
  const again = await all();
  expect(again.report?.companies[0]).toMatchObject({
    counts: { new: 0, changed: 0, void: 0, unchanged: 3 },
    customers: { added: 0, changed: 0 },
    contacts: { added: 0, changed: 0 },
    orders: { new: 0, changed: 0 },
  });
  expect(await t.ownerQuery("select 1 from connectors.pushed_row where tenant_id = $1", [t.tenant])).toEqual([]);
});

test("a row that is wrong is refused with its reason, the others are taken, and closing waits until it is right", async () => {
  const runId = await open();
  const report = await push(runId, "item", [
    invoice("F1", 100),
    { ...invoice("F2", 100), postedOn: "2026-02-30" },
    { ...invoice("F3", 100), amount: { minor: "1,5", currency: "EUR" } },
    { ...invoice("F4", 100), company: "NOPE" },
    "nothing",
    null,
  ]);
  expect(report.accepted).toBe(1);
  expect(report.refused.map((one) => [one.index, one.key, one.code])).toEqual([
    [1, "F2", "row_invalid"],
    [2, "F3", "row_invalid"],
    [3, "F4", "company_not_fed"],
    [4, null, "row_invalid"],
    [5, null, "row_invalid"],
  ]);
  expect(report.refused[0]?.text).toContain("postedOn");
  const early = await closePush(services, t.actor(), runId, CLOSING);
  expect(early).toMatchObject({ ok: false, code: "pushed_rows_refused", details: { count: 5 } });
  await push(runId, "item", [invoice("F2", 100), invoice("F3", 100), invoice("F4", 100)]);
  expect((await close(runId, { skipRefused: true })).report?.companies[0]).toMatchObject({
    counts: { new: 4 },
    refusedRows: 2,
  });
  // where absence is read, a refused row is never skipped
  const full = await open(ALL);
  await push(full, "item", [invoice("F1", 100), { key: "F2" }]);
  expect(await closePush(services, t.actor(), full, { ...CLOSING, skipRefused: true })).toMatchObject({
    code: "pushed_rows_refused",
  });
  await abandonPush(services, t.actor(), full);
  expect(await ledgerOf(t, companyId)).toHaveLength(4);
});

test("letters are laid, changed and taken away by settlements alone, over items of earlier runs", async () => {
  const first = await open();
  await push(first, "item", [invoice("F1", 10_000), invoice("F2", 10_000), invoice("R1", -10_000)]);
  await close(first);
  const letter = async (code: string | null, ...items: string[]) => {
    const runId = await open();
    await push(runId, "settlement", [{ letter: code, items }]);
    return close(runId);
  };
  const opens = async () => (await ledgerOf(t, companyId)).map((row) => row.open);
  await letter("A", "F1", "R1");
  expect(await opens()).toEqual([0n, 10_000n, 0n]);
  await letter(null, "F1");
  await letter("A", "F2", "R1");
  expect(await opens()).toEqual([10_000n, 0n, 0n]);
  // an item said again without a word on its letter keeps it
  const third = await open();
  await push(third, "item", [invoice("F2", 10_000, { dueOn: "2026-03-31" })]);
  await close(third);
  expect((await ledgerOf(t, companyId)).map((row) => [row.doc, row.open, row.due])).toEqual([
    ["F1", 10_000n, "2026-02-10"],
    ["F2", 0n, "2026-03-31"],
    ["R1", 0n, "2026-02-10"],
  ]);
  const unknown = await letter("B", "F9");
  expect(unknown.report?.companies[0]?.refused).toEqual([{ code: "settlement_unknown_item", line: 0, value: "F9" }]);
});

test("absence is read by coverage or by the keys that still exist; balances are held against the ledger", async () => {
  const first = await open(ALL);
  await push(first, "item", [invoice("F1", 100), invoice("F2", 200), invoice("F3", 300)]);
  await push(first, "balance", [{ auxiliary: "C1", minor: "600" }]);
  expect((await close(first)).report?.companies[0]?.proof).toMatchObject({ isTied: true });
  const second = await open(ALL);
  await push(second, "item", [invoice("F1", 100), invoice("F2", 200)]);
  expect((await close(second)).report?.companies[0]?.counts).toMatchObject({ void: 1, unchanged: 2 });
  const third = await open();
  await push(third, "item", [invoice("F4", 400)]);
  await push(third, "present", [{ keys: ["F2"] }, { keys: ["F4"] }]);
  await push(third, "balance", [{ auxiliary: "C1", minor: "650" }]);
  const run = await close(third);
  expect((await ledgerOf(t, companyId)).map((row) => row.doc)).toEqual(["F2", "F4"]);
  expect(run.report?.companies[0]?.counts).toMatchObject({ void: 1, new: 1 });
  expect(run.report?.companies[0]?.proof).toMatchObject({ isTied: false, differences: [{ differenceMinor: "-50" }] });
});

test("one run at a time; a key of one source sees no other; what was abandoned was never there", async () => {
  const runId = await open();
  expect(await openPush(services, t.actor(), { sourceId, coverage: MOVEMENTS })).toMatchObject({
    code: "sync_running",
  });
  const narrow = { ...t.actor(["sync.push"]), sourceId: "00000000-0000-7000-8000-00000000dead" };
  expect(await openPush(services, narrow, { sourceId, coverage: MOVEMENTS })).toMatchObject({ code: "not_found" });
  expect(await pushRows(services, narrow, runId, "item", [invoice("F1", 1)])).toMatchObject({ code: "not_found" });
  await push(runId, "item", [invoice("F1", 100)]);
  await abandonPush(services, t.actor(), runId);
  expect(await ledgerOf(t, companyId)).toEqual([]);
  expect(await pushRows(services, t.actor(), runId, "item", [invoice("F1", 1)])).toMatchObject({
    code: "sync_not_open",
  });
  // a program that never came back gives way after a day
  const left = await open();
  await t.db.transaction(t.tenant, (tx) =>
    tx.run(sql`
      update connectors.sync_run set heartbeat_at = now() - interval '25 hours'
      where tenant_id = ${t.tenant} and run_id = ${left}`),
  );
  await close(await open());
});

test("a run that was applied and not yet reported is taken over and changes nothing", async () => {
  const runId = await open();
  await push(runId, "item", [invoice("F1", 100)]);
  await closePush(services, t.actor(), runId, CLOSING);
  // the worker that had it died after the ledger was written: the run stands as running, its rows still there
  const rows = await t.ownerQuery("select * from connectors.pushed_row where tenant_id = $1", [t.tenant]);
  expect(rows).toHaveLength(1);
  await t.ownerQuery(
    "update connectors.sync_run set state = 'running', heartbeat_at = now() - interval '1 minute' where run_id = $1",
    [runId],
  );
  const run = await runSource(services, t.actor(), runId);
  expect(run).toMatchObject({ state: "done", attempt: 1 });
  expect(await runSource(services, t.actor(), runId)).toBeUndefined();
  expect(await ledgerOf(t, companyId)).toHaveLength(1);
});
