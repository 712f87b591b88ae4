import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Currency } from "#kernel/money.ts";
import type { Fault } from "../fault.ts";

export type InvoiceParty = {
  readonly name: string | null;
  readonly siren: string | null;
  readonly siret: string | null;
  /** Registration number as written, whatever its scheme. */
  readonly registration: string | null;
  readonly vat: string | null;
  readonly country: string | null;
  readonly endpoint: string | null;
  readonly email: string | null;
};

/**
 * What an e-invoice says (EN 16931). Amounts are the document's own: a credit note (type 381) has positive ones, the type tells. A total
 * that the document does not give is null, with a warning.
 */
export type EInvoice = {
  readonly syntax: "ubl" | "cii" | "zugferd1";
  /** minimum, basicwl, basic, en16931, extended, comfort, xrechnung, peppol; null when it names none of these. */
  readonly profile: string | null;
  readonly guideline: string | null;
  readonly number: string | null;
  /** UNTDID 1001: 380 invoice, 381 credit note, 384 corrected, 386 prepayment, 389 self-billed. */
  readonly type: string | null;
  readonly issuedOn: CalendarDate | null;
  readonly dueOn: CalendarDate | null;
  readonly currency: Currency | null;
  readonly netMinor: bigint | null;
  readonly taxMinor: bigint | null;
  readonly totalMinor: bigint | null;
  readonly prepaidMinor: bigint | null;
  readonly roundingMinor: bigint | null;
  readonly payableMinor: bigint | null;
  readonly lines: number;
  readonly seller: InvoiceParty;
  readonly buyer: InvoiceParty;
  /** Who is paid when it is not the seller: a factor. */
  readonly payee: InvoiceParty | null;
  /** Accounts to pay to. */
  readonly ibans: readonly string[];
  /** The buyer's account that a direct debit takes from (BT-91). */
  readonly debitedIban: string | null;
  readonly orderNumber: string | null;
  readonly contractNumber: string | null;
  readonly buyerReference: string | null;
  readonly paymentReference: string | null;
  readonly paymentMeans: string | null;
  readonly precedingInvoices: readonly string[];
  readonly instalments: readonly { readonly dueOn: CalendarDate; readonly minor: bigint | null }[];
  readonly notes: readonly { readonly code: string | null; readonly text: string }[];
  readonly terms: string | null;
};

/** A status of an invoice's life (CDAR): what a platform or a party says about it. */
export type Lifecycle = {
  readonly code: string | null;
  readonly label: string | null;
  readonly invoiceNumber: string | null;
  readonly invoiceType: string | null;
  readonly invoiceOn: CalendarDate | null;
  readonly at: CalendarDate | null;
  readonly seller: string | null;
  readonly reasons: readonly {
    readonly code: string | null;
    readonly text: string | null;
    readonly action: string | null;
  }[];
  readonly amounts: readonly { readonly code: string; readonly value: string }[];
};

type Common = {
  /** Name of the attachment when the file is a PDF. */
  readonly attachment: string | null;
  readonly warnings: readonly Fault[];
};
export type EInvoiceFile =
  | (Common & { readonly kind: "invoice"; readonly invoice: EInvoice })
  | (Common & { readonly kind: "lifecycle"; readonly lifecycle: Lifecycle });
