import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { importFaultText } from "#contracts/import-faults.ts";
import { FileRefused } from "../fault.ts";
import type { EInvoice } from "./invoice.ts";
import { attachmentsOf } from "./pdf-attachments.ts";
import { readEInvoice } from "./read-einvoice.ts";

const NS = 'xmlns:ram="r" xmlns:rsm="s" xmlns:udt="u"';
const day = (text: string) => `<udt:DateTimeString format="102">${text}</udt:DateTimeString>`;
type CiiParts = { guideline?: string; settlement?: string; head?: string; summation?: string };
const cii = ({ guideline = "urn:cen.eu:en16931:2017", settlement = "", head = "", summation }: CiiParts = {}) =>
  `<rsm:CrossIndustryInvoice ${NS}><rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>${guideline}</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext><rsm:ExchangedDocument><ram:ID>FA-1</ram:ID><ram:TypeCode>380</ram:TypeCode><ram:IssueDateTime>${day("20260401")}</ram:IssueDateTime>${head}</rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction><ram:IncludedSupplyChainTradeLineItem/><ram:ApplicableHeaderTradeAgreement><ram:BuyerReference>SERVICE-7</ram:BuyerReference><ram:SellerTradeParty><ram:Name>Vendeur SAS</ram:Name><ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">123 456 782</ram:ID></ram:SpecifiedLegalOrganization><ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR32123456782</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTradeParty><ram:BuyerTradeParty><ram:Name>Acheteur
 SARL</ram:Name><ram:SpecifiedLegalOrganization><ram:ID schemeID="0009">73282932000074</ram:ID></ram:SpecifiedLegalOrganization></ram:BuyerTradeParty><ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>PO-9</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument></ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeSettlement><ram:PaymentReference>RF30FA20260123</ram:PaymentReference><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>${settlement}<ram:SpecifiedTradeSettlementHeaderMonetarySummation>${summation ?? "<ram:TaxBasisTotalAmount>100</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID='USD'>21</ram:TaxTotalAmount><ram:TaxTotalAmount currencyID='EUR'>20</ram:TaxTotalAmount><ram:GrandTotalAmount>120</ram:GrandTotalAmount><ram:TotalPrepaidAmount>50</ram:TotalPrepaidAmount><ram:DuePayableAmount>70.00</ram:DuePayableAmount>"}</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>`;

const invoiceOf = (text: string | Buffer): EInvoice => {
  const file = readEInvoice(Buffer.from(text as string));
  if (file.kind !== "invoice") throw new Error("an invoice was expected");
  return file.invoice;
};
const codes = (text: string) => readEInvoice(Buffer.from(text)).warnings.map((one) => one.code);

test("an invoice in CII: totals in its own currency, parties with their French numbers, instalments, notes", () => {
  const term = (on: string, amount: string) =>
    `<ram:SpecifiedTradePaymentTerms><ram:Description>60 jours</ram:Description><ram:DueDateDateTime>${day(on)}</ram:DueDateDateTime><ram:PartialPaymentAmount>${amount}</ram:PartialPaymentAmount></ram:SpecifiedTradePaymentTerms>`;
  const means =
    "<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>30</ram:TypeCode><ram:PayeePartyCreditorFinancialAccount><ram:IBANID>FR76 3000 6000 0112 3456 7890 189</ram:IBANID></ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>";
  const head =
    "<ram:IncludedNote><ram:Content>40 EUR</ram:Content><ram:SubjectCode>PMT</ram:SubjectCode></ram:IncludedNote>";
  const invoice = invoiceOf(cii({ head, settlement: means + term("20260501", "35") + term("20260601", "35") }));
  expect(invoice).toMatchObject({
    syntax: "cii",
    profile: "en16931",
    number: "FA-1",
    type: "380",
    issuedOn: "2026-04-01",
    dueOn: "2026-05-01",
    netMinor: 10_000n,
    taxMinor: 2_000n,
    totalMinor: 12_000n,
    prepaidMinor: 5_000n,
    payableMinor: 7_000n,
    lines: 1,
    seller: { name: "Vendeur SAS", siren: "123456782", vat: "FR32123456782" },
    buyer: { name: "Acheteur SARL", siren: "732829320", siret: "73282932000074" },
    ibans: ["FR7630006000011234567890189"],
    orderNumber: "PO-9",
    buyerReference: "SERVICE-7",
    paymentReference: "RF30FA20260123",
    instalments: [
      { dueOn: "2026-05-01", minor: 3_500n },
      { dueOn: "2026-06-01", minor: 3_500n },
    ],
    notes: [{ code: "PMT", text: "40 EUR" }],
  });
});

