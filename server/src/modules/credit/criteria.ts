import { type Criterion, criterionOf } from "#platform/criteria/index.ts";
import { empty, join, sql } from "#platform/database/index.ts";
import type { ListSource } from "#platform/lists/index.ts";

const orders = criterionOf("customer", { isDated: false, source: "orders" });

/** Criteria of customers over their orders not yet invoiced: no part of any balance. */
export const customerOrderCriteria: readonly Criterion[] = [
  orders("orders", "coalesce(orders.count, 0)", "integer", { fr: "Commandes en cours", en: "Orders in progress" }),
  orders(
    "orders_open",
    "coalesce(orders.open, 0)",
    "money",
    { fr: "Commandes à facturer", en: "Orders to be invoiced" },
    { unit: "reporting_currency" },
  ),
  orders("next_order_on", "orders.next_on", "day", { fr: "Prochaine livraison prévue", en: "Next expected delivery" }),
  orders("orders_unrated", "coalesce(orders.unrated, 0)", "integer", {
    fr: "Commandes sans cours de change",
    en: "Orders without an exchange rate",
  }),
];

/** The source of those criteria: alias `orders`, one row per customer. An order in a currency without a rate is counted apart and in no amount. */
export const customerOrders: ListSource = ({ tx, asOf, companyId, reporting }) => {
  const rates = join([...reporting.factors].map(([currency, factor]) => sql`(${currency}::text, ${factor}::numeric)`));
  return sql`
    left join (
      select coalesce(m.merged_into, m.customer_id) as customer_id, count(*) as count, coalesce(sum(round(o.open_minor * f.factor)), 0)::bigint as open,
             min(o.expected_on) filter (where o.expected_on >= ${asOf}::date) as next_on, count(*) filter (where f.factor is null) as unrated
      from credit.sales_order o
      join parties.customer m on m.tenant_id = o.tenant_id and m.customer_id = o.customer_id
      left join (values ${rates}) f (currency, factor) on f.currency = o.currency::text
      where o.tenant_id = ${tx.tenant} and o.gone_on is null and o.open_minor <> 0 ${companyId ? sql`and o.company_id = ${companyId}` : empty}
      group by 1) orders on orders.customer_id = c.customer_id`;
};
