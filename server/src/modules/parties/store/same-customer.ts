import { type Sql, sql, type Tx } from "#platform/database/index.ts";

/** A customer and those merged into it: what their rows say is said of the one that was kept. Splice after a column: `customer_id ${...}`. */
export const isSameCustomer = (tx: Tx, customerId: string): Sql => sql`= any(array(
  select customer_id from parties.customer
  where tenant_id = ${tx.tenant} and (customer_id = ${customerId} or merged_into = ${customerId})))`;

/** The ids of customers and of those merged into them. */
export async function sameCustomers(tx: Tx, customerIds: string | readonly string[]): Promise<string[]> {
  const ids = typeof customerIds === "string" ? [customerIds] : [...customerIds];
  const rows = await tx.rows<{ id: string }>(sql`
    select customer_id as id from parties.customer
    where tenant_id = ${tx.tenant} and (customer_id = any(${ids}::uuid[]) or merged_into = any(${ids}::uuid[]))`);
  return rows.map((row) => row.id);
}
