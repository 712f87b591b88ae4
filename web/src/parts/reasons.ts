import type { Formats } from "#ui/format.ts";
import { lookUp, type TextValues, type Translate } from "../i18n/index.ts";

type Values = Readonly<Record<string, string | number>>;

/** Values of a reason as the reader reads them: days written, minor units as amounts, the rest as they are. */
export function readableValues(values: Values, formats: Formats, currency: string): TextValues {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (name.endsWith("Minor")) return [name, formats.amount({ minor: String(value), currency })];
      if (/(On|Day)$/.test(name) && /^\d{4}-\d{2}-\d{2}$/.test(String(value)))
        return [name, formats.day(String(value))];
      if (name === "stepKey") return [name, /^r\d+$/.test(String(value)) ? String(value).toUpperCase() : value];
      return [name, value];
    }),
  );
}

/** The words of a reason code: what the planner found, with its figures. */
export function reasonText(
  t: Translate,
  formats: Formats,
  family: "skip" | "why" | "remark" | "reason",
  code: string,
  values: Values = {},
  currency = "EUR",
): string {
  return lookUp(t, `${family}.${code}`, readableValues(values, formats, currency), code.replaceAll("_", " "));
}
