import { useQuery } from "@tanstack/react-query";
import { Choice } from "#ui/fields.tsx";
import { colleaguesQuery } from "../api/portfolios.ts";
import { useT } from "../i18n/index.ts";

/** The value of the choice that names no colleague. */
export const NO_COLLEAGUE = "nobody";

/** One active user of the organisation; `none` names the choice of no colleague. "" is no choice yet. */
export function ColleagueChoice(props: {
  label: string;
  value: string;
  onChange: (userId: string) => void;
  none?: string;
  small?: boolean;
}) {
  const { t } = useT();
  const { none, ...rest } = props;
  const people = useQuery(colleaguesQuery).data?.rows ?? [];
  const offered = people.filter((one) => one.isActive || one.id === props.value);
  return (
    <Choice
      {...rest}
      placeholder={t("filter.choose")}
      options={[
        ...(none === undefined ? [] : [{ value: NO_COLLEAGUE, label: none }]),
        ...offered.map((one) => ({ value: one.id, label: one.name })),
      ]}
    />
  );
}
