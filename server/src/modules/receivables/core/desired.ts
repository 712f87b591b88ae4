import { type CalendarDate, laterOf } from "#kernel/calendar-date.ts";
import { proRata } from "#kernel/money.ts";
import type { Clearing, LedgerItem, Origin, Room } from "./ledger.ts";
import { byRule } from "./leftovers.ts";
import { linked, onlyExplicit } from "./links.ts";
import { inheritedLetters } from "./openings.ts";
import { type Pair, type PairMember, pairMembers } from "./pair.ts";

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
  const groups = new Map<
    string,
    { on: CalendarDate; lines: Map<string, { itemId: string; minor: bigint; book: bigint }> }
  >();
  for (const fact of [...clearings].sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))) {
    const item = byId.get(fact.itemId);
    const left = room.get(fact.itemId);
    if (!item || !left) continue;
    const minor = clamp(fact.minor, left.minor, item.minor);
    const book = clearedBook(fact, item, left, minor);
    if (minor === 0n && book === 0n) continue;
    const on = laterOf(item.postedOn, fact.on);
    const key = clearedKey(on, item.currency);
    const group = groups.get(key) ?? { on, lines: new Map() };
    groups.set(key, group);
    const same = group.lines.get(fact.itemId);
    group.lines.set(fact.itemId, {
      itemId: fact.itemId,
      minor: minor + (same?.minor ?? 0n),
      book: book + (same?.book ?? 0n),
    });
    consume(room, fact.itemId, minor, book);
  }
  for (const [groupKey, group] of groups) {
    const lines = [...group.lines.values()].filter((line) => line.minor !== 0n || line.book !== 0n);
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
  for (const item of items) {
    if (item.letter === null || item.fiscalYear === null) continue;
    if (room.get(item.itemId)?.book === 0n) continue;
    const same = byLetter.get(item.letter);
    if (same) same.push(item);
    else byLetter.set(item.letter, [item]);
  }
  for (const letter of [...byLetter.keys()].sort()) {
    const members = byLetter.get(letter) ?? [];
    const left = members.reduce((sum, item) => sum + (room.get(item.itemId)?.book ?? 0n), 0n);
    const isOfSeveralYears = members.some((item) => item.fiscalYear !== members[0]?.fiscalYear);
    if (isOfSeveralYears && left === 0n) yield { key: `letter/+/${letter}`, year: "+", members };
  }
}
