import { IconAlertTriangle, IconCheck, IconClock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { DateCell } from "#ui/days.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Sheet } from "#ui/surfaces.tsx";
import { actions, type DeadLetterList, type JobRunList, readQuery } from "../../api/platform.ts";
import { lookUp, useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

/** Background work: what ran on which business day, and what stopped after all its attempts. */
export function Jobs() {
  const { t } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const runs = useQuery(readQuery<JobRunList>("jobRuns", "/jobs/runs"));
  const letters = useQuery(readQuery<DeadLetterList>("deadLetters", "/jobs/dead-letters"));
  const name = (kind: string) => lookUp(t, `job.${kind}`, {}, kind);
  const resolve = (id: string, resolution: "retried" | "dropped") =>
    void act(() => actions.resolveDeadLetter(id, resolution), {
      done: t(`deadLetter.${resolution}`),
      refresh: [["deadLetters"], ["jobRuns"]],
    });
  return (
    <>
      <Sheet title={t("jobs.stopped")} hint={t("jobs.stoppedHint")}>
        <Refusal isPadded>{problem}</Refusal>
        <Loaded query={letters} rows={2} columns={3}>
          {(data) =>
            data.rows.length === 0 ? (
              <p className="pad success row" style={{ paddingTop: 0 }}>
                <IconCheck className="icon" stroke={1.75} aria-hidden="true" />
                {t("jobs.noneStopped")}
              </p>
            ) : (
              <ul className="lines">
                {data.rows.map((letter) => (
                  <li key={letter.id}>
                    <IconAlertTriangle className="icon warning" stroke={1.75} aria-hidden="true" />
                    <div className="grow">
                      <b>{name(letter.kind)}</b>
                      <div className="small t2">
                        {letter.reason} · {t("jobs.attempts", { count: letter.attempts })} ·{" "}
                        {formats.day(formats.dayOf(letter.failedAt))} {formats.time(letter.failedAt)}
                      </div>
                    </div>
                    {letter.resolvedAt ? (
                      <Badge>{lookUp(t, `deadLetter.${letter.resolution ?? ""}`, {}, letter.resolution ?? "")}</Badge>
                    ) : may("jobs.resolve") ? (
                      <>
                        <Button size="small" waiting={waiting} onClick={() => resolve(letter.id, "retried")}>
                          {t("jobs.retry")}
                        </Button>
                        <Button
                          size="small"
                          tone="quiet"
                          waiting={waiting}
                          onClick={() => resolve(letter.id, "dropped")}
                        >
                          {t("jobs.drop")}
                        </Button>
                      </>
                    ) : null}
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Sheet>
      <Sheet title={t("jobs.runs")}>
        <Loaded query={runs} columns={4}>
          {(data) =>
            data.rows.length === 0 ? (
              <p className="pad t2" style={{ paddingTop: 0 }}>
                {t("jobs.none")}
              </p>
            ) : (
              <table className="table table-compact">
                <thead>
                  <tr>
                    <th scope="col">{t("jobs.work")}</th>
                    <th scope="col" className="only-wide">
                      {t("jobs.day")}
                    </th>
                    <th scope="col">{t("jobs.started")}</th>
                    <th scope="col">{t("field.state")}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.rows.map((run) => (
                    <tr key={`${run.kind}${run.businessDate}${run.part}`}>
                      <td>
                        {name(run.kind)} <span className="t3">{run.part}</span>
                      </td>
                      <td className="only-wide">
                        <DateCell day={run.businessDate} />
                      </td>
                      <td className="t2 nowrap">
                        {formats.day(formats.dayOf(run.startedAt))} {formats.time(run.startedAt)}
                      </td>
                      <td>
                        <Badge
                          tone={run.state === "done" ? "success" : run.state === "failed" ? "danger" : "info"}
                          icon={
                            run.state === "done" ? IconCheck : run.state === "failed" ? IconAlertTriangle : IconClock
                          }
                        >
                          {t(`jobState.${run.state}`)}
                        </Badge>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )
          }
        </Loaded>
      </Sheet>
    </>
  );
}
