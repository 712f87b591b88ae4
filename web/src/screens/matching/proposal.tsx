import { IconCheck, IconChevronLeft, IconChevronRight, IconEyeOff, IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { MatchCandidate } from "#contracts/cash.ts";
import { Amount } from "#ui/amount.tsx";
import { Badge } from "#ui/badge.tsx";
import { Button } from "#ui/button.tsx";
import { LateDays } from "#ui/days.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Note } from "#ui/surfaces.tsx";
import type { LineDetail } from "../../api/cash.ts";
import { lookUp, useT } from "../../i18n/index.ts";
import { chanceWords, reasonWords } from "./match-words.ts";

/** What a line is proposed: one way at a time, with its chance, its reasons in words, and why nobody posted it. */
export function Proposal(props: {
  line: LineDetail;
  at: number;
  onTurn: (at: number) => void;
  onAccept: () => void;
  onSearch: () => void;
  onAside: () => void;
  waiting: boolean;
  mayPost: boolean;
}) {
  const { line, at } = props;
  const { t } = useT();
  const formats = useFormats();
  const { candidates } = line;
  const candidate = candidates[at];
  return (
    <>
      {candidate ? (
        <>
          <div className="row row-wrap">
            <Badge tone={candidate.probabilityBp >= 8_000 ? "info" : "warning"}>
              {chanceWords(formats, candidate.probabilityBp)}
            </Badge>
            <span className="t2">
              {at === 0
                ? lookUp(t, `matchWhyNot.${line.whyNot ?? ""}`, {}, t("matching.proposed"))
                : t("matching.alternative", { at: at + 1 })}
            </span>
            <span className="grow" />
            {candidates.length > 1 ? (
              <span className="row gap-4">
                <Button
                  size="small"
                  tone="quiet"
                  icon={IconChevronLeft}
                  aria-label={t("matching.previous")}
                  disabled={at === 0}
                  onClick={() => props.onTurn(at - 1)}
                />
                <span className="small t2 nowrap">{t("matching.of", { at: at + 1, count: candidates.length })}</span>
                <Button
                  size="small"
                  tone="quiet"
                  icon={IconChevronRight}
                  aria-label={t("matching.next")}
                  disabled={at === candidates.length - 1}
                  onClick={() => props.onTurn(at + 1)}
                />
              </span>
            ) : null}
          </div>
          <CandidateParts candidate={candidate} />
          <Reasons candidate={candidate} />
        </>
      ) : (
        <Note tone="info">{t("matching.noProposalText")}</Note>
      )}
      {props.mayPost ? (
        <div className="row row-wrap">
          {candidate ? (
            <Button tone="primary" icon={IconCheck} hotkey="↵" waiting={props.waiting} onClick={props.onAccept}>
              {t(candidate.parts.length === 0 ? "matching.acceptOnAccount" : "matching.accept")}
            </Button>
          ) : null}
          <Button icon={IconSearch} hotkey="/" onClick={props.onSearch}>
            {t("matching.byHand")}
          </Button>
          <span className="grow" />
          <Button tone="quiet" icon={IconEyeOff} hotkey="X" waiting={props.waiting} onClick={props.onAside}>
            {t("matching.setAside")}
          </Button>
        </div>
      ) : null}
    </>
  );
}

/** The items with their amounts, what is given up, what stays on account. */
function CandidateParts({ candidate }: { candidate: MatchCandidate }) {
  const { t } = useT();
  return (
    <table className="table" aria-label={t("matching.parts")}>
      <tbody>
        {candidate.parts.map((part) => (
          <tr key={part.itemId}>
            <td>
              <Link className="link-quiet nowrap" to="/items/$itemId" params={{ itemId: part.itemId }}>
                {part.documentNo ?? t("field.item")}
              </Link>
              <span className="small t2 block">
                {part.customerId ? (
                  <Link className="link-quiet" to="/customers/$customerId" params={{ customerId: part.customerId }}>
                    {part.customerName}
                  </Link>
                ) : null}
              </span>
            </td>
            <td className="right only-wide">
              <LateDays dueOn={part.dueOn} />
            </td>
            <td className="right">
              <Amount value={part.amount} />
              {part.open && part.open.minor !== part.amount.minor ? (
                <span className="small t3 block nowrap">
                  {t("matching.ofOpen")} <Amount value={part.open} quiet />
                </span>
              ) : null}
            </td>
          </tr>
        ))}
        {candidate.adjustments.map((one) => (
          <tr key={one.kind}>
            <td className="t2">{t(`matching.adjustment.${one.kind}`)}</td>
            <td className="only-wide" />
            <td className="right">
              <Amount value={{ ...one.amount, minor: `-${one.amount.minor}` }} />
            </td>
          </tr>
        ))}
        {candidate.onAccount ? (
          <tr>
            <td className="t2">{t("matching.onAccountOf", { name: candidate.onAccount.customerName ?? "" })}</td>
            <td className="only-wide" />
            <td className="right">
              <Amount value={candidate.onAccount.amount} />
            </td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}

function Reasons({ candidate }: { candidate: MatchCandidate }) {
  const { t } = useT();
  const formats = useFormats();
  const currency = (candidate.parts[0]?.amount ?? candidate.onAccount?.amount)?.currency ?? "EUR";
  return (
    <section aria-label={t("ui.why")}>
      <h3>{t("ui.why")}</h3>
      <ul className="match-reasons">
        {candidate.reasons.map((reason) => (
          <li key={JSON.stringify(reason)}>{reasonWords(t, formats, reason, currency)}</li>
        ))}
      </ul>
    </section>
  );
}
