import { DayField } from "#ui/fields.tsx";
import { useLocale } from "#ui/locale.tsx";
import { useT } from "../../i18n/index.ts";
import type { StepProps } from "./detected.tsx";

const KINDS = ["movements", "open_snapshot", "full"] as const;

/** What the file leaves unsaid, asked in plain words: what becomes of items that are not in it. */
export function Coverage({ one, draft, onChange, writes }: StepProps) {
  const { t } = useT();
  const { today } = useLocale();
  const choose = (coverage: (typeof KINDS)[number]) =>
    onChange({
      ...draft,
      coverage,
      asOf: coverage === "open_snapshot" ? (draft.asOf ?? today) : null,
      from: coverage === "full" ? (draft.from ?? one.profile.fiscalYear?.from ?? null) : null,
      to: coverage === "full" ? (draft.to ?? one.profile.fiscalYear?.to ?? null) : null,
    });
  return (
    <section className="sheet">
      <div className="sheet-head">
        <h2 className="h3">{t("coverage.question")}</h2>
      </div>
      <fieldset className="pad coverage" style={{ paddingTop: 0 }} disabled={!writes}>
        <legend className="visually-hidden">{t("coverage.question")}</legend>
        {KINDS.map((kind) => (
          <label key={kind} className={draft.coverage === kind ? "coverage-choice coverage-on" : "coverage-choice"}>
            <span className="check">
              <input type="radio" name="coverage" checked={draft.coverage === kind} onChange={() => choose(kind)} />
              <span>
                <b>{t(`coverage.${kind}`)}</b>
                <span className="block small t2">{t(`coverageMeans.${kind}`)}</span>
              </span>
            </span>
          </label>
        ))}
        {draft.coverage === "open_snapshot" ? (
          <DayField
            label={t("coverage.asOf")}
            value={draft.asOf ?? ""}
            onChange={(asOf) => onChange({ ...draft, asOf: asOf || null })}
          />
        ) : null}
        {draft.coverage === "full" ? (
          <div className="fields fields-2">
            <DayField
              label={t("coverage.from")}
              value={draft.from ?? ""}
              onChange={(from) => onChange({ ...draft, from: from || null })}
            />
            <DayField
              label={t("coverage.to")}
              value={draft.to ?? ""}
              onChange={(to) => onChange({ ...draft, to: to || null })}
            />
          </div>
        ) : null}
      </fieldset>
    </section>
  );
}
