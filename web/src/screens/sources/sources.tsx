import { IconPlayerPlay, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Source } from "#contracts/sources.ts";
import { Badge } from "#ui/badge.tsx";
import { Button, buttonClass } from "#ui/button.tsx";
import { type Column, DataTable } from "#ui/data-table.tsx";
import { EmptyState } from "#ui/states.tsx";
import { Sheet } from "#ui/surfaces.tsx";
import { actions, isUnderWay, sourcesQuery } from "../../api/sources.ts";
import { lookUp, useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { RunBadge, useAfterRun, useCalendarText, useChanges, When } from "./run-parts.tsx";

/** What feeds the ledger by itself: state, last and next run, run now. */
export function SourcesSheet() {
  const { t } = useT();
  const { may } = useWorkplace();
  const query = useQuery({ ...sourcesQuery(), enabled: may("sources.read") });
  const calendarText = useCalendarText();
  const { act, waiting, problem } = useAct();
  const running = query.data?.rows.find((one) => isUnderWay(one.lastRun?.state));
  useAfterRun(running?.lastRun?.state ?? query.data?.rows[0]?.lastRun?.state);
  if (!may("sources.read")) return null;
  const add = may("sources.write") ? (
    <Link className={buttonClass({ size: "small" })} to="/data/sources/new">
      <IconPlus className="icon" stroke={1.75} aria-hidden="true" />
      {t("sources.add")}
    </Link>
  ) : null;
  const run = (source: Source) =>
    void act(() => actions.run(source.id), {
      done: t("sources.started", { name: source.name }),
      refresh: [["sources"]],
    });
  const link = (source: Source) => (
    <Link className="link-quiet medium" to="/data/sources/$sourceId" params={{ sourceId: source.id }}>
      {source.name}
    </Link>
  );
  const columns: Column<Source>[] = [
    { key: "name", header: t("field.name"), cell: link },
    {
      key: "connector",
      header: t("sources.connector"),
      cell: (one) => <span className="t2">{lookUp(t, `connector.${one.connector}`, {}, one.connector)}</span>,
    },
    {
      key: "companies",
      header: t("sources.companies"),
      cell: (one) => <span className="t2">{one.companies.map((company) => company.companyName).join(", ")}</span>,
    },
    { key: "calendar", header: t("sources.calendar"), cell: (one) => <Calendar source={one} text={calendarText} /> },
    { key: "last", header: t("sources.lastRun"), cell: (one) => <LastRun source={one} /> },
    {
      key: "do",
      header: <span className="visually-hidden">{t("ui.actions")}</span>,
      right: true,
      cell: (one) =>
        may("sources.run") && !one.isPushed ? (
          <Button
            size="small"
            icon={IconPlayerPlay}
            disabled={waiting || isUnderWay(one.lastRun?.state)}
            onClick={() => run(one)}
          >
            {t("sources.runNow")}
          </Button>
        ) : null,
    },
  ];
  return (
    <Sheet title={t("sources.title")} hint={t("sources.lead")} actions={add}>
      <Refusal isPadded>{problem}</Refusal>
      <Loaded query={query} columns={5} rows={2}>
        {(data) =>
          data.rows.length === 0 ? (
            <EmptyState title={t("sources.none")} actions={add}>
              {t("sources.noneText")}
            </EmptyState>
          ) : (
            <DataTable
              label={t("sources.title")}
              rows={data.rows}
              count={data.rows.length}
              columns={columns}
              rowKey={(one) => one.id}
              compact={false}
              phone={(one) => ({
                title: link(one),
                below: `${lookUp(t, `connector.${one.connector}`, {}, one.connector)} · ${one.isPushed ? t("sources.pushed") : calendarText(one.calendar)}`,
                badge: <LastRun source={one} isShort />,
              })}
            />
          )
        }
      </Loaded>
    </Sheet>
  );
}

function Calendar({ source, text }: { source: Source; text: (calendar: Source["calendar"]) => string }) {
  const { t } = useT();
  if (!source.isActive) return <Badge>{t("sources.paused")}</Badge>;
  return <span className="t2">{source.isPushed ? t("sources.pushed") : text(source.calendar)}</span>;
}

function LastRun({ source, isShort = false }: { source: Source; isShort?: boolean }) {
  const { t } = useT();
  const changes = useChanges();
  const { lastRun } = source;
  if (!lastRun) return <span className="t3">{t("sources.never")}</span>;
  if (isShort) return <RunBadge run={lastRun} />;
  return (
    <span className="row" title={lastRun.fault?.text ?? changes(lastRun)}>
      <RunBadge run={lastRun} />
      <When at={lastRun.endedAt ?? lastRun.startedAt} />
    </span>
  );
}
