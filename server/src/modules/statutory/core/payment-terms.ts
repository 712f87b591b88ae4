import { addDays, addMonths, type CalendarDate, calendarDateOf, endOfMonth } from "#kernel/calendar-date.ts";

/**
 * Payment terms as contracts state them (Code de commerce L441-10 I). "45 days end of month" has two accepted readings, so the
 * rule says which. `onTheDay` moves the result to that day of a month, the first one on or after it ("le 10 du mois").
 */
export type PaymentTerms = {
  readonly kind: "net" | "days_then_end_of_month" | "end_of_month" | "on_the";
  readonly days: number;
  /** 1 to 31; a shorter month uses its last day. */
  readonly onTheDay?: number;
};

/** Due day of a document issued on `issuedOn`; the day of the invoice is not counted, weekends do not move it. */
export function dueDateOf(issuedOn: CalendarDate, terms: PaymentTerms): CalendarDate {
  const reached = reachedOn(issuedOn, terms);
  return terms.onTheDay === undefined ? reached : nextDayOfMonth(reached, terms.onTheDay);
}

function reachedOn(issuedOn: CalendarDate, terms: PaymentTerms): CalendarDate {
  switch (terms.kind) {
    case "net":
      return addDays(issuedOn, terms.days);
    case "days_then_end_of_month":
      return endOfMonth(addDays(issuedOn, terms.days));
    case "end_of_month":
      return addDays(endOfMonth(issuedOn), terms.days);
    case "on_the":
      // "30 days end of month on the Nth" written with one number: the Nth day of the month after the month's end.
      return addDays(endOfMonth(issuedOn), Math.max(1, terms.days));
  }
}

function nextDayOfMonth(from: CalendarDate, dayOfMonth: number): CalendarDate {
  for (const months of [0, 1]) {
    const first = addMonths(calendarDateOf(Number(from.slice(0, 4)), Number(from.slice(5, 7)), 1) ?? from, months);
    const last = endOfMonth(first);
    const day = addDays(first, Math.min(dayOfMonth, Number(last.slice(8, 10))) - 1);
    if (day >= from) return day;
  }
  return from;
}

/** Why terms exceed what the law allows between companies in France, or undefined (L441-10 I: 60 days net, 45 days end of month). */
export function termsFault(terms: PaymentTerms): "over_60_days_net" | "over_45_days_end_of_month" | undefined {
  if (terms.kind === "net") return terms.days > 60 ? "over_60_days_net" : undefined;
  return terms.days > 45 ? "over_45_days_end_of_month" : undefined;
}
