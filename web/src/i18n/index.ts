import i18next from "i18next";
import ICU from "i18next-icu";
import { initReactI18next, useTranslation } from "react-i18next";
import type { Language } from "#ui/format.ts";
import { speak } from "../api/client.ts";
import type fr from "./fr.json";

export type TextKey = keyof typeof fr;
export type TextValues = Readonly<Record<string, string | number>>;
export type Translate = (key: TextKey, values?: TextValues) => string;

const KEPT = "encours.language";
const catalogues = {
  fr: () => import("./fr.json", { with: { type: "json" } }),
  en: () => import("./en.json", { with: { type: "json" } }),
};

/** What this device was last set to, else what the browser asks for; French when it asks for neither. */
export function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "fr" || kept === "en") return kept;
  return /^en\b/i.test(navigator.language) ? "en" : "fr";
}

export async function startTranslation(language: Language): Promise<void> {
  const catalogue = await catalogues[language]();
  await i18next
    .use(ICU)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: false,
      resources: { [language]: { translation: catalogue.default } },
      keySeparator: false,
      nsSeparator: false,
      interpolation: { escapeValue: false },
      react: { useSuspense: false },
    });
  settle(language);
}

/** Nobody chose a language on this device yet. */
export const isLanguageOpen = (): boolean => localStorage.getItem(KEPT) === null;

/** Switches at run time; the catalogue is fetched once. `keep` remembers the choice on this device. */
export async function switchLanguage(language: Language, keep = true): Promise<void> {
  if (!i18next.hasResourceBundle(language, "translation")) {
    const catalogue = await catalogues[language]();
    i18next.addResourceBundle(language, "translation", catalogue.default);
  }
  settle(language);
  if (keep) localStorage.setItem(KEPT, language);
  await i18next.changeLanguage(language);
}

function settle(language: Language): void {
  document.documentElement.lang = language;
  speak(language);
}

/** Texts of the catalogue in the language of the reader. */
export function useT(): { t: Translate; language: Language } {
  const { t, i18n } = useTranslation();
  return { t: t as unknown as Translate, language: i18n.language === "en" ? "en" : "fr" };
}

/** A text whose key is built from data: `fallback` stands where the catalogue has no such key. */
export function lookUp(t: Translate, key: string, values?: TextValues, fallback = ""): string {
  return i18next.exists(key) ? t(key as TextKey, values) : fallback;
}

/** A label made by the organisation, in the reader's language, else in the other one. */
export function labelOf(labels: { fr: string; en?: string | undefined }, language: Language): string {
  return (language === "en" ? labels.en : labels.fr) || labels.fr;
}
