import { z } from "zod";
import { Id, Instant } from "./common.ts";

/** "*" is everything, "parties.*" a room, "receivables.batch.applied" exactly that. */
const Kind = z.string().regex(/^(\*|[a-z_]+\.\*|[a-z_]+(\.[a-z_]+){1,3})$/);

export const WebhookWrite = z.object({
  name: z.string().trim().min(1).max(100),
  url: z.string().trim().min(1).max(2_000),
  kinds: z.array(Kind).min(1).max(100),
  isActive: z.boolean().default(true),
});
export type WebhookWrite = z.infer<typeof WebhookWrite>;
export const Webhook = WebhookWrite.extend({
  id: Id,
  /** "gone": it answered 410; "silent": it took nothing for days; "restored": the installation came from a backup. */
  disabledReason: z.string().nullable(),
  failingSince: Instant.nullable(),
  version: z.number().int(),
});
export type Webhook = z.infer<typeof Webhook>;
export const WebhookList = z.object({ rows: z.array(Webhook) });
/** The secret is shown once. */
export const WebhookMade = z.object({ webhook: Webhook, secret: z.string() });
export const WebhookSecret = z.object({ secret: z.string() });

export const WebhookDelivery = z.object({
  id: Id,
  eventId: Id,
  kind: z.string(),
  state: z.enum(["waiting", "delivered", "failed"]),
  attempts: z.number().int(),
  nextAttemptAt: Instant,
  lastStatus: z.number().int().nullable(),
  lastError: z.string().nullable(),
  deliveredAt: Instant.nullable(),
  createdAt: Instant,
});
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;
export const WebhookDeliveryQuery = z.object({
  state: z.enum(["waiting", "delivered", "failed"]).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(500).optional(),
});
export const WebhookDeliveryPage = z.object({ rows: z.array(WebhookDelivery), next: z.string().nullable() });
export const WebhookDeliveryDetail = WebhookDelivery.extend({
  log: z.array(
    z.object({
      no: z.number().int(),
      at: Instant,
      status: z.number().int().nullable(),
      error: z.string().nullable(),
      durationMs: z.number().int(),
      answer: z.string().nullable(),
    }),
  ),
});
export type WebhookDeliveryDetail = z.infer<typeof WebhookDeliveryDetail>;
export const WebhookTested = z.object({ deliveryId: Id });
export const WebhookReplayed = z.object({ replayed: z.number().int() });
