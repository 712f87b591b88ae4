export { readBankFile } from "./actions/read-file.ts";
export { type ImportMode, runImport } from "./actions/run-import.ts";
export { returnReason } from "./core/bank/return-reasons.ts";
export type { BankFile } from "./core/bank/statement.ts";
export { FileRefused } from "./core/fault.ts";
export { connectorRoutes } from "./http.ts";
export { ensureSource } from "./store/import-store.ts";
