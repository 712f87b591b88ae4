import { empty, sql, type Tx } from "../database/index.ts";

export type EndpointRow = {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly kinds: string[];
  /** Sealed. */
  readonly secret: string;
  readonly previousSecret: string | null;
  readonly isActive: boolean;
  readonly disabledReason: string | null;
  readonly failingSince: string | null;
  readonly afterBlock: bigint;
  readonly version: number;
};

/** The secret before the last change is sent along for a day. */
const ENDPOINT = sql`endpoint_id as id, name, url, kinds, secret, case when previous_until > now() then previous_secret end as "previousSecret",
  is_active as "isActive", disabled_reason as "disabledReason", failing_since as "failingSince", after_block as "afterBlock", version`;

export const listEndpoints = (tx: Tx, onlyActive = false) =>
  tx.rows<EndpointRow>(sql`
    select ${ENDPOINT} from platform.webhook_endpoint
    where tenant_id = ${tx.tenant} and removed_at is null ${onlyActive ? sql`and is_active` : empty}
    order by name, endpoint_id
    limit 100`);

export const findEndpoint = (tx: Tx, id: string, lock = false) =>
  tx.maybeOne<EndpointRow>(sql`
    select ${ENDPOINT} from platform.webhook_endpoint
    where tenant_id = ${tx.tenant} and endpoint_id = ${id} and removed_at is null ${lock ? sql`for update` : empty}`);

/** A new endpoint is told what happens from now on. */
export const insertEndpoint = (
  tx: Tx,
  row: Pick<EndpointRow, "id" | "name" | "url" | "kinds" | "secret"> & { createdBy: string },
) =>
  tx.run(sql`
    insert into platform.webhook_endpoint (tenant_id, endpoint_id, name, url, kinds, secret, created_by, after_block)
    select ${tx.tenant}, ${row.id}, ${row.name}, ${row.url}, ${row.kinds}::text[], ${row.secret}, ${row.createdBy},
           coalesce((select max(block_no) from platform.journal_block where tenant_id = ${tx.tenant}), 0)`);

/** Made active again, it starts from now: what it missed is there to be replayed. */
export const updateEndpoint = (
  tx: Tx,
  id: string,
  row: Pick<EndpointRow, "name" | "url" | "kinds" | "isActive">,
  isRestarted: boolean,
) =>
  tx.run(sql`
    update platform.webhook_endpoint
    set name = ${row.name}, url = ${row.url}, kinds = ${row.kinds}::text[], is_active = ${row.isActive}, version = version + 1
      ${
        isRestarted
          ? sql`, disabled_reason = null, failing_since = null,
              after_block = coalesce((select max(block_no) from platform.journal_block where tenant_id = ${tx.tenant}), 0)`
          : empty
      }
    where tenant_id = ${tx.tenant} and endpoint_id = ${id}`);

export const removeEndpoint = (tx: Tx, id: string) =>
  tx.run(sql`
    update platform.webhook_endpoint set removed_at = now(), is_active = false, version = version + 1
    where tenant_id = ${tx.tenant} and endpoint_id = ${id} and removed_at is null`);

export const rotateSecret = (tx: Tx, id: string, secret: string) =>
  tx.run(sql`
    update platform.webhook_endpoint
    set previous_secret = secret, previous_until = now() + interval '1 day', secret = ${secret}, version = version + 1
    where tenant_id = ${tx.tenant} and endpoint_id = ${id}`);

export const disableEndpoint = (tx: Tx, id: string, reason: string) =>
  tx.run(sql`
    update platform.webhook_endpoint set is_active = false, disabled_reason = ${reason}, version = version + 1
    where tenant_id = ${tx.tenant} and endpoint_id = ${id} and is_active`);

type NewEvent = { readonly eventId: string; readonly kind: string };

