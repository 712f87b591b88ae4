import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "#kernel/calendar-date.ts";
import { openItems } from "#modules/receivables/index.ts";
import { sql } from "#platform/database/index.ts";
import { aSellingCompany } from "../../../../testing/company.ts";
import { aTestDatabase, type TestDatabase } from "../../../../testing/database.ts";
import { sample } from "../../../../testing/samples.ts";
import { type TestServices, testServices } from "../../../../testing/services.ts";
import { withTemporaryFile } from "./import-file.ts";
import { readAnyFile } from "./read-file.ts";
import { runImport } from "./run-import.ts";
import { startImport } from "./start-import.ts";

// What `read` says of a FEC is what an import of it leaves open: same balance, same ages, same credits.

let t: TestDatabase;
let services: TestServices;
beforeAll(async () => {
  t = await aTestDatabase();
  services = testServices(t);
});
afterAll(() => t.close());

const HEADER =
  "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise";
const row = (
  journal: string,
  no: string,
  on: string,
  account: string,
  aux: string,
  debit: string,
  credit: string,
  letter = "",
) =>
  [
    journal,
    journal,
    no,
    on,
    account,
    account,
    aux,
    aux && `Client ${aux}`,
    `P${no}`,
    on,
    "x",
    debit,
    credit,
    letter,
    "",
    on,
    "",
    "",
  ].join("|");
const invoice = (no: string, on: string, aux: string, amount: string, letter = "") => [
  row("VE", no, on, "411000", aux, amount, "0,00", letter),
  row("VE", no, on, "706000", "", "0,00", amount),
];
const payment = (no: string, on: string, aux: string, amount: string, letter = "") => [
  row("BQ", no, on, "411000", aux, "0,00", amount, letter),
  row("BQ", no, on, "512000", "", amount, "0,00"),
];
const OWN = [
  HEADER,
  ...invoice("1", "20250110", "C1", "1200,00", "A"),
  ...payment("2", "20250210", "C1", "1000,00", "A"),
  ...invoice("3", "20250601", "C1", "300,00"),
  ...payment("4", "20251120", "C1", "300,00"),
  ...invoice("5", "20251201", "C2", "99,99"),
  ...payment("6", "20251215", "C3", "50,00"),
  ...invoice("7", "20250901", "C2", "10,00"),
].join("\r\n");

async function compare(content: Buffer, fileName: string, code: string): Promise<void> {
  const companyId = await aSellingCompany(t, code);
  await withTemporaryFile(content, async (file) => {
    const reading = await readAnyFile(file, { kind: null, fileName, language: "fr" });
    if (reading.kind !== "fec") throw new Error("a FEC was expected");
    const started = await startImport(services, t.actor(), { fileName, path: file, kind: "auto", companyId });
    if (!started.ok) throw new Error(started.code);
    const ran = await runImport(services, t.actor(), started.value.id, "apply", day("2026-11-21"), file);
    if (!ran.ok) throw new Error(ran.code);
    expect(ran.value.state).toBe("applied");
    const on = day(reading.receivable.asOf ?? "");
    const open = await t.db.transaction(t.tenant, (tx) =>
      tx.rows<{ dueOn: string; minor: bigint }>(sql`
        select o.due_on as "dueOn", o.open_book_minor as minor from ${openItems(tx, on, "ledger")} o
        join parties.account a on a.tenant_id = ${tx.tenant} and a.account_id = o.account_id
        where a.company_id = ${companyId}`),
    );
    const late = (dueOn: string) => (Date.parse(on) - Date.parse(dueOn)) / 86_400_000;
    const inBucket = ({ from, to }: { from: number | null; to: number | null }, dueOn: string) =>
      from === null ? late(dueOn) <= 0 : late(dueOn) >= from && (to === null || late(dueOn) <= to);
    for (const bucket of reading.receivable.openItems) {
      const found = open.filter((one) => one.minor > 0n && inBucket(bucket, one.dueOn));
      expect([bucket.from, bucket.count, bucket.minor]).toEqual([
        bucket.from,
        found.length,
        String(found.reduce((sum, one) => sum + one.minor, 0n)),
      ]);
    }
    const credits = open.filter((one) => one.minor < 0n);
    expect(reading.receivable.credits.count).toBe(credits.length);
    expect(reading.receivable.balanceMinor).toBe(String(open.reduce((sum, one) => sum + one.minor, 0n)));
  });
}

test("a FEC reads as an import of it would open", () => compare(Buffer.from(OWN), "123456789FEC20251231.txt", "OWN"));

const real = sample("fec/0000000001FEC20220831-extract.txt");
test.skipIf(!real)(
  "the public FEC reads as an import of it opens (set ENCOURS_SAMPLES)",
  { timeout: 120_000 },
  async () => {
    if (real) await compare(await readFile(real), path.basename(real), "REAL");
  },
);
