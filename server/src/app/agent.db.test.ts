import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "#kernel/calendar-date.ts";
import { systemClock } from "#kernel/clock.ts";
import { makeApiKey, type SignIn } from "#modules/access/index.ts";
import { runSource } from "#modules/connectors/index.ts";
import { aSellingCompany } from "../../testing/company.ts";
import { aTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { type TestServices, testServices } from "../../testing/services.ts";
import { sageBooks } from "../modules/connectors/systems/sage100/testing/sage-books.ts";
import { aSource, ledgerOf } from "../modules/connectors/testing/sources.ts";
import { allRoutes } from "./routes.ts";
import { buildWebServer } from "./web-server.ts";

const NOBODY: SignIn = {
  handle: async () => new Response(null, { status: 404 }),
  userOf: async () => undefined,
  createUser: async () => ({ id: "u", isNew: true }),
  checkPassword: async () => false,
  close: async () => {},
};

let t: TestDatabase;
let services: TestServices;
let app: FastifyInstance;
let books: ReturnType<typeof sageBooks>;
let proxy: ReturnType<typeof cuttingProxy>;
let folder: string;
let companyId: string;
let worker: NodeJS.Timeout;
beforeAll(async () => {
  t = await aTestDatabase();
  services = testServices(t, systemClock);
  app = await buildWebServer({ services, signIn: NOBODY, routes: allRoutes(NOBODY), logger: false });
  await app.listen({ host: "127.0.0.1", port: 0 });
  proxy = cuttingProxy((app.server.address() as AddressInfo).port);
  await proxy.ready;
  books = sageBooks(t.ownerUrl);
  folder = await mkdtemp(path.join(tmpdir(), "encours-agent-"));
  companyId = await aSellingCompany(t, "AGENT");
  // a worker that takes what was closed
  worker = setInterval(() => {
    for (const job of services.enqueued.splice(0))
      if (job.kind === "connectors.sync") void runSource(services, t.actor(), String(job.payload["runId"]));
  }, 50);
});
afterAll(async () => {
  clearInterval(worker);
  proxy.close();
  await app.close();
  await books.close();
  await rm(folder, { recursive: true, force: true });
  await t.close();
});

/** Passes bytes on until it is told to cut: then every line is broken after so many bytes from the agent. */
function cuttingProxy(target: number) {
  let cutAfter = Number.POSITIVE_INFINITY;
  let passed = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((from) => {
    const to = connect(target, "127.0.0.1");
    for (const one of [from, to]) {
      sockets.add(one);
      one.on("error", () => {});
      one.on("close", () => sockets.delete(one));
    }
    from.on("data", (part: Buffer) => {
      passed += part.length;
      if (passed > cutAfter) {
        from.destroy();
        to.destroy();
      } else to.write(part);
    });
    to.on("data", (part: Buffer) => from.write(part));
    from.on("end", () => to.end());
    to.on("end", () => from.end());
  });
  const ready = new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    ready,
    port: () => (server.address() as AddressInfo).port,
    cut: (bytes: number) => {
      passed = 0;
      cutAfter = bytes;
    },
    heal: () => {
      cutAfter = Number.POSITIVE_INFINITY;
    },
    close: () => {
      for (const one of sockets) one.destroy();
      server.close();
    },
  };
}

function agent(
  config: string,
  state: string,
): { child: ChildProcess; ended: Promise<{ code: number | null; out: string; err: string }> } {
  const script = path.resolve(import.meta.dirname, "../modules/connectors/agent/testing/agent-process.ts");
  const child = spawn(process.execPath, [script, config, state, t.ownerUrl], { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.on("data", (part: Buffer) => (out += part.toString()));
  child.stderr.on("data", (part: Buffer) => (err += part.toString()));
  return { child, ended: new Promise((resolve) => child.on("exit", (code) => resolve({ code, out, err }))) };
}

test("the agent pushes what it reads, goes on after a cut line and after being killed, and later only what changed", async () => {
  const sourceId = await aSource(t, services, { connector: "push", companies: [{ companyId }] });
  const expiresOn = day("2099-01-01");
  const wanted = { name: "agent", permissions: ["sync.push" as const], expiresOn, sourceId };
  const made = await makeApiKey(services, t.actor(), wanted, day("2026-01-01"));
  if (!made.ok) throw new Error(made.code);
  const config = path.join(folder, "agent.json");
  const state = path.join(folder, "state");
  await writeFile(
    config,
    JSON.stringify({
      url: `http://127.0.0.1:${proxy.port()}`,
      key: made.value.key,
      connector: "sage100",
      settings: { host: "sage", user: "u" },
      secrets: { password: "p" },
      companies: { AGENT: "books" },
    }),
  );
  const lines = Array.from({ length: 9_000 }, (_, n) => ({
    id: `L${n}`,
    customer: `C${n % 50}`,
    document: `D${n}`,
    day: "2026-01-10",
    due: "2026-02-10",
    cents: 1_000 + n,
    letter: null,
  }));
  await books.bulk("books", lines);

  // the line is cut after about a megabyte, again and again: the round fails, its calls stay on disk
  proxy.cut(1_000_000);
  const cut = await agent(config, state).ended;
  expect([cut.code, cut.err]).toEqual([1, expect.stringContaining("cannot reach")]);
  expect((await readdir(state)).length).toBeGreaterThan(3);
  expect(await ledgerOf(t, companyId)).toEqual([]);

  // a new process goes on, and is killed in the middle
  proxy.heal();
  const second = agent(config, state);
  await new Promise<void>((resolve) => second.child.stdout?.on("data", () => resolve()));
  second.child.kill("SIGKILL");
  await second.ended;

  const third = await agent(config, state).ended;
  expect([third.code, third.err]).toEqual([0, ""]);
  expect(third.out).toContain("going on with run");
  expect(JSON.parse(third.out.trim().split("\n").at(-1) ?? "{}")).toMatchObject({
    isResumed: true,
    state: "done",
    counts: { new: 9_000 },
  });
  expect(await readdir(state)).toEqual([]);
  const ledger = await ledgerOf(t, companyId);
  expect([ledger.length, ledger.reduce((sum, row) => sum + row.open, 0n)]).toEqual([
    9_000,
    lines.reduce((sum, row) => sum + BigInt(row.cents), 0n),
  ]);

  // a deletion and a change: two rows and the keys travel
  await books.query(`delete from "books"."F_ECRITUREC" where "EC_RefPiece" = 'D1'`);
  await books.query(
    `update "books"."F_ECRITUREC" set "EC_Montant" = 5, "cbModification" = $1 where "EC_RefPiece" = 'D2'`,
    [new Date(books.stamp().getTime() + 86_400_000)],
  );
  const again = await agent(config, state).ended;
  expect(again.code, again.err).toBe(0);
  expect(JSON.parse(again.out.trim().split("\n").at(-1) ?? "{}").counts).toMatchObject({ changed: 1, void: 1, new: 0 });
}, 120_000);
