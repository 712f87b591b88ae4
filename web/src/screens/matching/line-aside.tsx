import { IconArrowBackUp, IconRotate } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ReturnCandidate } from "#contracts/cash.ts";
import { Amount } from "#ui/amount.tsx";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { DateCell } from "#ui/days.tsx";
import { TextField } from "#ui/fields.tsx";
import { decimalText, readAmount } from "#ui/format.ts";
import { useFormats } from "#ui/locale.tsx";
import { Note } from "#ui/surfaces.tsx";
import type { LineDetail } from "../../api/cash.ts";
import { lookUp, useT } from "../../i18n/index.ts";
import { useActorName } from "../../parts/actors.ts";
import { chanceWords, reasonWords } from "./match-words.ts";

/** Everything that the bank says of a line. */
export function LineFacts({ line }: { line: LineDetail }) {
  const { t } = useT();
  const formats = useFormats();
  const facts: [string, string | null][] = [
    [t("matching.fact.text"), line.text || null],
    [t("matching.fact.account"), [line.companyCode, line.accountName].filter(Boolean).join(" · ") || null],
    [t("matching.fact.iban"), line.payerIbanTail ? `… ${line.payerIbanTail}` : null],
    [t("matching.fact.reference"), line.creditorReference],
    [t("matching.fact.endToEnd"), line.endToEndId],
    [t("matching.fact.mandate"), line.mandateId],
    [t("matching.fact.fee"), line.fee ? formats.amount(line.fee) : null],
  ];
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value)
        .map(([label, value]) => (
          <div key={label} style={{ display: "contents" }}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** What was applied, by whom, and the way back. */
export function Applied(props: { line: LineDetail; onUndo: () => void; waiting: boolean; mayPost: boolean }) {
  const { application } = props.line;
  const { t } = useT();
  const formats = useFormats();
  const actorName = useActorName();
  if (!application) return null;
  const { candidates } = props.line;
  const reasons = application.origin === "rule" ? (candidates[0]?.reasons ?? []) : [];
  const who =
    application.origin === "rule"
      ? t(application.kind === "rejection" ? "matching.recordedByRule" : "matching.byRule")
      : (application.appliedByName ?? actorName(application.appliedBy));
  return (
    <>
      <div className="row row-wrap">
        <Badge tone={application.kind === "rejection" ? "danger" : "success"}>
          {t(application.kind === "rejection" ? "matching.rejected" : "matching.state.applied")}
        </Badge>
        <span className="t2">
          {who} · {formats.day(formats.dayOf(application.appliedAt))} {formats.time(application.appliedAt)}
          {application.probabilityBp !== null ? ` · ${chanceWords(formats, application.probabilityBp)}` : ""}
        </span>
      </div>
      <table className="table" aria-label={t("matching.parts")}>
        <tbody>
          {application.parts.map((part) => (
            <tr key={part.itemId}>
              <td>
                <Link className="link-quiet" to="/items/$itemId" params={{ itemId: part.itemId }}>
                  {part.documentNo ?? t(application.kind === "rejection" ? "kind.payment" : "field.item")}
                </Link>
                {part.customerId ? (
                  <span className="small t2 block">
                    <Link className="link-quiet" to="/customers/$customerId" params={{ customerId: part.customerId }}>
                      {part.customerName}
                    </Link>
                  </span>
                ) : null}
              </td>
              <td className="right">
                <Amount value={part.amount} />
              </td>
            </tr>
          ))}
          {application.items
            .filter((item) => item.role !== "payment" && item.role !== "rejection")
            .map((item) => (
              <tr key={item.itemId}>
                <td className="t2">{lookUp(t, `matching.adjustment.${item.role}`, {}, item.role)}</td>
                <td className="right">
                  <Amount value={item.amount} />
                </td>
              </tr>
            ))}
        </tbody>
      </table>
      {reasons.length > 0 ? (
        <section aria-label={t("ui.why")}>
          <h3>{t("ui.why")}</h3>
          <ul className="match-reasons">
            {reasons.map((reason) => (
              <li key={JSON.stringify(reason)}>{reasonWords(t, formats, reason, props.line.amount.currency)}</li>
            ))}
          </ul>
        </section>
      ) : null}
      {props.mayPost ? (
        <div>
          <Button icon={IconRotate} hotkey="U" waiting={props.waiting} onClick={props.onUndo}>
            {t(application.kind === "rejection" ? "matching.undoRejection" : "matching.undoMatch")}
          </Button>
        </div>
      ) : null}
    </>
  );
}

/** Why the bank took it back, and what to do about it. */
export function ReturnReason({ line }: { line: LineDetail }) {
  const { t, language } = useT();
  const meaning = line.returnReason;
  if (!meaning) return null;
  return (
    <Note tone="danger">
      {[meaning.code, language === "en" ? meaning.en : meaning.fr, lookUp(t, `returnAction.${meaning.action}`, {}, "")]
        .filter(Boolean)
        .join(" · ")}
    </Note>
  );
}

/** What the bank took back: its reason, and the payment that it cancels. */
export function Returned(props: {
  line: LineDetail;
  onReject: (paymentId: string, chargeMinor: string) => void;
  waiting: boolean;
  mayPost: boolean;
}) {
  const { line } = props;
  const { t } = useT();
  const formats = useFormats();
  const { currency } = line.amount;
  const [charge, setCharge] = useState(line.fee ? decimalText(line.fee) : "0");
  const chargeMinor = readAmount(charge, currency);
  return (
    <>
      <ReturnReason line={line} />
      {line.returnCandidates.length === 0 ? <Note tone="info">{t("matching.noPayment")}</Note> : null}
      {line.returnCandidates.length > 0 && props.mayPost ? (
        <TextField
          label={t("matching.charge")}
          hint={t("matching.chargeHint")}
          value={charge}
          onChange={setCharge}
          inputMode="decimal"
          error={chargeMinor === undefined ? t("matching.amountWrong") : undefined}
        />
      ) : null}
      <ul className="lines" aria-label={t("matching.payments")}>
        {line.returnCandidates.map((one) => (
          <li key={one.paymentId} className="row row-wrap">
            <div className="grow">
              <Link className="link-quiet medium" to="/customers/$customerId" params={{ customerId: one.customerId }}>
                {one.customerName}
              </Link>
              <div className="small t2">
                {one.companyCode === line.companyCode ? null : `${one.companyCode} · `}
                <DateCell day={one.paidOn} /> · {chanceWords(formats, one.probabilityBp)} · {whyPayment(one)}
              </div>
            </div>
            <Amount value={one.amount} />
            {props.mayPost ? (
              <Button
                size="small"
                tone="danger"
                icon={IconArrowBackUp}
                waiting={props.waiting}
                disabled={chargeMinor === undefined}
                onClick={() => props.onReject(one.paymentId, chargeMinor ?? "0")}
              >
                {t("matching.reject")}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </>
  );

  function whyPayment(one: ReturnCandidate): string {
    return one.reasons.map((reason) => reasonWords(t, formats, reason, currency)).join(", ");
  }
}
