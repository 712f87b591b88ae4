import { parseCurrency } from "#kernel/money.ts";
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

export const isCii = (root: XmlNode): boolean =>
  root.name === "CrossIndustryInvoice" || root.name === "CrossIndustryDocument";

/** First child whose name is one of these: version 1 of ZUGFeRD has other names for the same parts. */
const either = (node: XmlNode | undefined, ...names: string[]): XmlNode | undefined =>
  node?.children.find((one) => names.includes(one.name));

/** UN/CEFACT CII D16B and the older CrossIndustryDocument of ZUGFeRD 1. */
export function readCii(root: XmlNode, warnings: Warnings): EInvoice {
  const context = either(root, "ExchangedDocumentContext", "SpecifiedExchangedDocumentContext");
  const head = either(root, "ExchangedDocument", "HeaderExchangedDocument");
  const trade = either(root, "SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction");
  const agreement = either(trade, "ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement");
  const settlement = either(trade, "ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement");
  const totals = either(
    settlement,
    "SpecifiedTradeSettlementHeaderMonetarySummation",
    "SpecifiedTradeSettlementMonetarySummation",
  );
  const guideline = textAt(context, "GuidelineSpecifiedDocumentContextParameter", "ID");
  const code =
    textAt(settlement, "InvoiceCurrencyCode") ??
    attributeOf(child(totals, "GrandTotalAmount"), "currencyID") ??
    attributeOf(child(totals, "DuePayableAmount"), "currencyID");
  const currency = parseCurrency(code ?? "") ?? null;
  if (!currency) warnings.add("unknown_currency", root.line, { column: "InvoiceCurrencyCode", value: code ?? "" });
  const amount = (name: string) =>
    amountOf(inCurrency(childrenOf(totals, name), currency) ?? child(totals, name), currency, warnings);
  const money = {
    netMinor: amount("TaxBasisTotalAmount"),
    taxMinor: amountOf(inCurrency(childrenOf(totals, "TaxTotalAmount"), currency), currency, warnings),
    totalMinor: amount("GrandTotalAmount"),
    prepaidMinor: amount("TotalPrepaidAmount"),
    roundingMinor: amount("RoundingAmount"),
    payableMinor: amount("DuePayableAmount"),
  };
  checkTotals(money, profileOf(guideline) === "minimum", totals?.line ?? root.line, warnings);
  const terms = childrenOf(settlement, "SpecifiedTradePaymentTerms");
  const due = terms.flatMap((one) => {
    const dueOn = dayOf(instantOf(child(one, "DueDateDateTime")), warnings);
    return dueOn ? [{ dueOn, minor: amountOf(child(one, "PartialPaymentAmount"), currency, warnings) }] : [];
  });
  const means = childrenOf(settlement, "SpecifiedTradeSettlementPaymentMeans");
  const idOf = (node: XmlNode | undefined) => textAt(node, "IssuerAssignedID") ?? textAt(node, "ID");
  const payee = child(settlement, "PayeeTradeParty");
  return {
    syntax: root.name === "CrossIndustryDocument" ? "zugferd1" : "cii",
    profile: profileOf(guideline),
    guideline: guideline ?? null,
    number: textAt(head, "ID") ?? null,
    type: textAt(head, "TypeCode") ?? null,
    issuedOn: dayOf(instantOf(child(head, "IssueDateTime")), warnings),
    dueOn: due[0]?.dueOn ?? null,
    currency,
    ...money,
    lines: childrenOf(trade, "IncludedSupplyChainTradeLineItem").length,
    seller: partyOf(child(agreement, "SellerTradeParty")),
    buyer: partyOf(child(agreement, "BuyerTradeParty")),
    payee: payee ? partyOf(payee) : null,
    ibans: ibansOf(
      means.flatMap((one) => {
        const account = child(one, "PayeePartyCreditorFinancialAccount");
        return child(account, "IBANID") ?? child(account, "ProprietaryID") ?? [];
      }),
      warnings,
    ),
    debitedIban:
      ibansOf(
        means.flatMap((one) => child(one, "PayerPartyDebtorFinancialAccount", "IBANID") ?? []),
        warnings,
      )[0] ?? null,
    orderNumber: idOf(child(agreement, "BuyerOrderReferencedDocument")) ?? null,
    contractNumber: idOf(child(agreement, "ContractReferencedDocument")) ?? null,
    buyerReference: textAt(agreement, "BuyerReference") ?? null,
    paymentReference: textAt(settlement, "PaymentReference") ?? null,
    paymentMeans: means.map((one) => textAt(one, "TypeCode")).find((one) => one !== undefined) ?? null,
    precedingInvoices: childrenOf(settlement, "InvoiceReferencedDocument").flatMap((one) => idOf(one) ?? []),
    instalments: due.length > 1 ? due : [],
    notes: childrenOf(head, "IncludedNote").flatMap((one) => {
      const text = joined(...childrenOf(one, "Content").map((content) => content.text));
      return text === "" ? [] : [{ code: textAt(one, "SubjectCode") ?? null, text }];
    }),
    terms: joined(...terms.flatMap((one) => childrenOf(one, "Description").map((text) => text.text))) || null,
  };
}

/** The element with the day itself: DateTimeString, DateTime, or the node when it holds text. */
const instantOf = (node: XmlNode | undefined): XmlNode | undefined =>
  either(node, "DateTimeString", "DateTime", "DateString") ?? node;

function partyOf(party: XmlNode | undefined): InvoiceParty {
  if (!party) return NO_PARTY;
  const legal = child(party, "SpecifiedLegalOrganization");
  const registrations = childrenOf(party, "SpecifiedTaxRegistration").flatMap((one) => child(one, "ID") ?? []);
  const registration =
    registrations.find((one) => /^(VA|VAT)$/i.test(attributeOf(one, "schemeID") ?? "")) ??
    registrations.find((one) => attributeOf(one, "schemeID") === undefined && isVatShaped(one.text));
  const vat = registration?.text || null;
  const ids = [child(legal, "ID"), ...childrenOf(party, "GlobalID"), ...childrenOf(party, "ID")];
  const contact = child(party, "DefinedTradeContact");
  return {
    name: joined(textAt(party, "Name") ?? textAt(legal, "TradingBusinessName")) || null,
    ...frenchNumbers(
      ids.flatMap((one) => (one?.text ? [{ value: one.text, scheme: attributeOf(one, "schemeID") }] : [])),
      vat,
    ),
    vat,
    country: textAt(party, "PostalTradeAddress", "CountryID") ?? null,
    endpoint: textAt(party, "URIUniversalCommunication", "URIID") ?? null,
    email:
      textAt(contact, "EmailURIUniversalCommunication", "URIID") ??
      textAt(contact, "EmailURIUniversalCommunication", "CompleteNumber") ??
      null,
  };
}
