import { z } from "zod";
import { renderedMessage, templateContent } from "./correspondence.ts";
import { Expression } from "./criteria.ts";

/** Contracts of the dunning room: scenarios, stops, runs. Money is `{minor, currency}`, days YYYY-MM-DD, instants ISO. */
const money = z.object({ minor: z.string().regex(/^-?\d{1,18}$/), currency: z.string().length(3) });
const minor = z.string().regex(/^\d{1,18}$/);
const day = z.iso.date();
const id = z.uuid();
const instant = z.string();
const labels = z.object({ fr: z.string().min(1).max(120), en: z.string().max(120).optional() });

/** A typed tree over the catalogue of criteria; the server checks it and names the place of an error. */
const condition = Expression;
export type Condition = Expression;

export const track = z.enum(["courtesy", "reminder", "thanks"]);
export const stepMode = z.enum(["auto", "confirm", "manual"]);
export const grouping = z.enum(["account", "customer", "contact", "customer_group", "item"]);

/** One step. `delayDays` counts from the due date of the oldest item (courtesy: negative; thanks: from the day the cycle closed). */
export const scenarioStep = z.object({
  key: z.string().regex(/^[a-z][a-z0-9-]{0,19}$/),
  track,
  /** 1..5 are R1..R5; 0 for courtesy and thanks. */
  level: z.number().int().min(0).max(20),
  name: labels,
  delayDays: z.number().int().min(-365).max(3650),
  /** Least days since the step before; null takes the scenario's. */
  gapDays: z.number().int().min(0).max(365).nullable(),
  mode: stepMode,
  channel: z.literal("email"),
  templateKey: z.string().max(40),
  recipientRole: z.string().max(40),
  condition: condition.nullable(),
});

/** Thresholds are in minor units of the company's book currency and test book amounts. */
export const scenarioContent = z.object({
  grouping,
  minimumGapDays: z.number().int().min(0).max(365),
  /** Reminder step at which a late entry starts. */
  entryStep: z.string().max(20),
  /** REL-16, tests each item's own open amount. */
  itemMinimumMinor: minor.nullable(),
  /** REL-17, tests the customer's net overdue after credit notes and unapplied cash. */
  customerMinimumMinor: minor.nullable(),
  /** REL-34, from this amount on a person decides. */
  ceilingMinor: minor.nullable(),
  /** Credits not yet due lower the claim, or are left out. */
  creditsNotDue: z.enum(["netted", "left_out"]),
  /** Which items the scenario takes (REL-18); null: all. */
  itemCondition: condition.nullable(),
  /** Thanks only when the closed cycle reached this level. */
  thanksFromLevel: z.number().int().min(1).max(20),
  steps: z.array(scenarioStep).min(1).max(30),
});

export const scenarioRow = z.object({
  scenarioId: id,
  key: z.string(),
  name: labels,
  versionNo: z.number().int(),
  validFrom: day,
  stepCount: z.number().int(),
});
export const scenarioList = z.object({ rows: z.array(scenarioRow) });
export const scenarioDetail = scenarioRow.extend({
  version: z.number().int(),
  content: scenarioContent,
  versions: z.array(
    z.object({ versionNo: z.number().int(), validFrom: day, createdAt: instant, createdBy: z.string() }),
  ),
});
export const scenarioVersionDetail = z.object({
  scenarioId: id,
  versionNo: z.number().int(),
  validFrom: day,
  content: scenarioContent,
});
/** Needs If-Match. A change is a new version in force from `validFrom` (today or later). */
export const saveScenarioBody = z.object({
  name: labels.optional(),
  validFrom: day.optional(),
  content: scenarioContent,
});

/* ---- stops ---- */

export const stopSubject = z.enum(["customer", "item"]);
export const stopRow = z.object({
  stopId: id,
  subject: stopSubject,
  subjectId: id,
  subjectName: z.string(),
  reason: z.string(),
  validFrom: day,
  /** Last day on which nothing leaves. */
  validTo: day,
  active: z.boolean(),
  createdAt: instant,
  createdBy: z.string(),
  version: z.number().int(),
});
export const stopList = z.object({ rows: z.array(stopRow) });
export const stopListQuery = z.object({
  subject: stopSubject.optional(),
  subjectId: id.optional(),
  active: z.enum(["true", "false"]).optional(),
});
export const createStopBody = z.object({
  subject: stopSubject,
  subjectId: id,
  reason: z.string().trim().min(1).max(300),
  validFrom: day.optional(),
  validTo: day,
});
export const liftStopBody = z.object({ validTo: day.optional() });

/* ---- runs ---- */

/** Every reason for not writing, or for waiting. The page of the room says what `values` each carries. */
export const skipCode = z.enum([
  "no_scenario",
  "nothing_due",
  "stopped",
  "disputed",
  "promised",
  "insolvent",
  "item_below_minimum",
  "item_not_taken",
  "below_minimum",
  "covered",
  "not_yet_due",
  "too_soon",
  "scenario_finished",
  "condition_not_met",
  "message_pending",
  "refused",
  "in_doubt",
  "other_step_today",
  "no_contact",
  "data_stale",
  "account_in_difference",
  "excluded",
]);
/** Why a message that could leave waits for a person. */
export const remarkCode = z.enum([
  "step_to_confirm",
  "manual_step",
  "above_ceiling",
  /** We owe them something, and both agreed to set off: a person says what is claimed. */
  "set_off_agreed",
  "data_stale",
  "account_in_difference",
]);

