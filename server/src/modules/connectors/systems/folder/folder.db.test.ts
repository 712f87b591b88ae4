import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { fixedClock } from "#kernel/clock.ts";
import { aSellingCompany } from "../../../../../testing/company.ts";
import { aTestDatabase, type TestDatabase } from "../../../../../testing/database.ts";
import { type TestServices, testServices } from "../../../../../testing/services.ts";
import { trySource } from "../../actions/try-source.ts";
import { aSource, ledgerOf, runNow } from "../../testing/sources.ts";

let t: TestDatabase;
let services: TestServices;
let root: string;
let companyId: string;
let made = 0;
beforeAll(async () => {
  t = await aTestDatabase();
  root = await mkdtemp(path.join(tmpdir(), "encours-watched-"));
  services = {
    ...testServices(t, fixedClock(new Date().toISOString())),
    inbox: path.join(root, "inbox"),
    outside: { allowed: [], folders: [path.join(root, "allowed")] },
  };
  await mkdir(path.join(root, "allowed"));
});
afterAll(async () => {
  await rm(root, { recursive: true });
  await t.close();
});
beforeEach(async () => {
  made += 1;
  companyId = await aSellingCompany(t, `F${made}`);
});

const folder = (name: string) => path.join(root, "inbox", t.tenant, name);
async function drop(into: string, name: string, text: string, ageSeconds = 60): Promise<void> {
  await mkdir(folder(into), { recursive: true });
  const at = path.join(folder(into), name);
  await writeFile(at, text);
  const when = new Date(Date.now() - ageSeconds * 1_000);
  await utimes(at, when, when);
}
const items = (...rows: string[]) => `Client;Facture;Date;Echeance;Montant\n${rows.join("\n")}\n`;
const source = (settings: Record<string, string | number | boolean>, part = "") =>
  aSource(t, services, { connector: "folder", settings, companies: [{ companyId, part }] });

test("files are loaded oldest first and moved away; a second look changes nothing", async () => {
  await drop("a", "two.csv", items("A;F1;01/02/2026;03/03/2026;120,00", "A;F2;02/02/2026;04/03/2026;50,00"), 30);
  await drop("a", "one.csv", items("A;F1;01/02/2026;03/03/2026;100,00"), 90);
  const id = await source({ folder: "a", content: "items" });
  const run = await runNow(t, services, id);
  expect(run).toMatchObject({ state: "done", fault: null });
  expect(run.report?.companies[0]?.files.map((one) => [one.name, one.outcome])).toEqual([
    ["one.csv", "applied"],
    ["two.csv", "applied"],
  ]);
  expect(await ledgerOf(t, companyId)).toMatchObject([
    { doc: "F1", minor: 12_000n },
    { doc: "F2", minor: 5_000n },
  ]);
  expect((await readdir(folder("a"))).sort()).toEqual(["done"]);
  expect((await runNow(t, services, id)).report?.companies).toEqual([]);
});

test("the same content comes in once, whatever its name", async () => {
  const text = items("B;F1;01/02/2026;03/03/2026;100,00");
  await drop("b", "x.csv", text);
  const id = await source({ folder: "b", content: "items" });
  await runNow(t, services, id);
  await drop("b", "y.csv", text);
  const run = await runNow(t, services, id);
  expect(run.report?.companies[0]?.files).toMatchObject([{ name: "y.csv", outcome: "known" }]);
  expect(await readdir(path.join(folder("b"), "done"))).toHaveLength(2);
});

test("what is still being written, hidden or a link is left alone", async () => {
  await drop("c", "fresh.csv", items("C;F1;01/02/2026;03/03/2026;1,00"), 1);
  await drop("c", "big.csv.part", "half");
  await drop("c", ".hidden.csv", "x");
  await writeFile(path.join(root, "secret.csv"), items("C;F9;01/02/2026;03/03/2026;9,00"));
  await symlink(path.join(root, "secret.csv"), path.join(folder("c"), "link.csv"));
  const id = await source({ folder: "c", settleSeconds: 10 });
  expect((await runNow(t, services, id)).report?.companies).toEqual([]);
  expect(await ledgerOf(t, companyId)).toEqual([]);
  expect((await readdir(folder("c"))).sort()).toEqual([".hidden.csv", "big.csv.part", "fresh.csv", "link.csv"]);
});

