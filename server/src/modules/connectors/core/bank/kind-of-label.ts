import { fold } from "#kernel/text.ts";
import type { BankKind } from "./statement.ts";

const RETURNS =
  /\b(impayes?|rejets?|rejete[es]*|retours?|unpaid|returned|retoure|ruecklastschrift|stornering|terugboeking|contre[- ]?passation)\b/;

/** Words of statements in French, English, Dutch and German; the first that fits decides. */
const WORDS: readonly (readonly [BankKind, RegExp])[] = [
  ["transfer", /^(\d+ )?(vir|virt|virements?|transfers?|sct|overboeking|ueberweisung|gutschr\w*)\b/],
  [
    "direct_debit",
    /^(\d+ )?(prelevements?|prel|prlv|prlvt|sdd|direct debit|incasso|lastschrift|basislastschrift|domiciliering)\b/,
  ],
  ["bill", /\b(lcr|bor|effets?|lettre de change|billet a ordre)\b/],
  ["interest", /\b(interets?|agios?|interest|zinsen|rente)\b/],
  ["fee", /\b(frais|commissions?|cotisation|fees?|charges?|kosten|entgelt\w*)\b|^com\b/],
  ["cheque", /\b(cheques?|chq|check|rem(ise)?s? (de )?ch\w*)\b/],
  ["card", /\b(cb|carte|cartes|card|tpe|pos|visa|mastercard|bea|betaalautomaat)\b/],
  ["direct_debit", /\b(prelevements?|prlv|sdd|direct debit|incasso|lastschrift)\b/],
  ["transfer", /\b(vir|virements?|transfer|sepa credit|overboeking|ueberweisung|gutschr\w*|giro)\b/],
];

const FEES = /\b(frais|commissions?|cotisation|fees?)\b|^com\b/;
const HEAD = 40;

/** What an entry is by the first words of its label; "other" when none is known. What payers write further on decides nothing. */
export function kindOfLabel(label: string): BankKind {
  const text = fold(label).slice(0, HEAD);
  const [, transfer] = WORDS[0] ?? [];
  // The fee of a return is a fee; a customer's transfer may speak of fees.
  if (FEES.test(text) && !transfer?.test(text)) return "fee";
  if (RETURNS.test(text)) return "return";
  for (const [kind, words] of WORDS) if (words.test(text)) return kind;
  return "other";
}
