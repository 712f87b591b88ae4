export { chooseForImport, undoImport } from "./actions/change-import.ts";
export { type ImportMode, runImport } from "./actions/run-import.ts";
export { startImport } from "./actions/start-import.ts";
export { connectorRoutes } from "./http.ts";
export type { ImportRecord, StoredFault, StoredReport } from "./store/import-store.ts";
export { ensureSource } from "./store/import-store.ts";
