import { IconArrowRight, IconCheck } from "@tabler/icons-react";
import { BankCsvField, type BankCsvLayout, type BankCsvPreview } from "#contracts/bank-csv.ts";
import { Choice } from "#ui/fields.tsx";
import { useT } from "../../i18n/index.ts";

type Props = { layout: BankCsvLayout; preview: BankCsvPreview; onChange: (layout: BankCsvLayout) => void };

/** Which column means what, each with what it holds on the first lines. */
export function CsvFields({ layout, preview, onChange }: Props) {
  const { t } = useT();
  const data = preview.rows.filter(({ line }) => line >= layout.firstLine);
  const set = (index: number, field: string) =>
    onChange({
      ...layout,
      columns: layout.columns.map((before, at) =>
        at === index ? (BankCsvField.safeParse(field).data ?? null) : before === field ? null : before,
      ),
    });
  const samples = (index: number) =>
    data
      .flatMap(({ cells }) => cells[index] || [])
      .slice(0, 3)
      .join(" · ");
  const known = layout.columns.filter((column) => column !== null).length;
  return (
    <section className="sheet">
      <div className="sheet-head">
        <h2 className="h3">{t("mapping.title")}</h2>
        <p>{t("mapping.counts", { known, ignored: layout.columns.length - known })}</p>
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
          {layout.columns.map((column, index) => {
            const name = layout.header[index]?.trim() || t("csv.column", { number: index + 1 });
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns are told by their place
              <tr key={index}>
                <td>
                  <b className="medium">{name}</b>
                  <span className="block small t3 clip csv-sample">{samples(index) || t("mapping.empty")}</span>
                </td>
                <td className="t3">
                  {column ? (
                    <IconCheck className="icon success" stroke={1.75} aria-hidden="true" />
                  ) : (
                    <IconArrowRight className="icon" stroke={1.75} aria-hidden="true" />
                  )}
                </td>
                <td>
                  <Choice
                    label={t("mapping.of", { header: name })}
                    hideLabel
                    small
                    value={column ?? ""}
                    options={[
                      { value: "", label: t("mapping.ignored") },
                      ...BankCsvField.options.map((value) => ({ value, label: t(`csvField.${value}`) })),
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
