import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { Amount } from "#ui/amount.tsx";
import { DataTable, type Sort } from "#ui/data-table.tsx";
import { LateDays } from "#ui/days.tsx";
import { useFormats, useLocale } from "#ui/locale.tsx";
import { EmptyState, Loading } from "#ui/states.tsx";
import { Note, ProofLine } from "#ui/surfaces.tsx";
import { itemsQuery } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { itemName, KindBadge } from "../../parts/item-parts.tsx";
import { CodeItems } from "../../parts/item-status.tsx";
import { Failed } from "../../parts/loaded.tsx";
import { useSearchState } from "../../parts/search-state.ts";
import { useWorkplace } from "../../session.tsx";
import { ItemPanel } from "../items/item-panel.tsx";
import { owes, useItemColumns } from "../items/items.tsx";
import { useProof } from "./use-proof.ts";

/** Open or settled items of one customer; open ones close with the double rule when all of them are shown. */
export function CustomerItems({ customerId, status }: { customerId: string; status: "open" | "settled" }) {
  const { t } = useT();
  const formats = useFormats();
  const { today } = useLocale();
  const navigate = useNavigate();
  const { company, may } = useWorkplace();
  const [search] = useSearchState();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [sort, setSort] = useState<Sort>({
    by: status === "open" ? "due" : "posted",
    descending: status === "settled",
  });
  const [peek, setPeek] = useState<string | undefined>();
  const query = useInfiniteQuery(
    itemsQuery({
      customerId,
      companyId: company?.id,
      status,
      layers: "working",
      asOf: search.asOf,
      sort: sort.by,
      direction: sort.descending ? "desc" : "asc",
    }),
  );
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const columns = useItemColumns({
    asOf: search.asOf ?? today,
    hasCustomer: false,
    hasCompany: rows.some((item) => item.companyCode !== rows[0]?.companyCode),
    hasSettledDay: status === "settled",
  });
  const proof = useProof({
    companyIds: [...new Set(query.data?.pages.flatMap((page) => page.rows.map((item) => item.companyId)))],
  });
  if (query.isPending) return <Loading rows={8} columns={6} />;
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  if (rows.length === 0)
    return (
      <EmptyState title={t(status === "open" ? "customer.noOpen" : "customer.noSettled")}>
        {t(status === "open" ? "customer.noOpenText" : "customer.noSettledText")}
      </EmptyState>
    );
  const currencies = [...new Set(rows.map((item) => item.open.currency))];
  const complete = !hasNextPage && status === "open";
  const totals = currencies.map((currency) => ({
    currency,
    minor: String(
      rows.filter((item) => item.open.currency === currency).reduce((sum, item) => sum + BigInt(item.open.minor), 0n),
    ),
  }));
  return (
    <>
      {search.knownOn ? (
        <div className="pad">
          <Note>{t("customer.itemsKnownToday")}</Note>
        </div>
      ) : null}
      {selected.size > 0 ? (
        <div className="pad">
          <CodeItems itemIds={[...selected].slice(0, 500)} status={null} onDone={() => setSelected(new Set())} />
        </div>
      ) : null}
      <DataTable
        {...(may("items.code") && status === "open" ? { selected, onSelect: setSelected } : {})}
        label={t(status === "open" ? "customer.open" : "customer.settled")}
        rows={rows}
        count={query.data.pages[0]?.total.count ?? rows.length}
        columns={columns.map((column) =>
          column.key === "number"
            ? { ...column, total: complete ? t("customer.balance") : undefined }
            : column.key === "open" && complete
              ? {
                  ...column,
                  total: totals.map((total) => (
                    <div key={total.currency}>
                      <Amount value={total} total />
                    </div>
                  )),
                }
              : column,
        )}
        rowKey={(item) => item.id}
        compact={false}
        hasTotal={complete}
        sort={sort}
        onSort={setSort}
        onEnd={onEnd}
        onPeek={(item) => setPeek(item.id)}
        onOpen={(item) => void navigate({ to: "/items/$itemId", params: { itemId: item.id } })}
        maxHeight="680px"
        phone={(item) => ({
          title: (
            <Link className="link-quiet" to="/items/$itemId" params={{ itemId: item.id }}>
              {itemName(item, t(`kind.${item.kind}`))}
            </Link>
          ),
          below:
            status === "settled" && item.settledOn ? (
              t("balance.settledOn", { day: formats.day(item.settledOn) })
            ) : (
              <>
                {t("items.dueOn", { day: formats.day(item.dueOn) })}{" "}
                {owes(item) ? <LateDays dueOn={item.dueOn} /> : null}
              </>
            ),
          amount: <Amount value={status === "settled" ? item.original : item.open} />,
          badge: <KindBadge kind={item.kind} layer={item.layer} />,
        })}
      />
      {status === "open" && proof ? (
        <ProofLine ties={proof.ties} link={<Link to="/aged-balance">{t("proof.see")}</Link>}>
          {proof.text}
        </ProofLine>
      ) : null}
      {peek ? <ItemPanel itemId={peek} onClose={() => setPeek(undefined)} /> : null}
    </>
  );
}
