import { fold } from "#kernel/text.ts";
import {
  finishFile,
  joined,
  newDetail,
  newStatement,
  orNull,
  type StatementDraft,
  type Warnings,
  warningList,
} from "./build.ts";
import { codeOf, currencyOf, cut, type FixedRecord, fixedRecords, overpunched } from "./cfonb.ts";
import { accountText } from "./iban.ts";
import { kindOfLabel } from "./kind-of-label.ts";
import type { BankBalance, BankDetail, BankFile, BankKind } from "./statement.ts";
import { europeanShortDay, impliedMinor } from "./values.ts";

/** A movement (04) with its complements (05) while they are read. */
type Movement = { readonly record: FixedRecord; readonly complements: Map<string, string[]> };

/**
 * CFONB 120: 01 old balance, 04 movement, 05 complement, 07 new balance, statement after statement. Records out of order are read as far
 * as they mean something, with a warning.
 */
export function readCfonb120(text: string, warnings: Warnings = warningList()): BankFile {
  const drafts: StatementDraft[] = [];
  let current: StatementDraft | undefined;
  let movement: Movement | undefined;
  const close = () => {
    if (movement && current) addEntry(current, movement, warnings);
    movement = undefined;
  };
  const begin = (record: FixedRecord): StatementDraft => {
    current = { ...newStatement(record.line), ...headOf(record) };
    drafts.push(current);
    return current;
  };
  for (const record of fixedRecords(text, 120)) {
    if (record.text.trim() === "") continue;
    switch (codeOf(record)) {
      case "01": {
        close();
        if (current && !current.closing) warnings.add("closing_missing", record.line, { value: current.account });
        begin(record).opening = balanceOf(record, warnings);
        break;
      }
      case "04": {
        close();
        const isOther = current && current.account !== cut(record, 22, 32);
        if (!current || current.closing || isOther) {
          warnings.add("opening_missing", record.line, { value: cut(record, 22, 32) });
          begin(record);
        }
        movement = { record, complements: new Map() };
        break;
      }
      case "05":
        if (movement) addComplement(movement, record);
        else warnings.add("complement_without_entry", record.line);
        break;
      case "07": {
        close();
        const isOwn = current && !current.closing && current.account === cut(record, 22, 32);
        if (!isOwn) warnings.add("opening_missing", record.line, { value: cut(record, 22, 32) });
        const draft = isOwn && current ? current : begin(record);
        draft.closing = balanceOf(record, warnings);
        break;
      }
      default:
        warnings.add("record_unknown", record.line, { value: record.text.slice(0, 20) });
    }
  }
  close();
  return finishFile("cfonb120", drafts, [], warnings);
}

/** Bank and branch together are 10 digits; with the account they make the national identifier. */
const headOf = (record: FixedRecord) => ({
  account: cut(record, 22, 32),
  bankCode: orNull(`${cut(record, 3, 7)}${cut(record, 12, 16)}`),
  currency: currencyOf(cut(record, 17, 19)),
});

const decimalsOf = (record: FixedRecord): number => {
  const digit = cut(record, 20, 20);
  return /^\d$/.test(digit) ? Number(digit) : 2;
};

function amountOf(record: FixedRecord, warnings: Warnings): bigint | undefined {
  const minor = overpunched(cut(record, 91, 104), decimalsOf(record), currencyOf(cut(record, 17, 19)));
  if (minor === undefined)
    warnings.add("impossible_amount", record.line, { column: "91-104", value: cut(record, 91, 104) });
  return minor;
}

function balanceOf(record: FixedRecord, warnings: Warnings): BankBalance | null {
  const minor = amountOf(record, warnings);
  const on = europeanShortDay(cut(record, 35, 40), warnings, record.line, "35-40");
  return minor === undefined ? null : { on, minor };
}

function addComplement(movement: Movement, record: FixedRecord): void {
  const qualifier = cut(record, 46, 48);
  const text = record.text.slice(48, 118).trimEnd();
  if (text.trim() === "") return;
  const known = movement.complements.get(qualifier);
  if (known) known.push(text);
  else movement.complements.set(qualifier, [text]);
}

