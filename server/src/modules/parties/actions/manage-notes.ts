import { newId } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import * as store from "../store/contact-store.ts";
import { findCustomer } from "../store/customer-store.ts";

type NoteRefusal = "not_found" | "version_required" | "stale_version";

/** Tells whether an item exists; plugged by app/, since items belong to a later room. */
export type ItemExists = (services: Services, actor: Actor, itemId: string) => Promise<boolean>;

export function noteActions(itemExists: ItemExists) {
  return {
    add: async (
      services: Services,
      actor: Actor,
      note: { subjectType: "customer" | "item"; subjectId: string; text: string; isPinned: boolean },
    ): Promise<Result<store.NoteRow, NoteRefusal>> => {
      if (note.subjectType === "item" && !(await itemExists(services, actor, note.subjectId)))
        return refuse("not_found");
      const writtenAt = services.clock.now().toISOString();
      return services.db.transaction(actor.tenant, async (tx) => {
        if (note.subjectType === "customer" && !(await findCustomer(tx, note.subjectId))) return refuse("not_found");
        const row = { id: newId(), ...note, authorId: actor.id, writtenAt };
        await store.insertNote(tx, row);
        await record(tx, actor, {
          kind: "parties.note.written",
          version: 1,
          subject: { type: note.subjectType, id: note.subjectId },
          payload: { noteId: row.id, isPinned: note.isPinned },
        });
        return done({ ...row, version: 1 });
      });
    },
    change: async (
      services: Services,
      actor: Actor,
      id: string,
      change: { text: string; isPinned: boolean },
      version: number | undefined,
    ): Promise<Result<store.NoteRow, NoteRefusal>> =>
      services.db.transaction(actor.tenant, async (tx) => {
        const before = await store.lockNote(tx, id);
        if (!before) return refuse("not_found");
        if (version === undefined) return refuse("version_required");
        if (version !== before.version) return refuse("stale_version");
        await store.updateNote(tx, id, change);
        await record(tx, actor, {
          kind: "parties.note.changed",
          version: 1,
          subject: { type: before.subjectType, id: before.subjectId },
          payload: { noteId: id, isPinned: change.isPinned },
        });
        return done({ ...before, ...change, version: version + 1 });
      }),
    /** Hides a note or brings it back: removal is undone, never final. */
    setRemoved: async (
      services: Services,
      actor: Actor,
      id: string,
      removed: boolean,
    ): Promise<Result<Record<string, never>, NoteRefusal>> =>
      services.db.transaction(actor.tenant, async (tx) => {
        const before = await store.lockNote(tx, id);
        if (!before) return refuse("not_found");
        await store.updateNote(tx, id, { removed });
        await record(tx, actor, {
          kind: removed ? "parties.note.removed" : "parties.note.brought_back",
          version: 1,
          subject: { type: before.subjectType, id: before.subjectId },
          payload: { noteId: id },
        });
        return done({});
      }),
  };
}
