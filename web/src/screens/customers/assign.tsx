import { useState } from "react";
import type { OwnerWrite } from "#contracts/portfolios.ts";
import { Button } from "#ui/button.tsx";
import { actions, PORTFOLIO_KEYS } from "../../api/portfolios.ts";
import { useT } from "../../i18n/index.ts";
import { ColleagueChoice, NO_COLLEAGUE } from "../../parts/colleague-choice.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";

/** Gives the chosen customers to a user, or back to the rules; undone from the toast. */
export function AssignCustomers(props: {
  target: Pick<OwnerWrite, "customerIds" | "list">;
  count: number;
  onDone: () => void;
}) {
  const { t } = useT();
  const { act, waiting, problem } = useAct();
  const [ownerId, setOwnerId] = useState("");
  const save = () =>
    void act(() => actions.assign({ ownerId: ownerId === NO_COLLEAGUE ? null : ownerId, ...props.target }), {
      done: ({ moved }) => t("portfolio.moved", { count: moved }),
      undo: ({ changeId }) => (changeId ? actions.undo(changeId) : Promise.resolve()),
      refresh: PORTFOLIO_KEYS,
      next: props.onDone,
    });
  return (
    <form
      className="row row-wrap"
      style={{ alignItems: "flex-end" }}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <ColleagueChoice
        label={t("portfolio.owner")}
        small
        none={t("portfolio.toRules")}
        value={ownerId}
        onChange={setOwnerId}
      />
      <Button type="submit" size="small" waiting={waiting} disabled={ownerId === ""}>
        {t("portfolio.assign", { count: props.count })}
      </Button>
      <Refusal>{problem}</Refusal>
    </form>
  );
}
