import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixedClock } from "#kernel/clock.ts";
import { aSellingCompany } from "../../../../../testing/company.ts";
import { aTestDatabase, type TestDatabase } from "../../../../../testing/database.ts";
import { type TestServices, testServices } from "../../../../../testing/services.ts";
import { trySource } from "../../actions/try-source.ts";
import { aSource, ledgerOf, runNow } from "../../testing/sources.ts";
import { ownSshd, sshdPath } from "./testing/own-sshd.ts";

const sshd = sshdPath();
if (!sshd) console.log("SFTP tests skipped: no sshd found (package openssh-server)");

describe.skipIf(!sshd)("files on an SFTP server", () => {
  let t: TestDatabase;
  let services: TestServices;
  let server: Awaited<ReturnType<typeof ownSshd>>;
  let root: string;
  beforeAll(async () => {
    t = await aTestDatabase();
    services = testServices(t, fixedClock(new Date().toISOString()));
    server = await ownSshd(sshd ?? "");
    root = await mkdtemp(path.join(tmpdir(), "encours-sftp-root-"));
  });
  afterAll(async () => {
    await server?.stop();
    await rm(root, { recursive: true, force: true });
    await t.close();
  });

  const settings = (more: Record<string, string | number> = {}) => ({
    host: "127.0.0.1",
    port: server.port,
    user: server.user,
    hostKey: server.fingerprint,
    folder: root,
    content: "items",
    ...more,
  });
  const trial = async (more: Record<string, string | number> = {}, privateKey = server.privateKey) => {
    const tried = await trySource(services, t.actor(), {
      connector: "sftp",
      sourceId: null,
      settings: settings(more),
      secrets: { privateKey },
    });
    if (!tried.ok) throw new Error(tried.code);
    return tried.value;
  };
  async function drop(folder: string, name: string, text: string): Promise<void> {
    await mkdir(path.join(root, folder), { recursive: true });
    const at = path.join(root, folder, name);
    await writeFile(at, text);
    const before = new Date(Date.now() - 60_000);
    await utimes(at, before, before);
  }

  test("a server is reached once a person confirmed its key; another key is refused before anything is said", async () => {
    const first = await trial({ hostKey: "" });
    expect(first).toMatchObject({ isReached: false, text: expect.stringContaining(server.fingerprint) });
    expect(await trial()).toMatchObject({ isReached: true });
    expect(await trial({ hostKey: "SHA256:another" })).toMatchObject({
      isReached: false,
      text: expect.stringContaining("attendue"),
    });
  });

  test("wrong key, wrong folder, closed port: each is said in words", async () => {
    const other = await ownSshd(sshd ?? "");
    const stranger = other.privateKey;
    await other.stop();
    expect((await trial({}, stranger)).text).toContain("refuse");
    expect((await trial({ folder: `${root}/none` })).text).toContain("Introuvable");
    expect((await trial({ port: other.port })).text).toContain("ne répond pas");
    expect((await trial({ host: "169.254.169.254" })).text).toContain("ENCOURS_OUTSIDE_ALLOW");
  });

  test("files come in oldest first by company and are moved away over there, once", async () => {
    const [one, two] = [await aSellingCompany(t, "SFTP1"), await aSellingCompany(t, "SFTP2")];
    await drop("one", "a.csv", "Client;Facture;Date;Echeance;Montant\nA;F1;01/02/2026;03/03/2026;100,00\n");
    await drop("two", "a.csv", "Client;Facture;Date;Echeance;Montant\nB;F2;01/02/2026;03/03/2026;200,00\n");
    await drop("one", "half.csv.part", "Client");
    const id = await aSource(t, services, {
      connector: "sftp",
      settings: settings(),
      secrets: { privateKey: server.privateKey },
      companies: [
        { companyId: one, part: "one" },
        { companyId: two, part: "two" },
      ],
    });
    const run = await runNow(t, services, id);
    expect([run.state, run.fault]).toEqual(["done", null]);
    expect(await ledgerOf(t, one)).toMatchObject([{ doc: "F1", minor: 10_000n }]);
    expect(await ledgerOf(t, two)).toMatchObject([{ doc: "F2", minor: 20_000n }]);
    expect((await readdir(path.join(root, "one"))).sort()).toEqual(["done", "half.csv.part"]);
    expect((await runNow(t, services, id)).report?.companies).toEqual([]);
    await drop("one", "bad.csv", "\u0000\u0001\u0000");
    expect(await runNow(t, services, id)).toMatchObject({ state: "failed" });
    expect(await readdir(path.join(root, "one", "failed"))).toHaveLength(1);
  });
});
