import type { CalendarDate } from "#kernel/calendar-date.ts";
import { sql, type Tx } from "#platform/database/index.ts";

export type MergeRow = {
  readonly id: string;
  readonly keptId: string;
  readonly mergedId: string;
  readonly accountIds: string[];
  readonly isUndone: boolean;
};

/** Moves the accounts of one customer to another from a day on, and makes it an alias. Returns the accounts moved. */
export async function mergeInto(tx: Tx, mergedId: string, keptId: string, on: CalendarDate): Promise<string[]> {
  const moved = await tx.rows<{ id: string }>(sql`
    update parties.account_customer
    set valid_to = greatest(valid_from, ${on}::date)
    where tenant_id = ${tx.tenant} and customer_id = ${mergedId} and valid_to = 'infinity'
    returning account_id as id`);
  const accountIds = moved.map((row) => row.id);
  await link(tx, accountIds, keptId, on);
  await tx.run(sql`
    update parties.customer
    set merged_into = ${keptId}, version = version + 1
    where tenant_id = ${tx.tenant} and (customer_id = ${mergedId} or merged_into = ${mergedId})`);
  return accountIds;
}

/** The opposite: those accounts that the kept customer still has go back. */
export async function unmerge(tx: Tx, merge: MergeRow, on: CalendarDate): Promise<void> {
  const back = await tx.rows<{ id: string }>(sql`
    update parties.account_customer
    set valid_to = greatest(valid_from, ${on}::date)
    where tenant_id = ${tx.tenant} and customer_id = ${merge.keptId} and valid_to = 'infinity'
      and account_id = any(${merge.accountIds}::uuid[])
    returning account_id as id`);
  await link(
    tx,
    back.map((row) => row.id),
    merge.mergedId,
    on,
  );
  await tx.run(sql`
    update parties.customer
    set merged_into = null, version = version + 1
    where tenant_id = ${tx.tenant} and customer_id = ${merge.mergedId}`);
}

/** Twice on one day: the row of that day counts again. */
const link = (tx: Tx, accountIds: readonly string[], customerId: string, on: CalendarDate) =>
  tx.run(sql`
    insert into parties.account_customer (tenant_id, account_id, customer_id, valid_from, known_on)
    select ${tx.tenant}, a.id, ${customerId}, ${on}::date, ${on}::date
    from unnest(${[...accountIds]}::uuid[]) as a (id)
    on conflict (tenant_id, account_id, valid_from, customer_id) do update set valid_to = 'infinity'`);

export const insertMerge = (
  tx: Tx,
  id: string,
  merge: {
    keptId: string;
    mergedId: string;
    accountIds: readonly string[];
    reason: string | null;
    by: string;
    on: CalendarDate;
  },
) =>
  tx.run(sql`
    insert into parties.customer_merge (tenant_id, merge_id, kept_id, merged_id, account_ids, reason, merged_by, merged_on)
    values (${tx.tenant}, ${id}, ${merge.keptId}, ${merge.mergedId}, ${[...merge.accountIds]}::uuid[], ${merge.reason}, ${merge.by}, ${merge.on})`);

export const lockMerge = (tx: Tx, id: string) =>
  tx.maybeOne<MergeRow>(sql`
    select merge_id as id, kept_id as "keptId", merged_id as "mergedId", account_ids as "accountIds", undone_at is not null as "isUndone"
    from parties.customer_merge where tenant_id = ${tx.tenant} and merge_id = ${id} for update`);

export const endMerge = (tx: Tx, id: string, by: string, at: string) =>
  tx.run(sql`
    update parties.customer_merge
    set undone_by = ${by}, undone_at = ${at}
    where tenant_id = ${tx.tenant} and merge_id = ${id}`);

/** Customers merged into one, newest first. */
export const mergesInto = (tx: Tx, keptId: string) =>
  tx.rows<{ mergeId: string; id: string; number: string; name: string; mergedOn: CalendarDate; mergedBy: string }>(sql`
    select m.merge_id as "mergeId", c.customer_id as id, c.number, c.name, m.merged_on as "mergedOn", m.merged_by as "mergedBy"
    from parties.customer_merge m
    join parties.customer c on c.tenant_id = m.tenant_id and c.customer_id = m.merged_id
    where m.tenant_id = ${tx.tenant} and m.kept_id = ${keptId} and m.undone_at is null
    order by m.merged_at desc`);

export type DuplicateCandidate = {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly foldedName: string;
  readonly country: string;
  readonly siren: string | null;
  readonly vatNumber: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly postalCode: string | null;
};

/** Every customer that is not an alias, for the comparison in memory: at most `most`. */
export const duplicateCandidates = (tx: Tx, most: number) =>
  tx.rows<DuplicateCandidate>(sql`
    select customer_id as id, number, name, folded_name as "foldedName", country::text as country, siren, vat_number as "vatNumber",
           lower(email) as email, phone, postal_code as "postalCode"
    from parties.customer
    where tenant_id = ${tx.tenant} and merged_into is null
    order by customer_id
    limit ${most}`);

export const notDuplicates = (tx: Tx) =>
  tx.rows<{ a: string; b: string }>(sql`
    select customer_id as a, other_id as b from parties.not_duplicate where tenant_id = ${tx.tenant}`);

export const insertNotDuplicate = (tx: Tx, a: string, b: string, by: string) =>
  tx.run(sql`
    insert into parties.not_duplicate (tenant_id, customer_id, other_id, said_by)
    values (${tx.tenant}, least(${a}::uuid, ${b}::uuid), greatest(${a}::uuid, ${b}::uuid), ${by})
    on conflict do nothing`);

export const deleteNotDuplicate = (tx: Tx, a: string, b: string) =>
  tx.run(sql`
    delete from parties.not_duplicate
    where tenant_id = ${tx.tenant} and customer_id = least(${a}::uuid, ${b}::uuid) and other_id = greatest(${a}::uuid, ${b}::uuid)`);
