import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ImportChoices, ImportKind } from "#contracts/imports.ts";
import { type CalendarDate, day } from "#kernel/calendar-date.ts";
import { newId } from "#kernel/ids.ts";
import { openItems } from "#modules/receivables/index.ts";
import { sql } from "#platform/database/index.ts";
import { aSellingCompany } from "../../../../testing/company.ts";
import { aTestDatabase, type TestDatabase } from "../../../../testing/database.ts";
import { sample } from "../../../../testing/samples.ts";
import { type TestServices, testServices } from "../../../../testing/services.ts";
import type { ImportRecord } from "../store/import-store.ts";
import { chooseForImport } from "./change-import.ts";
import { runImport } from "./run-import.ts";
import { startImport } from "./start-import.ts";

let t: TestDatabase;
let services: TestServices;
let folder: string;
beforeAll(async () => {
  t = await aTestDatabase();
  services = testServices(t);
  folder = await mkdtemp(path.join(tmpdir(), "encours-test-import-"));
});
afterAll(() => t.close());

const TODAY = day("2026-11-21");
const file = async (name: string, content: string | Buffer) => {
  const at = path.join(folder, name);
  await writeFile(at, content);
  return at;
};
let companies = 0;
function company(bookCurrency = "EUR"): Promise<string> {
  companies += 1;
  return aSellingCompany(t, `C${companies}`, { bookCurrency });
}

type Options = {
  kind?: ImportKind | "auto";
  choices?: Partial<ImportChoices>;
  today?: CalendarDate;
  mode?: "check" | "apply";
  name?: string;
};

async function load(at: string, companyId: string | null, options: Options = {}): Promise<ImportRecord> {
  const started = await startImport(services, t.actor(), {
    fileName: options.name ?? path.basename(at),
    path: at,
    kind: options.kind ?? "auto",
    companyId,
  });
  if (!started.ok) throw new Error(JSON.stringify(started));
  const chosen = await chooseForImport(
    services,
    t.actor(),
    started.value.id,
    { ...started.value.choices, ...options.choices },
    started.value.version,
  );
  if (!chosen.ok) throw new Error(JSON.stringify(chosen));
  const ran = await runImport(
    services,
    t.actor(),
    started.value.id,
    options.mode ?? "apply",
    options.today ?? TODAY,
    at,
  );
  if (!ran.ok) throw new Error(JSON.stringify(ran));
  return ran.value;
}

async function openAt(companyId: string, asOf: string): Promise<{ minor: bigint; items: number; overdue: bigint }> {
  return t.db.transaction(t.tenant, async (tx) => {
    const row = await tx.one<{ minor: bigint; items: bigint; overdue: bigint }>(sql`
      select coalesce(sum(o.open_book_minor), 0)::bigint as minor, count(*) as items,
        coalesce(sum(o.open_book_minor) filter (where o.due_on < ${asOf} and o.open_book_minor > 0), 0)::bigint as overdue
      from ${openItems(tx, day(asOf), "ledger")} o
      join parties.account a on a.tenant_id = ${tx.tenant} and a.account_id = o.account_id
      where a.company_id = ${companyId}`);
    return { minor: row.minor, items: Number(row.items), overdue: row.overdue };
  });
}

const FEC_HEADER =
  "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise";
const fecLine = (...cells: string[]) => [...cells, ...Array.from({ length: 18 - cells.length }, () => "")].join("\t");
const invoice = (num: string, on: string, aux: string, ref: string, amount: string, letter = "") => [
  fecLine(
    "VE",
    "Ventes",
    num,
    on,
    "411000",
    "Clients",
    aux,
    `Client ${aux}`,
    ref,
    on,
    `Facture ${ref}`,
    amount,
    "0,00",
    letter,
  ),
  fecLine("VE", "Ventes", num, on, "706000", "Prestations", "", "", ref, on, `Facture ${ref}`, "0,00", amount),
];
const receipt = (num: string, on: string, aux: string, ref: string, amount: string, letter = "") => [
  fecLine("BQ", "Banque", num, on, "512000", "Banque", "", "", ref, on, `Règlement ${ref}`, amount, "0,00"),
  fecLine(
    "BQ",
    "Banque",
    num,
    on,
    "411000",
    "Clients",
    aux,
    `Client ${aux}`,
    ref,
    on,
    `Règlement ${ref}`,
    "0,00",
    amount,
    letter,
  ),
];

