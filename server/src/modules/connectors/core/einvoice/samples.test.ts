import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { sample } from "../../../../../testing/samples.ts";
import { linesOfText } from "../decode.ts";
import type { EInvoice } from "./invoice.ts";
import { readEInvoice } from "./read-einvoice.ts";

// Public files that nobody here wrote, against an independent reading of them.

const folder = sample("einvoices");
const expected = folder
  ? linesOfText(readFileSync(path.join(folder, "expected.csv"), "utf8"))
      .slice(1)
      .flatMap((line) => {
        const file = /^"?([^,"]+\/(?:[^,"]|, )+?\.(?:xml|XML|pdf))/.exec(line)?.[1] ?? /"([^"]+\.xml)"/.exec(line)?.[1];
        const reading = /(?:,"?)((?:\[[^\]]*\] )?(?:CII|UBL|CDAR|NOT WELL|root|\[).*)$/.exec(line)?.[1];
        return line === "" ? [] : [{ file: file ?? line, reading: reading ?? "" }];
      })
      .map((one) =>
        one.file.includes("con Allegato")
          ? { ...one, file: "en16931-ubl/FT G2G_TD01 con Allegato, Bonifico e Split Payment.xml" }
          : one,
      )
  : [];

/** Where we differ from the independent reading, and why. Field by field; the others are still compared. */
const EXPLAINED: Readonly<Record<string, Partial<Record<string, string>>>> = {
  // The account named is the buyer's, which a direct debit takes from: not one to pay to.
  "zugferd-v1-pdf/ZUGFeRD_1p0_COMFORT_SEPA_Prenotification.pdf": { iban: "" },
  "corpus-cii/not_validating_full_invoice_based_onTest_EeISI_300_CENfullmodel.cii.xml": { iban: "IT1212341234123412" },
};

const amount = (minor: bigint | null): string => (minor === null ? "-" : String(minor));
const expectedAmount = (text: string | undefined): string => {
  if (text === undefined || text === "-" || text === "") return "-";
  const [whole = "", fraction = ""] = text.replace("-", "").split(".");
  return `${text.startsWith("-") ? "-" : ""}${BigInt(whole + fraction.padEnd(2, "0").slice(0, 2))}`;
};
const factsOf = (one: EInvoice) => ({
  number: one.number,
  type: one.type,
  issued: one.issuedOn ?? "-",
  due: one.dueOn ?? "-",
  currency: one.currency,
  net: amount(one.netMinor),
  total: amount(one.totalMinor),
  prepaid: amount(one.prepaidMinor),
  payable: amount(one.payableMinor),
  lines: String(one.lines),
});
const day = (text: string | undefined) =>
  text && text !== "-" ? text.replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3") : "-";

describe.skipIf(!folder)("public e-invoices (set ENCOURS_SAMPLES to their folder)", () => {
  test("the table names all of them", () => expect(expected.length).toBe(97));

  test.each(expected)("$file", ({ file, reading }) => {
    const found = readEInvoice(readFileSync(path.join(folder ?? "", file)));
    if (reading.includes("CDAR")) {
      const [, number, code] = /inv (\S+) ProcessConditionCode (\d+)/.exec(reading) ?? [];
      expect(found.kind === "lifecycle" && [found.lifecycle.invoiceNumber, found.lifecycle.code]).toEqual([
        number,
        code,
      ]);
      return;
    }
    if (found.kind !== "invoice") throw new Error("an invoice was expected");
    const { invoice } = found;
    // The declaration alone is not well-formed: the invoice can be read, and we say what is wrong.
    if (reading.includes("NOT WELL-FORMED")) {
      expect([invoice.number, found.warnings.map((one) => one.code)]).toEqual([
        "RE-20201121/508",
        ["encoding_not_as_declared"],
      ]);
      return;
    }
    // The first attachment is data of another kind; an invoice stands beside it.
    if (reading.includes("root additionalOrAlternateData")) {
      expect([invoice.number, found.attachment]).toEqual(["R87654321012345", "ZUGFeRD-invoice.xml"]);
      return;
    }
    const of = (pattern: RegExp) => pattern.exec(reading)?.[1];
    expect(factsOf(invoice)).toEqual({
      number: of(/ no (.*?); type/),
      type: of(/type (\d+)/),
      issued: day(of(/issue ([\d-]+)/)),
      due: day(of(/due ([\d-]+)/)),
      currency: of(/ccy (\w+)/),
      net: expectedAmount(of(/HT (-?[\d.]+)/)),
      total: expectedAmount(of(/TTC (-?[\d.]+)/)),
      prepaid: expectedAmount(of(/prepaid (-?[\d.]+)/)),
      payable: expectedAmount(of(/to pay (-?[\d.]+)/)),
      lines: of(/(\d+) lines/),
    });
    const tax = of(/TVA (-?[\d.]+)/);
    if (tax) expect(amount(invoice.taxMinor)).toBe(expectedAmount(tax));
    const attachment = of(/^\[([^\]]+)\]/);
    if (attachment) expect(found.attachment).toBe(attachment);
    const ibans = [...(of(/IBAN (\[.*\])/) ?? "").matchAll(/'([^']+)'/g)].map((one) =>
      (one[1] ?? "").replaceAll(" ", ""),
    );
    if (reading.includes("IBAN [")) expect(invoice.ibans.join()).toBe(EXPLAINED[file]?.["iban"] ?? ibans.join());
    expect(invoice.seller.name).not.toBeNull();
    expect(invoice.buyer.name).not.toBeNull();
  });
});
