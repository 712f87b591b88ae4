import { z } from "zod";
import { Id } from "#contracts/common.ts";
import { OrderList } from "#contracts/credit.ts";
import { done, refuse } from "#kernel/result.ts";
import { findCustomer } from "#modules/parties/index.ts";
import { type Route, route } from "#platform/http/index.ts";
import { ordersOf } from "./store/order-store.ts";

/** Orders in progress. */
export const creditRoutes: Route[] = [
  route({
    method: "GET",
    path: "/customers/:customerId/orders",
    operationId: "listOrders",
    tag: "credit",
    permission: "receivables.read",
    summary: "Orders of a customer not yet invoiced; no part of any balance",
    params: z.object({ customerId: Id }),
    reply: OrderList,
    handle: async ({ actor, params, services }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const customer = await findCustomer(tx, params.customerId);
        if (!customer) return refuse("not_found");
        const rows = await ordersOf(tx, customer.id);
        return done({
          rows: rows.map(({ currency, totalMinor, openMinor, ...row }) => ({
            ...row,
            total: { minor: String(totalMinor), currency },
            open: { minor: String(openMinor), currency },
          })),
        });
      }),
  }),
];
