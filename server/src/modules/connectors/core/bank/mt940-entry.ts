import { type CalendarDate, calendarDateOf, daysBetween } from "#kernel/calendar-date.ts";
import type { Currency } from "#kernel/money.ts";
import { shorten } from "../fault.ts";
import { type EntryDraft, joined, newDetail, orNull, type Warnings } from "./build.ts";
import { leadingIban } from "./iban.ts";
import { kindOfLabel } from "./kind-of-label.ts";
import { informationOf } from "./mt940-information.ts";
import type { BankKind } from "./statement.ts";
import { minorOf, shortDay, ungrouped } from "./values.ts";

/** A :61: line before its :86: is complete. */
export type Movement = {
  readonly line: number;
  readonly size: bigint;
  readonly mark: string;
  readonly valueOn: CalendarDate | null;
  readonly bookedOn: CalendarDate | null;
  readonly type: string | null;
  readonly reference: string;
  readonly bankReference: string;
  readonly supplementary: string;
  /** The other party's name where a bank puts it behind the reference or below an IBAN. */
  readonly otherName: string | null;
  /** The other party's account in the reference or alone on the second line. */
  readonly otherAccount: string | null;
  readonly information: string[];
};

/** Value day, entry day (may be blank), mark, funds code, amount, type (S, N or F and three signs; other letters at some banks), references. */
const LINE =
  /^(\d{6})(\d{4}| {4})?(R[CD]|E[CD]|[CD])([A-Z])?\s*(\d[\d.]*,\d*|,\d+|\d+\.\d*|\d+)\s*([SNF][A-Z0-9 ]{3}|[A-Z][A-Z0-9]{3}(?=NONREF|\/\/|\s*$))?(.*)$/is;

/** Undefined when the line is none, with a warning; its money is then missing and the chain tells so. */
export function readMovement(
  lines: readonly string[],
  line: number,
  currency: Currency | null,
  warnings: Warnings,
): Movement | undefined {
  // Wrapped by a mail program or a terminal: the amount may stand on the second line.
  const [first = "", ...rest] = lines;
  const whole = LINE.exec(first)
    ? { found: LINE.exec(first), rest }
    : { found: LINE.exec(first + (rest[0] ?? "").trim()), rest: rest.slice(1) };
  const parts = whole.found;
  const size = parts ? minorOf(ungrouped(parts[5] ?? ""), currency) : undefined;
  if (!parts || size === undefined) {
    warnings.add("unreadable_entry", line, { column: ":61:", value: shorten(first) });
    return undefined;
  }
  const valueOn = shortDay(parts[1] ?? "", warnings, line, ":61:");
  const [reference = "", bank = ""] = splitAt(parts[7] ?? "", "//");
  // References have 16 signs; what stands behind is the other party's name at some banks.
  const isLong = bank === "" && reference.length > 16 && !/^[A-Z]{2}\d{2}[A-Z0-9]{12,}$/.test(reference.trim());
  return {
    line,
    size,
    mark: parts[3]?.toUpperCase() ?? "C",
    valueOn,
    bookedOn: bookingDay(parts[2] ?? "", valueOn, warnings, line),
    type: parts[6]?.trim() ?? null,
    reference: (isLong ? reference.slice(0, 16) : reference).trim(),
    bankReference: bank.trim(),
    supplementary: joined(isLong ? reference.slice(16) : "", ...whole.rest),
    otherName: isLong ? orNull(reference.slice(16)) : leadingIban(reference) ? orNull(whole.rest[0]) : null,
    otherAccount: leadingIban(reference) ?? ibanShaped(whole.rest[0]),
    information: [],
  };
}

/** A line that holds nothing but an account in the form of an IBAN. */
const ibanShaped = (line: string | undefined): string | null =>
  /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.exec(line?.trim() ?? "")?.[0] ?? null;

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + mark.length)];
}

/** MMDD in the year that puts it nearest to the value day; without one, the value day. */
function bookingDay(text: string, valueOn: CalendarDate | null, warnings: Warnings, line: number): CalendarDate | null {
  if (text.trim() === "" || valueOn === null) return valueOn;
  const year = Number(valueOn.slice(0, 4));
  const month = Number(text.slice(0, 2));
  const day = Number(text.slice(2));
  const candidates = [year, year - 1, year + 1].flatMap((one) => calendarDateOf(one, month, day) ?? []);
  const [nearest] = candidates.sort((a, b) => Math.abs(daysBetween(a, valueOn)) - Math.abs(daysBetween(b, valueOn)));
  if (!nearest) warnings.add("odd_day", line, { column: ":61:", value: text });
  return nearest ?? valueOn;
}

/** The marks: C credit, D debit, RC takes a credit back (a debit), RD a debit back (a credit); EC and ED are expected. */
export function movementEntry(movement: Movement, currency: Currency | null, warnings: Warnings): EntryDraft {
  const { mark, size, line, type } = movement;
  const amountMinor = mark === "D" || mark === "RC" || mark === "ED" ? -size : size;
  const info = informationOf(movement.information, movement.reference);
  const reference = named(movement.reference);
  const detail = newDetail(amountMinor, {
    endToEndId: info.endToEndId,
    mandateId: info.mandateId,
    payerName: info.name ?? movement.otherName,
    payerIban: info.account ?? movement.otherAccount,
    payerBic: info.bic,
    ultimatePayer: info.ultimate,
    creditorReference: info.creditorReference,
    remittance: info.remittance || (movement.information.length === 0 ? joined(movement.supplementary) : ""),
    reason: info.reason,
    original: info.original?.currency === currency ? null : info.original,
    feeMinor: info.feeMinor,
  });
  if (movement.information.length === 0 && movement.supplementary === "" && reference === null)
    warnings.add("entry_without_text", line);
  return {
    position: String(line),
    amountMinor,
    isReversal: mark === "RC" || mark === "RD",
    status: mark === "EC" || mark === "ED" ? "pending" : "booked",
    bookedOn: movement.bookedOn,
    valueOn: movement.valueOn,
    bankReference: named(movement.bankReference),
    entryReference: reference && !/^(EREF|PREF|MREF|IREF|KREF)$/.test(reference) ? reference : null,
    typeCode: type,
    kind: kindOf(movement, info.kind, info.label, info.reason !== null),
    text: joined(info.label) || info.remittance || joined(movement.supplementary),
    details: [detail],
  };
}

const named = (text: string): string | null => (text === "" || /^(NONREF|N|NOTPROVIDED)$/i.test(text) ? null : text);

const TYPES: Readonly<Record<string, BankKind>> = {
  TRF: "transfer",
  CHK: "cheque",
  DDT: "direct_debit",
  INC: "direct_debit",
  RTI: "return",
  CHG: "fee",
  COM: "fee",
  INT: "interest",
  BOE: "bill",
  STO: "transfer",
  OVB: "transfer",
  BEA: "card",
};

function kindOf(movement: Movement, told: BankKind | null, label: string, isReturn: boolean): BankKind {
  if (isReturn) return "return";
  if (told) return told;
  const code = movement.type?.slice(1) ?? "";
  if (Object.hasOwn(TYPES, code)) return TYPES[code] ?? "other";
  return kindOfLabel(label || movement.supplementary);
}
