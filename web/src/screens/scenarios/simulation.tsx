import { IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import type { ScenarioContent } from "#contracts/dunning.ts";
import { Button } from "#ui/button.tsx";
import { useFormats } from "#ui/locale.tsx";
import { actions, type Preview } from "../../api/dunning.ts";
import { lookUp, useT } from "../../i18n/index.ts";
import { Amounts } from "../../parts/amounts.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

/** What would leave today under the draft, or under the version in force, without preparing anything. */
export function Simulation({ draft, changed }: { draft: ScenarioContent; changed: boolean }) {
  const { t } = useT();
  const formats = useFormats();
  const { may, company } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [preview, setPreview] = useState<Preview | undefined>();
  if (!may("runs.read")) return null;
  const simulate = () =>
    void act(
      () => actions.preview({ ...(company ? { companyId: company.id } : {}), ...(changed ? { content: draft } : {}) }),
      { next: setPreview },
    );
  const summary = preview?.summary;
  return (
    <section className="sheet">
      <div className="sheet-head">
        <h2 className="h3">{t("simulation.title")}</h2>
        <div className="sheet-actions">
          <Button size="small" icon={IconPlayerPlay} waiting={waiting} onClick={simulate}>
            {t("simulation.run")}
          </Button>
        </div>
      </div>
      <Refusal isPadded>{problem}</Refusal>
      {summary ? (
        <>
          <dl className="triple">
            <div>
              <dt>{t("runs.leaves")}</dt>
              <dd>{formats.number(summary.buckets.leaves?.count ?? 0)}</dd>
            </div>
            <div>
              <dt>{t("runs.toDecide")}</dt>
              <dd>{formats.number(summary.buckets.to_decide?.count ?? 0)}</dd>
            </div>
            <div>
              <dt>{t("runs.skipped")}</dt>
              <dd>{formats.number(summary.buckets.skipped?.count ?? 0)}</dd>
            </div>
          </dl>
          <ul className="list-plain">
            <li className="between">
              <span className="t2">{t("runs.claimed")}</span>
              <Amounts values={summary.buckets.leaves?.amounts ?? []} />
            </li>
            {summary.skips.map((skip) => (
              <li key={skip.code} className="between">
                <span className="t2">{lookUp(t, `skipName.${skip.code}`, {}, skip.code)}</span>
                <span>{t("runs.customers", { count: skip.count })}</span>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p className="pad t2" style={{ paddingTop: 0 }}>
          {t(changed ? "simulation.draft" : "simulation.text")}
        </p>
      )}
    </section>
  );
}
