import { z } from "zod";
import { Day, Id, Instant } from "./common.ts";
import { ImportChange, ImportFault, ImportProof } from "./imports.ts";

export const SettingField = z.object({
  key: z.string(),
  kind: z.enum(["text", "secret", "number", "flag", "choice"]),
  isRequired: z.boolean(),
  choices: z.array(z.string()),
  initial: z.union([z.string(), z.number(), z.boolean()]).nullable(),
});
export type SettingField = z.infer<typeof SettingField>;

/** A way to read one kind of system. */
export const ConnectorInfo = z.object({
  key: z.string(),
  settings: z.array(SettingField),
  maxCompanies: z.number().int(),
  hasParts: z.boolean(),
  /** Rows are pushed to it by a program or an agent; it is never run from here. */
  isPushed: z.boolean(),
});
export const ConnectorList = z.object({ rows: z.array(ConnectorInfo) });

/** When a source runs by itself; minutes after midnight in the organisation's zone. */
export const SourceCalendar = z.object({
  mode: z.enum(["none", "times", "every"]),
  times: z.array(z.number().int().min(0).max(1_439)).max(24),
  everyMinutes: z.number().int().min(15).max(1_440),
  isBusinessDaysOnly: z.boolean(),
});
export type SourceCalendar = z.infer<typeof SourceCalendar>;

const Settings = z.record(z.string().max(60), z.union([z.string().max(2_000), z.number(), z.boolean()]));

export const SourceCompanyWrite = z.object({ companyId: Id, part: z.string().trim().max(200) });

export const SourceWrite = z.object({
  name: z.string().trim().min(1).max(100),
  settings: Settings,
  /** Secrets to set or to clear (empty text); those not named stay as they are. */
  secrets: z.record(z.string().max(60), z.string().max(10_000)).default({}),
  calendar: SourceCalendar,
  isActive: z.boolean().default(true),
  companies: z.array(SourceCompanyWrite).max(10),
});
export type SourceWrite = z.infer<typeof SourceWrite>;
export const NewSource = SourceWrite.extend({ connector: z.string().max(40) });

/** A try of settings that may not be saved yet; secrets not named are those of the source. */
export const SourceTrial = z.object({
  connector: z.string().max(40),
  sourceId: Id.nullable().default(null),
  settings: Settings,
  secrets: z.record(z.string().max(60), z.string().max(10_000)).default({}),
});
export const SourceTrialResult = z.object({
  isReached: z.boolean(),
  /** In the caller's language; null when it works. */
  text: z.string().nullable(),
  parts: z.array(z.string()),
  details: z.record(z.string(), z.string()),
});

export const SyncRunState = z.enum(["queued", "running", "open", "done", "failed", "abandoned"]);
export const SyncRunRow = z.object({
  id: Id,
  sourceId: Id,
  sourceName: z.string(),
  origin: z.enum(["person", "calendar", "retry", "push"]),
  state: SyncRunState,
  startedAt: Instant,
  endedAt: Instant.nullable(),
  /** Rows by what happened to them, over all companies. */
  counts: z.record(z.string(), z.number().int()),
  /** Accounts that do not tie with the source. */
  differences: z.number().int(),
  refusedRows: z.number().int(),
  /** Why it failed, in the caller's language. */
  fault: z.object({ code: z.string(), text: z.string() }).nullable(),
});
export type SyncRunRow = z.infer<typeof SyncRunRow>;
export const SyncRunPage = z.object({ rows: z.array(SyncRunRow), next: z.string().nullable() });

const Upserts = z.object({ added: z.number().int(), changed: z.number().int(), unchanged: z.number().int() });
export const SyncUnit = z.object({
  companyId: Id,
  companyName: z.string(),
  batchId: Id.nullable(),
  layer: z.enum(["ledger", "overlay"]).nullable(),
  counts: z.record(z.string(), z.number().int()),
  customers: Upserts.nullable(),
  contacts: Upserts.nullable(),
  orders: z
    .object({
      read: z.number().int(),
      new: z.number().int(),
      changed: z.number().int(),
      gone: z.number().int(),
      unknown: z.number().int(),
    })
    .nullable(),
  proof: ImportProof.nullable(),
  sample: z.array(ImportChange),
  refusedRows: z.number().int(),
  refused: z.array(ImportFault),
  warnings: z.array(ImportFault),
  files: z.array(z.object({ name: z.string(), outcome: z.string(), importId: Id.nullable() })),
  fault: ImportFault.nullable(),
});
export type SyncUnit = z.infer<typeof SyncUnit>;
export const SyncRun = SyncRunRow.extend({ attempt: z.number().int(), companies: z.array(SyncUnit) });
export type SyncRun = z.infer<typeof SyncRun>;

export const SourceCompany = z.object({
  companyId: Id,
  companyName: z.string(),
  part: z.string(),
  /** Its rows make the company's ledger; else they complete it. */
  isOfRecord: z.boolean(),
  /** When the company's ledger was last heard of, from whatever source of record. */
  heardAt: Instant.nullable(),
});
export const Source = z.object({
  id: Id,
  name: z.string(),
  connector: z.string(),
  isPushed: z.boolean(),
  settings: Settings,
  /** Names of the secrets that are set; their values never leave. */
  secretsSet: z.array(z.string()),
  calendar: SourceCalendar,
  isActive: z.boolean(),
  nextRunAt: Instant.nullable(),
  failures: z.number().int(),
  companies: z.array(SourceCompany),
  lastRun: SyncRunRow.nullable(),
  version: z.number().int(),
});
export type Source = z.infer<typeof Source>;
export const SourceList = z.object({ rows: z.array(Source) });

export const PushKeyWrite = z.object({ name: z.string().trim().min(1).max(100), expiresOn: Day });
export const SyncRunQuery = z.object({
  sourceId: Id.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(500).optional(),
});