test("a FEC opens to the balance of its customer accounts, lettered and unlettered", async () => {
  const companyId = await company();
  const text = [
    FEC_HEADER,
    ...invoice("1", "20250110", "D1", "F1", "1200,00", "AA"),
    ...receipt("2", "20250215", "D1", "F1", "1200,00", "AA"),
    ...invoice("3", "20250301", "D1", "F2", "500,00"),
    ...invoice("4", "20250310", "D2", "F3", "80,50"),
    ...receipt("5", "20250401", "D2", "F3", "30,50"),
  ].join("\r\n");
  const at = await file("123456789FEC20251231.txt", text);
  const checked = await load(at, companyId, { mode: "check" });
  expect(checked).toMatchObject({
    state: "checked",
    report: { refusedRows: 0, counts: { new: 5 }, proof: { isTied: true, closingMinor: "55000" } },
  });
  expect(new Set(checked.report?.sample.map((row) => row.customerName))).toEqual(new Set(["Client D1", "Client D2"]));
  expect(await openAt(companyId, "2025-12-31")).toMatchObject({ minor: 0n, items: 0 });
  const applied = await load(at, companyId);
  expect(applied).toMatchObject({ state: "applied", report: { counts: { new: 5 }, proof: { isTied: true } } });
  expect(await openAt(companyId, "2025-02-01")).toMatchObject({ minor: 120_000n, items: 1 });
  expect(await openAt(companyId, "2025-12-31")).toMatchObject({ minor: 55_000n, items: 2, overdue: 55_000n });
  const again = await load(at, companyId);
  expect(again.report?.counts).toMatchObject({ new: 0, changed: 0, void: 0, unchanged: 5 });
});

test("the next year's file settles last year's items and its opening lines count once", async () => {
  const companyId = await company();
  const year1 = [
    FEC_HEADER,
    ...invoice("1", "20241110", "D1", "F1", "1000,00"),
    ...invoice("2", "20241210", "D1", "F2", "400,00"),
  ].join("\n");
  const year2 = [
    FEC_HEADER,
    fecLine(
      "AN",
      "A nouveaux",
      "1",
      "20250101",
      "411000",
      "Clients",
      "D1",
      "Client D1",
      "AN",
      "20250101",
      "A nouveaux",
      "1400,00",
      "0,00",
    ),
    fecLine(
      "AN",
      "A nouveaux",
      "1",
      "20250101",
      "120000",
      "Résultat",
      "",
      "",
      "AN",
      "20250101",
      "A nouveaux",
      "0,00",
      "1400,00",
    ),
    ...receipt("9", "20250120", "D1", "F1", "1000,00"),
    ...invoice("10", "20250201", "D1", "F3", "70,00"),
  ].join("\n");
  await load(await file("1FEC20241231.txt", year1), companyId, { name: "111111111FEC20241231.txt" });
  const second = await load(await file("1FEC20251231.txt", year2), companyId, { name: "111111111FEC20251231.txt" });
  expect(second.report?.failure).toBeUndefined();
  expect(await openAt(companyId, "2024-12-31")).toMatchObject({ minor: 140_000n, items: 2 });
  expect(await openAt(companyId, "2025-12-31")).toMatchObject({ minor: 47_000n, items: 2 });
});

test("invoices with a paid-on date are settled that day, the others stay open", async () => {
  const companyId = await company();
  const rows = [
    "customerID,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,SettledDate",
    "A,001,1/2/2013,2/1/2013,55.94,1/15/2013",
    "A,002,1/26/2013,2/25/2013,61.74,",
    "B,003,1/30/2013,3/1/2013,10.00,2/28/2013",
  ];
  const applied = await load(await file("ar.csv", rows.join("\r\n")), companyId, { choices: { currency: null } });
  expect(applied.report).toMatchObject({ refusedRows: 0, counts: { new: 5 } });
  expect(await openAt(companyId, "2013-01-31")).toMatchObject({ minor: 7_174n, items: 2 });
  expect(await openAt(companyId, "2013-03-31")).toMatchObject({ minor: 6_174n, items: 1, overdue: 6_174n });
});

