import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import type { ItemSums } from "#contracts/item-sums.ts";
import type { Item } from "#contracts/receivables.ts";
import { Amount } from "#ui/amount.tsx";
import { type Column, DataTable, type Sort } from "#ui/data-table.tsx";
import { DateCell, LateDays } from "#ui/days.tsx";
import { useFormats, useLocale } from "#ui/locale.tsx";
import { EmptyState, Loading } from "#ui/states.tsx";
import { PageHead } from "#ui/surfaces.tsx";
import { Segments, Tabs } from "#ui/tabs.tsx";
import { type ItemFilter, itemSumsQuery, itemsQuery } from "../../api/receivables.ts";
import { type Translate, useT } from "../../i18n/index.ts";
import { expressionOf, readClauses, writeClauses } from "../../parts/criteria/codec.ts";
import { useCriteria } from "../../parts/criteria/criteria.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { itemName, KindBadge } from "../../parts/item-parts.tsx";
import { CodeItems, TeamStatus } from "../../parts/item-status.tsx";
import { GroupMenu } from "../../parts/list/group-menu.tsx";
import { NONE, SelectionBar } from "../../parts/list/selection.tsx";
import { ViewsMenu } from "../../parts/list/views-menu.tsx";
import { Failed } from "../../parts/loaded.tsx";
import { useSearchState } from "../../parts/search-state.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { ItemFilters, type Patch } from "./item-filters.tsx";
import { ItemGroups } from "./item-groups.tsx";
import { ItemPanel } from "./item-panel.tsx";

const STATUSES = ["open", "overdue", "settled", "all"] as const;
type Status = (typeof STATUSES)[number];
const DENSITY = "encours.density";

/** Parameters of the list that stand in the address as they are. */
const PASSED = ["document", "customerId", "accountId", "bucket", "asOf"] as const;

/** Every item of the ledger: criteria in the address, rows drawn as they are seen, total of all of them. */
export function Items() {
  const { t } = useT();
  const { company } = useWorkplace();
  const [search, set] = useSearchState();
  usePageTitle(t("nav.items"));
  const status: Status = STATUSES.find((one) => one === search.status) ?? "open";
  const filter: ItemFilter = useMemo(() => {
    const expression = expressionOf(readClauses(search.f));
    return {
      status,
      companyId: company?.id,
      layers: search.layers,
      sort: search.sort,
      direction: search.dir,
      ...Object.fromEntries(PASSED.map((name) => [name, search[name]])),
      filter: expression ? JSON.stringify(expression) : undefined,
    };
  }, [search, status, company]);
  return (
    <>
      <PageHead title={t("nav.items")} actions={<ExportMenu list="items" query={filter} />} />
      <div style={{ marginBottom: 12 }}>
        <Tabs
          label={t("nav.items")}
          value={status}
          onChange={(next) => set({ status: next === "open" ? undefined : next })}
          items={STATUSES.map((key) => ({ key, label: t(`itemStatus.${key}`) }))}
        />
      </div>
      <ItemFilters search={search} set={set} />
      <ItemList filter={filter} search={search} set={set} hasSettledDay={status === "settled" || status === "all"} />
    </>
  );
}

