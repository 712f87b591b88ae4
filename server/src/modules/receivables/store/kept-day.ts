import type { CalendarDate } from "#kernel/calendar-date.ts";
import { sql, type Tx } from "#platform/database/index.ts";

/** The day and the buckets for which figures are kept per account. */
export type KeptFor = { readonly asOf: CalendarDate; readonly ends: readonly number[] };

/** True when what is kept is of that day and those buckets, for every account. */
export async function isKept(tx: Tx, asOf: CalendarDate, ends: readonly number[]): Promise<boolean> {
  const { found } = await tx.one<{ found: boolean }>(sql`
    select exists (
      select from receivables.kept_day
      where tenant_id = ${tx.tenant} and as_of = ${asOf}::date and bucket_ends = ${[...ends]}::int[]
    ) as found`);
  return found;
}

/** False until the figures of a tenant were written whole once: what an older version of the program left answers nothing. */
export async function isKeptAtAll(tx: Tx): Promise<boolean> {
  const { found } = await tx.one<{ found: boolean }>(
    sql`select exists (select from receivables.kept_day where tenant_id = ${tx.tenant}) as found`,
  );
  return found;
}

/**
 * Until the transaction ends: a turn of the day waits for batches that write the figures of their accounts, and they for it; batches do not wait for one
 * another, their accounts are not the same.
 */
export const lockKept = (tx: Tx, of: "all" | "dirty") =>
  of === "all"
    ? tx.run(sql`select pg_advisory_xact_lock(hashtextextended('receivables.kept/' || ${tx.tenant}::text, 0))`)
    : tx.run(sql`select pg_advisory_xact_lock_shared(hashtextextended('receivables.kept/' || ${tx.tenant}::text, 0))`);

/**
 * After figures were written: those of all accounts are kept from now on; those of some are of another day only where the whole is, and then nothing is
 * kept until the next turn. A ledger that begins with these accounts is whole.
 */
export async function markKept(tx: Tx, { asOf, ends }: KeptFor, of: "all" | "dirty"): Promise<void> {
  if (of === "all") return setKept(tx, { asOf, ends });
  const known = await tx.run(sql`
    update receivables.kept_day
    set as_of = '-infinity'
    where tenant_id = ${tx.tenant} and (as_of, bucket_ends) <> (${asOf}::date, ${[...ends]}::int[])`);
  if (known > 0) return;
  const { isWhole } = await tx.one<{ isWhole: boolean }>(sql`
    select not exists (select from receivables.kept_day where tenant_id = ${tx.tenant})
      and not exists (select from receivables.batch where tenant_id = ${tx.tenant})
      and not exists (
        select from receivables.account_year where tenant_id = ${tx.tenant} and account_id not in (select account_id from dirty)
      ) as "isWhole"`);
  if (isWhole) await setKept(tx, { asOf, ends });
}

const setKept = async (tx: Tx, { asOf, ends }: KeptFor): Promise<void> => {
  await tx.run(sql`
    insert into receivables.kept_day (tenant_id, as_of, bucket_ends)
    values (${tx.tenant}, ${asOf}::date, ${[...ends]}::int[])
    on conflict (tenant_id) do update set as_of = excluded.as_of, bucket_ends = excluded.bucket_ends`);
};