test("refused rows block a load unless skipped, with line, column and value", async () => {
  const companyId = await company();
  const rows = [
    "Client;Facture;Date;Montant;Devise",
    "A;F1;01/02/2026;100,00;EUR",
    "A;F2;31/02/2026;50,00;EUR",
    "A;F3;01/03/2026;abc;EUR",
    "B;F4;01/03/2026;10,00;XXQ",
    ";F5;01/03/2026;10,00;EUR",
  ];
  const at = await file("bad.csv", rows.join("\n"));
  const blocked = await load(at, companyId);
  expect(blocked.state).toBe("checked");
  expect(blocked.report?.refused.map(({ code, line, column }) => [code, line, column])).toEqual([
    ["impossible_date", 3, "Date"],
    ["impossible_amount", 4, "Montant"],
    ["unknown_currency", 5, "Devise"],
    ["customer_missing", 6, "Client"],
  ]);
  expect(await openAt(companyId, "2026-11-21")).toMatchObject({ items: 0 });
  const skipped = await load(at, companyId, { choices: { skipRefused: true } });
  expect(skipped).toMatchObject({ state: "applied", report: { refusedRows: 4, counts: { new: 1 } } });
});

test("foreign currency needs a rate or a book amount", async () => {
  const companyId = await company();
  const rows = ["Client;Facture;Date;Montant;Devise", "A;F1;01/02/2026;110,00;USD"];
  const at = await file("usd.csv", rows.join("\n"));
  const blocked = await load(at, companyId);
  expect(blocked.report?.refused).toMatchObject([{ code: "rate_missing", line: 2, value: "USD 2026-02-01" }]);
  await t.ownerQuery(
    "insert into platform.fx_rate (source, currency, rate_on, per_euro) values ('test', 'USD', '2026-01-30', 1.10)",
  );
  const applied = await load(at, companyId);
  expect(applied.state).toBe("applied");
  expect(await openAt(companyId, "2026-03-01")).toMatchObject({ minor: 10_000n });
});

test("an open snapshot clears what it no longer holds on its day", async () => {
  const companyId = await company();
  const head = "Client;Facture;Date;Échéance;Montant;Reste à payer";
  const first = [head, "A;F1;01/01/2026;31/01/2026;100,00;100,00", "A;F2;02/01/2026;01/02/2026;50,00;20,00"].join("\n");
  const second = [head, "A;F2;02/01/2026;01/02/2026;50,00;20,00"].join("\n");
  const snapshot = (asOf: string): Options => ({ choices: { coverage: "open_snapshot", asOf } });
  expect(await load(await file("s1.csv", first), companyId, snapshot("2026-01-31"))).toMatchObject({
    state: "applied",
  });
  expect(await openAt(companyId, "2026-01-31")).toMatchObject({ minor: 12_000n });
  expect(await load(await file("s2.csv", second), companyId, snapshot("2026-02-28"))).toMatchObject({
    state: "applied",
  });
  expect(await openAt(companyId, "2026-02-27")).toMatchObject({ minor: 12_000n });
  expect(await openAt(companyId, "2026-02-28")).toMatchObject({ minor: 2_000n });
});

test("customers and contacts are added, completed and never erased", async () => {
  const customers =
    "Code client;Raison sociale;E-mail;Téléphone;Pays;Délai\nK1;Café de l’Été;compta@cafe.fr;01 23 45 67 89;France;45 jours fin de mois\nK2;Müller GmbH;;;Allemagne;\n";
  const loaded = await load(await file("customers.csv", Buffer.from(customers, "utf8")), null, { kind: "customers" });
  expect(loaded).toMatchObject({ state: "applied", report: { counts: { new: 2 } } });
  const contacts =
    "Code client;Nom;Prénom;E-mail;Fonction;Principal\nK1;Moreau;Léa;lea@cafe.fr;Comptable;oui\nK9;X;Y;x@y.fr;;\n";
  const blocked = await load(await file("contacts.csv", contacts), null, { kind: "contacts" });
  expect(blocked).toMatchObject({ state: "checked", report: { refused: [{ code: "unknown_customer", line: 3 }] } });
  await load(await file("contacts.csv", contacts), null, { kind: "contacts", choices: { skipRefused: true } });
  const [row] = await t.ownerQuery<{
    name: string;
    term_days: number;
    term_kind: string;
    phone: string;
    contact: string;
  }>(
    "select c.name, c.term_days, c.term_kind, c.phone, k.name as contact from parties.customer c join parties.contact k using (tenant_id, customer_id) where c.number = 'K1'",
  );
  expect(row).toEqual({
    name: "Café de l’Été",
    term_days: 45,
    term_kind: "days_then_end_of_month",
    phone: "+33123456789",
    contact: "Léa Moreau",
  });
});

