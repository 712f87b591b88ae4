export type { IdsOfSubject, SubjectExists } from "./actions.ts";
export { addDocument } from "./actions.ts";
export { documentRoutes } from "./http.ts";
export { hasDocument, shareDocuments } from "./store.ts";
