import type { CalendarDate } from "#kernel/calendar-date.ts";
import { type Money, toDecimal } from "#kernel/money.ts";
import type { Language } from "./merge-fields.ts";

/* Written by hand, not by Intl: what a message looks like must not change with the version of a library, its hash is pinned. */

const NBSP = "\u00a0";
const SYMBOLS: Readonly<Record<string, string>> = { EUR: "€", GBP: "£" };

/** "1 234,56 €" with U+00A0 between thousands (mail clients choose their own font, UX 3.9); English "€1,234.56". Minus is U+2212. */
export function formatMoney(amount: Money, language: Language): string {
  const [whole = "0", fraction] = toDecimal({
    ...amount,
    minor: amount.minor < 0n ? -amount.minor : amount.minor,
  }).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, language === "fr" ? NBSP : ",");
  const number = fraction === undefined ? grouped : `${grouped}${language === "fr" ? "," : "."}${fraction}`;
  const sign = amount.minor < 0n ? "\u2212" : "";
  const symbol = SYMBOLS[amount.currency];
  if (language === "fr") return `${sign}${number}${NBSP}${symbol ?? amount.currency}`;
  return symbol ? `${sign}${symbol}${number}` : `${sign}${amount.currency}${NBSP}${number}`;
}

const MONTHS: Readonly<Record<Language, readonly string[]>> = {
  fr: [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
  ],
  en: [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
  ],
};

/** For sentences: "24 novembre 2026", "1er décembre 2026"; "24 November 2026". */
export function formatDay(date: CalendarDate, language: Language): string {
  const month = MONTHS[language][Number(date.slice(5, 7)) - 1] ?? "";
  const dayOfMonth = Number(date.slice(8, 10));
  const first = language === "fr" && dayOfMonth === 1 ? "1er" : String(dayOfMonth);
  return `${first}${NBSP}${month}${NBSP}${Number(date.slice(0, 4))}`;
}

/** For tables: "24/11/2026"; "24 Nov 2026" in English, where 04/11 would be read two ways. */
export function formatDayShort(date: CalendarDate, language: Language): string {
  if (language === "fr") return `${date.slice(8, 10)}/${date.slice(5, 7)}/${date.slice(0, 4)}`;
  const month = (MONTHS.en[Number(date.slice(5, 7)) - 1] ?? "").slice(0, 3);
  return `${Number(date.slice(8, 10))}${NBSP}${month}${NBSP}${date.slice(0, 4)}`;
}

const WORDS: Readonly<Record<Language, readonly string[]>> = {
  fr: "zéro une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split(" "),
  en: "no one two three four five six seven eight nine ten eleven twelve".split(" "),
};

/** The number in words while it is short (feminine in French: "une facture"), digits beyond. */
const inWords = (count: number, language: Language): string => WORDS[language][count] ?? String(count);

/** "cinq factures restent à régler"; 0 and 1 are singular in French. */
export function openPhrase(count: number, language: Language): string {
  const number = inWords(count, language);
  if (language === "fr") return count < 2 ? `${number} facture reste à régler` : `${number} factures restent à régler`;
  return count === 1 ? `${number} invoice remains unpaid` : `${number} invoices remain unpaid`;
}

/** "deux factures arrivent à échéance". */
export function duePhrase(count: number, language: Language): string {
  const number = inWords(count, language);
  if (language === "fr")
    return count < 2 ? `${number} facture arrive à échéance` : `${number} factures arrivent à échéance`;
  return count === 1 ? `${number} invoice falls due` : `${number} invoices fall due`;
}

export function subjectPhrase(count: number, language: Language): string {
  if (language === "fr") return count < 2 ? `${count} facture` : `${count}${NBSP}factures`;
  return count === 1 ? `${count} invoice` : `${count} invoices`;
}

/** "Bonjour Camille Vasseur", or without a name "Bonjour". */
export function greeting(name: string, language: Language): string {
  if (language === "fr") return name ? `Bonjour ${name}` : "Bonjour";
  return name ? `Dear ${name}` : "Hello";
}
