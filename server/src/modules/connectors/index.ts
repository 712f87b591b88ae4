export { type ImportMode, runImport } from "./actions/run-import.ts";
export { connectorRoutes } from "./http.ts";
export { ensureSource } from "./store/import-store.ts";
