import { IconAlertTriangle, IconCheck, IconMinus, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { DecisionDetail } from "#contracts/dunning.ts";
import { Amount } from "#ui/amount.tsx";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { DateCell, LateDays } from "#ui/days.tsx";
import { useFormats } from "#ui/locale.tsx";
import { actions, decisionQuery } from "../../api/dunning.ts";
import { useT } from "../../i18n/index.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { MailFrame } from "../../parts/mail-frame.tsx";
import { reasonText } from "../../parts/reasons.ts";
import { Refusal } from "../../parts/refusal.tsx";
import { useAct } from "../../parts/use-act.ts";
import { useWorkplace } from "../../session.tsx";
import { CustomerLink, useStepName } from "./decision-table.tsx";

/** One group of a run: what would leave, word for word, and why. */
export function DecisionAside(props: { runId: string; decisionId: string; open: boolean; onClose: () => void }) {
  const query = useQuery(decisionQuery(props.runId, props.decisionId));
  return (
    <section className="sheet">
      <Loaded query={query} rows={5} columns={2}>
        {(decision) => <Decision {...props} decision={decision} />}
      </Loaded>
    </section>
  );
}

function Decision(props: { runId: string; decision: DecisionDetail; open: boolean; onClose: () => void }) {
  const { runId, decision, open } = props;
  const { t } = useT();
  const formats = useFormats();
  const stepName = useStepName();
  const { may } = useWorkplace();
  const { act, waiting, problem } = useAct();
  const currency = decision.amount.currency;
  const after = { refresh: [["runs"]], next: props.onClose };
  const include = () => void act(() => actions.include(runId, [decision.decisionId]), after);
  const exclude = () =>
    void act(() => actions.exclude(runId, [decision.decisionId]), {
      ...after,
      done: t("runs.excluded", { count: 1 }),
      undo: () => actions.include(runId, [decision.decisionId]),
    });
  const drop = (itemId: string) =>
    void act(() => actions.excludeItem(runId, decision.decisionId, itemId, t("runs.itemByHand")), {
      done: t("runs.itemDropped"),
      refresh: [["runs"]],
    });

  return (
    <>
      <div className="sheet-head">
        <h2 className="h3 grow">
          <CustomerLink id={decision.customerId}>{decision.customerName}</CustomerLink>
        </h2>
        {decision.track ? <Badge tone="brand">{t("runs.stepByMail", { step: stepName(decision) })}</Badge> : null}
        <Button tone="quiet" size="small" icon={IconX} aria-label={t("ui.close")} onClick={props.onClose} />
      </div>
      <div className="pad" style={{ paddingTop: 0 }}>
        {decision.recipient ? (
          <p className="t2 small" style={{ marginBottom: 8 }}>
            {t("mail.to")} {decision.recipientName ? `${decision.recipientName} · ` : ""}
            {decision.recipient}
          </p>
        ) : null}
        {decision.rendered ? (
          <MailFrame
            subject={decision.rendered.subject}
            html={decision.rendered.html}
            text={decision.rendered.text}
            height={340}
          />
        ) : null}
        <h3 className="h4" style={{ margin: "14px 0 4px" }}>
          {t(decision.bucket === "skipped" ? "runs.whyNot" : "runs.whyThis")}
        </h3>
        <ul className="reasons">
          {decision.code ? (
            <li>
              <IconMinus className="icon" stroke={1.75} aria-hidden="true" />
              {reasonText(t, formats, "skip", decision.code, decision.values, currency)}
            </li>
          ) : null}
          {decision.why.map((why) => (
            <li key={why.code}>
              <IconCheck className="icon success" stroke={1.75} aria-hidden="true" />
              {reasonText(t, formats, "why", why.code, why.values, currency)}
            </li>
          ))}
          {decision.history.map((sent) => (
            <li key={sent.messageId}>
              <IconCheck className="icon success" stroke={1.75} aria-hidden="true" />
              {t("why.history", { step: sent.level ? `R${sent.level}` : sent.stepKey, day: formats.day(sent.sentOn) })}
            </li>
          ))}
          {decision.remarks.map((remark) => (
            <li key={remark} className="warning">
              <IconAlertTriangle className="icon" stroke={1.75} aria-hidden="true" />
              {reasonText(t, formats, "remark", remark, decision.values, currency)}
            </li>
          ))}
        </ul>
        <h3 className="h4" style={{ margin: "14px 0 2px" }}>
          {t("runs.items", { count: decision.items.length })}
        </h3>
        <table className="table table-compact table-bare">
          <tbody>
            {decision.items.map((item) => (
              <tr key={item.itemId} className={item.listed ? undefined : "left-out"}>
                <td className="nowrap">{item.number}</td>
                <td>
                  <DateCell day={item.dueOn} quiet />
                </td>
                <td className="right">{item.listed ? <LateDays dueOn={item.dueOn} /> : null}</td>
                <td className="right">
                  <Amount value={item.open} quiet={!item.listed} />
                </td>
                <td className="right" style={{ width: 32 }}>
                  {item.listed && open && may("runs.plan") ? (
                    <Button
                      size="small"
                      tone="quiet"
                      icon={IconX}
                      aria-label={t("runs.dropItem", { number: item.number })}
                      onClick={() => drop(item.itemId)}
                    />
                  ) : item.code ? (
                    <span className="small t3 nowrap">{reasonText(t, formats, "skip", item.code)}</span>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td colSpan={3}>{t("runs.claimed")}</td>
              <td className="right">
                <Amount value={decision.amount} total />
              </td>
              <td />
            </tr>
          </tfoot>
        </table>
        <Refusal>{problem}</Refusal>
      </div>
      {open && decision.bucket !== "skipped" && may("runs.plan") ? (
        <div className="sheet-foot">
          {decision.bucket === "to_decide" ? (
            <Button tone="primary" icon={IconCheck} waiting={waiting} onClick={include}>
              {t("runs.include")}
            </Button>
          ) : null}
          <Button icon={IconX} waiting={waiting} onClick={exclude}>
            {t("runs.exclude")}
          </Button>
        </div>
      ) : null}
    </>
  );
}
