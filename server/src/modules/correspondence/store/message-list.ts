import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { isSameCustomer } from "#modules/parties/index.ts";
import { join, sql, type Tx } from "#platform/database/index.ts";
import { type MessageState, MOVES } from "../core/message-state.ts";

export type ListedMessage = {
  readonly messageId: Uuid;
  readonly kind: "dunning" | "manual";
  readonly channel: "email";
  readonly state: MessageState;
  readonly reason: string | null;
  readonly sandbox: boolean;
  readonly customerId: Uuid | null;
  readonly customerName: string;
  readonly companyId: Uuid | null;
  readonly track: "courtesy" | "reminder" | "thanks" | null;
  readonly stepKey: string | null;
  readonly level: number | null;
  readonly recipient: string;
  readonly recipientName: string;
  readonly subject: string | null;
  readonly currency: string | null;
  readonly amountMinor: bigint | null;
  readonly itemCount: number;
  readonly runId: Uuid | null;
  readonly leavesAt: string | null;
  readonly changedAt: string;
  readonly acceptedAt: string | null;
  readonly version: number;
  readonly language: "fr" | "en";
  readonly templateId: Uuid | null;
  readonly templateVersionNo: number | null;
  readonly senderAddress: string | null;
  readonly senderName: string | null;
  readonly rendition: number;
  readonly approvedBy: string | null;
  readonly approvedAt: string | null;
};

const columns = sql`m.message_id as "messageId", m.kind, m.channel, m.state, m.reason, m.sandbox, m.customer_id as "customerId",
  coalesce(c.name, '') as "customerName", m.company_id as "companyId", m.track, m.step_key as "stepKey", m.level,
  m.recipient_address as recipient, m.recipient_name as "recipientName", m.subject, m.currency, m.amount_minor as "amountMinor",
  m.item_count as "itemCount", m.run_id as "runId", m.leaves_at as "leavesAt", m.changed_at as "changedAt",
  m.accepted_at as "acceptedAt", m.version, m.language, m.template_id as "templateId", m.template_version_no as "templateVersionNo",
  m.sender_address as "senderAddress", m.sender_name as "senderName", m.rendition, m.approved_by as "approvedBy", m.approved_at as "approvedAt"`;
const from = sql`correspondence.message m
  left join parties.customer c on c.tenant_id = m.tenant_id and c.customer_id = m.customer_id`;

export type MessageFilter = {
  readonly customerId?: Uuid | undefined;
  readonly runId?: Uuid | undefined;
  readonly itemId?: Uuid | undefined;
  readonly states?: readonly string[] | undefined;
  readonly sandbox?: boolean | undefined;
};

function conditions(tx: Tx, filter: MessageFilter) {
  const all = [sql`m.tenant_id = ${tx.tenant}`];
  if (filter.customerId) all.push(sql`m.customer_id ${isSameCustomer(tx, filter.customerId)}`);
  if (filter.runId) all.push(sql`m.run_id = ${filter.runId}`);
  if (filter.states) all.push(sql`m.state = any(${[...filter.states]}::text[])`);
  if (filter.sandbox !== undefined) all.push(sql`m.sandbox = ${filter.sandbox}`);
  if (filter.itemId)
    all.push(sql`exists (
      select 1 from correspondence.message_item i
      where i.tenant_id = m.tenant_id and i.message_id = m.message_id and i.item_id = ${filter.itemId})`);
  return join(all, " and ");
}

/** Newest messages first. */
export async function listMessages(
  tx: Tx,
  filter: MessageFilter,
  before: Uuid | undefined,
  limit: number,
): Promise<ListedMessage[]> {
  const older = before ? sql`and m.message_id < ${before}` : sql``;
  return tx.rows<ListedMessage>(sql`
    select ${columns} from ${from}
    where ${conditions(tx, filter)} ${older}
    order by m.message_id desc
    limit ${limit}`);
}

/** Exact up to `most` + 1. */
export async function countMessages(tx: Tx, filter: MessageFilter, most: number): Promise<number> {
  const row = await tx.one<{ count: number }>(sql`
    select count(*)::int as count
    from (select 1 from correspondence.message m where ${conditions(tx, filter)} limit ${most + 1}) found`);
  return row.count;
}

export async function findMessage(tx: Tx, messageId: Uuid): Promise<ListedMessage | undefined> {
  return tx.maybeOne<ListedMessage>(
    sql`select ${columns} from ${from} where m.tenant_id = ${tx.tenant} and m.message_id = ${messageId}`,
  );
}

export async function contentOfMessage(tx: Tx, messageId: Uuid, rendition: number) {
  return tx.maybeOne<{ subject: string; html: string; text: string }>(sql`
    select subject, html, text from correspondence.message_content
    where tenant_id = ${tx.tenant} and message_id = ${messageId} and rendition = ${rendition}`);
}

