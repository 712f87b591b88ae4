import { IconFileUpload, IconListCheck } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useCallback, useRef } from "react";
import type { Statement } from "#contracts/cash.ts";
import { Amount } from "#ui/amount.tsx";
import { Button, buttonClass } from "#ui/button.tsx";
import { type Column, DataTable } from "#ui/data-table.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState, Loading } from "#ui/states.tsx";
import { Note, PageHead, Sheet } from "#ui/surfaces.tsx";
import { Tabs } from "#ui/tabs.tsx";
import { actions, CASH, statementsQuery } from "../../api/cash.ts";
import { Problem } from "../../api/client.ts";
import { useT } from "../../i18n/index.ts";
import { Failed } from "../../parts/loaded.tsx";
import { useSearchState } from "../../parts/search-state.ts";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { StatementState } from "./findings.tsx";
import { handOver } from "./pending-file.ts";

const TABS = ["all", "quarantined", "checked", "imported", "refused"] as const;

/** Bank statements: what came, what waits for a decision, what was imported. */
export function Statements() {
  const { t } = useT();
  const formats = useFormats();
  const navigate = useNavigate();
  const { may, company } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [search, set] = useSearchState();
  const input = useRef<HTMLInputElement>(null);
  const tab = TABS.find((one) => one === search.state) ?? "all";
  const query = useInfiniteQuery(statementsQuery(tab === "all" ? undefined : tab));
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  usePageTitle(t("nav.bank"));
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const open = (row: Statement) => void navigate({ to: "/bank/files/$fileId", params: { fileId: row.fileId } });
  const take = (file: File | undefined) =>
    file &&
    void act(
      () =>
        actions.upload(file, company?.id).catch((error: unknown) => {
          // a table that says nothing of itself: its columns are asked for
          if (!(error instanceof Problem) || error.code !== "bank_csv_needs_columns") throw error;
          handOver(file);
          return undefined;
        }),
      {
        refresh: CASH,
        next: (made) =>
          void (made
            ? navigate({ to: "/bank/files/$fileId", params: { fileId: made.id } })
            : navigate({ to: "/bank/columns" })),
      },
    );
  const period = (row: Statement) =>
    row.from && row.to && row.from !== row.to
      ? `${formats.day(row.from)} – ${formats.day(row.to)}`
      : formats.day(row.to ?? row.from ?? formats.dayOf(row.receivedAt));
  const name = (row: Statement) =>
    row.scope === "returns" ? t("statements.returns") : (row.accountName ?? formatAccount(row.identifier));
  const columns: Column<Statement>[] = [
    {
      key: "account",
      header: t("statements.account"),
      cell: (row) => (
        <Link className="link-quiet" to="/bank/files/$fileId" params={{ fileId: row.fileId }}>
          {name(row)}
          <span className="small t3 block one-line">{row.fileName}</span>
        </Link>
      ),
    },
    { key: "company", header: t("field.company"), cell: (row) => <span className="t2">{row.companyCode ?? "–"}</span> },
    { key: "period", header: t("statements.period"), cell: (row) => <span className="nowrap">{period(row)}</span> },
    { key: "lines", header: t("statements.lines"), right: true, cell: (row) => formats.number(row.lineCount) },
    { key: "credit", header: t("statements.credit"), right: true, cell: (row) => <Amount value={row.credit} dash /> },
    { key: "waiting", header: t("statements.waiting"), right: true, cell: (row) => formats.number(row.waitingCount) },
    { key: "state", header: t("field.state"), cell: (row) => <StatementState state={row.state} /> },
  ];
  return (
    <>
      <PageHead
        title={t("nav.bank")}
        actions={
          <>
            <Link className={buttonClass({})} to="/bank/unbooked">
              {t("unbooked.title")}
            </Link>
            <Link className={buttonClass({})} to="/matching">
              <IconListCheck size={16} stroke={1.75} aria-hidden="true" />
              {t("nav.matching")}
            </Link>
            {may("cash.write") ? (
              <>
                <input
                  ref={input}
                  type="file"
                  className="visually-hidden"
                  aria-label={t("statements.choose")}
                  onChange={(event) => {
                    take(event.currentTarget.files?.[0]);
                    event.currentTarget.value = "";
                  }}
                />
                <Button
                  tone="primary"
                  size="tall"
                  icon={IconFileUpload}
                  waiting={waiting}
                  onClick={() => input.current?.click()}
                >
                  {t("statements.import")}
                </Button>
              </>
            ) : null}
          </>
        }
      >
        {t("statements.lead")}
      </PageHead>
      {problem ? (
        <div style={{ marginBottom: 14 }}>
          <Note tone="danger" role="alert">
            {problem}
          </Note>
        </div>
      ) : null}
      <Sheet>
        <div className="sheet-tabs">
          <Tabs
            label={t("nav.bank")}
            value={tab}
            onChange={(next) => set({ state: next === "all" ? undefined : next })}
            items={TABS.map((key) => ({ key, label: t(`statements.tab.${key}`) }))}
          />
        </div>
        {query.isPending ? (
          <Loading rows={6} columns={5} />
        ) : query.isError ? (
          <Failed error={query.error} onRetry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <EmptyState title={t(tab === "all" ? "statements.none" : "statements.noneHere")}>
            {t(tab === "all" ? "statements.noneText" : "statements.noneHereText")}
          </EmptyState>
        ) : (
          <DataTable
            label={t("nav.bank")}
            rows={rows}
            count={query.data.pages[0]?.total.count ?? rows.length}
            columns={columns}
            rowKey={(row) => row.id}
            rowHeight={50}
            onOpen={open}
            onEnd={onEnd}
            phone={(row) => ({
              title: (
                <Link className="link-quiet" to="/bank/files/$fileId" params={{ fileId: row.fileId }}>
                  {name(row)}
                </Link>
              ),
              below: t("statements.short", { period: period(row), lines: row.lineCount }),
              amount: <Amount value={row.credit} dash />,
              badge: <StatementState state={row.state} />,
            })}
          />
        )}
      </Sheet>
    </>
  );
}

/** IBANs in groups of four; other numbers as they are. */
export const formatAccount = (identifier: string): string =>
  /^[A-Z]{2}\d{2}/.test(identifier) ? identifier.replace(/(.{4})(?=.)/g, "$1\u00a0") : identifier;
