import type { ItemDetail } from "#contracts/receivables.ts";
import { type CalendarDate, daysBetween } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import type { Tx } from "#platform/database/index.ts";
import { findItem, type LineRow, linesOf, settledBy, type VersionRow, versionsOf } from "../store/item-detail.ts";
import { companyCodes } from "./company-codes.ts";

/** One item with its history; open on `asOf`, ledger layer for a ledger item. Undefined when there is none. */
export async function readItem(tx: Tx, itemId: Uuid, asOf: CalendarDate): Promise<ItemDetail | undefined> {
  const item = await findItem(tx, itemId);
  if (!item) return undefined;
  const versions = await versionsOf(tx, itemId);
  const last = versions.at(-1);
  if (!last) return undefined;
  const lines = await linesOf(tx, itemId);
  const settled = await settledBy(tx, itemId);
  const codes = await companyCodes(tx);
  const { currency, bookCurrency } = item;
  const money = (minor: bigint) => ({ minor: String(minor), currency });
  const book = (minor: bigint) => ({ minor: String(minor), currency: bookCurrency });
  const isVoid = last.voidReason !== null;
  const counted = lines.filter((line) => line.on <= asOf && (item.layer === "overlay" || line.layer === "ledger"));
  const openMinor = isVoid ? 0n : counted.reduce((open, line) => open - line.minor, last.minor);
  const openBook = isVoid ? 0n : counted.reduce((open, line) => open - line.book, last.book);
  return {
    id: item.itemId,
    accountId: item.accountId,
    companyId: item.companyId,
    companyCode: codes(item.companyId).code,
    customerId: item.customerId,
    customerNumber: item.customerNumber,
    customerName: item.customerName,
    kind: item.kind,
    layer: item.layer,
    documentNo: last.documentNo,
    instalmentNo: item.instalmentNo,
    label: last.label,
    issuedOn: item.issuedOn,
    postedOn: item.postedOn,
    dueOn: last.dueOn,
    isDueEstimated: last.isDueEstimated,
    daysPastDue: daysBetween(last.dueOn, asOf),
    paymentMethod: last.paymentMethod,
    letter: last.letter,
    original: money(last.minor),
    open: money(openMinor),
    originalBook: book(last.book),
    openBook: book(openBook),
    settledOn: openMinor === 0n && openBook === 0n ? (lines.at(-1)?.on ?? item.postedOn) : null,
    teamStatus: item.teamStatus,
    journal: item.journal,
    entryNo: item.entryNo,
    isVoid,
    versions: versions.map((version) => toVersion(version, currency)),
    lines: lines.map((line) => toLine(line, currency, bookCurrency)),
    settledBy: settled.map(({ minor, currency: other, ...one }) => ({
      ...one,
      amount: { minor: String(minor), currency: other },
    })),
  };
}

const toVersion = ({ minor, book: _book, paymentMethod: _method, ...version }: VersionRow, currency: string) => ({
  ...version,
  original: { minor: String(minor), currency },
});

const toLine = ({ minor, book, ...line }: LineRow, currency: string, bookCurrency: string) => ({
  ...line,
  amount: { minor: String(minor), currency },
  book: { minor: String(book), currency: bookCurrency },
});
