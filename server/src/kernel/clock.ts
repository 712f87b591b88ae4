import { type CalendarDate, dayInZone } from "./calendar-date.ts";

/** The one source of the present. Edges read it once and pass `asOf` or an instant on; rules never see it. */
export type Clock = { readonly now: () => Date };

export const systemClock: Clock = { now: () => new Date() };

/** Today's business day in a zone. */
export const todayIn = (clock: Clock, zone: string): CalendarDate => dayInZone(clock.now(), zone);

/** An instant from its ISO text. */
export const instantOf = (iso: string): Date => new Date(iso);

/** The instant so many minutes after another. */
export const minutesAfter = (instant: Date, minutes: number): Date => new Date(instant.getTime() + minutes * 60_000);

/** The instant so many seconds from now, as ISO text. */
export const secondsLater = (clock: Clock, seconds: number): string =>
  new Date(clock.now().getTime() + seconds * 1000).toISOString();

/** A clock that stands still until told otherwise; for tests and rehearsals. */
export function fixedClock(isoInstant: string): Clock & { readonly set: (isoInstant: string) => void } {
  let at = new Date(isoInstant);
  return {
    now: () => at,
    set: (next) => {
      at = new Date(next);
    },
  };
}
