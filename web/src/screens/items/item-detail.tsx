import { IconArrowBackUp, IconCoin, IconFilePlus, IconPencil, IconPlayerPause, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ItemDetail } from "#contracts/receivables.ts";
import { Amount } from "#ui/amount.tsx";
import { Badge } from "#ui/badge.tsx";
import { DateCell, LateDays } from "#ui/days.tsx";
import { useFormats } from "#ui/locale.tsx";
import { Note, Sheet, Strip } from "#ui/surfaces.tsx";
import { Timeline, type TimelineEntry } from "#ui/timeline.tsx";
import { useT } from "../../i18n/index.ts";
import { itemName, KindBadge } from "../../parts/item-parts.tsx";
import { CodeItems, TeamStatus } from "../../parts/item-status.tsx";
import { useWorkplace } from "../../session.tsx";

export const isZero = (minor: string): boolean => /^-?0*$/.test(minor);

/** What an item is, what is left of it, what settled it, and how it came to be known. */
export function ItemFacts({ item }: { item: ItemDetail }) {
  const { t } = useT();
  const formats = useFormats();
  const { may } = useWorkplace();
  const credit = item.original.minor.startsWith("-");
  return (
    <>
      {item.isVoid ? <Note tone="danger">{t("items.void")}</Note> : null}
      <Strip
        figures={[
          {
            key: "open",
            label: t("field.openAmount"),
            value: <Amount value={item.open} />,
            below: item.settledOn
              ? t("balance.settledOn", { day: formats.day(item.settledOn) })
              : t("items.ofOriginal", { amount: formats.amount(item.original) }),
          },
          {
            key: "due",
            label: t("field.dueOn"),
            value: formats.day(item.dueOn),
            below: item.isDueEstimated ? (
              t("items.estimated")
            ) : isZero(item.open.minor) || credit ? null : (
              <LateDays dueOn={item.dueOn} />
            ),
          },
          {
            key: "issued",
            label: t("field.issuedOn"),
            value: formats.day(item.issuedOn),
            below: t("items.postedOn", { day: formats.day(item.postedOn) }),
          },
        ]}
      />
      <dl className="facts">
        <dt>{t("field.customer")}</dt>
        <dd>
          <Link to="/customers/$customerId" params={{ customerId: item.customerId }}>
            {item.customerName}
          </Link>{" "}
          <span className="t3">{item.customerNumber}</span>
        </dd>
        <dt>{t("itemStatus.team")}</dt>
        <dd>
          {may("items.code") && !item.isVoid ? (
            <CodeItems key={item.teamStatus} itemIds={[item.id]} status={item.teamStatus} />
          ) : (
            <TeamStatus status={item.teamStatus} />
          )}
        </dd>
        <dt>{t("field.company")}</dt>
        <dd>{item.companyCode}</dd>
        <dt>{t("field.kind")}</dt>
        <dd>
          {t(`kind.${item.kind}`)}{" "}
          <Badge tone={item.layer === "overlay" ? "info" : "neutral"}>
            {t(item.layer === "overlay" ? "layer.notBooked" : "layer.ledger")}
          </Badge>
        </dd>
        {item.label ? (
          <>
            <dt>{t("items.label")}</dt>
            <dd>{item.label}</dd>
          </>
        ) : null}
        {item.journal || item.entryNo ? (
          <>
            <dt>{t("items.entry")}</dt>
            <dd>
              {item.journal} {item.entryNo}
            </dd>
          </>
        ) : null}
        {item.letter ? (
          <>
            <dt>{t("items.letter")}</dt>
            <dd>{item.letter}</dd>
          </>
        ) : null}
        {item.paymentMethod ? (
          <>
            <dt>{t("items.method")}</dt>
            <dd>{item.paymentMethod}</dd>
          </>
        ) : null}
        {item.originalBook.currency !== item.original.currency ? (
          <>
            <dt>{t("items.book")}</dt>
            <dd>
              <Amount value={item.originalBook} quiet />
            </dd>
          </>
        ) : null}
      </dl>
    </>
  );
}

/** The payments or invoices on the other side, computed from the settlement. */
export function SettledBy({ item }: { item: ItemDetail }) {
  const { t } = useT();
  if (item.settledBy.length === 0) return null;
  const credit = item.original.minor.startsWith("-");
  return (
    <Sheet title={t(credit ? "items.settles" : "items.settledBy")}>
      <table className="table table-compact">
        <caption className="visually-hidden">{t(credit ? "items.settles" : "items.settledBy")}</caption>
        <tbody>
          {item.settledBy.map((other, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: one item may settle another on several days
            <tr key={`${other.itemId}${index}`}>
              <td>
                <span className="row">
                  <Link className="link-quiet nowrap" to="/items/$itemId" params={{ itemId: other.itemId }}>
                    {itemName(other, t(`kind.${other.kind}`))}
                  </Link>
                  <KindBadge kind={other.kind} />
                </span>
              </td>
              <td>
                <DateCell day={other.on} quiet />
              </td>
              <td className="t2">{t(`origin.${other.origin}`)}</td>
              <td className="right">
                <Amount value={other.amount} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sheet>
  );
}

/** Versions and settlement lines in one line of time. */
export function ItemStory({ item }: { item: ItemDetail }) {
  const { t } = useT();
  const formats = useFormats();
  const versions: TimelineEntry[] = item.versions.map((version, index) => ({
    key: `v${version.versionNo}`,
    day: version.knownOn,
    icon: version.voidReason ? IconTrash : index === 0 ? IconFilePlus : IconPencil,
    title: (
      <b>{t(version.voidReason ? `void.${version.voidReason}` : index === 0 ? "items.known" : "items.changed")}</b>
    ),
    below: (
      <>
        {formats.amount(version.original)} · {t("items.dueOn", { day: formats.day(version.dueOn) })}
        {version.letter ? ` · ${t("items.letter")} ${version.letter}` : ""}
        {version.isKnownAssumed ? ` · ${t("items.assumed")}` : ""}
      </>
    ),
  }));
  const lines: TimelineEntry[] = item.lines.map((line) => ({
    key: `l${line.settlementId}${line.entryNo}${line.on}`,
    day: line.on,
    icon: line.entryNo > 0 ? IconArrowBackUp : line.layer === "overlay" ? IconPlayerPause : IconCoin,
    title: (
      <>
        <b>{t(line.entryNo > 0 ? "items.unsettled" : "items.settledPart")}</b> <Amount value={line.amount} />
      </>
    ),
    below: `${t(`origin.${line.origin}`)} · ${t("items.knownOn", { day: formats.day(line.knownOn) })}`,
  }));
  const entries = [...versions, ...lines].sort((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : 0));
  return (
    <Sheet title={t("items.story")}>
      <Timeline entries={entries} />
    </Sheet>
  );
}
