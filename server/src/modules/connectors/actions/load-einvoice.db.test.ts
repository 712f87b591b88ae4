import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { undoBatch, verifyLedger } from "#modules/receivables/index.ts";
import { sql } from "#platform/database/index.ts";
import { aSellingCompany } from "../../../../testing/company.ts";
import { aTestDatabase, type TestDatabase } from "../../../../testing/database.ts";
import { type TestServices, testServices } from "../../../../testing/services.ts";
import { withTemporaryFile } from "./import-file.ts";
import { runImport } from "./run-import.ts";
import { startImport } from "./start-import.ts";

let t: TestDatabase;
let services: TestServices;
beforeAll(async () => {
  t = await aTestDatabase();
  services = testServices(t);
});
afterAll(() => t.close());

const TODAY = day("2026-11-21");

const company = (siren: string | null = "123456782") => aSellingCompany(t, undefined, { name: "Vendeur", siren });

async function load(name: string, content: string, companyId: string, mode: "check" | "apply" = "apply") {
  return withTemporaryFile(Buffer.from(content), async (file) => {
    const started = await startImport(services, t.actor(), { fileName: name, path: file, kind: "auto", companyId });
    if (!started.ok) throw new Error(JSON.stringify(started));
    const ran = await runImport(services, t.actor(), started.value.id, mode, TODAY, file);
    if (!ran.ok) throw new Error(JSON.stringify(ran));
    return ran.value;
  });
}

type Parts = {
  root?: "Invoice" | "CreditNote";
  number: string;
  buyer?: string;
  siren?: string;
  total?: string;
  prepaid?: string;
  payable?: string;
  due?: string;
  seller?: string;
};
function ubl({
  root = "Invoice",
  number,
  buyer = "Dupré SARL",
  siren = "732829320",
  total = "120.00",
  prepaid,
  payable = total,
  due = "2026-05-15",
  seller = "123456782",
}: Parts): string {
  const id = (value: string) => `<CompanyID schemeID="0002">${value}</CompanyID>`;
  const party = (name: string, legal: string) =>
    `<Party><PartyLegalEntity><RegistrationName>${name}</RegistrationName>${legal && id(legal)}</PartyLegalEntity></Party>`;
  const amount = (name: string, value: string) => `<${name} currencyID="EUR">${value}</${name}>`;
  return `<${root} xmlns="urn:oasis"><ID>${number}</ID><IssueDate>2026-04-01</IssueDate>${due && root === "Invoice" ? `<DueDate>${due}</DueDate>` : ""}<${root}TypeCode>${root === "Invoice" ? "380" : "381"}</${root}TypeCode><DocumentCurrencyCode>EUR</DocumentCurrencyCode><AccountingSupplierParty>${party("Vendeur", seller)}</AccountingSupplierParty><AccountingCustomerParty>${party(buyer, siren)}</AccountingCustomerParty><LegalMonetaryTotal>${amount("TaxExclusiveAmount", total)}${amount("TaxInclusiveAmount", total)}${prepaid ? amount("PrepaidAmount", prepaid) : ""}${amount("PayableAmount", payable)}</LegalMonetaryTotal><InvoiceLine/></${root}>`;
}

const HEADER =
  "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise";
const fec = (aux: string, name: string, ref: string, amount: string) =>
  [
    HEADER,
    ...[
      ["411000", aux, name, amount, "0,00"],
      ["706000", "", "", "0,00", amount],
    ].map(([account, a, n, d, c]) =>
      [
        "VE",
        "Ventes",
        "1",
        "20260401",
        account,
        account,
        a,
        n,
        ref,
        "20260401",
        "x",
        d,
        c,
        "",
        "",
        "20260401",
        "",
        "",
      ].join("|"),
    ),
  ].join("\r\n");

