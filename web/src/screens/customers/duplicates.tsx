import { IconArrowsExchange } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Duplicate } from "#contracts/customer-profile.ts";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/states.tsx";
import { PageHead, Sheet } from "#ui/surfaces.tsx";
import { actions, duplicatesQuery } from "../../api/profile.ts";
import { useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { usePageTitle } from "../../shell/page.tsx";

/** Pairs of customers that may be one, with the evidence; a person decides, and can go back. */
export function Duplicates() {
  const { t } = useT();
  usePageTitle(t("duplicates.title"), [{ label: t("nav.customers"), to: "/customers" }]);
  const query = useQuery(duplicatesQuery);
  return (
    <>
      <PageHead title={t("duplicates.title")}>{t("duplicates.text")}</PageHead>
      <Sheet>
        <Loaded query={query} rows={6} columns={3}>
          {(data) =>
            data.rows.length === 0 ? (
              <EmptyState title={t("duplicates.none")}>{t("duplicates.noneText")}</EmptyState>
            ) : (
              <ul className="plain-list">
                {data.rows.map((pair) => (
                  <PairLine key={`${pair.left.id}${pair.right.id}`} pair={pair} />
                ))}
                {data.isCut ? <li className="pad t3">{t("duplicates.cut")}</li> : null}
              </ul>
            )
          }
        </Loaded>
      </Sheet>
    </>
  );
}

function PairLine({ pair }: { pair: Duplicate }) {
  const { t } = useT();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [isTurned, setTurned] = useState(false);
  const [kept, merged] = isTurned ? [pair.right, pair.left] : [pair.left, pair.right];
  const refresh = [["customers"], ["items"]];
  return (
    <li className="pad" style={{ borderBottom: "1px solid var(--line)" }}>
      <div className="between row-wrap">
        <div className="stack gap-4 grow">
          <span className="row row-wrap">
            <Name customer={kept} />
            <span className="t3">{t("duplicates.and")}</span>
            <Name customer={merged} />
          </span>
          <span className="row row-wrap">
            {pair.reasons.map((reason) => (
              <Badge key={reason}>{t(`duplicateReason.${reason}`)}</Badge>
            ))}
          </span>
        </div>
        {may("customers.merge") ? (
          <div className="row row-wrap">
            <Button
              size="small"
              tone="quiet"
              icon={IconArrowsExchange}
              aria-label={t("duplicates.turn")}
              onClick={() => setTurned(!isTurned)}
            />
            <Button
              size="small"
              waiting={waiting}
              onClick={() =>
                void act(() => actions.denyDuplicate(kept.id, merged.id), {
                  done: t("duplicates.denied"),
                  undo: () => actions.reopenDuplicate(kept.id, merged.id),
                  refresh: [["customers", "duplicates"]],
                })
              }
            >
              {t("duplicates.deny")}
            </Button>
            <Button
              size="small"
              waiting={waiting}
              onClick={() =>
                void act(() => actions.merge(kept.id, merged.id), {
                  done: t("duplicates.merged", { merged: merged.name, kept: kept.name }),
                  undo: ({ mergeId }) => actions.undoMerge(mergeId),
                  refresh,
                })
              }
            >
              {t("duplicates.merge", { name: kept.name })}
            </Button>
          </div>
        ) : null}
      </div>
      <Refusal>{problem}</Refusal>
    </li>
  );
}

const Name = ({ customer }: { customer: Duplicate["left"] }) => (
  <span>
    <Link className="link-quiet" to="/customers/$customerId" params={{ customerId: customer.id }}>
      {customer.name}
    </Link>{" "}
    <span className="small t3">{customer.number}</span>
  </span>
);
