import { IconDeviceFloppy, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { ScenarioContent, ScenarioDetail, ScenarioStep } from "#contracts/dunning.ts";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { DayField } from "#ui/fields.tsx";
import { useFormats, useLocale } from "#ui/locale.tsx";
import { Note } from "#ui/surfaces.tsx";
import { templatesQuery } from "../../api/correspondence.ts";
import { actions, scenarioQuery } from "../../api/dunning.ts";
import { labelOf, useT } from "../../i18n/index.ts";
import { useActorName } from "../../parts/actors.ts";
import { useScenarioCriteria } from "../../parts/criteria/criteria.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { useHotkeys } from "../../shell/hotkeys.ts";
import { usePageTitle } from "../../shell/page.tsx";
import { duplicateStep, isChanged, moveStep, nextReminder } from "./draft.ts";
import { ScenarioRules } from "./rules.tsx";
import { Simulation } from "./simulation.tsx";
import { StepCard } from "./step-card.tsx";

/** A scenario is an ordered list of steps along the margin line; a change is a new version in force from a day. */
export function Scenario() {
  const { t, language } = useT();
  const { scenarioId = "" } = useParams({ strict: false }) as { scenarioId?: string };
  const query = useQuery(scenarioQuery(scenarioId));
  usePageTitle(query.data ? labelOf(query.data.name, language) : t("nav.scenarios"), [
    { label: t("nav.scenarios"), to: "/scenarios" },
  ]);
  return (
    <Loaded query={query} rows={8} columns={3}>
      {(scenario) => <Editor key={scenario.version} scenario={scenario} />}
    </Loaded>
  );
}

function Editor({ scenario }: { scenario: ScenarioDetail }) {
  const { t, language } = useT();
  const formats = useFormats();
  const { today } = useLocale();
  const actorName = useActorName();
  const { may } = useWorkplace();
  const { act, waiting, problem, failure } = useAct();
  const [draft, setDraft] = useState<ScenarioContent>(scenario.content);
  const [open, setOpen] = useState<string | undefined>();
  const [from, setFrom] = useState(today);
  const templates = useQuery(templatesQuery()).data?.rows ?? [];
  const ofItems = useScenarioCriteria("item");
  const ofSteps = useScenarioCriteria("step");
  const changed = isChanged(draft, scenario.content);
  const writes = may("scenarios.write");
  const steps = draft.steps;
  const setSteps = (next: ScenarioStep[]) => setDraft({ ...draft, steps: next });
  const add = () => {
    const step = nextReminder(steps, templates[0]?.key ?? "");
    const at = steps.findLastIndex((one) => one.track !== "thanks");
    setSteps([...steps.slice(0, at + 1), step, ...steps.slice(at + 1)]);
    setOpen(step.key);
  };
  useHotkeys(writes ? { a: add } : {});
  const save = () =>
    void act(() => actions.saveScenario(scenario.scenarioId, scenario.version, { content: draft, validFrom: from }), {
      done: t("scenario.saved", { day: formats.day(from) }),
      refresh: [["scenarios"]],
    });
  const errors = failure && typeof failure === "object" && "errors" in failure ? failure.errors : [];
  const firstAfter = steps.findIndex((step) => step.delayDays >= 0);

  return (
    <>
      <div className="page-head">
        <div>
          <div className="row row-wrap">
            <h1>{labelOf(scenario.name, language)}</h1>
            {changed ? <Badge tone="warning">{t("scenario.draft", { version: scenario.versionNo + 1 })}</Badge> : null}
          </div>
          <p>
            {t("scenario.inForce", { version: scenario.versionNo, day: formats.dayLong(scenario.validFrom) })} ·{" "}
            {t("scenario.rule")}
          </p>
        </div>
        {writes && changed ? (
          <div className="page-actions" style={{ alignItems: "flex-end" }}>
            <div style={{ width: 130 }}>
              <DayField label={t("scenario.from")} value={from} onChange={setFrom} />
            </div>
            <Button tone="quiet" onClick={() => setDraft(scenario.content)}>
              {t("ui.cancel")}
            </Button>
            <Button tone="primary" icon={IconDeviceFloppy} waiting={waiting} onClick={save}>
              {t("scenario.save")}
            </Button>
          </div>
        ) : null}
      </div>
      {problem ? (
        <div style={{ marginBottom: 14 }}>
          <Note tone="danger" role="alert">
            {problem}
            {Array.isArray(errors) && errors.length > 0 ? (
              <ul>
                {errors.map((error: { path: string; detail: string }) => (
                  <li key={error.path}>
                    <span className="t3">{error.path}</span> {error.detail}
                  </li>
                ))}
              </ul>
            ) : null}
          </Note>
        </div>
      ) : null}
      <div className="with-aside with-aside-wide">
        <div>
          {writes ? <p className="small t3 only-wide">{t("scenario.keys")}</p> : null}
          <ol className="scenario">
            {steps.map((step, index) => (
              <StepCard
                key={step.key}
                step={step}
                index={index}
                count={steps.length}
                duePlace={index === firstAfter ? (index === 0 ? "only" : "before") : undefined}
                open={open === step.key}
                writes={writes}
                templates={templates}
                criteria={ofSteps}
                onToggle={() => setOpen(open === step.key ? undefined : step.key)}
                onChange={(next) => setSteps(steps.map((one, at) => (at === index ? next : one)))}
                onMove={(by) => setSteps(moveStep(steps, index, by))}
                onDuplicate={() => setSteps(duplicateStep(steps, index))}
                onRemove={() => setSteps(steps.filter((_, at) => at !== index))}
              />
            ))}
            {writes ? (
              <li>
                <span />
                <span className="scenario-node scenario-node-add">
                  <IconPlus className="icon" stroke={1.75} aria-hidden="true" />
                </span>
                <div className="scenario-add">
                  <Button hotkey="A" onClick={add}>
                    {t("scenario.addStep")}
                  </Button>
                </div>
              </li>
            ) : null}
          </ol>
        </div>
        <aside className="stack gap-16">
          <Simulation draft={draft} changed={changed} />
          <ScenarioRules draft={draft} criteria={ofItems} writes={writes} onChange={setDraft} />
          <section className="sheet">
            <div className="sheet-head">
              <h2 className="h3">{t("scenario.versions")}</h2>
            </div>
            <ul className="list-plain">
              {scenario.versions.map((version) => (
                <li key={version.versionNo} className="between">
                  <span>
                    <b>v{version.versionNo}</b>{" "}
                    <span className="t2">{t("scenario.since", { day: formats.day(version.validFrom) })}</span>
                  </span>
                  <span className="small t3">{actorName(version.createdBy)}</span>
                </li>
              ))}
            </ul>
          </section>
        </aside>
      </div>
    </>
  );
}
