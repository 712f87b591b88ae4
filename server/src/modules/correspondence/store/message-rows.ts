import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { copyValue, sql, type Tx } from "#platform/database/index.ts";
import { domainOf, type EmailAddress } from "../core/address.ts";
import type { Language } from "../core/merge-fields.ts";
import { WITHDRAWABLE } from "../core/message-state.ts";

/** A message to be planned. `occasion` decides whether it is new; `businessDate` is the day it is planned for. */
export type PlannedMessage = {
  readonly messageId: Uuid;
  readonly occasion: string;
  readonly groupKey: string;
  readonly track: "courtesy" | "reminder" | "thanks";
  readonly cycle: string;
  readonly stepKey: string;
  readonly level: number;
  readonly runId: Uuid;
  readonly companyId: Uuid;
  readonly customerId: Uuid | null;
  readonly contactId: Uuid | null;
  readonly mode: "auto" | "confirm" | "manual";
  readonly language: Language;
  readonly recipient: EmailAddress;
  readonly recipientName: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly itemCount: number;
  readonly businessDate: CalendarDate;
};

/** Inserts messages in state planned with one COPY. Returns the ids that were new; an occasion that exists is left as it is. */
export async function insertPlanned(tx: Tx, sandbox: boolean, messages: readonly PlannedMessage[]): Promise<Set<Uuid>> {
  if (messages.length === 0) return new Set();
  await tx.run(sql`
    create temporary table if not exists staged_message (message_id uuid, occasion text, group_key text, track text, cycle text,
      step_key text, level int, run_id uuid, company_id uuid, customer_id uuid, contact_id uuid, mode text, language text,
      recipient_address text, recipient_name text, recipient_domain text, currency text, amount_minor bigint, item_count int,
      business_date date) on commit drop`);
  await tx.copyIn("staged_message", planLines(messages));
  const rows = await tx.rows<{ message_id: Uuid }>(sql`
    insert into correspondence.message (tenant_id, message_id, kind, sandbox, occasion, group_key, track, cycle, step_key, level,
      run_id, company_id, customer_id, contact_id, mode, state, language, recipient_address, recipient_name, recipient_domain,
      currency, amount_minor, item_count, business_date)
    select ${tx.tenant}, message_id, 'dunning', ${sandbox}, occasion, group_key, track, cycle, step_key, level, run_id, company_id,
      customer_id, contact_id, mode, 'planned', language, recipient_address, recipient_name, recipient_domain, currency, amount_minor,
      item_count, business_date
    from staged_message
    order by occasion
    on conflict (tenant_id, sandbox, occasion) where state <> 'withdrawn' do nothing
    returning message_id`);
  await tx.run(sql`truncate staged_message`);
  return new Set(rows.map((row) => row.message_id));
}

function* planLines(messages: readonly PlannedMessage[]): Generator<string> {
  for (const one of messages) {
    const domain = domainOf(one.recipient);
    yield [
      one.messageId,
      one.occasion,
      one.groupKey,
      one.track,
      one.cycle,
      one.stepKey,
      one.level,
      one.runId,
      one.companyId,
      one.customerId,
      one.contactId,
      one.mode,
      one.language,
      one.recipient,
      one.recipientName,
      domain,
      one.currency,
      one.amountMinor,
      one.itemCount,
      one.businessDate,
    ]
      .map(copyValue)
      .join("\t");
  }
}

/** One line of a message's table with the item it stands for. */
export type PinnedItem = {
  readonly itemId: Uuid;
  readonly number: string;
  readonly kind: string;
  readonly issuedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly originalMinor: bigint;
  readonly openMinor: bigint;
};

/** What one rendition of a message says. */
export type Rendition = {
  readonly messageId: Uuid;
  readonly rendition: number;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly partsHash: string;
  readonly amountMinor: bigint | null;
  readonly items: readonly PinnedItem[];
};

/** Stores renditions and the items they list, set-based; hashes are hexadecimal. */
export async function insertRenditions(tx: Tx, renditions: readonly Rendition[], renderedAt: string): Promise<void> {
  const contents = renditions.map((one) => ({
    message_id: one.messageId,
    rendition: one.rendition,
    subject: one.subject,
    html: one.html,
    text: one.text,
    parts_hash: one.partsHash,
    amount_minor: one.amountMinor === null ? null : String(one.amountMinor),
  }));
  await tx.run(sql`
    insert into correspondence.message_content (tenant_id, message_id, rendition, subject, html, text, parts_hash, amount_minor, rendered_at)
    select ${tx.tenant}, message_id, rendition, subject, html, text, decode(parts_hash, 'hex'), amount_minor, ${renderedAt}
    from json_to_recordset(${JSON.stringify(contents)}::json) as staged (message_id uuid, rendition int, subject text, html text,
      text text, parts_hash text, amount_minor bigint)`);
  const items = renditions.flatMap((one) =>
    one.items.map((item, index) => ({
      message_id: one.messageId,
      rendition: one.rendition,
      item_id: item.itemId,
      line_no: index + 1,
      number: item.number,
      kind: item.kind,
      issued_on: item.issuedOn,
      due_on: item.dueOn,
      original_minor: String(item.originalMinor),
      open_minor: String(item.openMinor),
    })),
  );
  if (items.length === 0) return;
  await tx.run(sql`
    insert into correspondence.message_item (tenant_id, message_id, rendition, item_id, line_no, number, kind, issued_on, due_on,
      original_minor, open_minor)
    select ${tx.tenant}, message_id, rendition, item_id, line_no, number, kind, issued_on, due_on, original_minor, open_minor
    from json_to_recordset(${JSON.stringify(items)}::json) as staged (message_id uuid, rendition int, item_id uuid, line_no int,
      number text, kind text, issued_on date, due_on date, original_minor bigint, open_minor bigint)`);
}

