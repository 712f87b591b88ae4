import { IconEye } from "@tabler/icons-react";
import type { Import, ImportChoices } from "#contracts/imports.ts";
import { lookUp, useT } from "../../i18n/index.ts";

export type StepProps = {
  one: Import;
  draft: ImportChoices;
  onChange: (draft: ImportChoices) => void;
  writes: boolean;
};

/** What was assumed about the file, said in the open; what a person may know better can be changed. */
export function Detected({ one, draft, onChange, writes }: StepProps) {
  const { t } = useT();
  const { profile } = one;
  return (
    <div className="filters">
      <span className="t2 row gap-4">
        <IconEye className="icon" stroke={1.75} aria-hidden="true" />
        {t("detected.lead")}
      </span>
      <Fact name={t("detected.format")} value={one.format.toUpperCase()} />
      {profile.encoding ? <Fact name={t("detected.encoding")} value={profile.encoding} /> : null}
      {profile.separator ? (
        <Fact
          name={t("detected.separator")}
          value={lookUp(
            t,
            `separator.${profile.separator === "\t" ? "tab" : profile.separator}`,
            {},
            profile.separator,
          )}
        />
      ) : null}
      <Picked
        name={t("detected.decimal")}
        value={draft.decimalMark}
        options={[
          [",", t("detected.comma")],
          [".", t("detected.point")],
        ]}
        disabled={!writes || one.kind === "fec"}
        onChange={(mark) => onChange({ ...draft, decimalMark: mark === "." ? "." : "," })}
      />
      <Picked
        name={t("detected.days")}
        value={draft.dayOrder}
        options={[
          ["dmy", t("detected.dmy")],
          ["mdy", t("detected.mdy")],
          ["ymd", t("detected.ymd")],
        ]}
        disabled={!writes || one.kind === "fec"}
        warn={profile.isDayOrderAssumed}
        onChange={(order) =>
          onChange({ ...draft, dayOrder: order === "mdy" ? "mdy" : order === "ymd" ? "ymd" : "dmy" })
        }
      />
      {profile.isDayOrderAssumed ? <span className="small warning">{t("detected.assumed")}</span> : null}
      {profile.isMappingRemembered ? <span className="small t3">{t("detected.remembered")}</span> : null}
    </div>
  );
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <span className="chip">
    <span className="chip-key">{name}</span>
    {value}
  </span>
);

function Picked(props: {
  name: string;
  value: string;
  options: readonly (readonly [string, string])[];
  disabled: boolean;
  warn?: boolean;
  onChange: (value: string) => void;
}) {
  return (
    <label className={props.warn ? "chip chip-warn" : "chip"}>
      <span className="chip-key">{props.name}</span>
      <select
        className="chip-select"
        value={props.value}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      >
        {props.options.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
