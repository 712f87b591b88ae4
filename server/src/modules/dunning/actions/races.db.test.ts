import { afterAll, beforeAll, expect, test } from "vitest";
import { fixedClock } from "#kernel/clock.ts";
import { sql } from "#platform/database/index.ts";
import { aTestDatabase, type TestDatabase } from "../../../../testing/database.ts";
import { asDay, smallLedger } from "../testing/small-ledger.ts";
import { approveRun } from "./approve-run.ts";
import { planRun } from "./plan-run.ts";
import { recallRun, sendNow } from "./review-run.ts";

/* Two people, or a person and the night, at once (RELIABILITY F8): one effect, a clear refusal for the other, nothing in between. */
const ROUNDS = Number(process.env.ENCOURS_RACE_ROUNDS ?? 12);
const today = asDay("2026-03-10");
const clock = fixedClock("2026-03-10T08:00:00Z");

let t: TestDatabase;
beforeAll(async () => {
  t = await aTestDatabase();
});
afterAll(() => t.close());

async function underReview(customers: number) {
  const tenant = await t.anotherTenant();
  const ledger = smallLedger(t.db, tenant);
  const company = await ledger.company();
  for (let index = 0; index < customers; index += 1) {
    const { accountId } = await ledger.customer(company);
    await ledger.item(accountId, 20_000n, "2026-02-01");
  }
  const actor = t.actor(undefined, tenant);
  const services = { db: t.db, clock };
  const plan = () => planRun(services, actor, { asOf: today, today });
  const run = await plan();
  if (!run.ok) throw new Error(run.code);
  const approve = () =>
    approveRun(services, actor, run.value.runId, { expectedCount: customers, holdMinutes: 10, today });
  const states = () =>
    t.db.transaction(tenant, (tx) =>
      tx.rows<{ state: string; count: number }>(sql`
        select state, count(*)::int as count from correspondence.message where tenant_id = ${tenant} group by state order by state`),
    );
  return { tenant, actor, services, plan, approve, states, runId: run.value.runId };
}

test("one run approved twice at once: every message is held once", async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const one = await underReview(3);
    const answers = await Promise.all([one.approve(), one.approve(), one.approve()]);
    expect(answers.filter((answer) => answer.ok).length).toBeGreaterThanOrEqual(1);
    expect(await one.states()).toEqual([{ state: "held", count: 3 }]);
  }
});

test("approved while a new plan replaces it: held under the one or planned under the other, never stuck in between", async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const one = await underReview(3);
    await Promise.all([one.approve(), one.plan()]);
    const live = (await one.states()).filter((row) => row.state !== "withdrawn");
    expect(live.reduce((sum, row) => sum + row.count, 0)).toBe(3);
    // What an approval left behind is taken up by the next plan.
    if (live.some((row) => row.state === "approved")) await one.plan();
    expect((await one.states()).map((row) => row.state)).not.toContain("approved");
  }
});

test("undone and sent at once: the one or the other, whole", async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const one = await underReview(3);
    await one.approve();
    await Promise.all([recallRun(one.services, one.actor, one.runId), sendNow(one.services, one.actor, one.runId)]);
    expect(await one.states()).toHaveLength(1);
  }
});