export const runState = z.enum(["review", "approved", "superseded", "discarded"]);
export const bucket = z.enum(["leaves", "to_decide", "skipped"]);

export const runSummary = z.object({
  runId: id.nullable(),
  asOf: day,
  state: runState,
  companyId: id.nullable(),
  createdAt: instant,
  createdBy: z.string(),
  groups: z.number().int(),
  buckets: z.record(bucket, z.object({ count: z.number().int(), amounts: z.array(money) })),
  /** Skips by reason. `amounts` is what stays unclaimed. */
  skips: z.array(z.object({ code: skipCode, count: z.number().int(), amounts: z.array(money) })),
  /** States of the messages of the run, for its progress. */
  messages: z.record(z.string(), z.number().int()),
  holdUntil: instant.nullable(),
  planMs: z.number().int(),
});
export const runList = z.object({ rows: z.array(runSummary), next: z.string().nullable() });

export const decisionRow = z.object({
  decisionId: id,
  bucket,
  companyId: id,
  companyName: z.string(),
  customerId: id.nullable(),
  customerName: z.string(),
  customerNumber: z.string(),
  track: track.nullable(),
  stepKey: z.string().nullable(),
  level: z.number().int().nullable(),
  mode: stepMode.nullable(),
  recipient: z.string().nullable(),
  recipientName: z.string().nullable(),
  amount: money,
  itemCount: z.number().int(),
  oldestDueOn: day.nullable(),
  code: skipCode.nullable(),
  remarks: z.array(remarkCode),
  /** Values of the reason: amounts in minor units, days, counts, ids. */
  values: z.record(z.string(), z.union([z.string(), z.number()])),
  /** Day from which the group may be written to again; null when no day is known. */
  resumesOn: day.nullable(),
  messageId: id.nullable(),
  messageState: z.string().nullable(),
});
export const decisionList = z.object({
  rows: z.array(decisionRow),
  next: z.string().nullable(),
  total: z.object({ count: z.number().int(), exact: z.boolean() }),
});
export const decisionListQuery = z.object({
  bucket: bucket.optional(),
  code: skipCode.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(200).optional(),
});
export const decisionDetail = decisionRow.extend({
  items: z.array(
    z.object({
      itemId: id,
      number: z.string(),
      kind: z.string(),
      issuedOn: day,
      dueOn: day,
      open: money,
      listed: z.boolean(),
      /** Why the item is not in the message; null when it is. */
      code: skipCode.nullable(),
      resumesOn: day.nullable(),
    }),
  ),
  history: z.array(z.object({ stepKey: z.string(), level: z.number().int(), sentOn: day, messageId: id })),
  /** Why this message, as codes with values: step, delay, gap, thresholds, ceiling. */
  why: z.array(z.object({ code: z.string(), values: z.record(z.string(), z.union([z.string(), z.number()])) })),
  rendered: renderedMessage.nullable(),
});

export const planRunBody = z.object({ asOf: day.optional(), companyId: id.optional() });
/** `content`: the plan under a draft that nobody saved. */
export const previewRunBody = planRunBody.extend({ content: scenarioContent.optional() });
export const previewRunAnswer = z.object({ summary: runSummary, rows: z.array(decisionRow) });
export const decideBody = z.object({
  decisionIds: z.array(id).min(1).max(5000),
  reason: z.string().max(200).optional(),
});
export const excludeItemBody = z.object({ itemId: id, reason: z.string().min(1).max(200) });
/** `expectedCount` is the number the person saw on the button; another number refuses with `count_changed`. */
export const approveRunBody = z.object({
  decisionIds: z.array(id).max(5000).optional(),
  expectedCount: z.number().int().min(1),
  /** Undo window; absent takes the channel's. */
  holdMinutes: z.number().int().min(0).max(1440).optional(),
});
export const runAnswer = z.object({ runId: id, count: z.number().int(), holdUntil: instant.nullable() });

/** A draft or a stored template rendered for a real customer, or for an invented one when none is named. */
export const previewTemplateBody = z.object({
  templateKey: z.string().max(40).optional(),
  content: templateContent.optional(),
  language: z.enum(["fr", "en"]),
  customerId: id.optional(),
  companyId: id.optional(),
});

/** What was sent to one customer at which level: the state of its groups. */
export const customerDunning = z.object({
  customerId: id,
  stops: z.array(stopRow),
  groups: z.array(
    z.object({
      companyId: id,
      currency: z.string(),
      level: z.number().int().nullable(),
      stepKey: z.string().nullable(),
      sentOn: day.nullable(),
      next: decisionRow.nullable(),
    }),
  ),
});

export type ScenarioContent = z.infer<typeof scenarioContent>;
export type ScenarioStep = z.infer<typeof scenarioStep>;
export type ScenarioDetail = z.infer<typeof scenarioDetail>;
export type StopRow = z.infer<typeof stopRow>;
export type RunSummary = z.infer<typeof runSummary>;
export type DecisionRow = z.infer<typeof decisionRow>;
export type DecisionDetail = z.infer<typeof decisionDetail>;
export type CustomerDunning = z.infer<typeof customerDunning>;

/** How the day's run leaves. `approveAutomatic`: what needs no decision is approved when the run is planned, on working days; else a person does. */
export const sendingSettings = z.object({
  approveAutomatic: z.boolean(),
  /** A ledger loaded longer ago than this stops automatic messages. */
  freshHours: z
    .number()
    .int()
    .min(1)
    .max(24 * 31),
});
export const sendingSettingsDetail = sendingSettings.extend({ version: z.number().int() });
