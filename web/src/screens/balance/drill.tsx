import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { AgedBalance, AgedRow } from "#contracts/receivables.ts";
import { Amount } from "#ui/amount.tsx";
import { Button, buttonClass } from "#ui/button.tsx";
import { DateCell, LateDays } from "#ui/days.tsx";
import { useFormats } from "#ui/locale.tsx";
import { type ItemFilter, itemsQuery } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { bucketLabel, bucketShade } from "../../parts/buckets.ts";
import { itemName, KindBadge } from "../../parts/item-parts.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { useSearchState } from "../../parts/search-state.ts";
import { useWorkplace } from "../../session.tsx";

const MINE = { criterion: "item.customer_owner", operator: "is", value: "me" };

/** Query of the items behind one figure of the balance. */
export function drillFilter(
  data: AgedBalance,
  row: AgedRow,
  column: string,
  companyId: string | undefined,
  isMine: boolean,
): ItemFilter {
  const subject =
    data.by === "customer"
      ? { customerId: row.key }
      : data.by === "company"
        ? { companyId: row.key }
        : data.by === "account"
          ? { accountId: row.key }
          : { currency: row.key };
  return {
    ...(companyId && data.by !== "company" ? { companyId } : {}),
    ...subject,
    status: "open",
    asOf: data.asOf,
    layers: data.layers,
    bucket: column === "total" ? undefined : column,
    sort: "due",
    filter: isMine ? JSON.stringify(MINE) : undefined,
  };
}

/** The rows that make a figure, along the margin line, with their total. */
export function Drill(props: { data: AgedBalance; row: AgedRow; column: string }) {
  const { data, row, column } = props;
  const { t } = useT();
  const formats = useFormats();
  const { company } = useWorkplace();
  const [search] = useSearchState();
  const filter = drillFilter(data, row, column, company?.id, search.mine === "1");
  const query = useInfiniteQuery(itemsQuery(filter));
  const rows = query.data?.pages.flatMap((page) => page.rows);
  const count = query.data?.pages[0]?.total.count ?? 0;
  const bucket = /^\d+$/.test(column) ? data.buckets[Number(column)] : undefined;
  const part = bucket ? bucketLabel(bucket, t) : column === "credits" ? t("balance.credits") : t("balance.outstanding");
  const sum =
    column === "total"
      ? row.total
      : column === "credits"
        ? String(BigInt(row.unapplied) + BigInt(row.creditNotes))
        : (row.buckets[Number(column)] ?? "0");
  return (
    <div className="drill">
      <div className="between">
        <h2 className="h4">
          {bucket ? <span className={`swatch age-${bucketShade(bucket)}`} /> : null}
          {t("balance.drill", { name: row.name, part, day: formats.dayMargin(data.asOf), count })}
        </h2>
        {data.by === "customer" ? (
          <Link className={buttonClass({ size: "small" })} to="/customers/$customerId" params={{ customerId: row.key }}>
            {t("balance.openCustomer")}
          </Link>
        ) : null}
      </div>
      <Loaded query={{ ...query, data: rows }} rows={3} columns={5}>
        {(items) => (
          <table className="table table-compact drill-table">
            <thead>
              <tr>
                <th scope="col">{t("field.item")}</th>
                {data.by === "customer" ? null : <th scope="col">{t("field.customer")}</th>}
                <th scope="col">{t("field.dueOn")}</th>
                <th scope="col" className="right">
                  {t("field.late")}
                </th>
                <th scope="col" className="right">
                  {t("field.openAmount")}
                </th>
                <th scope="col">{t("balance.since")}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <tr key={item.id}>
                  <td>
                    <span className="row">
                      <Link className="link-quiet nowrap" to="/items/$itemId" params={{ itemId: item.id }}>
                        {itemName(item, t("kind.other"))}
                      </Link>
                      <KindBadge kind={item.kind} layer={item.layer} />
                    </span>
                  </td>
                  {data.by === "customer" ? null : (
                    <td>
                      <Link className="link-plain" to="/customers/$customerId" params={{ customerId: item.customerId }}>
                        {item.customerName}
                      </Link>
                    </td>
                  )}
                  <td>
                    <DateCell day={item.dueOn} />
                  </td>
                  <td className="right">
                    {item.openBook.minor.startsWith("-") ? null : <LateDays dueOn={item.dueOn} asOf={data.asOf} />}
                  </td>
                  <td className="right">
                    <Amount value={item.openBook} />
                    {item.open.currency !== item.openBook.currency ? (
                      <span className="small t3"> {formats.amount(item.open)}</span>
                    ) : null}
                  </td>
                  <td className="t2">
                    {item.settledOn
                      ? t("balance.settledOn", { day: formats.day(item.settledOn) })
                      : t("balance.stillOpen")}
                  </td>
                </tr>
              ))}
              {query.hasNextPage ? (
                <tr>
                  <td colSpan={6}>
                    <Button
                      size="small"
                      tone="quiet"
                      waiting={query.isFetchingNextPage}
                      onClick={() => void query.fetchNextPage()}
                    >
                      {t("ui.more")}
                    </Button>
                  </td>
                </tr>
              ) : null}
            </tbody>
            <tfoot>
              <tr>
                <td colSpan={data.by === "customer" ? 3 : 4}>{t("balance.drillTotal")}</td>
                <td className="right">
                  <Amount value={{ minor: sum, currency: row.currency }} total={!query.hasNextPage} />
                </td>
                <td />
              </tr>
            </tfoot>
          </table>
        )}
      </Loaded>
    </div>
  );
}
