import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import type { JsonObject } from "#platform/journal/index.ts";
import type { Language } from "../core/merge-fields.ts";

/** A message as a worker holds it, with the parts that were pinned. */
export type ClaimedMessage = {
  readonly messageId: Uuid;
  readonly kind: "dunning" | "manual";
  readonly sandbox: boolean;
  readonly mode: "auto" | "confirm" | "manual";
  readonly groupKey: string | null;
  readonly track: string | null;
  readonly stepKey: string | null;
  readonly level: number | null;
  readonly companyId: Uuid | null;
  readonly customerId: Uuid | null;
  readonly contactId: Uuid | null;
  readonly runId: Uuid | null;
  readonly language: Language;
  readonly templateId: Uuid | null;
  readonly templateVersionNo: number | null;
  readonly recipientAddress: string;
  readonly recipientName: string;
  readonly senderAddress: string;
  readonly senderName: string;
  readonly replyTo: string | null;
  readonly currency: string | null;
  readonly amountMinor: bigint | null;
  readonly businessDate: CalendarDate;
  readonly attempts: number;
  readonly rendition: number;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly partsHash: string;
};

/**
 * Claims up to `limit` messages whose time has come, oldest first. Only sandbox messages while the channel is not armed. Materialised: as a plain
 * sub-select the locking query may be run again for each row it is joined to, past its limit.
 */
export async function claimReady(
  tx: Tx,
  claim: {
    worker: string;
    leaseSeconds: number;
    limit: number;
    armed: boolean;
    now: string;
    busyDomains: readonly string[];
  },
): Promise<{ messageId: Uuid; domain: string; sandbox: boolean }[]> {
  const rows = await tx.rows<{ message_id: Uuid; recipient_domain: string; sandbox: boolean }>(sql`
    with ready as materialized (
      select message_id
      from correspondence.message
      where tenant_id = ${tx.tenant} and state = 'held' and leaves_at <= ${claim.now} and (sandbox or ${claim.armed})
        and (sandbox or recipient_domain <> all(${[...claim.busyDomains]}::text[]))
      order by leaves_at, message_id
      limit ${claim.limit}
      for update skip locked
    )
    update correspondence.message m
    set state = 'claimed', claimed_by = ${claim.worker}, lease_until = now() + make_interval(secs => ${claim.leaseSeconds}), changed_at = now()
    from ready
    where m.tenant_id = ${tx.tenant} and m.message_id = ready.message_id
    returning m.message_id, m.recipient_domain, m.sandbox`);
  return rows.map((row) => ({ messageId: row.message_id, domain: row.recipient_domain, sandbox: row.sandbox }));
}

/** Locks a message that this worker still holds, with its pinned parts; undefined when it was taken over, recalled or disarmed meanwhile. */
export async function lockClaimed(tx: Tx, messageId: Uuid, worker: string): Promise<ClaimedMessage | undefined> {
  return tx.maybeOne<ClaimedMessage>(sql`
    select m.message_id as "messageId", m.kind, m.sandbox, m.mode, m.group_key as "groupKey", m.track, m.step_key as "stepKey", m.level,
      m.company_id as "companyId", m.customer_id as "customerId", m.contact_id as "contactId", m.run_id as "runId", m.language,
      m.template_id as "templateId", m.template_version_no as "templateVersionNo", m.recipient_address as "recipientAddress",
      m.recipient_name as "recipientName", m.sender_address as "senderAddress", m.sender_name as "senderName", m.reply_to as "replyTo",
      m.currency, m.amount_minor as "amountMinor", m.business_date as "businessDate", m.attempts, m.rendition,
      c.subject, c.html, c.text, encode(c.parts_hash, 'hex') as "partsHash"
    from correspondence.message m
    join correspondence.message_content c on c.tenant_id = m.tenant_id and c.message_id = m.message_id and c.rendition = m.rendition
    where m.tenant_id = ${tx.tenant} and m.message_id = ${messageId} and m.state = 'claimed' and m.claimed_by = ${worker}
      and m.lease_until > now()
      and (m.sandbox or exists (
        select 1 from correspondence.channel k where k.tenant_id = ${tx.tenant} and k.channel = m.channel and k.armed_at is not null))
    for update of m`);
}

/** claimed → handing_over with the proof and the bytes, to be committed before the first byte leaves. Returns the attempt's number. */
export async function startHandOver(
  tx: Tx,
  start: {
    message: ClaimedMessage;
    worker: string;
    rendition: number;
    /** Of a new rendition; absent: as pinned. */
    debitIds: readonly Uuid[] | undefined;
    facts: JsonObject;
    sentHash: string;
    raw: string;
    rawHash: string;
    leaseSeconds: number;
  },
): Promise<number> {
  const { message } = start;
  const attemptNo = message.attempts + 1;
  await tx.run(sql`
    with moved as (
      update correspondence.message
      set state = 'handing_over', attempts = ${attemptNo}, handing_over_at = now(), rendition = ${start.rendition},
        debit_ids = coalesce(${start.debitIds ? [...start.debitIds] : null}::uuid[], debit_ids),
        lease_until = now() + make_interval(secs => ${start.leaseSeconds}), changed_at = now(), version = version + 1
      where tenant_id = ${tx.tenant} and message_id = ${message.messageId}
    ), archived as (
      insert into correspondence.archived_message (tenant_id, message_id, raw, sha256, archived_at)
      values (${tx.tenant}, ${message.messageId}, ${Buffer.from(start.raw, "latin1")}, decode(${start.rawHash}, 'hex'), now())
      on conflict do nothing
    )
    insert into correspondence.hand_over (tenant_id, message_id, attempt_no, worker, started_at, facts, pinned_hash, sent_hash)
    values (${tx.tenant}, ${message.messageId}, ${attemptNo}, ${start.worker}, now(), ${JSON.stringify(start.facts)}::jsonb,
      decode(${message.partsHash}, 'hex'), decode(${start.sentHash}, 'hex'))`);
  return attemptNo;
}

