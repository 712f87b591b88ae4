import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";

/** What one bank line says, as far as matching may see it. Nothing else is known of a payment. */
export type LineFacts = {
  readonly lineId: Uuid;
  /** Received, above 0, in `currency`. */
  readonly minor: bigint;
  readonly currency: string;
  readonly on: CalendarDate;
  readonly payerName: string | null;
  /** Digest of the payer's IBAN: who paid before, without keeping the number itself. */
  readonly payerIban: string | null;
  /** Free text: remittance, the bank's label, the payer's own reference. */
  readonly text: string;
  readonly creditorReference: string | null;
  /** Documents that the payer names in structured form, with what is paid of each. */
  readonly documents: readonly { readonly number: string; readonly minor: bigint | null }[];
  /** Charges that the bank says it took from the amount. */
  readonly feeMinor: bigint | null;
};

/** An open item of the working ledger that a payment may settle: receivables +, credit notes −. */
export type OpenItem = {
  readonly itemId: Uuid;
  readonly accountId: Uuid;
  readonly documentNo: string | null;
  readonly openMinor: bigint;
  readonly originalMinor: bigint;
  readonly currency: string;
  readonly postedOn: CalendarDate;
  readonly dueOn: CalendarDate;
};

/** Who may owe: one account of a customer in the books of the company that received the money. */
export type Party = {
  readonly accountId: Uuid;
  readonly customerId: Uuid;
  readonly number: string;
  readonly name: string;
};

/** What earlier applications taught: this IBAN, or this payer's name, has paid for that account. */
export type Alias = {
  readonly kind: "iban" | "name";
  /** Digest of the IBAN, or the folded name. */
  readonly value: string;
  readonly accountId: Uuid;
  readonly confirmed: number;
  readonly contradicted: number;
};

/** Tenant's rules of matching; amounts in the line's currency. */
export type MatchOptions = {
  /** A difference up to this is let go of. */
  readonly toleranceMinor: bigint;
  /** A difference up to this may be a charge that a bank kept. */
  readonly maxFeeMinor: bigint;
  /** Early-payment discounts that customers may take, in basis points. */
  readonly discountRatesBp: readonly number[];
  /** Probability from which a proposal is posted without a person, in basis points. */
  readonly thresholdBp: number;
  /** Steps that the search for combinations may take for one line. */
  readonly workLimit: number;
};

/** Shipped: prudent. DESIGN, judgement. */
export const SHIPPED_OPTIONS: MatchOptions = {
  toleranceMinor: 100n,
  maxFeeMinor: 3_000n,
  discountRatesBp: [50, 100, 150, 200, 250, 300],
  thresholdBp: 9_900,
  workLimit: 400_000,
};

/** Part of an item that the payment settles: receivables +, credit notes −. */
export type Part = { readonly itemId: Uuid; readonly accountId: Uuid; readonly minor: bigint };

/** Given up with the payment so that its items close; always above 0. */
export type Adjustment = {
  readonly kind: "discount" | "fee" | "difference";
  readonly accountId: Uuid;
  readonly minor: bigint;
};

/** Why a proposal says what it says: a code and its values, worded on screen. */
export type Reason =
  | { readonly code: "document_named"; readonly number: string }
  | { readonly code: "document_partly_named"; readonly number: string }
  | { readonly code: "document_mistyped"; readonly number: string }
  | { readonly code: "creditor_reference"; readonly number: string }
  | { readonly code: "iban_known"; readonly count: number }
  | { readonly code: "name_known"; readonly count: number }
  | { readonly code: "customer_number"; readonly number: string }
  | { readonly code: "name_alike"; readonly percent: number }
  | { readonly code: "amount_of_item" }
  | { readonly code: "amount_of_items"; readonly count: number }
  | { readonly code: "amount_of_all"; readonly count: number }
  | { readonly code: "amount_of_due"; readonly count: number }
  | { readonly code: "amounts_named" }
  | { readonly code: "credit_netted"; readonly number: string; readonly minor: string }
  | { readonly code: "discount"; readonly rateBp: number; readonly minor: string }
  | { readonly code: "fee"; readonly minor: string }
  | { readonly code: "difference"; readonly minor: string }
  | { readonly code: "partial"; readonly minor: string }
  | { readonly code: "on_account"; readonly minor: string }
  | { readonly code: "several_customers"; readonly count: number }
  | { readonly code: "same_amount_elsewhere"; readonly count: number }
  | { readonly code: "other_combinations" }
  | { readonly code: "search_cut" };

/** How a candidate came about; with the payer's evidence and chance it decides the probability. */
export type Method =
  | "named_exact"
  | "named_amounts"
  | "named_credit"
  | "named_discount"
  | "named_fee"
  | "named_difference"
  | "named_plus"
  | "named_partial"
  | "named_over"
  | "single"
  | "all"
  | "due"
  | "run"
  | "sum"
  | "credit"
  | "discount"
  | "difference"
  | "on_account";

/** How sure it is who paid: learnt IBAN, learnt name, a name or number read in the line, a document only, or nothing. */
export type PayerEvidence = "iban" | "known_name" | "number" | "name" | "weak_name" | "document" | "none";

/** One way to apply a line. Parts − adjustments + unapplied = the amount of the line. */
export type Candidate = {
  readonly method: Method;
  readonly payer: PayerEvidence;
  readonly parts: readonly Part[];
  readonly adjustments: readonly Adjustment[];
  /** Left on account, at most one account. */
  readonly unapplied: { readonly accountId: Uuid; readonly minor: bigint } | null;
  readonly probabilityBp: number;
  readonly reasons: readonly Reason[];
  /** The calibration's key: method, payer, chance. */
  readonly evidence: string;
};

/** What a line is proposed: the best candidate first, then the others that a person may choose. */
export type Proposal = {
  readonly lineId: Uuid;
  readonly candidates: readonly Candidate[];
  /** Why a person has to look: absent when it is posted by rule. */
  readonly whyNot: "no_candidate" | "below_threshold" | "ambiguous" | "on_account_only" | null;
};
