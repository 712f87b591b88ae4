import { type Sql, sql, type Tx } from "#platform/database/index.ts";

/** A customer and those merged into it: what their rows say is said of the one that was kept. Splice after a column: `customer_id ${...}`. */
export const isSameCustomer = (tx: Tx, customerId: string): Sql => sql`= any(array(
  select customer_id from parties.customer
  where tenant_id = ${tx.tenant} and (customer_id = ${customerId} or merged_into = ${customerId})))`;

/** The ids of a customer and of those merged into it. */
export async function sameCustomers(tx: Tx, customerId: string): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    select customer_id as id from parties.customer
    where tenant_id = ${tx.tenant} and (customer_id = ${customerId} or merged_into = ${customerId})`);
  return rows.map((row) => row.id);
}
