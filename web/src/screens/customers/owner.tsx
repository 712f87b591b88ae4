import { IconPencil, IconPin } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CustomerOwner } from "#contracts/portfolios.ts";
import { Button } from "#ui/button.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Note, Sheet } from "#ui/surfaces.tsx";
import { actions, ownerQuery, PORTFOLIO_KEYS } from "../../api/portfolios.ts";
import { useT } from "../../i18n/index.ts";
import { ColleagueChoice, NO_COLLEAGUE } from "../../parts/colleague-choice.tsx";
import { Panel } from "../../parts/panel.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

/** Whose portfolio the customer is in, since when, and why. */
export function Owner({ customerId }: { customerId: string }) {
  const { t } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  const [open, setOpen] = useState(false);
  const owner = useQuery(ownerQuery(customerId)).data;
  if (!owner) return null;
  return (
    <Sheet
      title={t("portfolio.owner")}
      actions={
        may("portfolios.write") ? (
          <Button size="small" tone="quiet" icon={IconPencil} onClick={() => setOpen(true)}>
            {t("portfolio.change")}
          </Button>
        ) : null
      }
    >
      <div className="pad" style={{ paddingTop: 0 }}>
        {owner.ownerId === null ? (
          <span className="t2">{t("portfolio.nobody")}</span>
        ) : (
          <>
            <span className="row gap-4">
              {owner.origin === "person" ? (
                <IconPin className="icon-s" stroke={1.75} role="img" aria-label={t("portfolio.byHand")} />
              ) : null}
              <b>{owner.ownerName ?? t("actor.colleague")}</b>
            </span>
            <div className="small t2">
              {owner.since ? t("portfolio.since", { day: formats.day(owner.since) }) : null} · <Why owner={owner} />
            </div>
          </>
        )}
      </div>
      {open ? <OwnerPanel owner={owner} onClose={() => setOpen(false)} /> : null}
    </Sheet>
  );
}

/** A hand assignment says which rule it overrides. */
function Why({ owner }: { owner: CustomerOwner }) {
  const { t } = useT();
  if (owner.origin === "rule") return t("portfolio.byRule", { name: owner.ruleName ?? "" });
  if (owner.rule && owner.rule.ownerId !== owner.ownerId)
    return t("portfolio.overrides", { rule: owner.rule.name, name: owner.rule.ownerName ?? "" });
  return t("portfolio.byHand");
}

function OwnerPanel({ owner, onClose }: { owner: CustomerOwner; onClose: () => void }) {
  const { t } = useT();
  const formats = useFormats();
  const { act, waiting, problem } = useAct();
  const [ownerId, setOwnerId] = useState(owner.ownerId ?? NO_COLLEAGUE);
  const save = () =>
    void act(
      () => actions.assign({ ownerId: ownerId === NO_COLLEAGUE ? null : ownerId, customerIds: [owner.customerId] }),
      {
        done: t("ui.saved"),
        undo: ({ changeId }) => (changeId ? actions.undo(changeId) : Promise.resolve()),
        refresh: PORTFOLIO_KEYS,
        next: onClose,
      },
    );
  return (
    <Panel title={t("portfolio.owner")} onClose={onClose}>
      <form
        className="stack gap-16"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Refusal>{problem}</Refusal>
        <ColleagueChoice
          label={t("portfolio.owner")}
          none={t("portfolio.toRules")}
          value={ownerId}
          onChange={setOwnerId}
        />
        <Note tone="info">
          {owner.rule
            ? t("portfolio.ruleSays", { rule: owner.rule.name, name: owner.rule.ownerName ?? "" })
            : t("portfolio.noRuleSays")}
        </Note>
        <div>
          <Button type="submit" tone="primary" waiting={waiting}>
            {t("ui.save")}
          </Button>
        </div>
        {owner.history.length > 0 ? (
          <section className="stack" aria-label={t("portfolio.history")}>
            <h3 className="h3">{t("portfolio.history")}</h3>
            <ul className="plain-list">
              {owner.history.map((one) => (
                <li key={`${one.from}${one.to}${one.ownerName ?? ""}`}>
                  {one.ownerName ?? t("portfolio.nobody")}{" "}
                  <span className="small t3">
                    {t("portfolio.period", { from: formats.day(one.from), to: formats.day(one.to) })}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        ) : null}
      </form>
    </Panel>
  );
}
