import type { BankCsvPreview } from "#contracts/bank-csv.ts";
import { Amount } from "#ui/amount.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Note, Sheet } from "#ui/surfaces.tsx";
import { useT } from "../../i18n/index.ts";

/** What the file gives as it is read now: its sums, its first movements, and every line that does not read. */
export function CsvResult({ preview }: { preview: BankCsvPreview }) {
  const { t } = useT();
  const formats = useFormats();
  const { reason, count, entries, faults } = preview;
  return (
    <Sheet title={t("csv.result")}>
      <div className="pad stack gap-16" style={{ paddingTop: 0 }} aria-live="polite">
        {reason ? <Note tone="warning">{reason}</Note> : null}
        {count > 0 ? (
          <dl className="facts">
            <dt>{t("statements.lines")}</dt>
            <dd>{formats.number(count)}</dd>
            <dt>{t("statements.period")}</dt>
            <dd>
              {[preview.from, preview.to]
                .filter((one) => one !== null)
                .map((one) => formats.day(one))
                .join(" – ") || "–"}
            </dd>
            <dt>{t("statements.movements")}</dt>
            <dd>
              + <Amount value={preview.credit} quiet /> · − <Amount value={preview.debit} quiet />
            </dd>
            {preview.closing ? (
              <>
                <dt>{t("statements.balances")}</dt>
                <dd>
                  <Amount value={preview.opening} quiet /> → <Amount value={preview.closing} />{" "}
                  <span className="t2">{t(`csv.chain.${preview.chain}`)}</span>
                </dd>
              </>
            ) : null}
          </dl>
        ) : null}
        {faults.length > 0 ? (
          <Note tone="warning">
            {t("csv.faults", { count: preview.faultCount })}
            <ul className="plain-list">
              {faults.map((fault) => (
                <li key={`${fault.line} ${fault.code} ${fault.column}`}>
                  {t("csv.faultAt", { line: fault.line, column: fault.column ?? "–" })} {fault.text}
                </li>
              ))}
            </ul>
          </Note>
        ) : null}
      </div>
      {entries.length > 0 ? (
        <table className="table table-compact" aria-label={t("csv.result")}>
          <thead>
            <tr>
              <th scope="col">{t("csvField.bookedOn")}</th>
              <th scope="col">{t("csvField.label")}</th>
              <th scope="col" className="right">
                {t("field.amount")}
              </th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={entry.line}>
                <td className="nowrap">{entry.bookedOn ? formats.day(entry.bookedOn) : "–"}</td>
                <td>
                  {entry.text || "–"}
                  {entry.payerName ? <span className="block small t3">{entry.payerName}</span> : null}
                </td>
                <td className="right">
                  <Amount value={entry.amount} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </Sheet>
  );
}
