import { mkdir, rm, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BankCsvLayout } from "#contracts/bank-csv.ts";
import { PERMISSIONS } from "#contracts/permissions.ts";
import { fixedClock } from "#kernel/clock.ts";
import { addBankAccountIn } from "#modules/cash/index.ts";
import { runSource } from "#modules/connectors/index.ts";
import { aSellingCompany } from "../../testing/company.ts";
import { aTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { type TestServices, testServices } from "../../testing/services.ts";
import { startRun } from "../modules/connectors/actions/manage-sources.ts";
import { aSource } from "../modules/connectors/testing/sources.ts";
import { filePorts } from "./ports.ts";
import { allRoutes } from "./routes.ts";
import { buildWebServer } from "./web-server.ts";

let t: TestDatabase;
let services: TestServices;
let app: FastifyInstance;
const accounts: string[] = [];
const companies: string[] = [];

const NOBODY = {
  handle: async () => new Response(null, { status: 404 }),
  userOf: async () => undefined,
  createUser: async () => ({ id: "u", isNew: true }),
  checkPassword: async () => false,
  close: async () => {},
};

beforeAll(async () => {
  t = await aTestDatabase();
  services = testServices(t, fixedClock("2026-03-10T08:00:00Z"));
  const caller = t.actor(PERMISSIONS);
  app = await buildWebServer({ services, signIn: NOBODY, routes: allRoutes(NOBODY), logger: false, caller });
  for (const identifier of ["FR7630006000011234567890189", "DE89370400440532013000"]) {
    const companyId = await aSellingCompany(t, `C${accounts.length}`);
    const made = await t.db.transaction(t.tenant, (tx) =>
      addBankAccountIn(tx, t.actor(), { companyId, identifier, currency: "EUR", name: "Banque", isActive: true }),
    );
    if (!made.ok) throw new Error(made.code);
    accounts.push(made.value.id);
    companies.push(companyId);
  }
});
afterAll(async () => {
  await app.close();
  await rm(services.inbox, { recursive: true, force: true });
  await t.close();
});

const LAYOUT: BankCsvLayout = {
  separator: ";",
  header: [],
  firstLine: 1,
  columns: ["bookedOn", null, "label", "amount", "balance"],
  decimalMark: ",",
  dayOrder: "dmy",
};
const march = (day: string, label: string, amount: string, balance: string) =>
  `${day}/03/2026;x;${label};${amount};${balance}`;
const FIRST = [march("02", "VIR DUPRE FACT 12", "1 250,00", "2 250,00"), march("03", "FRAIS", "-5,50", "2 244,50")];

type Answer = { status: number; body: Record<string, never> & { [key: string]: unknown } };
async function send(url: string, lines: readonly string[], query: Record<string, string> = {}): Promise<Answer> {
  const answer = await app.inject({
    method: "POST",
    url: `/api/v1${url}?${new URLSearchParams(query)}`,
    headers: { "content-type": "multipart/form-data; boundary=xx" },
    payload: `--xx\r\nContent-Disposition: form-data; name="file"; filename="mars.csv"\r\nContent-Type: text/csv\r\n\r\n${lines.join("\n")}\r\n--xx--\r\n`,
  });
  return { status: answer.statusCode, body: answer.json() };
}

test("a table that says nothing is described once, shown before, then read by itself, and asks again when forgotten", async () => {
  const refused = await send("/bank-files", FIRST);
  expect([refused.status, refused.body["code"]]).toEqual([422, "bank_csv_needs_columns"]);
  expect(refused.body["detail"]).toContain("décrivez ses colonnes");

  const guess = await send("/bank-csv-preview", FIRST);
  expect([guess.status, guess.body["rowCount"], guess.body["count"]]).toEqual([200, 2, 2]);
  const shown = await send("/bank-csv-preview", [...FIRST, "04/03/2026;x;X;douze;"], {
    layout: JSON.stringify(LAYOUT),
    bankAccountId: accounts[0] ?? "",
  });
  expect(shown.body).toMatchObject({
    count: 2,
    credit: { minor: "125000", currency: "EUR" },
    debit: { minor: "550" },
    opening: { minor: "100000" },
    closing: { minor: "224450" },
    chain: "ok",
    entries: [{ line: 1, bookedOn: "2026-03-02", amount: { minor: "125000" }, text: "VIR DUPRE FACT 12" }, { line: 2 }],
    faults: [{ code: "impossible_amount", line: 3, column: "4" }],
    faultCount: 1,
  });
  const incomplete = await send("/bank-csv-preview", FIRST, {
    layout: JSON.stringify({ ...LAYOUT, columns: [null, null, null, null, null] }),
  });
  expect(incomplete.body).toMatchObject({ count: 0, reason: expect.stringContaining("date") });

  const layout = JSON.stringify(LAYOUT);
  expect((await send("/bank-files", FIRST, { layout })).body["code"]).toBe("unknown_bank_account");
  expect((await send("/bank-files", FIRST, { layout: "{" })).status).toBe(400);
  const taken = await send("/bank-files", FIRST, { layout, bankAccountId: accounts[0] ?? "" });
  expect(taken.status).toBe(201);
  expect(taken.body).toMatchObject({
    format: "csv",
    statements: [{ bankAccountId: accounts[0], state: "checked", lineCount: 2, chain: "ok" }],
  });

  // The next file of that shape needs nobody.
  const next = [march("04", "VIR MARTIN", "10,00", "2 254,50")];
  expect((await send("/bank-files", next)).body).toMatchObject({ statements: [{ bankAccountId: accounts[0] }] });

  const kept = (await app.inject({ url: "/api/v1/bank-csv-layouts" })).json().rows;
  expect(kept).toMatchObject([{ bankAccountId: accounts[0], accountName: "Banque", layout: LAYOUT }]);
  const gone = await app.inject({ method: "DELETE", url: `/api/v1/bank-csv-layouts/${kept[0].id}` });
  expect(gone.statusCode).toBe(204);
  expect((await send("/bank-files", next)).body["code"]).toBe("bank_csv_needs_columns");
});

test("a watched folder reads such files by what was said about its company's accounts", async () => {
  const layout = JSON.stringify(LAYOUT);
  for (const bankAccountId of accounts)
    expect((await send("/bank-files", FIRST, { layout, bankAccountId })).status).toBe(201);
  // two accounts have files like these: this one names neither
  const unclear = await send("/bank-files", [march("05", "VIR A", "1,00", "2,00")]);
  expect(unclear.body["detail"]).toContain("Plusieurs comptes");
  const folder = path.join(services.inbox, t.tenant, "csv");
  await mkdir(folder, { recursive: true });
  const id = await aSource(t, services, {
    connector: "folder",
    settings: { folder: "csv", content: "bank" },
    companies: [{ companyId: companies[1] ?? "" }],
  });
  const run = async (name: string, text: string) => {
    await writeFile(path.join(folder, name), text);
    await utimes(path.join(folder, name), new Date(0), new Date(0));
    const started = await startRun(services, t.actor(), id, "person");
    if (!started.ok) throw new Error(started.code);
    const done = await runSource(services, t.actor(), started.value.id, undefined, filePorts);
    const unit = done?.report?.companies[0];
    return [unit?.files.map((one) => one.outcome), unit?.fault?.code];
  };
  expect(await run("a.csv", march("06", "VIR B", "20,00", "2 264,50"))).toEqual([["applied"], undefined]);
  expect(await run("b.csv", "06/03/2026;VIR B;20,00")).toEqual([["refused"], "csv_not_mapped"]);
  const lines = await t.ownerQuery<{ account: string; minor: string }>(
    "select bank_account_id as account, amount_minor::text as minor from cash.bank_line where tenant_id = $1 and text = 'VIR B'",
    [t.tenant],
  );
  expect(lines).toEqual([{ account: accounts[1], minor: "2000" }]);
});
