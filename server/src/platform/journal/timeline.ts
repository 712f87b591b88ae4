import { sql, type Tx } from "../database/index.ts";
import type { JsonObject } from "./digest.ts";

/** One event as the timeline shows it; personal data is opened by the caller who may see it. */
export type TimelineEvent = {
  readonly id: string;
  readonly kind: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly actorKind: string;
  readonly actorId: string;
  readonly occurredAt: string;
  readonly payload: JsonObject;
  readonly personId: string | null;
  readonly sealed: Buffer | null;
};

/** Events of a subject, newest first, `before` an event id for the next page. */
export function timelineOf(
  tx: Tx,
  subject: { type: string; id: string },
  page: { limit: number; before?: string | undefined },
): Promise<TimelineEvent[]> {
  const before = page.before ?? "ffffffff-ffff-ffff-ffff-ffffffffffff";
  return tx.rows<TimelineEvent>(sql`
    with chosen as (
      (select event_id from platform.event
       where tenant_id = ${tx.tenant} and subject_type = ${subject.type} and subject_id = ${subject.id} and event_id < ${before}::uuid
       order by event_id desc limit ${page.limit})
      union
      (select event_id from platform.event_subject
       where tenant_id = ${tx.tenant} and subject_type = ${subject.type} and subject_id = ${subject.id} and event_id < ${before}::uuid
       order by event_id desc limit ${page.limit})
    )
    select e.event_id as id, e.kind, e.subject_type as "subjectType", e.subject_id as "subjectId",
      e.actor_kind as "actorKind", e.actor_id as "actorId", e.occurred_at as "occurredAt", e.payload,
      e.person_id as "personId", e.sealed
    from chosen c
    join platform.event e on e.tenant_id = ${tx.tenant} and e.event_id = c.event_id
    order by e.event_id desc
    limit ${page.limit}`);
}
