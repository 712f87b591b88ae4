import { z } from "zod";
import { Day, Id, Money } from "./common.ts";

/** An order not yet invoiced in full; `open` is what will still be invoiced. */
export const Order = z.object({
  id: Id,
  companyId: Id,
  number: z.string(),
  orderedOn: Day,
  expectedOn: Day.nullable(),
  total: Money,
  open: Money,
});
export type Order = z.infer<typeof Order>;
/** `sums`: of all orders in progress, one per currency; `isCut`: there are more rows than shown. */
export const OrderList = z.object({
  rows: z.array(Order.extend({ companyCode: z.string() })),
  sums: z.array(z.object({ orders: z.number().int(), total: Money, open: Money })),
  isCut: z.boolean(),
});
export type OrderList = z.infer<typeof OrderList>;
export const OrderQuery = z.object({ companyId: Id.optional() });
