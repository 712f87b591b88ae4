import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type CustomField, CustomFieldType, type CustomFieldWrite } from "#contracts/customer-profile.ts";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { CheckField, Choice, TextArea, TextField } from "#ui/fields.tsx";
import { Sheet } from "#ui/surfaces.tsx";
import { actions, customFieldsQuery } from "../../api/profile.ts";
import { useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { Panel } from "../../parts/panel.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

/** Free fields of customers: each one is a criterion and a column from the moment it is made. */
export function CustomFields() {
  const { t, language } = useT();
  const { may } = useWorkplace();
  const query = useQuery(customFieldsQuery);
  const [editing, setEditing] = useState<CustomField | "new" | undefined>();
  return (
    <Sheet
      title={t("settings.customFields")}
      actions={
        may("settings.write") ? (
          <Button size="small" icon={IconPlus} onClick={() => setEditing("new")}>
            {t("customFields.add")}
          </Button>
        ) : null
      }
    >
      <Loaded query={query} rows={3} columns={3}>
        {(data) =>
          data.rows.length === 0 ? (
            <p className="pad t2">{t("customFields.none")}</p>
          ) : (
            <div className="balance-scroll">
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">{t("customFields.label")}</th>
                    <th scope="col">{t("customFields.type")}</th>
                    <th scope="col">{t("customFields.source")}</th>
                    <th scope="col">{t("field.state")}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.rows.map((field) => (
                    <tr key={field.id}>
                      <td>
                        <button
                          type="button"
                          className="link-button"
                          disabled={!may("settings.write")}
                          onClick={() => setEditing(field)}
                        >
                          {field.label[language]}
                        </button>{" "}
                        <span className="small t3">{field.key}</span>
                      </td>
                      <td>{t(`customFieldType.${field.type}`)}</td>
                      <td className="t2">{field.sourceField}</td>
                      <td>{field.isActive ? null : <Badge>{t("customFields.inactive")}</Badge>}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
      {editing ? (
        <FieldPanel field={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />
      ) : null}
    </Sheet>
  );
}

/** "valeur ; libellé français ; libellé anglais", one a line; the value alone stands for all three. */
const writeChoices = (choices: CustomField["choices"]): string =>
  (choices ?? [])
    .map(({ value, fr, en }) => (value === fr && fr === en ? value : [value, fr, en].join(" ; ")))
    .join("\n");

const readChoices = (text: string): NonNullable<CustomField["choices"]> =>
  text
    .split("\n")
    .map((line) => line.split(";").map((part) => part.trim()))
    .filter(([value]) => value)
    .map(([value = "", fr, en]) => ({ value, fr: fr || value, en: en || fr || value }));

/** "Secteur d’activité" → secteur_d_activite */
const keyOf = (label: string): string =>
  label
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_\d]+|_+$/g, "")
    .slice(0, 40);

function FieldPanel({ field, onClose }: { field: CustomField | undefined; onClose: () => void }) {
  const { t } = useT();
  const { act, waiting, problem } = useAct();
  const [fr, setFr] = useState(field?.label.fr ?? "");
  const [en, setEn] = useState(field?.label.en ?? "");
  const [type, setType] = useState(field?.type ?? "text");
  const [choices, setChoices] = useState(writeChoices(field?.choices ?? null));
  const [source, setSource] = useState(field?.sourceField ?? "");
  const [isActive, setActive] = useState(field?.isActive ?? true);
  const body: CustomFieldWrite = {
    key: field?.key ?? keyOf(fr),
    label: { fr: fr.trim(), en: en.trim() || fr.trim() },
    type,
    choices: type === "choice" ? readChoices(choices) : null,
    sourceField: source.trim() || null,
    isActive,
  };
  const isComplete = fr.trim() !== "" && body.key !== "" && (type !== "choice" || (body.choices ?? []).length > 0);
  return (
    <Panel title={field ? field.label.fr : t("customFields.add")} onClose={onClose}>
      <form
        className="stack gap-16"
        onSubmit={(event) => {
          event.preventDefault();
          void act(() => (field ? actions.changeField(field, body) : actions.addField(body)), {
            done: t("ui.saved"),
            refresh: [["customFields"], ["criteria"], ["customers"]],
            next: onClose,
          });
        }}
      >
        <Refusal>{problem}</Refusal>
        <TextField label={t("customFields.labelFr")} value={fr} onChange={setFr} required />
        <TextField label={t("customFields.labelEn")} value={en} onChange={setEn} />
        <Choice
          label={t("customFields.type")}
          value={type}
          disabled={field !== undefined}
          options={CustomFieldType.options.map((value) => ({ value, label: t(`customFieldType.${value}`) }))}
          onChange={setType}
        />
        {type === "choice" ? (
          <TextArea
            label={t("customFields.choices")}
            hint={t("customFields.choicesHint")}
            value={choices}
            onChange={setChoices}
          />
        ) : null}
        <TextField
          label={t("customFields.source")}
          hint={t("customFields.sourceHint")}
          value={source}
          onChange={setSource}
        />
        <CheckField checked={isActive} onChange={setActive}>
          {t("customFields.active")}
        </CheckField>
        <div>
          <Button type="submit" tone="primary" waiting={waiting} disabled={!isComplete}>
            {t("ui.save")}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
