import { createContext, type ReactNode, useContext, useMemo } from "react";
import { type Formats, formatsFor, type Language } from "./format.ts";

/** Words that components without domain need; the application gives them from its catalogue. */
export type UiTexts = {
  readonly close: string;
  readonly undo: string;
  readonly retry: string;
  readonly loading: string;
  readonly today: string;
  readonly tomorrow: string;
  readonly yesterday: string;
  readonly selectAll: string;
  readonly selectRow: string;
  readonly reference: string;
  readonly openCalendar: string;
  readonly dayUnknown: string;
  readonly notifications: string;
  readonly inDays: (days: number) => string;
  readonly lateDays: (days: number) => string;
};

type Locale = { readonly formats: Formats; readonly texts: UiTexts; readonly today: string };

const LocaleContext = createContext<Locale | undefined>(undefined);

/** Gives language, zone, today and words to every component below. */
export function LocaleProvider(props: {
  language: Language;
  zone: string;
  today: string;
  texts: UiTexts;
  children: ReactNode;
}) {
  const { language, zone, today, texts } = props;
  const value = useMemo(() => ({ formats: formatsFor(language, zone), texts, today }), [language, zone, today, texts]);
  return <LocaleContext value={value}>{props.children}</LocaleContext>;
}

export function useLocale(): Locale {
  const locale = useContext(LocaleContext);
  if (!locale) throw new Error("LocaleProvider is missing");
  return locale;
}

export const useFormats = (): Formats => useLocale().formats;
