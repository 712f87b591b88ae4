import type { Language } from "#contracts/common.ts";
import { importFaultText } from "#contracts/import-faults.ts";
import type { Reading } from "#contracts/read.ts";
import { returnReason } from "../core/bank/return-reasons.ts";
import type { BankBalance, BankDetail, BankEntry, BankFile, BankStatement } from "../core/bank/statement.ts";
import type { EInvoiceFile } from "../core/einvoice/invoice.ts";
import type { Fault } from "../core/fault.ts";
import type { FecReading, FileReading } from "../worker/protocol.ts";

type Of<Kind extends Reading["kind"]> = Extract<Reading, { kind: Kind }>;

const ROWS_SHOWN = 20_000;

/** A fault in words. */
export const fileFaultText = (fault: Fault, language: Language): string =>
  importFaultText(fault.code, language, { column: fault.column ?? "", value: fault.value ?? "", count: 1 });

/** What the worker read, as the API and the command line show it: amounts as text, faults in words. */
export function readingView(reading: FileReading, language: Language): Reading {
  if (reading.kind === "bank") return bankView(reading.file, language);
  if (reading.kind === "fec") return fecView(reading.fec, language);
  return invoiceView(reading.file, language);
}

const warningsOf = (faults: readonly Fault[], language: Language) =>
  faults.map((fault) => ({
    code: fault.code,
    line: fault.line,
    column: fault.column ?? null,
    value: fault.value ?? null,
    text: fileFaultText(fault, language),
  }));

const meaningOf = (code: string | null, language: Language): string | null =>
  (code ? returnReason(code)?.meaning[language] : undefined) ?? null;

function bankView(file: BankFile, language: Language): Of<"bank"> {
  let left = ROWS_SHOWN;
  const statements = file.statements.map((one) => {
    const shown = one.entries.slice(0, left);
    left -= shown.length;
    return statementView(one, shown, language);
  });
  return {
    kind: "bank",
    format: file.format,
    version: file.version ?? null,
    statements,
    returns: [
      ...file.returns.map((one) => ({
        ...one,
        accounts: [...one.accounts],
        meaning: meaningOf(one.reason, language),
        amountMinor: one.amountMinor === null ? null : String(one.amountMinor),
      })),
      ...file.statements.flatMap((one) => one.entries.flatMap((entry) => returnsIn(entry, one, language))),
    ],
    warnings: warningsOf(file.warnings, language),
  };
}

function statementView(
  one: BankStatement,
  shown: readonly BankEntry[],
  language: Language,
): Of<"bank">["statements"][number] {
  const { entries, opening, closing, writtenCurrency, ...rest } = one;
  const currency = one.currency ?? writtenCurrency ?? null;
  let credit = 0n;
  let debit = 0n;
  let details = 0;
  for (const entry of entries) {
    if (entry.amountMinor > 0n) credit += entry.amountMinor;
    else debit -= entry.amountMinor;
    details += entry.details.length;
  }
  const balance = (given: BankBalance | null) =>
    given && { minor: String(given.minor), currency: given.currency ?? currency, on: given.on };
  return {
    ...rest,
    currency,
    opening: balance(opening),
    closing: balance(closing),
    entries: entries.length,
    details,
    creditMinor: String(credit),
    debitMinor: String(debit),
    entryRows: shown.map((entry) => ({
      ...entry,
      amountMinor: String(entry.amountMinor),
      details: entry.details.map((detail) => detailView(detail, language)),
    })),
  };
}

const detailView = (detail: BankDetail, language: Language) => ({
  ...detail,
  amountMinor: String(detail.amountMinor),
  documents: detail.documents.map(({ number, amountMinor }) => ({
    number,
    amountMinor: amountMinor === null ? null : String(amountMinor),
  })),
  reason: detail.reason && { ...detail.reason, meaning: meaningOf(detail.reason.code, language) },
  original: detail.original && { currency: detail.original.currency, minor: String(detail.original.minor) },
  feeMinor: detail.feeMinor === null ? null : String(detail.feeMinor),
});

/** Returned collections that a statement books, one per detail with a reason. */
const returnsIn = (entry: BankEntry, statement: BankStatement, language: Language) =>
  entry.details.flatMap((detail) =>
    detail.reason === null
      ? []
      : {
          position: entry.position,
          accounts: statement.account === "" ? [] : [statement.account],
          endToEndId: detail.endToEndId,
          originalId: entry.bankReference,
          mandateId: detail.mandateId,
          reason: detail.reason.code || null,
          reasonText: detail.reason.text,
          meaning: meaningOf(detail.reason.code, language),
          amountMinor: String(detail.amountMinor < 0n ? -detail.amountMinor : detail.amountMinor),
          currency: statement.currency,
          on: entry.bookedOn,
          payerName: detail.payerName,
          reference: detail.creditorReference,
        },
  );

function invoiceView(file: EInvoiceFile, language: Language): Of<"einvoice"> | Of<"lifecycle"> {
  const warnings = warningsOf(file.warnings, language);
  if (file.kind === "lifecycle") {
    const { invoiceNumber, invoiceType, invoiceOn, reasons, amounts, ...rest } = file.lifecycle;
    return {
      kind: "lifecycle",
      ...rest,
      number: invoiceNumber,
      type: invoiceType,
      issuedOn: invoiceOn,
      reasons: [...reasons],
      amounts: [...amounts],
      warnings,
    };
  }
  const text = (minor: bigint | null) => (minor === null ? null : String(minor));
  const { invoice } = file;
  return {
    ...invoice,
    kind: "einvoice",
    attachment: file.attachment,
    netMinor: text(invoice.netMinor),
    taxMinor: text(invoice.taxMinor),
    totalMinor: text(invoice.totalMinor),
    prepaidMinor: text(invoice.prepaidMinor),
    roundingMinor: text(invoice.roundingMinor),
    payableMinor: text(invoice.payableMinor),
    ibans: [...invoice.ibans, ...(invoice.debitedIban ? [invoice.debitedIban] : [])],
    precedingInvoices: [...invoice.precedingInvoices],
    instalments: invoice.instalments.map(({ dueOn, minor }) => ({ dueOn, minor: text(minor) })),
    notes: [...invoice.notes],
    warnings,
  };
}

function fecView(fec: FecReading, language: Language): Of<"fec"> {
  const { open, balanceMinor, accounts, warnings, ...rest } = fec;
  return {
    kind: "fec",
    ...rest,
    debitMinor: String(fec.debitMinor),
    creditMinor: String(fec.creditMinor),
    currency: "EUR",
    receivable: {
      balanceMinor: String(balanceMinor),
      balance: { minor: String(balanceMinor), currency: "EUR" },
      accounts,
      asOf: fec.fiscalYear?.to ?? null,
      openItems: open.buckets.map((one) => ({ ...one, minor: String(one.minor) })),
      credits: { count: open.credits.count, minor: String(open.credits.minor) },
    },
    warnings: warningsOf(warnings, language),
  };
}
