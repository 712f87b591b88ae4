import { type CalendarDate, calendarDateOf } from "#kernel/calendar-date.ts";
import { type Currency, exponentOf } from "#kernel/money.ts";
import type { Warnings } from "../bank/build.ts";
import { isIban } from "../bank/iban.ts";
import { attributeOf, type XmlNode } from "../xml.ts";
import type { InvoiceParty } from "./invoice.ts";

/** An amount of the document in minor units; more decimals than the currency has are rounded half away from zero and said. Null when absent. */
export function amountOf(node: XmlNode | undefined, currency: Currency | null, warnings: Warnings): bigint | null {
  const text = node?.text ?? "";
  if (!node || text === "") return null;
  const parts = /^([+-]?)(\d{0,15})(?:\.(\d{0,30}))?$/.exec(text);
  if (!parts || `${parts[2] ?? ""}${parts[3] ?? ""}` === "") {
    warnings.add("impossible_amount", node.line, { column: node.name, value: text });
    return null;
  }
  const exponent = currency === null ? 2 : exponentOf(currency);
  const fraction = parts[3] ?? "";
  const kept = BigInt(`${parts[2] || "0"}${fraction.slice(0, exponent).padEnd(exponent, "0")}`);
  const rest = fraction.slice(exponent);
  if (/[1-9]/.test(rest)) warnings.add("amount_rounded", node.line, { column: node.name, value: text });
  const size = (rest[0] ?? "0") >= "5" ? kept + 1n : kept;
  return parts[1] === "-" ? -size : size;
}

/** The amount among several in the document's currency; one without a currency counts as such. */
export const inCurrency = (nodes: readonly XmlNode[], currency: Currency | null): XmlNode | undefined =>
  nodes.find((one) => attributeOf(one, "currencyID") === (currency ?? undefined)) ??
  nodes.find((one) => attributeOf(one, "currencyID") === undefined);

/** YYYY-MM-DD or YYYYMMDD with whatever time follows; null when absent, null with a warning when it is no day. */
export function dayOf(node: XmlNode | undefined, warnings: Warnings): CalendarDate | null {
  const text = node?.text ?? "";
  if (!node || text === "") return null;
  const parts = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(text);
  const day = parts && calendarDateOf(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  if (!day) warnings.add("impossible_date", node.line, { column: node.name, value: text });
  return day ?? null;
}

/** The short name of a specification identifier (BT-24). */
export function profileOf(guideline: string | undefined): string | null {
  const text = guideline?.toLowerCase() ?? "";
  for (const name of ["minimum", "basicwl", "basic", "xrechnung", "extended", "comfort"])
    if (text.includes(name)) return name;
  if (text.includes("peppol")) return "peppol";
  return text.includes("en16931") ? "en16931" : null;
}

export const NO_PARTY: InvoiceParty = {
  name: null,
  siren: null,
  siret: null,
  registration: null,
  vat: null,
  country: null,
  endpoint: null,
  email: null,
};

/** What has the form of a VAT number, where the document does not say that it is one. */
export const isVatShaped = (text: string | undefined): boolean => /^[A-Z]{2}[0-9A-Z.+* ]{2,20}$/.test(text ?? "");

/** Identifiers of a French company from whatever the document gives: scheme 0002 is a SIREN, 0009 a SIRET, a French VAT number ends in one. */
export function frenchNumbers(
  ids: readonly { readonly value: string; readonly scheme: string | undefined }[],
  vat: string | null,
): Pick<InvoiceParty, "siren" | "siret" | "registration"> {
  const bare = ids.map((one) => ({ ...one, digits: one.value.replace(/\s+/g, "") }));
  const siret = bare.find(
    (one) => /^\d{14}$/.test(one.digits) && (one.scheme === "0009" || one.scheme === "0002"),
  )?.digits;
  const siren = bare.find((one) => one.scheme === "0002" && /^\d{9}$/.test(one.digits))?.digits;
  const ofVat = /^FR[0-9A-Z]{2}(\d{9})$/.exec(vat?.replace(/\s+/g, "").toUpperCase() ?? "")?.[1];
  return {
    siren: siren ?? siret?.slice(0, 9) ?? ofVat ?? null,
    siret: siret ?? null,
    registration: ids[0]?.value ?? null,
  };
}

/** Account numbers that have the form of an IBAN; wrong check digits are kept and said. Other forms are no IBAN and left out. */
export function ibansOf(nodes: readonly XmlNode[], warnings: Warnings): string[] {
  const found = new Set<string>();
  for (const node of nodes) {
    const bare = node.text.replace(/\s+/g, "").toUpperCase();
    if (!/^[A-Z]{2}\d{2}[A-Z0-9]{8,30}$/.test(bare) || found.has(bare)) continue;
    found.add(bare);
    if (!isIban(bare)) warnings.add("iban_check_digits", node.line, { column: node.name, value: bare });
  }
  return [...found];
}

/** Warns of totals that are missing or do not add up. */
export function checkTotals(
  totals: {
    readonly netMinor: bigint | null;
    readonly taxMinor: bigint | null;
    readonly totalMinor: bigint | null;
    readonly prepaidMinor: bigint | null;
    readonly roundingMinor: bigint | null;
    readonly payableMinor: bigint | null;
  },
  isMinimum: boolean,
  line: number,
  warnings: Warnings,
): void {
  const { netMinor, taxMinor, totalMinor, payableMinor } = totals;
  for (const [name, value] of Object.entries({ netMinor, totalMinor, payableMinor }))
    if (value === null) warnings.add("total_missing", line, { column: name });
  if (netMinor !== null && taxMinor !== null && totalMinor !== null && netMinor + taxMinor !== totalMinor)
    warnings.add("totals_do_not_add_up", line, {
      column: "totalMinor",
      value: String(totalMinor - netMinor - taxMinor),
    });
  // A MINIMUM profile has no field for what was paid in advance.
  if (totalMinor === null || payableMinor === null || isMinimum) return;
  const owed = totalMinor - (totals.prepaidMinor ?? 0n) + (totals.roundingMinor ?? 0n);
  if (owed !== payableMinor)
    warnings.add("totals_do_not_add_up", line, { column: "payableMinor", value: String(payableMinor - owed) });
}
