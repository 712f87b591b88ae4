import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { AgedBalance, AgedRow } from "#contracts/receivables.ts";
import { AgeingBar } from "#ui/ageing-bar.tsx";
import { Amount } from "#ui/amount.tsx";
import { type Column, DataTable, type Sort } from "#ui/data-table.tsx";
import { TextField } from "#ui/fields.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState, Loading } from "#ui/states.tsx";
import { PageHead, Sheet } from "#ui/surfaces.tsx";
import { Tabs } from "#ui/tabs.tsx";
import { agedBalanceQuery } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { bucketLabel, bucketShade } from "../../parts/buckets.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { CriteriaList, useListParams } from "../../parts/list/criteria-list.tsx";
import { Failed } from "../../parts/loaded.tsx";
import { MyPortfolio } from "../../parts/my-portfolio.tsx";
import { useSearchState } from "../../parts/search-state.ts";
import { useSettled } from "../../parts/use-settled.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { AssignCustomers } from "./assign.tsx";

const VIEWS = ["owing", "all", "accounts"] as const;

/** Those who owe, largest overdue first; or everybody, and every account, by any criterion. */
export function Customers() {
  const { t } = useT();
  const { may } = useWorkplace();
  const [search, set] = useSearchState();
  const [typed, setTyped] = useState(search.text ?? "");
  const text = useSettled(typed.trim(), 200);
  usePageTitle(t("nav.customers"));
  const asked = VIEWS.find((one) => one === search.view) ?? "owing";
  const view = asked === "owing" && (text || search.f || search.cols || search.group) ? "all" : asked;
  const params = useListParams(text);
  const list = view === "accounts" ? "accounts" : "customers";
  return (
    <>
      <PageHead
        title={t("nav.customers")}
        actions={
          <>
            <Link className="btn" to="/customers/portfolios">
              {t("portfolio.title")}
            </Link>
            <Link className="btn" to="/customers/duplicates">
              {t("duplicates.title")}
            </Link>
            {may("receivables.read") ? (
              <ExportMenu
                list={`lists/${list}`}
                query={view === "owing" ? { ...params, ...owingExport(search.mine === "1") } : params}
              />
            ) : null}
          </>
        }
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
              set({ view: next === "owing" ? undefined : next, ...NOTHING });
            }}
            items={[
              { key: "owing", label: t("customers.owing") },
              { key: "all", label: t("customers.all") },
              { key: "accounts", label: t("customers.accounts") },
            ]}
          />
        </div>
        {view === "owing" ? <Owing search={search} set={set} /> : null}
        {view === "all" ? (
          <CriteriaList
            list="customers"
            subject="customer"
            label={t("nav.customers")}
            nameKey="customer.name"
            text={text}
            linkOf={(row) => ({ to: "/customers/$customerId", params: { customerId: row.id } })}
            hasPortfolios
            {...(may("portfolios.write")
              ? {
                  bulk: (selection, count, done) => (
                    <AssignCustomers
                      target={
                        selection.isAll
                          ? { list: { filter: params.filter, text: params.text, companyId: params.companyId } }
                          : { customerIds: [...selection.ids].slice(0, 5_000) }
                      }
                      count={selection.isAll ? count : selection.ids.size}
                      onDone={done}
                    />
                  ),
                }
              : {})}
          />
        ) : null}
        {view === "accounts" ? (
          <CriteriaList
            list="accounts"
            subject="account"
            label={t("customers.accounts")}
            nameKey="account.customer_name"
            text={text}
            linkOf={(row) => ({ to: "/accounts/$accountId", params: { accountId: row.id } })}
          />
        ) : null}
      </Sheet>
    </>
  );
}

/** Another tab starts anew: its columns and criteria are others. */
const NOTHING = {
  sort: undefined,
  dir: undefined,
  f: undefined,
  cols: undefined,
  group: undefined,
  saved: undefined,
  mine: undefined,
};

const OWES = { criterion: "customer.outstanding", operator: "is_not", value: "0" };
const MINE = { criterion: "customer.owner", operator: "is", value: "me" };

const owingExport = (isMine: boolean) => ({
  filter: JSON.stringify(isMine ? { all: [OWES, MINE] } : OWES),
  sort: "customer.overdue",
  direction: "desc",
});

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
  const isMine = props.search.mine === "1";
  const query = useBalances({
    sort: sort.by,
    direction: sort.descending ? "desc" : "asc",
    ...(isMine ? { ownerId: "me" } : {}),
  });
  const mine = (
    <div className="pad-filters">
      <MyPortfolio on={isMine} onChange={(on) => props.set({ mine: on ? "1" : undefined })} />
      <span className="small t2">{t("list.working")}</span>
    </div>
  );
  if (query.isPending) return <Loading rows={10} columns={5} />;
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  const { data } = query;
  if (data.rows.length === 0 && isMine)
    return (
      <>
        {mine}
        <EmptyState title={t("list.none")}>{t("portfolio.emptyText")}</EmptyState>
      </>
    );
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
    <>
      {mine}
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
    </>
  );
}
