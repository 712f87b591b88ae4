import { absolute, byAge, type LedgerItem, type Room, smaller } from "./ledger.ts";
import { type ExplicitPair, type Pair, type PairMember, pairMembers } from "./pair.ts";

type LinkGroup = { readonly item: LedgerItem; readonly explicit: ExplicitPair[]; readonly members: LedgerItem[] };

/** Items naming what they settle. Rejections first: the payment they cancel must still be whole. */
export function* linked(items: readonly LedgerItem[], room: Map<string, Room>): Generator<LinkGroup> {
  const naming = items.filter((item) => item.links.length > 0);
  if (naming.length === 0) return;
  naming.sort((a, b) => Number(b.kind === "rejection") - Number(a.kind === "rejection") || byAge(a, b));
  const named = namedBy(items);
  for (const item of naming) {
    const explicit: ExplicitPair[] = [];
    const members = new Map([[item.itemId, item]]);
    for (const link of item.links) {
      const others = (
        link.key !== undefined ? named.byKey.get(link.key) : named.byDocument.get(link.documentNo ?? "")
      )?.filter((other) => other.minor > 0n !== item.minor > 0n && room.get(other.itemId)?.minor !== 0n);
      let rest = link.minor;
      for (const other of others ?? []) {
        members.set(other.itemId, other);
        const [debit, credit] = item.minor > 0n ? [item, other] : [other, item];
        const amount = rest === undefined ? undefined : smaller(rest, absolute(other.minor));
        explicit.push({
          debitId: debit.itemId,
          creditId: credit.itemId,
          ...(amount === undefined ? {} : { minor: amount }),
        });
        if (rest !== undefined && amount !== undefined) rest -= amount;
      }
    }
    yield { item, explicit, members: [...members.values()] };
  }
}

/** Items by key and by document number, oldest first. */
function namedBy(items: readonly LedgerItem[]) {
  const sorted = [...items].sort(byAge);
  const byKey = Map.groupBy(sorted, (item) => item.orderKey);
  const byDocument = Map.groupBy(
    sorted.filter((item) => item.documentNo !== null),
    (item) => item.documentNo ?? "",
  );
  return { byKey, byDocument };
}

/** Pairs exactly as named: members not named to one another stay apart. */
export function onlyExplicit(members: readonly PairMember[], explicit: readonly ExplicitPair[]): Pair[] {
  const left = new Map(members.map((member) => [member.itemId, member]));
  const pairs: Pair[] = [];
  for (const named of explicit) {
    const debit = left.get(named.debitId);
    const credit = left.get(named.creditId);
    if (!debit || !credit || debit.minor <= 0n || credit.minor >= 0n) continue;
    const capped = named.minor === undefined ? {} : { minor: named.minor };
    const [first] = pairMembers(
      [{ ...debit, kind: "other" }, credit],
      [{ debitId: debit.itemId, creditId: credit.itemId, ...capped }],
    );
    if (!first || first.isClosing) continue;
    pairs.push(first);
    left.set(debit.itemId, { ...debit, minor: debit.minor - first.debitMinor, book: debit.book - first.book });
    left.set(credit.itemId, { ...credit, minor: credit.minor + first.creditMinor, book: credit.book + first.book });
  }
  return pairs;
}
