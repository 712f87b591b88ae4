import { afterAll, beforeAll, expect, test } from "vitest";
import type { ScenarioContent } from "#contracts/dunning.ts";
import { fixedClock } from "#kernel/clock.ts";
import { aTestDatabase, type TestDatabase } from "../../../../testing/database.ts";
import { MODEL_SCENARIO } from "../core/model-scenario.ts";
import { asDay, smallLedger } from "../testing/small-ledger.ts";
import { planRun, previewRun } from "./plan-run.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await aTestDatabase();
});
afterAll(() => t.close());

const today = asDay("2026-03-10");
const clock = fixedClock("2026-03-10T08:00:00Z");
const draft = (grouping: ScenarioContent["grouping"]): ScenarioContent => ({
  ...(MODEL_SCENARIO as ScenarioContent),
  grouping,
});

async function preview(tenant: typeof t.tenant, content?: ScenarioContent, asOf = today) {
  const previewed = await previewRun({ db: t.db, clock }, t.actor(undefined, tenant), { asOf, today, content });
  if (!previewed.ok) throw new Error(previewed.code);
  return previewed.value.decisions;
}

test("by customer one message for all accounts in a company, by account one each, by item one each; a draft is tried without a trace", async () => {
  const tenant = await t.anotherTenant();
  const ledger = smallLedger(t.db, tenant);
  const company = await ledger.company();
  const { customerId, accountId } = await ledger.customer(company);
  const second = await ledger.accountOf(company, customerId);
  await ledger.item(accountId, 20_000n, "2026-02-01");
  await ledger.item(accountId, 30_000n, "2026-02-02");
  await ledger.item(second, 10_000n, "2026-02-03");
  await ledger.item(accountId, -20_000n, "2026-02-04", { kind: "payment" });
  const shape = async (content?: ScenarioContent) =>
    (await preview(tenant, content)).map((one) => [one.amountMinor, one.code]);
  expect(await shape()).toEqual([[40_000n, null]]);
  expect(await shape(draft("account"))).toEqual([
    [30_000n, null],
    [10_000n, null],
  ]);
  // The payment pays the oldest item in full: that one is not chased, the other two are.
  expect(await shape(draft("item"))).toEqual([
    [30_000n, null],
    [10_000n, null],
    [20_000n, "covered"],
  ]);
  expect(await t.ownerQuery("select 1 from dunning.run where tenant_id = $1", [tenant])).toEqual([]);
  const wrong = { ...draft("customer"), entryStep: "r9" };
  const refused = await previewRun({ db: t.db, clock }, t.actor(undefined, tenant), {
    asOf: today,
    today,
    content: wrong,
  });
  expect(refused).toMatchObject({ ok: false, code: "scenario_invalid", details: { fault: "entry_step_unknown" } });
});

test("companies and currencies are never mixed; a run of one company leaves the others alone", async () => {
  const tenant = await t.anotherTenant();
  const ledger = smallLedger(t.db, tenant);
  const [first, second] = [await ledger.company({ name: "A" }), await ledger.company({ name: "B" })];
  const { customerId, accountId } = await ledger.customer(first);
  const other = await ledger.accountOf(second, customerId);
  await ledger.item(accountId, 20_000n, "2026-02-01");
  await ledger.item(other, 30_000n, "2026-02-01");
  await ledger.item(accountId, 40_000n, "2026-02-01", { currency: "USD" });
  const decisions = await preview(tenant);
  expect(decisions.map((one) => [one.companyId === first ? "A" : "B", one.currency, one.amountMinor])).toEqual([
    ["A", "USD", 40_000n],
    ["B", "EUR", 30_000n],
    ["A", "EUR", 20_000n],
  ]);
  const actor = t.actor(undefined, tenant);
  const run = await planRun({ db: t.db, clock }, actor, { asOf: today, today, companyId: second });
  expect(run).toMatchObject({ ok: true, value: { groupCount: 1 } });
  expect(await planRun({ db: t.db, clock }, actor, { asOf: asDay("2026-03-11"), today })).toMatchObject({
    ok: false,
    code: "run_in_future",
  });
  expect(await preview(tenant, undefined, asDay("2026-03-11"))).toHaveLength(3);
});
