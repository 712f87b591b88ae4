import { expect, test } from "vitest";
import { FileRefused } from "../fault.ts";
import type { EInvoice } from "./invoice.ts";
import { readEInvoice } from "./read-einvoice.ts";

// Ways of writing an invoice that the standard leaves open or forbids, and that programs have all the same.

const read = (text: string | Buffer) => readEInvoice(Buffer.isBuffer(text) ? text : Buffer.from(text));
function invoiceOf(text: string | Buffer): EInvoice {
  const file = read(text);
  if (file.kind !== "invoice") throw new Error("an invoice was expected");
  return file.invoice;
}
const codes = (text: string) => read(text).warnings.map((one) => one.code);

type Parts = { id?: string; currency?: string; seller?: string; buyer?: string; taxes?: string };
const ubl = ({
  id = "<ID>FA-1</ID>",
  currency = "<DocumentCurrencyCode>EUR</DocumentCurrencyCode>",
  seller = "<PartyName><Name>Vendeur</Name></PartyName>",
  buyer = "<PartyName><Name>Acheteur</Name></PartyName>",
  taxes = '<TaxTotal><TaxAmount currencyID="EUR">20</TaxAmount></TaxTotal>',
}: Parts = {}) =>
  `<Invoice xmlns="urn:oasis">${id}<IssueDate>2026-04-01Z</IssueDate>${currency}<AccountingSupplierParty><Party>${seller}</Party></AccountingSupplierParty><AccountingCustomerParty><Party>${buyer}</Party></AccountingCustomerParty>${taxes}<LegalMonetaryTotal><TaxExclusiveAmount currencyID="EUR">100</TaxExclusiveAmount><TaxInclusiveAmount currencyID="EUR">120</TaxInclusiveAmount><PayableAmount currencyID="EUR">120</PayableAmount></LegalMonetaryTotal><InvoiceLine/></Invoice>`;

test("UBL without a number is an invoice without a number", () => {
  expect(invoiceOf(ubl({ id: "" }))).toMatchObject({ number: null, issuedOn: "2026-04-01", totalMinor: 12_000n });
});

test("UBL that names its currency at its amounts alone is in that currency", () => {
  expect(invoiceOf(ubl({ currency: "" }))).toMatchObject({ currency: "EUR", payableMinor: 12_000n });
  expect(codes(ubl({ currency: "" }))).toEqual([]);
});

test("several totals of tax in UBL: their sum where it closes the gap, else the first", () => {
  const tax = (amount: string, currency = "EUR") =>
    `<TaxTotal><TaxAmount currencyID="${currency}">${amount}</TaxAmount></TaxTotal>`;
  expect(invoiceOf(ubl({ taxes: tax("15") + tax("5") })).taxMinor).toBe(2_000n);
  expect(codes(ubl({ taxes: tax("15") + tax("5") }))).toEqual([]);
  expect(invoiceOf(ubl({ taxes: tax("20") + tax("20") })).taxMinor).toBe(2_000n);
  expect(invoiceOf(ubl({ taxes: tax("220", "SEK") + tax("20") })).taxMinor).toBe(2_000n);
  expect(codes(ubl({ taxes: tax("12") + tax("5") }))).toEqual(["totals_do_not_add_up"]);
});

test("a private buyer in UBL has a person's name", () => {
  const buyer = "<Person><FirstName>Ada</FirstName><FamilyName>Martin</FamilyName></Person>";
  expect(invoiceOf(ubl({ buyer })).buyer.name).toBe("Ada Martin");
});

const cii = (registration: string, account: string) =>
  `<CrossIndustryInvoice xmlns="s"><ExchangedDocument><a:ID xmlns:a="r">FA-2</a:ID><b:TypeCode xmlns:b="r">380</b:TypeCode></ExchangedDocument><SupplyChainTradeTransaction><c:ApplicableHeaderTradeAgreement xmlns:c="r"><c:SellerTradeParty><c:Name>Vendeur</c:Name><c:SpecifiedTaxRegistration>${registration}</c:SpecifiedTaxRegistration></c:SellerTradeParty></c:ApplicableHeaderTradeAgreement><d:ApplicableHeaderTradeSettlement xmlns:d="r" xmlns:c="r"><d:SpecifiedTradeSettlementPaymentMeans><d:PayeePartyCreditorFinancialAccount>${account}</d:PayeePartyCreditorFinancialAccount></d:SpecifiedTradeSettlementPaymentMeans><d:SpecifiedTradeSettlementHeaderMonetarySummation><d:GrandTotalAmount>5</d:GrandTotalAmount><d:DuePayableAmount currencyID="EUR">5</d:DuePayableAmount></d:SpecifiedTradeSettlementHeaderMonetarySummation></d:ApplicableHeaderTradeSettlement></SupplyChainTradeTransaction></CrossIndustryInvoice>`;

test("CII with its names declared anywhere, a VAT number without scheme, an IBAN as the bank's own account number", () => {
  const account = "<d:ProprietaryID>FR76 3000 6000 0112 3456 7890 189</d:ProprietaryID>";
  expect(invoiceOf(cii("<c:ID>FR32123456782</c:ID>", account))).toMatchObject({
    number: "FA-2",
    currency: "EUR",
    payableMinor: 500n,
    seller: { vat: "FR32123456782", siren: "123456782" },
    ibans: ["FR7630006000011234567890189"],
  });
  expect(
    invoiceOf(cii('<c:ID schemeID="FC">FR32123456782</c:ID>', "<d:ProprietaryID>4711</d:ProprietaryID>")),
  ).toMatchObject({ seller: { vat: null }, ibans: [] });
});

test("an invoice in UTF-16, with its mark or without, reads as the same in UTF-8", () => {
  const text = `<?xml version="1.0" encoding="UTF-16"?>${ubl({ buyer: "<PartyName><Name>Éts Gülşah</Name></PartyName>" })}`;
  const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
  for (const one of [wide, wide.subarray(2), Buffer.from(wide).swap16(), Buffer.from(wide.subarray(2)).swap16()])
    expect(invoiceOf(one).buyer.name).toBe("Éts Gülşah");
});

test("an envelope of a transport holds one invoice; one of several is none", () => {
  const wrap = (content: string) =>
    `<e:Envelope xmlns:e="soap"><e:Header/><e:Body><Send>${content}</Send></e:Body></e:Envelope>`;
  expect(invoiceOf(wrap(ubl()))).toMatchObject({ number: "FA-1", totalMinor: 12_000n });
  expect(() => read(wrap(ubl() + ubl()))).toThrow(FileRefused);
  expect(() => read(wrap("<Invoice><ID>1</ID></Invoice>"))).toThrow(FileRefused);
  expect(() => read(wrap(wrap(wrap(ubl()))))).toThrow(FileRefused);
});
