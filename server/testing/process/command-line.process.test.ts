import { statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aFolder, encours, freePort, type Served, serve, stop } from "./processes.ts";

const folder = aFolder();
const data = path.join(folder.path, "data");
const here = { ENCOURS_DATA: data };
const ADMIN = { ENCOURS_ADMIN_EMAIL: "a@b.example", ENCOURS_ADMIN_PASSWORD: "correct horse battery" };
const file = path.join(folder.path, "items.csv");
let served: Served;

beforeAll(async () => {
  writeFileSync(
    file,
    "Client;Nom;Facture;Date;Échéance;Montant\nA1;Café Été;F1;01/01/2026;31/01/2026;1 200,50\nA2;Béta;F2;01/02/2026;03/03/2026;80,00\n",
  );
  served = await serve({ ...here, ...ADMIN, PORT: String(await freePort()) });
});
afterAll(async () => {
  await stop(served);
  folder.release();
});

test("import creates the company and says so, balances tie, verify is sound - beside the served installation", () => {
  const dry = encours(["import", file, "--company", "FR01", "--dry-run"], here);
  expect(dry).toMatchObject({ code: 1, err: expect.stringContaining("company FR01 does not exist yet") });
  const imported = encours(["import", file, "--company", "FR01"], here);
  expect(imported).toMatchObject({ code: 0, err: "" });
  expect(imported.out).toContain("company FR01 created, books in EUR");
  expect(imported.out).toMatch(/= 1\u202f280,50 EUR, tied/);
  const again = JSON.parse(encours(["import", file, "--company", "FR01", "--json"], here).out);
  expect(again).toMatchObject({ state: "applied", report: { counts: { new: 0, unchanged: 2 } } });
  const balance = JSON.parse(encours(["aged-balance", "--as-of", "2026-02-15", "--json"], here).out);
  expect(balance.totals).toMatchObject([{ currency: "EUR", total: "128050", overdue: "120050" }]);
  const items = JSON.parse(encours(["items", "--as-of", "2026-02-15", "--customer", "A1", "--json"], here).out);
  expect(items.rows).toMatchObject([{ documentNo: "F1", open: { minor: "120050", currency: "EUR" }, daysPastDue: 15 }]);
  expect(encours(["verify"], here)).toMatchObject({ code: 0, out: expect.stringContaining("sound") });
});

test("plan says what would be sent and why not, and changes nothing", () => {
  const plan = JSON.parse(encours(["plan", "--as-of", "2026-02-15", "--json"], here).out);
  expect(plan.rows).toMatchObject([{ customerNumber: "A1", code: "no_contact" }]);
  const runs = encours(["plan", "--as-of", "2026-02-15", "--json"], here);
  expect(JSON.parse(runs.out).summary).toMatchObject({ runId: null, groups: plan.summary.groups });
});

test("errors are one clear line and a non-zero exit", () => {
  const bad = path.join(folder.path, "bad.csv");
  writeFileSync(bad, "Client;Facture;Date;Montant\nA;F9;31/02/2026;1,00\n");
  const lines = (said: { err: string }) => said.err.trim().split("\n");
  expect(encours(["import", path.join(folder.path, "none.csv"), "--company", "FR01"], here)).toMatchObject({
    code: 1,
    err: expect.stringContaining("no such file"),
  });
  const refused = encours(["import", bad, "--company", "FR01"], here);
  expect([refused.code, lines(refused)]).toEqual([1, [expect.stringContaining("1 rows refused, nothing imported")]]);
  expect(refused.out).toContain("refused, line 2, Date");
  expect(lines(encours(["aged-balance", "--as-of", "2026-13-01"], here))[0]).toMatch(/^encours: /);
  expect(encours(["items", "--as-of", "2026-01-01", "--customer", "nobody"], here)).toMatchObject({
    code: 1,
    err: "encours: no customer nobody\n",
  });
  expect(encours(["aged-balance"], here).code).toBe(1);
  expect(
    encours(["aged-balance", "--as-of", "2026-01-01", "--url", "http://127.0.0.1:9", "--key", "enc_x"], here),
  ).toMatchObject({ code: 1, err: expect.stringContaining("cannot reach") });
});

test("with a key the same commands work on the installation over HTTP, within the key's rights", async () => {
  const cookie = (
    await fetch(`${served.url}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: served.url },
      body: JSON.stringify({ email: "a@b.example", password: "correct horse battery" }),
    })
  ).headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const made = (await (
    await fetch(`${served.url}/api/v1/api-keys`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie },
      body: JSON.stringify({
        name: "BI",
        permissions: ["receivables.read", "companies.read"],
        expiresOn: "2099-01-01",
      }),
    })
  ).json()) as { key: string };
  const remote = ["--url", served.url, "--key", made.key, "--json"];
  const balance = encours(["aged-balance", "--as-of", "2026-02-15", ...remote], {});
  expect(JSON.parse(balance.out).totals).toMatchObject([{ total: "128050" }]);
  expect(encours(["import", file, "--company", "FR01", ...remote], {})).toMatchObject({
    code: 1,
    err: expect.stringContaining("imports.write"),
  });
});

test("export writes every row; a backup restores elsewhere to the same figures, disarmed", async () => {
  const csv = path.join(folder.path, "out.csv");
  expect(encours(["export", "items", csv, "--as-of", "2026-02-15"], here).code).toBe(0);
  expect(statSync(csv).size).toBeGreaterThan(100);
  const backup = path.join(folder.path, "backup.encours");
  expect(encours(["backup", backup], here)).toMatchObject({ code: 0 });
  const elsewhere = { ENCOURS_DATA: path.join(folder.path, "restored") };
  expect(encours(["restore", backup], elsewhere)).toMatchObject({ code: 0, err: "" });
  expect(JSON.parse(encours(["aged-balance", "--as-of", "2026-02-15", "--json"], elsewhere).out).totals).toMatchObject([
    { total: "128050" },
  ]);
  expect(encours(["verify"], elsewhere)).toMatchObject({ code: 0 });
  expect(encours(["restore", backup], elsewhere)).toMatchObject({
    code: 1,
    err: expect.stringContaining("already holds an organisation"),
  });
  const cut = path.join(folder.path, "cut.encours");
  const { readFileSync } = await import("node:fs");
  writeFileSync(cut, readFileSync(backup).subarray(0, statSync(backup).size - 200));
  const third = { ENCOURS_DATA: path.join(folder.path, "third") };
  expect(encours(["restore", cut], third)).toMatchObject({
    code: 1,
    err: expect.stringContaining("cut short or was altered"),
  });
});
