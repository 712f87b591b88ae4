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
export const OrderList = z.object({ rows: z.array(Order) });
