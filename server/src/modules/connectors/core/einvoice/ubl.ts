import { type Currency, parseCurrency } from "#kernel/money.ts";
import { joined, type Warnings } from "../bank/build.ts";
import { attributeOf, child, childrenOf, textAt, type XmlNode } from "../xml.ts";
import type { EInvoice, InvoiceParty } from "./invoice.ts";
import {
  amountOf,
  checkTotals,
  dayOf,
  frenchNumbers,
  ibansOf,
  inCurrency,
  isVatShaped,
  NO_PARTY,
  profileOf,
} from "./values.ts";

/** A document that lacks its very number is an invoice still: what is missing is said, not its kind. */
export const isUbl = (root: XmlNode): boolean =>
  (root.name === "Invoice" || root.name === "CreditNote") &&
  (child(root, "ID") ?? child(root, "AccountingSupplierParty")) !== undefined;

/** UBL 2.1 Invoice and CreditNote. A credit note has no due day of its own: that of its payment means stands for it. */
export function readUbl(root: XmlNode, warnings: Warnings): EInvoice {
  const totals = child(root, "LegalMonetaryTotal") ?? child(root, "RequestedMonetaryTotal");
  const code = textAt(root, "DocumentCurrencyCode") ?? attributeOf(child(totals, "PayableAmount"), "currencyID");
  const currency = parseCurrency(code ?? "") ?? null;
  if (!currency) warnings.add("unknown_currency", root.line, { column: "DocumentCurrencyCode", value: code ?? "" });
  const amount = (name: string) =>
    amountOf(inCurrency(childrenOf(totals, name), currency) ?? child(totals, name), currency, warnings);
  const taxes = childrenOf(root, "TaxTotal").flatMap((one) => childrenOf(one, "TaxAmount"));
  const means = childrenOf(root, "PaymentMeans");
  const terms = childrenOf(root, "PaymentTerms");
  const guideline = textAt(root, "CustomizationID");
  const stated = {
    netMinor: amount("TaxExclusiveAmount"),
    totalMinor: amount("TaxInclusiveAmount"),
    prepaidMinor: amount("PrepaidAmount"),
    roundingMinor: amount("PayableRoundingAmount"),
    payableMinor: amount("PayableAmount"),
  };
  const money = { ...stated, taxMinor: taxOf(taxes, currency, stated, warnings) };
  checkTotals(money, false, totals?.line ?? root.line, warnings);
  const instalments = terms.flatMap((one) => {
    const dueOn = dayOf(child(one, "InstallmentDueDate") ?? child(one, "PaymentDueDate"), warnings);
    return dueOn ? [{ dueOn, minor: amountOf(child(one, "Amount"), currency, warnings) }] : [];
  });
  return {
    syntax: "ubl",
    profile: profileOf(guideline),
    guideline: guideline ?? null,
    number: textAt(root, "ID") ?? null,
    type:
      textAt(root, "InvoiceTypeCode") ??
      textAt(root, "CreditNoteTypeCode") ??
      (root.name === "CreditNote" ? "381" : "380"),
    issuedOn: dayOf(child(root, "IssueDate"), warnings),
    dueOn:
      dayOf(child(root, "DueDate"), warnings) ??
      means.map((one) => dayOf(child(one, "PaymentDueDate"), warnings)).find((one) => one !== null) ??
      instalments[0]?.dueOn ??
      null,
    currency,
    ...money,
    lines: childrenOf(root, "InvoiceLine").length + childrenOf(root, "CreditNoteLine").length,
    seller: partyOf(child(root, "AccountingSupplierParty", "Party")),
    buyer: partyOf(child(root, "AccountingCustomerParty", "Party")),
    payee: child(root, "PayeeParty") ? partyOf(child(root, "PayeeParty")) : null,
    ibans: ibansOf(
      means.flatMap((one) => child(one, "PayeeFinancialAccount", "ID") ?? []),
      warnings,
    ),
    debitedIban:
      ibansOf(
        means.flatMap((one) => child(one, "PaymentMandate", "PayerFinancialAccount", "ID") ?? []),
        warnings,
      )[0] ?? null,
    orderNumber: textAt(root, "OrderReference", "ID") ?? null,
    contractNumber: textAt(root, "ContractDocumentReference", "ID") ?? null,
    buyerReference: textAt(root, "BuyerReference") ?? null,
    paymentReference: means.map((one) => textAt(one, "PaymentID")).find((one) => one !== undefined) ?? null,
    paymentMeans: means.map((one) => textAt(one, "PaymentMeansCode")).find((one) => one !== undefined) ?? null,
    precedingInvoices: childrenOf(root, "BillingReference").flatMap(
      (one) => textAt(one, "InvoiceDocumentReference", "ID") ?? textAt(one, "CreditNoteDocumentReference", "ID") ?? [],
    ),
    instalments,
    notes: childrenOf(root, "Note").flatMap((one) => noteOf(one.text)),
    terms: joined(...terms.flatMap((one) => childrenOf(one, "Note").map((note) => note.text))) || null,
  };
}

/** "#PMT#text" names its subject. */
function noteOf(text: string): EInvoice["notes"][number][] {
  if (text === "") return [];
  const parts = /^#([A-Z]{3})#([\s\S]*)$/.exec(text);
  return [{ code: parts?.[1] ?? null, text: joined(parts?.[2] ?? text) }];
}

/** Some countries give every kind of tax a total of its own: what closes the gap between net and gross is their sum, else the first counts. */
function taxOf(
  taxes: readonly XmlNode[],
  currency: Currency | null,
  { netMinor, totalMinor }: { readonly netMinor: bigint | null; readonly totalMinor: bigint | null },
  warnings: Warnings,
): bigint | null {
  const first = amountOf(inCurrency(taxes, currency), currency, warnings);
  const own = taxes.filter((one) => (attributeOf(one, "currencyID") ?? currency) === currency);
  if (own.length < 2 || netMinor === null || totalMinor === null) return first;
  const sum = own.reduce((total, one) => total + (amountOf(one, currency, warnings) ?? 0n), 0n);
  return netMinor + sum === totalMinor ? sum : first;
}

/** A private buyer has no company name. */
const personOf = (party: XmlNode): string | undefined =>
  ["FirstName", "MiddleName", "FamilyName"].flatMap((name) => textAt(party, "Person", name) ?? []).join(" ") ||
  undefined;

function partyOf(party: XmlNode | undefined): InvoiceParty {
  if (!party) return NO_PARTY;
  const legal = child(party, "PartyLegalEntity");
  const tax = childrenOf(party, "PartyTaxScheme");
  const vatScheme =
    tax.find((one) => textAt(one, "TaxScheme", "ID") === "VAT") ??
    tax.find((one) => isVatShaped(textAt(one, "CompanyID")));
  const vat = textAt(vatScheme, "CompanyID") ?? null;
  const ids = [child(legal, "CompanyID"), ...childrenOf(party, "PartyIdentification").map((one) => child(one, "ID"))];
  return {
    name: joined(textAt(legal, "RegistrationName") ?? textAt(party, "PartyName", "Name") ?? personOf(party)) || null,
    ...frenchNumbers(
      ids.flatMap((one) => (one?.text ? [{ value: one.text, scheme: attributeOf(one, "schemeID") }] : [])),
      vat,
    ),
    vat,
    country: textAt(party, "PostalAddress", "Country", "IdentificationCode") ?? null,
    endpoint: textAt(party, "EndpointID") ?? null,
    email: textAt(party, "Contact", "ElectronicMail") ?? null,
  };
}
