import type { CalendarDate } from "#kernel/calendar-date.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import type { PlannedMessage } from "#modules/correspondence/index.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import type { PinnedLine } from "../core/recheck.ts";

/** All that this room reads of the outbox besides histories. */
export type MessageToWrite = {
  readonly messageId: Uuid;
  readonly recipientAddress: string;
  readonly recipientName: string;
  readonly language: "fr" | "en";
  readonly mode: string;
  /** Last rendition stored; 0 before the first. */
  readonly rendition: number;
};

/** The messages of decisions that still wait in one of some states. */
export async function messagesIn(
  tx: Tx,
  messageIds: readonly Uuid[],
  states: readonly string[],
): Promise<MessageToWrite[]> {
  return tx.rows<MessageToWrite>(sql`
    select message_id as "messageId", recipient_address as "recipientAddress", recipient_name as "recipientName", language, mode, rendition
    from correspondence.message_progress
    where tenant_id = ${tx.tenant} and message_id = any(${[...messageIds]}::uuid[]) and state = any(${[...states]}::text[])`);
}

/** The lines that renditions pinned. */
export async function pinnedLines(
  tx: Tx,
  messages: readonly { messageId: Uuid; rendition: number }[],
): Promise<Map<Uuid, PinnedLine[]>> {
  const rows = await tx.rows<{ message_id: Uuid; item_id: Uuid; open_minor: bigint }>(sql`
    select l.message_id, l.item_id, l.open_minor
    from unnest(${messages.map((one) => one.messageId)}::uuid[], ${messages.map((one) => one.rendition)}::int[]) as m (message_id, rendition)
    join correspondence.listed_item l on l.tenant_id = ${tx.tenant} and l.message_id = m.message_id and l.rendition = m.rendition`);
  const lines = new Map<Uuid, PinnedLine[]>();
  for (const row of rows) {
    const own = lines.get(row.message_id) ?? [];
    own.push({ itemId: row.item_id, openMinor: row.open_minor });
    lines.set(row.message_id, own);
  }
  return lines;
}

/** Is an address still one of the customer's and not refused, and how many messages reached it since a day: part of the proof. One query. */
export async function recipientFacts(
  tx: Tx,
  recipient: { customerId: Uuid; contactId: Uuid | null; address: string; on: CalendarDate; since: CalendarDate },
): Promise<{ isKnown: boolean; isRefused: boolean; recent: number }> {
  const address = recipient.address.toLowerCase();
  return tx.one<{ isKnown: boolean; isRefused: boolean; recent: number }>(sql`
    select
      exists (
        select 1 from parties.contact
        where tenant_id = ${tx.tenant} and customer_id = ${recipient.customerId} and lower(email) = ${address}
          and valid_from <= ${recipient.on} and valid_to > ${recipient.on})
      or (${recipient.contactId}::uuid is null and exists (
        select 1 from parties.customer
        where tenant_id = ${tx.tenant} and customer_id = ${recipient.customerId} and lower(email) = ${address})) as "isKnown",
      exists (
        select 1 from correspondence.refused_address where tenant_id = ${tx.tenant} and address = ${address}) as "isRefused",
      (select count(*)::int from correspondence.recipient_message
        where tenant_id = ${tx.tenant} and recipient_address = ${recipient.address} and sent_on >= ${recipient.since}) as recent`);
}

/** Withdrawn messages as they would be planned once more, each under a new id. */
export async function plannedAgain(tx: Tx, messageIds: readonly Uuid[]): Promise<PlannedMessage[]> {
  const rows = await tx.rows<Omit<PlannedMessage, "messageId">>(sql`
    select occasion, group_key as "groupKey", track, cycle, step_key as "stepKey", level, run_id as "runId", company_id as "companyId",
      customer_id as "customerId", contact_id as "contactId", mode, language, recipient_address as recipient,
      recipient_name as "recipientName", currency, amount_minor as "amountMinor", item_count as "itemCount", business_date as "businessDate"
    from correspondence.withdrawn_message
    where tenant_id = ${tx.tenant} and message_id = any(${[...messageIds]}::uuid[])`);
  return rows.map((row) => ({ ...row, messageId: newId() }));
}