function addEntry(draft: StatementDraft, { record, complements }: Movement, warnings: Warnings): void {
  const amountMinor = amountOf(record, warnings);
  if (amountMinor === undefined) return;
  const code = cut(record, 33, 34);
  const rejection = cut(record, 41, 42);
  const label = cut(record, 49, 79);
  const detail = detailOf(amountMinor, complements, rejection, draft);
  draft.entries.push({
    position: String(record.line),
    amountMinor,
    isReversal: false,
    status: "booked",
    bookedOn: europeanShortDay(cut(record, 35, 40), warnings, record.line, "35-40"),
    valueOn: europeanShortDay(cut(record, 43, 48), warnings, record.line, "43-48"),
    bankReference: complements.get("REF")?.[0]?.trim() || null,
    entryReference: entryReference(cut(record, 105, 120), cut(record, 82, 88)),
    typeCode: orNull(code),
    kind: kindOf(detail, label, amountMinor),
    text: joined(label, ...(complements.get("LIB") ?? [])),
    details: [detail],
  });
}

const entryReference = (reference: string, number: string): string | null =>
  orNull(reference) ?? (/^0*$/.test(number) ? null : number);

function detailOf(
  amountMinor: bigint,
  complements: ReadonlyMap<string, readonly string[]>,
  rejection: string,
  draft: StatementDraft,
): BankDetail {
  const all = (...keys: string[]) => joined(...keys.flatMap((key) => complements.get(key) ?? []));
  const one = (...keys: string[]) => orNull(all(...keys));
  const isCredit = amountMinor > 0n;
  const returned = returnOf(complements.get("RET")?.[0] ?? "");
  const client = complements.get("RCN")?.[0] ?? "";
  const structured = structuredReference(one("LCS"));
  return newDetail(amountMinor, {
    endToEndId: provided(client.slice(0, 35)),
    mandateId: one("RUM")?.slice(0, 35).trim() ?? null,
    payerName: isCredit ? one("NPY") : (one("NBE") ?? one("NPY")),
    payerIban: accountText(isCredit ? one("CPY") : (one("CBE") ?? one("CPY"))),
    ultimatePayer: isCredit ? one("NPO") : one("NBU"),
    creditorReference: structured,
    remittance: joined(
      `${complements.get("LCC")?.[0] ?? ""}${complements.get("LC2")?.[0] ?? ""}`,
      ...(complements.get("LCC")?.slice(1) ?? []),
      ...(complements.get("LIB") ?? []),
      client.slice(35),
    ),
    reason: rejection ? { code: rejection, text: one("RET") } : returned,
    original: originalOf(complements.get("MMO")?.[0] ?? "", draft),
    feeMinor: feeOf(complements.get("FEE")?.[0] ?? "", draft),
  });
}

/** The reference inside a structured remittance: a creditor reference where it has one, else as the bank gives it. */
const structuredReference = (text: string | null): string | null =>
  /\bRF\d{2}[A-Z0-9]{1,21}\b/.exec(text ?? "")?.[0] ?? text;

const provided = (text: string): string | null => {
  const trimmed = text.trim();
  return trimmed === "" || /^(NOTPROVIDED|NON ?REF|NOTPROVIDE)$/i.test(trimmed) ? null : trimmed;
};

/** The return complement begins with the ISO reason at many banks. */
function returnOf(text: string): BankDetail["reason"] {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  const code = /^([A-Z]{2}\d{2}|FOCR|DUPL|TECH|FRAD|CUST|[CD]NOR|SL01)\b/.exec(trimmed)?.[1];
  return { code: code ?? "", text: joined(code ? trimmed.slice(code.length) : trimmed) || null };
}

/** MMO: currency, number of decimals, amount of 14 digits, then the rate. */
function originalOf(text: string, draft: StatementDraft): BankDetail["original"] {
  const parts = /^([A-Z]{3})(\d)\s*(\d{1,14})/.exec(text);
  const currency = parts && currencyOf(parts[1] ?? "");
  if (!parts || !currency || currency === draft.currency) return null;
  const minor = impliedMinor(parts[3] ?? "", Number(parts[2]), currency);
  return minor ? { currency, minor } : null;
}

/** FEE: currency, number of decimals, amount of 14 digits. */
function feeOf(text: string, draft: StatementDraft): bigint | null {
  const parts = /^([A-Z]{3})(\d)\s*(\d{1,14})/.exec(text);
  if (!parts || currencyOf(parts[1] ?? "") !== draft.currency) return null;
  return impliedMinor(parts[3] ?? "", Number(parts[2]), draft.currency) ?? null;
}

function kindOf(detail: BankDetail, label: string, amountMinor: bigint): BankKind {
  if (detail.reason) return "return";
  const kind = kindOfLabel(label);
  // "IMPAYE" in the label of money that comes in is a customer paying an unpaid one.
  return kind === "return" && amountMinor > 0n && /^vir/.test(fold(label)) ? "transfer" : kind;
}
