import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "#kernel/calendar-date.ts";
import { addBankAccountIn, importFile, matchCash, receiveFile, type SourceFile } from "#modules/cash/index.ts";
import { aSellingCompany } from "../../testing/company.ts";
import { aTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { sample } from "../../testing/samples.ts";
import { acceptStatement } from "../modules/cash/actions/decide-statements.ts";
import { statementsOfFile } from "../modules/cash/store/statement-rows.ts";
import { readStatements } from "./ports.ts";

const TODAY = day("2026-11-21");
const folder = sample("bank-statements");
if (!folder) console.log("bank samples skipped: set ENCOURS_SAMPLES to their folder");

let t: TestDatabase;
beforeAll(async () => {
  t = await aTestDatabase();
});
afterAll(() => t.close());

const countLines = async () =>
  Number(
    (
      await t.ownerQuery<{ n: string }>(
        "select count(*) as n from cash.bank_line where state not in ('held', 'replaced')",
      )
    )[0]?.n,
  );

async function filesIn(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

/** Receives a file and imports all of it, whatever stands against it. */
async function bring(name: string, file: SourceFile): Promise<void> {
  const fileId = await receiveFile(
    { db: t.db },
    t.actor(),
    { name, digest: name, sizeBytes: 1, file, companyId: null },
    TODAY,
  );
  const imported = await importFile({ db: t.db }, t.actor(), fileId);
  expect([name, imported.ok]).toEqual([name, true]);
  const statements = await t.db.transaction(t.tenant, (tx) => statementsOfFile(tx, fileId));
  for (const one of statements.filter(
    ({ state, bankAccountId }) => state === "quarantined" && bankAccountId !== null,
  )) {
    const decision = { reason: "x", bankAccountId: null };
    const accepted = await acceptStatement({ db: t.db }, t.actor(), one.id, decision, one.version);
    expect([name, accepted.ok]).toEqual([name, true]);
  }
}

test.skipIf(!folder)(
  "every real bank file gets a verdict and is imported once, whatever order it comes in",
  async () => {
    const companyId = await aSellingCompany(t, "S");
    const files: { name: string; file: SourceFile }[] = [];
    for (const at of await filesIn(folder ?? "")) {
      const read = await readStatements(await readFile(at), path.basename(at), "fr");
      if (read.ok) files.push({ name: path.relative(folder ?? "", at), file: read.value });
    }
    expect(files.length).toBeGreaterThan(50);
    // a fragment names no account: it waits for a person
    for (const { file } of files)
      for (const statement of file.statements.filter((one) =>
        /[A-Za-z0-9].*[A-Za-z0-9].*[A-Za-z0-9]/.test(one.account),
      ))
        await t.db.transaction(t.tenant, (tx) =>
          addBankAccountIn(tx, t.actor(), {
            companyId: companyId,
            identifier: statement.account,
            currency: statement.currency ?? "EUR",
            name: "x",
            isActive: true,
          }),
        );
    const services = { db: t.db, clock: { now: () => new Date("2026-11-21T09:00:00Z") } };
    for (const { name, file } of files) await bring(name, file);
    await matchCash(services, { id: t.tenant, zone: "Europe/Paris" }, TODAY);
    const once = await countLines();
    expect(once).toBeGreaterThan(200);
    for (const { name, file } of [...files].reverse()) await bring(name, file);
    expect(await countLines()).toBe(once);
  },
  240_000,
);
