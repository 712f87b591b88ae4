import { day } from "#kernel/calendar-date.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import { partsHash } from "../actions/hash.ts";
import { parseEmailAddress } from "../core/address.ts";
import type { ChannelSettings } from "../store/channel-rows.ts";
import {
  holdApproved,
  insertPlanned,
  insertRenditions,
  type PlannedMessage,
  pinApproved,
} from "../store/message-rows.ts";

export const aChannel = (port: number, over: Partial<ChannelSettings> = {}): ChannelSettings => ({
  host: "127.0.0.1",
  port,
  security: "none",
  user: null,
  senderAddress: "compta@verdelin.example",
  senderName: "Verdelin",
  replyTo: null,
  connections: 5,
  perMinute: 60_000,
  perDomainPerMinute: 60_000,
  ...over,
});

/** Stores an armed channel, or one that is only set. */
export async function setChannel(tx: Tx, settings: ChannelSettings, armed = true): Promise<void> {
  await tx.run(sql`
    insert into correspondence.channel (tenant_id, channel, settings, armed_at, armed_by, disarmed_reason, hold_minutes)
    values (${tx.tenant}, 'email', ${JSON.stringify(settings)}::jsonb, ${armed ? "2026-01-01T00:00:00Z" : null}, ${armed ? "test" : null},
      ${armed ? null : "never_armed"}, 0)
    on conflict (tenant_id, channel) do update set settings = excluded.settings, armed_at = excluded.armed_at,
      armed_by = excluded.armed_by, disarmed_reason = excluded.disarmed_reason, paused_until = null, failures = 0, version = channel.version + 1`);
}

export const aPlanned = (number: number, over: Partial<PlannedMessage> = {}): PlannedMessage => {
  const recipient = parseEmailAddress(`client-${number}@client-${number % 50}.example`);
  if (!recipient) throw new Error("address");
  return {
    messageId: newId(),
    occasion: `test|${number}`,
    groupKey: `test:${number}`,
    track: "reminder",
    cycle: "1",
    stepKey: "r1",
    level: 1,
    runId: newId(),
    companyId: newId(),
    customerId: newId(),
    contactId: null,
    mode: "auto",
    language: "fr",
    recipient,
    recipientName: `Client ${number}`,
    currency: "EUR",
    amountMinor: 10_000n,
    itemCount: 1,
    businessDate: day("2026-11-21"),
    ...over,
  };
};

/** Messages approved and held, ready to leave at once. Each body carries its own marker. */
export async function holdMessages(tx: Tx, planned: readonly PlannedMessage[], sandbox = false): Promise<Uuid[]> {
  const now = new Date().toISOString();
  const ids = [...(await insertPlanned(tx, sandbox, planned))];
  const own = planned.filter((one) => ids.includes(one.messageId));
  const renditions = own.map((one) => {
    const marker = `MARK-${one.occasion.replaceAll("|", "-")}-END`;
    const rendered = { subject: `Relance ${marker}`, html: `<p>${marker}</p>`, text: `${marker}\n` };
    const hash = partsHash("compta@verdelin.example", one.recipient, rendered);
    return {
      messageId: one.messageId,
      rendition: 1,
      ...rendered,
      partsHash: hash,
      amountMinor: one.amountMinor,
      items: [],
    };
  });
  await insertRenditions(tx, renditions, now);
  const pins = own.map((one) => ({
    messageId: one.messageId,
    rendition: 1,
    subject: "Relance",
    amountMinor: one.amountMinor,
    itemCount: 1,
    debitIds: [],
    templateId: newId(),
    templateVersionNo: 1,
    senderAddress: "compta@verdelin.example",
    senderName: "Verdelin",
    replyTo: null,
  }));
  const pinned = await pinApproved(tx, pins, "test", now);
  await holdApproved(tx, pinned, now, now);
  return pinned;
}
