export { applyBatch, type ReceivablesServices } from "./actions/apply-batch.ts";
export type { AccountProof, BatchInput, BatchReport, Coverage, RowChange } from "./core/batch.ts";
export type { ItemKind, SourceItem, SourceLink } from "./core/source-row.ts";
