import { z } from "zod";
import { Empty, Id } from "#contracts/common.ts";
import { Document, DocumentList, DocumentQuery } from "#contracts/documents.ts";
import { done, refuse } from "#kernel/result.ts";
import { asFile, type Route, route } from "#platform/http/index.ts";
import { attachDocument, type IdsOfSubject, type SubjectExists, setDocumentRemoved } from "./actions.ts";
import { documentsOf, findDocument } from "./store.ts";

const tag = "documents";
const LARGEST_BYTES = 25 * 1024 * 1024;
const documentParams = z.object({ documentId: Id });

export const documentRoutes = (subjectExists: SubjectExists, idsOf: IdsOfSubject): Route[] => [
  route({
    method: "GET",
    path: "/documents",
    operationId: "listDocuments",
    tag,
    permission: "documents.read",
    summary: "Documents of a customer, an item or a message",
    query: DocumentQuery,
    reply: DocumentList,
    handle: async ({ actor, query, services }) =>
      done({
        rows: await services.db.transaction(actor.tenant, async (tx) =>
          documentsOf(tx, query.subjectType, await idsOf(tx, { type: query.subjectType, id: query.subjectId })),
        ),
      }),
  }),
  route({
    method: "POST",
    path: "/documents",
    operationId: "attachDocument",
    tag,
    permission: "documents.write",
    status: 201,
    summary: "Attach a file (25 MB at most)",
    query: DocumentQuery,
    upload: { maxBytes: LARGEST_BYTES },
    reply: Document,
    handle: async ({ actor, query, upload, services }) => {
      if (!upload) return refuse("invalid_request", { detail: "file" });
      return attachDocument(services, actor, subjectExists, query, upload);
    },
  }),
  route({
    method: "GET",
    path: "/documents/:documentId/content",
    operationId: "downloadDocument",
    tag,
    permission: "documents.read",
    file: true,
    summary: "The file itself",
    params: documentParams,
    handle: async ({ actor, params, services }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const row = await findDocument(tx, params.documentId);
        const content = row && (await services.files.get(tx, row.digest));
        return row && content ? done(asFile(content, "application/octet-stream", row.name)) : refuse("not_found");
      }),
  }),
  route({
    method: "DELETE",
    path: "/documents/:documentId",
    operationId: "removeDocument",
    tag,
    permission: "documents.write",
    summary: "Remove a document (undone by bringing it back)",
    params: documentParams,
    reply: Empty,
    handle: ({ actor, params, services }) => setDocumentRemoved(services, actor, params.documentId, true),
  }),
  route({
    method: "POST",
    path: "/documents/:documentId/bring-back",
    operationId: "bringBackDocument",
    tag,
    permission: "documents.write",
    summary: "Bring back a removed document",
    params: documentParams,
    reply: Empty,
    handle: ({ actor, params, services }) => setDocumentRemoved(services, actor, params.documentId, false),
  }),
];
