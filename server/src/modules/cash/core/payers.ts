import type { Uuid } from "#kernel/ids.ts";
import type { BookItem, CandidateBook } from "./candidate-book.ts";
import type { LineFacts, PayerEvidence, Reason } from "./facts.ts";
import { aliasName } from "./payer-names.ts";
import { isOneTypoAway, type Named, readReferences } from "./references.ts";

/** An account that may have paid, with what speaks for it; `weight` orders them. */
export type Payer = {
  readonly accountId: Uuid;
  readonly evidence: PayerEvidence;
  readonly weight: number;
  readonly reasons: readonly Reason[];
};

/** An item that the line names, and how. */
export type NamedItem = { readonly item: BookItem; readonly reason: Reason; readonly isSure: boolean };

export type Reading = {
  readonly named: Named;
  /** Named whole: the number itself, its digits, or a reference with check digits. */
  readonly items: readonly NamedItem[];
  readonly payers: readonly Payer[];
};

const PAYERS = 5;
const SURE_DIGITS = 6;
const ALIKE = 0.8;
const WEAKLY_ALIKE = 0.5;

/** Who may have paid and which items the line names, from its words, the learnt aliases and the names of customers. */
export function readLine(line: LineFacts, book: CandidateBook): Reading {
  const named = readReferences(line);
  const sure = namedItems(line, named, book);
  const payers = findPayers(line, named, book, sure);
  return { named, items: [...sure, ...partlyNamed(line, named, book, payers, sure)], payers };
}

/** Items whose number, or digits long enough to be no accident, stand in the line; several accounts may share a number: then nothing is sure. */
function namedItems(line: LineFacts, named: Named, book: CandidateBook): NamedItem[] {
  const found = new Map<Uuid, NamedItem>();
  const add = (items: readonly BookItem[] | undefined, reasonOf: (item: BookItem) => Reason) => {
    const open = (items ?? []).filter((item) => item.open !== 0n && item.currency === line.currency);
    const isSure = new Set(open.map((item) => item.accountId)).size === 1;
    for (const item of open) {
      const before = found.get(item.itemId);
      if (!before || (isSure && !before.isSure)) found.set(item.itemId, { item, reason: reasonOf(item), isSure });
    }
  };
  const asNumber = (item: BookItem): Reason => ({ code: "document_named", number: item.documentNo ?? "" });
  for (const body of named.checked) {
    const items = book.byNumber.get(body) ?? book.byDigits.get(body.replace(/^0+/, "")) ?? book.byDigits.get(body);
    add(items, (item) => ({ code: "creditor_reference", number: item.documentNo ?? "" }));
  }
  for (const number of named.numbers)
    if (/[A-Z]/.test(number) || number.length >= SURE_DIGITS) add(book.byNumber.get(number), asNumber);
  for (const digits of named.digits) if (digits.length >= SURE_DIGITS) add(book.byDigits.get(digits), asNumber);
  return [...found.values()];
}

function findPayers(line: LineFacts, named: Named, book: CandidateBook, sure: readonly NamedItem[]): Payer[] {
  const found = new Map<Uuid, { evidence: PayerEvidence; weight: number; reasons: Reason[] }>();
  const add = (accountId: Uuid, evidence: PayerEvidence, weight: number, reason?: Reason) => {
    const before = found.get(accountId);
    if (!before) found.set(accountId, { evidence, weight, reasons: reason ? [reason] : [] });
    else {
      if (reason) before.reasons.push(reason);
      if (weight > before.weight) before.evidence = evidence;
      before.weight = Math.max(before.weight, weight) + 5;
    }
  };
  for (const alias of line.payerIban ? (book.aliases.get(`iban/${line.payerIban}`) ?? []) : [])
    if (alias.confirmed > alias.contradicted)
      add(alias.accountId, "iban", 90 + Math.min(9, alias.confirmed), { code: "iban_known", count: alias.confirmed });
  for (const alias of line.payerName ? (book.aliases.get(`name/${aliasName(line.payerName)}`) ?? []) : [])
    if (alias.confirmed > alias.contradicted)
      add(alias.accountId, "known_name", 80 + Math.min(9, alias.confirmed), {
        code: "name_known",
        count: alias.confirmed,
      });
  for (const number of named.numbers) {
    const accountId = book.accountByNumber.get(number);
    if (accountId)
      add(accountId, "number", 75, { code: "customer_number", number: book.parties.get(accountId)?.number ?? "" });
  }
  // without a name of its own the line's text may hold it
  for (const { at, likeness } of book.names.search(line.payerName ?? line.text, 3)) {
    const accountId = book.accountAt(at);
    if (!accountId || likeness < WEAKLY_ALIKE) continue;
    const reason: Reason = { code: "name_alike", percent: Math.round(likeness * 100) };
    if (likeness >= ALIKE) add(accountId, "name", 50 + likeness * 20, reason);
    else add(accountId, "weak_name", 20 + likeness * 20, reason);
  }
  for (const { item, isSure } of sure) if (isSure) add(item.accountId, "document", 40);
  return [...found]
    .map(([accountId, one]) => ({ accountId, ...one }))
    .sort((a, b) => b.weight - a.weight || (a.accountId < b.accountId ? -1 : 1))
    .slice(0, PAYERS);
}

/** Within the accounts of likely payers also the last digits of a number, and a number with one typo, tell something. */
function partlyNamed(
  line: LineFacts,
  named: Named,
  book: CandidateBook,
  payers: readonly Payer[],
  sure: readonly NamedItem[],
): NamedItem[] {
  const taken = new Set(sure.map(({ item }) => item.itemId));
  const found: NamedItem[] = [];
  const amounts = new Set([String(line.minor)]);
  for (const { accountId, evidence } of payers) {
    if (evidence === "document") continue;
    for (const item of book.itemsOf.get(accountId) ?? []) {
      if (taken.has(item.itemId) || item.open === 0n || item.currency !== line.currency || item.plain.length < 4)
        continue;
      const isTail = named.digits.some(
        (digits) => digits.length < item.digits.length && item.digits.endsWith(digits) && !amounts.has(digits),
      );
      const isTypo =
        !isTail &&
        item.plain.length >= 8 &&
        named.numbers.some((number) => number.length >= 7 && isOneTypoAway(number, item.plain));
      if (!isTail && !isTypo) continue;
      const code = isTail ? "document_partly_named" : "document_mistyped";
      found.push({ item, reason: { code, number: item.documentNo ?? "" }, isSure: false });
    }
  }
  return found;
}
