import fc from "fast-check";
import { addDays, type CalendarDate } from "#kernel/calendar-date.ts";
import type { PlainLine } from "../../connector/testing/conformance.ts";

/** What happens in an accounting department on one day. */
export type Event =
  | {
      readonly kind: "invoice" | "credit_note";
      readonly customer: number;
      readonly cents: number;
      readonly back: number;
    }
  | { readonly kind: "payment"; readonly at: number; readonly part: number; readonly letters: boolean }
  | { readonly kind: "letter"; readonly at: number }
  | { readonly kind: "unletter"; readonly at: number }
  | { readonly kind: "reletter"; readonly at: number }
  | { readonly kind: "reject"; readonly at: number }
  | { readonly kind: "due"; readonly at: number }
  | { readonly kind: "delete"; readonly at: number };

const at = fc.nat(1_000);
export const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom("invoice" as const, "invoice" as const, "invoice" as const, "credit_note" as const),
      customer: fc.nat(3),
      cents: fc.integer({ min: 1, max: 500_000 }),
      back: fc.nat(2),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("payment" as const),
      at,
      part: fc.constantFrom(1, 1, 2, 3),
      letters: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("letter" as const), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("unletter" as const), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reletter" as const), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reject" as const), at }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("due" as const), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), at }) },
);

export type Entry = PlainLine & { readonly isCash: boolean };

/** The plain model: entries as the accounting system shows them today. Letters stand on balanced groups only. */
export function books() {
  let entries: Entry[] = [];
  let made = 0;
  let letters = 0;
  const nextLetter = () => {
    letters += 1;
    return `L${letters}`;
  };
  const add = (entry: Omit<Entry, "id" | "document">) => {
    made += 1;
    const id = `E${String(made).padStart(5, "0")}`;
    entries.push({ ...entry, id, document: id });
    return id;
  };
  const pick = (n: number, suits: (entry: Entry) => boolean) => {
    const found = entries.filter(suits);
    return found[n % Math.max(1, found.length)];
  };
  const edit = (ids: readonly string[], change: Partial<Entry>) => {
    entries = entries.map((entry) => (ids.includes(entry.id) ? { ...entry, ...change } : entry));
  };
  const groupOf = (letter: string | null) => entries.filter((entry) => entry.letter === letter).map((one) => one.id);
  const isOpenDebit = (entry: Entry) => entry.letter === null && entry.cents > 0 && !entry.isCash;
  return {
    entries: () => entries,
    happen: (one: Event, today: CalendarDate, mayDelete: boolean) => {
      if (one.kind === "invoice" || one.kind === "credit_note") {
        const day = addDays(today, -one.back);
        const cents = one.kind === "invoice" ? one.cents : -one.cents;
        add({ customer: `C${one.customer}`, day, due: addDays(day, 30), cents, letter: null, isCash: false });
      } else if (one.kind === "payment") {
        const debit = pick(one.at, isOpenDebit);
        if (!debit) return;
        const cents = -Math.max(1, Math.floor(debit.cents / one.part));
        const isWhole = cents === -debit.cents;
        const letter = isWhole && one.letters ? nextLetter() : null;
        add({ customer: debit.customer, day: today, due: today, cents, letter, isCash: true });
        if (letter) edit([debit.id], { letter });
      } else if (one.kind === "letter" || one.kind === "reletter") {
        // two open entries that balance; or a group that is taken apart and lettered under another code
        const standing = one.kind === "reletter" ? pick(one.at, (entry) => entry.letter !== null) : undefined;
        if (standing) return edit(groupOf(standing.letter), { letter: nextLetter() });
        const debit = pick(one.at, (entry) => entry.letter === null && entry.cents > 0);
        const credit =
          debit &&
          entries.find((two) => two.letter === null && two.customer === debit.customer && two.cents === -debit.cents);
        if (debit && credit) edit([debit.id, credit.id], { letter: nextLetter() });
      } else if (one.kind === "unletter") {
        const entry = pick(one.at, (two) => two.letter !== null);
        if (entry) edit(groupOf(entry.letter), { letter: null });
      } else if (one.kind === "reject") {
        // the bank sends a payment back: its group is taken apart, the payment settled with its rejection
        const payment = pick(one.at, (entry) => entry.isCash && entry.cents < 0);
        if (
          !payment ||
          groupOf(payment.letter).some((id) => entries.some((two) => two.id === id && two.isCash && two.cents > 0))
        )
          return;
        if (payment.letter !== null) edit(groupOf(payment.letter), { letter: null });
        const letter = nextLetter();
        add({ customer: payment.customer, day: today, due: today, cents: -payment.cents, letter, isCash: true });
        edit([payment.id], { letter });
      } else if (one.kind === "due") {
        const entry = pick(one.at, isOpenDebit);
        if (entry) edit([entry.id], { due: addDays(entry.due as CalendarDate, 7) });
      } else if (one.kind === "delete" && mayDelete) {
        const entry = pick(one.at, (two) => two.letter === null);
        if (entry) entries = entries.filter((two) => two.id !== entry.id);
      }
    },
  };
}
