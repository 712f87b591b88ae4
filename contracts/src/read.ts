import { z } from "zod";
import { Day } from "./common.ts";

export const ReadKind = z.enum(["fec", "bank", "einvoice"]);
export type ReadKind = z.infer<typeof ReadKind>;
export const ReadQuery = z.object({
  /** Found out from the content unless said. */
  kind: ReadKind.optional(),
});

/** Whole minor units as text. */
const Minor = z.string().regex(/^-?\d{1,19}$/);
const Code = z.string().nullable();
const Balance = z.object({ minor: Minor, currency: Code, on: Day.nullable() });
const Warning = z.object({
  code: z.string(),
  line: z.number().int(),
  column: Code,
  value: Code,
  /** In the caller's language. */
  text: z.string(),
});

const Detail = z.object({
  amountMinor: Minor,
  endToEndId: Code,
  mandateId: Code,
  payerName: Code,
  payerIban: Code,
  payerBic: Code,
  ultimatePayer: Code,
  creditorReference: Code,
  documents: z.array(z.object({ number: z.string(), amountMinor: Minor.nullable() })),
  remittance: z.string(),
  reason: z.object({ code: z.string(), text: Code, meaning: Code }).nullable(),
  original: z.object({ currency: z.string(), minor: Minor }).nullable(),
  feeMinor: Minor.nullable(),
});
const Entry = z.object({
  position: z.string(),
  amountMinor: Minor,
  isReversal: z.boolean(),
  status: z.enum(["booked", "pending", "information"]),
  bookedOn: Day.nullable(),
  valueOn: Day.nullable(),
  bankReference: Code,
  entryReference: Code,
  typeCode: Code,
  kind: z.string(),
  text: z.string(),
  key: z.string(),
  details: z.array(Detail),
});

/** `entries` and `details` are counts; credits and debits are sums over all entries, both positive. */
const Statement = z.object({
  account: z.string(),
  isIban: z.boolean(),
  bankCode: Code,
  accountName: Code,
  currency: Code,
  number: Code,
  from: Day.nullable(),
  to: Day.nullable(),
  opening: Balance.nullable(),
  closing: Balance.nullable(),
  scope: z.enum(["statement", "intraday", "notification"]),
  chain: z.enum(["ok", "broken", "unknown"]),
  entries: z.number().int(),
  details: z.number().int(),
  creditMinor: Minor,
  debitMinor: Minor,
  /** At most 20,000 in one answer. */
  entryRows: z.array(Entry),
});
const Return = z.object({
  position: z.string(),
  endToEndId: Code,
  originalId: Code,
  mandateId: Code,
  reason: Code,
  reasonText: Code,
  /** What the code means, in the caller's language. */
  meaning: Code,
  amountMinor: Minor.nullable(),
  currency: Code,
  on: Day.nullable(),
  payerName: Code,
  reference: Code,
  /** Accounts that it names; one is the reader's own. */
  accounts: z.array(z.string()),
});

const Party = z.object({
  name: Code,
  siren: Code,
  siret: Code,
  registration: Code,
  vat: Code,
  country: Code,
  endpoint: Code,
  email: Code,
});

const common = { warnings: z.array(Warning) };
const Bank = z.object({
  kind: z.literal("bank"),
  format: z.string(),
  version: Code,
  statements: z.array(Statement),
  /** Of return files, and of the returned entries of statements. Amounts are positive. */
  returns: z.array(Return),
  ...common,
});
const Invoice = z.object({
  kind: z.literal("einvoice"),
  syntax: z.enum(["ubl", "cii", "zugferd1"]),
  /** Name of the attachment when the file is a PDF. */
  attachment: Code,
  profile: Code,
  guideline: Code,
  number: Code,
  type: Code,
  issuedOn: Day.nullable(),
  dueOn: Day.nullable(),
  currency: Code,
  netMinor: Minor.nullable(),
  taxMinor: Minor.nullable(),
  totalMinor: Minor.nullable(),
  prepaidMinor: Minor.nullable(),
  roundingMinor: Minor.nullable(),
  payableMinor: Minor.nullable(),
  lines: z.number().int(),
  seller: Party,
  buyer: Party,
  payee: Party.nullable(),
  /** Every account the document names; `debitedIban` among them is the buyer's. */
  ibans: z.array(z.string()),
  debitedIban: Code,
  orderNumber: Code,
  contractNumber: Code,
  buyerReference: Code,
  paymentReference: Code,
  paymentMeans: Code,
  precedingInvoices: z.array(z.string()),
  instalments: z.array(z.object({ dueOn: Day, minor: Minor.nullable() })),
  notes: z.array(z.object({ code: Code, text: z.string() })),
  terms: Code,
  ...common,
});
const Lifecycle = z.object({
  kind: z.literal("lifecycle"),
  code: Code,
  label: Code,
  number: Code,
  type: Code,
  issuedOn: Day.nullable(),
  at: Day.nullable(),
  seller: Code,
  reasons: z.array(z.object({ code: Code, text: Code, action: Code })),
  amounts: z.array(z.object({ code: z.string(), value: z.string() })),
  ...common,
});
const Fec = z.object({
  kind: z.literal("fec"),
  encoding: z.string(),
  fiscalYear: z.object({ from: Day, to: Day }).nullable(),
  /** Counts. */
  lines: z.number().int(),
  entries: z.number().int(),
  unbalanced: z.number().int(),
  refused: z.number().int(),
  debitMinor: Minor,
  creditMinor: Minor,
  currency: z.string(),
  /** Accounts 411: what an import of this file alone would leave open on its last day, due days estimated at 30 days. */
  receivable: z.object({
    balanceMinor: Minor,
    balance: z.object({ minor: Minor, currency: z.string() }),
    accounts: z.number().int(),
    asOf: Day.nullable(),
    /** Open debits by days past due; `from` null: not due. */
    openItems: z.array(
      z.object({
        from: z.number().int().nullable(),
        to: z.number().int().nullable(),
        count: z.number().int(),
        minor: Minor,
      }),
    ),
    /** Open credits: payments on account and credit notes, negative. */
    credits: z.object({ count: z.number().int(), minor: Minor }),
  }),
  ...common,
});

/** What a file says. Nothing is stored. */
export const Reading = z.discriminatedUnion("kind", [Bank, Invoice, Lifecycle, Fec]);
export type Reading = z.infer<typeof Reading>;
