import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { listCompanies } from "#modules/parties/index.ts";
import { empty, join, raw, type Sql, sql, type Tx, withoutNestedLoops } from "#platform/database/index.ts";
import { bucketConditions, DEBIT } from "./aged-sums.ts";
import { isKept } from "./kept-day.ts";
import { type Layers, openItemsAt } from "./open-items.ts";

export type AgedBy = "customer" | "company" | "currency" | "account";

export type AgedFilter = {
  readonly asOf: CalendarDate;
  /** As it was known on that day; absent: as known today. */
  readonly knownOn?: CalendarDate | undefined;
  readonly layers: Layers;
  readonly by: AgedBy;
  readonly companyId?: Uuid | undefined;
  readonly customerId?: Uuid | undefined;
  /** Only these customers: a group. */
  readonly customerIds?: readonly Uuid[] | undefined;
  /** Only customers of this user's portfolio. */
  readonly ownerId?: string | undefined;
  /** Last days past due of the buckets after "not due". */
  readonly bucketEnds: readonly number[];
};

/** Book currency of the company, minor units; by currency: document currency. Debits are in the buckets, credits apart and negative (method A). */
export type AgedRow = {
  readonly key: string;
  readonly number: string | null;
  readonly name: string;
  readonly currency: string;
  readonly total: bigint;
  readonly overdue: bigint;
  readonly unapplied: bigint;
  readonly creditNotes: bigint;
  readonly buckets: readonly bigint[];
  readonly items: number;
};

/** "name", "total", "overdue", "credits" or a bucket's number. */
export type AgedSort = { readonly column: string; readonly isDescending: boolean };

export type AgedReply = { readonly rows: AgedRow[]; readonly totals: AgedRow[]; readonly rowCount: number };

/** Rows of the aged balance with the totals of all of them, one total per currency; `limit` cuts the rows, never the totals. */
export const agedBalance = (tx: Tx, filter: AgedFilter, sort: AgedSort, limit: number): Promise<AgedReply> =>
  sortedRows(tx, filter, agedOfItems(tx, filter), sort, limit);

/**
 * The same for today, from `account_state`; undefined where that was not kept for the day and the buckets asked for, or cannot answer (document currencies,
 * an earlier knowledge), and the items themselves must be read.
 */
export async function agedBalanceKept(
  tx: Tx,
  filter: AgedFilter,
  sort: AgedSort,
  limit: number,
): Promise<AgedReply | undefined> {
  if (filter.by === "currency" || filter.knownOn) return undefined;
  if (!(await isKept(tx, filter.asOf, filter.bucketEnds))) return undefined;
  const aged = agedOfAccounts(tx, filter);
  // Rising, the first place is often shared by all who owe nothing there.
  const isByAmount = sort.column !== "name" && sort.isDescending;
  const isFew = filter.by === "customer" && !filter.customerId && isByAmount && limit <= FEW_ROWS;
  const first = isFew ? await firstCustomers(tx, filter, aged, sort, limit) : undefined;
  return first ?? sortedRows(tx, filter, aged, sort, limit);
}

/** The same rows in batches, sorted by name, for exports: memory stays bounded. */
export async function* streamAgedBalance(tx: Tx, filter: AgedFilter): AsyncGenerator<AgedRow[]> {
  const named = await namer(tx, filter);
  const rows = sql`${agedRows(tx, filter, agedOfItems(tx, filter))} order by "sortKey", key, currency`;
  for await (const batch of tx.stream<Read>(rows)) yield batch.map(named);
}

type Read = Omit<AgedRow, "buckets"> & {
  readonly position?: number;
  readonly rowCount?: number;
  readonly sorted?: bigint;
  readonly [bucket: `b${number}`]: bigint;
};

/** Up to so many customers, names are looked up for the rows shown instead of joined to all. */
const FEW_ROWS = 1_000;