test("a credit note in UBL keeps its positive amounts; rounding belongs to what is to pay; the due day is that of the means", () => {
  const text = `<CreditNote xmlns="urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"><CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</CustomizationID><ID>AV-1</ID><IssueDate>2026-04-01</IssueDate><CreditNoteTypeCode>381</CreditNoteTypeCode><Note>#PMD#3 fois le taux légal</Note><DocumentCurrencyCode>SEK</DocumentCurrencyCode><BillingReference><InvoiceDocumentReference><ID>FA-1</ID></InvoiceDocumentReference></BillingReference><AccountingSupplierParty><Party><EndpointID schemeID="0225">123456782</EndpointID><PartyLegalEntity><RegistrationName>Vendeur</RegistrationName><CompanyID schemeID="0002">123456782</CompanyID></PartyLegalEntity></Party></AccountingSupplierParty><AccountingCustomerParty><Party><PartyName><Name>Acheteur</Name></PartyName></Party></AccountingCustomerParty><PaymentMeans><PaymentDueDate>2026-05-01</PaymentDueDate></PaymentMeans><TaxTotal><TaxAmount currencyID="SEK">20.19</TaxAmount></TaxTotal><LegalMonetaryTotal><TaxExclusiveAmount currencyID="SEK">100.00</TaxExclusiveAmount><TaxInclusiveAmount currencyID="SEK">120.19</TaxInclusiveAmount><PayableRoundingAmount currencyID="SEK">-0.19</PayableRoundingAmount><PayableAmount currencyID="SEK">120.00</PayableAmount></LegalMonetaryTotal><CreditNoteLine/><CreditNoteLine/></CreditNote>`;
  expect(invoiceOf(text)).toMatchObject({
    syntax: "ubl",
    profile: "peppol",
    type: "381",
    dueOn: "2026-05-01",
    totalMinor: 12_019n,
    roundingMinor: -19n,
    payableMinor: 12_000n,
    lines: 2,
    seller: { siren: "123456782", endpoint: "123456782" },
    precedingInvoices: ["FA-1"],
    notes: [{ code: "PMD", text: "3 fois le taux légal" }],
  });
  expect(codes(text)).toEqual([]);
});

test("totals that are missing, rounded or do not add up are said, never invented", () => {
  expect(invoiceOf(cii({ summation: "<ram:GrandTotalAmount>120</ram:GrandTotalAmount>" }))).toMatchObject({
    netMinor: null,
    payableMinor: null,
  });
  expect(codes(cii({ summation: "<ram:GrandTotalAmount>120</ram:GrandTotalAmount>" }))).toEqual([
    "total_missing",
    "total_missing",
  ]);
  const odd =
    "<ram:TaxBasisTotalAmount>100.005</ram:TaxBasisTotalAmount><ram:TaxTotalAmount>20</ram:TaxTotalAmount><ram:GrandTotalAmount>120.01</ram:GrandTotalAmount><ram:DuePayableAmount>119</ram:DuePayableAmount>";
  expect(codes(cii({ summation: odd }))).toEqual(["amount_rounded", "totals_do_not_add_up"]);
  expect(invoiceOf(cii({ summation: odd })).netMinor).toBe(10_001n);
});

