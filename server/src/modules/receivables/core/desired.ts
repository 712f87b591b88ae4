import { type CalendarDate, laterOf } from "#kernel/calendar-date.ts";
import { proRata } from "#kernel/money.ts";
import { absolute, byAge, type Clearing, type LedgerItem, type Origin, smaller } from "./ledger.ts";
import { inheritedLetters } from "./openings.ts";
import { type ExplicitPair, type Pair, type PairMember, pairMembers } from "./pair.ts";

/** A settlement as the facts want it: what it stands for, and its pairs; `on` fixes the day (open snapshots). */
export type Wanted = {
  readonly groupKey: string;
  readonly origin: Origin;
  readonly pairs: readonly Pair[];
  readonly fixed?: Fixed;
};
export type Fixed = {
  readonly on: CalendarDate;
  readonly lines: readonly { itemId: string; minor: bigint; book: bigint }[];
};

export type Room = { minor: bigint; book: bigint };

/**
 * The ledger settlements that the account's items want, whatever the order in which they arrived: snapshots' clearings, the source's explicit links,
 * its letters year by year, and - where the source letters badly - the leftovers by rule. `setAside` are opening lines of years that are loaded.
 */
export function wantedSettlements(
  items: readonly LedgerItem[],
  setAside: readonly LedgerItem[],
  clearings: readonly Clearing[],
): { readonly wanted: Wanted[]; readonly room: Map<string, Room> } {
  const room = new Map<string, Room>();
  for (const item of items) room.set(item.itemId, { minor: item.minor, book: item.book });
  const wanted: Wanted[] = [];
  const settle = (groupKey: string, origin: Origin, pairs: readonly Pair[]) => {
    if (pairs.length === 0) return;
    for (const pair of pairs) {
      consume(room, pair.debitId, pair.debitMinor, pair.book);
      consume(room, pair.creditId, -pair.creditMinor, -pair.book);
    }
    wanted.push({ groupKey, origin, pairs });
  };
  clear(items, clearings, room, wanted);
  const available = (item: LedgerItem): PairMember => ({
    ...item,
    ...(room.get(item.itemId) ?? { minor: 0n, book: 0n }),
  });
  for (const { item, explicit, members } of linked(items, room))
    settle(`link/${item.itemId}`, "source", onlyExplicit(members.map(available), explicit));
  const years = letterGroups(items, setAside, room);
  for (const group of years()) settle(group.key, "source", pairMembers(group.members.map(available)));
  for (const group of acrossYears(items, room)) settle(group.key, "source", pairMembers(group.members.map(available)));
  for (const [creditId, pairs] of byRule(items, room)) settle(`rule/${creditId}`, "rule", pairs);
  return { wanted, room };
}

function consume(room: Map<string, Room>, itemId: string, minor: bigint, book: bigint): void {
  const left = room.get(itemId);
  if (!left) return;
  left.minor -= minor;
  left.book -= book;
}

/** Snapshot by snapshot and currency by currency: each fact within what the item has, against the adjustment item of that day. */
function clear(
  items: readonly LedgerItem[],
  clearings: readonly Clearing[],
  room: Map<string, Room>,
  wanted: Wanted[],
): void {
  if (clearings.length === 0) return;
  const byId = new Map(items.map((item) => [item.itemId, item]));
  const groups = new Map<string, { on: CalendarDate; lines: { itemId: string; minor: bigint; book: bigint }[] }>();
  for (const fact of [...clearings].sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))) {
    const item = byId.get(fact.itemId);
    const left = room.get(fact.itemId);
    if (!item || !left) continue;
    const minor = clamp(fact.minor, left.minor, item.minor);
    const book = clearedBook(fact, item, left, minor);
    if (minor === 0n && book === 0n) continue;
    const on = laterOf(item.postedOn, fact.on);
    const key = clearedKey(on, item.currency);
    const group = groups.get(key) ?? { on, lines: [] };
    groups.set(key, group);
    const same = group.lines.find((line) => line.itemId === fact.itemId);
    if (same) {
      same.minor += minor;
      same.book += book;
    } else group.lines.push({ itemId: fact.itemId, minor, book });
    consume(room, fact.itemId, minor, book);
  }
  for (const [groupKey, group] of groups) {
    const lines = group.lines.filter((line) => line.minor !== 0n || line.book !== 0n);
    if (lines.length > 0) wanted.push({ groupKey, origin: "source", pairs: [], fixed: { on: group.on, lines } });
  }
}

