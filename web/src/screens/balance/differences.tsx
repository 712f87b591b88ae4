import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Difference } from "#contracts/account-ledger.ts";
import { Amount } from "#ui/amount.tsx";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { TextField } from "#ui/fields.tsx";
import { useFormats } from "#ui/locale.tsx";
import { differenceActions, differencesQuery } from "../../api/receivables.ts";
import { useT } from "../../i18n/index.ts";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";

const REFRESH = [["items", "differences"], ["runs"]];

/** Accounts of a company whose balance is not the source's: held back from automatic reminders until a load clears them or a person waives them. */
export function Differences({ companyId }: { companyId: string }) {
  const { t } = useT();
  const rows = useQuery(differencesQuery).data?.rows.filter((one) => one.companyId === companyId);
  if (!rows) return null;
  if (rows.length === 0) return <p className="success">{t("proof.noDifference")}</p>;
  return (
    <div className="balance-scroll">
      <p className="small t2">{t("proof.held")}</p>
      <table className="table table-compact table-bare">
        <thead>
          <tr>
            <th scope="col">{t("field.account")}</th>
            <th scope="col" className="right">
              {t("proof.here")}
            </th>
            <th scope="col" className="right">
              {t("proof.source")}
            </th>
            <th scope="col" className="right">
              {t("proof.difference")}
            </th>
            <th scope="col">{t("field.state")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Line key={row.id} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ row }: { row: Difference }) {
  const { t } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const [isWaiving, setWaiving] = useState(false);
  const [reason, setReason] = useState("");
  const unwaive = () => differenceActions.unwaive(row.id);
  return (
    <tr>
      <td>
        <Link to="/accounts/$accountId" params={{ accountId: row.accountId }}>
          {row.name}
        </Link>{" "}
        <span className="t3 small">
          {row.account} · {formats.day(row.foundOn)}
        </span>
      </td>
      <td className="right">
        <Amount value={row.here} quiet />
      </td>
      <td className="right">
        <Amount value={row.source} quiet />
      </td>
      <td className="right">
        <Amount value={row.difference} />
      </td>
      <td>
        {row.waivedBy !== null ? (
          <span className="stack gap-4">
            <Badge title={row.waivedReason ?? ""}>{t("proof.waivedBy", { name: row.waivedBy })}</Badge>
            <span className="small t2">{row.waivedReason}</span>
            {may("receivables.waive") ? (
              <Button
                size="small"
                tone="quiet"
                waiting={waiting}
                onClick={() => void act(unwaive, { refresh: REFRESH })}
              >
                {t("proof.unwaive")}
              </Button>
            ) : null}
          </span>
        ) : isWaiving ? (
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              void act(() => differenceActions.waive(row.id, reason), {
                done: t("proof.waived"),
                undo: unwaive,
                refresh: REFRESH,
                next: () => setWaiving(false),
              });
            }}
          >
            <TextField label={t("proof.reason")} small value={reason} onChange={setReason} required />
            <Button type="submit" size="small" waiting={waiting} disabled={reason.trim().length < 3}>
              {t("proof.waive")}
            </Button>
          </form>
        ) : may("receivables.waive") ? (
          <Button size="small" tone="quiet" onClick={() => setWaiving(true)}>
            {t("proof.waive")}
          </Button>
        ) : null}
        <Refusal>{problem}</Refusal>
      </td>
    </tr>
  );
}
