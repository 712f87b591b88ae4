import { z } from "zod";
import { Day, Id, Instant, Money, PageQuery, pageOf } from "./common.ts";
import { GroupFilter } from "./customer-profile.ts";

/** `ledger` ties to the books; `working` adds what was known here first. */
export const Layers = z.enum(["ledger", "working"]);
export type Layers = z.infer<typeof Layers>;

export const ItemKind = z.enum([
  "invoice",
  "credit_note",
  "payment",
  "rejection",
  "opening",
  "exchange_difference",
  "adjustment",
  "other",
]);
export type ItemKind = z.infer<typeof ItemKind>;

/** A list in a query string: `a,b`. */
const list = <Of extends z.ZodType>(of: Of) =>
  z.preprocess((value) => (typeof value === "string" ? value.split(",").filter(Boolean) : value), z.array(of).max(100));

export const ItemStatus = z.enum(["open", "overdue", "settled", "all"]);

/** Drill-down of an aged balance: a bucket's number from 0 (not due), or the credits apart. */
export const BucketFilter = z.union([z.coerce.number().int().min(0).max(20), z.enum(["credits"])]);

export const ItemQuery = PageQuery.extend({
  status: ItemStatus.default("open"),
  /** Today unless said. */
  asOf: Day.optional(),
  layers: Layers.default("ledger"),
  customerId: Id.optional(),
  ...GroupFilter,
  companyId: Id.optional(),
  accountId: Id.optional(),
  kinds: list(ItemKind).optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  dueFrom: Day.optional(),
  dueTo: Day.optional(),
  bucket: BucketFilter.optional(),
  /** Beginning of a document number. */
  document: z.string().trim().min(1).max(100).optional(),
  /** A criteria expression as JSON. */
  filter: z.string().max(8_000).optional(),
  sort: z.enum(["due", "amount", "posted"]).default("due"),
  direction: z.enum(["asc", "desc"]).default("asc"),
});
export type ItemQuery = z.infer<typeof ItemQuery>;

/** What the team says of an item, beside what the books say. Disputed and promised items are not claimed. */
export const ItemStatusCode = z.enum([
  "chased",
  "promised",
  "disputed",
  "awaiting_credit_note",
  "awaiting_document",
  "paid_unmatched",
  "pre_litigation",
  "litigation",
]);
export type ItemStatusCode = z.infer<typeof ItemStatusCode>;

/** At most 500 items by name, or all that a list shows, up to 20,000: one of both. A null status takes it off. */
export const ItemStatusWrite = z.object({
  itemIds: z.array(Id).min(1).max(500).optional(),
  list: ItemQuery.omit({ limit: true, cursor: true, sort: true, direction: true }).optional(),
  status: ItemStatusCode.nullable(),
  note: z.string().trim().min(1).max(300).nullable().default(null),
});
export type ItemStatusWrite = z.infer<typeof ItemStatusWrite>;
export const ItemsCoded = z.object({ changed: z.number().int() });

/** What a customer owes by the team's status; null: without one. */
export const StatusSums = z.object({
  rows: z.array(z.object({ status: ItemStatusCode.nullable(), open: Money, overdue: Money, items: z.number().int() })),
});

export const Item = z
  .object({
    id: Id,
    accountId: Id,
    companyId: Id,
    companyCode: z.string(),
    customerId: Id,
    customerNumber: z.string(),
    customerName: z.string(),
    kind: ItemKind,
    layer: z.enum(["ledger", "overlay"]),
    documentNo: z.string().nullable(),
    instalmentNo: z.number().int(),
    label: z.string().nullable(),
    issuedOn: Day,
    postedOn: Day,
    dueOn: Day,
    isDueEstimated: z.boolean(),
    /** `asOf − dueOn`; 0 or less is not due. */
    daysPastDue: z.number().int(),
    paymentMethod: z.string().nullable(),
    letter: z.string().nullable(),
    original: Money,
    open: Money,
    originalBook: Money,
    openBook: Money,
    settledOn: Day.nullable(),
    teamStatus: ItemStatusCode.nullable(),
  })
  .meta({ id: "Item" });
