import { z } from "zod";
import { LayoutText } from "./bank-csv.ts";
import { Day, Id, Instant, Money, PageQuery, pageOf } from "./common.ts";

/** Bank statements, what their lines are proposed and applied to, and what the bank takes back. Credits are above 0. */
const basisPoints = z.number().int().min(0).max(10_000);
const unsigned = z.string().regex(/^\d{1,18}$/);
const signed = z.string().regex(/^-?\d{1,18}$/);
const reason = z.string().trim().min(1).max(300);

export const BankAccount = z
  .object({
    id: Id,
    companyId: Id,
    companyCode: z.string(),
    /** IBAN, or the bank's own number: letters and digits only. */
    identifier: z.string(),
    currency: z.string(),
    name: z.string(),
    isActive: z.boolean(),
    /** Until when statements were imported, and what they closed with. */
    lastTo: Day.nullable(),
    lastClosing: Money.nullable(),
    version: z.number().int(),
  })
  .meta({ id: "BankAccount" });
export type BankAccount = z.infer<typeof BankAccount>;
export const BankAccountList = z.object({ rows: z.array(BankAccount) });
export const BankAccountWrite = z.object({
  companyId: Id,
  identifier: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9]([ .-]?[A-Za-z0-9]){2,39}$/),
  currency: z.string().regex(/^[A-Z]{3}$/),
  name: z.string().trim().min(1).max(100),
  isActive: z.boolean().default(true),
});
export type BankAccountWrite = z.infer<typeof BankAccountWrite>;
export const BankAccountChange = z.object({ name: z.string().trim().min(1).max(100), isActive: z.boolean() });

/** `checked` waits to be imported, `quarantined` for a decision. */
export const StatementState = z.enum(["checked", "quarantined", "imported", "refused"]);
export const StatementFinding = z.object({
  code: z.string(),
  /** It keeps the statement out until a person decides. */
  blocks: z.boolean(),
  values: z.record(z.string(), z.string()),
});
export const Statement = z
  .object({
    id: Id,
    fileId: Id,
    fileName: z.string(),
    format: z.string(),
    bankAccountId: Id.nullable(),
    accountName: z.string().nullable(),
    companyCode: z.string().nullable(),
    identifier: z.string(),
    currency: z.string().nullable(),
    number: z.string().nullable(),
    scope: z.enum(["statement", "intraday", "notification", "returns"]),
    from: Day.nullable(),
    to: Day.nullable(),
    opening: Money.nullable(),
    closing: Money.nullable(),
    chain: z.enum(["ok", "broken", "unknown"]),
    lineCount: z.number().int(),
    knownCount: z.number().int(),
    waitingCount: z.number().int(),
    credit: Money.nullable(),
    debit: Money.nullable(),
    findings: z.array(StatementFinding),
    state: StatementState,
    decidedBy: z.string().nullable(),
    reason: z.string().nullable(),
    receivedAt: Instant,
    version: z.number().int(),
  })
  .meta({ id: "BankStatement" });
export type Statement = z.infer<typeof Statement>;
export const StatementPage = pageOf(Statement);
export const StatementQuery = PageQuery.extend({ state: StatementState.optional(), bankAccountId: Id.optional() });
export const StatementAccept = z.object({
  reason,
  /** Which account it is of, where the file names one that nobody knows. */
  bankAccountId: Id.nullable().default(null),
});
export const StatementRefuse = z.object({ reason });

export const BankFileQuery = z.object({
  companyId: Id.optional(),
  /** The layout of a CSV and the account it is of: kept, and used for files that look like it. Both or none. */
  layout: LayoutText.optional(),
  bankAccountId: Id.optional(),
});
/** The verdict on a file: each statement with what stands out, before anything of it is used. */
export const BankFile = z
  .object({
    id: Id,
    name: z.string(),
    format: z.string(),
    receivedAt: Instant,
    warnings: z.array(z.object({ code: z.string(), line: z.number().int().nullable() })),
    statements: z.array(Statement),
  })
  .meta({ id: "BankFile" });
