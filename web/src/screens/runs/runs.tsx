import { type Icon, IconCheck, IconEye, IconRefresh, IconSend, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { RunSummary } from "#contracts/dunning.ts";
import { Badge, type Tone } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { type Column, DataTable } from "#ui/data-table.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState } from "#ui/states.tsx";
import { Note, PageHead, Sheet } from "#ui/surfaces.tsx";
import { actions, runsQuery } from "../../api/dunning.ts";
import { lookUp, useT } from "../../i18n/index.ts";
import { useActorName } from "../../parts/actors.ts";
import { Amounts } from "../../parts/amounts.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";

const STATES: Readonly<Record<RunSummary["state"], readonly [Tone, Icon]>> = {
  review: ["info", IconEye],
  approved: ["success", IconCheck],
  superseded: ["neutral", IconRefresh],
  discarded: ["neutral", IconX],
};

/** Runs: what was prepared, read, approved, and how it left. */
export function Runs() {
  const { t } = useT();
  const formats = useFormats();
  const navigate = useNavigate();
  const actorName = useActorName();
  const { may, company, session } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const runs = useQuery(runsQuery());
  usePageTitle(t("nav.runs"));

  const prepare = () =>
    void act(() => actions.plan(company ? { companyId: company.id } : {}), {
      refresh: [["runs"]],
      next: (run) => void navigate({ to: "/runs/$runId", params: { runId: run.runId ?? "" } }),
    });
  const open = (run: RunSummary) => void navigate({ to: "/runs/$runId", params: { runId: run.runId ?? "" } });
  const name = (run: RunSummary) => t("runs.of", { day: formats.dayInWeek(run.asOf) });
  const companyName = (run: RunSummary) =>
    session.companies.find((one) => one.id === run.companyId)?.name ?? t("shell.allCompanies");

  const columns: Column<RunSummary>[] = [
    {
      key: "name",
      header: t("runs.run"),
      cell: (run) => (
        <Link className="link-quiet nowrap" to="/runs/$runId" params={{ runId: run.runId ?? "" }}>
          {name(run)}
        </Link>
      ),
    },
    { key: "company", header: t("field.company"), cell: (run) => <span className="t2">{companyName(run)}</span> },
    { key: "decide", header: t("runs.toDecide"), right: true, cell: (run) => run.buckets.to_decide?.count ?? 0 },
    { key: "leave", header: t("runs.leaves"), right: true, cell: (run) => run.buckets.leaves?.count ?? 0 },
    {
      key: "amount",
      header: t("runs.claimed"),
      right: true,
      cell: (run) => <Amounts values={run.buckets.leaves?.amounts ?? []} />,
    },
    { key: "skip", header: t("runs.skipped"), right: true, cell: (run) => run.buckets.skipped?.count ?? 0 },
    {
      key: "by",
      header: t("runs.preparedBy"),
      cell: (run) => (
        <span className="t2 nowrap">
          {actorName(run.createdBy)} · {formats.day(formats.dayOf(run.createdAt))} {formats.time(run.createdAt)}
        </span>
      ),
    },
    {
      key: "state",
      header: t("field.state"),
      cell: (run) => {
        const [tone, icon] = STATES[run.state];
        return (
          <Badge tone={tone} icon={icon}>
            {lookUp(t, `runState.${run.state}`)}
          </Badge>
        );
      },
    },
  ];

  return (
    <>
      <PageHead
        title={t("nav.runs")}
        actions={
          may("runs.plan") ? (
            <Button tone="primary" size="tall" icon={IconSend} waiting={waiting} onClick={prepare}>
              {t("runs.prepareToday")}
            </Button>
          ) : null
        }
      >
        {t("runs.lead")}
      </PageHead>
      {problem ? (
        <div style={{ marginBottom: 14 }}>
          <Note tone="danger" role="alert">
            {problem}
          </Note>
        </div>
      ) : null}
      <Sheet>
        <Loaded query={runs} columns={6}>
          {(data) =>
            data.rows.length === 0 ? (
              <EmptyState title={t("runs.none")}>{t("runs.noneText")}</EmptyState>
            ) : (
              <DataTable
                label={t("nav.runs")}
                rows={data.rows}
                count={data.rows.length}
                columns={columns}
                rowKey={(run) => run.runId ?? run.asOf}
                compact={false}
                onOpen={open}
                phone={(run) => {
                  const [tone, icon] = STATES[run.state];
                  return {
                    title: (
                      <Link className="link-quiet" to="/runs/$runId" params={{ runId: run.runId ?? "" }}>
                        {name(run)}
                      </Link>
                    ),
                    below: t("runs.short", {
                      leaves: run.buckets.leaves?.count ?? 0,
                      decide: run.buckets.to_decide?.count ?? 0,
                    }),
                    amount: <Amounts values={run.buckets.leaves?.amounts ?? []} />,
                    badge: (
                      <Badge tone={tone} icon={icon}>
                        {lookUp(t, `runState.${run.state}`)}
                      </Badge>
                    ),
                  };
                }}
              />
            )
          }
        </Loaded>
      </Sheet>
    </>
  );
}
