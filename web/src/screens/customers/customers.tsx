import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import type { AgedBalance, AgedRow } from "#contracts/receivables.ts";
import { AgeingBar } from "#ui/ageing-bar.tsx";
import { Amount } from "#ui/amount.tsx";
import { Badge } from "#ui/badge.tsx";
import { type Column, DataTable, type Sort } from "#ui/data-table.tsx";
import { TextField } from "#ui/fields.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState, Loading } from "#ui/states.tsx";
import { PageHead, Sheet } from "#ui/surfaces.tsx";
import { Tabs } from "#ui/tabs.tsx";
import { api } from "../../api/client.ts";
import type { CustomerPage } from "../../api/parties.ts";
import { agedBalanceQuery } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { bucketLabel, bucketShade } from "../../parts/buckets.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { Failed } from "../../parts/loaded.tsx";
import { useSearchState } from "../../parts/search-state.ts";
import { useSettled } from "../../parts/use-settled.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";

type Row = CustomerPage["rows"][number];

/** Those who owe, largest overdue first; or everybody, by name. */
export function Customers() {
  const { t } = useT();
  const { company, may } = useWorkplace();
  const [search, set] = useSearchState();
  const [typed, setTyped] = useState(search.text ?? "");
  const text = useSettled(typed.trim(), 200);
  usePageTitle(t("nav.customers"));
  const view = search.view === "all" || text ? "all" : "owing";
  return (
    <>
      <PageHead
        title={t("nav.customers")}
        actions={<ExportMenu list="customers" query={{ companyId: company?.id, text: text || undefined }} />}
      />
      <search className="filters" aria-label={t("filter.label")}>
        <div style={{ width: 320, maxWidth: "100%" }}>
          <TextField
            label={t("customers.find")}
            hideLabel
            type="search"
            placeholder={t("customers.find")}
            value={typed}
            onChange={setTyped}
          />
        </div>
      </search>
      <Sheet>
        <div className="sheet-tabs">
          <Tabs
            label={t("nav.customers")}
            value={view}
            onChange={(next) => {
              setTyped("");
              set({ view: next === "all" ? "all" : undefined, sort: undefined, dir: undefined });
            }}
            items={[
              { key: "owing", label: t("customers.owing") },
              { key: "all", label: t("customers.all") },
            ]}
          />
        </div>
        {view === "owing" && may("receivables.read") ? <Owing search={search} set={set} /> : <Everybody text={text} />}
      </Sheet>
    </>
  );
}

function useBalances(query: Readonly<Record<string, string>>) {
  const { company } = useWorkplace();
  return useQuery(
    agedBalanceQuery({ by: "customer", companyId: company?.id, layers: "working", limit: 5000, ...query }),
  );
}

const barParts = (row: AgedRow, data: AgedBalance, t: ReturnType<typeof useT>["t"]) =>
  data.buckets.map((bucket, index) => ({
    label: bucketLabel(bucket, t),
    amount: { minor: row.buckets[index] ?? "0", currency: row.currency },
    shade: bucketShade(bucket),
  }));