/** All of the book amount with all of the document amount, a share of it with a share; an item without document amount is bounded by its book amount. */
function clearedBook(fact: Clearing, item: LedgerItem, left: Room, minor: bigint): bigint {
  if (item.minor === 0n) return clamp(fact.book, left.book, item.book);
  if (minor === fact.minor) return fact.book;
  return minor === left.minor ? left.book : proRata(fact.book, minor, fact.minor);
}

export const clearedKey = (on: CalendarDate, currency: string): string => `cleared/${on}/${currency}`;

/** A clearing within [already cleared back to 0 … everything], signs of the item respected. */
function clamp(minor: bigint, left: bigint, original: bigint): bigint {
  const low = original >= 0n ? left - original : left;
  const high = original >= 0n ? left : left - original;
  return minor < low ? low : minor > high ? high : minor;
}

type LinkGroup = { readonly item: LedgerItem; readonly explicit: ExplicitPair[]; readonly members: LedgerItem[] };

/** Items naming what they settle. Rejections first: the payment they cancel must still be whole. */
function* linked(items: readonly LedgerItem[], room: Map<string, Room>): Generator<LinkGroup> {
  const naming = items.filter((item) => item.links.length > 0);
  if (naming.length === 0) return;
  naming.sort((a, b) => Number(b.kind === "rejection") - Number(a.kind === "rejection") || byAge(a, b));
  const sorted = [...items].sort(byAge);
  for (const item of naming) {
    const explicit: ExplicitPair[] = [];
    const members = new Map([[item.itemId, item]]);
    for (const link of item.links) {
      const named = sorted.filter(
        (other) =>
          other.minor > 0n !== item.minor > 0n &&
          (link.key !== undefined
            ? other.orderKey === link.key
            : other.documentNo !== null && other.documentNo === link.documentNo) &&
          room.get(other.itemId)?.minor !== 0n,
      );
      let rest = link.minor;
      for (const other of named) {
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

/** Pairs exactly as named: members not named to one another stay apart. */
function onlyExplicit(members: readonly PairMember[], explicit: readonly ExplicitPair[]): Pair[] {
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

type LetterGroup = { readonly key: string; readonly year: string; readonly members: LedgerItem[] };

/** Letter groups, oldest year first; an opening line set aside lends its letter to the items it repeats, read when that year is reached. */
function letterGroups(items: readonly LedgerItem[], setAside: readonly LedgerItem[], room: Map<string, Room>) {
  return function* (): Generator<LetterGroup> {
    const years = new Map<string, Map<string, LetterGroup>>();
    const add = (item: LedgerItem, letter: string, fiscalYear: string | null, isInherited = false) => {
      const year = fiscalYear ?? "";
      let groups = years.get(year);
      if (!groups) {
        groups = new Map();
        years.set(year, groups);
      }
      const group = groups.get(letter);
      if (!group) groups.set(letter, { key: `letter/${year}/${letter}`, year, members: [item] });
      else if (!isInherited || !group.members.includes(item)) group.members.push(item);
    };
    for (const item of items) if (item.letter !== null) add(item, item.letter, item.fiscalYear);
    const openingsOf = new Map<string, LedgerItem[]>();
    for (const line of setAside) {
      const year = line.fiscalYear ?? "";
      openingsOf.set(year, [...(openingsOf.get(year) ?? []), line]);
      if (!years.has(year)) years.set(year, new Map());
    }
    for (const year of [...years.keys()].sort()) {
      const openings = openingsOf.get(year);
      if (openings) {
        const openBefore = (item: LedgerItem) => room.get(item.itemId)?.book ?? 0n;
        const byId = new Map(items.map((item) => [item.itemId, item]));
        for (const [itemId, passed] of inheritedLetters(openings, items, openBefore)) {
          const item = byId.get(itemId);
          if (item) add(item, passed.letter, passed.fiscalYear, true);
        }
      }
      const groups = years.get(year) ?? new Map<string, LetterGroup>();
      for (const letter of [...groups.keys()].sort()) {
        const group = groups.get(letter);
        if (group && group.members.length > 1) yield group;
      }
    }
  };
}

/** A code that goes on into the next year: debits left in one year, credits in a later one, equal to the cent. */
function* acrossYears(items: readonly LedgerItem[], room: Map<string, Room>): Generator<LetterGroup> {
  const byLetter = new Map<string, LedgerItem[]>();
  const lastYears = new Set<string>();
  for (const item of items) {
    if (item.letter === null || item.fiscalYear === null) continue;
    lastYears.add(item.fiscalYear);
    if (room.get(item.itemId)?.book === 0n) continue;
    const same = byLetter.get(item.letter);
    if (same) same.push(item);
    else byLetter.set(item.letter, [item]);
  }
  if (lastYears.size < 2) return;
  for (const letter of [...byLetter.keys()].sort()) {
    const members = byLetter.get(letter) ?? [];
    const left = members.reduce((sum, item) => sum + (room.get(item.itemId)?.book ?? 0n), 0n);
    if (members.length > 1 && left === 0n) yield { key: `letter/+/${letter}`, year: "+", members };
  }
}

/**
 * Leftovers of sources that letter badly: credits without a letter or left over by their group, against debits without a letter, or whose letter's year
 * has passed; by document number, exact amount, oldest debit. A group of debits of the last year stays open: its payment is in the next year.
 */
function byRule(items: readonly LedgerItem[], room: Map<string, Room>): Map<string, Pair[]> {
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
  const pairs: ExplicitPair[] = [];
  const indexed = (keyOf: (member: PairMember) => string | null) => {
    const index = new Map<string, PairMember[]>();
    for (const member of sorted) {
      if (member.minor <= 0n) continue;
      const key = keyOf(member);
      if (key === null) continue;
      const same = index.get(key);
      if (same) same.push(member);
      else index.set(key, [member]);
    }
    return index;
  };
  const pay = (debit: PairMember, credit: PairMember) => {
    const owed = left.get(debit.itemId) ?? 0n;
    const paid = -(left.get(credit.itemId) ?? 0n);
    if (owed <= 0n || paid <= 0n) return;
    const amount = owed < paid ? owed : paid;
    left.set(debit.itemId, owed - amount);
    left.set(credit.itemId, amount - paid);
    pairs.push({ debitId: debit.itemId, creditId: credit.itemId, minor: amount });
  };
  // A rejection looks for the payment it cancels before anything else may take that payment.
  for (const debit of sorted) {
    if (debit.kind !== "rejection" || debit.minor <= 0n) continue;
    const same = credits.filter(
      (c) => left.get(c.itemId) === -debit.minor && c.currency === debit.currency && c.postedOn <= debit.postedOn,
    );
    const payment = same.findLast((c) => c.kind !== "credit_note");
    if (payment) pay(debit, payment);
  }
  const byDocument = indexed((member) =>
    member.documentNo === null ? null : `${member.currency}/${member.documentNo}`,
  );
  for (const credit of credits)
    for (const debit of byDocument.get(`${credit.currency}/${credit.documentNo ?? ""}`) ?? [])
      if (credit.documentNo !== null) pay(debit, credit);
  const byAmount = indexed((member) => `${member.currency}/${left.get(member.itemId)}`);
  for (const credit of credits) {
    const rest = -(left.get(credit.itemId) ?? 0n);
    if (rest <= 0n) continue;
    const exact = byAmount.get(`${credit.currency}/${rest}`)?.find((debit) => left.get(debit.itemId) === rest);
    if (exact) pay(exact, credit);
  }
  return pairs;
}