async function sortedRows(tx: Tx, filter: AgedFilter, aged: Sql, sort: AgedSort, limit: number): Promise<AgedReply> {
  const query = sql`
    with aged_row as materialized (${agedRows(tx, filter, aged)})
    (
      select r.*, row_number() over ()::int as position, 0 as "rowCount"
      from (select * from aged_row a order by ${sortColumn(sort, filter.bucketEnds)} limit ${limit}) r
    )
    union all
    select a.currency::text, null, a.currency::text, a.currency::text, a.currency, ${totalsOfRows(filter.bucketEnds)}, 0, count(*)::int
    from aged_row a
    group by a.currency`;
  const read = () => tx.rows<Read>(query);
  const found = filter.customerId ? await read() : await withoutNestedLoops(tx, read);
  const named = await namer(tx, filter);
  // Numbered in their order by the database; sorting again costs nothing where they arrive so.
  const rows = found.filter((row) => row.position !== 0).sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  const totals = found.filter((row) => row.position === 0).map(fromRead);
  return {
    rows: rows.map(named),
    totals: totals.sort((a, b) => (a.currency < b.currency ? -1 : 1)),
    rowCount: found.reduce((sum, row) => sum + (row.rowCount ?? 0), 0),
  };
}

/** The same, names last; undefined where the last place is shared, since names decide among those who share it. */
async function firstCustomers(
  tx: Tx,
  filter: AgedFilter,
  aged: Sql,
  sort: AgedSort,
  limit: number,
): Promise<AgedReply | undefined> {
  const by = raw(sortedValue(sort.column, filter.bucketEnds));
  const sums = sql`
    select l.customer_id::text as key, ${sumsOfRows(filter.bucketEnds)}
    from (${aged}) g
    join parties.account_customer l on l.tenant_id = ${tx.tenant} and l.account_id = g.account_id and l.valid_to = 'infinity'
    group by l.customer_id, g.currency`;
  const found = await withoutNestedLoops(tx, () =>
    tx.rows<Read>(sql`
      with aged_row as materialized (${withTotals(filter.bucketEnds, sums, sql`null as number, '' as name`)})
      (
        select a.*, ${by} as sorted, 0 as "rowCount"
        from aged_row a
        order by ${by} desc
        limit ${limit + 1}
      )
      union all
      select a.currency, null, a.currency, a.currency, ${totalsOfRows(filter.bucketEnds)}, null, count(*)::int
      from aged_row a
      group by a.currency`),
  );
  const totals = found.filter((row) => row.rowCount !== 0);
  const rows = found.filter((row) => row.rowCount === 0);
  const byAmount = (a: Read, b: Read) => (amountOf(a) === amountOf(b) ? 0 : amountOf(a) < amountOf(b) ? 1 : -1);
  rows.sort(byAmount);
  const [last, next] = [rows[limit - 1], rows[limit]];
  if (last && next && amountOf(last) === amountOf(next)) return undefined;
  const shown = rows.slice(0, limit);
  const names = await namesOf(tx, [...new Set(shown.map((row) => row.key))]);
  const rankOf = (row: Read) => names.get(row.key)?.rank ?? 0;
  shown.sort((a, b) => byAmount(a, b) || rankOf(a) - rankOf(b) || (a.currency < b.currency ? -1 : 1));
  return {
    rows: shown.map((row) => fromRead({ ...row, ...names.get(row.key) })),
    totals: totals.map(fromRead).sort((a, b) => (a.currency < b.currency ? -1 : 1)),
    rowCount: totals.reduce((sum, row) => sum + (row.rowCount ?? 0), 0),
  };
}

const amountOf = (row: Read): bigint => row.sorted ?? 0n;

/** Numbers and names of customers, with their rank in the order of names. */
async function namesOf(tx: Tx, ids: readonly string[]) {
  const rows = await tx.rows<{ id: string; number: string; name: string; rank: number }>(sql`
    select n.id::text as id, n.number, n.name, (row_number() over (order by n.sort_key, n.id::text))::int as rank
    from (
      select distinct on (customer_id) customer_id as id, customer_number as number, customer_name as name, customer_sort_key as sort_key
      from parties.account_current
      where tenant_id = ${tx.tenant} and customer_id = any(${[...ids]}::uuid[])
    ) n`);
  return new Map(rows.map(({ id, ...row }) => [id, row]));
}

