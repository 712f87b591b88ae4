import type { CriterionType, Expression } from "#contracts/criteria.ts";
import type { ListPage, ListQuery, ListRow, ListValue } from "#contracts/lists.ts";
import { type CalendarDate, day, parseCalendarDate } from "#kernel/calendar-date.ts";
import type { Currency } from "#kernel/money.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import {
  type Criterion,
  catalogueOf,
  columnOf,
  compileExpression,
  criterionInfo,
  filterOf,
  keysIn,
  shownOf,
  withUsers,
} from "../criteria/index.ts";
import { empty, join, raw, type Sql, sql, type Tx } from "../database/index.ts";
import { writeCursor } from "../http/index.ts";
import { loadRates } from "../rates/index.ts";
import type { ListContext, ListKind } from "./list.ts";

/** A list made ready: everything checked, nothing read but rates and the tenant's own criteria. */
export type PreparedList = {
  readonly context: ListContext;
  readonly columns: readonly Criterion[];
  readonly group: Criterion | undefined;
  readonly sort: Criterion;
  readonly isDescending: boolean;
  /** `from ... where ...` over the subject, its joined sources and the filter. */
  readonly body: Sql;
  readonly kind: ListKind;
};

/** What a list needs to know of its day and its tenant; `userId` is who asks. */
export type Given = {
  readonly today: CalendarDate;
  readonly reportingCurrency: Currency;
  readonly bookCurrencies: readonly Currency[];
  readonly users?: readonly { readonly id: string; readonly name: string }[];
  readonly userId?: string | undefined;
};

const GROUPS_SHOWN = 500;
const FACTOR_DIGITS = 16n;
const TYPES: Readonly<Record<CriterionType, string>> = {
  text: "text",
  choice: "text",
  money: "bigint",
  integer: "bigint",
  day: "date",
  boolean: "boolean",
};

/** Checks a query over a kind of list and joins the sources that its columns, filter, order and group need. */
export async function prepareList(
  tx: Tx,
  kind: ListKind,
  query: Omit<ListQuery, "limit" | "cursor">,
  given: Given,
): Promise<Result<PreparedList, "filter_invalid">> {
  const shipped = kind.criteria.map((one) => withUsers(one, given.users ?? []));
  const catalogue = catalogueOf(shipped, await kind.ownCriteria(tx));
  const filter: Result<Expression, "filter_invalid"> =
    query.filter === undefined ? done({ all: [] }) : filterOf(query.filter, catalogue, given.userId);
  if (!filter.ok) return filter;
  const named = [...(query.columns ?? kind.shippedColumns), query.sort ?? kind.shippedSort];
  const unknown = [...named, ...(query.group ? [query.group] : [])].find((key) => !catalogue.get(key)?.column);
  if (unknown !== undefined) return refuse("filter_invalid", { detail: unknown });
  const known = (key: string): Criterion[] => {
    const found = catalogue.get(key);
    return found ? [found] : [];
  };
  const columns = (query.columns ?? kind.shippedColumns).flatMap(known);
  const sort = catalogue.get(query.sort ?? kind.shippedSort);
  if (!sort) return refuse("filter_invalid", { detail: "sort" });
  const group = query.group === undefined ? undefined : catalogue.get(query.group);
  const asOf = query.asOf ? day(query.asOf) : given.today;
  const context: ListContext = {
    tx,
    asOf,
    knownOn: query.knownOn ? day(query.knownOn) : undefined,
    today: given.today,
    companyId: query.companyId,
    reporting: await reportingOf(tx, given.bookCurrencies, given.reportingCurrency, asOf),
  };
  const used = [...columns, sort, ...(group ? [group] : []), ...keysIn(filter.value).flatMap(known)];
  const body = sql`
    from ${kind.from} ${await joinsOf(kind, context, used)}
    where ${kind.where(context, query.text ?? "")} and ${compileExpression(filter.value, catalogue, asOf)}`;
  return done({ context, columns, group, sort, isDescending: query.direction === "desc", body, kind });
}

/** The sources that criteria stand in, joined once each. */
async function joinsOf(kind: ListKind, context: ListContext, used: readonly Criterion[]): Promise<Sql> {
  const names = [...new Set(used.flatMap((one) => one.source ?? []))].sort();
  const joins: Sql[] = [];
  for (const name of names) {
    const source = kind.sources[name];
    if (!source) throw new Error(`no source ${name}`);
    joins.push(await source(context));
  }
  return joins.length > 0 ? join(joins, " ") : empty;
}

/** Every row of a list by its id alone, to splice. */
export const idsOf = ({ kind, body }: PreparedList, name: string): Sql =>
  sql`select ${kind.id} as ${raw(name)} ${body}`;

