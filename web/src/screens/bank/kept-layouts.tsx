import { useQuery } from "@tanstack/react-query";
import { Button } from "#ui/button.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Sheet } from "#ui/surfaces.tsx";
import { csvActions, type KeptLayout, keptLayoutsQuery } from "../../api/bank-csv.ts";
import { useT } from "../../i18n/index.ts";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

/** What was said about CSV files before; forgetting one makes the next file of that shape ask again. */
export function KeptLayouts() {
  const { t } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const rows = useQuery(keptLayoutsQuery()).data?.rows ?? [];
  if (rows.length === 0) return null;
  const fieldsOf = (one: KeptLayout) =>
    one.layout.columns.flatMap((column) => (column ? t(`csvField.${column}`) : [])).join(", ");
  return (
    <Sheet title={t("csv.kept")}>
      <Refusal isPadded>{problem}</Refusal>
      <table className="table table-compact" aria-label={t("csv.kept")}>
        <tbody>
          {rows.map((one) => (
            <tr key={one.id}>
              <td>
                <b className="medium">
                  {one.companyCode} · {one.accountName}
                </b>
                <span className="block small t3">{fieldsOf(one)}</span>
              </td>
              <td className="t2 nowrap">{formats.day(formats.dayOf(one.confirmedAt))}</td>
              <td className="right">
                {may("cash.write") ? (
                  <Button
                    size="small"
                    waiting={waiting}
                    onClick={() =>
                      void act(() => csvActions.forget(one.id), {
                        refresh: [["cash", "layouts"]],
                        done: t("csv.forgotten"),
                      })
                    }
                  >
                    {t("csv.forget")}
                  </Button>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sheet>
  );
}
