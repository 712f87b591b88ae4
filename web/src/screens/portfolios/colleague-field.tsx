import { useQuery } from "@tanstack/react-query";
import { Choice } from "#ui/fields.tsx";
import { colleaguesQuery } from "../../api/portfolios.ts";
import { useT } from "../../i18n/index.ts";

/** Any user, also one who has left: their customers are still in their portfolio. */
export function ColleagueField(props: { label: string; value: string; onChange: (userId: string) => void }) {
  const { t } = useT();
  const people = useQuery(colleaguesQuery).data?.rows ?? [];
  return (
    <Choice
      {...props}
      placeholder={t("filter.choose")}
      options={people.map((one) => ({
        value: one.id,
        label: one.isActive ? one.name : t("portfolio.hasLeft", { name: one.name }),
      }))}
    />
  );
}