/** Events sealed after a block, at most 20 blocks at a time, and the last block looked at. */
export async function sealedAfter(tx: Tx, afterBlock: bigint): Promise<{ events: NewEvent[]; lastBlock: bigint }> {
  const blocks = await tx.rows<{ no: bigint; ids: string[] }>(sql`
    select block_no as no, event_ids as ids
    from platform.journal_block
    where tenant_id = ${tx.tenant} and block_no > ${afterBlock}
    order by block_no
    limit 20`);
  const ids = blocks.flatMap((block) => block.ids);
  const events =
    ids.length === 0
      ? []
      : await tx.rows<NewEvent>(sql`
          select event_id as "eventId", kind from platform.event
          where tenant_id = ${tx.tenant} and event_id = any(${ids}::uuid[])
          order by event_id`);
  return { events, lastBlock: blocks.at(-1)?.no ?? afterBlock };
}

export const setAfterBlock = (tx: Tx, id: string, block: bigint) =>
  tx.run(sql`
    update platform.webhook_endpoint set after_block = ${block} where tenant_id = ${tx.tenant} and endpoint_id = ${id}`);

export const insertDeliveries = (
  tx: Tx,
  endpointId: string,
  deliveries: readonly { id: string; eventId: string; kind: string }[],
  dueAt: string,
) =>
  tx.run(sql`
    insert into platform.webhook_delivery (tenant_id, delivery_id, endpoint_id, event_id, kind, next_attempt_at)
    select ${tx.tenant}, w.delivery_id, ${endpointId}, w.event_id, w.kind, ${dueAt}
    from unnest(${deliveries.map((one) => one.id)}::uuid[], ${deliveries.map((one) => one.eventId)}::uuid[],
      ${deliveries.map((one) => one.kind)}::text[]) as w (delivery_id, event_id, kind)
    on conflict (tenant_id, endpoint_id, event_id) do nothing`);

export type ClaimedDelivery = {
  readonly id: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly attempts: number;
  readonly url: string;
  readonly secret: string;
  readonly previousSecret: string | null;
  readonly event: {
    kind: string;
    version: number;
    subjectType: string;
    subjectId: string;
    occurredAt: string;
    payload: unknown;
  };
};

/** Takes due deliveries for a while: a sender that dies gives them back when the while is over. */
export async function claimDeliveries(
  tx: Tx,
  now: string,
  heldUntil: string,
  most: number,
): Promise<ClaimedDelivery[]> {
  const taken = await tx.rows<{ id: string }>(sql`
    update platform.webhook_delivery d
    set next_attempt_at = ${heldUntil}, attempts = d.attempts + 1
    from (
      select q.delivery_id
      from platform.webhook_delivery q
      join platform.webhook_endpoint p on p.tenant_id = q.tenant_id and p.endpoint_id = q.endpoint_id and p.is_active
      where q.tenant_id = ${tx.tenant} and q.state = 'waiting' and q.next_attempt_at <= ${now}
      order by q.next_attempt_at, q.delivery_id
      limit ${most}
      for update of q skip locked
    ) due
    where d.tenant_id = ${tx.tenant} and d.delivery_id = due.delivery_id
    returning d.delivery_id as id`);
  if (taken.length === 0) return [];
  type Row = Omit<ClaimedDelivery, "event"> & ClaimedDelivery["event"];
  const rows = await tx.rows<Row>(sql`
    select d.delivery_id as id, d.endpoint_id as "endpointId", d.event_id as "eventId", d.attempts, p.url, p.secret,
           case when p.previous_until > now() then p.previous_secret end as "previousSecret", e.kind, e.kind_version as version,
           e.subject_type as "subjectType", e.subject_id as "subjectId", e.occurred_at as "occurredAt", e.payload
    from platform.webhook_delivery d
    join platform.webhook_endpoint p on p.tenant_id = d.tenant_id and p.endpoint_id = d.endpoint_id
    join platform.event e on e.tenant_id = d.tenant_id and e.event_id = d.event_id
    where d.tenant_id = ${tx.tenant} and d.delivery_id = any(${taken.map((one) => one.id)}::uuid[])`);
  return rows.map(({ kind, version, subjectType, subjectId, occurredAt, payload, ...row }) => ({
    ...row,
    event: { kind, version, subjectType, subjectId, occurredAt, payload },
  }));
}

