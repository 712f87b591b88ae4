import type { CriterionInfo } from "#contracts/criteria.ts";
import type { Condition, ScenarioContent } from "#contracts/dunning.ts";
import { Choice, TextField } from "#ui/fields.tsx";
import { decimalText, readAmount } from "#ui/format.ts";
import { labelOf, useT } from "../../i18n/index.ts";
import { type Clause, clausesOf } from "../../parts/criteria/codec.ts";
import { FilterBar } from "../../parts/criteria/filter-bar.tsx";
import { useWorkplace } from "../../session.tsx";

const GROUPINGS = ["account", "customer", "contact", "customer_group", "item"] as const;

/** What holds for the whole scenario: grouping, gap, thresholds, entry, ceiling. */
export function ScenarioRules(props: {
  draft: ScenarioContent;
  criteria: readonly CriterionInfo[];
  writes: boolean;
  onChange: (draft: ScenarioContent) => void;
}) {
  const { draft, onChange } = props;
  const { t, language } = useT();
  const reminders = draft.steps.filter((step) => step.track === "reminder");
  const setCondition = (next: Clause[]) => {
    const all: Condition[] = next.map((clause) => ({ ...clause }));
    onChange({ ...draft, itemCondition: all.length === 0 ? null : { all } });
  };
  const days = (text: string, before: number) => (/^\d{1,3}$/.test(text.trim()) ? Number(text) : before);
  return (
    <section className="sheet">
      <div className="sheet-head">
        <h2 className="h3">{t("scenario.rules")}</h2>
      </div>
      <fieldset className="pad stack gap-12" style={{ paddingTop: 0 }} disabled={!props.writes}>
        <Choice
          label={t("scenario.grouping")}
          value={draft.grouping}
          options={GROUPINGS.map((value) => ({ value, label: t(`grouping.${value}`) }))}
          onChange={(grouping) => onChange({ ...draft, grouping })}
        />
        <div className="fields fields-2">
          <TextField
            label={t("scenario.minimumGap")}
            type="number"
            value={String(draft.minimumGapDays)}
            onChange={(text) => onChange({ ...draft, minimumGapDays: days(text, draft.minimumGapDays) })}
          />
          <Choice
            label={t("scenario.entry")}
            value={draft.entryStep}
            options={reminders.map((step) => ({ value: step.key, label: labelOf(step.name, language) }))}
            onChange={(entryStep) => onChange({ ...draft, entryStep })}
          />
          <MinorField
            label={t("scenario.itemMinimum")}
            value={draft.itemMinimumMinor}
            onChange={(itemMinimumMinor) => onChange({ ...draft, itemMinimumMinor })}
          />
          <MinorField
            label={t("scenario.customerMinimum")}
            value={draft.customerMinimumMinor}
            onChange={(customerMinimumMinor) => onChange({ ...draft, customerMinimumMinor })}
          />
          <MinorField
            label={t("scenario.ceiling")}
            value={draft.ceilingMinor}
            onChange={(ceilingMinor) => onChange({ ...draft, ceilingMinor })}
          />
          <TextField
            label={t("scenario.thanksFrom")}
            type="number"
            value={String(draft.thanksFromLevel)}
            onChange={(text) => onChange({ ...draft, thanksFromLevel: days(text, draft.thanksFromLevel) })}
          />
        </div>
        <Choice
          label={t("scenario.credits")}
          value={draft.creditsNotDue}
          options={[
            { value: "netted", label: t("scenario.creditsNetted") },
            { value: "left_out", label: t("scenario.creditsLeftOut") },
          ]}
          onChange={(creditsNotDue) => onChange({ ...draft, creditsNotDue })}
        />
        <div>
          <span className="field-label">{t("scenario.takes")}</span>
          <FilterBar
            criteria={props.criteria}
            clauses={clausesOf(draft.itemCondition) ?? []}
            onChange={setCondition}
            hotkey={false}
            addLabel={t("filter.condition")}
          />
        </div>
      </fieldset>
    </section>
  );
}

/** An amount in the company's book currency; empty means no threshold. */
function MinorField(props: { label: string; value: string | null; onChange: (minor: string | null) => void }) {
  const { session } = useWorkplace();
  const { t } = useT();
  const currency = session.tenant.reportingCurrency;
  const shown = props.value === null ? "" : decimalText({ minor: props.value, currency }).replace(/\.00$/, "");
  return (
    <TextField
      label={`${props.label} (${currency})`}
      inputMode="decimal"
      value={shown}
      placeholder={t("ui.none")}
      onChange={(text) => {
        const minor = readAmount(text, currency);
        if (text.trim() === "") props.onChange(null);
        else if (minor && !minor.startsWith("-")) props.onChange(minor);
      }}
    />
  );
}
