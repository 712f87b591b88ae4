import sql from "sql-template-tag";
import type { Tx } from "./db.ts";

/**
 * Runs a query over whole tables with joins of thousands by thousands. Right after a bulk load the planner has no statistics, believes in one row, and
 * would compare every account with every other; a hash never costs more here. Laterals stay as they are: they have no other plan.
 */
export async function withoutNestedLoops<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await tx.run(sql`set local enable_nestloop = off`);
  const value = await work();
  await tx.run(sql`set local enable_nestloop = on`);
  return value;
}
