import { z } from "zod";

/** Contracts of the correspondence room: templates, messages, channels. Money is `{minor, currency}`, days YYYY-MM-DD, instants ISO. */
const money = z.object({ minor: z.string().regex(/^-?\d{1,18}$/), currency: z.string().length(3) });
const day = z.iso.date();
const id = z.uuid();
const instant = z.string();

export const messageLanguage = z.enum(["fr", "en"]);
const labels = z.object({ fr: z.string().min(1).max(120), en: z.string().max(120).optional() });

/* ---- documents: the subset of Tiptap's JSON that a template may hold ---- */

const mark = z.discriminatedUnion("type", [
  z.object({ type: z.literal("bold") }),
  z.object({ type: z.literal("italic") }),
  z.object({ type: z.literal("link"), attrs: z.looseObject({ href: z.string().max(2000) }) }),
]);
const inline = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string().min(1).max(5000), marks: z.array(mark).max(3).optional() }),
  z.object({
    type: z.literal("mergeField"),
    attrs: z.looseObject({ key: z.string().max(80) }),
    marks: z.array(mark).max(3).optional(),
  }),
  z.object({ type: z.literal("hardBreak") }),
]);
const attrs = z.looseObject({}).optional();
const paragraph = z.object({ type: z.literal("paragraph"), attrs, content: z.array(inline).max(200).optional() });
/** Blocks nest through lists only; the server checks depth, size, fields and links once more and names the place. */
const block: z.ZodType = z.lazy(() =>
  z.discriminatedUnion("type", [
    paragraph,
    z.object({
      type: z.literal("heading"),
      attrs: z.looseObject({ level: z.number().int().min(1).max(3) }),
      content: z.array(inline).max(200).optional(),
    }),
    z.object({ type: z.literal("bulletList"), attrs, content: z.array(listItem).min(1).max(100) }),
    z.object({ type: z.literal("orderedList"), attrs, content: z.array(listItem).min(1).max(100) }),
    z.object({ type: z.literal("openItemsTable"), attrs }),
    z.object({ type: z.literal("signature"), attrs }),
  ]),
);
const listItem = z.object({ type: z.literal("listItem"), attrs, content: z.array(block).min(1).max(20) });
export const templateDocument = z.object({ type: z.literal("doc"), content: z.array(block).min(1).max(200) });
/** A subject is one paragraph of text and merge fields. */
export const templateSubject = z.object({ type: z.literal("doc"), content: z.array(paragraph).length(1) });
export const templateText = z.object({ subject: templateSubject, body: templateDocument });
export const templateContent = z.object({ fr: templateText.optional(), en: templateText.optional() });

export const mergeField = z.object({
  key: z.string(),
  type: z.enum(["text", "money", "day", "count"]),
  label: z.object({ fr: z.string(), en: z.string() }),
  example: z.object({ fr: z.string(), en: z.string() }),
});
export const mergeFieldList = z.object({ rows: z.array(mergeField) });

export const templateRow = z.object({
  templateId: id,
  key: z.string(),
  name: labels,
  level: z.number().int().nullable(),
  versionNo: z.number().int(),
  languages: z.array(messageLanguage),
  changedAt: instant,
});
export const templateList = z.object({ rows: z.array(templateRow) });
/** `version` is the ETag. `versionNo` numbers the content; messages pin it. */
export const templateDetail = templateRow.extend({
  version: z.number().int(),
  content: templateContent,
  versions: z.array(z.object({ versionNo: z.number().int(), createdAt: instant, createdBy: z.string() })),
});
export const createTemplateBody = z.object({
  key: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  name: labels,
  content: templateContent,
});
export const saveTemplateBody = z.object({ name: labels.optional(), content: templateContent });

/** A rendered message as shown in a preview or as it left. `html` must be shown in a sandboxed frame. */
export const renderedMessage = z.object({ subject: z.string(), html: z.string(), text: z.string() });

/* ---- messages ---- */

export const messageState = z.enum([
  "planned",
  "approved",
  "held",
  "claimed",
  "handing_over",
  "accepted",
  "refused",
  "in_doubt",
  "delivered",
  "returned",
  "withdrawn",
]);

export const messageRow = z.object({
  messageId: id,
  kind: z.enum(["dunning", "manual"]),
  channel: z.literal("email"),
  state: messageState,
  /** Code of why it was withdrawn, refused, or waits; null when nothing is to be said. */
  reason: z.string().nullable(),
  /** True: stored in the built-in viewer, never sent. */
  sandbox: z.boolean(),
  customerId: id.nullable(),
  customerName: z.string(),
  companyId: id.nullable(),
  track: z.enum(["courtesy", "reminder", "thanks"]).nullable(),
  stepKey: z.string().nullable(),
  level: z.number().int().nullable(),
  recipient: z.string(),
  recipientName: z.string(),
  subject: z.string().nullable(),
  amount: money.nullable(),
  itemCount: z.number().int(),
  runId: id.nullable(),
  /** Instant before which it does not leave (undo window or back-off). */
  leavesAt: instant.nullable(),
  changedAt: instant,
  acceptedAt: instant.nullable(),
});
export const messageList = z.object({
  rows: z.array(messageRow),
  next: z.string().nullable(),
  total: z.object({ count: z.number().int(), exact: z.boolean() }),
});
export const messageListQuery = z.object({
  customerId: id.optional(),
  runId: id.optional(),
  itemId: id.optional(),
  state: z
    .union([messageState, z.array(messageState)])
    .optional()
    .transform((value) => (value === undefined || Array.isArray(value) ? value : [value])),
  sandbox: z.enum(["true", "false"]).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(200).optional(),
});

