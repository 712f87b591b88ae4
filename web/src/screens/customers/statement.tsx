import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Amount } from "#ui/amount.tsx";
import { DateCell, LateDays } from "#ui/days.tsx";
import { DayField } from "#ui/fields.tsx";
import { addDays } from "#ui/format.ts";
import { useFormats, useLocale } from "#ui/locale.tsx";
import { EmptyState } from "#ui/states.tsx";
import { Segments } from "#ui/tabs.tsx";
import { statementQuery } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { itemName, KindBadge } from "../../parts/item-parts.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { useWorkplace } from "../../session.tsx";

/** Statement of account: what is open, or every movement with the running balance. */
export function StatementView({ customerId }: { customerId: string }) {
  const { t } = useT();
  const formats = useFormats();
  const { today } = useLocale();
  const { company } = useWorkplace();
  const [kind, setKind] = useState<"open" | "movements">("open");
  const [asOf, setAsOf] = useState(today);
  const [from, setFrom] = useState(addDays(today, -365));
  // as the balance above it and the statement that is mailed: what Encours knows already is not asked again
  const [layers, setLayers] = useState<"working" | "ledger">("working");
  const query = { asOf, companyId: company?.id, layers, from: kind === "movements" ? from : undefined };
  const statement = useQuery(statementQuery(customerId, query));
  return (
    <>
      <div className="filters pad" style={{ marginBottom: 0 }}>
        <Segments
          label={t("customer.statement")}
          value={kind}
          onChange={setKind}
          items={[
            { key: "open", label: t("statement.open") },
            { key: "movements", label: t("statement.movements") },
          ]}
        />
        {kind === "movements" ? (
          <div className="inline-field">
            <DayField label={t("statement.from")} value={from} onChange={setFrom} />
          </div>
        ) : null}
        <div className="inline-field">
          <DayField label={t("balance.asOf")} value={asOf} onChange={setAsOf} />
        </div>
        <span className="grow" />
        <Segments
          label={t("layer.label")}
          value={layers}
          onChange={setLayers}
          items={[
            { key: "ledger", label: t("layer.ledger") },
            { key: "working", label: t("layer.working") },
          ]}
        />
        <ExportMenu
          list="items"
          query={{ customerId, companyId: company?.id, asOf, layers, status: kind === "open" ? "open" : "all" }}
        />
      </div>
      <Loaded query={statement} rows={6} columns={5}>
        {(data) =>
          data.companies.length === 0 ? (
            <EmptyState title={t("customer.noOpen")}>{t("customer.noOpenText")}</EmptyState>
          ) : (
            data.companies.map((one) => (
              <div className="balance-scroll" key={`${one.companyId}${one.closing.currency}`}>
                <table className="table table-compact">
                  <caption className="statement-company">{one.companyName}</caption>
                  <thead>
                    <tr>
                      <th scope="col">{t("field.postedOn")}</th>
                      <th scope="col">{t("field.item")}</th>
                      <th scope="col">{t("field.dueOn")}</th>
                      <th scope="col" className="right">
                        {t("field.late")}
                      </th>
                      <th scope="col" className="right">
                        {t("field.original")}
                      </th>
                      <th scope="col" className="right">
                        {t("field.openAmount")}
                      </th>
                      <th scope="col" className="right">
                        {t("statement.balance")}
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.from ? (
                      <tr>
                        <td colSpan={6} className="t2">
                          {t("statement.opening", { day: formats.day(data.from) })}
                        </td>
                        <td className="right">
                          <Amount value={one.opening} quiet />
                        </td>
                      </tr>
                    ) : null}
                    {one.lines.map((line) => (
                      <tr key={line.itemId}>
                        <td>
                          <DateCell day={line.postedOn} quiet />
                        </td>
                        <td>
                          <span className="row">
                            <Link className="link-quiet nowrap" to="/items/$itemId" params={{ itemId: line.itemId }}>
                              {itemName(line, t(`kind.${line.kind}`))}
                            </Link>
                            <KindBadge kind={line.kind} />
                          </span>
                        </td>
                        <td>
                          <DateCell day={line.dueOn} />
                        </td>
                        <td className="right">
                          {line.open.minor.startsWith("-") || line.open.minor === "0" ? null : (
                            <LateDays dueOn={line.dueOn} asOf={data.asOf} />
                          )}
                        </td>
                        <td className="right">
                          <Amount value={line.original} quiet />
                        </td>
                        <td className="right">
                          <Amount value={line.open} dash />
                        </td>
                        <td className="right">
                          <Amount value={line.balance} quiet />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                  <tfoot>
                    <tr>
                      <td colSpan={6}>
                        {one.isCut ? t("statement.cut") : t("statement.closing", { day: formats.day(data.asOf) })}
                      </td>
                      <td className="right">
                        <Amount value={one.closing} total={!one.isCut} />
                      </td>
                    </tr>
                  </tfoot>
                </table>
              </div>
            ))
          )
        }
      </Loaded>
    </>
  );
}