function ItemList(props: {
  filter: ItemFilter;
  search: Readonly<Record<string, string>>;
  set: Patch;
  hasSettledDay: boolean;
}) {
  const { filter, search, set } = props;
  const { t } = useT();
  const formats = useFormats();
  const { today } = useLocale();
  const { may } = useWorkplace();
  const navigate = useNavigate();
  const [compact, setCompact] = useState(() => localStorage.getItem(DENSITY) !== "comfortable");
  const query = useInfiniteQuery(itemsQuery(filter));
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  const asOf = search.asOf ?? today;
  const [selection, setSelection] = useState(NONE);
  const criteria = useCriteria("item");
  const sums = useQuery(itemSumsQuery({ ...filter, group: search.group })).data;
  const columns = useItemColumns({
    asOf,
    hasCustomer: true,
    hasSettledDay: props.hasSettledDay,
    onOpen: (id) => set({ item: id }),
  });
  const total = query.data?.pages[0]?.total;
  const filtered = Object.keys(search).some((name) => !["sort", "dir", "item", "status"].includes(name));
  const sort: Sort = { by: search.sort ?? "due", descending: search.dir === "desc" };

  if (query.isPending)
    return (
      <section className="sheet">
        <Loading rows={12} columns={7} />
      </section>
    );
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <section className="sheet" aria-busy={query.isFetching}>
      <div className="table-head">
        <b>{t("items.count", { count: sums?.items ?? total?.count ?? 0 })}</b>
        {sums?.reporting && sums.sums.length > 1 ? (
          <span className="t2">
            {t("items.together")}{" "}
            <Amount value={{ minor: sums.reporting.openMinor, currency: sums.reporting.currency }} />
          </span>
        ) : null}
        {!sums && total && !total.exact ? <span className="t3">{t("items.atLeast")}</span> : null}
        <span className="grow" />
        <GroupMenu criteria={criteria} value={search.group} onChange={(group) => set({ group })} />
        <ViewsMenu list="items" search={search} onOpen={(next) => void navigate({ to: ".", search: () => next })} />
        <span className="only-wide">
          <Segments
            label={t("ui.density")}
            value={compact ? "compact" : "comfortable"}
            onChange={(next) => {
              localStorage.setItem(DENSITY, next);
              setCompact(next === "compact");
            }}
            items={[
              { key: "compact", label: t("ui.compact") },
              { key: "comfortable", label: t("ui.comfortable") },
            ]}
          />
        </span>
      </div>
      <SelectionBar
        selection={selection}
        loaded={rows.length}
        count={sums?.items ?? total?.count ?? 0}
        isCountExact={sums !== undefined || (total?.exact ?? true)}
        mayTakeAll={sums !== undefined}
        onChange={setSelection}
      >
        <CodeItems
          itemIds={[...selection.ids].slice(0, 500)}
          list={selection.isAll ? { filter: listOf(filter), count: sums?.items ?? 0 } : undefined}
          status={null}
          onDone={() => setSelection(NONE)}
        />
      </SelectionBar>
      {search.group && sums ? (
        <ItemGroups
          data={sums}
          criterion={criteria.find((one) => one.key === search.group)}
          onOpen={(clause) => set({ f: writeClauses([...readClauses(search.f), clause]), group: undefined })}
        />
      ) : rows.length === 0 ? (
        <EmptyState
          title={t(filtered ? "items.noneFiltered" : "items.none")}
          actions={
            filtered ? (
              <button
                type="button"
                className="btn"
                onClick={() => set(Object.fromEntries(Object.keys(search).map((name) => [name, undefined])))}
              >
                {t("filter.clearAll")}
              </button>
            ) : (
              <Link className="btn btn-primary" to="/data/import">
                {t("imports.start")}
              </Link>
            )
          }
        >
          {t(filtered ? "items.noneFilteredText" : "items.noneText")}
        </EmptyState>
      ) : (
        <DataTable
          {...(may("items.code")
            ? { selected: selection.ids, onSelect: (ids: ReadonlySet<string>) => setSelection({ ids, isAll: false }) }
            : {})}
          hasTotal={sums !== undefined}
          label={t("nav.items")}
          rows={rows}
          count={total?.count ?? rows.length}
          columns={columns.map((column) => ({ ...column, total: sums ? totalOf(column.key, sums, t) : undefined }))}
          rowKey={(item) => item.id}
          compact={compact}
          sort={sort}
          onSort={(next) => set({ sort: next.by, dir: next.descending ? "desc" : "asc" })}
          onEnd={onEnd}
          onPeek={(item) => set({ item: item.id })}
          onOpen={(item) => void navigate({ to: "/items/$itemId", params: { itemId: item.id } })}
          phone={(item) => ({
            title: (
              <Link className="link-quiet" to="/items/$itemId" params={{ itemId: item.id }}>
                {itemName(item, t(`kind.${item.kind}`))}
              </Link>
            ),
            below: (
              <>
                {item.customerName} · {formats.day(item.dueOn)}{" "}
                {owes(item) ? <LateDays dueOn={item.dueOn} asOf={asOf} /> : null}
              </>
            ),
            amount: <Amount value={item.open} />,
            badge: <KindBadge kind={item.kind} layer={item.layer} />,
          })}
        />
      )}
      {search.item ? <ItemPanel itemId={search.item} onClose={() => set({ item: undefined })} /> : null}
    </section>
  );
}

