import { type Sql, sql, type Tx } from "#platform/database/index.ts";

/** Below so many rows no plan is slow enough to care. */
const FEW = 2_000;
const WRONG_BY = 5;

const WATCHED = { facts: sql`receivables.item`, settled: sql`receivables.item_state` } as const;

/**
 * After `written` rows: where the planner believes that the tenant has a fraction of them at most, statistics are gathered anew. `facts`: items, versions
 * and keys; `settled`: settlements, their lines and the states.
 */
export async function refreshStatistics(tx: Tx, of: "facts" | "settled", written: number): Promise<void> {
  if (written < FEW || (await believed(tx, WATCHED[of])) * WRONG_BY > written) return;
  await tx.run(sql`select receivables.refresh_statistics(${of})`);
}

/** Rows of the tenant that the planner expects. */
async function believed(tx: Tx, table: Sql): Promise<number> {
  const found = await tx.one<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }>(
    sql`explain (format json) select from ${table} where tenant_id = ${tx.tenant}`,
  );
  return found["QUERY PLAN"][0].Plan["Plan Rows"];
}
