import {
  type Icon,
  IconBan,
  IconCalendarCheck,
  IconClock,
  IconHourglass,
  IconLink,
  IconMail,
  IconMessageExclamation,
  IconMinus,
  IconPlayerPause,
  IconScale,
} from "@tabler/icons-react";
import type { RunSummary } from "#contracts/dunning.ts";
import { Button } from "#ui/button.tsx";
import { lookUp, useT } from "../../i18n/index.ts";
import { Amounts } from "../../parts/amounts.tsx";

const ICONS: Readonly<Record<string, Icon>> = {
  stopped: IconPlayerPause,
  disputed: IconMessageExclamation,
  promised: IconCalendarCheck,
  insolvent: IconScale,
  covered: IconLink,
  no_contact: IconMail,
  below_minimum: IconMinus,
  item_below_minimum: IconMinus,
  not_yet_due: IconClock,
  too_soon: IconClock,
  message_pending: IconHourglass,
  in_doubt: IconHourglass,
};

/** Who gets nothing, by reason: count and amount held back. A click shows the names. */
export function Skips(props: {
  run: RunSummary;
  code: string | undefined;
  onCode: (code: string | undefined) => void;
}) {
  const { t } = useT();
  if (props.run.skips.length === 0) return null;
  return (
    <table className="table table-compact skips">
      <caption className="visually-hidden">{t("runs.skipsByReason")}</caption>
      <tbody>
        {props.run.skips.map((skip) => {
          const Glyph = ICONS[skip.code] ?? IconBan;
          const isOn = props.code === skip.code;
          return (
            <tr key={skip.code} className={isOn ? "selected" : undefined}>
              <td>
                <span className="row">
                  <Glyph className="icon" stroke={1.75} aria-hidden="true" />
                  {lookUp(t, `skipName.${skip.code}`, {}, skip.code)}
                </span>
              </td>
              <td className="right">
                <Button
                  tone="quiet"
                  size="small"
                  aria-pressed={isOn}
                  onClick={() => props.onCode(isOn ? undefined : skip.code)}
                >
                  {t("runs.customers", { count: skip.count })}
                </Button>
              </td>
              <td className="right">
                <Amounts values={skip.amounts} quiet />
              </td>
              <td className="t2 only-wide">{lookUp(t, `skipThen.${skip.code}`)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
