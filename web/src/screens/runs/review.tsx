import { IconRefresh, IconSend, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useRef, useState } from "react";
import type { RunSummary } from "#contracts/dunning.ts";
import { Button } from "#ui/button.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Note, PageHead } from "#ui/surfaces.tsx";
import { Tabs } from "#ui/tabs.tsx";
import { usePhone } from "#ui/use-phone.ts";
import { newKey } from "../../api/client.ts";
import { actions, type Bucket, runQuery } from "../../api/dunning.ts";
import { useT } from "../../i18n/index.ts";
import { Rich } from "../../i18n/rich.tsx";
import { useActorName } from "../../parts/actors.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { Panel } from "../../parts/panel.tsx";
import { useSearchState } from "../../parts/search-state.ts";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { DecisionAside } from "./decision.tsx";
import { DecisionTable } from "./decision-table.tsx";
import { Progress } from "./progress.tsx";
import { Skips } from "./skips.tsx";

const BUCKETS: readonly Bucket[] = ["to_decide", "leaves", "skipped"];
const UNDER_WAY = ["approved", "held", "claimed", "handing_over"];

/** Decide first, then what leaves, then what does not and why. */
export function RunReview() {
  const { t } = useT();
  const formats = useFormats();
  const { runId = "" } = useParams({ strict: false }) as { runId?: string };
  const [live, setLive] = useState(false);
  const run = useQuery(runQuery(runId, live));
  const moving = UNDER_WAY.some((state) => (run.data?.messages[state] ?? 0) > 0);
  if (moving !== live) setLive(moving);
  const title = run.data ? t("runs.of", { day: formats.dayInWeek(run.data.asOf) }) : t("runs.run");
  usePageTitle(title, [{ label: t("nav.runs"), to: "/runs" }]);
  return (
    <Loaded query={run} rows={10} columns={5}>
      {(data) => <Review run={data} runId={runId} title={title} />}
    </Loaded>
  );
}

