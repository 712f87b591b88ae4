import { IconArrowsExchange } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Amount } from "#ui/amount.tsx";
import { Button } from "#ui/button.tsx";
import { type Column, DataTable } from "#ui/data-table.tsx";
import { useFormats } from "#ui/locale.tsx";
import { PageHead, Sheet } from "#ui/surfaces.tsx";
import { listQuery } from "../../api/lists.ts";
import { useT } from "../../i18n/index.ts";
import { useActorName } from "../../parts/actors.ts";
import { writeClauses } from "../../parts/criteria/codec.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { HandOverPanel } from "./hand-over.tsx";
import { Rules } from "./rules.tsx";

const OUTSTANDING = "customer.outstanding";
const OVERDUE = "customer.overdue";

type Row = {
  readonly ownerId: string | null;
  readonly count: number;
  readonly currency: string;
  readonly outstanding: string;
  readonly overdue: string;
};

/** Who follows how many customers and how much; the rules that give them; handing over. */
export function Portfolios() {
  const { t } = useT();
  const { may, company } = useWorkplace();
  const [handing, setHanding] = useState<string | undefined>();
  usePageTitle(t("portfolio.title"), [{ label: t("nav.customers"), to: "/customers" }]);
  const query = useInfiniteQuery(
    listQuery("customers", {
      columns: `${OUTSTANDING},${OVERDUE}`,
      group: "customer.owner",
      companyId: company?.id,
    }),
  );
  const page = query.data?.pages[0];
  const rows = page?.groups.map(
    (group): Row => ({
      ownerId: group.value === null ? null : String(group.value),
      count: group.count,
      currency: group.currency,
      outstanding: group.values[OUTSTANDING] ?? "0",
      overdue: group.values[OVERDUE] ?? "0",
    }),
  );
  return (
    <>
      <PageHead
        title={t("portfolio.title")}
        actions={
          may("portfolios.write") ? (
            <Button icon={IconArrowsExchange} onClick={() => setHanding("")}>
              {t("portfolio.handOver")}
            </Button>
          ) : null
        }
      >
        {t("portfolio.lead")}
      </PageHead>
      <div className="stack gap-20">
        <Sheet label={t("portfolio.title")}>
          <Loaded query={{ ...query, data: rows }} rows={4} columns={4}>
            {(all) => (
              <Owners
                rows={all}
                count={page?.total?.count ?? 0}
                sums={page?.sums ?? []}
                onHandOver={may("portfolios.write") ? setHanding : undefined}
              />
            )}
          </Loaded>
        </Sheet>
        <Rules />
      </div>
      {handing === undefined ? null : <HandOverPanel fromId={handing} onClose={() => setHanding(undefined)} />}
    </>
  );
}

function Owners(props: {
  rows: readonly Row[];
  count: number;
  sums: readonly { currency: string; values: Record<string, string> }[];
  onHandOver: ((ownerId: string) => void) | undefined;
}) {
  const { t } = useT();
  const formats = useFormats();
  const nameOf = useActorName();
  const name = (row: Row) => (row.ownerId === null ? t("portfolio.nobody") : nameOf(row.ownerId));
  const link = (row: Row) => (
    <Link
      className="link-quiet"
      to="/customers"
      search={{
        view: "all",
        f: writeClauses([
          row.ownerId === null
            ? { criterion: "customer.owner", operator: "is_empty" }
            : { criterion: "customer.owner", operator: "is", value: row.ownerId },
        ]),
      }}
    >
      {name(row)}
    </Link>
  );
  const total = (key: string) =>
    props.sums.map((sum) => (
      <div key={sum.currency}>
        <Amount value={{ minor: sum.values[key] ?? "0", currency: sum.currency }} />
      </div>
    ));
  const columns: Column<Row>[] = [
    { key: "owner", header: t("portfolio.owner"), cell: link, total: t("list.total") },
    {
      key: "count",
      header: t("nav.customers"),
      right: true,
      cell: (row) => formats.number(row.count),
      total: formats.number(props.count),
    },
    {
      key: "overdue",
      header: t("balance.overdue"),
      right: true,
      cell: (row) => <Amount value={{ minor: row.overdue, currency: row.currency }} dash />,
      total: total(OVERDUE),
    },
    {
      key: "outstanding",
      header: t("balance.outstanding"),
      right: true,
      cell: (row) => <Amount value={{ minor: row.outstanding, currency: row.currency }} quiet />,
      total: total(OUTSTANDING),
    },
  ];
  const { onHandOver } = props;
  if (onHandOver)
    columns.push({
      key: "act",
      header: <span className="visually-hidden">{t("ui.actions")}</span>,
      right: true,
      cell: (row) => {
        const { ownerId } = row;
        return ownerId === null ? null : (
          <Button
            size="small"
            tone="quiet"
            aria-label={t("portfolio.handOverOf", { name: name(row) })}
            onClick={() => onHandOver(ownerId)}
          >
            {t("portfolio.handOver")}
          </Button>
        );
      },
    });
  return (
    <DataTable
      label={t("portfolio.title")}
      rows={props.rows}
      count={props.rows.length}
      columns={columns}
      rowKey={(row) => `${row.ownerId ?? ""}${row.currency}`}
      compact={false}
      hasTotal
      phone={(row) => ({
        title: link(row),
        below: t("balance.count.customer", { count: row.count }),
        amount: <Amount value={{ minor: row.overdue, currency: row.currency }} dash />,
      })}
    />
  );
}
