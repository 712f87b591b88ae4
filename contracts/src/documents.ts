import { z } from "zod";
import { Id, Instant } from "./common.ts";

export const DocumentSubject = z.enum(["customer", "item", "message"]);
export const Document = z.object({
  id: Id,
  subjectType: DocumentSubject,
  subjectId: Id,
  name: z.string(),
  mediaType: z.string(),
  sizeBytes: z.number().int(),
  addedBy: z.string(),
  addedAt: Instant,
});
export type Document = z.infer<typeof Document>;
export const DocumentList = z.object({ rows: z.array(Document) });
export const DocumentQuery = z.object({ subjectType: DocumentSubject, subjectId: Id });