/**
 * Which of some filters each subject meets first: a query of its id under `name` and `rule`, counted from 0, null where it meets none. Filters over users
 * are refused: who has a customer must not rest on who has it.
 */
export async function firstMet(
  tx: Tx,
  kind: ListKind,
  filters: readonly string[],
  name: string,
  given: Given,
): Promise<Result<Sql, "filter_invalid">> {
  const catalogue = catalogueOf(
    kind.criteria.filter((one) => !one.isUser),
    await kind.ownCriteria(tx),
  );
  const trees: Expression[] = [];
  for (const text of filters) {
    const tree = filterOf(text, catalogue);
    if (!tree.ok) return tree;
    trees.push(tree.value);
  }
  const { today } = given;
  const context: ListContext = {
    tx,
    asOf: today,
    today,
    reporting: await reportingOf(tx, given.bookCurrencies, given.reportingCurrency, today),
  };
  const used = trees.flatMap(keysIn).flatMap((key) => catalogue.get(key) ?? []);
  const cases = trees.map((tree, index) => sql`when ${compileExpression(tree, catalogue, today)} then ${index}::int`);
  const rule = cases.length === 0 ? raw("null::int") : sql`case ${join(cases, " ")} end`;
  return done(sql`
    select ${kind.id} as ${raw(name)}, ${rule} as rule
    from ${kind.from} ${await joinsOf(kind, context, used)}
    where ${kind.where(context, "")}`);
}

/** Factors from minor units of each book currency to those of the reporting one, at the last rates on or before the day. */
async function reportingOf(
  tx: Tx,
  currencies: readonly Currency[],
  to: Currency,
  asOf: CalendarDate,
): Promise<ListContext["reporting"]> {
  const others = currencies.filter((one) => one !== to);
  const factors = new Map<string, string>([[to, "1"]]);
  if (others.length === 0) return { currency: to, factors, missing: [] };
  const table = await loadRates(tx, [...others, to]);
  // A large round amount converted once gives the factor to more digits than any balance has.
  for (const currency of others) {
    const found = table.convert({ minor: 10n ** FACTOR_DIGITS, currency }, to, asOf);
    if (!found) continue;
    const digits = found.money.minor.toString().padStart(Number(FACTOR_DIGITS) + 1, "0");
    const point = digits.length - Number(FACTOR_DIGITS);
    factors.set(currency, `${digits.slice(0, point)}.${digits.slice(point)}`);
  }
  return { currency: to, factors, missing: others.filter((one) => !factors.has(one)) };
}

type Read = { readonly id: string; readonly currency: string; readonly position: unknown } & Readonly<
  Record<`v${number}`, unknown>
>;

/** Where a page ended: the sorted value as text (null where it had none) and the row's id. */
export type ListPosition = { readonly value: string | null; readonly id: string };

/** Whether a position that came from outside is one of this list. */
export function isPositionOf({ sort }: PreparedList, { value }: ListPosition): boolean {
  if (value === null) return true;
  switch (sort.type) {
    case "money":
    case "integer":
      return /^-?\d{1,18}$/.test(value);
    case "day":
      return parseCalendarDate(value) !== undefined;
    case "boolean":
      return value === "true" || value === "false";
    default:
      return !value.includes("\u0000");
  }
}

const values = (list: PreparedList): Sql =>
  join(list.columns.map((one, index) => sql`${shownOf(one, list.context.asOf)} as ${raw(`v${index}`)}`));

const sortColumn = ({ sort, context }: PreparedList): Sql => sort.sort ?? columnOf(sort, context.asOf) ?? raw("null");

/** One page; `sums` and `groups` on the first only. Rows without the sorted value come last. */
export async function readList(list: PreparedList, limit: number, after: ListPosition | undefined): Promise<ListPage> {
  const { asOf, knownOn, reporting } = list.context;
  const { found, sums } = await readPage(list, limit + 1, after);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const isMore = found.length > limit && last !== undefined;
  const count = sums.reduce((sum, one) => sum + one.count, 0);
  return {
    asOf,
    knownOn: knownOn ?? null,
    columns: list.columns.map(criterionInfo),
    rows: rows.map((row) => toRow(list, row)),
    next: isMore ? writeCursor([last.position === null ? "-" : `+${String(last.position)}`, last.id]) : null,
    total: after ? null : { count, exact: true },
    sums,
    groups: after || !list.group ? [] : await readGroups(list, list.group),
    missingRates: [...reporting.missing],
  };
}

type Sum = { readonly currency: string; readonly count: number; readonly values: Record<string, string> };