function Owing(props: {
  search: Readonly<Record<string, string>>;
  set: (patch: Readonly<Record<string, string | undefined>>) => void;
}) {
  const { t } = useT();
  const formats = useFormats();
  const navigate = useNavigate();
  const sort: Sort = { by: props.search.sort ?? "overdue", descending: props.search.dir !== "asc" };
  const query = useBalances({ sort: sort.by, direction: sort.descending ? "desc" : "asc" });
  if (query.isPending) return <Loading rows={10} columns={5} />;
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  const { data } = query;
  if (data.rows.length === 0)
    return (
      <EmptyState
        title={t("customers.none")}
        actions={
          <Link className="btn btn-primary" to="/data/import">
            {t("imports.start")}
          </Link>
        }
      >
        {t("customers.noneText")}
      </EmptyState>
    );
  const money = (row: AgedRow, minor: string) => ({ minor, currency: row.currency });
  const columns: Column<AgedRow>[] = [
    {
      key: "name",
      header: t("field.customer"),
      sort: "name",
      cell: (row) => (
        <Link className="link-quiet" to="/customers/$customerId" params={{ customerId: row.key }}>
          {row.name}
        </Link>
      ),
    },
    { key: "number", header: t("field.number"), cell: (row) => <span className="t2 nowrap">{row.number}</span> },
    { key: "items", header: t("nav.items"), right: true, cell: (row) => formats.number(row.items) },
    {
      key: "overdue",
      header: t("balance.overdue"),
      right: true,
      sort: "overdue",
      cell: (row) => <Amount value={money(row, row.overdue)} dash />,
    },
    {
      key: "total",
      header: t("balance.outstanding"),
      right: true,
      sort: "total",
      cell: (row) => <Amount value={money(row, row.total)} quiet />,
    },
    {
      key: "bar",
      header: t("customers.ageing"),
      width: 190,
      cell: (row) => <AgeingBar thin parts={barParts(row, data, t)} />,
    },
  ];
  return (
    <DataTable
      label={t("nav.customers")}
      rows={data.rows}
      count={data.rowCount}
      columns={columns}
      rowKey={(row) => `${row.key}${row.currency}`}
      compact={false}
      sort={sort}
      onSort={(next) => props.set({ sort: next.by, dir: next.descending ? "desc" : "asc" })}
      onOpen={(row) => void navigate({ to: "/customers/$customerId", params: { customerId: row.key } })}
      phone={(row) => ({
        title: (
          <Link className="link-quiet" to="/customers/$customerId" params={{ customerId: row.key }}>
            {row.name}
          </Link>
        ),
        below: t("items.count", { count: row.items }),
        amount: <Amount value={money(row, row.overdue)} dash />,
        badge: <span className="small t3">{formats.amount(money(row, row.total))}</span>,
      })}
    />
  );
}

function Everybody({ text }: { text: string }) {
  const { t } = useT();
  const navigate = useNavigate();
  const { company } = useWorkplace();
  const query = useInfiniteQuery({
    queryKey: ["customers", "list", text, company?.id ?? ""],
    queryFn: ({ signal, pageParam }) =>
      api.get<CustomerPage>("/customers", { text, companyId: company?.id, limit: 200, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
  const balances = useBalances({ sort: "overdue", direction: "desc" }).data;
  const owed = useMemo(() => new Map((balances?.rows ?? []).map((row) => [row.key, row])), [balances]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (query.isPending) return <Loading rows={10} columns={4} />;
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  const rows = query.data.pages.flatMap((page) => page.rows);
  if (rows.length === 0)
    return <EmptyState title={t("customers.noneFound")}>{t("customers.noneFoundText")}</EmptyState>;
  const amount = (row: Row, part: "overdue" | "total") => {
    const found = owed.get(row.id);
    return found ? (
      <Amount value={{ minor: found[part], currency: found.currency }} quiet={part === "total"} dash />
    ) : null;
  };
  const columns: Column<Row>[] = [
    {
      key: "name",
      header: t("field.customer"),
      cell: (row) => (
        <Link className="link-quiet" to="/customers/$customerId" params={{ customerId: row.id }}>
          {row.name}
        </Link>
      ),
    },
    { key: "number", header: t("field.number"), cell: (row) => <span className="t2 nowrap">{row.number}</span> },
    { key: "city", header: t("field.city"), cell: (row) => <span className="t2">{row.city}</span> },
    { key: "sales", header: t("contactRole.sales"), cell: (row) => <span className="t2">{row.salesPerson}</span> },
    { key: "overdue", header: t("balance.overdue"), right: true, cell: (row) => amount(row, "overdue") },
    { key: "total", header: t("balance.outstanding"), right: true, cell: (row) => amount(row, "total") },
    {
      key: "state",
      header: t("field.state"),
      cell: (row) => (row.isChased ? null : <Badge>{t("customers.notChased")}</Badge>),
    },
  ];
  return (
    <DataTable
      label={t("nav.customers")}
      rows={rows}
      count={query.data.pages[0]?.total.count ?? rows.length}
      columns={columns}
      rowKey={(row) => row.id}
      compact={false}
      onEnd={onEnd}
      onOpen={(row) => void navigate({ to: "/customers/$customerId", params: { customerId: row.id } })}
      phone={(row) => ({
        title: (
          <Link className="link-quiet" to="/customers/$customerId" params={{ customerId: row.id }}>
            {row.name}
          </Link>
        ),
        below: [row.number, row.city].filter(Boolean).join(" · "),
        amount: amount(row, "overdue"),
        badge: row.isChased ? null : <Badge>{t("customers.notChased")}</Badge>,
      })}
    />
  );
}