export async function itemsOfMessage(tx: Tx, messageId: Uuid, rendition: number) {
  return tx.rows<{
    itemId: Uuid;
    number: string;
    kind: string;
    issuedOn: CalendarDate;
    dueOn: CalendarDate;
    originalMinor: bigint;
    openMinor: bigint;
  }>(sql`
    select item_id as "itemId", number, kind, issued_on as "issuedOn", due_on as "dueOn", original_minor as "originalMinor", open_minor as "openMinor"
    from correspondence.message_item
    where tenant_id = ${tx.tenant} and message_id = ${messageId} and rendition = ${rendition}
    order by line_no`);
}

export async function proofsOfMessage(tx: Tx, messageId: Uuid) {
  return tx.rows<{
    attemptNo: number;
    startedAt: string;
    endedAt: string | null;
    outcome: string | null;
    replyCode: number | null;
    reply: string | null;
    facts: Record<string, unknown>;
    pinnedHash: string;
    sentHash: string;
  }>(sql`
    select attempt_no as "attemptNo", started_at as "startedAt", ended_at as "endedAt", outcome, reply_code as "replyCode", reply, facts,
      encode(pinned_hash, 'hex') as "pinnedHash", encode(sent_hash, 'hex') as "sentHash"
    from correspondence.hand_over
    where tenant_id = ${tx.tenant} and message_id = ${messageId}
    order by attempt_no`);
}

export async function archivedBytes(tx: Tx, messageId: Uuid) {
  return tx.maybeOne<{ raw: Buffer; sha256: string }>(sql`
    select raw, encode(sha256, 'hex') as sha256 from correspondence.archived_message
    where tenant_id = ${tx.tenant} and message_id = ${messageId}`);
}

/** A person's word on a message in doubt, or one refused that shall be tried again. Returns the new version, undefined when it moved meanwhile. */
export async function resolve(
  tx: Tx,
  messageId: Uuid,
  move: {
    from: readonly MessageState[];
    to: "accepted" | "held" | "withdrawn";
    reason: string | null;
    now: string;
    today: CalendarDate;
  },
): Promise<number | undefined> {
  for (const from of move.from)
    if (!MOVES[from].includes(move.to)) throw new Error(`a message never goes from ${from} to ${move.to}`);
  const row = await tx.maybeOne<{ version: number }>(sql`
    update correspondence.message
    set state = ${move.to}, reason = ${move.reason}, changed_at = ${move.now}, version = version + 1, claimed_by = null, lease_until = null,
      leaves_at = case when ${move.to} = 'held' then ${move.now}::timestamptz end,
      accepted_at = case when ${move.to} = 'accepted' then coalesce(handing_over_at, ${move.now}::timestamptz) end,
      sent_on = case when ${move.to} = 'accepted' then coalesce(sent_on, ${move.today}::date) end
    where tenant_id = ${tx.tenant} and message_id = ${messageId} and state = any(${[...move.from]}::text[])
    returning version`);
  return row?.version;
}

/** A message written by a person, ready to leave; false when its idempotency key already made one. */
export async function insertWritten(
  tx: Tx,
  message: {
    messageId: Uuid;
    occasion: string;
    sandbox: boolean;
    customerId: Uuid;
    companyId: Uuid | null;
    language: string;
    recipient: string;
    recipientName: string;
    sender: { address: string; name: string; replyTo: string | null };
    subject: string;
    by: string;
    now: string;
    leavesAt: string;
    today: CalendarDate;
  },
): Promise<boolean> {
  const domain = message.recipient.slice(message.recipient.indexOf("@") + 1);
  const { sender } = message;
  const added = await tx.run(sql`
    insert into correspondence.message (tenant_id, message_id, kind, sandbox, occasion, company_id, customer_id, mode, state, language,
      recipient_address, recipient_name, recipient_domain, sender_address, sender_name, reply_to, subject, business_date, rendition,
      approved_by, approved_at, leaves_at, changed_at)
    values (${tx.tenant}, ${message.messageId}, 'manual', ${message.sandbox}, ${message.occasion}, ${message.companyId}, ${message.customerId},
      'manual', 'held', ${message.language}, ${message.recipient}, ${message.recipientName}, ${domain}, ${sender.address}, ${sender.name},
      ${sender.replyTo}, ${message.subject}, ${message.today}, 1, ${message.by}, ${message.now}, ${message.leavesAt}, ${message.now})
    on conflict (tenant_id, sandbox, occasion) where state <> 'withdrawn' do nothing`);
  return added > 0;
}

export async function findByOccasion(tx: Tx, sandbox: boolean, occasion: string) {
  return tx.maybeOne<{ messageId: Uuid; state: MessageState; version: number }>(sql`
    select message_id as "messageId", state, version from correspondence.message
    where tenant_id = ${tx.tenant} and sandbox = ${sandbox} and occasion = ${occasion} and state <> 'withdrawn'`);
}
