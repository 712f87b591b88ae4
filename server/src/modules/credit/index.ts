export { ingestOrders, type SourceOrder } from "./actions/ingest-orders.ts";
export { linkOffset } from "./actions/manage-offsets.ts";
export { customerOrderCriteria, customerOrders } from "./criteria.ts";
export { creditRoutes } from "./http.ts";
export { customerOffsetCriteria, customerOffsets } from "./offset-criteria.ts";
export { agreedOwed, forgetBatch, keepBalances } from "./store/offset-store.ts";
