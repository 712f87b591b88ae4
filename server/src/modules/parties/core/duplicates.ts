import type { DuplicateReason } from "#contracts/customer-profile.ts";

/** What is compared of a customer; `foldedName` in lower case without accents. */
export type Comparable = {
  readonly id: string;
  readonly number: string;
  readonly foldedName: string;
  readonly country: string;
  readonly siren: string | null;
  readonly vatNumber: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly postalCode: string | null;
};

export type Pair = {
  readonly left: string;
  readonly right: string;
  readonly score: number;
  readonly reasons: readonly DuplicateReason[];
};

/** Words that say the legal form or nothing: two names that differ by them only are the same. */
const EMPTY_WORDS = new Set(
  "sa sas sasu sarl eurl snc sci scop selarl gie ste societe ets etablissements entreprise ent cie compagnie groupe group holding france international inc llc ltd limited plc corp corporation co company us usa gmbh ag kg bv nv spa srl sl oy ab as et and fils freres associes associates the la le les de du des d l".split(
    " ",
  ),
);

/** The words of a name that tell it apart, in order of the alphabet. */
export function nameWords(foldedName: string): string[] {
  const words = foldedName.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const telling = words.filter((word) => !EMPTY_WORDS.has(word));
  return [...new Set(telling.length > 0 ? telling : words)].sort();
}

const bare = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "");
const withoutZeros = (number: string): string => bare(number).replace(/^0+(?=.)/, "");

/** Largest number of customers that share one key and are still compared with one another: a key of more says nothing. */
const CROWD = 40;

const WEIGHT: Readonly<Record<DuplicateReason, number>> = {
  siren: 70,
  vat_number: 70,
  number_zeros: 60,
  same_name: 55,
  email: 40,
  phone: 35,
  similar_name: 30,
};

/** A pair is worth a person's look from this score on. */
export const WORTH_A_LOOK = 55;

/**
 * Pairs of customers that may be one, best first: same registration or VAT number, numbers that differ by leading zeros, names that differ by legal form
 * or word order, same mailbox or phone. Only customers that share a key are compared, so the work grows with the customers and not with their square.
 * Different registration numbers, or different countries, speak against a pair.
 */
export function findDuplicates(customers: readonly Comparable[]): Pair[] {
  const found = new Map<string, { left: Comparable; right: Comparable; reasons: Set<DuplicateReason> }>();
  const share = (reason: DuplicateReason, keyOf: (customer: Comparable) => readonly string[]) => {
    const groups = new Map<string, Comparable[]>();
    for (const customer of customers)
      for (const key of keyOf(customer)) groups.set(key, [...(groups.get(key) ?? []), customer]);
    for (const group of groups.values()) {
      if (group.length < 2 || group.length > CROWD) continue;
      for (const [index, left] of group.entries())
        for (const right of group.slice(index + 1)) {
          const [a, b] = left.id < right.id ? [left, right] : [right, left];
          const key = `${a.id}/${b.id}`;
          const pair = found.get(key) ?? { left: a, right: b, reasons: new Set<DuplicateReason>() };
          pair.reasons.add(reason);
          found.set(key, pair);
        }
    }
  };
  const one = (text: string | null, least: number) => {
    const key = bare(text ?? "");
    return key.length >= least ? [key] : [];
  };
  share("siren", ({ siren }) => one(siren?.slice(0, 11) ?? null, 9));
  share("vat_number", ({ vatNumber }) => one(vatNumber, 8));
  share("email", ({ email }) => (email ? [email] : []));
  share("phone", ({ phone }) => one(phone, 8));
  share("number_zeros", ({ number }) => (withoutZeros(number).length >= 3 ? [withoutZeros(number)] : []));
  share("same_name", (customer) => {
    const words = nameWords(customer.foldedName).join(" ");
    return words.length >= 3 ? [words] : [];
  });
  share("similar_name", similarKeys);
  return [...found.values()]
    .map(({ left, right, reasons }) => ({ left: left.id, right: right.id, ...scored(left, right, reasons) }))
    .filter((pair) => pair.score >= WORTH_A_LOOK)
    .sort((a, b) => b.score - a.score || (a.left < b.left ? -1 : a.left > b.left ? 1 : a.right < b.right ? -1 : 1));
}

/** Two telling words of a longer name in the same postal area: enough to look, not enough alone. */
function similarKeys({ foldedName, postalCode }: Comparable): string[] {
  const words = nameWords(foldedName).filter((word) => word.length >= 4);
  const keys: string[] = [];
  for (const [index, first] of words.entries())
    for (const second of words.slice(index + 1)) keys.push(`${first} ${second} ${postalCode?.slice(0, 2) ?? ""}`);
  return keys.slice(0, 10);
}

function scored(
  left: Comparable,
  right: Comparable,
  reasons: ReadonlySet<DuplicateReason>,
): { score: number; reasons: DuplicateReason[] } {
  // The same name is also a similar one, and a VAT number holds the registration number: each evidence counts once.
  const telling = [...reasons].filter(
    (reason) =>
      !(reason === "similar_name" && reasons.has("same_name")) && !(reason === "vat_number" && reasons.has("siren")),
  );
  let score = telling.reduce((sum, reason) => sum + WEIGHT[reason], 0);
  if (left.siren && right.siren && bare(left.siren) !== bare(right.siren)) score -= 60;
  if (left.country !== right.country) score -= 20;
  if (left.postalCode && left.postalCode === right.postalCode) score += 15;
  const order = Object.keys(WEIGHT);
  telling.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return { score: Math.max(0, Math.min(100, score)), reasons: telling };
}
