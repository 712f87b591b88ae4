import {
  type Icon,
  IconAlertTriangle,
  IconChecklist,
  IconDatabase,
  IconSend,
  IconUpload,
  IconUsers,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { AgedBalance, AgedRow } from "#contracts/receivables.ts";
import { AgeingBar } from "#ui/ageing-bar.tsx";
import { Amount } from "#ui/amount.tsx";
import { buttonClass } from "#ui/button.tsx";
import { NearDay } from "#ui/days.tsx";
import { useFormats } from "#ui/locale.tsx";
import { EmptyState } from "#ui/states.tsx";
import { PageHead, Strip } from "#ui/surfaces.tsx";
import { runsQuery } from "../../api/dunning.ts";
import { importsQuery } from "../../api/imports.ts";
import { tasksQuery } from "../../api/platform.ts";
import { agedBalanceQuery } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { Amounts } from "../../parts/amounts.tsx";
import { bucketLabel, bucketShade, overdueShare } from "../../parts/buckets.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { useWaiting } from "../../shell/waiting.ts";
import { useProof } from "../customers/use-proof.ts";

const TOP = 8;

/** Those who owe most, with the totals of all. */
function useTop() {
  const { company, may } = useWorkplace();
  return useQuery({
    ...agedBalanceQuery({
      by: "customer",
      companyId: company?.id,
      layers: "working",
      sort: "overdue",
      direction: "desc",
      limit: TOP,
    }),
    enabled: may("receivables.read"),
  });
}

/** What waits, most useful first; then who owes most. */
export function Day() {
  const { t } = useT();
  const formats = useFormats();
  const { session, may } = useWorkplace();
  const waiting = useWaiting();
  usePageTitle(t("nav.day"));
  const balance = useTop();
  const first = session.user.name.split(" ")[0] ?? session.user.name;
  const count = waiting.runs + waiting.inDoubt + waiting.tasks;
  const isEmpty = balance.data !== undefined && balance.data.rowCount === 0 && session.companies.length === 0;
  return (
    <>
      <PageHead
        title={t("day.hello", { name: first })}
        actions={
          may("imports.write") ? (
            <Link className={buttonClass({})} to="/data/import">
              <IconUpload className="icon" stroke={1.75} aria-hidden="true" />
              {t("imports.start")}
            </Link>
          ) : null
        }
      >
        {capital(formats.dayInWeek(session.today))} · {count === 0 ? t("day.nothing") : t("day.waiting", { count })}
      </PageHead>
      {isEmpty ? (
        <section className="sheet">
          <EmptyState
            title={t("day.start")}
            actions={
              may("imports.write") ? (
                <Link className={buttonClass({ tone: "primary", size: "tall" })} to="/data/import">
                  {t("imports.start")}
                </Link>
              ) : null
            }
          >
            {t("day.startText")}
          </EmptyState>
        </section>
      ) : (
        <>
          {balance.data ? <Totals /> : null}
          <div className="with-aside" style={{ marginTop: 20 }}>
            <div className="stack gap-16">
              <RunsLane />
              <DoubtLane count={waiting.inDoubt} />
              <TasksLane />
              <TopLane />
            </div>
            <aside className="stack gap-16">
              <DataSheet />
            </aside>
          </div>
        </>
      )}
    </>
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

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

function Totals() {
  const data = useTop().data;
  if (!data) return null;
  return (
    <div className="stack gap-12">
      {data.totals.map((total) => (
        <Total key={total.currency} total={total} data={data} />
      ))}
    </div>
  );
}

function Total({ total, data }: { total: AgedRow; data: AgedBalance }) {
  const { t } = useT();
  const formats = useFormats();
  const proof = useProof(total.currency);
  const money = (minor: string) => ({ minor, currency: total.currency });
  const share = overdueShare(total);
  const late = data.buckets.reduce(
    (sum, bucket, index) =>
      bucket.from !== null && bucket.from > 60 ? sum + BigInt(total.buckets[index] ?? "0") : sum,
    0n,
  );
  return (
    <Strip
      figures={[
        {
          key: "total",
          wide: true,
          label: (
            <>
              {t("balance.outstanding")}
              {data.totals.length > 1 ? ` · ${total.currency}` : ""}
              <span className="grow" />
              <Link to="/aged-balance">{t("nav.balance")}</Link>
            </>
          ),
          value: <Amount value={money(total.total)} />,
          below: (
            <span style={{ display: "block", margin: "6px 0 2px" }}>
              <AgeingBar
                parts={data.buckets.map((bucket, index) => ({
                  label: bucketLabel(bucket, t),
                  amount: money(total.buckets[index] ?? "0"),
                  shade: bucketShade(bucket),
                }))}
              />
            </span>
          ),
        },
        {
          key: "overdue",
          label: t("balance.overdue"),
          value: <Amount value={money(total.overdue)} />,
          below: t("customer.share", { share: formats.percent(share) }),
        },
        {
          key: "late",
          label: t("day.over60"),
          value: <Amount value={money(String(late))} dash />,
          below: t("runs.items", { count: total.items }),
        },
        {
          key: "proof",
          label: t("layer.ledger"),
          value: proof ? (
            <span className={proof.ties ? "success" : "warning"}>{t(proof.ties ? "day.ties" : "day.gap")}</span>
          ) : (
            "–"
          ),
          below: proof ? t("proof.gapOnly", { gap: proof.gap }) : null,
        },
      ]}
    />
  );
}

function RunsLane() {
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
          <Amounts values={run.buckets.leaves?.amounts ?? []} />
        </li>
      ))}
    </Lane>
  );
}

function DoubtLane({ count }: { count: number }) {
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

function TasksLane() {
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

function TopLane() {
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

function DataSheet() {
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