export type Outcome = {
  readonly delivery: Pick<ClaimedDelivery, "id" | "endpointId" | "attempts">;
  readonly at: string;
  readonly status: number | null;
  readonly error: string | null;
  readonly answer: string | null;
  readonly durationMs: number;
  readonly isDelivered: boolean;
  /** Null: given up. */
  readonly nextAttemptAt: string | null;
};

export async function keepOutcome(tx: Tx, one: Outcome): Promise<void> {
  const { delivery } = one;
  await tx.run(sql`
    insert into platform.webhook_attempt (tenant_id, delivery_id, attempt_no, attempted_at, status, error, duration_ms, answer)
    values (${tx.tenant}, ${delivery.id}, ${delivery.attempts}, ${one.at}, ${one.status}, ${one.error}, ${one.durationMs}, ${one.answer})
    on conflict do nothing`);
  const state = one.isDelivered ? "delivered" : one.nextAttemptAt === null ? "failed" : "waiting";
  await tx.run(sql`
    update platform.webhook_delivery
    set state = ${state}, last_status = ${one.status}, last_error = ${one.error}, delivered_at = ${one.isDelivered ? one.at : null},
      next_attempt_at = coalesce(${one.nextAttemptAt}::timestamptz, next_attempt_at)
    where tenant_id = ${tx.tenant} and delivery_id = ${delivery.id}`);
  await tx.run(sql`
    update platform.webhook_endpoint
    set failing_since = ${one.isDelivered ? sql`null` : sql`coalesce(failing_since, ${one.at}::timestamptz)`}
    where tenant_id = ${tx.tenant} and endpoint_id = ${delivery.endpointId}`);
}

export type DeliveryRow = {
  readonly id: string;
  readonly eventId: string;
  readonly kind: string;
  readonly state: "waiting" | "delivered" | "failed";
  readonly attempts: number;
  readonly nextAttemptAt: string;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly deliveredAt: string | null;
  readonly createdAt: string;
};

const DELIVERY = sql`delivery_id as id, event_id as "eventId", kind, state, attempts, next_attempt_at as "nextAttemptAt",
  last_status as "lastStatus", last_error as "lastError", delivered_at as "deliveredAt", created_at as "createdAt"`;

export const listDeliveries = (
  tx: Tx,
  endpointId: string,
  page: { state?: string | undefined; limit: number; before?: string | undefined },
) =>
  tx.rows<DeliveryRow>(sql`
    select ${DELIVERY} from platform.webhook_delivery
    where tenant_id = ${tx.tenant} and endpoint_id = ${endpointId} ${page.state ? sql`and state = ${page.state}` : empty}
      ${page.before ? sql`and delivery_id < ${page.before}::uuid` : empty}
    order by delivery_id desc
    limit ${page.limit}`);

export type AttemptRow = {
  readonly no: number;
  readonly at: string;
  readonly status: number | null;
  readonly error: string | null;
  readonly durationMs: number;
  readonly answer: string | null;
};

export const findDelivery = (tx: Tx, id: string) =>
  tx.maybeOne<DeliveryRow & { endpointId: string }>(sql`
    select ${DELIVERY}, endpoint_id as "endpointId" from platform.webhook_delivery
    where tenant_id = ${tx.tenant} and delivery_id = ${id}`);

export const attemptsOf = (tx: Tx, deliveryId: string) =>
  tx.rows<AttemptRow>(sql`
    select attempt_no as no, attempted_at as at, status, error, duration_ms as "durationMs", answer
    from platform.webhook_attempt
    where tenant_id = ${tx.tenant} and delivery_id = ${deliveryId}
    order by attempt_no desc
    limit 50`);

/** Sends deliveries again, at once; what a replay of them all takes is those that were given up. Returns how many. */
export const replay = (tx: Tx, which: { deliveryId: string } | { endpointId: string }, now: string) =>
  tx.run(sql`
    update platform.webhook_delivery
    set state = 'waiting', next_attempt_at = ${now}
    where tenant_id = ${tx.tenant}
      and ${"deliveryId" in which ? sql`delivery_id = ${which.deliveryId}` : sql`endpoint_id = ${which.endpointId} and state = 'failed'`}`);
