import type { Currency } from "#kernel/money.ts";
import { type EntryDraft, joined, newDetail, orNull, type Warnings } from "./build.ts";
import { cut, type FixedRecord } from "./cfonb.ts";
import { accountText } from "./iban.ts";
import { kindOfLabel } from "./kind-of-label.ts";
import type { BankDetail, BankKind } from "./statement.ts";
import { europeanShortDay, roundedImplied } from "./values.ts";

/** A 21 record with those that complete it. */
export type CodaMovement = {
  readonly record: FixedRecord;
  readonly sequence: string;
  readonly detail: string;
  readonly more: FixedRecord[];
};

export function codaEntry(
  head: CodaMovement,
  parts: readonly CodaMovement[],
  currency: Currency | null,
  warnings: Warnings,
): EntryDraft | undefined {
  const own = detailOf(head, currency, warnings);
  if (!own) return undefined;
  // A detail may itself be totalled by a further level; only those that add up are the entry's own.
  const details = parts.flatMap((part) => detailOf(part, currency, warnings) ?? []);
  const sum = details.reduce((total, one) => total + one.amountMinor, 0n);
  if (details.length > 0 && sum !== own.amountMinor) warnings.add("details_do_not_add_up", head.record.line);
  const { record } = head;
  const code = cut(record, 54, 61);
  return {
    position: String(record.line),
    amountMinor: own.amountMinor,
    isReversal: false,
    status: "booked",
    bookedOn: europeanShortDay(cut(record, 116, 121), warnings, record.line, "116-121"),
    valueOn: europeanShortDay(cut(record, 48, 53), warnings, record.line, "48-53"),
    bankReference: orNull(cut(record, 11, 31)),
    entryReference: null,
    typeCode: orNull(code),
    kind: details.some((one) => one.reason) || own.reason ? "return" : kindOf(code, own.remittance),
    text: own.remittance || own.creditorReference || details[0]?.remittance || "",
    details: details.length > 0 ? details : [own],
  };
}

function detailOf(movement: CodaMovement, currency: Currency | null, warnings: Warnings): BankDetail | undefined {
  const { record, more } = movement;
  const size = roundedImplied(cut(record, 33, 47), 3, currency, warnings, { line: record.line, column: "33-47" });
  if (size === undefined) {
    warnings.add("impossible_amount", record.line, { column: "33-47", value: cut(record, 33, 47) });
    return undefined;
  }
  const of = (code: string) => more.find((one) => one.text.startsWith(code));
  const second = of("22");
  const third = of("23");
  const informations = more.filter((one) => one.text.startsWith("3"));
  // The communication runs over 21, 22 and 23: 53, 53 and 43 signs.
  const message = [record.text.slice(62, 115), second?.text.slice(10, 63) ?? "", third?.text.slice(82, 125) ?? ""].join(
    "",
  );
  const isStructured = record.text[61] === "1";
  const communication = isStructured ? structured(message) : { remittance: joined(message), creditorReference: null };
  const reason = second ? cut(second, 114, 117) : "";
  return newDetail(record.text[31] === "1" ? -size : size, {
    endToEndId: provided(second ? cut(second, 64, 98) : ""),
    payerName: orNull(third ? cut(third, 48, 82) : "") ?? senderName(informations),
    payerIban: accountText(third ? accountOf(cut(third, 11, 47)) : ""),
    payerBic: orNull(second ? cut(second, 99, 109) : ""),
    ...communication,
    remittance: joined(communication.remittance, freeInformation(informations)),
    ...(reason ? { reason: { code: reason, text: null } } : {}),
  });
}

/** Account (34 signs) and its currency (3). */
const accountOf = (text: string): string =>
  text
    .slice(0, 34)
    .replace(/\s+[A-Z]{3}$/, "")
    .replace(/([A-Z]{2}\d{14})\s*EUR$/, "$1");

const provided = (text: string): string | null => (text === "" || /^(NOTPROVIDED|NONREF)$/i.test(text) ? null : text);

/** Structured communications: 101 and 102 are the Belgian reference of 12 digits; 127 is a SEPA direct debit. */
function structured(message: string): Partial<BankDetail> & Pick<BankDetail, "remittance" | "creditorReference"> {
  const type = message.slice(0, 3);
  const body = message.slice(3);
  if (type === "101" || type === "102" || type === "103")
    return { remittance: "", creditorReference: /^\d{12}/.exec(body)?.[0] ?? orNull(body.slice(0, 20)) };
  if (type === "127") {
    const reason = body.slice(145, 149).trim();
    return {
      remittance: joined(body.slice(79, 141)),
      creditorReference: null,
      mandateId: orNull(body.slice(44, 79)),
      ...(reason ? { reason: { code: reason, text: null } } : {}),
    };
  }
  return { remittance: joined(body), creditorReference: null };
}

/** Information of type 001 is the sender: name in record 31. */
function senderName(informations: readonly FixedRecord[]): string | null {
  const first = informations.find(
    (one) => one.text.startsWith("31") && one.text[39] === "1" && one.text.slice(40, 43) === "001",
  );
  return first ? orNull(first.text.slice(43, 113)) : null;
}

/** Texts of 31 (not structured) and 33; addresses are left out. */
function freeInformation(informations: readonly FixedRecord[]): string {
  return joined(
    ...informations.map((one) => {
      if (one.text.startsWith("31")) return one.text[39] === "0" ? one.text.slice(40, 113) : "";
      return one.text.startsWith("33") ? one.text.slice(10, 100) : "";
    }),
  );
}

/** Families of the Febelfin list: columns 2-3 of the transaction code. */
function kindOf(code: string, text: string): BankKind {
  const family = code.slice(1, 3);
  const transaction = code.slice(3, 5);
  if (family === "05") return transaction === "03" || transaction === "05" ? "return" : "direct_debit";
  if (family === "01" || family === "41") return "transfer";
  if (family === "03") return "cheque";
  if (family === "04") return "card";
  if (family === "07") return "bill";
  if (family === "35" || family === "80") return "fee";
  return kindOfLabel(text);
}
