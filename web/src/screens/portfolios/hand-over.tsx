import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { HandOver } from "#contracts/portfolios.ts";
import { Amount } from "#ui/amount.tsx";
import { Button } from "#ui/button.tsx";
import { CheckField } from "#ui/fields.tsx";
import { Note } from "#ui/surfaces.tsx";
import { actions, colleaguesQuery, PORTFOLIO_KEYS } from "../../api/portfolios.ts";
import { useT } from "../../i18n/index.ts";
import { useActorName } from "../../parts/actors.ts";
import { Panel } from "../../parts/panel.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { ColleagueField } from "./colleague-field.tsx";

/** All customers and open tasks of one user go to another, or are spread by overdue. */
export function HandOverPanel(props: { fromId: string; onClose: () => void }) {
  const { t } = useT();
  const { act, waiting, problem } = useAct();
  const [fromId, setFromId] = useState(props.fromId);
  const [takers, setTakers] = useState<readonly string[]>([]);
  const [made, setMade] = useState<HandOver | undefined>();
  const people = useQuery(colleaguesQuery).data?.rows ?? [];
  const give = () =>
    void act(() => actions.handOver({ fromId, takerIds: [...takers] }), {
      done: ({ moved }) => t("portfolio.moved", { count: moved }),
      undo: ({ changeId }) => (changeId ? actions.undo(changeId) : Promise.resolve()),
      refresh: PORTFOLIO_KEYS,
      next: setMade,
    });
  return (
    <Panel title={t("portfolio.handOver")} onClose={props.onClose}>
      {made ? (
        <Made made={made} onClose={props.onClose} />
      ) : (
        <form
          className="stack gap-16"
          onSubmit={(event) => {
            event.preventDefault();
            give();
          }}
        >
          <Refusal>{problem}</Refusal>
          <ColleagueField label={t("portfolio.from")} value={fromId} onChange={setFromId} />
          <fieldset className="stack" style={{ gap: 2 }}>
            <legend className="field-label">{t("portfolio.takers")}</legend>
            {people
              .filter((one) => one.isActive && one.id !== fromId)
              .map((one) => (
                <CheckField
                  key={one.id}
                  checked={takers.includes(one.id)}
                  onChange={(on) => setTakers(on ? [...takers, one.id] : takers.filter((id) => id !== one.id))}
                >
                  {one.name}
                </CheckField>
              ))}
          </fieldset>
          <Note tone="info">{t(takers.length > 1 ? "portfolio.spreadText" : "portfolio.oneText")}</Note>
          <div>
            <Button type="submit" tone="primary" waiting={waiting} disabled={fromId === "" || takers.length === 0}>
              {t("portfolio.handOver")}
            </Button>
          </div>
        </form>
      )}
    </Panel>
  );
}

/** What everybody received, and what is left to do. */
function Made({ made, onClose }: { made: HandOver; onClose: () => void }) {
  const { t } = useT();
  const nameOf = useActorName();
  return (
    <div className="stack gap-16">
      <table className="table">
        <caption className="visually-hidden">{t("portfolio.handOver")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("portfolio.owner")}</th>
            <th scope="col" className="right">
              {t("nav.customers")}
            </th>
            <th scope="col" className="right">
              {t("balance.overdue")}
            </th>
          </tr>
        </thead>
        <tbody>
          {made.shares.map((share) => (
            <tr key={share.ownerId}>
              <td>{share.ownerName ?? nameOf(share.ownerId)}</td>
              <td className="right">{share.customers}</td>
              <td className="right">
                <Amount value={{ minor: share.overdueMinor, currency: made.currency }} dash />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="t2">{t("portfolio.tasksPassed", { count: made.tasks })}</p>
      {made.rules > 0 ? <Note tone="warning">{t("portfolio.rulesLeft", { count: made.rules })}</Note> : null}
      <div>
        <Button tone="primary" onClick={onClose}>
          {t("ui.close")}
        </Button>
      </div>
    </div>
  );
}