export type BankFile = z.infer<typeof BankFile>;
export const BankFileImported = z.object({
  imported: z.number().int(),
  lines: z.number().int(),
  posted: z.number().int(),
  returns: z.number().int(),
  /** Too many lines to wait for: a worker proposes them. */
  isQueued: z.boolean(),
});

export const LineState = z.enum(["waiting", "applied", "set_aside"]);
export const LineSide = z.enum(["receipt", "return", "other"]);
/** A code and its values; screens word it. */
export const MatchReason = z.object({ code: z.string() }).catchall(z.union([z.string(), z.number()]));

const named = {
  itemId: Id,
  accountId: Id,
  customerId: Id.nullable(),
  customerName: z.string().nullable(),
  documentNo: z.string().nullable(),
};
export const MatchPart = z.object({ ...named, dueOn: Day.nullable(), amount: Money, open: Money.nullable() });
export const MatchCandidate = z
  .object({
    method: z.string(),
    probabilityBp: basisPoints,
    parts: z.array(MatchPart),
    adjustments: z.array(z.object({ kind: z.enum(["discount", "fee", "difference"]), amount: Money })),
    onAccount: z
      .object({ accountId: Id, customerId: Id.nullable(), customerName: z.string().nullable(), amount: Money })
      .nullable(),
    reasons: z.array(MatchReason),
  })
  .meta({ id: "MatchCandidate" });
export type MatchCandidate = z.infer<typeof MatchCandidate>;

export const ReturnCandidate = z
  .object({
    paymentId: Id,
    /** Another company's than the line's: a list of returns may hold several companies'. */
    companyCode: z.string(),
    customerId: Id,
    customerName: z.string(),
    paidOn: Day,
    amount: Money,
    probabilityBp: basisPoints,
    reasons: z.array(MatchReason),
  })
  .meta({ id: "ReturnCandidate" });
export type ReturnCandidate = z.infer<typeof ReturnCandidate>;

export const BankLine = z
  .object({
    id: Id,
    statementId: Id,
    companyId: Id.nullable(),
    companyCode: z.string().nullable(),
    accountName: z.string().nullable(),
    state: LineState,
    side: LineSide,
    kind: z.string(),
    bookedOn: Day,
    valueOn: Day,
    amount: Money,
    text: z.string(),
    payerName: z.string().nullable(),
    /** The last four signs of the payer's IBAN. */
    payerIbanTail: z.string().nullable(),
    endToEndId: z.string().nullable(),
    mandateId: z.string().nullable(),
    creditorReference: z.string().nullable(),
    returnReason: z
      .object({ code: z.string().nullable(), fr: z.string(), en: z.string(), action: z.string() })
      .nullable(),
    fee: Money.nullable(),
    setAsideReason: z.string().nullable(),
    /** The best proposal's chance, and why a person has to look. */
    probabilityBp: basisPoints.nullable(),
    whyNot: z.string().nullable(),
    candidates: z.array(MatchCandidate),
    application: z
      .object({
        id: Id,
        kind: z.enum(["receipt", "rejection"]),
        origin: z.enum(["person", "rule"]),
        appliedBy: z.string(),
        appliedByName: z.string().nullable(),
        appliedAt: Instant,
        probabilityBp: basisPoints.nullable(),
        parts: z.array(MatchPart),
        items: z.array(z.object({ itemId: Id, role: z.string(), amount: Money })),
      })
      .nullable(),
    version: z.number().int(),
  })
  .meta({ id: "BankLine" });
export type BankLine = z.infer<typeof BankLine>;
export const BankLinePage = pageOf(BankLine);
export const BankLineQuery = PageQuery.extend({
  state: LineState.optional(),
  side: LineSide.optional(),
  companyId: Id.optional(),
  statementId: Id.optional(),
  origin: z.enum(["person", "rule"]).optional(),
  search: z.string().trim().min(1).max(100).optional(),
});
export const BankLineDetail = BankLine.extend({ returnCandidates: z.array(ReturnCandidate) });

