import { type Icon, IconAlertTriangle, IconCheck, IconClock, IconPlayerPause, IconX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Source, SyncRunRow } from "#contracts/sources.ts";
import { Badge, type Tone } from "#ui/badge.tsx";
import { useFormats } from "#ui/locale.tsx";
import { isUnderWay } from "../../api/sources.ts";
import { useT } from "../../i18n/index.ts";

const STATES: Readonly<Record<SyncRunRow["state"], readonly [Tone, Icon]>> = {
  queued: ["info", IconClock],
  running: ["info", IconClock],
  open: ["info", IconClock],
  done: ["success", IconCheck],
  failed: ["danger", IconX],
  abandoned: ["neutral", IconPlayerPause],
};

/** State of a run in words; one that worked but does not tie says so. */
export function RunBadge({ run }: { run: Pick<SyncRunRow, "state" | "differences" | "refusedRows"> }) {
  const { t } = useT();
  if (run.state === "done" && run.differences > 0)
    return (
      <Badge tone="warning" icon={IconAlertTriangle}>
        {t("sources.differences", { count: run.differences })}
      </Badge>
    );
  const [tone, icon] = STATES[run.state];
  return (
    <Badge tone={tone} icon={icon}>
      {t(`syncState.${run.state}`)}
    </Badge>
  );
}

/** Day and time of an instant, in the organisation's zone. */
export function When({ at }: { at: string | null }) {
  const formats = useFormats();
  if (!at) return null;
  return (
    <span className="t2 nowrap">
      {formats.day(formats.dayOf(at))} {formats.time(at)}
    </span>
  );
}

/** "3 nouvelles, 1 annulée": what a run changed, or that nothing did. */
export function useChanges(): (run: Pick<SyncRunRow, "counts" | "refusedRows">) => string {
  const { t } = useT();
  const formats = useFormats();
  return (run) => {
    const parts = (["new", "changed", "void", "returned", "completed"] as const).flatMap((name) => {
      const count = run.counts[name] ?? 0;
      return count > 0 ? [t(`sources.count.${name}`, { count })] : [];
    });
    if (run.refusedRows > 0) parts.push(t("sources.count.refused", { count: run.refusedRows }));
    return parts.length > 0 ? formats.list(parts) : t("sources.noChange");
  };
}

/** How long a run took, in words. */
export function useDuration(): (run: Pick<SyncRunRow, "startedAt" | "endedAt">) => string {
  const { t } = useT();
  const formats = useFormats();
  return ({ startedAt, endedAt }) => {
    if (!endedAt) return "";
    const seconds = Math.max(0, Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1_000));
    return seconds < 90
      ? t("sources.seconds", { count: seconds })
      : t("sources.minutes", { count: formats.number(Math.round(seconds / 60)) });
  };
}

/** The calendar of a source in one line. */
export function useCalendarText(): (calendar: Source["calendar"]) => string {
  const { t } = useT();
  return (calendar) => {
    if (calendar.mode === "none") return t("sources.calendar.none");
    const days = calendar.isBusinessDaysOnly ? t("sources.calendar.business") : t("sources.calendar.everyDay");
    if (calendar.mode === "every")
      return `${t("sources.calendar.everyMinutes", { count: calendar.everyMinutes })}, ${days}`;
    return `${calendar.times.map(timeText).join(", ")}, ${days}`;
  };
}

export const timeText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/** The inverse; undefined for what is no time of day. */
export function readTime(text: string): number | undefined {
  const found = /^\s*(\d{1,2})\s*[:hH]?\s*(\d{2})?\s*$/.exec(text);
  const hours = Number(found?.[1]);
  const minutes = Number(found?.[2] ?? 0);
  return found && hours < 24 && minutes < 60 ? hours * 60 + minutes : undefined;
}

/** Reads everything that rests on the ledger again once a run has ended. */
export function useAfterRun(state: SyncRunRow["state"] | undefined): void {
  const queries = useQueryClient();
  const before = useRef(state);
  useEffect(() => {
    if (isUnderWay(before.current) && state && !isUnderWay(state)) {
      for (const key of ["items", "customers", "imports", "sources", "balance", "ledgerProof", "tasks"])
        void queries.invalidateQueries({ queryKey: [key] });
    }
    before.current = state;
  }, [state, queries]);
}

export function RunLink({ run, children }: { run: Pick<SyncRunRow, "id">; children: React.ReactNode }) {
  return (
    <Link className="link-quiet" to="/data/runs/$runId" params={{ runId: run.id }}>
      {children}
    </Link>
  );
}
