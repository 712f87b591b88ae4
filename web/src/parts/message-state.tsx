import {
  type Icon,
  IconAlertTriangle,
  IconCheck,
  IconClock,
  IconHourglass,
  IconMailOff,
  IconPackage,
  IconSend,
  IconX,
} from "@tabler/icons-react";
import type { MessageState } from "#contracts/correspondence.ts";
import { Badge, type Tone } from "#ui/badge.tsx";
import { lookUp, useT } from "../i18n/index.ts";

const LOOKS: Readonly<Record<MessageState, readonly [Tone, Icon]>> = {
  planned: ["neutral", IconClock],
  approved: ["info", IconClock],
  held: ["info", IconHourglass],
  claimed: ["info", IconSend],
  handing_over: ["info", IconSend],
  accepted: ["neutral", IconCheck],
  refused: ["danger", IconX],
  in_doubt: ["warning", IconAlertTriangle],
  delivered: ["success", IconCheck],
  returned: ["danger", IconMailOff],
  withdrawn: ["neutral", IconX],
};

/** Where a message stands, in words of the trade. Captured ones say so. */
export function MessageStateBadge({ state, sandbox = false }: { state: string; sandbox?: boolean }) {
  const { t } = useT();
  const [tone, icon] = LOOKS[state as MessageState] ?? (["neutral", IconClock] as const);
  if (sandbox && (state === "accepted" || state === "delivered"))
    return (
      <Badge tone="warning" icon={IconPackage}>
        {t("message.captured")}
      </Badge>
    );
  return (
    <Badge tone={tone} icon={icon}>
      {lookUp(t, `messageState.${state}`, {}, state)}
    </Badge>
  );
}
