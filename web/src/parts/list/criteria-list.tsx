import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import type { CriterionInfo } from "#contracts/criteria.ts";
import type { ListPage, ListRow } from "#contracts/lists.ts";
import { Amount } from "#ui/amount.tsx";
import { DataTable, type Sort } from "#ui/data-table.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState, Loading } from "#ui/states.tsx";
import { Note } from "#ui/surfaces.tsx";
import { type ListName, listQuery } from "../../api/lists.ts";
import { useT } from "../../i18n/index.ts";
import { useWorkplace } from "../../session.tsx";
import { Clocks } from "../clocks.tsx";
import { type Clause, expressionOf, readClauses, writeClauses } from "../criteria/codec.ts";
import { useCriteria } from "../criteria/criteria.ts";
import { FilterBar } from "../criteria/filter-bar.tsx";
import { Failed } from "../loaded.tsx";
import { MyPortfolioClause } from "../my-portfolio.tsx";
import { type Search, useSearchState } from "../search-state.ts";
import { ColumnsMenu } from "./columns-menu.tsx";
import { GroupMenu } from "./group-menu.tsx";
import { Groups } from "./groups.tsx";
import { useListColumns, valueText } from "./list-parts.tsx";
import { NONE, type Selection, SelectionBar } from "./selection.tsx";
import { ViewsMenu } from "./views-menu.tsx";

/** What a list of the catalogue is asked for, from its address. */
export function useListParams(text: string) {
  const { company } = useWorkplace();
  const [search] = useSearchState();
  return useMemo(() => {
    const expression = expressionOf(readClauses(search.f));
    return {
      columns: search.cols,
      filter: expression ? JSON.stringify(expression) : undefined,
      text: text || undefined,
      companyId: company?.id,
      asOf: search.asOf,
      knownOn: search.knownOn,
      sort: search.sort,
      direction: search.dir,
    };
  }, [search, text, company]);
}

type ListProps = {
  list: ListName;
  subject: "customer" | "account";
  label: string;
  /** The criterion that names a row and opens it. */
  nameKey: string;
  text: string;
  linkOf: (row: ListRow) => { to: string; params: Record<string, string> };
  /** Customers have owners: the reader's own are one click away. */
  hasPortfolios?: boolean;
  /** What may be done with chosen rows; `count` is how many the list has. */
  bulk?: (selection: Selection, count: number, done: () => void) => ReactNode;
};

/** A list whose columns, filter, order and groups are criteria; all of it stands in the address and can be kept as a view. */
export function CriteriaList(props: ListProps) {
  const [search, set] = useSearchState();
  const navigate = useNavigate();
  const params = useListParams(props.text);
  const query = useInfiniteQuery(listQuery(props.list, { ...params, group: search.group }));
  const criteria = useCriteria(props.subject);
  const first = query.data?.pages[0];
  const clauses = readClauses(search.f);
  const { t } = useT();
  const filterBy = (next: readonly Clause[], patch: Readonly<Record<string, string | undefined>> = {}) =>
    set({ f: writeClauses(next) || undefined, ...patch });
  return (
    <>
      <div className="pad-filters">
        <FilterBar
          criteria={criteria}
          clauses={clauses}
          onChange={(next) => filterBy(next)}
          before={
            <>
              <Clocks search={search} set={set} label={t("items.asOf")} />
              {props.hasPortfolios ? (
                <MyPortfolioClause criterion="customer.owner" written={search.f} onChange={(f) => set({ f })} />
              ) : null}
            </>
          }
          after={
            <>
              <span className="grow" />
              <GroupMenu criteria={criteria} value={search.group} onChange={(group) => set({ group })} />
              <span className="only-wide">
                <ColumnsMenu
                  criteria={criteria}
                  shown={first?.columns.map((column) => column.key) ?? []}
                  onChange={(keys) => set({ cols: keys?.join(",") })}
                />
              </span>
              <ViewsMenu
                list={props.list}
                search={search}
                onOpen={(next) => void navigate({ to: ".", search: () => next, replace: false })}
              />
            </>
          }
        />
      </div>
      <p className="small t2 pad-filters">{t("list.working")}</p>
      {first && first.missingRates.length > 0 ? <MissingRates currencies={first.missingRates} /> : null}
      {search.group && first ? (
        <Groups
          page={first}
          criterion={criteria.find((one) => one.key === search.group)}
          onOpen={(clause) => filterBy([...clauses, clause], { group: undefined })}
        />
      ) : (
        <Rows {...props} query={query} pages={query.data?.pages ?? []} search={search} set={set} />
      )}
    </>
  );
}