test("a file that cannot be read goes to failed with its reason, the others come in, and a task waits for a person", async () => {
  await drop("d", "1-bad.csv", "\u0000\u0001\u0002 nothing\u0000");
  await drop("d", "2-good.csv", items("D;F1;01/02/2026;03/03/2026;100,00"), 30);
  const id = await source({ folder: "d", content: "auto" });
  const run = await runNow(t, services, id);
  expect(run).toMatchObject({ state: "failed", fault: { code: "binary_file" } });
  expect(await readdir(path.join(folder("d"), "failed"))).toHaveLength(1);
  expect(await ledgerOf(t, companyId)).toHaveLength(1);
  const tasks = () =>
    t.ownerQuery("select state from tasks.task where tenant_id = $1 and occasion = $2", [t.tenant, `files ${id}`]);
  expect(await tasks()).toEqual([{ state: "open" }]);
  // the file lies in "failed": that a later run has nothing to complain of settles nothing
  await runNow(t, services, id);
  expect(await tasks()).toEqual([{ state: "open" }]);
});

test("an extract of what is open settles what it no longer shows; a full one voids it", async () => {
  const open = await source({ folder: "e", content: "items", coverage: "open_snapshot" });
  await drop(
    "e",
    "open-2026-03-01.csv",
    items("E;F1;01/02/2026;03/03/2026;100,00", "E;F2;01/02/2026;03/03/2026;10,00"),
  );
  await runNow(t, services, open);
  await drop("e", "open-2026-03-02.csv", items("E;F2;01/02/2026;03/03/2026;10,00"));
  await runNow(t, services, open);
  expect(await ledgerOf(t, companyId)).toMatchObject([
    { doc: "F1", open: 0n },
    { doc: "F2", open: 1_000n },
  ]);
  companyId = await aSellingCompany(t, "FULL");
  const full = await source({ folder: "f", content: "items", coverage: "full" });
  await drop("f", "all-1.csv", items("E;F1;01/02/2026;03/03/2026;100,00", "E;F2;01/02/2026;03/03/2026;10,00"));
  await runNow(t, services, full);
  await drop("f", "all-2.csv", items("E;F2;01/02/2026;03/03/2026;10,00"));
  expect((await runNow(t, services, full)).report?.companies[0]?.counts).toMatchObject({ void: 1 });
  expect(await ledgerOf(t, companyId)).toMatchObject([{ doc: "F2" }]);
});

test("up to ten companies by their own folders; places that the operator does not allow are refused in words", async () => {
  const other = await aSellingCompany(t, "SECOND");
  await drop("g/one", "a.csv", items("G;F1;01/02/2026;03/03/2026;100,00"));
  await drop("g/two", "a.csv", items("G;F2;01/02/2026;03/03/2026;200,00"));
  const id = await aSource(t, services, {
    connector: "folder",
    settings: { folder: "g", content: "items" },
    companies: [
      { companyId, part: "one" },
      { companyId: other, part: "two" },
    ],
  });
  expect((await runNow(t, services, id)).state).toBe("done");
  expect(await ledgerOf(t, companyId)).toMatchObject([{ doc: "F1" }]);
  expect(await ledgerOf(t, other)).toMatchObject([{ doc: "F2" }]);
  const trial = (wanted: string) =>
    trySource(services, t.actor(), { connector: "folder", sourceId: null, settings: { folder: wanted }, secrets: {} });
  expect(await trial("g")).toMatchObject({ value: { isReached: true, parts: ["one", "two"] } });
  expect(await trial(path.join(root, "allowed"))).toMatchObject({ value: { isReached: true } });
  for (const place of ["/etc", "../../../etc", path.join(root, "allowed", "..")])
    expect(await trial(place), place).toMatchObject({ value: { isReached: false } });
});
