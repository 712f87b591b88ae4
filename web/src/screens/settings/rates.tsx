import { IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { Button } from "#ui/button.tsx";
import { DateCell } from "#ui/days.tsx";
import { EmptyState } from "#ui/states.tsx";
import { Sheet } from "#ui/surfaces.tsx";
import { actions, type RateList, readQuery } from "../../api/platform.ts";
import { useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

/** Exchange rates per euro, from a central-bank file. */
export function Rates() {
  const { t } = useT();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const input = useRef<HTMLInputElement>(null);
  const query = useQuery(readQuery<RateList>("rates", "/rates"));
  const load = (file: File | undefined) =>
    file &&
    void act(() => actions.importRates(file), {
      done: (saved) => t("rates.loaded", { read: saved.read, changed: saved.changed }),
      refresh: [["rates"], ["items"]],
    });
  const button = may("rates.write") ? (
    <>
      <input
        ref={input}
        type="file"
        className="visually-hidden"
        tabIndex={-1}
        accept=".csv,.txt,text/csv"
        aria-label={t("rates.load")}
        onChange={(event) => {
          load(event.currentTarget.files?.[0]);
          event.currentTarget.value = "";
        }}
      />
      <Button size="small" icon={IconUpload} waiting={waiting} onClick={() => input.current?.click()}>
        {t("rates.load")}
      </Button>
    </>
  ) : null;
  return (
    <Sheet title={t("settings.rates")} hint={t("rates.hint")} actions={button}>
      <Refusal isPadded>{problem}</Refusal>
      <Loaded query={query} columns={4}>
        {(data) =>
          data.rows.length === 0 ? (
            <EmptyState title={t("rates.none")}>{t("rates.noneText")}</EmptyState>
          ) : (
            <table className="table table-compact">
              <thead>
                <tr>
                  <th scope="col">{t("field.currency")}</th>
                  <th scope="col">{t("rates.day")}</th>
                  <th scope="col" className="right">
                    {t("rates.perEuro")}
                  </th>
                  <th scope="col">{t("rates.source")}</th>
                </tr>
              </thead>
              <tbody>
                {data.rows.map((rate) => (
                  <tr key={`${rate.currency}${rate.rateOn}${rate.source}`}>
                    <td className="medium">{rate.currency}</td>
                    <td>
                      <DateCell day={rate.rateOn} />
                    </td>
                    <td className="right">{rate.perEuro}</td>
                    <td className="t2">{rate.source}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
    </Sheet>
  );
}
