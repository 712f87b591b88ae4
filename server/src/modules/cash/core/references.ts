import { fold } from "#kernel/text.ts";

/** Letters and digits only, upper case, accents gone: "FA 2405-00123" → "FA240500123". */
export const plainNumber = (text: string): string =>
  fold(text)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, "");

/** Words of a text: runs of letters and digits, upper case. */
export const wordsOf = (text: string): string[] =>
  fold(text)
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((word) => word !== "");

/** ISO 11649 creditor reference: "RF", two check digits, up to 21 characters; the reference without RF and check digits when they hold. */
export function creditorReference(text: string): string | undefined {
  const plain = text.replace(/\s/g, "").toUpperCase();
  if (!/^RF\d{2}[A-Z0-9]{1,21}$/.test(plain)) return undefined;
  return remainder97(plain.slice(4) + plain.slice(0, 4)) === 1 ? plain.slice(4) : undefined;
}

/** The number modulo 97, letters counting from A = 10 as in ISO 7064. */
function remainder97(text: string): number {
  let rest = 0;
  for (const sign of text)
    for (const digit of String(Number.parseInt(sign, 36))) rest = (rest * 10 + Number(digit)) % 97;
  return rest;
}

/** Belgian structured communication (OGM/VCS): twelve digits, the last two the first ten modulo 97, 97 standing for 0. The ten digits when they hold. */
export function structuredCommunication(text: string): string | undefined {
  const digits = text.replace(/\D/g, "");
  if (digits.length !== 12) return undefined;
  const check = Number(BigInt(digits.slice(0, 10)) % 97n) || 97;
  return check === Number(digits.slice(10)) ? digits.slice(0, 10) : undefined;
}

/** What a line names: whole numbers, digits alone, and references whose check digits hold. */
export type Named = {
  /** Words, and two or three words read as one, most specific first. */
  readonly numbers: readonly string[];
  /** Runs of at least four digits, also across blanks, dots and dashes. */
  readonly digits: readonly string[];
  /** Bodies of RF and OGM references. */
  readonly checked: readonly string[];
};

const LONGEST_WORDS = 400;

/** Reads what free text and structured fields name. Bounded: the first 400 words count. */
export function readReferences(line: {
  readonly text: string;
  readonly creditorReference: string | null;
  readonly documents: readonly { readonly number: string }[];
}): Named {
  const numbers = new Set<string>();
  const digits = new Set<string>();
  const checked = new Set<string>();
  for (const { number } of line.documents) {
    const plain = plainNumber(number);
    if (plain) numbers.add(plain);
    addDigits(digits, plain);
  }
  for (const text of [line.creditorReference ?? "", line.text]) {
    for (const found of text.toUpperCase().match(/RF\d{2}(?: ?[A-Z0-9]){1,21}/g) ?? []) {
      // free text runs on behind the reference: the longest reading whose check digits hold
      const packed = found.replace(/\s/g, "");
      for (let end = packed.length; end > 4; end -= 1) {
        const body = creditorReference(packed.slice(0, end));
        if (body && addTo(checked, body)) break;
      }
    }
    for (const found of text.match(/(?:\+{3}|\*{3})?\b\d{3}[ /.-]?\d{4}[ /.-]?\d{5}\b(?:\+{3}|\*{3})?/g) ?? []) {
      const body = structuredCommunication(found);
      if (body) checked.add(body);
    }
    const words = wordsOf(text).slice(0, LONGEST_WORDS);
    for (const [at, word] of words.entries()) {
      const joined = [word, word + (words[at + 1] ?? ""), word + (words[at + 1] ?? "") + (words[at + 2] ?? "")];
      for (const one of joined) if (one.length >= 4 && one.length <= 35 && /\d/.test(one)) numbers.add(one);
      for (const one of joined) addDigits(digits, one);
    }
  }
  return { numbers: [...numbers], digits: [...digits], checked: [...checked] };
}

function addTo(set: Set<string>, one: string): true {
  set.add(one);
  return true;
}

function addDigits(into: Set<string>, word: string): void {
  for (const run of word.match(/\d{4,}/g) ?? []) into.add(run);
}

/** At most one sign differs, is missing or is too many. */
export function isOneTypoAway(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const restA = a.slice(at);
  const restB = b.slice(at);
  if (restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1)) return true;
  // two neighbours changed places
  return restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
}

/** Letters stay, each digit counts: "FA240500123" → "FA#9". */
export const shapeOf = (number: string): string => {
  const [, letters = "", digits = ""] = /^([A-Z]+)(\d{4,})$/.exec(number) ?? [];
  return letters ? `${letters}#${digits.length}` : "";
};