test.each([
  ["urn:factur-x.eu:1p0:minimum", "minimum"],
  ["urn:factur-x.eu:1p0:basicwl", "basicwl"],
  ["urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic", "basic"],
  ["urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", "extended"],
  ["urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", "xrechnung"],
  ["urn:ferd:CrossIndustryDocument:invoice:1p0:comfort", "comfort"],
  ["something else", null],
])("the profile of %s", (guideline, profile) => {
  expect(invoiceOf(cii({ guideline })).profile).toBe(profile);
});

type Part = { name: string; content: string | Buffer; filter?: string; hidden?: boolean };

/** A small PDF; objects of file specifications may stand in an object stream. */
function pdf(parts: readonly Part[], more = ""): Buffer {
  const pieces: Buffer[] = [Buffer.from(`%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Names 2 0 R ${more}>>\nendobj\n`)];
  parts.forEach(({ name, content, filter = "", hidden }, index) => {
    const bytes = filter === "/FlateDecode" ? deflateSync(content) : Buffer.from(content as string);
    const spec = `<< /Type /Filespec /F (${name}) /UF <FEFF${Buffer.from(name, "utf16le").swap16().toString("hex")}> /EF << /F ${10 + index} 0 R >> >>`;
    pieces.push(
      Buffer.from(
        `${10 + index} 0 obj\n<< /Type /EmbeddedFile ${filter && `/Filter ${filter}`} /Length ${bytes.length} >>\nstream\n`,
      ),
    );
    pieces.push(bytes, Buffer.from("\nendstream\nendobj\n"));
    if (hidden) {
      const head = `${100 + index} 0 `;
      const packed = deflateSync(head + spec);
      pieces.push(
        Buffer.from(
          `${200 + index} 0 obj\n<< /Type /ObjStm /N 1 /First ${head.length} /Filter /FlateDecode /Length ${packed.length} >>\nstream\r\n`,
        ),
        packed,
        Buffer.from("\nendstream\nendobj\n"),
      );
    } else pieces.push(Buffer.from(`${100 + index} 0 obj\n${spec}\nendobj\n`));
  });
  return Buffer.concat([...pieces, Buffer.from("trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF")]);
}

const refusal = (content: Buffer | string): string | undefined => {
  try {
    readEInvoice(Buffer.from(content as string));
  } catch (error) {
    if (error instanceof FileRefused) return error.fault.code;
    throw error;
  }
  return undefined;
};

