import { Link } from "@tanstack/react-router";
import type { PortfolioPreview } from "#contracts/portfolios.ts";
import { useFormats } from "#ui/locale.tsx";
import { Note } from "#ui/surfaces.tsx";
import { useT } from "../../i18n/index.ts";

/** What the rules would move, by owner and by name, before anything moves. */
export function Preview({ preview }: { preview: PortfolioPreview }) {
  const { t } = useT();
  const formats = useFormats();
  const nobody = t("portfolio.nobody");
  return (
    <section className="stack gap-12" aria-label={t("portfolio.preview")}>
      <Note tone={preview.moved === 0 ? "success" : "info"} role="status">
        {t("portfolio.wouldMove", { count: preview.moved })} {t("portfolio.byHandStay", { count: preview.byHand })}
      </Note>
      <table className="table">
        <caption className="visually-hidden">{t("portfolio.title")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("portfolio.owner")}</th>
            <th scope="col" className="right">
              {t("portfolio.before")}
            </th>
            <th scope="col" className="right">
              {t("portfolio.after")}
            </th>
          </tr>
        </thead>
        <tbody>
          {preview.owners.map((one) => (
            <tr key={one.ownerId ?? ""}>
              <td>{one.ownerId === null ? nobody : (one.ownerName ?? t("actor.colleague"))}</td>
              <td className="right">{formats.number(one.before)}</td>
              <td className="right">{formats.number(one.after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {preview.moves.length > 0 ? (
        <details>
          <summary>{t("portfolio.seeMoves", { count: preview.moves.length })}</summary>
          <ul className="plain-list" style={{ maxHeight: 320, overflowY: "auto" }}>
            {preview.moves.map((one) => (
              <li key={one.customerId} style={{ padding: "3px 0" }}>
                <Link className="link-quiet" to="/customers/$customerId" params={{ customerId: one.customerId }}>
                  {one.name}
                </Link>{" "}
                <span className="t2">
                  {one.fromName ?? nobody} → {one.toName ?? nobody}
                </span>{" "}
                <span className="small t3">{one.ruleName}</span>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}
