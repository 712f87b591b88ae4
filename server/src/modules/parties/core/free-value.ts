import { parseCalendarDate } from "#kernel/calendar-date.ts";
import { fold } from "#kernel/text.ts";

export type FreeField = {
  readonly type: "text" | "choice" | "integer" | "day" | "boolean";
  readonly choices: readonly { readonly value: string; readonly fr: string; readonly en: string }[] | null;
};

const YES = new Set(["1", "oui", "yes", "true", "vrai", "x", "o", "y"]);
const NO = new Set(["0", "non", "no", "false", "faux", "n"]);

/** The value of a free field as a source writes it; undefined when the text is not one of the field's type. Blank is null. */
export function freeValueOf(field: FreeField, text: string): string | number | boolean | null | undefined {
  const written = text.trim();
  if (written === "") return null;
  switch (field.type) {
    case "text":
      return written.slice(0, 500);
    case "integer": {
      const number = written.replace(/[\s\u00a0\u202f]/g, "").replace(/[.,]0+$/, "");
      return /^-?\d{1,15}$/.test(number) ? Number(number) : undefined;
    }
    case "day":
      return parseCalendarDate(isoDay(written));
    case "boolean": {
      const word = fold(written);
      return YES.has(word) ? true : NO.has(word) ? false : undefined;
    }
    case "choice": {
      const word = fold(written);
      return field.choices?.find((one) => [one.value, one.fr, one.en].some((name) => fold(name) === word))?.value;
    }
  }
}

/** "2026-11-21T00:00:00", "21/11/2026" and "20261121" are one day. */
function isoDay(text: string): string {
  const french = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})/.exec(text);
  if (french) return `${french[3]}-${(french[2] ?? "").padStart(2, "0")}-${(french[1] ?? "").padStart(2, "0")}`;
  const bare = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  return bare ? `${bare[1]}-${bare[2]}-${bare[3]}` : text.slice(0, 10);
}
