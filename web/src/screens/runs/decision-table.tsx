import { IconCheck, IconMail, IconX } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import type { DecisionRow } from "#contracts/dunning.ts";
import { Amount } from "#ui/amount.tsx";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { type Column, DataTable } from "#ui/data-table.tsx";
import { LateDays, NearDay } from "#ui/days.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState, Loading } from "#ui/states.tsx";
import { actions, type Bucket, decisionsQuery } from "../../api/dunning.ts";
import { lookUp, useT } from "../../i18n/index.ts";
import { Failed } from "../../parts/loaded.tsx";
import { MessageStateBadge } from "../../parts/message-state.tsx";
import { reasonText } from "../../parts/reasons.ts";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

/** "R2 · E-mail", or the name of the track. */
export function useStepName() {
  const { t } = useT();
  return (row: Pick<DecisionRow, "track" | "level">): string =>
    row.track === "courtesy"
      ? t("step.courtesy")
      : row.track === "thanks"
        ? t("step.thanks")
        : row.level
          ? `R${row.level}`
          : t("step.reminder");
}

/** The groups of one bucket of a run; deciding moves them to another. */
export function DecisionTable(props: {
  runId: string;
  bucket: Bucket;
  code?: string;
  open: boolean;
  chosen: string | undefined;
  onChoose: (decisionId: string) => void;
}) {
  const { runId, bucket, open, onChoose } = props;
  const { t } = useT();
  const formats = useFormats();
  const stepName = useStepName();
  const { may } = useWorkplace();
  const { act, problem } = useAct();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const query = useInfiniteQuery(decisionsQuery(runId, bucket, props.code));
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const count = query.data?.pages[0]?.total.count ?? 0;
  const decides = open && bucket !== "skipped" && may("runs.plan");
  const include = (ids: string[]) =>
    void act(() => actions.include(runId, ids), {
      done: t("runs.included", { count: ids.length }),
      refresh: [["runs"]],
      next: () => setSelected(new Set()),
    });
  const exclude = (ids: string[]) =>
    void act(() => actions.exclude(runId, ids), {
      done: t("runs.excluded", { count: ids.length }),
      undo: () => actions.include(runId, ids),
      refresh: [["runs"]],
      next: () => setSelected(new Set()),
    });

  if (query.isPending) return <Loading rows={8} columns={5} />;
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  if (rows.length === 0)
    return (
      <EmptyState title={t(bucket === "to_decide" ? "runs.nothingToDecide" : "runs.nothingHere")}>
        {t(bucket === "to_decide" ? "runs.nothingToDecideText" : "runs.nothingHereText")}
      </EmptyState>
    );

  const reason = (row: DecisionRow) =>
    bucket === "skipped"
      ? reasonText(t, formats, "skip", row.code ?? "", row.values, row.amount.currency)
      : row.remarks
          .map((remark) => reasonText(t, formats, "remark", remark, row.values, row.amount.currency))
          .join(" · ");

  const oldest: Column<DecisionRow> = {
    key: "oldest",
    header: t("runs.oldest"),
    right: true,
    cell: (row) => (row.oldestDueOn ? <LateDays dueOn={row.oldestDueOn} /> : null),
  };
  const columns: Column<DecisionRow>[] = [
    {
      key: "who",
      header: t("runs.toWhom"),
      cell: (row) => (
        <button type="button" className="link-button link-quiet" onClick={() => onChoose(row.decisionId)}>
          {row.customerName}
          <span className="small t3 block one-line">{row.recipient ?? row.customerNumber}</span>
        </button>
      ),
    },
    {
      key: "what",
      header: t("runs.what"),
      cell: (row) =>
        row.messageState && !open ? (
          <MessageStateBadge state={row.messageState} />
        ) : row.track ? (
          <Badge icon={IconMail}>{t("runs.stepByMail", { step: stepName(row) })}</Badge>
        ) : null,
    },
    { key: "items", header: t("nav.items"), right: true, cell: (row) => formats.number(row.itemCount) },
    {
      key: "amount",
      header: t(bucket === "skipped" ? "runs.heldBack" : "runs.claimed"),
      right: true,
      cell: (row) => <Amount value={row.amount} quiet={bucket === "skipped"} />,
    },
    ...(bucket === "leaves" && !props.chosen ? [oldest] : []),
    {
      key: "why",
      header: bucket === "leaves" ? "" : t(bucket === "to_decide" ? "runs.whyDecide" : "runs.whyColumn"),
      cell: (row) => (
        <span className={bucket === "to_decide" ? "warning medium" : "t2"}>
          {reason(row)}
          {row.resumesOn && bucket === "skipped" ? (
            <span className="t3">
              {" · "}
              {t("runs.resumes")} <NearDay day={row.resumesOn} />
            </span>
          ) : null}
        </span>
      ),
    },
    ...(decides
      ? [
          {
            key: "do",
            header: <span className="visually-hidden">{t("ui.actions")}</span>,
            right: true,
            cell: (row: DecisionRow) => (
              <span className="row gap-4" style={{ justifyContent: "flex-end" }}>
                {bucket === "to_decide" ? (
                  <Button
                    size="small"
                    icon={IconCheck}
                    aria-label={t("runs.includeOne", { name: row.customerName })}
                    onClick={() => include([row.decisionId])}
                  />
                ) : null}
                <Button
                  size="small"
                  tone="quiet"
                  icon={IconX}
                  aria-label={t("runs.excludeOne", { name: row.customerName })}
                  onClick={() => exclude([row.decisionId])}
                />
              </span>
            ),
          },
        ]
      : []),
  ];

  return (
    <>
      <Refusal isPadded>{problem}</Refusal>
      <DataTable
        label={t("runs.groups", { count })}
        rows={rows}
        count={count}
        columns={columns}
        rowKey={(row) => row.decisionId}
        compact={false}
        rowHeight={52}
        onEnd={onEnd}
        onOpen={(row) => onChoose(row.decisionId)}
        onPeek={(row) => onChoose(row.decisionId)}
        maxHeight="max(420px, calc(100vh - 360px))"
        {...(decides ? { selected, onSelect: setSelected } : {})}
        phone={(row) => ({
          title: (
            <button type="button" className="link-button link-quiet" onClick={() => onChoose(row.decisionId)}>
              {row.customerName}
            </button>
          ),
          below: reason(row) || row.recipient,
          amount: <Amount value={row.amount} quiet={bucket === "skipped"} />,
          badge: row.track ? <Badge icon={IconMail}>{stepName(row)}</Badge> : null,
        })}
      />
      {selected.size > 0 ? (
        <div className="selection-bar selection-bar-raised" role="toolbar" aria-label={t("ui.actions")}>
          <b>{t("runs.selected", { count: selected.size })}</b>
          {bucket === "to_decide" ? (
            <Button size="small" icon={IconCheck} onClick={() => include([...selected])}>
              {t("runs.include")}
            </Button>
          ) : null}
          <Button size="small" icon={IconX} onClick={() => exclude([...selected])}>
            {t("runs.exclude")}
          </Button>
          <Button
            size="small"
            tone="quiet"
            icon={IconX}
            aria-label={t("ui.close")}
            onClick={() => setSelected(new Set())}
          />
        </div>
      ) : null}
      {props.chosen || rows.length === 0 || !may("customers.read") ? null : (
        <p className="small t3 pad only-wide">{lookUp(t, "runs.keys")}</p>
      )}
    </>
  );
}

export const CustomerLink = ({ id, children }: { id: string | null; children: string }) =>
  id ? (
    <Link to="/customers/$customerId" params={{ customerId: id }}>
      {children}
    </Link>
  ) : (
    children
  );