describe("invoices inside a PDF", () => {
  test("are found whatever their name, filter, place and neighbours", () => {
    const other = { name: "annexe.xml", content: "<annexe/>" };
    for (const filter of ["", "/FlateDecode"])
      for (const hidden of [false, true])
        for (const name of ["factur-x.xml", "ZUGFeRD-invoice.xml", "Rechnung é.xml"]) {
          const file = readEInvoice(pdf([other, { name, content: cii(), filter, hidden }]));
          expect([file.kind, file.attachment]).toEqual(["invoice", name]);
        }
  });

  test("the one under the newest known name comes first", () => {
    const old = { name: "ZUGFeRD-invoice.xml", content: cii({ guideline: "urn:ferd:invoice:1p0:comfort" }) };
    expect(readEInvoice(pdf([old, { name: "factur-x.xml", content: cii() }])).attachment).toBe("factur-x.xml");
  });

  test("that do not exist are said with what is there instead", () => {
    expect(refusal(pdf([]))).toBe("pdf_without_invoice");
    expect(refusal(pdf([{ name: "a.xml", content: "<a/>" }]))).toBe("pdf_without_invoice");
    expect(refusal(pdf([{ name: "factur-x.xml", content: cii().slice(0, 900) }]))).toBe("xml_damaged");
    expect(
      refusal(
        pdf([{ name: "factur-x.xml", content: cii() }])
          .toString("latin1")
          .replace("/Root 1 0 R", "/Root 1 0 R /Encrypt 9 0 R"),
      ),
    ).toBe("pdf_encrypted");
  });

  test("scripts and a hundred thousand pages change nothing", { timeout: 30_000 }, () => {
    const pages = Array.from(
      { length: 100_000 },
      (_, n) =>
        `${1_000 + n} 0 obj\n<< /Type /Page /Parent 3 0 R /AA << /O << /S /JavaScript /JS (app.alert\\(1\\)) >> >> >>\nendobj\n`,
    ).join("");
    const file = Buffer.concat([
      Buffer.from(`%PDF-1.7\n${pages}`),
      pdf([{ name: "factur-x.xml", content: cii() }]).subarray(9),
    ]);
    expect(readEInvoice(file).kind).toBe("invoice");
  });

  test("bombs are refused before they unfold", { timeout: 30_000 }, () => {
    const zeros = Buffer.alloc(80 * 1_048_576, 32);
    expect(refusal(pdf([{ name: "factur-x.xml", content: zeros, filter: "/FlateDecode" }]))).toBe("pdf_too_large");
    expect(refusal(`%PDF-1.7\n${"1 0 obj (".repeat(300_000)}`)).toBe("pdf_damaged");
    expect(refusal(`%PDF-1.7\n1 0 obj ${"[".repeat(500_000)}`)).toBe("pdf_without_invoice");
    const deep = `<rsm:CrossIndustryInvoice ${NS}>${"<a>".repeat(100_000)}`;
    expect(refusal(pdf([{ name: "factur-x.xml", content: deep }]))).toBe("xml_too_deep");
    expect(
      refusal(
        pdf([{ name: "factur-x.xml", content: `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>${cii()}` }]),
      ),
    ).toBe("xml_doctype");
  });
});

const RUNS = Number(process.env["ENCOURS_FUZZ_RUNS"] ?? 200);

test("damaged invoices end in an invoice or a reason", { timeout: 60_000 + RUNS * 20 }, () => {
  const good = [
    Buffer.from(cii()),
    pdf([{ name: "factur-x.xml", content: cii() }]),
    pdf([{ name: "factur-x.xml", content: cii(), filter: "/FlateDecode", hidden: true }]),
  ];
  const trouble = [
    "<",
    ">",
    "/",
    "(",
    ")",
    "<<",
    ">>",
    "[",
    "endstream",
    "obj",
    "stream\n",
    "\0",
    "__proto__",
    "&#0;",
    "<![CDATA[",
    "1e999",
    "%",
  ];
  const change = fc.record({
    at: fc.nat(4_000),
    cut: fc.integer({ min: 0, max: 12 }),
    put: fc.oneof(fc.constantFrom(...trouble), fc.string({ unit: "binary", maxLength: 4 })),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...good),
      fc.array(change, { maxLength: 8 }),
      fc.option(fc.nat(4_000), { nil: undefined }),
      (base, changes, end) => {
        let content = base;
        for (const { at, cut, put } of changes) {
          const place = at % (content.length + 1);
          content = Buffer.concat([content.subarray(0, place), Buffer.from(put), content.subarray(place + cut)]);
        }
        if (end !== undefined) content = content.subarray(0, end);
        const began = performance.now();
        try {
          const file = readEInvoice(content);
          for (const { code } of file.warnings) expect(importFaultText(code, "fr", {})).not.toBe(code);
        } catch (error) {
          if (!(error instanceof FileRefused)) throw error;
          for (const language of ["fr", "en"] as const)
            expect(importFaultText(error.fault.code, language, {})).not.toBe(error.fault.code);
        }
        expect(performance.now() - began).toBeLessThan(2_000);
      },
    ),
    { numRuns: RUNS, endOnFailure: RUNS <= 200 },
  );
});

test("what is no PDF has no attachments", () => {
  expect(attachmentsOf(Buffer.from("%PDF-1.4 nothing"))).toEqual([]);
});
