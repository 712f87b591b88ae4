import { empty, type Sql, sql, type Tx } from "../database/index.ts";
import type { JsonObject } from "./digest.ts";

/** One event as the timeline shows it; personal data is opened by the caller who may see it. */
export type TimelineEvent = {
  readonly id: string;
  readonly kind: string;
  readonly subjectType: string;
  readonly subjectId: string;
  /** Which of the ids asked for it is about. */
  readonly aboutId: string;
  readonly actorKind: string;
  readonly actorId: string;
  readonly occurredAt: string;
  readonly payload: JsonObject;
  readonly personId: string | null;
  readonly sealed: Buffer | null;
};

export type TimelinePage = {
  readonly limit: number;
  /** An event id: older ones follow. */
  readonly before?: string | undefined;
  /** First part of the kinds wanted: the rooms whose events they are. */
  readonly rooms?: readonly string[] | undefined;
  /** Words that the event's values hold, whatever their case. */
  readonly text?: string | undefined;
  /** A condition on the event `e` that serves instead of the words: what a room keeps outside the journal. */
  readonly also?: Sql | undefined;
};

/** Events of a subject under all its ids (those merged into it), newest first. */
export function timelineOf(
  tx: Tx,
  subject: { type: string; ids: readonly string[] },
  page: TimelinePage,
): Promise<TimelineEvent[]> {
  const before = page.before ?? "ffffffff-ffff-ffff-ffff-ffffffffffff";
  const ids = sql`= any(${[...subject.ids]}::text[])`;
  const isFiltered = page.rooms !== undefined || page.text !== undefined;
  // With a filter the newest events may all be of another kind: then every event of the subject is looked at.
  const most = isFiltered ? empty : sql`order by event_id desc limit ${page.limit}`;
  // an event may be about several of them: it is one all the same
  const once = subject.ids.length > 1 ? sql`group by event_id` : empty;
  const about = subject.ids.length > 1 ? sql`min(subject_id) as about_id` : sql`subject_id as about_id`;
  const wanted = sql`${page.rooms ? sql`and split_part(e.kind, '.', 1) = any(${[...page.rooms]}::text[])` : empty}
    ${page.text ? sql`and (position(lower(${page.text}) in lower(e.payload::text)) > 0 ${page.also ? sql`or ${page.also}` : empty})` : empty}`;
  return tx.rows<TimelineEvent>(sql`
    with chosen as (
      (select event_id, subject_id as about_id from platform.event
       where tenant_id = ${tx.tenant} and subject_type = ${subject.type} and subject_id ${ids} and event_id < ${before}::uuid
       ${most})
      union all
      (select event_id, ${about} from platform.event_subject
       where tenant_id = ${tx.tenant} and subject_type = ${subject.type} and subject_id ${ids} and event_id < ${before}::uuid
       ${once} ${most})
    )
    select e.event_id as id, e.kind, e.subject_type as "subjectType", e.subject_id as "subjectId", c.about_id as "aboutId",
      e.actor_kind as "actorKind", e.actor_id as "actorId", e.occurred_at as "occurredAt", e.payload,
      e.person_id as "personId", e.sealed
    from (select event_id, min(about_id) as about_id from chosen group by event_id) c
    join platform.event e on e.tenant_id = ${tx.tenant} and e.event_id = c.event_id
    where true ${wanted}
    order by e.event_id desc
    limit ${page.limit}`);
}
