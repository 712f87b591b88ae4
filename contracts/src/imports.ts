import { z } from "zod";
import { Day, Id, Instant, Money } from "./common.ts";

export const ImportKind = z.enum(["items", "customers", "contacts", "fec", "einvoice"]);
export type ImportKind = z.infer<typeof ImportKind>;
export const ImportFormat = z.enum(["fec", "csv", "xlsx", "tra", "sage", "pnm", "quadra", "einvoice"]);
export type ImportFormat = z.infer<typeof ImportFormat>;
export const CoverageKind = z.enum(["movements", "open_snapshot", "full"]);
export type CoverageKind = z.infer<typeof CoverageKind>;

/** What was detected in the file; shown so that a person can correct it. */
export const ImportProfile = z.object({
  encoding: z.string().nullable(),
  separator: z.string().nullable(),
  headerLine: z.number().int(),
  headers: z.array(z.string()),
  mapping: z.array(z.string().nullable()),
  /** Every field a column of this kind may mean. */
  fields: z.array(z.string()),
  decimalMark: z.enum([",", "."]),
  dayOrder: z.enum(["dmy", "mdy", "ymd"]),
  /** Nothing in the file decides between day and month first. */
  isDayOrderAssumed: z.boolean(),
  /** The mapping is the one confirmed for the last file with these headers. */
  isMappingRemembered: z.boolean(),
  currency: z.string().nullable(),
  rows: z.number().int(),
  sample: z.array(z.array(z.string())),
  suggestedCoverage: CoverageKind,
  fiscalYear: z.object({ from: Day, to: Day }).nullable(),
  /** What an e-invoice says; absent for other files. */
  invoice: z
    .object({
      number: z.string().nullable(),
      type: z.string().nullable(),
      issuedOn: Day.nullable(),
      dueOn: Day.nullable(),
      total: Money.nullable(),
      payable: Money.nullable(),
      seller: z.string().nullable(),
      buyer: z.string().nullable(),
      orderNumber: z.string().nullable(),
    })
    .optional(),
});
export type ImportProfile = z.infer<typeof ImportProfile>;

/** What a person decides before the check. */
export const ImportChoices = z.object({
  companyId: Id.nullable(),
  mapping: z.array(z.string().nullable()).max(1000),
  decimalMark: z.enum([",", "."]),
  dayOrder: z.enum(["dmy", "mdy", "ymd"]),
  /** Currency of rows that name none; null: that of the company. */
  currency: z.string().nullable(),
  coverage: CoverageKind,
  /** The day of an open snapshot. */
  asOf: Day.nullable(),
  /** The period of a full load, inclusive. */
  from: Day.nullable(),
  to: Day.nullable(),
  /** Apply what is right although rows are refused. */
  skipRefused: z.boolean(),
});
export type ImportChoices = z.infer<typeof ImportChoices>;

export const ImportFault = z.object({
  code: z.string(),
  line: z.number().int(),
  column: z.string().nullable(),
  value: z.string().nullable(),
  /** In the caller's language. */
  text: z.string(),
});
export type ImportFault = z.infer<typeof ImportFault>;

export const ImportChange = z.object({
  change: z.enum(["new", "changed", "void", "returned"]),
  customerName: z.string(),
  kind: z.string(),
  documentNo: z.string().nullable(),
  postedOn: Day,
  amount: Money,
});

export const ImportProof = z.object({
  currency: z.string(),
  openingMinor: z.string(),
  movementMinor: z.string(),
  closingMinor: z.string(),
  sourceMinor: z.string().nullable(),
  isTied: z.boolean(),
  differences: z.array(
    z.object({
      account: z.string(),
      closingMinor: z.string(),
      sourceMinor: z.string().nullable(),
      differenceMinor: z.string().nullable(),
    }),
  ),
});

export const ImportReport = z.object({
  counts: z.record(z.string(), z.number().int()),
  refusedRows: z.number().int(),
  refused: z.array(ImportFault),
  warnings: z.array(ImportFault.extend({ count: z.number().int() })),
  sample: z.array(ImportChange),
  totals: z.object({ debitMinor: z.string(), creditMinor: z.string(), accounts: z.number().int() }).nullable(),
  proof: ImportProof.nullable(),
});
export type ImportReport = z.infer<typeof ImportReport>;

export const ImportState = z.enum(["uploaded", "checking", "checked", "applying", "applied", "undone", "failed"]);
export const Import = z.object({
  id: Id,
  kind: ImportKind,
  format: ImportFormat,
  fileName: z.string(),
  sizeBytes: z.number().int(),
  state: ImportState,
  companyId: Id.nullable(),
  profile: ImportProfile,
  choices: ImportChoices,
  report: ImportReport.nullable(),
  /** Why a check or a load stopped, in the caller's language. */
  failure: ImportFault.nullable(),
  batchId: Id.nullable(),
  createdBy: z.string(),
  createdAt: Instant,
  finishedAt: Instant.nullable(),
  version: z.number().int(),
});
export type Import = z.infer<typeof Import>;
export const ImportRow = Import.pick({
  id: true,
  kind: true,
  format: true,
  fileName: true,
  sizeBytes: true,
  state: true,
  companyId: true,
  createdAt: true,
  finishedAt: true,
}).extend({ counts: z.record(z.string(), z.number().int()).nullable(), canUndo: z.boolean() });
export const ImportList = z.object({ rows: z.array(ImportRow) });
export const UploadQuery = z.object({
  kind: z.enum(["auto", "items", "customers", "contacts", "fec", "einvoice"]).default("auto"),
  companyId: Id.optional(),
});
