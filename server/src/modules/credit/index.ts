export { ingestOrders, type SourceOrder } from "./actions/ingest-orders.ts";
export { creditRoutes } from "./http.ts";
