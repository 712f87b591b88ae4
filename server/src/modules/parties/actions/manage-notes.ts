import { mentionedIn } from "#contracts/mentions.ts";
import { newId } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { colleagues } from "#modules/access/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import * as store from "../store/contact-store.ts";
import { findCustomer } from "../store/customer-store.ts";

type NoteRefusal = "not_found" | "version_required" | "stale_version" | "mention_unknown";

/** Tells whether an item exists; plugged by app/, since items belong to a later room. */
export type ItemExists = (services: Services, actor: Actor, itemId: string) => Promise<boolean>;

type NoteSubjectRef = { readonly subjectType: "customer" | "item"; readonly subjectId: string };

/** Tells users that a note mentions them, or that it no longer does; plugged by app/, since tasks belong to a later room. */
export type TellMentioned = (
  tx: Tx,
  actor: Actor,
  note: NoteSubjectRef & { readonly id: string; readonly text: string },
  change: { readonly added: readonly string[]; readonly removed: readonly string[] },
) => Promise<void>;

const areHere = async (tx: Tx, userIds: readonly string[]): Promise<boolean> => {
  if (userIds.length === 0) return true;
  const active = new Set((await colleagues(tx, tx.tenant)).flatMap((one) => (one.isActive ? [one.id] : [])));
  return userIds.every((id) => active.has(id));
};

export function noteActions(itemExists: ItemExists, tell: TellMentioned) {
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
        const mentioned = mentionedIn(note.text);
        if (!(await areHere(tx, mentioned))) return refuse("mention_unknown");
        const row = { id: newId(), ...note, authorId: actor.id, writtenAt };
        await store.insertNote(tx, row);
        await tell(tx, actor, row, { added: mentioned, removed: [] });
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
        const [was, is] = [mentionedIn(before.text), mentionedIn(change.text)];
        const added = is.filter((one) => !was.includes(one));
        if (!(await areHere(tx, added))) return refuse("mention_unknown");
        await store.updateNote(tx, id, change);
        const removed = was.filter((one) => !is.includes(one));
        await tell(tx, actor, { ...before, text: change.text }, { added, removed });
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
        const mentioned = mentionedIn(before.text);
        await tell(tx, actor, before, removed ? { added: [], removed: mentioned } : { added: mentioned, removed: [] });
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