/** A proposal by its place, or items with signed amounts; what the amounts leave stays on the account. */
export const LineApply = z.object({
  candidate: z.number().int().min(0).max(9).optional(),
  parts: z
    .array(z.object({ itemId: Id, minor: signed }))
    .max(500)
    .optional(),
  adjustments: z
    .array(z.object({ kind: z.enum(["discount", "fee", "difference"]), minor: unsigned }))
    .max(3)
    .optional(),
  accountId: Id.optional(),
});
export const LineReject = z.object({
  paymentId: Id,
  /** Charged to the customer for the return, 0 for nothing. */
  chargeMinor: unsigned.default("0"),
});
export const LineUndo = z.object({ reason: z.string().trim().max(300).nullable().default(null) });
export const LineAside = z.object({ aside: z.boolean(), reason: z.string().trim().max(300).nullable().default(null) });

/** What the search of the matching grid finds: open items by number or customer, in the line's company and currency. */
export const LineTargetQuery = z.object({ search: z.string().trim().min(2).max(100) });
export const LineTarget = z.object({
  ...named,
  customerId: Id,
  customerName: z.string(),
  dueOn: Day,
  amount: Money,
  open: Money,
});
export type LineTarget = z.infer<typeof LineTarget>;
export const LineTargetList = z.object({
  rows: z.array(LineTarget),
  accounts: z.array(z.object({ accountId: Id, customerId: Id, customerName: z.string(), customerNumber: z.string() })),
});

export const MatchRun = z.object({ proposed: z.number().int(), posted: z.number().int(), returns: z.number().int() });

export const CashReportQuery = z.object({ from: Day.optional(), to: Day.optional(), companyId: Id.optional() });
export const CashReport = z
  .object({
    from: Day,
    to: Day,
    /** Receipts of the period, applied or still waiting, and those of them applied by rule. */
    payments: z.number().int(),
    paymentsByRule: z.number().int(),
    paymentRateBp: basisPoints.nullable(),
    /** Invoice lines: items, or parts of items, that receipts settled, or would settle as first proposed. */
    lines: z.number().int(),
    linesByRule: z.number().int(),
    lineRateBp: basisPoints.nullable(),
    /** Applied by rule and undone by a person since. */
    corrected: z.number().int(),
    precisionBp: basisPoints.nullable(),
    waiting: z.number().int(),
    amounts: z.array(z.object({ applied: Money, byRule: Money })),
    /** By stated chance: how many proposals were decided, the mean stated, the share that was taken as proposed and stood. */
    reliability: z.array(
      z.object({
        fromBp: z.number().int(),
        toBp: z.number().int(),
        count: z.number().int(),
        statedBp: basisPoints,
        rightBp: basisPoints,
      }),
    ),
  })
  .meta({ id: "CashReport" });
export type CashReport = z.infer<typeof CashReport>;

/** What was known here first and the books have not taken over within 30 days; `rivals`: ledger items that may be its booking. */
export const UnbookedQuery = PageQuery.extend({
  companyId: Id.optional(),
  olderThanDays: z.coerce.number().int().min(0).max(3_650).default(30),
});
export const UnbookedItem = z.object({
  itemId: Id,
  companyCode: z.string(),
  customerId: Id,
  customerName: z.string(),
  kind: z.string(),
  label: z.string().nullable(),
  documentNo: z.string().nullable(),
  postedOn: Day,
  days: z.number().int(),
  amount: Money,
  lineId: Id.nullable(),
  rivals: z.array(
    z.object({ itemId: Id, documentNo: z.string().nullable(), postedOn: Day, label: z.string().nullable() }),
  ),
});
export type UnbookedItem = z.infer<typeof UnbookedItem>;
export const UnbookedPage = pageOf(UnbookedItem);
export const BookItem = z.object({ ledgerItemId: Id });

export const MatchingSettings = z.object({
  postsAutomatically: z.boolean(),
  /** Chance from which a proposal is posted without a person. */
  thresholdBp: z.number().int().min(9_000).max(9_999),
  /** A difference up to this is let go of, in minor units of the line's currency. */
  toleranceMinor: unsigned,
  discountRatesBp: z.array(z.number().int().min(1).max(2_000)).max(12),
  /** Returned payments whose identifier leaves no doubt are posted without a person. */
  postsReturns: z.boolean(),
});
export type MatchingSettings = z.infer<typeof MatchingSettings>;
export const MatchingSettingsDetail = MatchingSettings.extend({ version: z.number().int() });
