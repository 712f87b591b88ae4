import { afterAll, beforeAll, expect, test } from "vitest";
import { fixedClock } from "#kernel/clock.ts";
import { aSellingCompany } from "../../../../testing/company.ts";
import { aTestDatabase, type TestDatabase } from "../../../../testing/database.ts";
import { type TestServices, testServices } from "../../../../testing/services.ts";
import { type Connector, SourceFault } from "../connector/connector.ts";
import { startDueRuns } from "../jobs.ts";
import { aSource, runNow } from "../testing/sources.ts";
import { changeSource, startRun } from "./manage-sources.ts";
import { RunHeld, runSource } from "./run-source.ts";

let t: TestDatabase;
let services: TestServices;
let clock: ReturnType<typeof fixedClock>;
let companyId: string;
beforeAll(async () => {
  t = await aTestDatabase();
  clock = fixedClock("2026-11-20T04:00:00Z");
  services = testServices(t, clock);
  companyId = await aSellingCompany(t, "RUN");
});
afterAll(() => t.close());

/** A connector whose system is up or down as the test says. */
const connector = (run: Connector["run"]): Connector => ({
  key: "folder",
  maxCompanies: 1,
  hasParts: false,
  settings: [],
  test: async () => ({ isReached: true, parts: [], details: {} }),
  run,
});
const down = connector(async function* () {
  yield* [];
  throw new SourceFault("unreachable", "server.example");
});
const up = connector(async function* () {
  yield { kind: "end", companyId, end: { coverage: { kind: "movements" } } };
});
const stateOf = async (id: string) =>
  (
    await t.ownerQuery<{ failures: number; next_run_at: Date | null }>(
      "select failures, next_run_at from connectors.source where source_id = $1",
      [id],
    )
  )[0];
const tasksOf = (id: string) =>
  t.ownerQuery<{ state: string }>("select state from tasks.task where tenant_id = $1 and occasion = $2", [
    t.tenant,
    `sync ${id}`,
  ]);

test("an outage is tried again with growing waits, leaves one task, and both end with the first run that works", async () => {
  const id = await aSource(t, services, { connector: "folder", companies: [{ companyId }], name: "Down" });
  const waits: number[] = [];
  for (let n = 0; n < 6; n += 1) {
    const run = await runNow(t, services, id, () => down);
    expect(run).toMatchObject({ state: "failed", fault: { code: "unreachable", detail: "server.example" } });
    const next = (await stateOf(id))?.next_run_at;
    if (next) waits.push((next.getTime() - clock.now().getTime()) / 60_000);
  }
  expect(waits).toEqual([1, 5, 15, 60, 240]);
  expect(await tasksOf(id)).toEqual([{ state: "open" }]);
  await runNow(t, services, id, () => up);
  expect(await stateOf(id)).toMatchObject({ failures: 0, next_run_at: null });
  expect(await tasksOf(id)).toEqual([{ state: "withdrawn" }]);
});

test("a calendar rings once for what is due, however often it is looked at, and plans the next run", async () => {
  const id = await aSource(t, services, { connector: "folder", companies: [{ companyId }], name: "Planned" });
  const calendar = { mode: "times" as const, times: [6 * 60], everyMinutes: 60, isBusinessDaysOnly: true };
  const wish = {
    name: "Planned",
    settings: {},
    secrets: {},
    calendar,
    isActive: true,
    companies: [{ companyId, part: "" }],
  };
  expect(await changeSource(services, t.actor(), id, wish, 1)).toMatchObject({
    value: { nextRunAt: "2026-11-20T05:00:00.000Z" },
  });
  const ring = () => startDueRuns(services, async () => t.actor());
  expect(await ring()).toBe(0);
  clock.set("2026-11-20T05:00:10Z");
  expect([await ring(), await ring()]).toEqual([1, 0]);
  // Friday's run is waiting; three days without a worker later it is still the only one
  clock.set("2026-11-23T05:00:10Z");
  expect(await ring()).toBe(0);
  expect((await stateOf(id))?.next_run_at?.toISOString()).toBe("2026-11-24T05:00:00.000Z");
  const runs = await t.ownerQuery<{ run_id: string; origin: string }>(
    "select run_id, origin from connectors.sync_run where source_id = $1",
    [id],
  );
  expect(runs.map((run) => run.origin)).toEqual(["calendar"]);
  await runSource(services, t.actor(), runs[0]?.run_id ?? "", () => up);
  clock.set("2026-11-20T04:00:00Z");
});

test("two workers never have one run; a worker that died is replaced", async () => {
  const id = await aSource(t, services, { connector: "folder", companies: [{ companyId }], name: "Twice" });
  const started = await startRun(services, t.actor(), id, "person");
  if (!started.ok) throw new Error(started.code);
  const runId = started.value.id;
  expect(await startRun(services, t.actor(), id, "person")).toMatchObject({ code: "sync_running" });
  let read = 0;
  const counted = connector(async function* () {
    read += 1;
    await new Promise((resolve) => setTimeout(resolve, 200));
    yield { kind: "end", companyId, end: { coverage: { kind: "movements" } } };
  });
  const both = await Promise.allSettled([
    runSource(services, t.actor(), runId, () => counted),
    runSource(services, t.actor(), runId, () => counted),
  ]);
  expect(read).toBe(1);
  expect(both.filter((one) => one.status === "rejected" && one.reason instanceof RunHeld)).toHaveLength(1);
  const again = await startRun(services, t.actor(), id, "person");
  if (!again.ok) throw new Error(again.code);
  await t.ownerQuery(
    "update connectors.sync_run set state = 'running', attempt = 1, heartbeat_at = now() - interval '1 minute' where run_id = $1",
    [again.value.id],
  );
  expect(await runSource(services, t.actor(), again.value.id, () => up)).toMatchObject({ state: "done", attempt: 2 });
});

test("a fault of our own ends the run, says so without its insides, and goes on to the log", async () => {
  const id = await aSource(t, services, { connector: "folder", companies: [{ companyId }], name: "Broken" });
  const broken = connector(async function* () {
    yield* [];
    throw new Error("secret insides");
  });
  await expect(runNow(t, services, id, () => broken)).rejects.toThrow("secret insides");
  const [run] = await t.ownerQuery("select state, fault from connectors.sync_run where source_id = $1", [id]);
  expect(run).toEqual({ state: "failed", fault: { code: "fault", detail: "" } });
});
