import { newId } from "#kernel/ids.ts";
import type { Actor } from "../actor.ts";
import { sql, type Tx } from "../database/index.ts";
import { eventDigest, type JsonObject } from "./digest.ts";
import type { PersonalVault } from "./personal.ts";

export type { JsonObject, JsonValue } from "./digest.ts";
export { type PersonalVault, personalVault } from "./personal.ts";
export { sealPending } from "./sealer.ts";
export { type TimelinePage, timelineOf } from "./timeline.ts";
export { verifyJournal } from "./verify.ts";

export type Subject = { readonly type: string; readonly id: string };

export type NewEvent = {
  /** Dotted name `<room>.<thing>.<what happened>`; the shape of its payload never changes under one version. */
  readonly kind: string;
  readonly version: number;
  readonly subject: Subject;
  /** Further subjects in whose timeline the event stands. */
  readonly about?: readonly Subject[];
  /** Ids and business values only; what identifies a natural person goes to `personal`. */
  readonly payload: JsonObject;
  readonly personal?: { readonly personId: string; readonly data: JsonObject; readonly vault: PersonalVault };
};

type ActorOfEvent = Pick<Actor, "kind" | "id">;

/** Writes one event in the caller's transaction, to be sealed within a minute. Returns its id. */
export async function record(tx: Tx, actor: ActorOfEvent, event: NewEvent): Promise<string> {
  const [id] = await recordAll(tx, actor, [event]);
  return id ?? "";
}

/** Writes many events with three statements; for set-based work where each change keeps an event of its own. */
export async function recordAll(tx: Tx, actor: ActorOfEvent, events: readonly NewEvent[]): Promise<string[]> {
  if (events.length === 0) return [];
  const occurredAt = new Date().toISOString();
  const rows = [];
  const about = [];
  for (const event of events) {
    const id = newId();
    const personal = event.personal;
    const sealed = personal ? await personal.vault.seal(tx, personal.personId, personal.data) : null;
    const personId = personal?.personId ?? null;
    const digest = eventDigest({
      id,
      kind: event.kind,
      version: event.version,
      subjectType: event.subject.type,
      subjectId: event.subject.id,
      actorKind: actor.kind,
      actorId: actor.id,
      occurredAt,
      payload: event.payload,
      personId,
      sealed,
    });
    rows.push({ id, event, sealed: sealed?.toString("hex") ?? null, personId, digest: digest.toString("hex") });
    for (const subject of event.about ?? []) about.push({ id, subject });
  }
  const staged = JSON.stringify(
    rows.map(({ id, event, sealed, personId, digest }) => ({
      id,
      kind: event.kind,
      version: event.version,
      subject_type: event.subject.type,
      subject_id: event.subject.id,
      payload: event.payload,
      person_id: personId,
      sealed,
      digest,
    })),
  );
  await tx.run(sql`
    insert into platform.event (tenant_id, event_id, kind, kind_version, subject_type, subject_id, actor_kind, actor_id,
      occurred_at, payload, person_id, sealed, digest)
    select ${tx.tenant}, id, kind, version, subject_type, subject_id, ${actor.kind}, ${actor.id}, ${occurredAt}, payload,
      person_id, decode(sealed, 'hex'), decode(digest, 'hex')
    from json_to_recordset(${staged}::json) as staged (id uuid, kind text, version int, subject_type text, subject_id text,
      payload jsonb, person_id uuid, sealed text, digest text)`);
  await tx.run(sql`
    insert into platform.journal_pending (tenant_id, event_id)
    select ${tx.tenant}, id from unnest(${rows.map((row) => row.id)}::uuid[]) as id`);
  if (about.length > 0) {
    await tx.run(sql`
      insert into platform.event_subject (tenant_id, subject_type, subject_id, event_id)
      select ${tx.tenant}, subject_type, subject_id, event_id
      from unnest(${about.map((one) => one.subject.type)}::text[], ${about.map((one) => one.subject.id)}::text[],
        ${about.map((one) => one.id)}::uuid[]) as link (subject_type, subject_id, event_id)
      on conflict do nothing`);
  }
  return rows.map((row) => row.id);
}
