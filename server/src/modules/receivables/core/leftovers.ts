import { byAge, type LedgerItem, type Room, smaller } from "./ledger.ts";
import { type ExplicitPair, type Pair, type PairMember, pairMembers } from "./pair.ts";

/**
 * Leftovers of sources that letter badly: credits without a letter or left over by their group, against debits without a letter, or whose letter's year
 * has passed; by document number, exact amount, oldest debit. A group of debits of the last year stays open: its payment is in the next year.
 */
export function byRule(items: readonly LedgerItem[], room: Map<string, Room>): Map<string, Pair[]> {
  const found = new Map<string, Pair[]>();
  const left = items.filter((item) => item.isSettledByRule && room.get(item.itemId)?.minor !== 0n);
  const credits = left.filter((item) => item.minor < 0n);
  if (credits.length === 0) return found;
  let lastYear = "";
  for (const item of items) if (item.fiscalYear !== null && item.fiscalYear > lastYear) lastYear = item.fiscalYear;
  const debits = left.filter((item) => item.minor > 0n && (item.letter === null || (item.fiscalYear ?? "") < lastYear));
  if (debits.length === 0) return found;
  const members = [...debits, ...credits].map((item): PairMember => ({ ...item, ...room.get(item.itemId) }));
  const explicit = namedOrExact(members);
  for (const pair of pairMembers(members, explicit)) {
    if (pair.isClosing) continue;
    const pairs = found.get(pair.creditId);
    if (pairs) pairs.push(pair);
    else found.set(pair.creditId, [pair]);
  }
  return found;
}

function namedOrExact(members: readonly PairMember[]): ExplicitPair[] {
  const sorted = [...members].sort(byAge);
  const credits = sorted.filter((member) => member.minor < 0n);
  const left = new Map(sorted.map((member) => [member.itemId, member.minor]));
  const leftOf = (member: PairMember) => left.get(member.itemId) ?? 0n;
  const pairs: ExplicitPair[] = [];
  const pay = (debit: PairMember, credit: PairMember) => {
    const amount = smaller(leftOf(debit), -leftOf(credit));
    if (amount <= 0n) return;
    left.set(debit.itemId, leftOf(debit) - amount);
    left.set(credit.itemId, leftOf(credit) + amount);
    pairs.push({ debitId: debit.itemId, creditId: credit.itemId, minor: amount });
  };
  // A rejection looks for the payment it cancels before anything else may take that payment.
  for (const debit of sorted) {
    if (debit.kind !== "rejection" || debit.minor <= 0n) continue;
    const payment = credits.findLast(
      (c) =>
        leftOf(c) === -debit.minor &&
        c.currency === debit.currency &&
        c.postedOn <= debit.postedOn &&
        c.kind !== "credit_note",
    );
    if (payment) pay(debit, payment);
  }
  const debits = sorted.filter((member) => member.minor > 0n);
  const byDocument = queues(debits, (member) => member.documentNo && `${member.currency}/${member.documentNo}`);
  for (const credit of credits) {
    const named = credit.documentNo === null ? undefined : byDocument.get(`${credit.currency}/${credit.documentNo}`);
    while (leftOf(credit) < 0n) {
      const debit = named?.head((one) => leftOf(one) > 0n);
      if (!debit) break;
      pay(debit, credit);
    }
  }
  const byAmount = queues(debits, (member) => `${member.currency}/${leftOf(member)}`);
  for (const credit of credits) {
    const rest = -leftOf(credit);
    if (rest <= 0n) continue;
    const exact = byAmount.get(`${credit.currency}/${rest}`)?.head((one) => leftOf(one) === rest);
    if (exact) pay(exact, credit);
  }
  return pairs;
}

/** Debits by key, oldest first. `head` forgets for good those that no longer serve: what is left of a debit only falls, so each is looked at once. */
function queues(debits: readonly PairMember[], keyOf: (member: PairMember) => string | null) {
  const found = new Map<
    string,
    { head(serves: (member: PairMember) => boolean): PairMember | undefined; add(member: PairMember): void }
  >();
  for (const debit of debits) {
    const key = keyOf(debit);
    if (key === null) continue;
    let queue = found.get(key);
    if (!queue) {
      const members: PairMember[] = [];
      let at = 0;
      queue = {
        add: (member) => members.push(member),
        head: (serves) => {
          for (; at < members.length; at += 1) {
            const member = members[at];
            if (member && serves(member)) return member;
          }
          return undefined;
        },
      };
      found.set(key, queue);
    }
    queue.add(debit);
  }
  return found;
}
