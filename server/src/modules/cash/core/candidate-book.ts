import type { Uuid } from "#kernel/ids.ts";
import type { Alias, OpenItem, Party } from "./facts.ts";
import { type NameIndex, nameIndex } from "./payer-names.ts";
import { plainNumber, shapeOf } from "./references.ts";

/** An item in the book: what is open of it falls as lines take from it. */
export type BookItem = OpenItem & { open: bigint; readonly plain: string; readonly digits: string };

/** One company's open items and who owes them, indexed once for many lines. */
export type CandidateBook = {
  readonly items: ReadonlyMap<Uuid, BookItem>;
  readonly parties: ReadonlyMap<Uuid, Party>;
  readonly itemsOf: ReadonlyMap<Uuid, readonly BookItem[]>;
  readonly byNumber: ReadonlyMap<string, readonly BookItem[]>;
  readonly byDigits: ReadonlyMap<string, readonly BookItem[]>;
  readonly accountByNumber: ReadonlyMap<string, Uuid>;
  readonly aliases: ReadonlyMap<string, readonly Alias[]>;
  readonly names: NameIndex;
  /** What the company's own document numbers look like. */
  readonly shapes: ReadonlySet<string>;
  readonly accountAt: (at: number) => Uuid | undefined;
};

const byAge = (a: BookItem, b: BookItem): number =>
  a.dueOn !== b.dueOn
    ? a.dueOn < b.dueOn
      ? -1
      : 1
    : a.plain !== b.plain
      ? a.plain < b.plain
        ? -1
        : 1
      : a.itemId < b.itemId
        ? -1
        : 1;

/** Indexes a company's parties, open items and learnt aliases; the order in which they come changes nothing. */
export function candidateBook(
  parties: readonly Party[],
  items: readonly OpenItem[],
  aliases: readonly Alias[],
): CandidateBook {
  const sorted = [...parties].sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
  const entries = items.map((item): BookItem => {
    const plain = plainNumber(item.documentNo ?? "");
    return { ...item, open: item.openMinor, plain, digits: plain.replace(/\D/g, "") };
  });
  entries.sort(byAge);
  const itemsOf = new Map<Uuid, BookItem[]>();
  const byNumber = new Map<string, BookItem[]>();
  const byDigits = new Map<string, BookItem[]>();
  for (const item of entries) {
    push(itemsOf, item.accountId, item);
    if (item.plain.length >= 4) push(byNumber, item.plain, item);
    const tail = /0*(\d+)$/.exec(item.plain)?.[1] ?? "";
    for (const digits of new Set([item.digits, tail])) if (digits.length >= 4) push(byDigits, digits, item);
  }
  const known = new Map<string, Alias[]>();
  for (const alias of [...aliases].sort((a, b) => (a.accountId < b.accountId ? -1 : 1)))
    push(known, `${alias.kind}/${alias.value}`, alias);
  return {
    items: new Map(entries.map((item) => [item.itemId, item])),
    parties: new Map(sorted.map((party) => [party.accountId, party])),
    itemsOf,
    byNumber,
    byDigits,
    accountByNumber: new Map(sorted.map((party) => [plainNumber(party.number), party.accountId])),
    aliases: known,
    shapes: new Set(entries.map((item) => shapeOf(item.plain)).filter((shape) => shape !== "")),
    names: nameIndex(sorted.map((party) => party.name)),
    accountAt: (at) => sorted[at]?.accountId,
  };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Takes what a posted line settles out of the book, so that the next line of the same run does not see it. */
export function take(book: CandidateBook, parts: readonly { readonly itemId: Uuid; readonly minor: bigint }[]): void {
  for (const { itemId, minor } of parts) {
    const item = book.items.get(itemId);
    if (item) item.open -= minor;
  }
}

/** Teaches the book what a posted line has shown, as the store will keep it. */
export function learn(book: CandidateBook, learnt: readonly Pick<Alias, "kind" | "value" | "accountId">[]): void {
  const aliases = book.aliases as Map<string, Alias[]>;
  for (const one of learnt) {
    const key = `${one.kind}/${one.value}`;
    const list = [...(aliases.get(key) ?? [])];
    const at = list.findIndex((alias) => alias.accountId === one.accountId);
    const before = list[at];
    if (before) list[at] = { ...before, confirmed: before.confirmed + 1 };
    else list.push({ ...one, confirmed: 1, contradicted: 0 });
    aliases.set(key, list);
  }
}
