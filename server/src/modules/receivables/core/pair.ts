import type { CalendarDate } from "#kernel/calendar-date.ts";
import { proRata } from "#kernel/money.ts";
import { absolute, byAge, smaller } from "./ledger.ts";
import type { ItemKind } from "./source-row.ts";

/** A member of a settlement with what is available of it, signed. */
export type PairMember = {
  readonly itemId: string;
  readonly kind: ItemKind;
  readonly currency: string;
  readonly postedOn: CalendarDate;
  readonly instalmentNo: number;
  readonly orderKey: string;
  readonly documentNo: string | null;
  readonly minor: bigint;
  readonly book: bigint;
};

/** A pair the source itself names; `minor` unsigned, in the credit's currency, absent for as much as possible. */
export type ExplicitPair = { readonly debitId: string; readonly creditId: string; readonly minor?: bigint };

/**
 * One credit clearing one debit. The debit's line is (+debitMinor, +book), the credit's (−creditMinor, −book); `book` may have any sign
 * where the pair only closes an exchange difference (`isClosing`), which waits for the last line of the members it closes.
 */
export type Pair = {
  readonly debitId: string;
  readonly creditId: string;
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
  readonly book: bigint;
  readonly isClosing: boolean;
};

type Purse = {
  readonly member: PairMember;
  minor: bigint;
  book: bigint;
  /** What was there when the present way of counting began: shares are rounded cumulatively against it. */
  baseMinor: bigint;
  baseBook: bigint;
};

/**
 * Which credit cleared which debit: explicit pairs, then rejections with the payment they cancel, then oldest debit first - within one
 * currency by document amount, then across currencies by book amount, then exchange differences. Never more than is available of a member.
 * What an unbalanced group leaves stays on its newest debit, or newest credit.
 */
export function pairMembers(members: readonly PairMember[], explicit: readonly ExplicitPair[] = []): Pair[] {
  const purses = [...members].sort(byAge).map(
    (member): Purse => ({
      member,
      minor: member.minor,
      book: member.book,
      baseMinor: member.minor,
      baseBook: member.book,
    }),
  );
  const pairs: Pair[] = [];
  if (purses.length < 2) return pairs;
  const byId = new Map(purses.map((purse) => [purse.member.itemId, purse]));
  for (const named of explicit) {
    const debit = byId.get(named.debitId);
    const credit = byId.get(named.creditId);
    if (debit && credit) payByMinor(debit, credit, named.minor, pairs);
  }
  for (const purse of purses) if (purse.member.kind === "rejection" && purse.minor > 0n) cancel(purse, purses, pairs);
  oldestFirst(purses, pairs);
  if (hasRemainders(purses)) {
    acrossCurrencies(purses, pairs);
    closeDifferences(purses, pairs);
  }
  return pairs;
}

/** The payments that a rejection cancels: the same amount first (same document, then latest), else the latest ones before it. */
function cancel(rejection: Purse, purses: readonly Purse[], pairs: Pair[]): void {
  const before = purses.filter(
    (purse) =>
      purse.minor < 0n &&
      purse.member.currency === rejection.member.currency &&
      purse.member.postedOn <= rejection.member.postedOn &&
      purse.member.kind !== "credit_note",
  );
  before.reverse();
  const same = before.filter((purse) => -purse.minor === rejection.minor);
  const documentNo = rejection.member.documentNo;
  const best = same.find((purse) => documentNo !== null && purse.member.documentNo === documentNo) ?? same[0];
  if (best) payByMinor(rejection, best, undefined, pairs);
  for (const credit of before) {
    if (rejection.minor <= 0n) return;
    payByMinor(rejection, credit, undefined, pairs);
  }
}

function oldestFirst(purses: readonly Purse[], pairs: Pair[]): void {
  const queues = new Map<string, { debits: Purse[]; credits: Purse[] }>();
  for (const purse of purses) {
    if (purse.minor === 0n) continue;
    let queue = queues.get(purse.member.currency);
    if (!queue) {
      queue = { debits: [], credits: [] };
      queues.set(purse.member.currency, queue);
    }
    (purse.minor > 0n ? queue.debits : queue.credits).push(purse);
  }
  for (const { debits, credits } of queues.values())
    walk(
      debits,
      credits,
      (debit, credit) => payByMinor(debit, credit, undefined, pairs),
      (purse) => purse.minor === 0n,
    );
}

