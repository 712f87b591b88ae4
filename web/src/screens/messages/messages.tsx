import { IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import type { MessageRow } from "#contracts/correspondence.ts";
import { Amount } from "#ui/amount.tsx";
import { Button } from "#ui/button.tsx";
import { type Column, DataTable } from "#ui/data-table.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState, Loading } from "#ui/states.tsx";
import { PageHead, Sheet } from "#ui/surfaces.tsx";
import { Tabs } from "#ui/tabs.tsx";
import { actions, type MessageFilter, messagesQuery, type Resolution } from "../../api/correspondence.ts";
import { useT } from "../../i18n/index.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { Failed } from "../../parts/loaded.tsx";
import { MessageStateBadge } from "../../parts/message-state.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useSearchState } from "../../parts/search-state.ts";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { useStepName } from "../runs/decision-table.tsx";
import { MessagePanel } from "./message-panel.tsx";

const VIEWS = ["all", "in_doubt", "refused", "waiting", "sandbox"] as const;
type View = (typeof VIEWS)[number];
const LABELS = {
  all: "messages.all",
  in_doubt: "messages.inDoubt",
  refused: "messages.refused",
  waiting: "messages.waiting",
  sandbox: "messages.sandbox",
} as const;

const filterOf = (view: View): MessageFilter =>
  view === "all"
    ? {}
    : view === "sandbox"
      ? { sandbox: "true" }
      : view === "waiting"
        ? { state: ["approved", "held", "claimed", "handing_over"] }
        : view === "refused"
          ? { state: ["refused", "returned"] }
          : { state: "in_doubt" };

/** Everything that left, waits, was refused or is in doubt; in sandbox, the viewer of what was captured. */
export function Messages() {
  const { t } = useT();
  const [search, setSearch] = useSearchState();
  usePageTitle(t("nav.messages"));
  const view: View = search.sandbox === "true" ? "sandbox" : (VIEWS.find((one) => one === search.state) ?? "all");
  const filter: MessageFilter = { ...filterOf(view), ...(search.run ? { runId: search.run } : {}) };
  return (
    <>
      <PageHead
        title={t(view === "sandbox" ? "messages.viewer" : "nav.messages")}
        actions={<ExportMenu list="messages" query={filter} />}
      >
        {t(view === "sandbox" ? "messages.viewerLead" : "messages.lead")}
      </PageHead>
      {search.run ? (
        <div className="filters">
          <span className="chip chip-on">
            <span className="chip-key">{t("runs.run")}</span>
            <Link to="/runs/$runId" params={{ runId: search.run }}>
              {t("messages.ofRun")}
            </Link>
          </span>
          <Button size="small" tone="quiet" onClick={() => setSearch({ run: undefined })}>
            {t("filter.clear")}
          </Button>
        </div>
      ) : null}
      <Sheet>
        <div className="sheet-tabs">
          <Tabs
            label={t("nav.messages")}
            value={view}
            onChange={(next) =>
              setSearch({
                state: next === "all" || next === "sandbox" ? undefined : next,
                sandbox: next === "sandbox" ? "true" : undefined,
                message: undefined,
              })
            }
            items={VIEWS.map((key) => ({ key, label: t(LABELS[key]) }))}
          />
        </div>
        <MessageTable
          filter={filter}
          view={view}
          chosen={search.message}
          onChoose={(message) => setSearch({ message })}
        />
      </Sheet>
    </>
  );
}

/** Messages of any subject, newest first; choosing one opens it beside the list. */
export function MessageTable(props: {
  filter: MessageFilter;
  view?: View;
  chosen: string | undefined;
  onChoose: (messageId: string | undefined) => void;
  maxHeight?: string;
  /** Part of another page: says its emptiness in one line. */
  bare?: boolean;
}) {
  const { t } = useT();
  const formats = useFormats();
  const stepName = useStepName();
  const { may } = useWorkplace();
  const { act, problem } = useAct();
  const query = useInfiniteQuery(messagesQuery(props.filter));
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const [checking, setChecking] = useState<string | undefined>();
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const count = query.data?.pages[0]?.total.count ?? 0;

  if (query.isPending) return <Loading rows={8} columns={5} />;
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;

  const resolve = (row: MessageRow, resolution: Resolution) => {
    setChecking(row.messageId);
    void act(() => actions.resolve(row.messageId, resolution), {
      done: t(`resolve.${resolution}`),
      refresh: [["messages"], ["runs"]],
    });
  };
  const when = (row: MessageRow) => row.acceptedAt ?? row.changedAt;
  const what = (row: MessageRow) => (row.kind === "manual" ? t("messages.manual") : stepName(row));
  const isDoubt = props.view === "in_doubt" && may("messages.resolve");

  const columns: Column<MessageRow>[] = [
    {
      key: "who",
      header: t("runs.toWhom"),
      cell: (row) => (
        <button type="button" className="link-button link-quiet" onClick={() => props.onChoose(row.messageId)}>
          {row.customerName}
          <span className="block small t3 one-line">{row.recipient}</span>
        </button>
      ),
    },
    { key: "what", header: t("messages.message"), cell: (row) => <span className="nowrap">{what(row)}</span> },
    {
      key: "subject",
      header: t("mail.subject"),
      cell: (row) => <span className="t2 clip">{row.subject}</span>,
    },
    { key: "amount", header: t("field.amount"), right: true, cell: (row) => <Amount value={row.amount} /> },
    {
      key: "when",
      header: t("field.when"),
      cell: (row) => (
        <span className="t2 nowrap">
          {formats.day(formats.dayOf(when(row)))} {formats.time(when(row))}
        </span>
      ),
    },
    {
      key: "state",
      header: t("field.state"),
      cell: (row) => <MessageStateBadge state={row.state} sandbox={row.sandbox} />,
    },
    ...(isDoubt
      ? [
          {
            key: "do",
            header: <span className="visually-hidden">{t("ui.actions")}</span>,
            right: true,
            cell: (row: MessageRow) => (
              <span className="row gap-4" style={{ justifyContent: "flex-end" }}>
                <Button size="small" icon={IconSearch} onClick={() => props.onChoose(row.messageId)}>
                  {t("resolve.check")}
                </Button>
                <Button
                  size="small"
                  tone="quiet"
                  disabled={checking === row.messageId}
                  onClick={() => resolve(row, "was_sent")}
                >
                  {t("resolve.wasSentButton")}
                </Button>
                <Button
                  size="small"
                  tone="quiet"
                  disabled={checking === row.messageId}
                  onClick={() => resolve(row, "send_again")}
                >
                  {t("resolve.sendAgainButton")}
                </Button>
                <Button
                  size="small"
                  tone="quiet"
                  disabled={checking === row.messageId}
                  onClick={() => resolve(row, "withdraw")}
                >
                  {t("resolve.withdrawButton")}
                </Button>
              </span>
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      <Refusal isPadded>{problem}</Refusal>
      {rows.length === 0 && props.bare ? (
        <p className="pad t2" style={{ paddingTop: 0 }}>
          {t("messages.none")}
        </p>
      ) : rows.length === 0 ? (
        <EmptyState title={t(props.view === "in_doubt" ? "messages.noDoubt" : "messages.none")}>
          {t(props.view === "in_doubt" ? "messages.noDoubtText" : "messages.noneText")}
        </EmptyState>
      ) : (
        <DataTable
          label={t("nav.messages")}
          rows={rows}
          count={count}
          columns={columns}
          rowKey={(row) => row.messageId}
          compact={false}
          rowHeight={52}
          onEnd={onEnd}
          onOpen={(row) => props.onChoose(row.messageId)}
          onPeek={(row) => props.onChoose(row.messageId)}
          {...(props.maxHeight ? { maxHeight: props.maxHeight } : {})}
          phone={(row) => ({
            title: (
              <button type="button" className="link-button link-quiet" onClick={() => props.onChoose(row.messageId)}>
                {row.customerName}
              </button>
            ),
            below: `${what(row)} · ${formats.day(formats.dayOf(when(row)))}`,
            amount: row.amount ? <Amount value={row.amount} /> : null,
            badge: <MessageStateBadge state={row.state} sandbox={row.sandbox} />,
          })}
        />
      )}
      {props.chosen ? <MessagePanel messageId={props.chosen} onClose={() => props.onChoose(undefined)} /> : null}
    </>
  );
}
