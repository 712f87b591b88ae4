import type { Uuid } from "#kernel/ids.ts";
import { divideRounded } from "#kernel/money.ts";
import type { BookItem, CandidateBook } from "./candidate-book.ts";
import { findCombinations } from "./combinations.ts";
import type { Adjustment, LineFacts, MatchOptions, Method, Part, Reason } from "./facts.ts";
import type { NamedItem, Reading } from "./payers.ts";

/** A way to apply a line, before it is weighed. `tried`: how many alike there were, for what is found by amount only. */
export type Draft = {
  readonly method: Method;
  readonly parts: readonly Part[];
  readonly adjustments: readonly Adjustment[];
  readonly unapplied: { readonly accountId: Uuid; readonly minor: bigint } | null;
  readonly tried: number;
  readonly reasons: readonly Reason[];
};

type Found = { readonly drafts: Draft[]; isCut: boolean };

const MOST_ITEMS = 2_000;

/** Every way to apply the line that its words or its amount suggest. */
export function draftMatches(line: LineFacts, reading: Reading, book: CandidateBook, options: MatchOptions): Found {
  const found: Found = { drafts: [], isCut: false };
  const sure = reading.items.filter((one) => one.isSure);
  if (sure.length > 0) draftNamed(line, sure, book, options, found);
  for (const { accountId, evidence } of reading.payers) {
    const named = reading.items.filter(({ item }) => item.accountId === accountId);
    const isMore = named.length > 0 && named.some((one) => !one.isSure);
    if (isMore) draftNamed(line, named, book, options, found);
    const hasWords = evidence !== "document" || sure.length > 0;
    if (hasWords) draftByAmount(line, [accountId], book, options, found);
  }
  const payingForSeveral = reading.payers.filter(({ evidence }) => evidence === "iban" || evidence === "known_name");
  if (payingForSeveral.length > 1)
    draftByAmount(
      line,
      payingForSeveral.map(({ accountId }) => accountId),
      book,
      options,
      found,
    );
  const [first] = reading.payers;
  if (first) found.drafts.push(onAccount(line, first.accountId));
  return found;
}

const onAccount = (line: LineFacts, accountId: Uuid): Draft => ({
  method: "on_account",
  parts: [],
  adjustments: [],
  unapplied: { accountId, minor: line.minor },
  tried: 1,
  reasons: [{ code: "on_account", minor: String(line.minor) }],
});

const wholly = (item: BookItem): Part => ({ itemId: item.itemId, accountId: item.accountId, minor: item.open });
const sumOf = (items: readonly { readonly open: bigint }[]): bigint => items.reduce((sum, { open }) => sum + open, 0n);
const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** The account that carries most of the parts: where what is given up or left over goes. */
function mainAccount(parts: readonly Part[]): Uuid {
  const totals = new Map<Uuid, bigint>();
  for (const { accountId, minor } of parts) totals.set(accountId, (totals.get(accountId) ?? 0n) + minor);
  const [first] = [...totals].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x > y ? -1 : 1));
  return first?.[0] ?? "";
}

function draftNamed(
  line: LineFacts,
  named: readonly NamedItem[],
  book: CandidateBook,
  options: MatchOptions,
  found: Found,
): void {
  const items = named.map(({ item }) => item);
  const reasons = named.slice(0, 6).map(({ reason }) => reason);
  const parts = items.map(wholly);
  const owed = sumOf(items);
  const add = (method: Method, more: Partial<Draft>, why: readonly Reason[] = []) =>
    found.drafts.push({
      method,
      parts,
      adjustments: [],
      unapplied: null,
      tried: 1,
      ...more,
      reasons: [...reasons, ...why],
    });
  if (owed === line.minor) return void add("named_exact", {});
  const stated = statedParts(line, items);
  if (stated) add("named_amounts", { parts: stated }, [{ code: "amounts_named" }]);
  if (items.length > 1) {
    const { combinations } = findCombinations(
      { minor: items.map(({ open }) => open), dueCount: items.length },
      line.minor,
      options.workLimit,
    );
    for (const { indexes, tried } of combinations.slice(0, 2))
      add("named_exact", { parts: pick(items, indexes).map(wholly), tried: tried * 4 });
  }
  if (owed > line.minor) draftShort(line, items, owed - line.minor, book, options, add);
  else if (owed > 0n) draftOver(line, items, line.minor - owed, book, options, add, found);
}

type Add = (method: Method, more: Partial<Draft>, why?: readonly Reason[]) => void;