/** The rows of a page; on the first one with the sums of all rows, from one reading of them. */
async function readPage(
  list: PreparedList,
  limit: number,
  after: ListPosition | undefined,
): Promise<{ found: Read[]; sums: Sum[] }> {
  const { context, kind, columns, isDescending } = list;
  if (after) return { found: await context.tx.rows<Read>(pageOf(list, limit, after)), sums: [] };
  const order = raw(isDescending ? "desc" : "asc");
  const summed = columns.map((one, index) =>
    one.type === "money" ? sql`sum(r.${raw(`v${index}`)})::bigint` : sql`null::${raw(TYPES[one.type])}`,
  );
  const read = await context.tx.rows<Read & { readonly count: bigint | null }>(sql`
    with list_row as materialized (
      select ${kind.id} as id, ${kind.currency(context)} as currency, ${sortColumn(list)} as sorted, ${values(list)}
      ${list.body}
    )
    (
      select r.id, r.currency, r.sorted::text as position, null::bigint as count, ${join(columns.map((_, index) => raw(`r.v${index}`)))}
      from list_row r
      order by r.sorted ${order} nulls last, r.id ${order}
      limit ${limit}
    )
    union all
    (
      select null, r.currency, null, count(*), ${join(summed)}
      from list_row r
      group by r.currency
      order by 4 desc, 2
      limit ${GROUPS_SHOWN}
    )`);
  const found: Read[] = [];
  const sums: Sum[] = [];
  for (const row of read) {
    if (row.count === null) found.push(row);
    else sums.push({ currency: row.currency, count: Number(row.count), values: moneyOf(list, row) });
  }
  return { found, sums };
}

const moneyOf = ({ columns }: PreparedList, row: Read): Record<string, string> =>
  Object.fromEntries(
    columns.flatMap((one, index) => (one.type === "money" ? [[one.key, String(row[`v${index}`] ?? 0)]] : [])),
  );

function pageOf(list: PreparedList, limit: number, after: ListPosition | undefined): Sql {
  const { kind, isDescending, sort } = list;
  const column = sortColumn(list);
  const type = raw(TYPES[sort.type]);
  const order = raw(isDescending ? "desc" : "asc");
  const compare = raw(isDescending ? "<" : ">");
  const beyond = !after
    ? empty
    : after.value === null
      ? sql`and (${column}) is null and ${kind.id} ${compare} ${after.id}::uuid`
      : sql`and ((${column}, ${kind.id}) ${compare} (${after.value}::${type}, ${after.id}::uuid) or (${column}) is null)`;
  return sql`
    select ${kind.id} as id, ${kind.currency(list.context)} as currency, (${column})::text as position, ${values(list)}
    ${list.body} ${beyond}
    order by ${column} ${order} nulls last, ${kind.id} ${order}
    limit ${limit}`;
}

/** Every row in batches, in the order of the list: memory stays bounded. */
export async function* streamList(list: PreparedList): AsyncGenerator<ListRow[]> {
  const { kind, isDescending } = list;
  const order = raw(isDescending ? "desc" : "asc");
  const rows = list.context.tx.stream<Read>(sql`
    select ${kind.id} as id, ${kind.currency(list.context)} as currency, ${values(list)}
    ${list.body}
    order by ${sortColumn(list)} ${order} nulls last, ${kind.id} ${order}`);
  for await (const batch of rows) yield batch.map((row) => toRow(list, row));
}

/** Money of the columns summed per value of `group` and currency, with the number of rows; those with most rows first. */
async function readGroups(list: PreparedList, group: Criterion): Promise<(Sum & { value: ListValue })[]> {
  const { kind, context } = list;
  const sums = list.columns.flatMap((one, index) =>
    one.type === "money" ? [sql`, sum(${shownOf(one, context.asOf)})::bigint as ${raw(`v${index}`)}`] : [],
  );
  const found = await context.tx.rows<Read & { value: unknown; count: bigint }>(sql`
    select ${shownOf(group, context.asOf)} as value, ${kind.currency(context)} as currency, count(*) as count ${sums.length > 0 ? join(sums, "") : empty}
    ${list.body}
    group by 1, 2
    order by 3 desc, 1 nulls last, 2
    limit ${GROUPS_SHOWN}`);
  return found.map((row) => ({
    currency: row.currency,
    count: Number(row.count),
    values: moneyOf(list, row),
    value: plain(group.type, row.value),
  }));
}

const toRow = (list: PreparedList, row: Read): ListRow => ({
  id: row.id,
  currency: row.currency,
  values: Object.fromEntries(list.columns.map((one, index) => [one.key, plain(one.type, row[`v${index}`])])),
});

function plain(type: CriterionType, value: unknown): ListValue {
  if (value === null || value === undefined) return null;
  if (type === "money") return String(value);
  if (type === "integer") return Number(value);
  return type === "boolean" ? value === true : String(value);
}