/** What approval pins on the message row. */
export type Pin = {
  readonly messageId: Uuid;
  readonly rendition: number;
  readonly subject: string;
  readonly amountMinor: bigint | null;
  readonly itemCount: number;
  /** Debits that it lists. */
  readonly debitIds: readonly Uuid[];
  readonly templateId: Uuid;
  readonly templateVersionNo: number;
  readonly senderAddress: string;
  readonly senderName: string;
  readonly replyTo: string | null;
};

/** planned → approved for those still planned; returns their ids. */
export async function pinApproved(
  tx: Tx,
  pins: readonly Pin[],
  approvedBy: string,
  approvedAt: string,
): Promise<Uuid[]> {
  const staged = pins.map((pin) => ({
    message_id: pin.messageId,
    rendition: pin.rendition,
    subject: pin.subject,
    amount_minor: pin.amountMinor === null ? null : String(pin.amountMinor),
    item_count: pin.itemCount,
    debit_ids: `{${pin.debitIds.join(",")}}`,
    template_id: pin.templateId,
    template_version_no: pin.templateVersionNo,
    sender_address: pin.senderAddress,
    sender_name: pin.senderName,
    reply_to: pin.replyTo,
  }));
  const rows = await tx.rows<{ message_id: Uuid }>(sql`
    update correspondence.message m
    set state = 'approved', rendition = s.rendition, subject = s.subject, amount_minor = s.amount_minor, item_count = s.item_count,
      debit_ids = s.debit_ids::uuid[], template_id = s.template_id, template_version_no = s.template_version_no, sender_address = s.sender_address,
      sender_name = s.sender_name, reply_to = s.reply_to, approved_by = ${approvedBy}, approved_at = ${approvedAt},
      reason = null, changed_at = ${approvedAt}, version = m.version + 1
    from json_to_recordset(${JSON.stringify(staged)}::json) as s (message_id uuid, rendition int, subject text, amount_minor bigint,
      item_count int, debit_ids text, template_id uuid, template_version_no int, sender_address text, sender_name text, reply_to text)
    where m.tenant_id = ${tx.tenant} and m.message_id = s.message_id and m.state = 'planned'
    returning m.message_id`);
  return rows.map((row) => row.message_id);
}

/** approved → held until `leavesAt`. Returns how many. */
export async function holdApproved(
  tx: Tx,
  messageIds: readonly Uuid[],
  leavesAt: string,
  now: string,
): Promise<number> {
  return tx.run(sql`
    update correspondence.message set state = 'held', leaves_at = ${leavesAt}, changed_at = ${now}, version = version + 1
    where tenant_id = ${tx.tenant} and message_id = any(${[...messageIds]}::uuid[]) and state = 'approved'`);
}

/** The undo of an approval: approved or held → planned, while no byte has left and no worker has it. Returns their ids. */
export async function recall(tx: Tx, messageIds: readonly Uuid[], now: string): Promise<Uuid[]> {
  const rows = await tx.rows<{ message_id: Uuid }>(sql`
    update correspondence.message
    set state = 'planned', leaves_at = null, approved_by = null, approved_at = null, changed_at = ${now}, version = version + 1
    where tenant_id = ${tx.tenant} and message_id = any(${[...messageIds]}::uuid[]) and state in ('approved', 'held') and attempts = 0
    returning message_id`);
  return rows.map((row) => row.message_id);
}

/** Any state before handing over → withdrawn with its reason. Returns their ids; those already leaving stay. */
export async function withdraw(tx: Tx, messageIds: readonly Uuid[], reason: string, now: string): Promise<Uuid[]> {
  const rows = await tx.rows<{ message_id: Uuid }>(sql`
    update correspondence.message
    set state = 'withdrawn', reason = ${reason}, claimed_by = null, lease_until = null, leaves_at = null, changed_at = ${now}, version = version + 1
    where tenant_id = ${tx.tenant} and message_id = any(${[...messageIds]}::uuid[])
      and state = any(${[...WITHDRAWABLE]}::text[])
    returning message_id`);
  return rows.map((row) => row.message_id);
}

/** Ends the undo window: held messages of a run may leave now. */
export async function releaseHeld(tx: Tx, runId: Uuid, now: string): Promise<number> {
  return tx.run(sql`
    update correspondence.message set leaves_at = ${now}, changed_at = ${now}, version = version + 1
    where tenant_id = ${tx.tenant} and run_id = ${runId} and state = 'held' and attempts = 0 and leaves_at > ${now}`);
}
