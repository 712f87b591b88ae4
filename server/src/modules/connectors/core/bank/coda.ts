import { parseCurrency } from "#kernel/money.ts";
import { finishFile, joined, newStatement, orNull, type StatementDraft, type Warnings, warningList } from "./build.ts";
import { cut, type FixedRecord, fixedRecords } from "./cfonb.ts";
import { type CodaMovement, codaEntry } from "./coda-entry.ts";
import { accountText } from "./iban.ts";
import type { BankBalance, BankFile } from "./statement.ts";
import { europeanShortDay, impliedMinor, roundedImplied } from "./values.ts";

export const isCoda = (text: string): boolean =>
  /^0{5}[\d ]{9}05/m.test(text.slice(0, 4_000)) && /^1[0-3]\d{3}/m.test(text.slice(0, 4_000));

/** Belgian CODA, version 2: three decimals, movements (21-23) with information (31-33); detail movements belong to the total before them. */
export function readCoda(text: string, warnings: Warnings = warningList()): BankFile {
  const drafts: StatementDraft[] = [];
  let current: StatementDraft | undefined;
  let movements: CodaMovement[] = [];
  let bankCode: string | null = null;
  // Each 0 begins a file of its own, whose 9 counts only what stands between.
  let first = 0;
  const close = () => {
    if (current) for (const entry of entriesOf(movements, current, warnings)) current.entries.push(entry);
    else for (const movement of movements) warnings.add("opening_missing", movement.record.line);
    movements = [];
  };
  for (const record of fixedRecords(text, 128)) {
    if (record.text.trim() === "") continue;
    const kind = record.text[0] ?? "";
    if (kind === "0") {
      close();
      current = undefined;
      first = drafts.length;
      bankCode = orNull(cut(record, 61, 71));
    } else if (kind === "1") {
      close();
      current = openingOf(record, bankCode, warnings);
      drafts.push(current);
    } else if (kind === "2" || kind === "3") addRecord(movements, record, warnings);
    else if (kind === "8") {
      close();
      if (current) current.closing = balanceOf(record, 42, current, warnings);
      else warnings.add("opening_missing", record.line);
    } else if (kind === "9") checkTotals(record, drafts.slice(first), warnings);
    else if (kind !== "4") warnings.add("record_unknown", record.line, { value: record.text.slice(0, 20) });
  }
  close();
  return finishFile("coda", drafts, [], warnings);
}

/** Record 1: account structure 0 Belgian, 1 foreign, 2 Belgian IBAN, 3 foreign IBAN; the currency stands where the structure puts it. */
function openingOf(record: FixedRecord, bankCode: string | null, warnings: Warnings): StatementDraft {
  const structure = record.text[1];
  const isOld = structure === "0";
  const draft = newStatement(record.line);
  draft.account =
    accountText(isOld ? cut(record, 6, 17) : structure === "2" ? cut(record, 6, 36) : cut(record, 6, 39)) ?? "";
  draft.currency = parseCurrency(isOld ? cut(record, 19, 21) : cut(record, 40, 42)) ?? null;
  draft.bankCode = bankCode;
  draft.number = orNull(cut(record, 126, 128)) ?? orNull(cut(record, 3, 5));
  draft.accountName = orNull(joined(cut(record, 65, 90)));
  draft.opening = balanceOf(record, 43, draft, warnings);
  return draft;
}

/** Sign (0 credit, 1 debit), 15 digits with three decimals, day DDMMYY. */
function balanceOf(record: FixedRecord, at: number, draft: StatementDraft, warnings: Warnings): BankBalance | null {
  const minor = roundedImplied(cut(record, at + 1, at + 15), 3, draft.currency, warnings, {
    line: record.line,
    column: `${at + 1}-${at + 15}`,
  });
  if (minor === undefined) {
    warnings.add("impossible_amount", record.line, {
      column: `${at + 1}-${at + 15}`,
      value: cut(record, at + 1, at + 15),
    });
    return null;
  }
  const on = europeanShortDay(cut(record, at + 16, at + 21), warnings, record.line, `${at + 16}-${at + 21}`);
  return { on, minor: record.text[at - 1] === "1" ? -minor : minor };
}

/** Records 22, 23, 31-33 belong to the last movement with their sequence number. */
function addRecord(movements: CodaMovement[], record: FixedRecord, warnings: Warnings): void {
  const code = record.text.slice(0, 2);
  const sequence = cut(record, 3, 6);
  if (code === "21") {
    movements.push({ record, sequence, detail: cut(record, 7, 10), more: [] });
    return;
  }
  const owner = movements.at(-1);
  if (owner && owner.sequence === sequence && /^(22|23|31|32|33)$/.test(code)) owner.more.push(record);
  else warnings.add("complement_without_entry", record.line);
}

/** A movement with detail number 0000 is an entry; those after it with the same sequence number are its details. */
function* entriesOf(movements: readonly CodaMovement[], draft: StatementDraft, warnings: Warnings) {
  let group: CodaMovement[] = [];
  for (const movement of movements) {
    const head = group[0];
    const isDetail = head !== undefined && movement.detail !== "0000" && movement.sequence === head.sequence;
    if (!isDetail && head) {
      const entry = codaEntry(head, group.slice(1), draft.currency, warnings);
      if (entry) yield entry;
      group = [];
    }
    group.push(movement);
  }
  const [head, ...details] = group;
  const entry = head && codaEntry(head, details, draft.currency, warnings);
  if (entry) yield entry;
}

/** Record 9: sums of debits and credits over all accounts of the file, main movements only. */
function checkTotals(record: FixedRecord, drafts: readonly StatementDraft[], warnings: Warnings): void {
  const currency = drafts[0]?.currency ?? null;
  const stated = [impliedMinor(cut(record, 23, 37), 3, currency), impliedMinor(cut(record, 38, 52), 3, currency)];
  let debit = 0n;
  let credit = 0n;
  for (const draft of drafts)
    for (const { amountMinor } of draft.entries)
      if (amountMinor < 0n) debit -= amountMinor;
      else credit += amountMinor;
  if (stated[0] !== undefined && stated[1] !== undefined && (stated[0] !== debit || stated[1] !== credit))
    warnings.add("control_total", record.line);
}
