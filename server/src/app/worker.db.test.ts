import { afterAll, beforeAll, expect, test } from "vitest";
import type { TenantId } from "#kernel/ids.ts";
import { aTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { strikeDays } from "./worker.ts";

let t: TestDatabase;
let other: TenantId;
beforeAll(async () => {
  t = await aTestDatabase();
  other = await t.anotherTenant();
});
afterAll(() => t.close());

test("a tenant whose day fails holds up no other, and its own day is passed later the same day, once", async () => {
  const passed: string[] = [];
  let isBroken = true;
  const strikeAt = (instant: string) =>
    strikeDays({ db: t.db, clock: { now: () => new Date(instant) } }, async ({ id }) => {
      if (id === t.tenant && isBroken) throw new Error("matching failed");
      passed.push(`${id === t.tenant ? "first" : "other"} ${instant}`);
    });
  // clocks that are missing start at the database's own now
  await strikeAt("2026-11-20T00:00:00Z");
  await t.ownerQuery("update platform.tenant_clock set next_at = '2026-11-20T23:00:00Z' where tenant_id = any($1)", [
    [t.tenant, other],
  ]);
  await expect(strikeAt("2026-11-20T23:00:10Z")).rejects.toMatchObject({ errors: [{ message: "matching failed" }] });
  expect(passed).toEqual(["other 2026-11-20T23:00:10Z"]);
  isBroken = false;
  await strikeAt("2026-11-20T23:10:00Z");
  await strikeAt("2026-11-20T23:30:10Z");
  await strikeAt("2026-11-21T22:59:00Z");
  expect(passed).toEqual(["other 2026-11-20T23:00:10Z", "first 2026-11-20T23:30:10Z"]);
  await strikeAt("2026-11-21T23:00:00Z");
  expect(passed).toHaveLength(4);
});