/** Rows of one sort value by name; the outer order keeps totals last and leaves the rest as it is. */
const sortColumn = ({ column, isDescending }: AgedSort, ends: readonly number[]): Sql =>
  raw(`${sortedValue(column, ends)} ${isDescending ? "desc" : "asc"}, a."sortKey", a.key, a.currency`);

function sortedValue(column: string, ends: readonly number[]): string {
  const bucket = Number(column);
  const isBucket = Number.isInteger(bucket) && bucket >= 0 && bucket <= ends.length + 1;
  if (column === "name") return `a."sortKey"`;
  if (column === "overdue") return "a.overdue";
  if (column === "credits") return `a.unapplied + a."creditNotes"`;
  return isBucket ? `a.b${bucket}` : "a.total";
}

const bucketNames = (ends: readonly number[]): string[] => Array.from({ length: ends.length + 2 }, (_, i) => `b${i}`);

function fromRead(read: Read): AgedRow {
  const { key, number, name, currency, total, overdue, unapplied, creditNotes, items } = read;
  const buckets: bigint[] = [];
  for (let i = 0; ; i += 1) {
    const minor = read[`b${i}`];
    if (minor === undefined) break;
    buckets.push(minor);
  }
  return { key, number, name, currency, total, overdue, unapplied, creditNotes, buckets, items };
}

/** Companies are named by their own room. */
async function namer(tx: Tx, { by }: AgedFilter): Promise<(read: Read) => AgedRow> {
  if (by !== "company") return fromRead;
  const companies = new Map((await listCompanies(tx)).map((company) => [company.id, company]));
  return (read) => {
    const company = companies.get(read.key);
    return fromRead(company ? { ...read, number: company.code, name: company.name } : read);
  };
}

/** Names and sums by the key asked for, over a derived table `aged` with one row per account and currency. */
function agedRows(tx: Tx, { by, bucketEnds }: AgedFilter, aged: Sql): Sql {
  return withTotals(
    bucketEnds,
    sql`
      select ${keys(by)}, ${sumsOfRows(bucketEnds)}
      from (${aged}) g
      join parties.account_current a on a.tenant_id = ${tx.tenant} and a.account_id = g.account_id
      group by ${groups(by)}, g.currency`,
    sql`z.number, z.name, z."sortKey"`,
  );
}

/** Currency and sums of rows `g` of accounts. */
const sumsOfRows = (bucketEnds: readonly number[]): Sql => {
  const sumOf = (name: string) => sql`coalesce(sum(g.${raw(name)}), 0)::bigint as ${raw(name)}`;
  return sql`g.currency::text as currency, ${join([...bucketNames(bucketEnds), "unapplied", "credit_notes"].map(sumOf))},
           sum(g.items)::int as items`;
};

/** Rows with their totals, added in machine words: sums of the database are of another, slower kind. */
function withTotals(bucketEnds: readonly number[], rows: Sql, named: Sql): Sql {
  const columns = bucketNames(bucketEnds).map((name) => `z.${name}`);
  return sql`
    select z.key, ${named}, z.currency, ${raw([...columns, "z.unapplied", "z.credit_notes"].join(" + "))} as total,
           ${raw(columns.slice(1).join(" + "))} as overdue, z.unapplied, z.credit_notes as "creditNotes", z.items, ${raw(columns.join(", "))}
    from (${rows}) z`;
}

/** The same columns after the currency, over all rows `a`. */
const totalsOfRows = (bucketEnds: readonly number[]): Sql => sql`
  sum(a.total)::bigint, sum(a.overdue)::bigint, sum(a.unapplied)::bigint, sum(a."creditNotes")::bigint, sum(a.items)::int,
  ${join(bucketNames(bucketEnds).map((name) => sql`sum(a.${raw(name)})::bigint`))}`;