const pick = <T>(from: readonly T[], indexes: readonly number[]): T[] =>
  indexes.flatMap((at) => {
    const one = from[at];
    return one === undefined ? [] : [one];
  });

/** What structured documents state of each item, where it makes up the line. */
function statedParts(line: LineFacts, items: readonly BookItem[]): Part[] | undefined {
  if (line.documents.length === 0) return undefined;
  const parts: Part[] = [];
  for (const { number, minor } of line.documents) {
    const plain = number.replace(/[^0-9A-Za-z]/g, "").toUpperCase();
    const item = items.find((one) => one.plain === plain || one.digits === plain);
    if (!item || minor === null || parts.some((part) => part.itemId === item.itemId)) return undefined;
    const signed = item.open < 0n ? -magnitude(minor) : minor;
    if (magnitude(signed) > magnitude(item.open)) return undefined;
    parts.push({ itemId: item.itemId, accountId: item.accountId, minor: signed });
  }
  return parts.reduce((sum, part) => sum + part.minor, 0n) === line.minor ? parts : undefined;
}

/** Less came than is owed: a credit note taken off, a discount, a charge, a small difference; else a part of it is paid. */
function draftShort(
  line: LineFacts,
  items: readonly BookItem[],
  gap: bigint,
  book: CandidateBook,
  options: MatchOptions,
  add: Add,
): void {
  const parts = items.map(wholly);
  const accountId = mainAccount(parts);
  const credits = othersOf(line, items, book).filter(({ open }) => open < 0n);
  const { combinations } = findCombinations(
    { minor: credits.map(({ open }) => -open), dueCount: credits.length },
    gap,
    options.workLimit,
  );
  const [taken] = combinations;
  if (taken) {
    const notes = pick(credits, taken.indexes);
    const why = notes.map(
      (note): Reason => ({ code: "credit_netted", number: note.documentNo ?? "", minor: String(note.open) }),
    );
    add("named_credit", { parts: [...parts, ...notes.map(wholly)], tried: taken.tried }, why);
  }
  if (line.feeMinor === gap)
    add("named_fee", { adjustments: [{ kind: "fee", accountId, minor: gap }] }, [{ code: "fee", minor: String(gap) }]);
  for (const rateBp of options.discountRatesBp)
    if (isDiscount(items, rateBp, gap))
      add("named_discount", { adjustments: [{ kind: "discount", accountId, minor: gap }] }, [
        { code: "discount", rateBp, minor: String(gap) },
      ]);
  if (gap <= options.toleranceMinor)
    add("named_difference", { adjustments: [{ kind: "difference", accountId, minor: gap }] }, [
      { code: "difference", minor: String(gap) },
    ]);
  const filled = fill(items, line.minor);
  if (filled) add("named_partial", { parts: filled }, [{ code: "partial", minor: String(gap) }]);
}

/** The rate of the whole or of each item, to a unit: people round as they like. */
const isDiscount = (items: readonly { readonly open: bigint }[], rateBp: number, gap: bigint): boolean =>
  [discountOf(items, rateBp), discountOf([{ open: sumOf(items) }], rateBp)].some((one) => magnitude(one - gap) <= 1n);

const discountOf = (items: readonly { readonly open: bigint }[], rateBp: number): bigint =>
  items.reduce((sum, { open }) => sum + (open > 0n ? divideRounded(open * BigInt(rateBp), 10_000n) : 0n), 0n);

const smaller = (a: bigint, b: bigint): bigint => (a > b ? b : a);

/** The amount on the items, credits wholly, then the oldest debit first; the last one partly. */
function fill(items: readonly BookItem[], minor: bigint): Part[] | undefined {
  const parts = items.filter(({ open }) => open < 0n).map(wholly);
  let left = minor - parts.reduce((sum, part) => sum + part.minor, 0n);
  for (const item of items.filter(({ open }) => open > 0n)) {
    const part = smaller(item.open, left);
    if (part > 0n) parts.push({ itemId: item.itemId, accountId: item.accountId, minor: part });
    left -= part;
  }
  return left === 0n ? parts : undefined;
}

