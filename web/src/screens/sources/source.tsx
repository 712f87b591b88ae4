import { IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { Source } from "#contracts/sources.ts";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { Note, PageHead, Sheet } from "#ui/surfaces.tsx";
import { Tabs } from "#ui/tabs.tsx";
import { actions, connectorsQuery, isUnderWay, sourceQuery, syncRunsQuery } from "../../api/sources.ts";
import { lookUp, useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";
import { PushKeys } from "./push-keys.tsx";
import { useAfterRun, useCalendarText, When } from "./run-parts.tsx";
import { RunTable } from "./run-table.tsx";
import { ActiveField, type Draft, draftOf, SourceFields } from "./source-form.tsx";

/** One source: how it stands, its history, its settings. */
export function SourcePage() {
  const { sourceId } = useParams({ strict: false }) as { sourceId: string };
  const { t } = useT();
  const query = useQuery(sourceQuery(sourceId));
  usePageTitle(query.data?.name ?? t("sources.title"), [{ label: t("nav.data"), to: "/data" }]);
  return (
    <Loaded query={query} columns={4}>
      {(source) => <Body source={source} />}
    </Loaded>
  );
}

function Body({ source }: { source: Source }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const calendarText = useCalendarText();
  const [tab, setTab] = useState<"history" | "settings">("history");
  useAfterRun(source.lastRun?.state);
  const run = () =>
    void act(() => actions.run(source.id), {
      done: t("sources.started", { name: source.name }),
      refresh: [["sources"]],
    });
  const fault = source.lastRun?.state === "failed" ? source.lastRun.fault : null;
  return (
    <>
      <PageHead
        title={source.name}
        actions={
          may("sources.run") && !source.isPushed ? (
            <Button
              tone="primary"
              size="tall"
              icon={IconPlayerPlay}
              waiting={waiting || isUnderWay(source.lastRun?.state)}
              onClick={run}
            >
              {t("sources.runNow")}
            </Button>
          ) : null
        }
      >
        {lookUp(t, `connector.${source.connector}`, {}, source.connector)} ·{" "}
        {source.isActive
          ? source.isPushed
            ? t("sources.pushed")
            : calendarText(source.calendar)
          : t("sources.paused")}
        {source.nextRunAt ? (
          <>
            {" "}
            · {t("sources.next")} <When at={source.nextRunAt} />
          </>
        ) : null}
      </PageHead>
      <div className="stack gap-20">
        <Refusal>{problem}</Refusal>
        {fault ? (
          <Note tone="danger" role="alert">
            {fault.text}
          </Note>
        ) : null}
        <FedCompanies source={source} />
        <Tabs
          label={source.name}
          value={tab}
          onChange={setTab}
          items={[
            { key: "history", label: t("sources.history") },
            { key: "settings", label: t("nav.settings") },
          ]}
        />
        {tab === "history" ? <History sourceId={source.id} /> : <SettingsForm key={source.version} source={source} />}
        {source.isPushed && may("api_keys.write") ? <PushKeys sourceId={source.id} /> : null}
      </div>
    </>
  );
}

/** Whose books it feeds, and whether it makes them or completes them. */
function FedCompanies({ source }: { source: Source }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const make = (companyId: string) =>
    void act(() => actions.makeOfRecord(source.id, companyId), { done: t("ui.saved"), refresh: [["sources"]] });
  return (
    <Sheet title={t("sources.companies")} hint={t("sources.ofRecordHint")}>
      <Refusal isPadded>{problem}</Refusal>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("field.company")}</th>
            <th scope="col" className="only-wide">
              {t("sources.part")}
            </th>
            <th scope="col">{t("sources.heard")}</th>
            <th scope="col">{t("sources.role")}</th>
            <th scope="col">
              <span className="visually-hidden">{t("ui.actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {source.companies.map((one) => (
            <tr key={one.companyId}>
              <td>{one.companyName}</td>
              <td className="t2 only-wide">{one.part}</td>
              <td>{one.heardAt ? <When at={one.heardAt} /> : <span className="t3">{t("sources.never")}</span>}</td>
              <td>
                <Badge tone={one.isOfRecord ? "success" : "neutral"}>
                  {t(one.isOfRecord ? "sources.ofRecord" : "sources.completes")}
                </Badge>
              </td>
              <td className="right">
                {!one.isOfRecord && may("sources.write") ? (
                  <Button size="small" tone="quiet" disabled={waiting} onClick={() => make(one.companyId)}>
                    {t("sources.makeOfRecord")}
                  </Button>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sheet>
  );
}

function History({ sourceId }: { sourceId: string }) {
  const { t } = useT();
  const query = useInfiniteQuery(syncRunsQuery(sourceId));
  return (
    <Sheet title={t("sources.history")}>
      <Loaded query={query} columns={5}>
        {(data) => (
          <RunTable
            runs={data.pages.flatMap((page) => page.rows)}
            onEnd={() => void (query.hasNextPage && query.fetchNextPage())}
          />
        )}
      </Loaded>
    </Sheet>
  );
}

function SettingsForm({ source }: { source: Source }) {
  const { t } = useT();
  const navigate = useNavigate();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const connectors = useQuery(connectorsQuery());
  const [draft, setDraft] = useState<Draft>(() => draftOf(source));
  const connector = connectors.data?.rows.find((one) => one.key === source.connector);
  if (!connector) return null;
  const save = () =>
    void act(() => actions.change(source.id, source.version, draft), { done: t("ui.saved"), refresh: [["sources"]] });
  const remove = () =>
    void act(() => actions.remove(source.id), {
      done: t("sources.removed", { name: source.name }),
      refresh: [["sources"]],
      next: () => void navigate({ to: "/data" }),
    });
  return (
    <form
      className="stack gap-20"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <fieldset className="stack gap-20" disabled={!may("sources.write")}>
        <SourceFields connector={connector} source={source} draft={draft} onChange={setDraft} />
        <ActiveField draft={draft} onChange={setDraft} />
      </fieldset>
      <Refusal>{problem}</Refusal>
      {may("sources.write") ? (
        <div className="row">
          <Button type="submit" tone="primary" waiting={waiting}>
            {t("ui.save")}
          </Button>
          <span className="grow" />
          <Button tone="danger" icon={IconTrash} waiting={waiting} onClick={remove}>
            {t("sources.remove")}
          </Button>
        </div>
      ) : null}
    </form>
  );
}
