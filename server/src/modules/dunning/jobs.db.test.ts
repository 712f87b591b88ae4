import { afterAll, beforeAll, expect, test } from "vitest";
import { fixedClock } from "#kernel/clock.ts";
import { sql } from "#platform/database/index.ts";
import { aTestDatabase, type TestDatabase } from "../../../testing/database.ts";
import { recallRun } from "./actions/review-run.ts";
import { changeSending } from "./actions/sending-settings.ts";
import { planDay } from "./jobs.ts";
import { asDay, smallLedger } from "./testing/small-ledger.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await aTestDatabase();
});
afterAll(() => t.close());

test("a day is planned once, however often the clock rings, and leaves without a preview only where the tenant says so", async () => {
  const id = await t.anotherTenant();
  const tenant = { id, zone: "Europe/Paris" };
  const clock = fixedClock("2026-03-09T05:00:00Z");
  const services = { db: t.db, clock };
  const ledger = smallLedger(t.db, id);
  const company = await ledger.company();
  const { accountId } = await ledger.customer(company);
  await ledger.item(accountId, 20_000n, "2026-02-01");
  const states = () =>
    t.db.transaction(id, (tx) =>
      tx.rows<{ state: string }>(
        sql`select state from correspondence.message where tenant_id = ${id} order by message_id`,
      ),
    );
  const rings = await Promise.all([planDay(services, tenant), planDay(services, tenant), planDay(services, tenant)]);
  expect(rings.filter(Boolean)).toHaveLength(1);
  expect(await states()).toEqual([{ state: "planned" }]);
  const actor = t.actor(undefined, id);
  const value = { approveAutomatic: true, freshHours: 24 };
  expect(await changeSending(services, actor, value, asDay("2026-03-09"), 0)).toMatchObject({
    ok: true,
    value: { version: 1 },
  });
  clock.set("2026-03-14T05:00:00Z");
  expect(await planDay(services, tenant)).toBe(true);
  expect(await states(), "a Saturday").toEqual([{ state: "withdrawn" }, { state: "planned" }]);
  clock.set("2026-03-16T05:00:00Z");
  expect(await planDay(services, tenant)).toBe(true);
  expect(await states()).toEqual([{ state: "withdrawn" }, { state: "withdrawn" }, { state: "held" }]);
  const [held] = await t.db.transaction(id, (tx) =>
    tx.rows<{ run_id: string }>(
      sql`select run_id from correspondence.message where tenant_id = ${id} and state = 'held'`,
    ),
  );
  await recallRun(services, actor, held?.run_id ?? "");
  expect(await planDay(services, tenant)).toBe(false);
  expect((await states()).at(-1), "taken back by a person").toEqual({ state: "planned" });
});
