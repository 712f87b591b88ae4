import type { TimelineEntry } from "#contracts/parties.ts";
import { userNames } from "#modules/access/index.ts";
import type { Actor } from "#platform/actor.ts";
import { timelineOf } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";

/** A page of a subject's history with the names of those who acted and, for those who may see contacts, opened personal data. */
export async function readTimeline(
  services: Services,
  actor: Actor,
  subject: { type: string; id: string },
  page: { limit: number; before?: string | undefined },
): Promise<TimelineEntry[]> {
  const names = await services.db.global((tx) => userNames(tx, actor.tenant));
  const maySeePeople = actor.permissions.has("contacts.read");
  return services.db.transaction(actor.tenant, async (tx) => {
    const events = await timelineOf(tx, subject, page);
    const entries: TimelineEntry[] = [];
    for (const { sealed, personId, actorId, ...event } of events) {
      const personal = maySeePeople && sealed && personId ? await services.vault.open(tx, personId, sealed) : undefined;
      entries.push({ ...event, actorName: names.get(actorId) ?? actorId, personal: personal ?? null });
    }
    return entries;
  });
}
