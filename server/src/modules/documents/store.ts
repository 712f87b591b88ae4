import { sql, type Tx } from "#platform/database/index.ts";

export type DocumentRow = {
  id: string;
  subjectType: "customer" | "item" | "message";
  subjectId: string;
  name: string;
  mediaType: string;
  sizeBytes: number;
  addedBy: string;
  addedAt: string;
};

const DOCUMENT = sql`document_id as id, subject_type as "subjectType", subject_id as "subjectId", name, media_type as "mediaType",
  size_bytes::int as "sizeBytes", added_by as "addedBy", added_at as "addedAt"`;

/** Documents of a subject under all its ids (those merged into it), newest first. */
export const documentsOf = (tx: Tx, subjectType: string, subjectIds: readonly string[]) =>
  tx.rows<DocumentRow>(sql`
    select ${DOCUMENT} from documents.document
    where tenant_id = ${tx.tenant} and subject_type = ${subjectType} and subject_id = any(${[...subjectIds]}::uuid[]) and removed_at is null
    order by added_at desc
    limit 500`);

export const findDocument = (tx: Tx, id: string) =>
  tx.maybeOne<DocumentRow & { digest: string }>(sql`
    select ${DOCUMENT}, digest from documents.document where tenant_id = ${tx.tenant} and document_id = ${id}`);

/** Whether this very file, by its digest, stands with a subject, removed or not. */
export const hasDocument = async (
  tx: Tx,
  subject: { subjectType: "customer" | "item" | "message"; subjectId: string },
  digest: string,
): Promise<boolean> =>
  (await tx.maybeOne(sql`
    select 1 as one from documents.document
    where tenant_id = ${tx.tenant} and subject_type = ${subject.subjectType} and subject_id = ${subject.subjectId} and digest = ${digest}
    limit 1`)) !== undefined;

export const insertDocument = (tx: Tx, row: DocumentRow & { digest: string }) =>
  tx.run(sql`
    insert into documents.document (tenant_id, document_id, subject_type, subject_id, name, media_type, digest, size_bytes, added_by,
      added_at)
    values (${tx.tenant}, ${row.id}, ${row.subjectType}, ${row.subjectId}, ${row.name}, ${row.mediaType}, ${row.digest},
      ${row.sizeBytes}, ${row.addedBy}, ${row.addedAt})`);

export const setRemoved = (tx: Tx, id: string, removed: boolean) =>
  tx.run(sql`
    update documents.document set removed_at = ${removed ? sql`now()` : sql`null`}
    where tenant_id = ${tx.tenant} and document_id = ${id} and (removed_at is null) = ${removed}`);

/** Shows the documents of subjects with others that stand in their places too; those that these have or had already are left out. */
export const shareDocuments = (
  tx: Tx,
  subjectType: "customer" | "item" | "message",
  moves: readonly { readonly from: string; readonly to: string }[],
): Promise<number> =>
  tx.run(sql`
    insert into documents.document (tenant_id, document_id, subject_type, subject_id, name, media_type, digest, size_bytes, added_by, added_at)
    select d.tenant_id, gen_random_uuid(), d.subject_type, m.target, d.name, d.media_type, d.digest, d.size_bytes, d.added_by, d.added_at
    from unnest(${moves.map((move) => move.from)}::uuid[], ${moves.map((move) => move.to)}::uuid[]) m (origin, target)
    join documents.document d on d.tenant_id = ${tx.tenant} and d.subject_type = ${subjectType} and d.subject_id = m.origin
    where d.removed_at is null
      and not exists (
        select from documents.document o
        where o.tenant_id = d.tenant_id and o.subject_type = d.subject_type and o.subject_id = m.target and o.digest = d.digest
      )`);
