import type { SettingField } from "#contracts/sources.ts";
import { CheckField, Choice, TextArea, TextField } from "#ui/fields.tsx";
import { lookUp, useT } from "../../i18n/index.ts";

type Value = string | number | boolean;

/** One setting of a connector, by its kind. Secrets that are set show that they are, never what. */
export function SettingInput(props: {
  connector: string;
  field: SettingField;
  value: Value | undefined;
  isSet: boolean;
  onChange: (value: Value) => void;
}) {
  const { field, value, onChange } = props;
  const { t } = useT();
  const of = (suffix: string, fallback: string) =>
    lookUp(
      t,
      `setting.${props.connector}.${field.key}${suffix}`,
      {},
      lookUp(t, `setting.${field.key}${suffix}`, {}, fallback),
    );
  const label = of("", field.key);
  const hint = of(".hint", "");
  if (field.kind === "flag")
    return (
      <CheckField checked={value === true} onChange={onChange}>
        {label}
      </CheckField>
    );
  if (field.kind === "choice")
    return (
      <Choice
        label={label}
        value={String(value ?? "")}
        options={field.choices.map((choice) => ({ value: choice, label: of(`.${choice}`, choice) }))}
        onChange={onChange}
        {...(hint ? { hint } : {})}
      />
    );
  const isKey = field.kind === "secret" && /key/i.test(field.key);
  const shown = { label, value: value === undefined ? "" : String(value), onChange: (text: string) => onChange(text) };
  const below = props.isSet ? t("sources.secretSet") : hint;
  if (isKey) return <TextArea {...shown} {...(below ? { hint: below } : {})} />;
  return (
    <TextField
      {...shown}
      type={field.kind === "secret" ? "password" : field.kind === "number" ? "number" : "text"}
      required={field.isRequired && !props.isSet}
      autoComplete={field.kind === "secret" ? "new-password" : "off"}
      {...(below ? { hint: below } : {})}
    />
  );
}