/** Pays the heads of two queues against each other until one queue is used up. */
function walk(
  debits: readonly Purse[],
  credits: readonly Purse[],
  pay: (debit: Purse, credit: Purse) => void,
  isEmpty: (purse: Purse) => boolean,
): void {
  let d = 0;
  let c = 0;
  for (;;) {
    const debit = debits[d];
    const credit = credits[c];
    if (!debit || !credit) return;
    if (isEmpty(debit)) d += 1;
    else if (isEmpty(credit)) c += 1;
    else pay(debit, credit);
  }
}

function payByMinor(debit: Purse, credit: Purse, limit: bigint | undefined, pairs: Pair[]): void {
  if (debit.minor <= 0n || credit.minor >= 0n) return;
  if (debit.member.currency !== credit.member.currency) {
    rebase(debit);
    rebase(credit);
    if (debit.book > 0n && credit.book < 0n) payByBook(debit, credit, pairs, false);
    rebase(debit);
    rebase(credit);
    return;
  }
  let amount = smaller(debit.minor, -credit.minor);
  if (limit !== undefined) amount = smaller(amount, limit);
  if (amount <= 0n) return;
  const left = credit.minor + amount;
  const share = credit.book - proRata(credit.baseBook, left, credit.baseMinor);
  debit.minor -= amount;
  credit.minor = left;
  credit.book -= share;
  debit.book += share;
  pairs.push({
    debitId: debit.member.itemId,
    creditId: credit.member.itemId,
    debitMinor: amount,
    creditMinor: amount,
    book: -share,
    isClosing: false,
  });
}

function rebase(purse: Purse): void {
  purse.baseMinor = purse.minor;
  purse.baseBook = purse.book;
}

const hasRemainders = (purses: readonly Purse[]): boolean =>
  purses.some((purse) => purse.book > 0n) && purses.some((purse) => purse.book < 0n);

/** What is left, document amounts of different currencies against each other by book amount. */
function acrossCurrencies(purses: readonly Purse[], pairs: Pair[]): void {
  for (const purse of purses) rebase(purse);
  const debits = purses.filter((purse) => purse.minor > 0n && purse.book > 0n);
  const credits = purses.filter((purse) => purse.minor < 0n && purse.book < 0n);
  walk(
    debits,
    credits,
    (debit, credit) => payByBook(debit, credit, pairs, false),
    (purse) => purse.book === 0n,
  );
}

/** Book remainders of members whose document amount is used up, against exchange differences, then against anything of another currency. */
function closeDifferences(purses: readonly Purse[], pairs: Pair[]): void {
  for (const purse of purses) rebase(purse);
  const usedUp = purses.filter((purse) => purse.minor === 0n && purse.book !== 0n);
  const isEmpty = (purse: Purse) => purse.book === 0n;
  const close = (debit: Purse, credit: Purse) => payByBook(debit, credit, pairs, true);
  walk(
    usedUp.filter((purse) => purse.book > 0n),
    usedUp.filter((purse) => purse.book < 0n),
    close,
    isEmpty,
  );
  for (const rest of usedUp) {
    if (rest.book === 0n) continue;
    const others = purses.filter(
      (o) =>
        o.minor !== 0n && o.book !== 0n && o.minor > 0n === o.book > 0n && o.member.currency !== rest.member.currency,
    );
    if (rest.book > 0n)
      walk(
        [rest],
        others.filter((o) => o.book < 0n),
        close,
        isEmpty,
      );
    else
      walk(
        others.filter((o) => o.book > 0n),
        [rest],
        close,
        isEmpty,
      );
  }
}

/** `debit` is the side whose book amount is positive, whatever its document amount. */
function payByBook(debit: Purse, credit: Purse, pairs: Pair[], isClosing: boolean): void {
  const book = smaller(debit.book, absolute(credit.book));
  const debitMinor = debit.minor - proRata(debit.baseMinor, debit.book - book, debit.baseBook);
  const creditMinor = proRata(credit.baseMinor, credit.book + book, credit.baseBook) - credit.minor;
  debit.minor -= debitMinor;
  debit.book -= book;
  credit.minor += creditMinor;
  credit.book += book;
  pairs.push({
    debitId: debit.member.itemId,
    creditId: credit.member.itemId,
    debitMinor,
    creditMinor,
    book,
    isClosing,
  });
}