type Patch = (patch: Readonly<Record<string, string | undefined>>) => void;

const MissingRates = ({ currencies }: { currencies: readonly string[] }) => {
  const { t } = useT();
  return (
    <div className="pad">
      <Note tone="warning">{t("list.missingRates", { currencies: currencies.join(", ") })}</Note>
    </div>
  );
};

function Rows(
  props: ListProps & {
    query: {
      isPending: boolean;
      isError: boolean;
      error: unknown;
      refetch: () => unknown;
      fetchNextPage: () => unknown;
      hasNextPage: boolean;
      isFetchingNextPage: boolean;
    };
    pages: readonly ListPage[];
    search: Search;
    set: Patch;
  },
) {
  const { t } = useT();
  const navigate = useNavigate();
  const { query, pages, search, set } = props;
  const first = pages[0];
  const link = (row: ListRow, text: ReactNode) => (
    <Link className="link-quiet" {...(props.linkOf(row) as { to: "/customers/$customerId" })}>
      {text}
    </Link>
  );
  const columns = useListColumns({
    columns: first?.columns ?? [],
    sums: first?.sums ?? [],
    nameKey: props.nameKey,
    link,
  });
  const [selection, setSelection] = useState(NONE);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (query.isPending) return <Loading rows={10} columns={5} />;
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  const rows = pages.flatMap((page) => page.rows);
  if (rows.length === 0)
    return (
      <EmptyState
        title={t("list.none")}
        actions={
          search.f ? (
            <button type="button" className="btn" onClick={() => set({ f: undefined })}>
              {t("filter.clearAll")}
            </button>
          ) : undefined
        }
      >
        {t("list.noneText")}
      </EmptyState>
    );
  const sort: Sort = { by: search.sort ?? props.nameKey, descending: search.dir === "desc" };
  const { bulk } = props;
  const count = first?.total?.count ?? rows.length;
  return (
    <>
      {bulk ? (
        <SelectionBar
          selection={selection}
          loaded={rows.length}
          count={count}
          mayTakeAll={!search.asOf && !search.knownOn}
          onChange={setSelection}
        >
          {bulk(selection, count, () => setSelection(NONE))}
        </SelectionBar>
      ) : null}
      <DataTable
        {...(bulk
          ? { selected: selection.ids, onSelect: (ids: ReadonlySet<string>) => setSelection({ ids, isAll: false }) }
          : {})}
        label={props.label}
        rows={rows}
        count={count}
        columns={columns}
        rowKey={(row) => row.id}
        compact={false}
        maxHeight="max(380px, calc(100vh - 368px))"
        hasTotal={(first?.columns ?? []).some((column) => column.type === "money")}
        sort={sort}
        onSort={(next) => set({ sort: next.by, dir: next.descending ? "desc" : "asc" })}
        onEnd={onEnd}
        onOpen={(row) => void navigate(props.linkOf(row) as { to: "/customers/$customerId" })}
        phone={(row) => phoneRow(row, first?.columns ?? [], props.nameKey, link)}
      />
    </>
  );
}

/** On a phone: the name, the texts below it, the first two amounts. */
function phoneRow(
  row: ListRow,
  columns: readonly CriterionInfo[],
  nameKey: string,
  link: (row: ListRow, text: ReactNode) => ReactNode,
) {
  const money = columns.filter((column) => column.type === "money").slice(0, 2);
  const texts = columns
    .filter((column) => column.type !== "money" && column.type !== "integer" && column.key !== nameKey)
    .slice(0, 3);
  const amount = (column: CriterionInfo | undefined) => {
    const value = column ? row.values[column.key] : null;
    return value === null || value === undefined ? null : (
      <Amount value={{ minor: String(value), currency: row.currency }} dash />
    );
  };
  return {
    title: link(row, String(row.values[nameKey] ?? "")),
    below: <Below row={row} columns={texts} />,
    amount: amount(money[0]),
    badge: <span className="small t3">{amount(money[1])}</span>,
  };
}

function Below({ row, columns }: { row: ListRow; columns: readonly CriterionInfo[] }) {
  const { t } = useT();
  const formats = useFormats();
  return (
    <>
      {columns
        .map((column) => valueText(column, row.values[column.key] ?? null, formats, t))
        .filter(Boolean)
        .join(" · ")}
    </>
  );
}
