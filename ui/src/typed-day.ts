import { addDays, type Language } from "./format.ts";

const WEEKDAYS = {
  fr: ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
  en: ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"],
} as const;

const WORDS: Readonly<Record<string, number>> = {
  "aujourd'hui": 0,
  today: 0,
  demain: 1,
  tomorrow: 1,
  hier: -1,
  yesterday: -1,
};

const plain = (text: string) =>
  text
    .trim()
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/’/g, "'");

/** The day somebody typed: "24/11/2026", "24/11", "24", "+10", "-30", "demain", "vendredi", "fin de mois", "2026-11-24"; undefined otherwise. */
export function readDay(typed: string, today: string, language: Language): string | undefined {
  const text = plain(typed);
  const word = WORDS[text];
  if (word !== undefined) return addDays(today, word);
  if (/^[+-]\d{1,4}$/.test(text)) return addDays(today, Number(text));
  if (text === "fin de mois" || text === "end of month") return monthEnd(today);
  const weekday = WEEKDAYS[language].findIndex((name) => text.length >= 3 && name.startsWith(text));
  if (weekday >= 0) return nextWeekday(today, weekday);
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (iso) return existing(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const parts = /^(\d{1,2})(?:[/. -](\d{1,2})(?:[/. -](\d{2}|\d{4}))?)?$/.exec(text);
  if (!parts) return undefined;
  const year = parts[3] ? Number(parts[3]) + (parts[3].length === 2 ? 2000 : 0) : Number(today.slice(0, 4));
  const month = parts[2] ? Number(parts[2]) : Number(today.slice(5, 7));
  return existing(year, month, Number(parts[1]));
}

function nextWeekday(today: string, weekday: number): string {
  const current = new Date(`${today}T00:00:00Z`).getUTCDay();
  return addDays(today, (weekday - current + 7) % 7 || 7);
}

function monthEnd(today: string): string {
  return new Date(Date.UTC(Number(today.slice(0, 4)), Number(today.slice(5, 7)), 0)).toISOString().slice(0, 10);
}

function existing(year: number, month: number, day: number): string | undefined {
  const at = new Date(Date.UTC(year, month - 1, day));
  if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return undefined;
  return at.toISOString().slice(0, 10);
}
