import { spawn } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { day } from "#kernel/calendar-date.ts";
import { aTestDatabase, type TestDatabase } from "../../../testing/database.ts";
import { sql } from "../database/index.ts";
import { endJobRun, pgBossJobs, startJobRun, startJobWorker, takeDueClocks } from "./index.ts";

let t: TestDatabase;
let queue: Awaited<ReturnType<typeof pgBossJobs>>;
beforeAll(async () => {
  t = await aTestDatabase();
  queue = await pgBossJobs({ ownerUrl: t.ownerUrl, appRole: inject("appRole") });
});
afterAll(async () => {
  await queue.stop();
  await t.close();
});

const until = async (holds: () => boolean, timeoutMs: number) => {
  const deadline = Date.now() + timeoutMs;
  while (!holds() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100));
  return holds();
};

test("a job stands or falls with the transaction that asks for it", async () => {
  const seen: string[] = [];
  const worker = await startJobWorker(queue.boss, t.db, {
    "test.seen": async ({ payload }) => void seen.push(String(payload["id"])),
  });
  await t.db
    .transaction(t.tenant, async (tx) => {
      await queue.enqueue(tx, "test.seen", { id: "rolled back" });
      throw new Error("stop");
    })
    .catch(() => {});
  await t.db.transaction(t.tenant, (tx) => queue.enqueue(tx, "test.seen", { id: "committed" }));
  expect(await until(() => seen.length > 0, 20_000)).toBe(true);
  expect(seen).toEqual(["committed"]);
  await worker.stop();
});

test("a killed worker's job is taken over within 60 s", async () => {
  const holder = spawn(
    process.execPath,
    [
      path.resolve(import.meta.dirname, "../../../testing/process/job-holder.ts"),
      t.ownerUrl,
      t.appUrl,
      inject("appRole"),
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let said = "";
  holder.stdout.on("data", (part: Buffer) => (said += part.toString()));
  expect(await until(() => said.includes("ready"), 20_000)).toBe(true);
  await t.db.transaction(t.tenant, (tx) => queue.enqueue(tx, "test.hold", { id: "1" }));
  expect(await until(() => said.includes("holding"), 20_000)).toBe(true);
  holder.kill("SIGKILL");
  const taken: string[] = [];
  const worker = await startJobWorker(queue.boss, t.db, {
    "test.hold": async ({ payload }) => void taken.push(String(payload["id"])),
  });
  expect(await until(() => taken.length > 0, 60_000)).toBe(true);
  expect(taken).toEqual(["1"]);
  await worker.stop();
}, 120_000);

test("a run of a business day starts once, again only after it failed", async () => {
  const start = () => t.db.transaction(t.tenant, (tx) => startJobRun(tx, "test.plan", day("2026-11-21")));
  const starts = await Promise.all(Array.from({ length: 8 }, start));
  expect(starts.filter(Boolean)).toHaveLength(1);
  await t.db.transaction(t.tenant, (tx) =>
    endJobRun(tx, "test.plan", day("2026-11-21"), { state: "failed", outcome: {} }),
  );
  expect(await start()).toBe(true);
  await t.db.transaction(t.tenant, (tx) =>
    endJobRun(tx, "test.plan", day("2026-11-21"), { state: "done", outcome: {} }),
  );
  expect(await start()).toBe(false);
});

test("a clock that strikes is given to one worker and moved on", async () => {
  await t.db.global((tx) =>
    tx.run(
      sql`insert into platform.tenant_clock (tenant_id, kind, next_at) values (${t.tenant}, 'test', '2026-11-21T00:00:00Z')`,
    ),
  );
  const take = () => takeDueClocks(t.db, "test", "2026-11-21T06:00:00Z", () => "2026-11-22T00:00:00Z");
  const taken = (await Promise.all([take(), take(), take()])).flat();
  expect(taken).toEqual([t.tenant]);
  expect(await take()).toEqual([]);
});
