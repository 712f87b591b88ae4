import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { aliasName, nameIndex } from "./payer-names.ts";
import { plainNumber, readReferences } from "./references.ts";

/** A payment that the bank may have taken back. */
export type ReturnablePayment = {
  readonly itemId: Uuid;
  readonly accountId: Uuid;
  readonly customerName: string;
  /** What was received, above 0. */
  readonly minor: bigint;
  readonly on: CalendarDate;
  readonly endToEndId: string | null;
  readonly mandateId: string | null;
  readonly payerName: string | null;
  readonly payerIban: string | null;
  /** Numbers that stand on it: its own, the bank's. */
  readonly references: readonly string[];
};

export type ReturnLine = {
  /** Taken back, above 0. */
  readonly minor: bigint;
  readonly on: CalendarDate;
  readonly endToEndId: string | null;
  readonly mandateId: string | null;
  readonly bankReference: string | null;
  readonly payerName: string | null;
  readonly payerIban: string | null;
  readonly text: string;
};

export type ReturnReason =
  | { readonly code: "same_end_to_end"; readonly id: string }
  | { readonly code: "same_mandate"; readonly id: string }
  | { readonly code: "same_reference"; readonly number: string }
  | { readonly code: "same_payer" }
  | { readonly code: "same_amount"; readonly on: string };

export type ReturnCandidate = {
  readonly payment: ReturnablePayment;
  readonly probabilityBp: number;
  readonly reasons: readonly ReturnReason[];
};

const LISTED = 4;

/**
 * The payments that a returned debit, cheque or bill most likely was: the same end-to-end id first, then mandate, reference, payer and amount. Stated
 * chances: nothing measured stands behind them, only an identifier of our own or the bank's is near certainty; several alike share theirs.
 */
export function findReturned(line: ReturnLine, payments: readonly ReturnablePayment[]): ReturnCandidate[] {
  const { numbers } = readReferences({
    text: `${line.text} ${line.bankReference ?? ""}`,
    creditorReference: null,
    documents: [],
  });
  const named = new Set(numbers);
  const before = payments.filter((payment) => payment.on <= line.on);
  const byName = nameIndex(before.map((payment) => payment.payerName ?? payment.customerName));
  const asked = line.payerName ?? line.text;
  const alike = new Set(byName.search(asked, 10).flatMap(({ at, likeness }) => (likeness >= 0.7 ? [before[at]] : [])));
  const weighed = before.flatMap(
    (payment): { payment: ReturnablePayment; chance: number; reasons: ReturnReason[] }[] => {
      const isAmount = payment.minor === line.minor;
      const reasons: ReturnReason[] = [];
      let chance = 0;
      const say = (reason: ReturnReason, worth: number) => {
        reasons.push(reason);
        chance = Math.max(chance, worth);
      };
      if (line.endToEndId && line.endToEndId === payment.endToEndId)
        say({ code: "same_end_to_end", id: line.endToEndId }, isAmount ? 9_990 : 8_000);
      if (isAmount) {
        const number = payment.references.find((one) => one.length >= 5 && named.has(plainNumber(one)));
        if (number) say({ code: "same_reference", number }, 9_950);
        if (line.mandateId && line.mandateId === payment.mandateId)
          say({ code: "same_mandate", id: line.mandateId }, 9_900);
        const isPayer =
          (line.payerIban !== null && line.payerIban === payment.payerIban) ||
          (line.payerName !== null &&
            payment.payerName !== null &&
            aliasName(line.payerName) === aliasName(payment.payerName)) ||
          alike.has(payment);
        if (isPayer) say({ code: "same_payer" }, 9_500);
        say({ code: "same_amount", on: payment.on }, 6_000);
      }
      return chance > 0 ? [{ payment, chance, reasons }] : [];
    },
  );
  weighed.sort(
    (a, b) =>
      b.chance - a.chance ||
      (a.payment.on > b.payment.on
        ? -1
        : a.payment.on < b.payment.on
          ? 1
          : a.payment.itemId < b.payment.itemId
            ? -1
            : 1),
  );
  return weighed.slice(0, LISTED).map(({ payment, chance, reasons }) => {
    const rivals = weighed.filter((other) => other.chance === chance).length;
    return { payment, reasons, probabilityBp: Math.round(chance / rivals) };
  });
}