function Review({ run, runId, title }: { run: RunSummary; runId: string; title: string }) {
  const { t } = useT();
  const formats = useFormats();
  const phone = usePhone();
  const actorName = useActorName();
  const navigate = useNavigate();
  const { may, session } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [search, setSearch] = useSearchState();
  const [chosen, setChosen] = useState<string | undefined>();
  const count = (bucket: Bucket) => run.buckets[bucket]?.count ?? 0;
  const first = BUCKETS.find((bucket) => count(bucket) > 0) ?? "leaves";
  const bucket = BUCKETS.find((one) => one === search.tab) ?? first;
  const open = run.state === "review";
  const companyName = session.companies.find((one) => one.id === run.companyId)?.name ?? t("shell.allCompanies");
  const again = () =>
    void act(() => actions.plan({ asOf: run.asOf, ...(run.companyId ? { companyId: run.companyId } : {}) }), {
      refresh: [["runs"]],
      next: (next) => void navigate({ to: "/runs/$runId", params: { runId: next.runId ?? "" } }),
    });
  const discard = () =>
    void act(() => actions.discard(runId), {
      done: t("runs.discarded"),
      refresh: [["runs"]],
      next: () => void navigate({ to: "/runs" }),
    });

  return (
    <div className="with-bottom-bar">
      <PageHead
        title={title}
        actions={
          <>
            {open && may("runs.plan") ? (
              <>
                <Button icon={IconTrash} tone="quiet" waiting={waiting} onClick={discard}>
                  {t("runs.discard")}
                </Button>
                <Button icon={IconRefresh} waiting={waiting} onClick={again}>
                  {t("runs.again")}
                </Button>
              </>
            ) : null}
            <ExportMenu
              list={`/runs/${runId}/decisions`}
              query={{ bucket, code: bucket === "skipped" ? search.code : undefined }}
            />
          </>
        }
      >
        {companyName} · {t("runs.preparedAt", { when: formats.time(run.createdAt), who: actorName(run.createdBy) })} ·{" "}
        {t("runs.groups", { count: run.groups })}
      </PageHead>
      {problem ? (
        <div style={{ marginBottom: 14 }}>
          <Note tone="danger" role="alert">
            {problem}
          </Note>
        </div>
      ) : null}
      {departed(run) > 0 ? <Progress run={run} runId={runId} /> : null}
      <div className={chosen && !phone ? "with-aside with-aside-wide" : undefined}>
        <div className="stack gap-16">
          <section className="sheet">
            <div className="sheet-tabs">
              <Tabs
                label={title}
                value={bucket}
                onChange={(next) => {
                  setChosen(undefined);
                  setSearch({ tab: next, code: undefined });
                }}
                items={BUCKETS.map((key) => ({
                  key,
                  label: t(key === "to_decide" ? "runs.toDecide" : key === "leaves" ? "runs.leaves" : "runs.skipped"),
                  count: formats.number(count(key)),
                }))}
              />
            </div>
            {bucket === "skipped" ? (
              <Skips run={run} code={search.code} onCode={(code) => setSearch({ code })} />
            ) : null}
            <DecisionTable
              key={`${bucket}${search.code ?? ""}`}
              runId={runId}
              bucket={bucket}
              {...(bucket === "skipped" && search.code ? { code: search.code } : {})}
              open={open}
              chosen={chosen}
              onChoose={setChosen}
            />
          </section>
        </div>
        {chosen && !phone ? (
          <aside className="aside-sticky">
            <DecisionAside runId={runId} decisionId={chosen} open={open} onClose={() => setChosen(undefined)} />
          </aside>
        ) : null}
      </div>
      {chosen && phone ? (
        <Panel title={title} onClose={() => setChosen(undefined)} wide>
          <DecisionAside runId={runId} decisionId={chosen} open={open} onClose={() => setChosen(undefined)} />
        </Panel>
      ) : null}
      {open ? <ApproveBar run={run} runId={runId} /> : null}
    </div>
  );
}

/** Messages of a run that were approved, wherever they stand now. A run may be approved in parts. */
const departed = (run: RunSummary): number =>
  Object.entries(run.messages).reduce(
    (sum, [state, count]) => (state === "planned" || state === "withdrawn" ? sum : sum + count),
    0,
  );

/** Count, amount, and how long it can be undone; then the one button. */
function ApproveBar({ run, runId }: { run: RunSummary; runId: string }) {
  const { t } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const key = useRef(newKey());
  const leaves = run.buckets.leaves;
  const decide = run.buckets.to_decide?.count ?? 0;
  const approved = departed(run);
  const count = Math.max(0, (leaves?.count ?? 0) - approved);
  const amounts = (leaves?.amounts ?? []).map((amount) => formats.amount(amount)).join(" + ");
  const approve = () =>
    void act(() => actions.approve(runId, count, key.current), {
      done: t("runs.approved", { count }),
      undo: () => actions.undoApproval(runId),
      refresh: [["runs"], ["messages"]],
      next: () => {
        key.current = newKey();
      },
    });
  if (count === 0 && decide === 0) return null;
  return (
    <footer className="action-bar">
      {decide > 0 ? <span className="warning">{t("runs.stillToDecide", { count: decide })}</span> : null}
      <span className="grow" />
      {problem ? <span className="danger">{problem}</span> : null}
      <span className="t2">
        {approved === 0 ? <Rich text={t("runs.summary", { count, amount: amounts || "0" })} /> : null}
        {approved > 0 && count > 0 ? t("runs.summaryMore", { count }) : null}
      </span>
      {may("runs.approve") ? (
        <Button tone="primary" size="tall" icon={IconSend} disabled={count === 0} waiting={waiting} onClick={approve}>
          {t("runs.approve", { count })}
        </Button>
      ) : (
        <span className="t3">{t("runs.mayNotApprove")}</span>
      )}
    </footer>
  );
}