export const messageItem = z.object({
  itemId: id,
  number: z.string(),
  issuedOn: day,
  dueOn: day,
  kind: z.string(),
  original: money,
  open: money,
});
/** The facts that allowed one hand-over, and what the server answered. */
export const sendProof = z.object({
  attemptNo: z.number().int(),
  startedAt: instant,
  endedAt: instant.nullable(),
  outcome: z.string().nullable(),
  replyCode: z.number().int().nullable(),
  reply: z.string().nullable(),
  facts: z.record(z.string(), z.unknown()),
  pinnedHash: z.string(),
  sentHash: z.string(),
});
export const messageDetail = messageRow.extend({
  version: z.number().int(),
  language: messageLanguage,
  templateId: id.nullable(),
  templateVersionNo: z.number().int().nullable(),
  sender: z.string(),
  messageIdHeader: z.string(),
  rendered: renderedMessage.nullable(),
  items: z.array(messageItem),
  proofs: z.array(sendProof),
  approvedBy: z.string().nullable(),
  approvedAt: instant.nullable(),
});
export const rawMessage = z.object({ messageId: id, sha256: z.string(), raw: z.string() });

export const withdrawBody = z.object({ reason: z.string().min(1).max(200) });
/** `was_sent`: it left, nothing more happens. `send_again`: it did not leave and leaves again. `withdraw`: it did not leave and shall not. */
export const resolveBody = z.object({ resolution: z.enum(["was_sent", "send_again", "withdraw"]) });
export const messageAnswer = z.object({ messageId: id, state: messageState, version: z.number().int() });

/** A message written by a person. Sent once per Idempotency-Key. */
export const writeMessageBody = z.object({
  customerId: id,
  companyId: id.optional(),
  recipient: z.string().min(3).max(254),
  recipientName: z.string().max(120).default(""),
  language: messageLanguage,
  subject: z.string().min(1).max(200),
  text: z.string().min(1).max(20_000),
});

/* ---- channel ---- */

export const smtpSecurity = z.enum(["tls", "starttls", "none"]);
export const smtpSettings = z.object({
  host: z.string().min(1).max(253),
  port: z.number().int().min(1).max(65_535),
  security: smtpSecurity,
  user: z.string().max(254).nullable(),
  senderAddress: z.string().max(254),
  senderName: z.string().max(120),
  replyTo: z.string().max(254).nullable(),
  connections: z.number().int().min(1).max(20),
  perMinute: z.number().int().min(1).max(60_000),
  perDomainPerMinute: z.number().int().min(1).max(60_000),
});
export const emailChannel = z.object({
  version: z.number().int(),
  armed: z.boolean(),
  armedAt: instant.nullable(),
  armedBy: z.string().nullable(),
  /** Why it is not armed: never armed, disarmed by a person, or restored from a backup. */
  disarmedReason: z.enum(["never_armed", "by_person", "restored"]).nullable(),
  hasPassword: z.boolean(),
  settings: smtpSettings.nullable(),
  holdMinutes: z.number().int(),
  lastTest: z.object({ at: instant, ok: z.boolean(), message: z.string() }).nullable(),
  waiting: z.object({
    held: z.number().int(),
    inDoubt: z.number().int(),
    pausedUntil: instant.nullable(),
    pausedFor: z.string().nullable(),
  }),
});
/** `password` absent keeps the stored one, null removes it. */
export const saveSmtpBody = smtpSettings.extend({
  password: z.string().max(500).nullable().optional(),
  holdMinutes: z.number().int().min(0).max(1440).default(10),
});
export const testSmtpBody = z.object({ to: z.string().max(254).optional() });
/** `ok` false carries what the server said; a failed test is an answer, not an error. */
export const testSmtpAnswer = z.object({ ok: z.boolean(), stage: z.string(), message: z.string() });
/** Arming must name the number of messages that wait, as shown to the person. */
export const armBody = z.object({ expectedWaiting: z.number().int().min(0) });

export type TemplateContent = z.infer<typeof templateContent>;
export type TemplateRow = z.infer<typeof templateRow>;
export type TemplateDetail = z.infer<typeof templateDetail>;
export type MergeField = z.infer<typeof mergeField>;
export type MessageRow = z.infer<typeof messageRow>;
export type MessageDetail = z.infer<typeof messageDetail>;
export type MessageState = z.infer<typeof messageState>;
export type EmailChannel = z.infer<typeof emailChannel>;
export type RenderedMessage = z.infer<typeof renderedMessage>;
