import { mkdir, rm, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixedClock } from "#kernel/clock.ts";
import { addBankAccountIn } from "#modules/cash/index.ts";
import { runSource } from "#modules/connectors/index.ts";
import { aSellingCompany } from "../../testing/company.ts";
import { aTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { type TestServices, testServices } from "../../testing/services.ts";
import { startRun } from "../modules/connectors/actions/manage-sources.ts";
import { aSource } from "../modules/connectors/testing/sources.ts";
import { filePorts } from "./ports.ts";

let t: TestDatabase;
let services: TestServices;
beforeAll(async () => {
  t = await aTestDatabase();
  services = testServices(t, fixedClock("2026-03-10T08:00:00Z"));
});
afterAll(async () => {
  await rm(services.inbox, { recursive: true, force: true });
  await t.close();
});

const IBAN = "FR7630006000011234567890189";
const statement = (iban: string, closing: string) =>
  `:20:X\n:25:${iban}\n:28C:1/1\n:60F:C260301EUR1000,00\n:61:2603020302C100,00NTRFNONREF\n:86:VIREMENT CLIENT A\n:62F:C260302EUR${closing}\n-\n`;

test("bank files of a watched folder are imported where nothing stands against them, held where something does, once", async () => {
  const companyId = await aSellingCompany(t, "BANK");
  await t.db.transaction(t.tenant, async (tx) => {
    const account = { companyId, identifier: IBAN, currency: "EUR", name: "Banque", isActive: true };
    await addBankAccountIn(tx, t.actor(), account);
  });
  const folder = path.join(services.inbox, t.tenant, "bank");
  await mkdir(folder, { recursive: true });
  const drop = async (name: string, text: string) => {
    await writeFile(path.join(folder, name), text);
    await utimes(path.join(folder, name), new Date(0), new Date(0));
  };
  const id = await aSource(t, services, {
    connector: "folder",
    settings: { folder: "bank", content: "bank" },
    companies: [{ companyId }],
  });
  const run = async () => {
    const started = await startRun(services, t.actor(), id, "person");
    if (!started.ok) throw new Error(started.code);
    const done = await runSource(services, t.actor(), started.value.id, undefined, filePorts);
    return done?.report?.companies[0]?.files.map((one) => one.outcome);
  };
  await drop("a.sta", statement(IBAN, "1100,00"));
  expect(await run()).toEqual(["applied"]);
  await drop("again.sta", statement(IBAN, "1100,00"));
  expect(await run()).toEqual(["known"]);
  // a balance that does not close waits for a person
  await drop("broken.sta", statement(IBAN, "9100,00"));
  expect(await run()).toEqual(["held"]);
  await drop("noise.sta", "\u0000\u0001 nothing");
  expect(await run()).toEqual(["refused"]);
  const lines = await t.ownerQuery("select 1 from cash.bank_line where tenant_id = $1 and state = 'waiting'", [
    t.tenant,
  ]);
  expect(lines).toHaveLength(1);
});
