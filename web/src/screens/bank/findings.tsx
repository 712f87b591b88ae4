import { type Icon, IconAlertTriangle, IconCheck, IconClock, IconInfoCircle, IconX } from "@tabler/icons-react";
import type { Statement } from "#contracts/cash.ts";
import { Badge, type Tone } from "#ui/badge.tsx";
import type { Formats } from "#ui/format.ts";
import { useFormats } from "#ui/locale.tsx";
import { lookUp, type TextValues, useT } from "../../i18n/index.ts";

const STATES: Readonly<Record<Statement["state"], readonly [Tone, Icon]>> = {
  checked: ["info", IconClock],
  quarantined: ["warning", IconAlertTriangle],
  imported: ["success", IconCheck],
  refused: ["neutral", IconX],
};

export function StatementState({ state }: { state: Statement["state"] }) {
  const { t } = useT();
  const [tone, icon] = STATES[state];
  return (
    <Badge tone={tone} icon={icon}>
      {t(`statementState.${state}`)}
    </Badge>
  );
}

function readable(values: Readonly<Record<string, string>>, formats: Formats, currency: string): TextValues {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (name === "opening" || name === "closing") return [name, formats.amount({ minor: value, currency })];
      return [name, /^\d{4}-\d{2}-\d{2}$/.test(value) ? formats.day(value) : value];
    }),
  );
}

/** What stands out in a statement, what blocks it first. */
export function Findings({ statement }: { statement: Statement }) {
  const { t } = useT();
  const formats = useFormats();
  const sorted = [...statement.findings].sort((a, b) => Number(b.blocks) - Number(a.blocks));
  if (sorted.length === 0)
    return (
      <p className="success row">
        <IconCheck size={16} stroke={1.75} aria-hidden="true" />
        {t(statement.chain === "ok" ? "statements.chainOk" : "statements.nothingAgainst")}
      </p>
    );
  return (
    <ul className="plain-list stack">
      {sorted.map((one) => {
        const Glyph = one.blocks ? IconAlertTriangle : IconInfoCircle;
        return (
          <li key={one.code} className={one.blocks ? "warning row" : "t2 row"}>
            <Glyph size={16} stroke={1.75} aria-hidden="true" />
            <span>
              {lookUp(t, `finding.${one.code}`, readable(one.values, formats, statement.currency ?? "EUR"), one.code)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