test.each([
  ["empty.csv", "", "empty_file"],
  ["x.pdf", "%PDF-1.7 ...", "pdf_without_invoice"],
  ["x.csv", Buffer.from([1, 2, 0, 4, 5, 0, 0, 9]), "binary_file"],
  ["x.xls", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]), "old_workbook"],
  ["x.xlsx", Buffer.from("PK\u0003\u0004 cut short"), "workbook_damaged"],
  ["long.csv", `a;b\n${"x".repeat(1_200_000)}`, "line_too_long"],
  ["quote.csv", `Client;Facture;Date;Montant\n"A;F1;01/02/2026;1\n${"x\n".repeat(300)}`, "quote_not_closed"],
  ["1FEC20251231.txt", "JournalCode\tEcritureNum\tEcritureDate\tCompteNum\n", "fec_column_missing"],
])("%s is refused with its reason and changes nothing", async (name, content, code) => {
  const at = await file(`${newId()}-${name}`, content);
  const refused = await startImport(services, t.actor(), { fileName: name, path: at, kind: "auto", companyId: null });
  expect(refused).toMatchObject({ ok: false, code: "file_refused", details: { fault: code } });
});

test("a further column fills the free field that names it; what a person set stays, what does not fit is left out", async () => {
  const tenant = t.tenant;
  const read = () =>
    t.db.transaction(tenant, (tx) =>
      tx.rows<{ number: string; value: string | null }>(sql`
        select c.number, v.text_value as value
        from parties.custom_value v
        join parties.customer c on c.tenant_id = v.tenant_id and c.customer_id = v.customer_id
        where v.tenant_id = ${tx.tenant} and v.valid_to = 'infinity'
        order by c.number`),
    );
  await t.ownerQuery(
    `insert into parties.custom_field (tenant_id, field_id, key, label, type, choices, source_field)
     values ($1, gen_random_uuid(), 'sector', '{"fr": "Secteur", "en": "Sector"}', 'choice',
       '[{"value": "food", "fr": "Alimentaire", "en": "Food"}, {"value": "wood", "fr": "Bois", "en": "Wood"}]', 'Code activité')`,
    [tenant],
  );
  const rows = (first: string, second: string) =>
    file(
      "free.csv",
      `Code client;Raison sociale;Ville;CODE ACTIVITE\r\nLIBRE1;Un;Lyon;${first}\r\nLIBRE2;Deux;Lyon;${second}\r\n`,
    );
  await load(await rows("Bois", "Acier"), null, { kind: "customers" });
  expect(await read()).toEqual([{ number: "LIBRE1", value: "wood" }]);
  await t.ownerQuery("update parties.custom_value set origin = 'person' where tenant_id = $1", [tenant]);
  await load(await rows("Alimentaire", "Food"), null, { kind: "customers", today: day("2026-11-22") });
  expect(await read()).toEqual([
    { number: "LIBRE1", value: "wood" },
    { number: "LIBRE2", value: "food" },
  ]);
});

const einvoice = (
  more: { number?: string; type?: string; total?: string; paid?: string; seller?: string; due?: string } = {},
) => {
  const {
    number = "FX-1",
    type = "380",
    total = "120.00",
    paid = "0.00",
    seller = "542051180",
    due = "20260310",
  } = more;
  const payable = (Number(total) - Number(paid)).toFixed(2);
  return `<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:cen.eu:en16931:2017</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>${number}</ram:ID><ram:TypeCode>${type}</ram:TypeCode><ram:IssueDateTime><udt:DateTimeString format="102">20260208</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>Vendeur</ram:Name><ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">${seller}</ram:ID></ram:SpecifiedLegalOrganization></ram:SellerTradeParty>
<ram:BuyerTradeParty><ram:Name>Acheteur Inconnu SAS</ram:Name><ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">732829320</ram:ID></ram:SpecifiedLegalOrganization></ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeDelivery/>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">${due}</udt:DateTimeString></ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:TaxBasisTotalAmount>100.00</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="EUR">20.00</ram:TaxTotalAmount><ram:GrandTotalAmount>${total}</ram:GrandTotalAmount><ram:TotalPrepaidAmount>${paid}</ram:TotalPrepaidAmount><ram:DuePayableAmount>${payable}</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>`;
};

