import { fold } from "#kernel/text.ts";

/** Legal forms and titles say nothing about who somebody is. */
const EMPTY_WORDS = new Set(
  (
    "sa sas sasu sarl eurl sci snc scop scm selarl gmbh ag kg ohg ug bv nv bvba srl sprl asbl spa ltd limited llc inc plc co cie et and und de du des la le les l d the " +
    "societe ste ets etablissements etablissement m mr mme monsieur madame association assoc"
  ).split(" "),
);

/** The telling words of a name, folded: legal forms, articles and single letters left out unless nothing else is there. */
export function nameWords(name: string): string[] {
  const words = fold(name)
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  const telling = words.filter((word) => word.length > 1 && !EMPTY_WORDS.has(word));
  return telling.length > 0 ? telling : words;
}

/** A payer's name as aliases keep it: its telling words, in their order. */
export const aliasName = (name: string): string => nameWords(name).join(" ").slice(0, 140);

export type NameIndex = {
  /** The accounts whose name is most like `text`, best first, `likeness` from 0 to 1; at most `limit`. */
  search(text: string, limit: number): { readonly at: number; readonly likeness: number }[];
};

const BEGINNING = 4;

/**
 * Names by their words. Banks cut names at 24 to 35 signs and people shorten words, so a word also meets a longer one that begins with it. A word weighs
 * by how rare it is.
 */
export function nameIndex(names: readonly string[]): NameIndex {
  const wordsAt = names.map((name) => [...new Set(nameWords(name))]);
  const byWord = new Map<string, number[]>();
  const byBeginning = new Map<string, Set<string>>();
  for (const [at, words] of wordsAt.entries())
    for (const word of words) {
      const list = byWord.get(word);
      if (list) list.push(at);
      else byWord.set(word, [at]);
      const beginning = word.slice(0, BEGINNING);
      const known = byBeginning.get(beginning);
      if (known) known.add(word);
      else byBeginning.set(beginning, new Set([word]));
    }
  const weigh = (word: string) => Math.log(1 + names.length / (byWord.get(word)?.length ?? 0.5));
  return { search };

  function search(text: string, limit: number) {
    const asked = [...new Set(nameWords(text))];
    if (asked.length === 0) return [];
    const scores = new Map<number, { met: number; words: Set<string> }>();
    let whole = 0;
    for (const [n, word] of asked.entries()) {
      const isLast = n === asked.length - 1;
      const weight = weigh(word);
      // the last word may be cut anywhere; what it was weighs little then
      whole += isLast && !byWord.has(word) ? weight * 0.4 : weight;
      for (const [known, share] of meanings(word)) {
        const list = byWord.get(known) ?? [];
        if (list.length > 400) continue;
        for (const at of list) {
          const score = scores.get(at) ?? { met: 0, words: new Set<string>() };
          if (!score.words.has(known)) {
            score.met += Math.min(weigh(known), weight) * share;
            score.words.add(known);
          }
          scores.set(at, score);
        }
      }
    }
    const found = [...scores].map(([at, { met, words }]) => {
      const own = (wordsAt[at] ?? []).reduce((sum, word) => sum + weigh(word), 0);
      const ownMet = [...words].reduce((sum, word) => sum + weigh(word), 0);
      return { at, likeness: Math.min(1, met / whole) * (0.6 + 0.4 * Math.min(1, ownMet / own)) };
    });
    return found.sort((a, b) => b.likeness - a.likeness || a.at - b.at).slice(0, limit);
  }

  /** Known words that `word` may stand for, with how surely. */
  function meanings(word: string): [string, number][] {
    const found: [string, number][] = byWord.has(word) ? [[word, 1]] : [];
    if (word.length < BEGINNING) {
      if (found.length === 0 && word.length >= 2)
        for (const [beginning, words] of byBeginning)
          if (beginning.startsWith(word) && words.size === 1) for (const known of words) found.push([known, 0.5]);
      return found;
    }
    for (const known of byBeginning.get(word.slice(0, BEGINNING)) ?? []) {
      if (known === word) continue;
      if (known.startsWith(word)) found.push([known, 0.9]);
      else if (word.startsWith(known)) found.push([known, 0.7]);
      else if (isAlike(word, known)) found.push([known, 0.8]);
    }
    return found;
  }
}

/** One sign wrong, missing or too many, in words long enough for that to mean something. */
function isAlike(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < 6 || Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const [restA, restB] = [a.slice(at), b.slice(at)];
  return restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1);
}
