import { useNavigate } from "@tanstack/react-router";
import type { SyncRunRow } from "#contracts/sources.ts";
import { type Column, DataTable } from "#ui/data-table.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState } from "#ui/states.tsx";
import { useT } from "../../i18n/index.ts";
import { RunBadge, RunLink, useChanges, useDuration, When } from "./run-parts.tsx";

/** Runs, newest first: when, why, how long, what changed. */
export function RunTable({ runs, onEnd }: { runs: readonly SyncRunRow[]; onEnd: () => void }) {
  const { t } = useT();
  const formats = useFormats();
  const navigate = useNavigate();
  const changes = useChanges();
  const duration = useDuration();
  const said = (run: SyncRunRow) => run.fault?.text ?? (run.state === "done" ? changes(run) : "");
  const columns: Column<SyncRunRow>[] = [
    {
      key: "when",
      header: t("field.when"),
      cell: (run) => (
        <RunLink run={run}>
          <When at={run.startedAt} />
        </RunLink>
      ),
    },
    {
      key: "origin",
      header: t("sources.origin"),
      cell: (run) => <span className="t2">{t(`syncOrigin.${run.origin}`)}</span>,
    },
    { key: "state", header: t("field.state"), cell: (run) => <RunBadge run={run} /> },
    { key: "said", header: t("sources.changes"), cell: (run) => <span title={said(run)}>{said(run)}</span> },
    {
      key: "duration",
      header: t("sources.duration"),
      right: true,
      cell: (run) => <span className="t2">{duration(run)}</span>,
    },
  ];
  if (runs.length === 0) return <EmptyState title={t("sources.noRun")}>{t("sources.noRunText")}</EmptyState>;
  return (
    <DataTable
      label={t("sources.history")}
      rows={runs}
      count={runs.length}
      columns={columns}
      rowKey={(run) => run.id}
      compact={false}
      onEnd={onEnd}
      onOpen={(run) => void navigate({ to: "/data/runs/$runId", params: { runId: run.id } })}
      phone={(run) => ({
        title: (
          <RunLink run={run}>
            {formats.day(formats.dayOf(run.startedAt))} {formats.time(run.startedAt)}
          </RunLink>
        ),
        below: said(run),
        badge: <RunBadge run={run} />,
      })}
    />
  );
}
