import { IconArrowRight, IconCheck, IconMinus } from "@tabler/icons-react";
import { Choice } from "#ui/fields.tsx";
import { lookUp, useT } from "../../i18n/index.ts";
import type { StepProps } from "./detected.tsx";

/** Which column means what; ignored ones say so. */
export function Mapping({ one, draft, onChange, writes }: StepProps) {
  const { t } = useT();
  const { headers, fields, sample } = one.profile;
  const known = draft.mapping.filter((field) => field !== null).length;
  const set = (index: number, field: string) =>
    onChange({
      ...draft,
      mapping: draft.mapping.map((before, at) =>
        at === index ? field || null : before === field && field !== "" ? null : before,
      ),
    });
  const first = (index: number) => sample.find((row) => (row[index] ?? "") !== "")?.[index] ?? "";
  return (
    <section className="sheet">
      <div className="sheet-head">
        <h2 className="h3">{t("mapping.title")}</h2>
        <p>{t("mapping.counts", { known, ignored: headers.length - known })}</p>
      </div>
      <table className="table table-compact mapping">
        <thead>
          <tr>
            <th scope="col">{t("mapping.inFile")}</th>
            <th scope="col">
              <span className="visually-hidden">{t("mapping.means")}</span>
            </th>
            <th scope="col">{t("mapping.inEncours")}</th>
          </tr>
        </thead>
        <tbody>
          {headers.map((header, index) => {
            const field = draft.mapping[index] ?? "";
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: two columns may carry the same header
              <tr key={`${header}${index}`}>
                <td>
                  <b className="medium">{header || t("mapping.noHeader")}</b>
                  <span className="block small t3 clip mapping-sample">{first(index) || t("mapping.empty")}</span>
                </td>
                <td className="t3">
                  {field ? (
                    <IconCheck className="icon success" stroke={1.75} aria-hidden="true" />
                  ) : first(index) ? (
                    <IconArrowRight className="icon" stroke={1.75} aria-hidden="true" />
                  ) : (
                    <IconMinus className="icon" stroke={1.75} aria-hidden="true" />
                  )}
                </td>
                <td>
                  <Choice
                    label={t("mapping.of", { header })}
                    hideLabel
                    small
                    disabled={!writes}
                    value={field}
                    options={[
                      { value: "", label: t("mapping.ignored") },
                      ...fields.map((value) => ({ value, label: lookUp(t, `importField.${value}`, {}, value) })),
                    ]}
                    onChange={(next) => set(index, next)}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
