import type { CalendarDate } from "#kernel/calendar-date.ts";
import { dueDateOf, type PaymentTerms } from "#modules/statutory/index.ts";

/** Terms known for an account: the customer's own, else the company's usual days. */
export type AccountTerms = { readonly kind: PaymentTerms["kind"] | null; readonly days: number | null };

/** The due day of a document: as written, else from the row's own term, the customer's, the company's. Only the written one is certain. */
export function dueDayOf(
  draft: { readonly issuedOn: CalendarDate; readonly dueOn: CalendarDate | null; readonly termDays?: number },
  terms: AccountTerms | undefined,
  companyDays: number,
): { dueOn: CalendarDate; isDueEstimated: boolean } {
  if (draft.dueOn) return { dueOn: draft.dueOn, isDueEstimated: false };
  if (draft.termDays !== undefined)
    return { dueOn: dueDateOf(draft.issuedOn, { kind: "net", days: draft.termDays }), isDueEstimated: true };
  const known: PaymentTerms = { kind: terms?.kind ?? "net", days: terms?.days ?? companyDays };
  return { dueOn: dueDateOf(draft.issuedOn, known), isDueEstimated: true };
}

/** Joins customer numbers that differ by leading zeros only: the form met first (a known one before all) stands for the others. */
export function joinLeadingZeros(
  numbers: Iterable<string>,
  known: Iterable<string>,
): { canonical: ReadonlyMap<string, string>; joined: number } {
  const first = new Map<string, string>();
  const stem = (number: string) => (/^\d+$/.test(number) ? number.replace(/^0+(?=\d)/, "") : number);
  for (const number of known) if (!first.has(stem(number))) first.set(stem(number), number);
  const canonical = new Map<string, string>();
  let joined = 0;
  for (const number of numbers) {
    const standing = first.get(stem(number));
    if (standing === undefined) first.set(stem(number), number);
    canonical.set(number, standing ?? number);
    if (standing !== undefined && standing !== number) joined += 1;
  }
  return { canonical, joined };
}
