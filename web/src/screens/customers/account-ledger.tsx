import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback } from "react";
import type { AccountLedgerLine, AccountLedger as Ledger } from "#contracts/account-ledger.ts";
import { Amount } from "#ui/amount.tsx";
import { type Column, DataTable } from "#ui/data-table.tsx";
import { DateCell } from "#ui/days.tsx";
import { DayField } from "#ui/fields.tsx";
import { useFormats, useLocale } from "#ui/locale.tsx";
import { EmptyState, Loading } from "#ui/states.tsx";
import { Strip } from "#ui/surfaces.tsx";
import { Segments } from "#ui/tabs.tsx";
import { accountLedgerQuery } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { itemName, KindBadge } from "../../parts/item-parts.tsx";
import { Failed } from "../../parts/loaded.tsx";
import { useSearchState } from "../../parts/search-state.ts";

/** The customers' ledger of one account: opening, every line with its letter and the running balance, closing. */
export function AccountLedger({ accountId, isNarrow = false }: { accountId: string; isNarrow?: boolean }) {
  const { t } = useT();
  const { today } = useLocale();
  const [search, set] = useSearchState();
  const layers = search.layers === "working" ? "working" : "ledger";
  const query = useInfiniteQuery(accountLedgerQuery(accountId, { from: search.from, to: search.to, layers }));
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const first = query.data?.pages[0];
  return (
    <>
      <div className="filters pad" style={{ marginBottom: 0 }}>
        <div className="inline-field">
          <DayField
            label={t("statement.from")}
            optional
            value={search.from ?? ""}
            onChange={(day) => set({ from: day || undefined })}
          />
        </div>
        <div className="inline-field">
          <DayField
            label={t("ledger.to")}
            value={search.to ?? today}
            onChange={(day) => set({ to: day === today ? undefined : day })}
          />
        </div>
        <span className="grow" />
        <Segments
          label={t("layer.label")}
          value={layers}
          onChange={(next) => set({ layers: next === "working" ? next : undefined })}
          items={[
            { key: "ledger", label: t("layer.ledger") },
            { key: "working", label: t("layer.working") },
          ]}
        />
      </div>
      {query.isPending ? <Loading rows={10} columns={6} /> : null}
      {query.isError ? <Failed error={query.error} onRetry={() => void query.refetch()} /> : null}
      {first ? (
        <Lines
          ledger={first}
          isNarrow={isNarrow}
          rows={query.data?.pages.flatMap((page) => page.rows) ?? []}
          onEnd={onEnd}
        />
      ) : null}
    </>
  );
}

/** Beside other panels the running balance must stay in sight; the item, one click away, has the rest. */
const WIDE_ONLY: ReadonlySet<string> = new Set(["journal", "label", "due"]);

function Lines(props: { ledger: Ledger; isNarrow: boolean; rows: readonly AccountLedgerLine[]; onEnd: () => void }) {
  const { t } = useT();
  const formats = useFormats();
  const { ledger, rows } = props;
  const all: Column<AccountLedgerLine>[] = [
    {
      key: "posted",
      header: t("field.postedOn"),
      cell: (row) => <DateCell day={row.postedOn} quiet />,
      total: t("list.total"),
    },
    { key: "journal", header: t("ledger.journal"), cell: (row) => <span className="t2">{row.journal}</span> },
    {
      key: "item",
      header: t("field.item"),
      cell: (row) => (
        <span className="row">
          <Link className="link-quiet nowrap" to="/items/$itemId" params={{ itemId: row.itemId }}>
            {itemName(row, t(`kind.${row.kind}`))}
          </Link>
          <KindBadge kind={row.kind} layer={row.layer} />
        </span>
      ),
    },
    { key: "label", header: t("ledger.label"), cell: (row) => <span className="t2 clip">{row.label}</span> },
    { key: "due", header: t("field.dueOn"), cell: (row) => <DateCell day={row.dueOn} quiet /> },
    { key: "letter", header: t("ledger.letter"), cell: (row) => <span className="nowrap">{row.letter}</span> },
    {
      key: "debit",
      header: t("ledger.debit"),
      right: true,
      cell: (row) => (row.debit ? <Amount value={row.debit} bare={props.isNarrow} /> : null),
      total: <Amount value={ledger.debit} />,
    },
    {
      key: "credit",
      header: t("ledger.credit"),
      right: true,
      cell: (row) => (row.credit ? <Amount value={row.credit} bare={props.isNarrow} /> : null),
      total: <Amount value={ledger.credit} />,
    },
    {
      key: "balance",
      header: t("statement.balance"),
      right: true,
      cell: (row) => <Amount value={row.balance} quiet bare={props.isNarrow} />,
      total: <Amount value={ledger.closing} total />,
    },
  ];
  const columns = props.isNarrow ? all.filter(({ key }) => !WIDE_ONLY.has(key)) : all;
  return (
    <>
      <div className="pad">
        <Strip
          figures={[
            {
              key: "opening",
              label: ledger.from ? t("statement.opening", { day: formats.day(ledger.from) }) : t("ledger.start"),
              value: <Amount value={ledger.opening} />,
            },
            { key: "debit", label: t("ledger.debit"), value: <Amount value={ledger.debit} /> },
            { key: "credit", label: t("ledger.credit"), value: <Amount value={ledger.credit} /> },
            {
              key: "closing",
              label: t("statement.closing", { day: formats.day(ledger.to) }),
              value: <Amount value={ledger.closing} />,
            },
          ]}
        />
      </div>
      {rows.length === 0 ? (
        <EmptyState title={t("ledger.none")}>{t("ledger.noneText")}</EmptyState>
      ) : (
        <DataTable
          label={t("ledger.title")}
          rows={rows}
          count={ledger.total.count}
          columns={columns}
          rowKey={(row) => row.itemId}
          hasTotal
          onEnd={props.onEnd}
          phone={(row) => ({
            title: (
              <Link className="link-quiet" to="/items/$itemId" params={{ itemId: row.itemId }}>
                {itemName(row, t(`kind.${row.kind}`))}
              </Link>
            ),
            below: [formats.day(row.postedOn), row.letter].filter(Boolean).join(" · "),
            amount: row.debit ? (
              <Amount value={row.debit} />
            ) : row.credit ? (
              <Amount value={{ ...row.credit, minor: `-${row.credit.minor}` }} />
            ) : null,
            badge: <span className="small t3">{formats.amount(row.balance)}</span>,
          })}
        />
      )}
    </>
  );
}
