import { daysBetween } from "./format.ts";
import { useLocale } from "./locale.tsx";

/** A calendar day in a table: 24/11/2026. */
export function DateCell({ day, quiet = false }: { day: string | null | undefined; quiet?: boolean }) {
  const { formats } = useLocale();
  if (!day) return <span className="t3">–</span>;
  return (
    <time dateTime={day} className={quiet ? "nowrap t2" : "nowrap"}>
      {formats.day(day)}
    </time>
  );
}

/** "demain", "hier", "dans 12 j" within two weeks, else the day; the exact day on hover. */
export function NearDay({ day }: { day: string }) {
  const { formats, texts, today } = useLocale();
  const away = daysBetween(today, day);
  const words =
    away === 0
      ? texts.today
      : away === 1
        ? texts.tomorrow
        : away === -1
          ? texts.yesterday
          : away > 1 && away <= 14
            ? texts.inDays(away)
            : formats.day(day);
  return (
    <time dateTime={day} title={formats.dayLong(day)} className="nowrap">
      {words}
    </time>
  );
}

/** Which of the five ageing shades stands for a number of days past due. */
export const ageShade = (days: number): 0 | 1 | 2 | 3 | 4 =>
  days <= 0 ? 0 : days <= 30 ? 1 : days <= 60 ? 2 : days <= 90 ? 3 : 4;

/** "45 j" past due coloured by age; before the due day "demain", "dans 12 j". `asOf` defaults to today. */
export function LateDays({ dueOn, asOf }: { dueOn: string | null | undefined; asOf?: string }) {
  const { texts, today, formats } = useLocale();
  if (!dueOn) return <span className="t3">–</span>;
  const days = daysBetween(dueOn, asOf ?? today);
  if (days > 0) return <span className={`nowrap age-${ageShade(days)}-text`}>{texts.lateDays(days)}</span>;
  const words = days === 0 ? texts.today : days === -1 ? texts.tomorrow : texts.inDays(-days);
  return (
    <span className="t3 nowrap" title={formats.dayLong(dueOn)}>
      {words}
    </span>
  );
}
