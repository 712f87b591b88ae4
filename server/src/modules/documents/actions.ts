import { newId } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import type { Upload } from "#platform/http/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import * as store from "./store.ts";

/** Tells whether a subject exists in the actor's tenant. */
export type SubjectExists = (
  services: Services,
  actor: Actor,
  subject: { type: string; id: string },
) => Promise<boolean>;

/** Under which ids the documents of a subject may stand: its own, and of those merged into it. */
export type IdsOfSubject = (tx: Tx, subject: { type: string; id: string }) => Promise<readonly string[]>;

export async function attachDocument(
  services: Services,
  actor: Actor,
  subjectExists: SubjectExists,
  subject: { subjectType: "customer" | "item" | "message"; subjectId: string },
  upload: Upload,
): Promise<Result<store.DocumentRow, "not_found">> {
  if (!(await subjectExists(services, actor, { type: subject.subjectType, id: subject.subjectId })))
    return refuse("not_found");
  return services.db.transaction(actor.tenant, async (tx) =>
    done(await addDocument(services, tx, actor, subject, upload)),
  );
}

/** Attaches a file inside the caller's transaction, to a subject that the caller knows to exist. */
export async function addDocument(
  services: Services,
  tx: Tx,
  actor: Actor,
  subject: { subjectType: "customer" | "item" | "message"; subjectId: string },
  upload: Pick<Upload, "name" | "mediaType" | "content">,
): Promise<store.DocumentRow> {
  const digest = await services.files.put(tx, upload.content);
  const row: store.DocumentRow = {
    id: newId(),
    ...subject,
    name: upload.name,
    mediaType: upload.mediaType.slice(0, 100),
    sizeBytes: upload.content.length,
    addedBy: actor.id,
    addedAt: services.clock.now().toISOString(),
  };
  await store.insertDocument(tx, { ...row, digest });
  await record(tx, actor, {
    kind: "documents.document.attached",
    version: 1,
    subject: { type: subject.subjectType, id: subject.subjectId },
    payload: { documentId: row.id, name: row.name, digest, sizeBytes: row.sizeBytes },
  });
  return row;
}

/** Hides a document or brings it back. */
export async function setDocumentRemoved(
  services: Services,
  actor: Actor,
  id: string,
  removed: boolean,
): Promise<Result<Record<string, never>, "not_found">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const row = await store.findDocument(tx, id);
    if (!row || (await store.setRemoved(tx, id, removed)) === 0) return refuse("not_found");
    await record(tx, actor, {
      kind: removed ? "documents.document.removed" : "documents.document.brought_back",
      version: 1,
      subject: { type: row.subjectType, id: row.subjectId },
      payload: { documentId: id, name: row.name },
    });
    return done({});
  });
}
