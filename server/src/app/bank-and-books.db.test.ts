import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "#kernel/calendar-date.ts";
import { addBankAccountIn, importFile, matchCash, receiveFile } from "#modules/cash/index.ts";
import { openItems, verifyLedger } from "#modules/receivables/index.ts";
import { sql } from "#platform/database/index.ts";
import { aSellingCompany } from "../../testing/company.ts";
import { aTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { type TestServices, testServices } from "../../testing/services.ts";
import { chooseForImport } from "../modules/connectors/actions/change-import.ts";
import { runImport } from "../modules/connectors/actions/run-import.ts";
import { startImport } from "../modules/connectors/actions/start-import.ts";
import { readStatements } from "./ports.ts";

// What the bank shows first and the books bring later, as real files: a FEC, a camt.053, the FEC of the month after.

const TODAY = day("2026-11-21");
const IBAN = "FR7630006000011234567890189";
let t: TestDatabase;
let services: TestServices;
let folder: string;
beforeAll(async () => {
  t = await aTestDatabase();
  services = testServices(t);
  folder = await mkdtemp(path.join(tmpdir(), "encours-test-books-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await t.close();
});

const HEADER =
  "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise";
type Line = {
  journal: string;
  name: string;
  no: string;
  on: string;
  account: string;
  aux?: string;
  piece: string;
  debit?: string;
  credit?: string;
  letter?: string;
};
const line = (of: Line): string =>
  [
    of.journal,
    of.name,
    of.no,
    of.on,
    of.account,
    "x",
    of.aux ?? "",
    of.aux ? "DUPONT SARL" : "",
    of.piece,
    of.on,
    of.name,
    of.debit ?? "0,00",
    of.credit ?? "0,00",
    of.letter ?? "",
    of.letter ? of.on : "",
    of.on,
    "",
    "",
  ].join("\t");
const sale = (no: string, on: string, amount: string, letter?: string) => [
  line({
    journal: "VE",
    name: "Ventes",
    no,
    on,
    account: "411000",
    aux: "CDUPONT",
    piece: `FA26-${no.padStart(6, "0")}`,
    debit: amount,
    ...(letter ? { letter } : {}),
  }),
  line({
    journal: "VE",
    name: "Ventes",
    no,
    on,
    account: "706000",
    piece: `FA26-${no.padStart(6, "0")}`,
    credit: amount,
  }),
];
const receipt = (no: string, on: string, amount: string, letter?: string) => [
  line({ journal: "BQ", name: "Banque", no, on, account: "512000", piece: `BQ${no}`, debit: amount }),
  line({
    journal: "BQ",
    name: "Banque",
    no,
    on,
    account: "411000",
    aux: "CDUPONT",
    piece: `BQ${no}`,
    credit: amount,
    ...(letter ? { letter } : {}),
  }),
];

async function loadFec(companyId: string, lines: readonly string[]): Promise<void> {
  const at = path.join(folder, "123456789FEC20261231.txt");
  await writeFile(at, [HEADER, ...lines].join("\r\n"));
  const started = await startImport(services, t.actor(), {
    fileName: path.basename(at),
    path: at,
    kind: "auto",
    companyId,
  });
  if (!started.ok) throw new Error(JSON.stringify(started));
  const { id, choices, version } = started.value;
  const chosen = await chooseForImport(services, t.actor(), id, { ...choices, companyId }, version);
  if (!chosen.ok) throw new Error(JSON.stringify(chosen));
  const ran = await runImport(services, t.actor(), id, "apply", TODAY, at);
  if (!ran.ok || ran.value.state !== "applied") throw new Error(JSON.stringify(ran).slice(0, 800));
}

const camt = (amount: string, reference: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId><CreDtTm>2026-10-10T08:00:00</CreDtTm></GrpHdr>
<Stmt><Id>1</Id><CreDtTm>2026-10-10T08:00:00</CreDtTm><Acct><Id><IBAN>${IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-10-09</Dt></BookgDt><ValDt><Dt>2026-10-09</Dt></ValDt>
<AcctSvcrRef>${reference}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>DUPONT SARL</Nm></Dbtr></RltdPties><RmtInf><Ustrd>FACTURES FA26-000001 ET FA26-000002</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>`;

const balances = (companyId: string) =>
  t.db.transaction(t.tenant, async (tx) => {
    const sumOf = async (layers: "ledger" | "working") => {
      const row = await tx.one<{ minor: bigint; items: number }>(sql`
        select coalesce(sum(o.open_minor), 0)::bigint as minor, count(*)::int as items
        from ${openItems(tx, TODAY, layers)} o
        join parties.account_current a on a.tenant_id = ${tx.tenant} and a.account_id = o.account_id
        where a.company_id = ${companyId}`);
      return `${row.minor} in ${row.items}`;
    };
    return { ledger: await sumOf("ledger"), working: await sumOf("working") };
  });

test("a receipt that the bank shows first is counted once when the books bring it, unlettered and lettered", async () => {
  const companyId = await aSellingCompany(t, "BK", { iban: IBAN });
  const sales = [
    ...sale("1", "20260901", "1200,00"),
    ...sale("2", "20260915", "300,00"),
    ...sale("3", "20261001", "77,00"),
  ];
  await loadFec(companyId, sales);
  expect(await balances(companyId)).toEqual({ ledger: "157700 in 3", working: "157700 in 3" });

  await t.db.transaction(t.tenant, (tx) =>
    addBankAccountIn(tx, t.actor(), { companyId, identifier: IBAN, currency: "EUR", name: "Banque", isActive: true }),
  );
  const read = await readStatements(Buffer.from(camt("1500.00", "REF1")), "releve.xml", "fr");
  if (!read.ok) throw new Error(read.code);
  const received = { name: "releve.xml", digest: "d", sizeBytes: 1, file: read.value, companyId };
  await importFile(services, t.actor(), await receiveFile(services, t.actor(), received, TODAY));
  expect(await matchCash(services, { id: t.tenant, zone: "Europe/Paris" }, TODAY)).toMatchObject({ posted: 1 });
  expect(await balances(companyId)).toEqual({ ledger: "157700 in 3", working: "7700 in 1" });

  await loadFec(companyId, [...sales, ...receipt("9", "20261012", "1500,00")]);
  expect((await balances(companyId)).working).toBe("7700 in 1");
  await loadFec(companyId, [
    ...sale("1", "20260901", "1200,00", "AA"),
    ...sale("2", "20260915", "300,00", "AA"),
    ...sale("3", "20261001", "77,00"),
    ...receipt("9", "20261012", "1500,00", "AA"),
  ]);
  expect(await balances(companyId)).toEqual({ ledger: "7700 in 1", working: "7700 in 1" });
  expect(await matchCash(services, { id: t.tenant, zone: "Europe/Paris" }, TODAY)).toMatchObject({ posted: 0 });
  expect(await t.db.transaction(t.tenant, verifyLedger)).toEqual([]);
});
