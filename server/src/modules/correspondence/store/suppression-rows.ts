import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";

/** Stops writing to an address that a server refused for good. */
export async function insertSuppressed(
  tx: Tx,
  address: string,
  reason: string,
  messageId: Uuid,
  since: string,
): Promise<void> {
  await tx.run(sql`
    insert into correspondence.suppressed_address (tenant_id, address, reason, message_id, since)
    values (${tx.tenant}, ${address.toLowerCase()}, ${reason}, ${messageId}, ${since})
    on conflict do nothing`);
}

export async function removeSuppressed(tx: Tx, address: string): Promise<boolean> {
  const removed = await tx.run(sql`
    delete from correspondence.suppressed_address where tenant_id = ${tx.tenant} and address = ${address.toLowerCase()}`);
  return removed > 0;
}

/** Suppressed addresses in lower case: all of the tenant, or those among `addresses` (lower case). */
export async function suppressedAddresses(tx: Tx, addresses?: readonly string[]): Promise<Set<string>> {
  const only = addresses ? sql`and address = any(${[...addresses]}::text[])` : sql``;
  const rows = await tx.rows<{ address: string }>(sql`
    select address from correspondence.suppressed_address where tenant_id = ${tx.tenant} ${only}`);
  return new Set(rows.map((row) => row.address));
}
