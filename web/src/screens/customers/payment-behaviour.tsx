import { IconMinus, IconTrendingDown, IconTrendingUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { PaymentHistory } from "#contracts/payment-history.ts";
import { Amount } from "#ui/amount.tsx";
import { Badge } from "#ui/badge.tsx";
import { useFormats } from "#ui/locale.tsx";
import { MonthChart } from "#ui/month-chart.tsx";
import { EmptyState } from "#ui/states.tsx";
import { Note, Strip } from "#ui/surfaces.tsx";
import { Segments } from "#ui/tabs.tsx";
import { paymentHistoryQuery } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { useSearchState } from "../../parts/search-state.ts";
import { useWorkplace } from "../../session.tsx";

const TRENDS = {
  better: { tone: "success", icon: IconTrendingDown },
  stable: { tone: "neutral", icon: IconMinus },
  worse: { tone: "warning", icon: IconTrendingUp },
} as const;

/** How the customer pays: the last months against those before, and month by month. */
export function PaymentBehaviour({ customerId }: { customerId: string }) {
  const { company } = useWorkplace();
  const [search] = useSearchState();
  const query = useQuery(paymentHistoryQuery(customerId, { companyId: company?.id, asOf: search.asOf }));
  return (
    <Loaded query={query} rows={6} columns={3}>
      {(data) => <Body data={data} />}
    </Loaded>
  );
}

function Body({ data }: { data: PaymentHistory }) {
  const { t } = useT();
  const formats = useFormats();
  const [shape, setShape] = useState<"chart" | "table">("chart");
  if (data.months.every((month) => month.invoices === 0))
    return <EmptyState title={t("behaviour.none")}>{t("behaviour.noneText")}</EmptyState>;
  const days = (value: number | null) => (value === null ? "–" : t("behaviour.days", { days: formats.decimal(value) }));
  const invoices = (count: number) => t("behaviour.invoices", { count });
  const change = data.changeDays === null ? null : formats.decimal(Math.abs(data.changeDays));
  const trend = data.trend ? TRENDS[data.trend] : undefined;
  const detail = (index: number) => {
    const month = data.months[index];
    if (!month || month.invoices === 0)
      return t("behaviour.nothingIn", { month: month ? formats.month(month.month) : "" });
    return t("behaviour.detail", {
      month: formats.month(month.month),
      late: days(month.daysLate),
      taken: days(month.daysToPay),
      invoices: invoices(month.invoices),
    });
  };
  return (
    <div className="pad stack gap-16">
      {data.missingRates.length > 0 ? (
        <Note tone="warning">{t("list.missingRates", { currencies: data.missingRates.join(", ") })}</Note>
      ) : null}
      <Strip
        figures={[
          {
            key: "last3",
            label: t("behaviour.last3"),
            value: days(data.last3.daysLate),
            below: invoices(data.last3.invoices),
          },
          {
            key: "before9",
            label: t("behaviour.before9"),
            value: days(data.before9.daysLate),
            below: invoices(data.before9.invoices),
          },
          {
            key: "taken",
            label: t("behaviour.taken"),
            value: days(data.last3.daysToPay),
            below: t("behaviour.takenBefore", { days: days(data.before9.daysToPay) }),
          },
          {
            key: "trend",
            label: t("behaviour.trend"),
            value:
              data.trend && trend ? (
                <Badge tone={trend.tone} icon={trend.icon}>
                  {t(`paymentTrend.${data.trend}`)}
                </Badge>
              ) : (
                "–"
              ),
            below:
              data.trend && change !== null
                ? t(`behaviour.change.${data.trend}`, { days: change })
                : t("behaviour.tooFew"),
          },
        ]}
      />
      <div className="row row-wrap">
        <span className="small t2">{t("behaviour.legend")}</span>
        <span className="grow" />
        <Segments
          label={t("behaviour.shape")}
          value={shape}
          onChange={setShape}
          items={[
            { key: "chart", label: t("behaviour.chart") },
            { key: "table", label: t("behaviour.table") },
          ]}
        />
      </div>
      {shape === "chart" ? (
        <MonthChart
          points={data.months.map((month) => ({
            label: formats.month(month.month),
            bar: month.daysLate,
            line: month.daysToPay,
          }))}
          summary={t("behaviour.summary", {
            last: days(data.last3.daysLate),
            before: days(data.before9.daysLate),
            trend: data.trend ? t(`paymentTrend.${data.trend}`) : t("behaviour.tooFew"),
          })}
          detail={detail}
        />
      ) : (
        <MonthTable data={data} days={days} />
      )}
      <p className="small t3">{t("behaviour.method")}</p>
    </div>
  );
}

function MonthTable({ data, days }: { data: PaymentHistory; days: (value: number | null) => string }) {
  const { t } = useT();
  const formats = useFormats();
  return (
    <div className="balance-scroll">
      <table className="table table-compact">
        <caption className="visually-hidden">{t("behaviour.title")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("behaviour.month")}</th>
            <th scope="col" className="right">
              {t("behaviour.late")}
            </th>
            <th scope="col" className="right">
              {t("behaviour.taken")}
            </th>
            <th scope="col" className="right">
              {t("behaviour.count")}
            </th>
            <th scope="col" className="right">
              {t("behaviour.paid")}
            </th>
          </tr>
        </thead>
        <tbody>
          {[...data.months].reverse().map((month) => (
            <tr key={month.month}>
              <td>{formats.month(month.month)}</td>
              <td className="right">{days(month.daysLate)}</td>
              <td className="right">{days(month.daysToPay)}</td>
              <td className="right">{formats.number(month.invoices)}</td>
              <td className="right">
                <Amount value={{ minor: month.paidMinor, currency: data.currency }} dash />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