/** More came than the named items are: other items of the same accounts, or the rest stays on account. */
function draftOver(
  line: LineFacts,
  items: readonly BookItem[],
  extra: bigint,
  book: CandidateBook,
  options: MatchOptions,
  add: Add,
  found: Found,
): void {
  const parts = items.map(wholly);
  const others = othersOf(line, items, book);
  const { combinations, isCut } = findCombinations(
    { minor: others.map(({ open }) => open), dueCount: dueCount(others, line) },
    extra,
    options.workLimit,
  );
  if (isCut) found.isCut = true;
  for (const { indexes, tried } of combinations.slice(0, 2)) {
    const more = pick(others, indexes);
    add("named_plus", { parts: [...parts, ...more.map(wholly)], tried }, [
      { code: "amount_of_items", count: items.length + more.length },
    ]);
  }
  add("named_over", { unapplied: { accountId: mainAccount(parts), minor: extra } }, [
    { code: "on_account", minor: String(extra) },
  ]);
}

/** What else is open in the accounts of the items, in the line's currency. */
function othersOf(line: LineFacts, items: readonly BookItem[], book: CandidateBook): BookItem[] {
  const taken = new Set(items.map(({ itemId }) => itemId));
  const accounts = [...new Set(items.map(({ accountId }) => accountId))];
  return accounts.flatMap((accountId) => openOf(line, accountId, book)).filter(({ itemId }) => !taken.has(itemId));
}

const openOf = (line: LineFacts, accountId: Uuid, book: CandidateBook): BookItem[] =>
  (book.itemsOf.get(accountId) ?? [])
    .filter((item) => item.open !== 0n && item.currency === line.currency)
    .slice(0, MOST_ITEMS);

const dueCount = (items: readonly BookItem[], line: LineFacts): number =>
  items.filter(({ dueOn }) => dueOn <= line.on).length;

/** What the amount alone says in one account, or in those that one payer pays for. */
function draftByAmount(
  line: LineFacts,
  accounts: readonly Uuid[],
  book: CandidateBook,
  options: MatchOptions,
  found: Found,
): void {
  const items = accounts.flatMap((accountId) => openOf(line, accountId, book));
  if (accounts.length > 1)
    items.sort((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : a.itemId < b.itemId ? -1 : 1));
  if (items.length === 0) return;
  const { combinations, isCut } = findCombinations(
    { minor: items.map(({ open }) => open), dueCount: dueCount(items, line) },
    line.minor,
    options.workLimit,
  );
  if (isCut) found.isCut = true;
  for (const { kind, indexes, tried } of combinations) {
    const parts = pick(items, indexes).map(wholly);
    if (accounts.length > 1 && new Set(parts.map((part) => part.accountId)).size === 1) continue;
    found.drafts.push({
      method: kind,
      parts,
      adjustments: [],
      unapplied: null,
      tried,
      reasons: [amountReason(kind, parts.length)],
    });
  }
  if (combinations.length > 0 || accounts.length > 1) return;
  for (const draft of almost(line, items, options)) found.drafts.push(draft);
}

function amountReason(kind: Method, count: number): Reason {
  if (kind === "single") return { code: "amount_of_item" };
  if (kind === "all") return { code: "amount_of_all", count };
  if (kind === "due") return { code: "amount_of_due", count };
  return { code: "amount_of_items", count };
}

/** One item, or all due ones, less a discount, a charge or a small difference. */
function almost(line: LineFacts, items: readonly BookItem[], options: MatchOptions): Draft[] {
  const debits = items.filter(({ open }) => open > 0n);
  const due = debits.filter(({ dueOn }) => dueOn <= line.on);
  const sets = [
    ...debits.map((item) => [item]),
    ...(due.length > 1 ? [due] : []),
    ...(debits.length > 1 ? [debits] : []),
  ];
  const drafts: Draft[] = [];
  for (const set of sets) {
    const gap = sumOf(set) - line.minor;
    if (gap <= 0n) continue;
    const parts = set.map(wholly);
    const accountId = mainAccount(parts);
    const add = (method: Method, kind: Adjustment["kind"], tried: number, why: Reason) =>
      drafts.push({
        method,
        parts,
        adjustments: [{ kind, accountId, minor: gap }],
        unapplied: null,
        tried: tried * debits.length,
        reasons: [amountReason(set.length === 1 ? "single" : "sum", set.length), why],
      });
    if (line.feeMinor === gap) add("difference", "fee", 1, { code: "fee", minor: String(gap) });
    for (const rateBp of options.discountRatesBp)
      if (isDiscount(set, rateBp, gap))
        add("discount", "discount", 6, { code: "discount", rateBp, minor: String(gap) });
    if (gap <= options.toleranceMinor)
      add("difference", "difference", Number(options.toleranceMinor), { code: "difference", minor: String(gap) });
  }
  return drafts;
}
