import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import pg from "pg";
import { day } from "#kernel/calendar-date.ts";
import { systemClock, todayIn } from "#kernel/clock.ts";
import { newId, type TenantId, tenantId } from "#kernel/ids.ts";
import { turnDay } from "#modules/receivables/index.ts";
import { migrate, openDb, roleNames, sql } from "#platform/database/index.ts";
import { ensureRoles } from "#platform/database/roles.ts";
import { chunkDriver, fileStore } from "#platform/files/index.ts";
import { MIGRATIONS, startEmbedded, withUser } from "#platform/installation/index.ts";
import { personalVault } from "#platform/journal/index.ts";
import { secretBox } from "#platform/secrets.ts";
import type { Services } from "#platform/services.ts";
import { refreshSearch } from "../server/src/app/search.ts";
import { benchCash } from "./cash.bench.ts";
import { benchPages } from "./pages.bench.ts";
import { benchActor, benchAgedBalance, benchLoad, type Measured } from "./receivables.bench.ts";
import { benchMessages, benchPlan } from "./sending.bench.ts";
import { benchSync } from "./sync.bench.ts";

// node scripts/run.mjs bench/main.ts [--size=S|M|L] [--users=50] [--seconds=30] [--only=ledger,cash,sync,pages]
// Our time, the limit measured in the same run (hand-written SQL on the same tables, keys and rows, as their owner), their ratio, the goal.

const ACCOUNTS = { S: 200, M: 2_000, L: 20_000 } as const;
const option = (name: string, fallback: string) =>
  process.argv.find((one) => one.startsWith(`--${name}=`))?.split("=")[1] ?? fallback;
const size = option("size", "M") as keyof typeof ACCOUNTS;
const accounts = ACCOUNTS[size];
const only = option("only", "").split(",").filter(Boolean);
const wants = (part: "ledger" | "cash" | "sync" | "pages") => only.length === 0 || only.includes(part);
if (!accounts) throw new Error("--size is S, M or L");

const PASSWORD = "bench-only";
const folder = await mkdtemp(path.join(tmpdir(), "encours-bench-"));
const server = await startEmbedded({
  folder: path.join(folder, "postgres"),
  password: PASSWORD,
  settings: ["shared_buffers=1GB", "max_wal_size=8GB"],
});

type Row = { work: string; measured: string; goal: string };
const rows: Row[] = [];
const add = (work: string, measured: string, goal: string) => {
  rows.push({ work, measured, goal });
  console.error(`${work}: ${measured} (goal ${goal})`);
};
const seconds = (value: number) => (value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(1)} s`);
const ratio = (one: Measured, goal: string) =>
  add(one.work, `${seconds(one.seconds)}, limit ${seconds(one.limitSeconds)}, ratio ${one.ratio.toFixed(2)}`, goal);

try {
  const owner = new pg.Client({ connectionString: server.ownerUrl });
  await owner.connect();
  const roles = roleNames("bench");
  await ensureRoles(owner, roles, () => PASSWORD);
  await migrate(owner, MIGRATIONS, roles);
  await owner.end();
  const appUrl = withUser(server.ownerUrl, roles.app, PASSWORD);
  const db = openDb(appUrl, { max: 10 });
  const found = async (): Promise<TenantId> => {
    const id = tenantId(newId());
    await db.global((tx) => tx.run(sql`insert into platform.tenant (tenant_id, name) values (${id}, 'Bench')`));
    return id;
  };
  const tenant = await found();
  const otherTenant = await found();
  const actor = benchActor(tenant);
  const secrets = secretBox(randomBytes(32));
  const services: Services = {
    db,
    clock: systemClock,
    secrets,
    files: fileStore(chunkDriver, secrets),
    vault: personalVault(secrets),
    jobs: { enqueue: async () => {} },
    outside: { allowed: [], folders: [] },
    inbox: "",
    publicUrl: "http://127.0.0.1",
  };
  const today = todayIn(systemClock, "Europe/Paris");
  const measureLedger = async () => {
    const loaded = await benchLoad({ db, actor, ownerUrl: server.ownerUrl, appUrl, tenant, otherTenant }, accounts);
    const [first, again] = loaded.results;
    if (first) ratio(first, "≤ 2 × the limit");
    add("memory of the import", `${Math.round(loaded.peakRssMb)} MB at most, whole process of a worker`, "≤ 512 MB");
    if (again)
      add(
        again.work,
        `${seconds(again.seconds)}, ${(again.seconds / (first?.seconds ?? 1)).toFixed(2)} × the first time`,
        "≤ 0.3 × the first time",
      );
    await turnDay({ db, clock: systemClock }, { id: tenant, zone: "Europe/Paris" });
    const goals = ["≤ 1.3 × the limit", "≤ 1.5 × the limit", "≤ 100 ms"];
    const aged = await benchAgedBalance(
      { db, actor, ownerUrl: server.ownerUrl, appUrl, tenant, otherTenant },
      day("2023-12-31"),
      today,
    );
    for (const [index, one] of aged.entries()) ratio(one, goals[index] ?? "");
  };
  const measurePages = async () => {
    add("plan of a day", await benchPlan(services, actor, today), "≤ 5 s");
    const searchStarted = performance.now();
    const entries = await db.transaction(tenant, async (tx) => {
      await tx.run(sql`set local statement_timeout = 0`);
      return refreshSearch(tx);
    });
    add(
      `search index of ${entries} entries, in the background`,
      seconds((performance.now() - searchStarted) / 1000),
      "-",
    );
    for (const page of await benchPages(services, actor, {
      users: Number(option("users", "50")),
      seconds: Number(option("seconds", "30")),
    })) {
      add(page.work, `p50 ${Math.round(page.p50)} ms, p95 ${Math.round(page.p95)} ms over ${page.count}`, page.goal);
    }
  };
  if (wants("ledger") || wants("cash") || wants("pages")) await measureLedger();
  if (wants("cash"))
    for (const one of await benchCash({ db, actor, ownerUrl: server.ownerUrl }, 50_000, today))
      add(one.work, one.measured, one.goal);
  if (wants("sync")) {
    const third = await found();
    for (const one of await benchSync(services, { ...actor, tenant: third }, accounts, server.ownerUrl))
      add(one.work, one.measured, one.goal);
  }
  if (wants("pages")) await measurePages();
  if (size !== "L" && only.length === 0)
    add(
      "2,000 e-mails with their own table to a local SMTP sink",
      await benchMessages(services, actor, today, 2_000),
      "10,000 in ≤ 60 s: 12 s",
    );
  await db.close();
  console.log(
    `\n${size}: ${accounts * 50} items, ${accounts} accounts · ${cpus().length} cores, ${Math.round(totalmem() / 1e9)} GB, Node ${process.versions.node}\n`,
  );
  console.log("| work | measured | goal |\n|---|---|---|");
  for (const row of rows) console.log(`| ${row.work} | ${row.measured} | ${row.goal} |`);
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