/** What stands under a column in the total of all items, loaded or not: one amount a currency. */
function totalOf(column: string, sums: ItemSums, t: Translate) {
  if (column === "number") return t("list.total");
  if (column !== "open" && column !== "original") return undefined;
  const key = column === "open" ? "openMinor" : "originalMinor";
  return sums.sums.map((sum) => (
    <div key={sum.currency}>
      <Amount value={{ minor: sum[key], currency: sum.currency }} quiet={column === "original"} />
    </div>
  ));
}

/** The list without its order: what is done to all of it. */
const listOf = ({ sort: _sort, direction: _direction, ...rest }: ItemFilter): ItemFilter => rest;

/** Something is left to pay: credits and settled items are never late. */
export const owes = (item: Pick<Item, "open">): boolean =>
  !item.open.minor.startsWith("-") && !/^0*$/.test(item.open.minor);

/** Columns of items wherever they are listed. */
export function useItemColumns(options: {
  asOf: string;
  hasCustomer: boolean;
  hasSettledDay?: boolean;
  /** False where all rows are of one company; else shown where there are several. */
  hasCompany?: boolean;
  onOpen?: (itemId: string) => void;
}): Column<Item>[] {
  const { t } = useT();
  const formats = useFormats();
  const { session } = useWorkplace();
  const many = session.companies.length > 1 && options.hasCompany !== false;
  const columns: (Column<Item> | false)[] = [
    {
      key: "number",
      header: t("field.item"),
      cell: (item) => (
        <Link className="link-quiet nowrap" to="/items/$itemId" params={{ itemId: item.id }}>
          {itemName(item, t(`kind.${item.kind}`))}
        </Link>
      ),
    },
    options.hasCustomer && {
      key: "customer",
      header: t("field.customer"),
      cell: (item) => (
        <Link className="link-plain clip" to="/customers/$customerId" params={{ customerId: item.customerId }}>
          {item.customerName}
        </Link>
      ),
    },
    many && {
      key: "company",
      header: t("field.company"),
      cell: (item) => <span className="t2">{item.companyCode}</span>,
    },
    {
      key: "posted",
      header: t("field.issuedOn"),
      sort: "posted",
      cell: (item) => <DateCell day={item.issuedOn} quiet />,
    },
    {
      key: "due",
      header: t("field.dueOn"),
      sort: "due",
      cell: (item) => (
        <span className="nowrap" title={item.isDueEstimated ? t("items.estimated") : undefined}>
          <DateCell day={item.dueOn} />
          {item.isDueEstimated ? <span className="t3"> ≈</span> : null}
        </span>
      ),
    },
    {
      key: "late",
      header: t("field.late"),
      right: true,
      cell: (item) => (owes(item) ? <LateDays dueOn={item.dueOn} asOf={options.asOf} /> : null),
    },
    {
      key: "original",
      header: t("field.original"),
      right: true,
      cell: (item) => (item.original.minor === item.open.minor ? null : <Amount value={item.original} quiet />),
    },
    {
      key: "open",
      header: t("field.openAmount"),
      right: true,
      sort: "amount",
      cell: (item) => <Amount value={item.open} dash />,
    },
    options.hasSettledDay === true && {
      key: "settled",
      header: t("items.settledOn"),
      cell: (item) => (item.settledOn ? <span className="success nowrap">{formats.day(item.settledOn)}</span> : null),
    },
    {
      key: "kind",
      header: t("field.kind"),
      cell: (item) => (
        <span className="row gap-4">
          <KindBadge kind={item.kind} layer={item.layer} />
          <TeamStatus status={item.teamStatus} />
        </span>
      ),
    },
  ];
  return columns.filter((column) => column !== false);
}
