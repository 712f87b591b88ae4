import { IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import type { SyncRun, SyncUnit } from "#contracts/sources.ts";
import { Button } from "#ui/button.tsx";
import { Note, PageHead, Sheet } from "#ui/surfaces.tsx";
import { actions, isUnderWay, syncRunQuery } from "../../api/sources.ts";
import { lookUp, useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { Proof, SampleRows } from "../imports/report.tsx";
import { RunBadge, useAfterRun, useChanges, useDuration, When } from "./run-parts.tsx";

/** What one run did, company by company. */
export function SyncRunPage() {
  const { runId } = useParams({ strict: false }) as { runId: string };
  const { t } = useT();
  const query = useQuery(syncRunQuery(runId));
  usePageTitle(query.data?.sourceName ?? t("sources.title"), [{ label: t("nav.data"), to: "/data" }]);
  return (
    <Loaded query={query} columns={4}>
      {(run) => <Body run={run} />}
    </Loaded>
  );
}

function Body({ run }: { run: SyncRun }) {
  const { t } = useT();
  const navigate = useNavigate();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const duration = useDuration();
  useAfterRun(run.state);
  const again = () =>
    void act(() => actions.run(run.sourceId), {
      refresh: [["sources"]],
      next: (made) => void navigate({ to: "/data/runs/$runId", params: { runId: made.id } }),
    });
  return (
    <>
      <PageHead
        title={
          <Link className="link-quiet" to="/data/sources/$sourceId" params={{ sourceId: run.sourceId }}>
            {run.sourceName}
          </Link>
        }
        actions={
          run.state === "failed" && run.origin !== "push" && may("sources.run") ? (
            <Button tone="primary" icon={IconPlayerPlay} waiting={waiting} onClick={again}>
              {t("sources.runAgain")}
            </Button>
          ) : null
        }
      >
        <span className="row row-wrap">
          <RunBadge run={run} /> <When at={run.startedAt} /> · {t(`syncOrigin.${run.origin}`)}
          {run.endedAt ? <> · {duration(run)}</> : null}
        </span>
      </PageHead>
      <div className="stack gap-20">
        {problem || (run.fault && !run.companies.some((unit) => unit.fault)) ? (
          <Note tone="danger" role="alert">
            {problem ?? run.fault?.text}
          </Note>
        ) : null}
        {isUnderWay(run.state) ? (
          <Note tone="info" role="status">
            {t("sources.underWay")}
          </Note>
        ) : run.companies.length === 0 && !run.fault ? (
          <Note tone="info">{t("sources.nothingFound")}</Note>
        ) : null}
        {run.companies.map((unit) => (
          <Unit key={unit.companyId} unit={unit} />
        ))}
      </div>
    </>
  );
}

function Unit({ unit }: { unit: SyncUnit }) {
  const { t } = useT();
  const changes = useChanges();
  const parties = [
    unit.customers && unit.customers.added + unit.customers.changed > 0
      ? t("sources.customers", { added: unit.customers.added, changed: unit.customers.changed })
      : "",
    unit.contacts && unit.contacts.added + unit.contacts.changed > 0
      ? t("sources.contacts", { added: unit.contacts.added, changed: unit.contacts.changed })
      : "",
    unit.orders ? t("sources.orders", { count: unit.orders.read, changed: unit.orders.new + unit.orders.changed }) : "",
  ].filter((text) => text !== "");
  return (
    <Sheet title={unit.companyName} hint={unit.fault ? "" : changes(unit)}>
      {unit.fault ? (
        <div className="pad">
          <Note tone="danger">
            {unit.fault.text}
            {unit.fault.line > 0 ? ` (${t("report.line", { line: unit.fault.line })})` : ""}
          </Note>
        </div>
      ) : null}
      {unit.layer === "overlay" ? (
        <div className="pad">
          <Note tone="info">{t("sources.completesText")}</Note>
        </div>
      ) : null}
      {parties.length > 0 ? <p className="pad t2">{parties.join(" · ")}</p> : null}
      {unit.files.length > 0 ? (
        <ul className="list-plain">
          {unit.files.map((file) => (
            <li key={`${file.name}${file.importId}`} className="row">
              <span className="grow">
                {file.importId ? (
                  <Link className="link-quiet" to="/data/import/$importId" params={{ importId: file.importId }}>
                    {file.name}
                  </Link>
                ) : (
                  file.name
                )}
              </span>
              <span className="t2">{lookUp(t, `sources.file.${file.outcome}`, {}, file.outcome)}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {unit.proof ? <Proof proof={unit.proof} applied /> : null}
      {unit.refused.length > 0 ? (
        <>
          <p className="pad t2">{t("sources.refusedOf", { count: unit.refusedRows })}</p>
          <table className="table table-compact" style={{ width: "100%" }}>
            <thead>
              <tr>
                <th scope="col" className="right">
                  {t("report.lineColumn")}
                </th>
                <th scope="col">{t("report.why")}</th>
                <th scope="col">{t("report.read")}</th>
              </tr>
            </thead>
            <tbody>
              {unit.refused.slice(0, 100).map((fault, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: one row may have several faults of one kind
                <tr key={`${fault.line}${fault.code}${index}`}>
                  <td className="right t2">{fault.line > 0 ? fault.line : ""}</td>
                  <td>{fault.text}</td>
                  <td className="t3">{fault.value}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      ) : null}
      {unit.warnings.length > 0 ? (
        <ul className="list-plain">
          {unit.warnings.map((warning) => (
            <li key={`${warning.code}${warning.line}`} className="t2">
              {warning.text}
            </li>
          ))}
        </ul>
      ) : null}
      {unit.sample.length > 0 ? <SampleRows sample={unit.sample} /> : null}
    </Sheet>
  );
}
