import {
  type Icon,
  IconArrowBackUp,
  IconArrowsExchange,
  IconCoin,
  IconFileMinus,
  IconFileText,
  IconReceipt,
} from "@tabler/icons-react";
import type { Item } from "#contracts/receivables.ts";
import { Badge } from "#ui/badge.tsx";
import { useT } from "../i18n/index.ts";

const ICONS: Readonly<Record<Item["kind"], Icon>> = {
  invoice: IconFileText,
  credit_note: IconFileMinus,
  payment: IconCoin,
  rejection: IconArrowBackUp,
  opening: IconReceipt,
  exchange_difference: IconArrowsExchange,
  adjustment: IconReceipt,
  other: IconReceipt,
};

/** The number people know an item by; a label stands where the document has none. */
export const itemName = (item: Pick<Item, "documentNo" | "label">, fallback: string): string =>
  item.documentNo || item.label || fallback;

/** What kind of row it is; invoices, the usual case, say nothing. */
export function KindBadge({ kind, layer }: { kind: Item["kind"]; layer?: Item["layer"] }) {
  const { t } = useT();
  if (layer === "overlay")
    return (
      <Badge tone="info" icon={ICONS[kind]}>
        {t(`kind.${kind}`)} · {t("layer.notBooked")}
      </Badge>
    );
  if (kind === "invoice") return null;
  return (
    <Badge
      tone={kind === "rejection" ? "danger" : kind === "payment" || kind === "credit_note" ? "info" : "neutral"}
      icon={ICONS[kind]}
    >
      {t(`kind.${kind}`)}
    </Badge>
  );
}