/**
 * Items are summed per account first, so that names are joined to thousands of rows and not to hundreds of thousands. An item is a debit or a credit by
 * the sign of its original; a debit is in exactly one bucket.
 */
function agedOfItems(tx: Tx, filter: AgedFilter): Sql {
  const amount = raw(filter.by === "currency" ? "o.open_minor" : "o.open_book_minor");
  const currency = raw(filter.by === "currency" ? "o.currency" : "o.book_currency");
  const { asOf, bucketEnds } = filter;
  // Back to bigint here: the sums of sums are then added in machine words.
  const sum = (condition: Sql, name: string) =>
    sql`(sum(${amount}) filter (where ${condition}))::bigint as ${raw(name)}`;
  const sums = [
    ...bucketConditions(asOf, bucketEnds).map((condition, i) => sum(sql`${DEBIT} and ${condition}`, `b${i}`)),
    sum(sql`not ${DEBIT} and o.kind <> 'credit_note'`, "unapplied"),
    sum(sql`not ${DEBIT} and o.kind = 'credit_note'`, "credit_notes"),
  ];
  return sql`
    select o.account_id, ${currency} as currency, ${join(sums)}, count(*) as items
    from ${openItemsAt(tx, filter, accountsOf(tx, filter))} o
    group by o.account_id, ${currency}`;
}

/** The same from what is kept per account. */
function agedOfAccounts(tx: Tx, filter: AgedFilter): Sql {
  const accounts = accountsOf(tx, filter);
  const buckets = bucketNames(filter.bucketEnds).map(
    (name, i) => sql`o.buckets_book_minor[${i + 1}::int] as ${raw(name)}`,
  );
  return sql`
    select o.account_id, o.book_currency as currency, ${join(buckets)}, o.unapplied_book_minor as unapplied,
            o.credit_note_book_minor as credit_notes, o.item_count as items
    from (select * from receivables.account_state where tenant_id = ${tx.tenant} and layer = ${filter.layers}) o
    ${accounts ? sql`where o.account_id ${accounts}` : empty}`;
}

function accountsOf(tx: Tx, { companyId, customerId, customerIds, ownerId }: AgedFilter): Sql | undefined {
  if (!companyId && !customerId && !customerIds && !ownerId) return undefined;
  const company = companyId ? sql`and company_id = ${companyId}` : empty;
  const customer = customerId ? sql`and customer_id = ${customerId}` : empty;
  const group = customerIds ? sql`and customer_id = any(${[...customerIds]}::uuid[])` : empty;
  const owner = ownerId
    ? sql`and customer_id in (select customer_id from parties.customer where tenant_id = ${tx.tenant} and owner_id = ${ownerId})`
    : empty;
  const found = sql`select account_id from parties.account_current where tenant_id = ${tx.tenant} ${company} ${customer} ${group} ${owner}`;
  return customerId || customerIds ? sql`= any(array(${found}))` : sql`in (${found})`;
}

/** Grouped by the key alone: a hash of 16 bytes; the names that go with it are the same in every row of the group. */
const KEYS: Readonly<Record<AgedBy, { keys: string; groups: string }>> = {
  customer: {
    keys: `a.customer_id::text as key, min(a.customer_number) as number, min(a.customer_name) as name, min(a.customer_sort_key) as "sortKey"`,
    groups: "a.customer_id",
  },
  company: {
    keys: `a.company_id::text as key, null as number, a.company_id::text as name, a.company_id::text as "sortKey"`,
    groups: "a.company_id",
  },
  currency: {
    keys: `g.currency::text as key, null as number, g.currency::text as name, g.currency::text as "sortKey"`,
    groups: "g.currency",
  },
  account: {
    keys: `a.account_id::text as key, min(a.control_account || ' ' || a.auxiliary) as number, min(a.account_name) as name,
           min(a.customer_sort_key) as "sortKey"`,
    groups: "a.account_id",
  },
};

const keys = (by: AgedBy): Sql => raw(KEYS[by].keys);
const groups = (by: AgedBy): Sql => raw(KEYS[by].groups);
