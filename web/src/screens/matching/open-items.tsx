import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { z } from "zod";
import type { MatchCandidate } from "#contracts/cash.ts";
import type { ItemPage } from "#contracts/receivables.ts";
import { Amount } from "#ui/amount.tsx";
import { LateDays } from "#ui/days.tsx";
import type { LineDetail } from "../../api/cash.ts";
import { api } from "../../api/client.ts";
import { useT } from "../../i18n/index.ts";
import { itemName } from "../../parts/item-parts.tsx";
import { Loaded } from "../../parts/loaded.tsx";

const SHOWN = 12;

/** What else the customer of a proposal has open: to judge it without leaving the line. */
export function OpenItems({ line, candidate }: { line: LineDetail; candidate: MatchCandidate }) {
  const { t } = useT();
  const customerId = candidate.parts[0]?.customerId ?? candidate.onAccount?.customerId ?? undefined;
  const asked = {
    customerId,
    companyId: line.companyId,
    currency: line.amount.currency,
    layers: "working",
    limit: SHOWN,
  };
  const query = useQuery({
    queryKey: ["items", "beside", asked],
    queryFn: ({ signal }) => api.get<z.infer<typeof ItemPage>>("/items", asked, signal),
    enabled: customerId !== undefined,
  });
  if (!customerId) return null;
  const taken = new Set(candidate.parts.map((part) => part.itemId));
  return (
    <section aria-label={t("matching.openItems")}>
      <div className="between">
        <h3>{t("matching.openItems")}</h3>
        <Link className="small" to="/customers/$customerId" params={{ customerId }}>
          {t("matching.allItems")}
        </Link>
      </div>
      <Loaded query={query} rows={3} columns={3}>
        {(page) => {
          const rows = page.rows.filter((item) => !taken.has(item.id));
          return rows.length === 0 ? (
            <p className="t2">{t("matching.noOpenItems")}</p>
          ) : (
            <table className="table" aria-label={t("matching.openItems")}>
              <tbody>
                {rows.map((item) => (
                  <tr key={item.id}>
                    <td className="nowrap">
                      <Link className="link-quiet" to="/items/$itemId" params={{ itemId: item.id }}>
                        {itemName(item, t(`kind.${item.kind}`))}
                      </Link>
                    </td>
                    <td className="right">
                      <LateDays dueOn={item.dueOn} />
                    </td>
                    <td className="right">
                      <Amount value={item.open} quiet />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          );
        }}
      </Loaded>
    </section>
  );
}