const items = (companyId: string) =>
  t.db.transaction(t.tenant, (tx) =>
    tx.rows<{ layer: string; number: string; open: bigint; due: string; auxiliary: string; documents: bigint }>(sql`
      select s.layer, s.document_no as number, s.working_open_minor as open, s.due_on as due, a.auxiliary,
             (select count(*) from documents.document d where d.tenant_id = s.tenant_id and d.subject_type = 'item' and d.subject_id = s.item_id) as documents
      from receivables.item_state s
      join parties.account_current a on a.tenant_id = s.tenant_id and a.account_id = s.account_id
      where s.tenant_id = ${tx.tenant} and a.company_id = ${companyId}
      order by s.document_no, s.layer`),
  );

test("an invoice that the books do not have yet stands in the overlay with its due day, its customer and its original; twice changes nothing", async () => {
  const companyId = await company();
  const text = ubl({ number: "FA-1", total: "120.00", prepaid: "20.00", payable: "100.00" });
  const dry = await load("fa-1.xml", text, companyId, "check");
  expect([dry.kind, dry.format, dry.state, dry.report?.counts]).toMatchObject([
    "einvoice",
    "einvoice",
    "checked",
    { new: 1 },
  ]);
  expect(await items(companyId)).toEqual([]);
  const done = await load("fa-1.xml", text, companyId);
  expect([done.state, done.report?.counts]).toMatchObject(["applied", { new: 1 }]);
  // What was paid in advance is not claimed.
  const expected = [
    { layer: "overlay", number: "FA-1", open: 10_000n, due: "2026-05-15", auxiliary: "732829320", documents: 1n },
  ];
  expect(await items(companyId)).toEqual(expected);
  expect((await load("again.xml", text, companyId)).report?.counts).toMatchObject({ new: 0, changed: 0 });
  expect(await items(companyId)).toEqual(expected);
});

test("an invoice of the books is completed: its estimated due day becomes the written one, nothing is counted twice, and the books stay the source of record", async () => {
  const companyId = await company();
  await load("early.xml", ubl({ number: "FA-0", total: "10.00", siren: "", buyer: "Tiers" }), companyId);
  await load("1FEC20261231.txt", fec("C1", "Dupré SARL", "FA-1", "120,00"), companyId);
  const before = (await items(companyId)).filter((one) => one.number === "FA-1");
  expect(before).toMatchObject([{ layer: "ledger", due: "2026-05-01", open: 12_000n, documents: 0n }]);
  const done = await load(
    "fa-1.xml",
    ubl({ number: "FA-1", siren: "", prepaid: "20.00", payable: "100.00" }),
    companyId,
  );
  expect(done.report?.counts).toMatchObject({ new: 0, completed: 1 });
  expect((await items(companyId)).filter((one) => one.number === "FA-1")).toEqual([
    { layer: "ledger", number: "FA-1", open: 12_000n, due: "2026-05-15", auxiliary: "C1", documents: 1n },
  ]);
});

test("an invoice that the books carry later under another customer's account is theirs: counted once, due when it says, its original with it", async () => {
  const companyId = await company();
  await load("fa-7.xml", ubl({ number: "FA-7", buyer: "Dupré Holding", siren: "552100554" }), companyId);
  const text = fec("C7", "DUPRE SARL", "FA-7", "120,00");
  const loaded = await load("1FEC20261231.txt", text, companyId);
  expect(loaded.report?.counts).toMatchObject({ new: 1, void: 0, completed: 1 });
  const once = [{ layer: "ledger", number: "FA-7", open: 12_000n, due: "2026-05-15", auxiliary: "C7", documents: 1n }];
  expect(await items(companyId)).toEqual(once);
  // neither file again changes anything
  await load("1FEC20261231.txt", `${text}\r\n\r\n`, companyId);
  const again = ubl({ number: "FA-7", buyer: "Dupré Holding", siren: "552100554" });
  expect((await load("again.xml", `${again} `, companyId)).report?.counts).toMatchObject({
    new: 0,
    changed: 0,
    completed: 0,
  });
  expect(await items(companyId)).toEqual([{ ...once[0], documents: 2n }]);
  expect(await t.db.transaction(t.tenant, verifyLedger)).toEqual([]);
  // the books' load undone: the invoice stands by itself again
  const undone = await undoBatch(services, t.actor(), loaded.batchId as Uuid);
  expect(undone.ok).toBe(true);
  expect(await items(companyId)).toMatchObject([
    { layer: "overlay", number: "FA-7", open: 12_000n, due: "2026-05-15", documents: 1n },
  ]);
  expect(await t.db.transaction(t.tenant, verifyLedger)).toEqual([]);
  // and theirs again with the next one
  await load("1FEC20261231.txt", `${text}\r\n`, companyId);
  expect(await items(companyId)).toMatchObject([
    { layer: "ledger", open: 12_000n, due: "2026-05-15", auxiliary: "C7" },
  ]);
  expect(await t.db.transaction(t.tenant, verifyLedger)).toEqual([]);
});

