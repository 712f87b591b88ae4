import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";

export type PushKind = "customer" | "contact" | "item" | "settlement" | "order" | "balance" | "present";

export type PushedRow = {
  readonly kind: PushKind;
  readonly companyId: Uuid;
  readonly key: string;
  /** JSON text. */
  readonly row: string;
  readonly isRefused: boolean;
};

/** Keeps pushed rows, the last one of a key standing. */
export async function keepRows(tx: Tx, runId: Uuid, rows: readonly PushedRow[]): Promise<void> {
  await tx.run(sql`
    insert into connectors.pushed_row (tenant_id, run_id, kind, company_id, key, row, is_refused)
    select ${tx.tenant}, ${runId}, w.kind, w.company_id, w.key, w.row::jsonb, w.is_refused
    from unnest(${rows.map((one) => one.kind)}::text[], ${rows.map((one) => one.companyId)}::uuid[], ${rows.map((one) => one.key)}::text[],
      ${rows.map((one) => one.row)}::text[], ${rows.map((one) => one.isRefused)}::boolean[]) as w (kind, company_id, key, row, is_refused)
    on conflict (tenant_id, run_id, kind, company_id, key) do update
    set row = excluded.row, is_refused = excluded.is_refused, pushed_at = now()`);
}

/** Rows of one kind and company after a key, in key order. */
export const pageOfRows = (
  tx: Tx,
  from: { runId: Uuid; kind: PushKind; companyId: Uuid; after: string | null; limit: number },
) =>
  tx.rows<{ key: string; row: unknown }>(sql`
    select key, row
    from connectors.pushed_row
    where tenant_id = ${tx.tenant} and run_id = ${from.runId} and kind = ${from.kind} and company_id = ${from.companyId} and not is_refused
      and key > ${from.after ?? ""}
    order by key
    limit ${from.limit}`);

export type PushedCounts = {
  readonly companyId: Uuid;
  readonly kind: PushKind;
  readonly rows: number;
  readonly refused: number;
};

export async function countRows(tx: Tx, runId: Uuid): Promise<PushedCounts[]> {
  return tx.rows<PushedCounts>(sql`
    select company_id as "companyId", kind, count(*)::int as rows, (count(*) filter (where is_refused))::int as refused
    from connectors.pushed_row
    where tenant_id = ${tx.tenant} and run_id = ${runId}
    group by company_id, kind`);
}

export const dropRows = (tx: Tx, runId: Uuid) =>
  tx.run(sql`delete from connectors.pushed_row where tenant_id = ${tx.tenant} and run_id = ${runId}`);
