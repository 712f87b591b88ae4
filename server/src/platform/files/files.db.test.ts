import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aTestDatabase, type TestDatabase } from "../../../testing/database.ts";
import { sql } from "../database/index.ts";
import { secretBox } from "../secrets.ts";
import { chunkDriver, diskDriver, type FileDriver, fileStore } from "./index.ts";
import { verifyFiles } from "./verify.ts";

let t: TestDatabase;
let folder: string;
beforeAll(async () => {
  t = await aTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), "encours-files-"));
});
afterAll(async () => {
  await t.close();
  await rm(folder, { recursive: true });
});

const secrets = secretBox(randomBytes(32));
const CONTENT = Buffer.concat([Buffer.from("relevé confidentiel "), randomBytes(2_500_000)]);

test.each([
  ["on disk", () => diskDriver(folder)],
  ["in the database", () => chunkDriver],
])(
  "files %s come back byte for byte, encrypted at rest, and to their tenant only",
  async (_where, driver: () => FileDriver) => {
    const files = fileStore(driver(), secrets);
    const tenant = await t.anotherTenant();
    const digest = await t.db.transaction(tenant, (tx) => files.put(tx, CONTENT));
    expect(await t.db.transaction(tenant, (tx) => files.put(tx, CONTENT))).toBe(digest);
    expect((await t.db.transaction(tenant, (tx) => files.get(tx, digest)))?.equals(CONTENT)).toBe(true);
    expect(await t.db.transaction(t.tenant, (tx) => files.get(tx, digest))).toBeUndefined();
    expect(await t.db.transaction(tenant, (tx) => verifyFiles(tx, files))).toEqual([]);
  },
);

test("an altered or missing file is named by verify", async () => {
  const files = fileStore(diskDriver(folder), secrets);
  const tenant = await t.anotherTenant();
  const digest = await t.db.transaction(tenant, (tx) => files.put(tx, Buffer.from("one")));
  const entries = await readdir(path.join(folder, tenant), { recursive: true, withFileTypes: true });
  const at = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))[0] ?? "";
  expect((await readFile(at)).includes("one")).toBe(false);
  await writeFile(at, Buffer.from("tampered with"));
  expect(await t.db.transaction(tenant, (tx) => verifyFiles(tx, files))).toEqual([digest]);
});

test("a full disk leaves nothing behind: neither the file nor its row", async () => {
  const full: FileDriver = {
    write: async () => {
      throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    },
    read: async () => undefined,
  };
  const files = fileStore(full, secrets);
  await expect(t.db.transaction(t.tenant, (tx) => files.put(tx, CONTENT))).rejects.toMatchObject({ code: "ENOSPC" });
  expect(await t.db.transaction(t.tenant, (tx) => tx.rows(sql`select 1 from platform.file`))).toEqual([]);
});
