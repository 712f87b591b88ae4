import { type CalendarDate, dayInZone } from "./calendar-date.ts";

/** The one source of the present. Edges read it once and pass `asOf` or an instant on; rules never see it. */
export type Clock = { readonly now: () => Date };

export const systemClock: Clock = { now: () => new Date() };

/** Today's business day in a zone. */
export const todayIn = (clock: Clock, zone: string): CalendarDate => dayInZone(clock.now(), zone);

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
