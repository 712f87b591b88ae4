export { ingestOrders, type SourceOrder } from "./actions/ingest-orders.ts";
export { customerOrderCriteria, customerOrders } from "./criteria.ts";
export { creditRoutes } from "./http.ts";
