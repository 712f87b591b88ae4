import { useQuery } from "@tanstack/react-query";
import type { OrderList } from "#contracts/credit.ts";
import { Amount } from "#ui/amount.tsx";
import { type Column, DataTable } from "#ui/data-table.tsx";
import { DateCell } from "#ui/days.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState } from "#ui/states.tsx";
import { Note } from "#ui/surfaces.tsx";
import { ordersQuery } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { useWorkplace } from "../../session.tsx";

type Order = OrderList["rows"][number];

/** Orders in progress: what will be owed, beside what is. */
export function Orders({ customerId }: { customerId: string }) {
  const { t } = useT();
  const { company } = useWorkplace();
  const query = useQuery(ordersQuery(customerId, company?.id));
  return (
    <Loaded query={query} rows={4} columns={5}>
      {(data) =>
        data.rows.length === 0 ? (
          <EmptyState title={t("orders.none")}>{t("orders.noneText")}</EmptyState>
        ) : (
          <OrderTable data={data} />
        )
      }
    </Loaded>
  );
}

function OrderTable({ data }: { data: OrderList }) {
  const { t } = useT();
  const formats = useFormats();
  const total = (key: "total" | "open") =>
    data.sums.map((sum) => (
      <div key={sum[key].currency}>
        <Amount value={sum[key]} total />
      </div>
    ));
  const columns: Column<Order>[] = [
    { key: "number", header: t("orders.number"), cell: (order) => order.number, total: t("list.total") },
    { key: "company", header: t("field.company"), cell: (order) => <span className="t2">{order.companyCode}</span> },
    { key: "orderedOn", header: t("orders.orderedOn"), cell: (order) => <DateCell day={order.orderedOn} quiet /> },
    {
      key: "expectedOn",
      header: t("orders.expectedOn"),
      cell: (order) => (order.expectedOn ? <DateCell day={order.expectedOn} /> : null),
    },
    {
      key: "total",
      header: t("orders.total"),
      right: true,
      cell: (order) => <Amount value={order.total} quiet />,
      total: total("total"),
    },
    {
      key: "open",
      header: t("orders.open"),
      right: true,
      cell: (order) => <Amount value={order.open} />,
      total: total("open"),
    },
  ];
  return (
    <>
      {data.isCut ? (
        <div className="pad">
          <Note tone="info">{t("orders.cut", { count: data.rows.length })}</Note>
        </div>
      ) : null}
      <DataTable
        label={t("orders.title")}
        rows={data.rows}
        count={data.sums.reduce((sum, one) => sum + one.orders, 0)}
        columns={columns}
        rowKey={(order) => order.id}
        compact={false}
        hasTotal
        maxHeight="640px"
        phone={(order) => ({
          title: order.number,
          below: order.expectedOn ? t("orders.expected", { day: formats.day(order.expectedOn) }) : null,
          amount: <Amount value={order.open} />,
        })}
      />
      <p className="pad small t3">{t("orders.apart")}</p>
    </>
  );
}
