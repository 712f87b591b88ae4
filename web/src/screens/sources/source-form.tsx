import { IconPlugConnected, IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { Source, SourceWrite } from "#contracts/sources.ts";
import { Button } from "#ui/button.tsx";
import { CheckField, Choice, TextField } from "#ui/fields.tsx";
import { Note } from "#ui/surfaces.tsx";
import { actions, type ConnectorInfo, type SourceTrialResult } from "../../api/sources.ts";
import { lookUp, useT } from "../../i18n/index.ts";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { CalendarFields } from "./calendar-fields.tsx";
import { SettingInput } from "./setting-input.tsx";

export type Draft = SourceWrite;

export const blankDraft = (connector: ConnectorInfo, companyId: string | undefined): Draft => ({
  name: "",
  settings: Object.fromEntries(
    connector.settings.flatMap((field) => (field.initial === null ? [] : [[field.key, field.initial]])),
  ),
  secrets: {},
  calendar: { mode: "none", times: [6 * 60], everyMinutes: 60, isBusinessDaysOnly: true },
  isActive: true,
  companies: companyId ? [{ companyId, part: "" }] : [],
});

export const draftOf = (source: Source): Draft => ({
  name: source.name,
  settings: { ...source.settings },
  secrets: {},
  calendar: source.calendar,
  isActive: source.isActive,
  companies: source.companies.map(({ companyId, part }) => ({ companyId, part })),
});

type FormProps = {
  connector: ConnectorInfo;
  source?: Source;
  draft: Draft;
  onChange: (draft: Draft) => void;
};

/** Settings, a try of the connection, the companies that it feeds, and when. */
export function SourceFields({ connector, source, draft, onChange }: FormProps) {
  const { t } = useT();
  const [trial, setTrial] = useState<SourceTrialResult | undefined>();
  const set = (patch: Partial<Draft>) => onChange({ ...draft, ...patch });
  const explained = lookUp(t, `connector.${connector.key}.text`, {}, "");
  return (
    <>
      <section className="sheet">
        <div className="sheet-head">
          <h2 className="h3">{lookUp(t, `connector.${connector.key}`, {}, connector.key)}</h2>
        </div>
        <div className="pad stack gap-16" style={{ paddingTop: 0 }}>
          {explained ? <p className="t2">{explained}</p> : null}
          <TextField
            label={t("field.name")}
            value={draft.name}
            onChange={(name) => set({ name })}
            required
            hint={t("sources.nameHint")}
          />
          {connector.settings.length > 0 ? (
            <div className="fields fields-2">
              {connector.settings.map((field) => (
                <SettingInput
                  key={field.key}
                  connector={connector.key}
                  field={field}
                  value={field.kind === "secret" ? (draft.secrets[field.key] ?? "") : draft.settings[field.key]}
                  isSet={source?.secretsSet.includes(field.key) ?? false}
                  onChange={(value) =>
                    field.kind === "secret"
                      ? set({ secrets: { ...draft.secrets, [field.key]: String(value) } })
                      : set({ settings: { ...draft.settings, [field.key]: value } })
                  }
                />
              ))}
            </div>
          ) : null}
          {connector.isPushed ? null : (
            <Trial
              connector={connector}
              sourceId={source?.id ?? null}
              draft={draft}
              result={trial}
              onResult={setTrial}
            />
          )}
        </div>
      </section>
      <Companies connector={connector} draft={draft} onChange={onChange} parts={trial?.parts ?? []} />
      {connector.isPushed ? null : (
        <CalendarFields calendar={draft.calendar} onChange={(calendar) => set({ calendar })} />
      )}
    </>
  );
}

function Trial(props: {
  connector: ConnectorInfo;
  sourceId: string | null;
  draft: Draft;
  result: SourceTrialResult | undefined;
  onResult: (result: SourceTrialResult | undefined) => void;
}) {
  const { t } = useT();
  const { act, waiting, problem } = useAct();
  const { connector, sourceId, draft, result } = props;
  const tryIt = () => {
    props.onResult(undefined);
    const { settings, secrets } = draft;
    void act(() => actions.tryIt({ connector: connector.key, sourceId, settings, secrets }), { next: props.onResult });
  };
  const details = Object.entries(result?.details ?? {});
  return (
    <div className="stack gap-8">
      <div>
        <Button icon={IconPlugConnected} waiting={waiting} onClick={tryIt}>
          {t("sources.try")}
        </Button>
      </div>
      {problem ? (
        <Note tone="danger" role="alert">
          {problem}
        </Note>
      ) : result ? (
        <Note tone={result.isReached ? "success" : "danger"} role={result.isReached ? "status" : "alert"}>
          {result.isReached ? t("sources.reached") : result.text}
          {details.map(([key, value]) => (
            <div key={key} className="small t2">
              {lookUp(t, `sources.detail.${key}`, {}, key)}
              {" : "}
              {value}
            </div>
          ))}
        </Note>
      ) : null}
    </div>
  );
}

function Companies(props: {
  connector: ConnectorInfo;
  draft: Draft;
  onChange: (draft: Draft) => void;
  parts: readonly string[];
}) {
  const { connector, draft, onChange, parts } = props;
  const { t } = useT();
  const { session } = useWorkplace();
  const set = (companies: Draft["companies"]) => onChange({ ...draft, companies });
  const taken = new Set(draft.companies.map((one) => one.companyId));
  const free = session.companies.filter((one) => !taken.has(one.id));
  const options = (id: string) =>
    session.companies
      .filter((one) => one.id === id || !taken.has(one.id))
      .map((one) => ({ value: one.id, label: `${one.code} · ${one.name}` }));
  return (
    <section className="sheet">
      <div className="sheet-head">
        <h2 className="h3">{t("sources.companies")}</h2>
        <p>{t("sources.companiesHint", { count: connector.maxCompanies })}</p>
      </div>
      <div className="pad stack gap-12" style={{ paddingTop: 0 }}>
        {draft.companies.map((company, index) => (
          <div className="row row-wrap" key={company.companyId} style={{ alignItems: "flex-end" }}>
            <div className="grow">
              <Choice
                label={t("field.company")}
                value={company.companyId}
                options={options(company.companyId)}
                onChange={(companyId) => set(draft.companies.with(index, { ...company, companyId }))}
              />
            </div>
            {connector.hasParts ? (
              <div className="grow">
                <TextField
                  label={lookUp(t, `connector.${connector.key}.part`, {}, t("sources.part"))}
                  value={company.part}
                  onChange={(part) => set(draft.companies.with(index, { ...company, part }))}
                  {...(parts.length > 0
                    ? { hint: t("sources.partsFound", { parts: parts.slice(0, 12).join(", ") }) }
                    : {})}
                />
              </div>
            ) : null}
            <Button
              tone="quiet"
              icon={IconX}
              aria-label={t("sources.removeCompany")}
              onClick={() => set(draft.companies.toSpliced(index, 1))}
            />
          </div>
        ))}
        {free[0] && draft.companies.length < connector.maxCompanies ? (
          <div>
            <Button
              size="small"
              icon={IconPlus}
              onClick={() => set([...draft.companies, { companyId: free[0]?.id ?? "", part: "" }])}
            >
              {t("sources.addCompany")}
            </Button>
          </div>
        ) : null}
      </div>
    </section>
  );
}

/** The one thing a form asks besides its fields. */
export function ActiveField({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }) {
  const { t } = useT();
  return (
    <CheckField checked={draft.isActive} onChange={(isActive) => onChange({ ...draft, isActive })}>
      {t("sources.active")}
    </CheckField>
  );
}
