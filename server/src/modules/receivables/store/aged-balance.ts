import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { listCompanies } from "#modules/parties/index.ts";
import { empty, join, raw, type Sql, sql, type Tx } from "#platform/database/index.ts";
import { type Layers, openItemsAt } from "./open-items.ts";
import { withoutNestedLoops } from "./plans.ts";

export type AgedBy = "customer" | "company" | "currency" | "account";

export type AgedFilter = {
  readonly asOf: CalendarDate;
  /** As it was known on that day; absent: as known today. */
  readonly knownOn?: CalendarDate | undefined;
  readonly layers: Layers;
  readonly by: AgedBy;
  readonly companyId?: Uuid | undefined;
  readonly customerId?: Uuid | undefined;
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

/** Rows of the aged balance with the totals of all of them, one total per currency; `limit` cuts the rows, never the totals. */
export async function agedBalance(
  tx: Tx,
  filter: AgedFilter,
  sort: AgedSort,
  limit: number,
): Promise<{ rows: AgedRow[]; totals: AgedRow[]; rowCount: number }> {
  const read = () => tx.rows<Read>(agedRows(tx, filter));
  const rows = filter.customerId ? await read() : await withoutNestedLoops(tx, read);
  const named = rows.map(await namer(tx, filter));
  named.sort(comparing(sort));
  return { rows: named.slice(0, limit), totals: totalsOf(named), rowCount: named.length };
}

/** The same rows in batches, sorted by name, for exports: memory stays bounded. */
export async function* streamAgedBalance(tx: Tx, filter: AgedFilter): AsyncGenerator<AgedRow[]> {
  const named = await namer(tx, filter);
  for await (const rows of tx.stream<Read>(sql`${agedRows(tx, filter)} order by "sortKey", key, currency`))
    yield rows.map(named);
}

type Read = Omit<AgedRow, "buckets"> & { readonly sortKey: string; readonly [bucket: `b${number}`]: bigint };

const sortKeys = new WeakMap<AgedRow, string>();

function fromRead(read: Read): AgedRow {
  const { sortKey, key, number, name, currency, total, overdue, unapplied, creditNotes, items } = read;
  const buckets: bigint[] = [];
  for (let i = 0; ; i += 1) {
    const minor = read[`b${i}`];
    if (minor === undefined) break;
    buckets.push(minor);
  }
  const row = { key, number, name, currency, total, overdue, unapplied, creditNotes, buckets, items };
  sortKeys.set(row, sortKey);
  return row;
}

/** Companies are named by their own room. */
async function namer(tx: Tx, { by }: AgedFilter): Promise<(read: Read) => AgedRow> {
  if (by !== "company") return fromRead;
  const companies = new Map((await listCompanies(tx)).map((company) => [company.id, company]));
  return (read) => {
    const company = companies.get(read.key);
    return fromRead(company ? { ...read, number: company.code, name: company.name, sortKey: company.code } : read);
  };
}

/**
 * Items are summed per account first, so that names are joined to thousands of rows and not to hundreds of thousands. An item is a debit or a credit by
 * the sign of its original; a debit is in exactly one bucket.
 */
function agedRows(tx: Tx, filter: AgedFilter): Sql {
  const { by, bucketEnds, asOf } = filter;
  const isForeign = by === "currency";
  const amount = raw(isForeign ? "o.open_minor" : "o.open_book_minor");
  const currency = raw(isForeign ? "o.currency" : "o.book_currency");
  const debit = sql`(o.original_minor > 0 or (o.original_minor = 0 and o.original_book_minor >= 0))`;
  const ends = bucketEnds.map((end) => sql`o.due_on >= ${asOf}::date - ${end}::int`);
  const conditions = [
    sql`o.due_on >= ${asOf}::date`,
    ...bucketEnds.map((_, i) => bucketCondition(asOf, i, ends)),
    lastBucket(asOf, bucketEnds),
  ];
  const sums = conditions.map(
    (condition, i) => sql`sum(${amount}) filter (where ${debit} and ${condition}) as ${raw(`b${i}`)}`,
  );
  const columns = conditions.map((_, i) => sql`coalesce(sum(g.${raw(`b${i}`)}), 0)::bigint as ${raw(`b${i}`)}`);
  return sql`
    with aged as (
      select o.account_id, ${currency} as currency, ${join(sums)}, sum(${amount}) as total,
             sum(${amount}) filter (where ${debit} and o.due_on < ${asOf}::date) as overdue,
             sum(${amount}) filter (where not ${debit} and o.kind <> 'credit_note') as unapplied,
             sum(${amount}) filter (where not ${debit} and o.kind = 'credit_note') as credit_notes, count(*) as items
      from ${openItemsAt(tx, filter)} o
      ${ofAccounts(tx, filter)}
      group by o.account_id, ${currency}
    )
    select ${keys(by)}, g.currency, sum(g.total)::bigint as total, coalesce(sum(g.overdue), 0)::bigint as overdue,
           coalesce(sum(g.unapplied), 0)::bigint as unapplied, coalesce(sum(g.credit_notes), 0)::bigint as "creditNotes", sum(g.items)::int as items,
           ${join(columns)}
    from aged g
    join parties.account_current a on a.tenant_id = ${tx.tenant} and a.account_id = g.account_id
    group by ${groups(by)}, g.currency`;
}

function bucketCondition(asOf: CalendarDate, i: number, ends: readonly Sql[]): Sql {
  const before = i === 0 ? sql`o.due_on < ${asOf}::date` : sql`not (${ends[i - 1] ?? empty})`;
  return sql`${before} and ${ends[i] ?? empty}`;
}

const lastBucket = (asOf: CalendarDate, ends: readonly number[]): Sql =>
  sql`o.due_on < ${asOf}::date - ${ends.at(-1) ?? 0}::int`;

function ofAccounts(tx: Tx, { companyId, customerId }: AgedFilter): Sql {
  if (!companyId && !customerId) return empty;
  const company = companyId ? sql`and company_id = ${companyId}` : empty;
  const customer = customerId ? sql`and customer_id = ${customerId}` : empty;
  return sql`where o.account_id in (select account_id from parties.account_current where tenant_id = ${tx.tenant} ${company} ${customer})`;
}

const KEYS: Readonly<Record<AgedBy, { keys: string; groups: string }>> = {
  customer: {
    keys: `a.customer_id::text as key, a.customer_number as number, a.customer_name as name, a.customer_sort_key as "sortKey"`,
    groups: "a.customer_id, a.customer_number, a.customer_name, a.customer_sort_key",
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
    keys: `a.account_id::text as key, a.control_account || ' ' || a.auxiliary as number, a.account_name as name, a.customer_sort_key as "sortKey"`,
    groups: "a.account_id, a.control_account, a.auxiliary, a.account_name, a.customer_sort_key",
  },
};

const keys = (by: AgedBy): Sql => raw(KEYS[by].keys);
const groups = (by: AgedBy): Sql => raw(KEYS[by].groups);

function comparing({ column, isDescending }: AgedSort): (a: AgedRow, b: AgedRow) => number {
  const sign = isDescending ? -1 : 1;
  const byName = (a: AgedRow, b: AgedRow) => {
    const [x, y] = [sortKeys.get(a) ?? a.name, sortKeys.get(b) ?? b.name];
    return x < y ? -1 : x > y ? 1 : a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
  };
  if (column === "name") return (a, b) => sign * byName(a, b);
  const bucket = Number(column);
  const amountOf = (row: AgedRow): bigint => {
    if (column === "overdue") return row.overdue;
    if (column === "credits") return row.unapplied + row.creditNotes;
    return Number.isInteger(bucket) ? (row.buckets[bucket] ?? 0n) : row.total;
  };
  return (a, b) => {
    const [x, y] = [amountOf(a), amountOf(b)];
    return x === y ? byName(a, b) : x < y ? -sign : sign;
  };
}

function totalsOf(rows: readonly AgedRow[]): AgedRow[] {
  const totals = new Map<string, AgedRow>();
  for (const row of rows) {
    const sum = totals.get(row.currency);
    totals.set(row.currency, sum ? added(sum, row) : { ...row, key: row.currency, number: null, name: row.currency });
  }
  return [...totals.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

const added = (a: AgedRow, b: AgedRow): AgedRow => ({
  ...a,
  total: a.total + b.total,
  overdue: a.overdue + b.overdue,
  unapplied: a.unapplied + b.unapplied,
  creditNotes: a.creditNotes + b.creditNotes,
  buckets: a.buckets.map((minor, i) => minor + (b.buckets[i] ?? 0n)),
  items: a.items + b.items,
});
