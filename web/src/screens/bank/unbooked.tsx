import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback } from "react";
import type { UnbookedItem } from "#contracts/cash.ts";
import { Amount } from "#ui/amount.tsx";
import { Button } from "#ui/button.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState, Loading } from "#ui/states.tsx";
import { PageHead, Sheet } from "#ui/surfaces.tsx";
import { Segments } from "#ui/tabs.tsx";
import { actions, CASH, unbookedQuery } from "../../api/cash.ts";
import { lookUp, useT } from "../../i18n/index.ts";
import { Failed } from "../../parts/loaded.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useSearchState } from "../../parts/search-state.ts";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";

const AGES = ["30", "5", "0"] as const;

/** What was known here first and the books have not taken over: a difference after 30 days. */
export function Unbooked() {
  const { t } = useT();
  const { company } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [search, set] = useSearchState();
  const age = AGES.find((one) => one === search.age) ?? "30";
  const query = useInfiniteQuery(unbookedQuery(company?.id, age));
  const { fetchNextPage, hasNextPage } = query;
  usePageTitle(t("unbooked.title"), [{ label: t("nav.bank"), to: "/bank" }]);
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const book = (item: UnbookedItem, ledgerItemId: string) =>
    void act(() => actions.book(item.itemId, ledgerItemId), { refresh: CASH, done: t("unbooked.booked") });
  return (
    <>
      <PageHead title={t("unbooked.title")}>{t("unbooked.lead")}</PageHead>
      <div className="filters">
        <Segments
          label={t("unbooked.age")}
          value={age}
          onChange={(next) => set({ age: next === "30" ? undefined : next })}
          items={AGES.map((key) => ({ key, label: t(`unbooked.age${key}`) }))}
        />
      </div>
      <Refusal>{problem}</Refusal>
      <Sheet>
        {query.isPending ? (
          <Loading rows={5} columns={3} />
        ) : query.isError ? (
          <Failed error={query.error} onRetry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <EmptyState title={t("unbooked.none")}>{t("unbooked.noneText")}</EmptyState>
        ) : (
          <ul className="lines">
            {rows.map((row) => (
              <Row key={row.itemId} row={row} waiting={waiting} onBook={book} />
            ))}
          </ul>
        )}
        {hasNextPage ? (
          <div className="pad">
            <Button onClick={more}>{t("ui.more")}</Button>
          </div>
        ) : null}
      </Sheet>
    </>
  );
}

function Row(props: {
  row: UnbookedItem;
  waiting: boolean;
  onBook: (row: UnbookedItem, ledgerItemId: string) => void;
}) {
  const { row } = props;
  const { t } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  return (
    <li className="row row-wrap">
      <div className="grow">
        <Link className="link-quiet medium" to="/customers/$customerId" params={{ customerId: row.customerId }}>
          {row.customerName}
        </Link>
        <div className="small t2">
          {row.companyCode} · {lookUp(t, `kind.${row.kind}`, {}, row.kind)} · {formats.day(row.postedOn)} ·{" "}
          {t("unbooked.days", { days: row.days })}
          {row.lineId ? (
            <>
              {" · "}
              <Link to="/matching" search={{ tab: "person", line: row.lineId } as never}>
                {t("unbooked.line")}
              </Link>
            </>
          ) : null}
        </div>
        {row.rivals.length > 0 ? (
          <div className="row row-wrap" style={{ marginTop: 6 }}>
            <span className="small warning">{t("unbooked.which")}</span>
            {row.rivals.map((rival) => (
              <Button
                key={rival.itemId}
                size="small"
                waiting={props.waiting}
                disabled={!may("cash.post")}
                onClick={() => props.onBook(row, rival.itemId)}
              >
                {rival.documentNo ?? rival.label ?? t("field.item")} · {formats.day(rival.postedOn)}
              </Button>
            ))}
          </div>
        ) : null}
      </div>
      <Amount value={row.amount} />
    </li>
  );
}