export type HandOverEnd = {
  readonly messageId: Uuid;
  readonly worker: string;
  readonly attemptNo: number;
  readonly state: "accepted" | "refused" | "held" | "in_doubt";
  readonly reason: string | null;
  /** Business day of the hand-over in the tenant's zone. */
  readonly sentOn: CalendarDate;
  readonly leavesAt: string | null;
  readonly stage: string;
  readonly replyCode: number;
  readonly reply: string;
};

/**
 * Writes what came of a hand-over. A worker whose lease ran out may find its message in doubt: its knowledge settles that, unless a person
 * or a second attempt did already. False when nothing was to be written.
 */
export async function endHandOver(tx: Tx, end: HandOverEnd): Promise<boolean> {
  const moved = await tx.run(sql`
    with ended as (
      update correspondence.hand_over
      set ended_at = now(), outcome = ${end.state}, stage = ${end.stage}, reply_code = ${end.replyCode}, reply = ${end.reply}
      where tenant_id = ${tx.tenant} and message_id = ${end.messageId} and attempt_no = ${end.attemptNo}
    )
    update correspondence.message
    set state = ${end.state}, reason = ${end.reason}, leaves_at = ${end.leavesAt},
      accepted_at = case when ${end.state} = 'accepted' then now() end,
      sent_on = case when ${end.state} in ('accepted', 'in_doubt') then ${end.sentOn}::date end,
      claimed_by = null, lease_until = null, changed_at = now(), version = version + 1
    where tenant_id = ${tx.tenant} and message_id = ${end.messageId} and attempts = ${end.attemptNo}
      and (state = 'handing_over' or (state = 'in_doubt' and ${end.state} <> 'in_doubt')) and coalesce(claimed_by, ${end.worker}) = ${end.worker}`);
  return moved > 0;
}

/** Keeps the messages a worker has in hand its own; whatever else stands under its name runs out and is taken over. */
export async function extendLeases(
  tx: Tx,
  worker: string,
  messageIds: readonly Uuid[],
  leaseSeconds: number,
): Promise<void> {
  await tx.run(sql`
    update correspondence.message set lease_until = now() + make_interval(secs => ${leaseSeconds})
    where tenant_id = ${tx.tenant} and message_id = any(${[...messageIds]}::uuid[])
      and state in ('claimed', 'handing_over') and claimed_by = ${worker}`);
}

/** Claims of workers that are gone: claimed → held again, handing over → in doubt. Returns those that are now in doubt. */
export async function reapExpired(
  tx: Tx,
  today: CalendarDate,
): Promise<{ messageId: Uuid; customerId: Uuid | null }[]> {
  const rows = await tx.rows<{ messageId: Uuid; customerId: Uuid | null; state: string }>(sql`
    update correspondence.message
    set state = case state when 'claimed' then 'held' else 'in_doubt' end,
      reason = case state when 'handing_over' then 'worker_lost' else reason end,
      sent_on = case state when 'handing_over' then ${today}::date else sent_on end,
      claimed_by = null, lease_until = null, changed_at = now(), version = version + 1
    where tenant_id = ${tx.tenant} and state in ('claimed', 'handing_over') and lease_until < now()
    returning message_id as "messageId", customer_id as "customerId", state`);
  return rows.filter((row) => row.state === "in_doubt");
}

/** claimed → another state before any byte left: back to the queue, back to review, or withdrawn. */
export async function releaseClaim(
  tx: Tx,
  messageId: Uuid,
  worker: string,
  to: { state: "held" | "planned" | "withdrawn"; reason: string | null; leavesAt: string | null },
): Promise<boolean> {
  const moved = await tx.run(sql`
    update correspondence.message
    set state = ${to.state}, reason = ${to.reason}, leaves_at = ${to.leavesAt}, claimed_by = null, lease_until = null,
      changed_at = now(), version = version + 1
    where tenant_id = ${tx.tenant} and message_id = ${messageId} and state = 'claimed' and claimed_by = ${worker}`);
  return moved > 0;
}

/** All claims of a worker that stops in good order go back to the queue. */
export async function releaseAll(tx: Tx, worker: string): Promise<void> {
  await tx.run(sql`
    update correspondence.message set state = 'held', claimed_by = null, lease_until = null, changed_at = now()
    where tenant_id = ${tx.tenant} and state = 'claimed' and claimed_by = ${worker}`);
}
