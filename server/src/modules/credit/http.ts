import { z } from "zod";
import { Id } from "#contracts/common.ts";
import { OrderList, OrderQuery } from "#contracts/credit.ts";
import { done, refuse } from "#kernel/result.ts";
import { findCustomer, listCompanies } from "#modules/parties/index.ts";
import { type Route, route } from "#platform/http/index.ts";
import { offsetRoutes } from "./http-offsets.ts";
import { ORDERS_SHOWN, orderSums, ordersOf } from "./store/order-store.ts";

/** Orders in progress, and what we owe customers who also sell to us. */
export const creditRoutes: Route[] = [
  ...offsetRoutes,
  route({
    method: "GET",
    path: "/customers/:customerId/orders",
    operationId: "listOrders",
    tag: "credit",
    permission: "receivables.read",
    summary: "Orders of a customer not yet invoiced; no part of any balance",
    params: z.object({ customerId: Id }),
    query: OrderQuery,
    reply: OrderList,
    handle: async ({ actor, params, query, services }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const customer = await findCustomer(tx, params.customerId);
        if (!customer) return refuse("not_found");
        const codes = new Map((await listCompanies(tx)).map((company) => [company.id, company.code]));
        const rows = await ordersOf(tx, customer.id, query.companyId);
        const sums = await orderSums(tx, customer.id, query.companyId);
        const amounts = (one: { currency: string; totalMinor: bigint; openMinor: bigint }) => ({
          total: { minor: String(one.totalMinor), currency: one.currency },
          open: { minor: String(one.openMinor), currency: one.currency },
        });
        return done({
          rows: rows.slice(0, ORDERS_SHOWN).map((row) => ({
            id: row.id,
            companyId: row.companyId,
            companyCode: codes.get(row.companyId) ?? "",
            number: row.number,
            orderedOn: row.orderedOn,
            expectedOn: row.expectedOn,
            ...amounts(row),
          })),
          sums: sums.map((sum) => ({ orders: Number(sum.orders), ...amounts(sum) })),
          isCut: rows.length > ORDERS_SHOWN,
        });
      }),
  }),
];
