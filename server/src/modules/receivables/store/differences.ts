import type { CalendarDate } from "#kernel/calendar-date.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";

/** What a batch found of an account whose source states a balance. */
export type StatedBalance = { readonly accountId: Uuid; readonly hereMinor: bigint; readonly sourceMinor: bigint };

/** Accounts that tie now are cleared; those that differ are kept, a waiver only while the difference stays the same amount. */
export async function keepDifferences(
  tx: Tx,
  batchId: Uuid,
  stated: readonly StatedBalance[],
  on: CalendarDate,
): Promise<void> {
  if (stated.length === 0) return;
  const given = sql`
    from unnest(${stated.map((one) => one.accountId)}::uuid[], ${stated.map((one) => one.hereMinor)}::bigint[],
      ${stated.map((one) => one.sourceMinor)}::bigint[]) as g (account_id, here_minor, source_minor)`;
  await tx.run(sql`
    update receivables.account_difference d
    set cleared_by = ${batchId}, cleared_at = now()
    ${given}
    where d.tenant_id = ${tx.tenant} and d.account_id = g.account_id and d.cleared_at is null
      and d.here_minor - d.source_minor <> g.here_minor - g.source_minor`);
  const differing = stated.filter((one) => one.hereMinor !== one.sourceMinor);
  if (differing.length === 0) return;
  await tx.run(sql`
    insert into receivables.account_difference (tenant_id, difference_id, account_id, batch_id, found_on, here_minor, source_minor)
    select ${tx.tenant}, g.id, g.account_id, ${batchId}, ${on}::date, g.here_minor, g.source_minor
    from unnest(${differing.map(newId)}::uuid[], ${differing.map((one) => one.accountId)}::uuid[],
      ${differing.map((one) => one.hereMinor)}::bigint[], ${differing.map((one) => one.sourceMinor)}::bigint[])
      as g (id, account_id, here_minor, source_minor)
    on conflict (tenant_id, account_id) where cleared_at is null do nothing`);
}

/** A batch that is undone takes what it found with it. */
export const clearDifferencesOf = (tx: Tx, batchId: Uuid, undoId: Uuid) =>
  tx.run(sql`
    update receivables.account_difference
    set cleared_by = ${undoId}, cleared_at = now()
    where tenant_id = ${tx.tenant} and batch_id = ${batchId} and cleared_at is null`);

export type DifferenceRow = {
  readonly id: Uuid;
  readonly accountId: Uuid;
  readonly companyId: Uuid;
  readonly customerId: Uuid;
  readonly account: string;
  readonly name: string;
  readonly foundOn: CalendarDate;
  readonly hereMinor: bigint;
  readonly sourceMinor: bigint;
  readonly waivedBy: string | null;
  readonly waivedReason: string | null;
};

const LISTED = 2_000;

/** Differences not cleared yet, largest first, waived ones last. */
export const listDifferences = (tx: Tx) =>
  tx.rows<DifferenceRow>(sql`
    select d.difference_id as id, d.account_id as "accountId", a.company_id as "companyId", a.customer_id as "customerId",
           a.control_account || ' ' || a.auxiliary as account, a.customer_name as name, d.found_on as "foundOn", d.here_minor as "hereMinor",
           d.source_minor as "sourceMinor", d.waived_by as "waivedBy", d.waived_reason as "waivedReason"
    from receivables.account_difference d
    join parties.account_current a on a.tenant_id = d.tenant_id and a.account_id = d.account_id
    where d.tenant_id = ${tx.tenant} and d.cleared_at is null
    order by d.waived_at is not null, abs(d.here_minor - d.source_minor) desc, d.difference_id
    limit ${LISTED}`);

export const lockDifference = (tx: Tx, id: Uuid) =>
  tx.maybeOne<{ accountId: Uuid; customerId: Uuid; isCleared: boolean; isWaived: boolean }>(sql`
    select d.account_id as "accountId", a.customer_id as "customerId", d.cleared_at is not null as "isCleared", d.waived_at is not null as "isWaived"
    from receivables.account_difference d
    join parties.account_current a on a.tenant_id = d.tenant_id and a.account_id = d.account_id
    where d.tenant_id = ${tx.tenant} and d.difference_id = ${id}
    for update of d`);

/** `reason` null takes a waiver back. */
export const setWaiver = (tx: Tx, id: Uuid, waiver: { by: string; reason: string } | null) =>
  tx.run(sql`
    update receivables.account_difference
    set waived_by = ${waiver?.by ?? null}, waived_reason = ${waiver?.reason ?? null}, waived_at = ${waiver ? sql`now()` : sql`null`}
    where tenant_id = ${tx.tenant} and difference_id = ${id}`);
