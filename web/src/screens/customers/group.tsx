import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { type CustomerGroup, RelationKind } from "#contracts/customer-profile.ts";
import type { AgedBalance, AgedRow } from "#contracts/receivables.ts";
import { AgeingBar } from "#ui/ageing-bar.tsx";
import { Amount } from "#ui/amount.tsx";
import { type Column, DataTable, type Sort } from "#ui/data-table.tsx";
import { Choice } from "#ui/fields.tsx";
import { useFormats, useLocale } from "#ui/locale.tsx";
import { EmptyState, Loading } from "#ui/states.tsx";
import { PageHead } from "#ui/surfaces.tsx";
import { Segments, Tabs } from "#ui/tabs.tsx";
import { groupQuery } from "../../api/profile.ts";
import { agedBalanceQuery, itemsQuery } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { bucketLabel, bucketShade } from "../../parts/buckets.ts";
import { Clocks } from "../../parts/clocks.tsx";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { itemName, KindBadge } from "../../parts/item-parts.tsx";
import { Failed, Loaded } from "../../parts/loaded.tsx";
import { type Search, useSearchState } from "../../parts/search-state.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { BalanceSums } from "../balance/sums.tsx";
import { ItemPanel } from "../items/item-panel.tsx";
import { useItemColumns } from "../items/items.tsx";
import { AccountLedger } from "./account-ledger.tsx";
import { History } from "./history.tsx";
import { NextStep } from "./next-step.tsx";

const TABS = ["members", "items", "settled", "ledger", "history", "next"] as const;
type Patch = (patch: Readonly<Record<string, string | undefined>>) => void;

/** A group, a buying group, or all that a payer pays for, seen as one customer. */
export function GroupPage() {
  const { t } = useT();
  const { customerId = "" } = useParams({ strict: false }) as { customerId?: string };
  const [search, set] = useSearchState();
  const kind = RelationKind.options.find((one) => one === search.kind) ?? "parent";
  const query = useQuery(groupQuery(customerId, kind));
  const name = query.data ? t("group.title", { name: query.data.head.name }) : t("profile.group");
  usePageTitle(name, [{ label: t("nav.customers"), to: "/customers" }]);
  return (
    <Loaded query={query} rows={8} columns={4}>
      {(group) => <Body group={group} search={search} set={set} />}
    </Loaded>
  );
}

function Body({ group, search, set }: { group: CustomerGroup; search: Search; set: Patch }) {
  const { t } = useT();
  const { company, may } = useWorkplace();
  const tab = TABS.find((one) => one === search.tab) ?? "members";
  const of = { groupOf: group.head.id, groupKind: group.kind, companyId: company?.id, layers: "working" as const };
  const at = { asOf: search.asOf, knownOn: search.knownOn };
  const balance = useQuery({
    ...agedBalanceQuery({ ...of, ...at, by: "customer", sort: "overdue", direction: "desc", limit: 5000 }),
    enabled: may("receivables.read"),
  });
  const shown = TABS.filter((one) => one !== "next" || may("runs.read"));
  return (
    <>
      <PageHead
        title={t("group.title", { name: group.head.name })}
        actions={<ExportMenu list="items" query={{ ...of, asOf: search.asOf, status: "open" }} />}
      >
        {t(`group.kind.${group.kind}`)} · {t("balance.count.customer", { count: group.members.length })}
      </PageHead>
      <div className="filters">
        <Segments
          label={t("profile.relation")}
          value={group.kind}
          onChange={(kind) => set({ kind: kind === "parent" ? undefined : kind, account: undefined })}
          items={RelationKind.options.map((key) => ({ key, label: t(`group.kind.${key}`) }))}
        />
        <Clocks search={search} set={set} />
      </div>
      <section className="sheet" style={{ marginBottom: 20 }}>
        <Loaded query={balance} rows={2} columns={6}>
          {(data) => <Totals data={data} />}
        </Loaded>
      </section>
      <section className="sheet">
        <div className="sheet-tabs">
          <Tabs
            label={group.head.name}
            value={tab}
            onChange={(next) => set({ tab: next === "members" ? undefined : next })}
            items={shown.map((key) => ({ key, label: t(`group.tab.${key}`) }))}
          />
        </div>
        {tab === "members" ? (
          <Loaded query={balance} rows={6} columns={4}>
            {(data) => <Members group={group} data={data} />}
          </Loaded>
        ) : null}
        {tab === "items" || tab === "settled" ? (
          <GroupItems key={tab} query={{ ...of, asOf: search.asOf }} isSettled={tab === "settled"} />
        ) : null}
        {tab === "ledger" ? (
          <GroupLedger group={group} chosen={search.account} onChoose={(account) => set({ account })} />
        ) : null}
        {tab === "history" ? <History customerId={group.head.id} group={group} /> : null}
        {tab === "next" ? <NextSteps group={group} /> : null}
      </section>
    </>
  );
}

