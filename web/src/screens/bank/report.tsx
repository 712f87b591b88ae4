import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { CashReport } from "#contracts/cash.ts";
import { Amount } from "#ui/amount.tsx";
import { buttonClass } from "#ui/button.tsx";
import { DayField } from "#ui/fields.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState } from "#ui/states.tsx";
import { PageHead, Sheet, Strip } from "#ui/surfaces.tsx";
import { cashReportQuery } from "../../api/cash.ts";
import { useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { useSearchState } from "../../parts/search-state.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";

/** How much the rules do without a person, how often they were corrected, and whether stated chances hold. */
export function Report() {
  const { t } = useT();
  const { company } = useWorkplace();
  const [search, set] = useSearchState();
  const query = useQuery(cashReportQuery({ from: search.from, to: search.to, companyId: company?.id }));
  usePageTitle(t("cashReport.title"), [{ label: t("nav.matching"), to: "/matching" }]);
  return (
    <>
      <PageHead
        title={t("cashReport.title")}
        actions={
          <Link className={buttonClass({})} to="/settings/$section" params={{ section: "matching" }}>
            {t("settings.matching")}
          </Link>
        }
      >
        {t("cashReport.lead")}
      </PageHead>
      <div className="filters">
        <DayField
          label={t("cashReport.from")}
          value={search.from ?? query.data?.from ?? ""}
          onChange={(from) => set({ from })}
          small
        />
        <DayField
          label={t("cashReport.to")}
          value={search.to ?? query.data?.to ?? ""}
          onChange={(to) => set({ to })}
          small
        />
      </div>
      <Loaded query={query} rows={3} columns={4}>
        {(data) =>
          data.payments === 0 && data.reliability.length === 0 ? (
            <Sheet>
              <EmptyState title={t("cashReport.none")}>{t("cashReport.noneText")}</EmptyState>
            </Sheet>
          ) : (
            <Figures data={data} />
          )
        }
      </Loaded>
    </>
  );
}

function Figures({ data }: { data: CashReport }) {
  const { t } = useT();
  const formats = useFormats();
  const percent = (bp: number | null) => (bp === null ? "–" : formats.share(bp));
  return (
    <div className="stack gap-16">
      <Strip
        figures={[
          {
            key: "payments",
            label: t("cashReport.paymentRate"),
            value: percent(data.paymentRateBp),
            below: t("cashReport.ofPayments", { part: data.paymentsByRule, whole: data.payments }),
          },
          {
            key: "lines",
            label: t("cashReport.lineRate"),
            value: percent(data.lineRateBp),
            below: t("cashReport.ofLines", { part: data.linesByRule, whole: data.lines }),
          },
          {
            key: "precision",
            label: t("cashReport.precision"),
            value: percent(data.precisionBp),
            below: t("cashReport.corrected", { count: data.corrected }),
          },
          {
            key: "waiting",
            label: t("cashReport.waiting"),
            value: <Link to="/matching">{formats.number(data.waiting)}</Link>,
            below: t("cashReport.waitingBelow"),
          },
        ]}
      />
      <Sheet title={t("cashReport.amounts")}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t("field.currency")}</th>
              <th scope="col" className="right">
                {t("cashReport.applied")}
              </th>
              <th scope="col" className="right">
                {t("cashReport.byRule")}
              </th>
            </tr>
          </thead>
          <tbody>
            {data.amounts.map((one) => (
              <tr key={one.applied.currency}>
                <td>{one.applied.currency}</td>
                <td className="right">
                  <Amount value={one.applied} />
                </td>
                <td className="right">
                  <Amount value={one.byRule} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Sheet>
      <Sheet title={t("cashReport.reliability")} hint={t("cashReport.reliabilityHint")}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t("cashReport.band")}</th>
              <th scope="col" className="right">
                {t("cashReport.count")}
              </th>
              <th scope="col" className="right">
                {t("cashReport.stated")}
              </th>
              <th scope="col" className="right">
                {t("cashReport.right")}
              </th>
            </tr>
          </thead>
          <tbody>
            {data.reliability.map((one) => (
              <tr key={one.fromBp}>
                <td className="nowrap">
                  {percent(one.fromBp)} – {percent(one.toBp)}
                </td>
                <td className="right">{formats.number(one.count)}</td>
                <td className="right">{percent(one.statedBp)}</td>
                <td className="right">{percent(one.rightBp)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Sheet>
    </div>
  );
}
