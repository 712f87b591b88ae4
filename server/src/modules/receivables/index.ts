export { applyBatch, type BatchRefusal, type ReceivablesServices } from "./actions/apply-batch.ts";
export type { AccountProof, BatchInput, BatchReport, Coverage, RowChange } from "./core/batch.ts";
export type { ItemKind, SourceItem, SourceLink } from "./core/source-row.ts";
export { type Layers, openItems, openItemsAt, openItemsKnown } from "./store/open-items.ts";