function Totals({ data }: { data: AgedBalance }) {
  const { t } = useT();
  const { session } = useWorkplace();
  if (data.totals.length === 0)
    return <EmptyState title={t("customer.nothingOpen")}>{t("balance.noneText")}</EmptyState>;
  const whole = data.consolidated;
  return (
    <>
      {data.totals.map((total) => (
        <BalanceSums key={total.currency} total={total} buckets={data.buckets} many={data.totals.length > 1} />
      ))}
      {whole && data.totals.length > 1 ? (
        <p className="pad">
          {t("group.consolidated")}{" "}
          <b>
            <Amount value={{ minor: whole.total, currency: session.tenant.reportingCurrency }} />
          </b>
        </p>
      ) : null}
    </>
  );
}

/** Members in the order of what they owe late; those that owe nothing follow. */
function Members({ group, data }: { group: CustomerGroup; data: AgedBalance }) {
  const { t } = useT();
  const formats = useFormats();
  const navigate = useNavigate();
  const owing = new Set(data.rows.map((row) => row.key));
  const currency = data.totals[0]?.currency ?? "EUR";
  const nothing = group.members.filter((one) => !owing.has(one.id));
  const rows: AgedRow[] = [
    ...data.rows,
    ...nothing.map((one) => ({
      key: one.id,
      number: one.number,
      name: one.name,
      currency,
      total: "0",
      overdue: "0",
      unapplied: "0",
      creditNotes: "0",
      buckets: data.buckets.map(() => "0"),
      items: 0,
    })),
  ];
  const money = (row: AgedRow, minor: string) => ({ minor, currency: row.currency });
  const link = (row: AgedRow) => (
    <>
      <Link className="link-quiet" to="/customers/$customerId" params={{ customerId: row.key }}>
        {row.name}
      </Link>
      {row.key === group.head.id ? <span className="small t3"> {t("group.head")}</span> : null}
    </>
  );
  const totals = (key: "overdue" | "total") =>
    data.totals.map((total) => (
      <div key={total.currency}>
        <Amount value={{ minor: total[key], currency: total.currency }} total={data.totals.length === 1} />
      </div>
    ));
  const columns: Column<AgedRow>[] = [
    { key: "name", header: t("field.customer"), cell: link, total: t("list.total") },
    { key: "number", header: t("field.number"), cell: (row) => <span className="t2 nowrap">{row.number}</span> },
    {
      key: "items",
      header: t("nav.items"),
      right: true,
      cell: (row) => formats.number(row.items),
      total: formats.number(data.totals.reduce((sum, one) => sum + one.items, 0)),
    },
    {
      key: "overdue",
      header: t("balance.overdue"),
      right: true,
      cell: (row) => <Amount value={money(row, row.overdue)} dash />,
      total: totals("overdue"),
    },
    {
      key: "total",
      header: t("balance.outstanding"),
      right: true,
      cell: (row) => <Amount value={money(row, row.total)} dash quiet />,
      total: totals("total"),
    },
    {
      key: "bar",
      header: t("customers.ageing"),
      width: 190,
      cell: (row) => (
        <AgeingBar
          thin
          parts={data.buckets.map((bucket, index) => ({
            label: bucketLabel(bucket, t),
            amount: money(row, row.buckets[index] ?? "0"),
            shade: bucketShade(bucket),
          }))}
        />
      ),
    },
  ];
  return (
    <DataTable
      label={t("group.tab.members")}
      rows={rows}
      count={rows.length}
      columns={columns}
      rowKey={(row) => `${row.key}${row.currency}`}
      compact={false}
      hasTotal
      onOpen={(row) => void navigate({ to: "/customers/$customerId", params: { customerId: row.key } })}
      phone={(row) => ({
        title: link(row),
        below: t("items.count", { count: row.items }),
        amount: <Amount value={money(row, row.overdue)} dash />,
        badge: <span className="small t3">{formats.amount(money(row, row.total))}</span>,
      })}
    />
  );
}