export type Item = z.infer<typeof Item>;

export const ItemPage = pageOf(Item).extend({ asOf: Day });

export const ItemVersion = z.object({
  versionNo: z.number().int(),
  original: Money,
  dueOn: Day,
  isDueEstimated: z.boolean(),
  documentNo: z.string().nullable(),
  label: z.string().nullable(),
  letter: z.string().nullable(),
  voidReason: z.enum(["absent", "set_aside", "undone", "unbooked"]).nullable(),
  knownOn: Day,
  isKnownAssumed: z.boolean(),
  recordedAt: Instant,
});

/** What cleared the item, or what it cleared: computed from the settlement, never stored. */
export const SettledBy = z.object({
  itemId: Id,
  kind: ItemKind,
  documentNo: z.string().nullable(),
  label: z.string().nullable(),
  postedOn: Day,
  amount: Money,
  on: Day,
  layer: z.enum(["ledger", "overlay"]),
  origin: z.enum(["source", "person", "rule"]),
});

export const ItemLine = z.object({
  settlementId: Id,
  entryNo: z.number().int(),
  on: Day,
  amount: Money,
  book: Money,
  layer: z.enum(["ledger", "overlay"]),
  origin: z.enum(["source", "person", "rule"]),
  knownOn: Day,
});

export const ItemDetail = Item.extend({
  journal: z.string().nullable(),
  entryNo: z.string().nullable(),
  isVoid: z.boolean(),
  versions: z.array(ItemVersion),
  lines: z.array(ItemLine),
  settledBy: z.array(SettledBy),
});
export type ItemDetail = z.infer<typeof ItemDetail>;

export const AgedBy = z.enum(["customer", "company", "currency", "account"]);

export const AgedBalanceQuery = z.object({
  asOf: Day.optional(),
  /** As it was known on that day; absent: as known today. */
  knownOn: Day.optional(),
  layers: Layers.default("ledger"),
  by: AgedBy.default("customer"),
  companyId: Id.optional(),
  customerId: Id.optional(),
  ...GroupFilter,
  /** Only customers of this user's portfolio; "me": whoever asks. */
  ownerId: z.string().min(1).max(64).optional(),
  limit: z.coerce.number().int().min(1).max(100_000).default(500),
  /** "name", "total", "overdue", "credits", or a bucket's number. */
  sort: z.string().max(20).default("total"),
  direction: z.enum(["asc", "desc"]).default("desc"),
});
export type AgedBalanceQuery = z.infer<typeof AgedBalanceQuery>;

const minor = z.string().regex(/^-?\d{1,19}$/);

/** Amounts in `currency` (the company's books), minor units as text; `buckets` follows the reply's `buckets`. Credits are negative. */
export const AgedRow = z.object({
  key: z.string(),
  number: z.string().nullable(),
  name: z.string(),
  currency: z.string(),
  total: minor,
  overdue: minor,
  unapplied: minor,
  creditNotes: minor,
  buckets: z.array(minor),
  items: z.number().int(),
});
export type AgedRow = z.infer<typeof AgedRow>;

/** A bucket of days past due, both ends inclusive; `from` null: not due; `to` null: no end. */
export const Bucket = z.object({ from: z.number().int().nullable(), to: z.number().int().nullable() });

export const AgedBalance = z
  .object({
    asOf: Day,
    knownOn: Day.nullable(),
    layers: Layers,
    by: AgedBy,
    buckets: z.array(Bucket),
    rows: z.array(AgedRow),
    /** All rows, also those beyond `limit`: one per book currency. */
    totals: z.array(AgedRow),
    /**
     * The totals of companies with different book currencies in the tenant's reporting currency, at the last rates on or before `asOf`, each total
     * rounded once; null where all books are in that currency, and for rows by document currency. Currencies without a rate are named and left out.
     */
    consolidated: z
      .object({
        currency: z.string(),
        total: minor,
        overdue: minor,
        unapplied: minor,
        creditNotes: minor,
        buckets: z.array(minor),
        rates: z.array(z.object({ currency: z.string(), rateOn: Day, isOld: z.boolean() })),
        missing: z.array(z.string()),
      })
      .nullable(),
    rowCount: z.number().int(),
    /** Before this day what was known when is assumed (first loads). */
    assumedBefore: Day.nullable(),
  })
  .meta({ id: "AgedBalance" });
