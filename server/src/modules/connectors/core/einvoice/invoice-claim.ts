import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Currency } from "#kernel/money.ts";
import { FileRefused } from "../fault.ts";
import type { EInvoice } from "./invoice.ts";

/** UNTDID 1001 types that lower what the buyer owes. */
const CREDITS = new Set(["81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"]);

/** What an e-invoice claims: enough for a ledger row, signed (receivable +, credit note −). */
export type InvoiceClaim = {
  readonly number: string;
  readonly isCredit: boolean;
  readonly issuedOn: CalendarDate;
  readonly currency: Currency;
  /** With VAT, before what was paid in advance: what the books carry. */
  readonly totalMinor: bigint;
  /** What is left to pay: the claim where the books do not know the document. */
  readonly payableMinor: bigint;
  readonly dueOn: CalendarDate | null;
  /** Due days and amounts that add up to what is left to pay; empty where there is one day or none. */
  readonly instalments: readonly { readonly dueOn: CalendarDate; readonly minor: bigint }[];
};

/** Refuses, by the name of what is missing, a document without number, day, currency or total (EN 16931 BT-1, 2, 5, 112). */
export function claimOf(invoice: EInvoice): InvoiceClaim {
  const { number, issuedOn, currency, totalMinor, payableMinor } = invoice;
  if (!number) throw new FileRefused("invoice_incomplete", 0, { column: "BT-1" });
  if (!issuedOn) throw new FileRefused("invoice_incomplete", 0, { column: "BT-2" });
  if (!currency) throw new FileRefused("invoice_incomplete", 0, { column: "BT-5" });
  const total = totalMinor ?? payableMinor;
  if (total === null) throw new FileRefused("invoice_incomplete", 0, { column: "BT-112" });
  const isCredit = CREDITS.has(invoice.type ?? "");
  const signed = (minor: bigint) => (isCredit ? -minor : minor);
  const left = payableMinor ?? total;
  const instalments = invoice.instalments.flatMap(({ dueOn, minor }) =>
    minor === null ? [] : [{ dueOn, minor: signed(minor) }],
  );
  const isWhole =
    instalments.length > 1 && instalments.reduce((sum, one) => sum + one.minor, 0n) === signed(left) && left !== 0n;
  return {
    number,
    isCredit,
    issuedOn,
    currency,
    totalMinor: signed(total),
    payableMinor: signed(left),
    dueOn: invoice.dueOn ?? invoice.instalments.at(-1)?.dueOn ?? null,
    instalments: isWhole ? instalments : [],
  };
}

const compact = (text: string | null): string => (text ?? "").toUpperCase().replace(/[^A-Z0-9]/g, "");

type Identified = { readonly siren: string | null; readonly vatNumber: string | null };

/**
 * Whether a party of a document is the one described: true or false where both carry a number of the same kind, undefined where nothing can be compared.
 * A SIRET begins with its SIREN, a French VAT number ends with it.
 */
export function isParty(party: EInvoice["seller"], known: Identified): boolean | undefined {
  const sirens = [party.siren, party.siret?.slice(0, 9) ?? null, frenchSiren(party.vat)].map(compact).filter(Boolean);
  const knownSirens = [compact(known.siren).slice(0, 9), frenchSiren(known.vatNumber) ?? ""].filter(Boolean);
  const numbers = [compact(party.vat), compact(party.registration)].filter(Boolean);
  const knownNumbers = [compact(known.vatNumber), compact(known.siren)].filter(Boolean);
  if (sirens.some((one) => knownSirens.includes(one)) || numbers.some((one) => knownNumbers.includes(one))) return true;
  const isComparable =
    (sirens.length > 0 && knownSirens.length > 0) || (compact(party.vat) !== "" && compact(known.vatNumber) !== "");
  return isComparable ? false : undefined;
}

const frenchSiren = (vat: string | null): string | null => /^FR[A-Z0-9]{2}(\d{9})$/.exec(compact(vat))?.[1] ?? null;
