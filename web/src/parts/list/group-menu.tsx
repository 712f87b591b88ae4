import type { CriterionInfo } from "#contracts/criteria.ts";
import { useT } from "../../i18n/index.ts";

/** Which criterion the rows are grouped by; amounts and names are not offered, each row would be its own group. */
export function GroupMenu(props: {
  criteria: readonly CriterionInfo[];
  value: string | undefined;
  onChange: (key: string | undefined) => void;
}) {
  const { t, language } = useT();
  const offered = props.criteria
    .filter((one) => one.type !== "money" && !one.key.endsWith(".name") && !one.key.endsWith(".number"))
    .sort((a, b) => a.label[language].localeCompare(b.label[language], language));
  return (
    <select
      className="input input-small"
      style={{ width: 190 }}
      aria-label={t("list.groupBy")}
      value={props.value ?? ""}
      onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
    >
      <option value="">{t("list.noGroup")}</option>
      {offered.map((one) => (
        <option key={one.key} value={one.key}>
          {t("list.by", { name: one.label[language] })}
        </option>
      ))}
    </select>
  );
}
