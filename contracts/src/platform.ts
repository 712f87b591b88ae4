import { z } from "zod";
import { Day, Id, Instant } from "./common.ts";

export const Rate = z.object({ currency: z.string(), rateOn: Day, perEuro: z.string(), source: z.string() });
export const RateList = z.object({ rows: z.array(Rate) });
export const RatesSaved = z.object({ read: z.number().int(), changed: z.number().int() });

export const JobRun = z.object({
  kind: z.string(),
  businessDate: Day,
  part: z.string(),
  state: z.enum(["started", "done", "failed"]),
  attempts: z.number().int(),
  startedAt: Instant,
  endedAt: Instant.nullable(),
});
export const JobRunList = z.object({ rows: z.array(JobRun) });
export const DeadLetter = z.object({
  id: Id,
  kind: z.string(),
  reason: z.string(),
  attempts: z.number().int(),
  failedAt: Instant,
  resolvedAt: Instant.nullable(),
  resolution: z.string().nullable(),
});
export const DeadLetterList = z.object({ rows: z.array(DeadLetter) });
export const ResolveDeadLetter = z.object({ resolution: z.enum(["retried", "dropped"]) });

export const AgeingBuckets = z.object({
  /** Last day of each bucket past due, ascending; a last open bucket follows. Shipped: 30, 60, 90, 180, 365. */
  lastDays: z.array(z.number().int().min(1).max(3650)).min(1).max(10),
});
export const AgeingBucketsRead = AgeingBuckets.extend({ version: z.number().int() });
export const Organisation = z.object({
  name: z.string().trim().min(1).max(200),
  zone: z.string().trim().max(60),
  reportingCurrency: z.string().trim().length(3),
  language: z.enum(["fr", "en"]),
});
export const OrganisationRead = Organisation.extend({ version: z.number().int() });

export const JournalState = z.object({
  events: z.number().int(),
  blocks: z.number().int(),
  waiting: z.number().int(),
  lastSealedAt: Instant.nullable(),
  headHash: z.string().nullable(),
});
export const JournalVerdict = z.object({
  isWhole: z.boolean(),
  fault: z.object({ kind: z.string(), at: z.string() }).nullable(),
});