function GroupItems(props: {
  query: {
    groupOf: string;
    groupKind: RelationKind;
    companyId: string | undefined;
    layers: "working";
    asOf: string | undefined;
  };
  isSettled: boolean;
}) {
  const { t } = useT();
  const formats = useFormats();
  const { today } = useLocale();
  const { isSettled } = props;
  const [sort, setSort] = useState<Sort>({ by: isSettled ? "posted" : "due", descending: isSettled });
  const [peek, setPeek] = useState<string | undefined>();
  const query = useInfiniteQuery(
    itemsQuery({
      ...props.query,
      status: isSettled ? "settled" : "open",
      sort: sort.by,
      direction: sort.descending ? "desc" : "asc",
    }),
  );
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const columns = useItemColumns({ asOf: props.query.asOf ?? today, hasCustomer: true, hasSettledDay: isSettled });
  if (query.isPending) return <Loading rows={8} columns={6} />;
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  const rows = query.data.pages.flatMap((page) => page.rows);
  if (rows.length === 0)
    return (
      <EmptyState title={t(isSettled ? "customer.noSettled" : "customer.noOpen")}>
        {t(isSettled ? "customer.noSettledText" : "customer.noOpenText")}
      </EmptyState>
    );
  return (
    <>
      <DataTable
        label={t(isSettled ? "group.tab.settled" : "group.tab.items")}
        rows={rows}
        count={query.data.pages[0]?.total.count ?? rows.length}
        columns={columns}
        rowKey={(item) => item.id}
        compact={false}
        sort={sort}
        onSort={setSort}
        onEnd={onEnd}
        onPeek={(item) => setPeek(item.id)}
        maxHeight="680px"
        phone={(item) => ({
          title: itemName(item, t(`kind.${item.kind}`)),
          below: `${item.customerName} · ${formats.day(item.dueOn)}`,
          amount: <Amount value={isSettled ? item.original : item.open} />,
          badge: <KindBadge kind={item.kind} layer={item.layer} />,
        })}
      />
      {peek ? <ItemPanel itemId={peek} onClose={() => setPeek(undefined)} /> : null}
    </>
  );
}

function GroupLedger(props: {
  group: CustomerGroup;
  chosen: string | undefined;
  onChoose: (accountId: string) => void;
}) {
  const { t } = useT();
  const accounts = props.group.members.flatMap((member) =>
    member.accounts.map((account) => ({
      value: account.id,
      label: `${member.name} · ${account.companyCode} · ${account.controlAccount} ${account.auxiliary}`,
    })),
  );
  const account = accounts.find((one) => one.value === props.chosen) ?? accounts[0];
  if (!account) return <EmptyState title={t("ledger.none")}>{t("ledger.noneText")}</EmptyState>;
  return (
    <>
      <div className="pad" style={{ paddingBottom: 0, maxWidth: 520 }}>
        <Choice label={t("ledger.account")} small value={account.value} onChange={props.onChoose} options={accounts} />
      </div>
      <AccountLedger key={account.value} accountId={account.value} isNarrow />
    </>
  );
}

/** What comes next for the members; asked for a few at a time. */
function NextSteps({ group }: { group: CustomerGroup }) {
  const { t } = useT();
  const [count, setCount] = useState(5);
  return (
    <div className="pad stack gap-16">
      {group.members.slice(0, count).map((member) => (
        <section key={member.id} className="stack" aria-label={member.name}>
          <h3 className="h3">{member.name}</h3>
          <NextStep customerId={member.id} />
        </section>
      ))}
      {count < group.members.length ? (
        <button type="button" className="btn" onClick={() => setCount(count + 5)}>
          {t("ui.more")}
        </button>
      ) : null}
    </div>
  );
}
