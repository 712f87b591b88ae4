import { IconArrowBackUp, IconCheck, IconEyeOff, IconHelp, IconRobot, IconSparkles } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import type { BankLine } from "#contracts/cash.ts";
import { Amount } from "#ui/amount.tsx";
import { Badge } from "#ui/badge.tsx";
import { useFormats } from "#ui/locale.tsx";
import { lookUp, useT } from "../../i18n/index.ts";
import { chanceWords } from "./match-words.ts";

/** The lines of the tab, the current one marked; a click or J and K choose. */
export function LineList(props: {
  lines: readonly BankLine[];
  chosen: string | undefined;
  onChoose: (lineId: string) => void;
  onEnd: () => void;
}) {
  const { t } = useT();
  const formats = useFormats();
  const list = useRef<HTMLUListElement>(null);
  const { lines, chosen, onEnd } = props;
  useEffect(() => {
    list.current?.querySelector(`[data-line="${chosen}"]`)?.scrollIntoView({ block: "nearest" });
    if (chosen !== undefined && chosen === lines.at(-1)?.id) onEnd();
  }, [chosen, lines, onEnd]);
  return (
    <ul className="match-lines" ref={list} aria-label={t("matching.lines")}>
      {lines.map((line) => (
        <li key={line.id}>
          <button
            type="button"
            data-line={line.id}
            className={line.id === chosen ? "match-line match-line-chosen" : "match-line"}
            aria-current={line.id === chosen}
            onClick={() => props.onChoose(line.id)}
          >
            <span className="row row-top">
              <span className="grow medium one-line">
                {line.payerName ?? lookUp(t, `bankKind.${line.kind}`, {}, line.kind)}
              </span>
              <BankAmount value={line.amount} />
            </span>
            <span className="row row-top small t2">
              <span className="grow one-line">{line.text || "–"}</span>
              <span className="nowrap t3">{formats.day(line.valueOn)}</span>
            </span>
            <LineState line={line} />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** On a bank account a minus is money that went: never green. */
export function BankAmount({ value }: { value: BankLine["amount"] }) {
  if (!value.minor.startsWith("-")) return <Amount value={value} />;
  return (
    <span className="danger nowrap">
      {"\u2212"}
      <Amount value={{ ...value, minor: value.minor.slice(1) }} />
    </span>
  );
}

function LineState({ line }: { line: BankLine }) {
  const { t } = useT();
  const formats = useFormats();
  const { application } = line;
  if (line.state === "set_aside") return <Badge icon={IconEyeOff}>{t("matching.state.set_aside")}</Badge>;
  if (application?.kind === "rejection")
    return (
      <Badge tone="danger" icon={IconArrowBackUp}>
        {t("matching.rejected")}
      </Badge>
    );
  if (application)
    return (
      <Badge tone="success" icon={application.origin === "rule" ? IconRobot : IconCheck}>
        {t(application.origin === "rule" ? "matching.byRule" : "matching.byPerson")}
      </Badge>
    );
  if (line.side === "return")
    return (
      <Badge tone="danger" icon={IconArrowBackUp}>
        {t("matching.returned")}
      </Badge>
    );
  if (line.probabilityBp === null) return <Badge icon={IconHelp}>{t("matching.noProposal")}</Badge>;
  return (
    <Badge tone={line.probabilityBp >= 8_000 ? "info" : "warning"} icon={IconSparkles}>
      {chanceWords(formats, line.probabilityBp)}
    </Badge>
  );
}
