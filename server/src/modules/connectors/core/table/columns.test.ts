import { expect, test } from "vitest";
import { currencyOfHeader, FIELDS, fitOf, mapHeaders } from "./columns.ts";

test("French, English and machine headers map by themselves", () => {
  expect(
    mapHeaders("items", [
      "N° client",
      "Raison sociale",
      "N° facture",
      "Date facture",
      "Échéance",
      "Montant TTC (€)",
      "Reste à payer",
    ]),
  ).toEqual(["customerNumber", "customerName", "documentNo", "issuedOn", "dueOn", "amount", "openAmount"]);
  expect(
    mapHeaders("items", [
      "countryCode",
      "customerID",
      "PaperlessDate",
      "invoiceNumber",
      "InvoiceDate",
      "DueDate",
      "InvoiceAmount",
      "Disputed",
      "SettledDate",
    ]),
  ).toEqual([undefined, "customerNumber", undefined, "documentNo", "issuedOn", "dueOn", "amount", undefined, "paidOn"]);
  expect(
    mapHeaders("items", [
      "",
      "business_code",
      "cust_number",
      "name_customer",
      "clear_date",
      "doc_id",
      "posting_date",
      "due_in_date",
      "baseline_create_date",
      "converted_usd",
    ]),
  ).toEqual([
    undefined,
    undefined,
    "customerNumber",
    "customerName",
    "paidOn",
    "documentNo",
    "postedOn",
    "dueOn",
    "issuedOn",
    "amount",
  ]);
});

test("our own keys always map", () => {
  for (const kind of ["items", "customers", "contacts"] as const)
    expect(mapHeaders(kind, FIELDS[kind])).toEqual(FIELDS[kind]);
});

test("the kind of a table shows in its headers", () => {
  const fits = (headers: string[]) => (["items", "customers", "contacts"] as const).map((kind) => fitOf(kind, headers));
  const [items = 0, customers = 0, contacts = 0] = fits([
    "Code client",
    "Nom client",
    "Adresse",
    "Code postal",
    "Ville",
    "Téléphone",
  ]);
  expect(customers).toBeGreaterThan(Math.max(items, contacts));
  const [, second = 0, third = 0] = fits(["Code client", "Contact", "Prénom", "E-mail", "Fonction"]);
  expect(third).toBeGreaterThan(second);
  expect(fits(["a", "b", "c"])).toEqual([0, 0, 0]);
});

test("a header may name the currency", () => {
  expect(currencyOfHeader("converted_usd")).toBe("USD");
  expect(currencyOfHeader("Montant (EUR)")).toBe("EUR");
  expect(currencyOfHeader("Montant €")).toBe("EUR");
  expect(currencyOfHeader("europe")).toBeUndefined();
});
