import type { TimelineEntry } from "#contracts/parties.ts";
import { userNames } from "#modules/access/index.ts";
import type { Actor } from "#platform/actor.ts";
import { type TimelinePage, timelineOf } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { notesSaying, textsOfNotes } from "../store/contact-store.ts";
import { sameCustomers } from "../store/same-customer.ts";

/** A page of a subject's history with the names of those who acted and, for those who may see contacts, opened personal data. */
export async function readTimeline(
  services: Services,
  actor: Actor,
  subject: { type: string; id: string; groupIds?: readonly string[] | undefined },
  page: TimelinePage,
): Promise<TimelineEntry[]> {
  const names = await services.db.global((tx) => userNames(tx, actor.tenant));
  const maySeePeople = actor.permissions.has("contacts.read");
  return services.db.transaction(actor.tenant, async (tx) => {
    const customers = subject.groupIds ?? [subject.id];
    const ids = subject.type === "customer" ? await sameCustomers(tx, customers) : [subject.id];
    const events = await timelineOf(
      tx,
      { type: subject.type, ids },
      { ...page, also: page.text === undefined ? undefined : notesSaying(tx, page.text) },
    );
    const notes = await textsOfNotes(
      tx,
      events.flatMap(({ payload: { noteId } }) => (typeof noteId === "string" ? [noteId] : [])),
    );
    const people = events.flatMap(({ personId, sealed }) => (maySeePeople && personId && sealed ? [personId] : []));
    const open = await services.vault.openerFor(tx, people);
    return events.map(({ sealed, personId, actorId, ...event }) => ({
      ...event,
      actorName: names.get(actorId) ?? actorId,
      note: notes.get(String(event.payload["noteId"] ?? "")) ?? null,
      personal: (maySeePeople && sealed && personId && open(personId, sealed)) || null,
    }));
  });
}
