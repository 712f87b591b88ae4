import {
  type Icon,
  IconAlertTriangle,
  IconArrowBackUp,
  IconCircleCheck,
  IconCircleX,
  IconDownload,
  IconHistoryOff,
  IconMinus,
  IconPlus,
  IconRefresh,
} from "@tabler/icons-react";
import { useState } from "react";
import type { Import, ImportReport } from "#contracts/imports.ts";
import { Amount } from "#ui/amount.tsx";
import { Button, buttonClass } from "#ui/button.tsx";
import { DateCell } from "#ui/days.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Note } from "#ui/surfaces.tsx";
import { Segments } from "#ui/tabs.tsx";
import { address } from "../../api/client.ts";
import { lookUp, useT } from "../../i18n/index.ts";

const PREVIEW = 12;

const COUNTS: readonly (readonly [string, Icon])[] = [
  ["new", IconPlus],
  ["changed", IconRefresh],
  ["unchanged", IconMinus],
  ["void", IconHistoryOff],
  ["returned", IconArrowBackUp],
];

/** What the file changes or changed: counts, balance before and after, refused rows with reasons, a look at the rows. */
export function Report({ one, stale }: { one: Import; stale: boolean }) {
  const { t } = useT();
  const formats = useFormats();
  const { report } = one;
  if (!report) return null;
  const counts = COUNTS.filter(([name]) => name !== "returned" || (report.counts[name] ?? 0) > 0);
  return (
    <>
      {stale ? <Note tone="info">{t("report.stale")}</Note> : null}
      <section className="sheet">
        <dl className="counts">
          {counts.map(([name, Glyph]) => (
            <div key={name}>
              <dt>
                <Glyph className="icon-s" stroke={1.75} aria-hidden="true" /> {t(`report.${name as "new"}`)}
              </dt>
              <dd>{formats.number(report.counts[name] ?? 0)}</dd>
            </div>
          ))}
          <div className={report.refusedRows > 0 ? "danger" : undefined}>
            <dt>
              <IconCircleX className="icon-s" stroke={1.75} aria-hidden="true" /> {t("report.refused")}
            </dt>
            <dd>{formats.number(report.refusedRows)}</dd>
          </div>
        </dl>
        {report.proof ? <Proof proof={report.proof} applied={one.state === "applied"} /> : null}
      </section>
      {report.refused.length > 0 ? <Refused importId={one.id} report={report} /> : null}
      {report.warnings.length > 0 ? (
        <section className="sheet">
          <div className="sheet-head">
            <h2 className="h3">{t("report.warnings")}</h2>
          </div>
          <ul className="list-plain">
            {report.warnings.map((warning) => (
              <li key={`${warning.code}${warning.line}`} className="row" style={{ alignItems: "flex-start" }}>
                <IconAlertTriangle className="icon warning" stroke={1.75} aria-hidden="true" style={{ marginTop: 3 }} />
                <span className="grow">{warning.text}</span>
                <span className="small t3 nowrap">
                  {warning.count > 1
                    ? t("report.times", { count: warning.count })
                    : warning.line > 0
                      ? t("report.line", { line: warning.line })
                      : ""}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {report.sample.length > 0 ? (
        <section className="sheet">
          <SampleRows sample={report.sample} />
        </section>
      ) : null}
    </>
  );
}

/** Before + movements = after, and whether the source says the same, to the cent. */
export function Proof({ proof, applied }: { proof: NonNullable<ImportReport["proof"]>; applied: boolean }) {
  const { t } = useT();
  const formats = useFormats();
  const money = (minor: string) => ({ minor, currency: proof.currency });
  const gap = proof.sourceMinor === null ? undefined : String(BigInt(proof.closingMinor) - BigInt(proof.sourceMinor));
  return (
    <>
      <div className="equation proof-equation">
        <dl>
          <dt>{t("report.before")}</dt>
          <dd>
            <Amount value={money(proof.openingMinor)} />
          </dd>
        </dl>
        <span>+</span>
        <dl>
          <dt>{t("report.movements")}</dt>
          <dd>
            <Amount value={money(proof.movementMinor)} />
          </dd>
        </dl>
        <span>=</span>
        <dl>
          <dt>{t("report.after")}</dt>
          <dd>
            <Amount value={money(proof.closingMinor)} total />
          </dd>
        </dl>
        <span className="grow" />
        {proof.isTied ? (
          <span className="success row">
            <IconCircleCheck className="icon" stroke={1.75} aria-hidden="true" />
            {t(proof.sourceMinor === null ? "report.tiesItself" : applied ? "report.ties" : "report.willTie")}
          </span>
        ) : (
          <span className="warning row">
            <IconAlertTriangle className="icon" stroke={1.75} aria-hidden="true" />
            <b>{t("report.gap", { amount: gap ? formats.amount(money(gap)) : "" })}</b>
          </span>
        )}
      </div>
      {proof.differences.length > 0 ? (
        <table className="table table-compact">
          <caption className="visually-hidden">{t("report.differences")}</caption>
          <tbody>
            {proof.differences.slice(0, 50).map((difference) => (
              <tr key={difference.account}>
                <td>{difference.account}</td>
                <td className="right">
                  <Amount value={money(difference.closingMinor)} quiet />
                </td>
                <td className="right">
                  {difference.sourceMinor === null ? null : <Amount value={money(difference.sourceMinor)} quiet />}
                </td>
                <td className="right">
                  {difference.differenceMinor === null ? null : <Amount value={money(difference.differenceMinor)} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </>
  );
}

function Refused({ importId, report }: { importId: string; report: ImportReport }) {
  const { t } = useT();
  return (
    <section className="sheet">
      <div className="sheet-head">
        <h2 className="h3">{t("report.refusedRows")}</h2>
        <p>
          {report.refused.length < report.refusedRows
            ? t("report.firstOf", { shown: report.refused.length, count: report.refusedRows })
            : t("report.fixInFile")}
        </p>
        <span className="sheet-actions">
          <a className={buttonClass({ size: "small" })} href={address(`/imports/${importId}/refused.csv`)} download>
            <IconDownload className="icon" stroke={1.75} aria-hidden="true" />
            {t("report.refusedCsv")}
          </a>
        </span>
      </div>
      <table className="table">
        <thead>
          <tr>
            <th scope="col" className="right">
              {t("report.lineColumn")}
            </th>
            <th scope="col">{t("report.column")}</th>
            <th scope="col">{t("report.why")}</th>
            <th scope="col">{t("report.read")}</th>
          </tr>
        </thead>
        <tbody>
          {report.refused.map((fault, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: one line may have several faults of one kind
            <tr key={`${fault.line}${fault.column}${index}`}>
              <td className="right t2">{fault.line}</td>
              <td>{fault.column}</td>
              <td>{fault.text}</td>
              <td className="t3">{fault.value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A look at the rows that changed, by what happened to them. */
export function SampleRows({ sample }: { sample: ImportReport["sample"] }) {
  const { t } = useT();
  const kinds = (["new", "changed", "void", "returned"] as const).filter((kind) =>
    sample.some((row) => row.change === kind),
  );
  const [shown, setShown] = useState(kinds[0] ?? "new");
  const kind = kinds.includes(shown) ? shown : (kinds[0] ?? "new");
  const rows = sample.filter((row) => row.change === kind);
  const [all, setAll] = useState(false);
  return (
    <>
      <div className="sheet-head">
        <h2 className="h3">{t("report.preview")}</h2>
        {kinds.length > 1 ? (
          <Segments
            label={t("report.preview")}
            value={kind}
            onChange={setShown}
            items={kinds.map((key) => ({ key, label: t(`report.${key}`) }))}
          />
        ) : null}
      </div>
      <table className="table table-compact">
        <thead>
          <tr>
            <th scope="col">{t("field.customer")}</th>
            <th scope="col">{t("field.item")}</th>
            <th scope="col" className="only-wide">
              {t("field.kind")}
            </th>
            <th scope="col" className="only-wide">
              {t("field.postedOn")}
            </th>
            <th scope="col" className="right">
              {t("field.amount")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, all ? undefined : PREVIEW).map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a preview row has no identity yet
            <tr key={index}>
              <td>{row.customerName}</td>
              <td className="import-item">{row.documentNo}</td>
              <td className="t2 only-wide">{lookUp(t, `kind.${row.kind}`, {}, row.kind)}</td>
              <td className="only-wide">
                <DateCell day={row.postedOn} quiet />
              </td>
              <td className="right">
                <Amount value={row.amount} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > PREVIEW && !all ? (
        <div className="pad">
          <Button size="small" tone="quiet" onClick={() => setAll(true)}>
            {t("balance.more", { count: rows.length - PREVIEW })}
          </Button>
        </div>
      ) : null}
    </>
  );
}