export type AgedBalance = z.infer<typeof AgedBalance>;

export const LedgerProof = z.object({
  asOf: Day,
  companies: z.array(
    z.object({
      companyId: Id,
      companyCode: z.string(),
      companyName: z.string(),
      currency: z.string(),
      movements: minor,
      open: minor,
      /** Open − movements: 0 unless something is broken. */
      ownDifference: minor,
      /** What the last loads found between the ledger here and in the source; null where no source stated a balance. */
      sourceDifference: minor.nullable(),
      isTied: z.boolean(),
      differences: z.array(
        z.object({
          accountId: Id,
          account: z.string(),
          name: z.string(),
          here: minor,
          source: minor,
          difference: minor,
        }),
      ),
      /** Known here for more than 30 days and not yet in the books: bank lines, rows of a second source. The first 100. */
      unbooked: z.array(
        z.object({
          itemId: Id,
          account: z.string(),
          name: z.string(),
          documentNo: z.string().nullable(),
          postedOn: Day,
          amount: Money,
        }),
      ),
      lastLoadedAt: Instant.nullable(),
      lastBatchId: Id.nullable(),
    }),
  ),
});
export type LedgerProof = z.infer<typeof LedgerProof>;

export const StatementQuery = z.object({
  asOf: Day.optional(),
  /** With `from`: all movements from that day on, with a running balance; without: what is open. */
  from: Day.optional(),
  companyId: Id.optional(),
  layers: Layers.default("ledger"),
});

export type StatementQuery = z.infer<typeof StatementQuery>;

export const StatementLine = z.object({
  itemId: Id,
  companyCode: z.string(),
  kind: ItemKind,
  documentNo: z.string().nullable(),
  label: z.string().nullable(),
  issuedOn: Day,
  postedOn: Day,
  dueOn: Day,
  daysPastDue: z.number().int(),
  original: Money,
  open: Money,
  /** Running balance in book currency, within one company. */
  balance: Money,
});

export const Statement = z
  .object({
    customerId: Id,
    asOf: Day,
    from: Day.nullable(),
    layers: Layers,
    companies: z.array(
      z.object({
        companyId: Id,
        companyCode: z.string(),
        companyName: z.string(),
        opening: Money,
        closing: Money,
        overdue: Money,
        lines: z.array(StatementLine),
        isCut: z.boolean(),
      }),
    ),
  })
  .meta({ id: "Statement" });
export type Statement = z.infer<typeof Statement>;

export const Batch = z
  .object({
    id: Id,
    companyId: Id,
    companyCode: z.string(),
    sourceId: Id,
    sourceKind: z.string(),
    sourceName: z.string(),
    coverage: z.enum(["movements", "open_snapshot", "full", "undo"]),
    coversFrom: Day.nullable(),
    coversTo: Day.nullable(),
    fileName: z.string().nullable(),
    counts: z.record(z.string(), z.number()),
    isTied: z.boolean(),
    knownOn: Day,
    recordedAt: Instant,
    undoneBy: Id.nullable(),
    undoes: Id.nullable(),
    /** The last of its source and not undone: may be offered for undo. */
    canUndo: z.boolean(),
  })
  .meta({ id: "Batch" });
export const BatchPage = pageOf(Batch);
export const BatchQuery = PageQuery.extend({ companyId: Id.optional() });
export const BatchUndone = z.object({ batchId: Id, voided: z.number().int(), restored: z.number().int() });
