import type { Formats } from "#ui/format.ts";
import { lookUp, type TextValues, type Translate } from "../../i18n/index.ts";

type Reason = { readonly code: string; readonly [name: string]: string | number };

/** A reason in words, its amounts and shares written as the reader writes them. */
export function reasonWords(t: Translate, formats: Formats, reason: Reason, currency: string): string {
  const { code, ...values } = reason;
  const readable = Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (name === "minor") return [name, formats.amount({ minor: String(value), currency })];
      if (name === "rateBp") return [name, formats.share(Number(value))];
      if (name === "on") return [name, formats.day(String(value))];
      return [name, value];
    }),
  );
  return lookUp(t, `matchReason.${code}`, readable as TextValues, code.replaceAll("_", " "));
}

/** "98,7 %" of basis points; never rounded up to certainty. */
export const chanceWords = (formats: Formats, bp: number): string => formats.share(Math.min(bp, 9_999));
