import { DayField } from "#ui/fields.tsx";
import { useLocale } from "#ui/locale.tsx";
import { useT } from "../i18n/index.ts";
import type { Search } from "./search-state.ts";

/** The day of the figures, and the day on which they were known: both stand in the address, today in neither. */
export function Clocks(props: {
  search: Search;
  set: (patch: Readonly<Record<string, string | undefined>>) => void;
  /** What stands before the first day; "Au" where nothing is said. */
  label?: string;
}) {
  const { t } = useT();
  const { today } = useLocale();
  const { search, set } = props;
  return (
    <>
      <div className="inline-field">
        <DayField
          label={props.label ?? t("balance.asOf")}
          value={search.asOf ?? today}
          onChange={(day) => set({ asOf: day === today ? undefined : day })}
        />
      </div>
      <div className="inline-field">
        <DayField
          label={t("balance.knownOn")}
          optional
          value={search.knownOn ?? ""}
          onChange={(day) => set({ knownOn: day || undefined })}
        />
      </div>
    </>
  );
}
