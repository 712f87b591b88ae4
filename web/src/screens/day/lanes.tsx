import { type Icon, IconAlertTriangle, IconChecklist, IconDatabase, IconSend, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { AgeingBar } from "#ui/ageing-bar.tsx";
import { Amount } from "#ui/amount.tsx";
import { buttonClass } from "#ui/button.tsx";
import { NearDay } from "#ui/days.tsx";
import { useFormats } from "#ui/locale.tsx";
import { runsQuery } from "../../api/dunning.ts";
import { importsQuery } from "../../api/imports.ts";
import { tasksQuery } from "../../api/platform.ts";
import { useT } from "../../i18n/index.ts";
import { Amounts } from "../../parts/amounts.tsx";
import { bucketLabel, bucketShade } from "../../parts/buckets.ts";
import { useWorkplace } from "../../session.tsx";
import { useTop } from "./use-top.ts";

/** A lane: what it is, how many, and where to start. */
function Lane(props: {
  icon: Icon;
  tone?: "danger" | "info" | "warning";
  title: string;
  count?: ReactNode;
  amount?: ReactNode;
  to?: string;
  search?: Readonly<Record<string, string>>;
  action?: string;
  children: ReactNode;
}) {
  const Glyph = props.icon;
  return (
    <section className="sheet lane">
      <div className="sheet-head">
        <span className={`lane-icon${props.tone ? ` lane-${props.tone}` : ""}`}>
          <Glyph className="icon" stroke={1.75} aria-hidden="true" />
        </span>
        <h2 className="h3">{props.title}</h2>
        <span className="t3">{props.count}</span>
        <div className="sheet-actions">
          {props.amount}
          {props.to && props.action ? (
            <Link className={buttonClass({ size: "small" })} to={props.to} search={props.search ?? {}}>
              {props.action}
            </Link>
          ) : null}
        </div>
      </div>
      <ul className="lane-rows">{props.children}</ul>
    </section>
  );
}

export function RunsLane() {
  const { t } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  const runs = useQuery({ ...runsQuery(), enabled: may("runs.read") }).data?.rows ?? [];
  const open = runs.filter((run) => run.state === "review");
  if (!may("runs.read") || open.length === 0) return null;
  return (
    <Lane icon={IconSend} tone="info" title={t("day.toApprove")} count={open.length} to="/runs" action={t("day.begin")}>
      {open.slice(0, 3).map((run) => (
        <li key={run.runId}>
          <div className="grow">
            <Link className="link-quiet" to="/runs/$runId" params={{ runId: run.runId ?? "" }}>
              {t("runs.of", { day: formats.dayInWeek(run.asOf) })}
            </Link>{" "}
            <span className="t2">
              {t("runs.short", { leaves: run.buckets.leaves?.count ?? 0, decide: run.buckets.to_decide?.count ?? 0 })}
            </span>
          </div>
          <span className="lane-amounts">
            <Amounts values={run.buckets.leaves?.amounts ?? []} />
          </span>
        </li>
      ))}
    </Lane>
  );
}

export function DoubtLane({ count }: { count: number }) {
  const { t } = useT();
  if (count === 0) return null;
  return (
    <Lane
      icon={IconAlertTriangle}
      tone="warning"
      title={t("messages.inDoubt")}
      count={count}
      to="/messages"
      search={{ state: "in_doubt" }}
      action={t("runs.resolve")}
    >
      <li className="t2">{t("messages.noDoubtText")}</li>
    </Lane>
  );
}

export function TasksLane() {
  const { t } = useT();
  const { may } = useWorkplace();
  const page = useQuery({ ...tasksQuery({ state: "open", assignee: "me" }), enabled: may("tasks.read") }).data;
  if (!page || page.rows.length === 0) return null;
  return (
    <Lane icon={IconChecklist} title={t("day.myTasks")} count={page.total.count} to="/tasks" action={t("day.begin")}>
      {page.rows.slice(0, 4).map((task) => (
        <li key={task.id}>
          <div className="grow">
            <span className="medium">{task.title}</span> <span className="t2">{task.customerName}</span>
          </div>
          {task.dueOn ? (
            <span className="t2">
              <NearDay day={task.dueOn} />
            </span>
          ) : null}
        </li>
      ))}
    </Lane>
  );
}

export function TopLane() {
  const { t } = useT();
  const data = useTop().data;
  const rows = (data?.rows ?? []).filter((row) => !/^-?0*$/.test(row.overdue) && !row.overdue.startsWith("-"));
  if (!data || rows.length === 0) return null;
  return (
    <Lane icon={IconUsers} tone="danger" title={t("day.top")} to="/customers" action={t("day.allCustomers")}>
      {rows.map((row) => (
        <li key={`${row.key}${row.currency}`}>
          <div className="grow">
            <Link className="link-quiet" to="/customers/$customerId" params={{ customerId: row.key }}>
              {row.name}
            </Link>{" "}
            <span className="t2">{t("items.count", { count: row.items })}</span>
          </div>
          <span className="lane-bar only-wide">
            <AgeingBar
              thin
              parts={data.buckets.map((bucket, index) => ({
                label: bucketLabel(bucket, t),
                amount: { minor: row.buckets[index] ?? "0", currency: row.currency },
                shade: bucketShade(bucket),
              }))}
            />
          </span>
          <span className="lane-amount">
            <Amount value={{ minor: row.overdue, currency: row.currency }} />
          </span>
        </li>
      ))}
    </Lane>
  );
}

export function DataSheet() {
  const { t } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  const rows = useQuery({ ...importsQuery(), enabled: may("imports.read") }).data?.rows ?? [];
  if (!may("imports.read")) return null;
  return (
    <section className="sheet">
      <div className="sheet-head">
        <h2 className="h3">{t("day.data")}</h2>
      </div>
      {rows.length === 0 ? (
        <p className="pad t2" style={{ paddingTop: 0 }}>
          {t("imports.noneText")}
        </p>
      ) : (
        <ul className="news">
          {rows.slice(0, 4).map((row) => (
            <li key={row.id}>
              <IconDatabase className="icon" stroke={1.75} aria-hidden="true" />
              <div className="grow">
                <Link className="link-quiet clip" to="/data/import/$importId" params={{ importId: row.id }}>
                  {row.fileName}
                </Link>
                <p>
                  {t(`importState.${row.state}`)} · {t("day.rows", { count: row.counts?.new ?? 0 })} ·{" "}
                  {formats.day(formats.dayOf(row.createdAt))}
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