test("an invoice that the books carry already completes what they have, whoever its buyer is called there", async () => {
  const companyId = await company();
  await load("1FEC20261231.txt", fec("C8", "AUTRE NOM", "FA-8", "120,00"), companyId);
  const done = await load("fa-8.xml", ubl({ number: "FA-8", buyer: "Dupré Holding", siren: "552100554" }), companyId);
  expect(done.report?.counts).toMatchObject({ new: 0, completed: 1 });
  expect(await items(companyId)).toEqual([
    { layer: "ledger", number: "FA-8", open: 12_000n, due: "2026-05-15", auxiliary: "C8", documents: 1n },
  ]);
});

test("another amount, another day, or two invoices alike are not taken for the one that the books carry", async () => {
  const companyId = await company();
  const other = { buyer: "Dupré Holding", siren: "552100554" };
  await load("a.xml", ubl({ number: "FA-9", total: "121.00", ...other }), companyId);
  await load("b.xml", ubl({ number: "FA-10", ...other }).replace("2026-04-01", "2026-04-02"), companyId);
  await load("c.xml", ubl({ number: "FA-11", ...other }), companyId);
  const rows = ["FA-9", "FA-10", "FA-11", "FA-11"].map((ref, at) => fec(`C${at}`, `NOM ${at}`, ref, "120,00"));
  const text = [HEADER, ...rows.flatMap((one) => one.split("\r\n").slice(1))].join("\r\n");
  await load("1FEC20261231.txt", text, companyId);
  const layers = (await items(companyId)).map((one) => `${one.number} ${one.layer}`);
  expect(layers.sort()).toEqual([
    "FA-10 ledger",
    "FA-10 overlay",
    "FA-11 ledger",
    "FA-11 ledger",
    "FA-11 overlay",
    "FA-9 ledger",
    "FA-9 overlay",
  ]);
});

test("a credit note lowers what is owed although its amounts are positive", async () => {
  const companyId = await company(null);
  await load("av.xml", ubl({ root: "CreditNote", number: "AV-1" }), companyId);
  expect(await items(companyId)).toMatchObject([{ number: "AV-1", open: -12_000n }]);
});

test("another seller's invoice, a life-cycle message and an invoice without a number are refused in words", async () => {
  const companyId = await company();
  const failure = async (text: string) => {
    const ran = await load("x.xml", text, companyId);
    return [ran.state, ran.report?.failure?.code];
  };
  expect(await failure(ubl({ number: "FA-9", seller: "552100554" }))).toEqual(["failed", "file_of_another_company"]);
  expect(await failure(ubl({ number: "" }).replace("<ID></ID>", "<ID> </ID>"))).toEqual([
    "failed",
    "invoice_incomplete",
  ]);
  const message =
    "<CrossDomainAcknowledgementAndResponse><AcknowledgementDocument><ReferenceReferencedDocument><ProcessConditionCode>207</ProcessConditionCode></ReferenceReferencedDocument></AcknowledgementDocument></CrossDomainAcknowledgementAndResponse>";
  expect(await failure(message)).toEqual(["failed", "lifecycle_message"]);
  expect(await items(companyId)).toEqual([]);
});
