export { knownLayouts } from "./actions/csv-layouts.ts";
export { importFile } from "./actions/decide-statements.ts";
export { addBankAccountIn } from "./actions/manage-bank-accounts.ts";
export { receiveFile } from "./actions/receive-file.ts";
export type { SourceFile } from "./core/source-statement.ts";
export { cashRoutes, type ReadBankFile } from "./http.ts";
export type { InspectBankCsv } from "./http-csv.ts";
export { CASH_JOB, matchCash } from "./jobs.ts";
export { verifyCash } from "./store/verify.ts";