test("an e-invoice makes an item with its original, completes the one the books know, and is refused for another seller", async () => {
  const companyId = await company();
  await t.ownerQuery("update parties.company set siren = '542051180' where company_id = $1", [companyId]);
  const made = await load(await file("fx-1.xml", einvoice({ paid: "20.00" })), null);
  expect(made).toMatchObject({ state: "applied", kind: "einvoice", companyId, report: { counts: { new: 1 } } });
  const items = () =>
    t.ownerQuery<{
      document_no: string;
      layer: string;
      minor: string;
      due: string;
      estimated: boolean;
      documents: string;
    }>(
      `select s.document_no, s.layer, s.original_minor::text as minor, s.due_on::text as due, s.is_due_estimated as estimated,
         (select count(*) from documents.document d where d.subject_id = s.item_id)::text as documents
       from receivables.item_state s join parties.account a using (tenant_id, account_id) where a.company_id = $1 order by s.document_no, s.layer`,
      [companyId],
    );
  expect(await items()).toEqual([
    { document_no: "FX-1", layer: "overlay", minor: "10000", due: "2026-03-10", estimated: false, documents: "1" },
  ]);
  // the books know FX-2 without its due day: the document completes it
  const books = "Client;Facture;Date;Montant\n732829320;FX-2;08/02/2026;120,00\n";
  await load(await file("books.csv", books), companyId);
  const completed = await load(await file("fx-2.xml", einvoice({ number: "FX-2", due: "20260415" })), null);
  expect(completed).toMatchObject({ state: "applied", report: { counts: { new: 0, completed: 1 } } });
  expect((await items()).filter((one) => one.document_no === "FX-2")).toEqual([
    { document_no: "FX-2", layer: "ledger", minor: "12000", due: "2026-04-15", estimated: false, documents: "1" },
  ]);
  const credit = await load(await file("fx-3.xml", einvoice({ number: "FX-3", type: "381" })), null);
  expect(credit).toMatchObject({ state: "applied" });
  expect((await items()).find((one) => one.document_no === "FX-3")).toMatchObject({ minor: "-12000" });
  // again: nothing twice
  const again = await load(await file("fx-3-again.xml", einvoice({ number: "FX-3", type: "381" })), null);
  expect(again).toMatchObject({ report: { counts: { new: 0 } } });
  const strange = await load(await file("fx-4.xml", einvoice({ number: "FX-4", seller: "552081317" })), companyId);
  expect(strange).toMatchObject({ state: "failed", report: { failure: { code: "file_of_another_company" } } });
});

const real = sample("fec/0000000001FEC20220831-extract.txt");
test.skipIf(!real)(
  "the public accounting-entries file ties to its customer accounts (skipped without ENCOURS_SAMPLES)",
  async () => {
    const companyId = await company();
    const applied = await load(real ?? "", companyId);
    expect(applied).toMatchObject({
      state: "applied",
      report: { refusedRows: 0, proof: { isTied: true, closingMinor: "5251724" } },
    });
    expect(await openAt(companyId, "2022-08-31")).toMatchObject({ minor: 5_251_724n });
    expect((await load(real ?? "", companyId)).report?.counts).toMatchObject({ new: 0, changed: 0, void: 0 });
  },
);

const ibm = sample("receivables/ibm-ar-known-at-2013-04-30.csv");
test.skipIf(!ibm)(
  "the public invoices with settlement days leave 96 open (skipped without ENCOURS_SAMPLES)",
  async () => {
    const companyId = await company("USD");
    expect(await load(ibm ?? "", companyId)).toMatchObject({ state: "applied", report: { refusedRows: 0 } });
    expect(await openAt(companyId, "2013-04-30")).toMatchObject({ items: 96 });
  },
);

const highRadius = sample("receivables/highradius-open-invoices-U001.csv");
test.skipIf(!highRadius)(
  "the public open invoices join customers that differ by leading zeros (skipped without ENCOURS_SAMPLES)",
  async () => {
    const companyId = await company("USD");
    expect(await load(highRadius ?? "", companyId)).toMatchObject({
      state: "applied",
      report: { refusedRows: 0, totals: { accounts: 446 } },
    });
    expect(await openAt(companyId, "2020-07-10")).toMatchObject({ items: 8_887, minor: 27_874_618_780n });
  },
);
