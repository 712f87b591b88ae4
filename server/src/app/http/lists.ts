import { z } from "zod";
import { Id, type Language } from "#contracts/common.ts";
import type { CriterionInfo } from "#contracts/criteria.ts";
import { ListPage, ListQuery, type ListRow, ListSubject } from "#contracts/lists.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { done, refuse } from "#kernel/result.ts";
import { criterionInfo } from "#platform/criteria/index.ts";
import type { Tx } from "#platform/database/index.ts";
import { type ExportCell, moneyCell } from "#platform/export/index.ts";
import { isRefused, type Route, readCursor, route } from "#platform/http/index.ts";
import { isPositionOf, prepareList, readList, streamList } from "#platform/lists/index.ts";
import { LISTS, listGiven } from "../catalogue.ts";
import { formatParams, tableStream } from "./table-stream.ts";

/** "+value" of the sorted column, or "-" where the last row had none. */
const Position = z.union([z.literal("-"), z.string().startsWith("+")]);

const prepared = async (tx: Tx, subject: ListSubject, query: Query, today: CalendarDate, userId: string) =>
  prepareList(tx, LISTS[subject], query, await listGiven(tx, today, userId));

type Query = Omit<ListQuery, "limit" | "cursor">;

const NAMES = {
  customer: { path: "customers", read: "readCustomerList", export: "exportCustomerList", summary: "Customers" },
  account: { path: "accounts", read: "readAccountList", export: "exportAccountList", summary: "Accounts" },
} as const satisfies Record<ListSubject, object>;

const listRoute = (subject: ListSubject): Route =>
  route({
    method: "GET",
    path: `/lists/${NAMES[subject].path}`,
    operationId: NAMES[subject].read,
    tag: "lists",
    permission: "receivables.read",
    summary: `${NAMES[subject].summary} by criteria of the catalogue: columns, filter, order, groups and totals as asked`,
    query: ListQuery,
    reply: ListPage,
    handle: async ({ actor, query, services, today }) => {
      const after = readCursor(query.cursor, [Position, Id]);
      if (isRefused(after)) return after;
      return services.db.transaction(actor.tenant, async (tx) => {
        const list = await prepared(tx, subject, query, today, actor.id);
        if (!list.ok) return list;
        const position = after && { value: after[0] === "-" ? null : after[0].slice(1), id: after[1] };
        if (position && !isPositionOf(list.value, position)) return refuse("invalid_request", { detail: "cursor" });
        return done(await readList(list.value, query.limit, position));
      });
    },
  });

const exportRoute = (subject: ListSubject): Route =>
  route({
    method: "GET",
    path: `/exports/lists/${NAMES[subject].path}.:format`,
    operationId: NAMES[subject].export,
    tag: "exports",
    permission: "exports.read",
    file: true,
    summary: `${NAMES[subject].summary} as CSV or XLSX: all rows of the list with the same columns, filter and order`,
    params: formatParams,
    query: ListQuery.omit({ limit: true, cursor: true, group: true }),
    handle: async ({ actor, params, query, services, today }) => {
      const first = await services.db.transaction(actor.tenant, (tx) => prepared(tx, subject, query, today, actor.id));
      if (!first.ok) return first;
      const columns = first.value.columns.map(criterionInfo);
      const hasMoney = columns.some((column) => column.type === "money");
      const headers = columns.map((column) => column.label[actor.language]);
      if (hasMoney) headers.push(actor.language === "fr" ? "Devise" : "Currency");
      const read = async function* (tx: Tx) {
        const list = await prepared(tx, subject, query, today, actor.id);
        if (!list.ok) throw new Error(`the list ended with ${list.code}`);
        for await (const batch of streamList(list.value))
          yield batch.map((row) => cellsOf(row, columns, hasMoney, actor.language));
      };
      const name = `${NAMES[subject].path}-${first.value.context.asOf}`;
      return tableStream(services, actor, params.format, name, headers, read);
    },
  });

function cellsOf(row: ListRow, columns: readonly CriterionInfo[], hasMoney: boolean, language: Language): ExportCell[] {
  const cells = columns.map((column): ExportCell => {
    const value = row.values[column.key] ?? null;
    if (value === null) return null;
    if (column.type === "money") return moneyCell(String(value), row.currency);
    if (column.type === "day") return { day: String(value) };
    const choice = column.choices?.find((one) => one.value === value);
    if (choice) return choice[language];
    return typeof value === "number" ? value : String(value);
  });
  return hasMoney ? [...cells, row.currency] : cells;
}

export const listRoutes: Route[] = ListSubject.options.flatMap((subject) => [listRoute(subject), exportRoute(subject)]);
