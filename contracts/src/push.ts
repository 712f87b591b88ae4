import { z } from "zod";
import { Day, Id, Money } from "./common.ts";
import { CoverageKind } from "./imports.ts";
import { SyncRunState } from "./sources.ts";

const text = (most: number) => z.string().trim().max(most);
const name = (most: number) => z.string().trim().min(1).max(most);
const Key = name(200);
/** Code of the company; may be left out where the source feeds one only. */
const company = name(40).optional();
const minor = z.string().regex(/^-?\d{1,18}$/);

/** Opens a run of a pushed source. A key of one source need not name it. */
export const OpenPush = z.object({
  sourceId: Id.optional(),
  coverage: z
    .object({
      /** What the absence of an item means. */
      kind: CoverageKind,
      asOf: Day.nullable().default(null),
      from: Day.nullable().default(null),
      to: Day.nullable().default(null),
    })
    .default({ kind: "movements", asOf: null, from: null, to: null }),
});
export const PushOpened = z.object({
  id: Id,
  sourceId: Id,
  companies: z.array(
    z.object({
      company: z.string(),
      bookCurrency: z.string(),
      part: z.string(),
      /** What was given as `reached` when the last run was closed. */
      reached: z.unknown(),
    }),
  ),
});

/** At most 10,000 rows a call; each is taken or refused by itself. */
export const PushRows = z.object({ rows: z.array(z.unknown()).min(1).max(10_000) });
export const PushReport = z.object({
  accepted: z.number().int(),
  refused: z.array(
    z.object({
      /** Place in the call, from 0. */
      index: z.number().int(),
      key: z.string().nullable(),
      code: z.string(),
      /** In the caller's language. */
      text: z.string(),
    }),
  ),
});
export type PushReport = z.infer<typeof PushReport>;

export const PushCustomer = z.object({
  number: name(100),
  name: name(300).optional(),
  language: z
    .string()
    .regex(/^[a-z]{2}$/)
    .optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  siren: text(40).optional(),
  vatNumber: text(40).optional(),
  phone: text(60).optional(),
  email: text(254).optional(),
  address: text(1_000).optional(),
  postalCode: text(40).optional(),
  city: text(200).optional(),
  termDays: z.number().int().min(0).max(365).optional(),
  termKind: z.enum(["net", "end_of_month", "days_then_end_of_month", "on_the"]).optional(),
  paymentMethod: text(100).optional(),
  salesPerson: text(200).optional(),
  /** What else the source says, by its own names of fields; free fields that name one take its value. */
  free: z.record(z.string().max(60), z.string().max(500)).optional(),
});

export const PushContact = z.object({
  customerNumber: name(100),
  key: Key,
  name: name(200),
  email: text(254).optional(),
  phone: text(60).optional(),
  language: z
    .string()
    .regex(/^[a-z]{2}$/)
    .optional(),
  role: z.enum(["accounting", "buyer", "manager", "legal", "sales", "other"]).default("accounting"),
  isInCharge: z.boolean().default(false),
});

const Link = z
  .object({ key: Key.optional(), documentNo: name(100).optional(), minor: minor.optional() })
  .refine((link) => link.key !== undefined || link.documentNo !== undefined);

/** One instalment of a posted document. Amounts are signed: receivable +, credit note and payment −. */
export const PushItem = z.object({
  company,
  key: Key,
  controlAccount: name(40).default("411000"),
  /** The customer's number in the books; empty where the control account is itself the customer. */
  auxiliary: text(100),
  customerName: name(300).optional(),
  kind: z.enum(["invoice", "credit_note", "payment", "rejection", "opening", "exchange_difference", "other"]),
  journal: text(40).nullable().default(null),
  entryNo: text(100).nullable().default(null),
  documentNo: text(100).nullable().default(null),
  label: text(500).nullable().default(null),
  issuedOn: Day.optional(),
  postedOn: Day,
  /** Absent: by the customer's terms. */
  dueOn: Day.nullable().default(null),
  instalmentNo: z.number().int().min(1).max(999).default(1),
  amount: Money,
  /** In the currency of the books; absent where that is the amount's own, else converted at the posting day's rate. */
  bookMinor: minor.optional(),
  paymentMethod: text(100).nullable().default(null),
  /** Lettering code; absent leaves what stands, null says none. */
  letter: text(40).nullable().optional(),
  letteredOn: Day.nullable().optional(),
  /** Scope of the letter: last day of its fiscal year; null where codes are unique for ever. */
  fiscalYear: Day.nullable().optional(),
  /** What it settles; absent leaves what stands, an empty list says nothing. */
  links: z.array(Link).max(1_000).optional(),
  /** Open snapshots: what is still open, where that is less than the amount. */
  openMinor: minor.optional(),
});

/** Letters over items, or one item that settles another. Items of earlier runs may be named. */
export const PushSettlement = z.union([
  z.object({
    company,
    items: z.array(Key).min(1).max(5_000),
    /** Null takes the letter away. */
    letter: name(40).nullable(),
    letteredOn: Day.nullable().default(null),
    fiscalYear: Day.nullable().default(null),
  }),
  z.object({
    company,
    credit: Key,
    debit: Key,
    /** Absent: as much as possible. Unsigned. */
    minor: z
      .string()
      .regex(/^\d{1,18}$/)
      .optional(),
    /** True takes the link away. */
    isGone: z.boolean().default(false),
  }),
]);

export const PushOrder = z.object({
  company,
  key: Key,
  customerNumber: name(100),
  number: name(100),
  orderedOn: Day,
  expectedOn: Day.nullable().default(null),
  total: Money,
  /** What is not invoiced yet; absent: all of it. */
  openMinor: minor.optional(),
});

/** Balance that the source itself states, book currency. */
export const PushBalance = z.object({
  company,
  controlAccount: name(40).default("411000"),
  auxiliary: text(100),
  minor,
});

/** Keys that still exist; with any of them, items of the source that are not among them never were. */
export const PushPresent = z.object({ company, keys: z.array(Key).max(10_000) });

export const ClosePush = z.object({
  /** The orders pushed are all there are. */
  hasAllOrders: z.boolean().default(false),
  /** Under movements: apply although rows were refused. */
  skipRefused: z.boolean().default(false),
  /** Items that lettering leaves open may be settled by rule. */
  settlesLeftovers: z.boolean().default(false),
  /** How far each company was read, by code; given back when the next run is opened. */
  reached: z.record(z.string().max(40), z.unknown()).default({}),
});
export type ClosePush = z.infer<typeof ClosePush>;

export const PushState = z.object({
  id: Id,
  state: SyncRunState,
  fault: z.object({ code: z.string(), text: z.string() }).nullable(),
  counts: z.record(z.string(), z.number().int()),
  differences: z.number().int(),
  /** Rows that were refused and never replaced by good ones. */
  refusedRows: z.number().int(),
});
export type PushState = z.infer<typeof PushState>;
