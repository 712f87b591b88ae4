export type { SubjectExists } from "./actions.ts";
export { documentRoutes } from "./http.ts";
