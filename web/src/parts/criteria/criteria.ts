import { queryOptions, useQuery } from "@tanstack/react-query";
import type { CriterionInfo, CriterionValue } from "#contracts/criteria.ts";
import type { Formats } from "#ui/format.ts";
import { api } from "../../api/client.ts";
import { lookUp, type Translate } from "../../i18n/index.ts";

export const criteriaQuery = (subject: CriterionInfo["subject"]) =>
  queryOptions({
    queryKey: ["criteria", subject],
    queryFn: ({ signal }) => api.get<{ rows: CriterionInfo[] }>("/criteria", { subject }, signal),
    staleTime: 10 * 60_000,
  });

export const useCriteria = (subject: CriterionInfo["subject"]): readonly CriterionInfo[] =>
  useQuery(criteriaQuery(subject)).data?.rows ?? [];

/** What conditions of a scenario may ask, or of one of its steps. */
export const useScenarioCriteria = (place: "item" | "step"): readonly CriterionInfo[] =>
  useQuery({
    queryKey: ["criteria", "scenario", place],
    queryFn: ({ signal }) => api.get<{ rows: CriterionInfo[] }>("/scenarios/criteria", { place }, signal),
    staleTime: 10 * 60_000,
  }).data?.rows ?? [];

/** Currency of a money criterion: its unit where it names one. */
export const currencyOf = (info: CriterionInfo, reporting: string): string =>
  info.unit && /^[A-Z]{3}$/.test(info.unit) ? info.unit : reporting;

/** The value of a condition as people read it: amounts, days and choices in words. */
export function valueWords(
  info: CriterionInfo,
  value: CriterionValue | undefined,
  formats: Formats,
  t: Translate,
  reporting: string,
): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map((one) => valueWords(info, one, formats, t, reporting)).join(", ");
  if (typeof value === "boolean") return t(value ? "ui.yes" : "ui.no");
  if (info.type === "money") return formats.amount({ minor: String(value), currency: currencyOf(info, reporting) });
  if (info.type === "day" && typeof value === "string" && /^\d{4}-/.test(value)) return formats.day(value);
  if (info.type === "choice") {
    const choice = info.choices?.find((one) => one.value === value);
    return choice?.[formats.language] ?? String(value);
  }
  const number = typeof value === "number" ? formats.number(value) : String(value);
  return info.unit && info.type === "integer"
    ? `${number}\u00A0${lookUp(t, `unit.${info.unit}`, {}, info.unit)}`
    : number;
}

/** "au moins", "≥": the operator between a field and its value. */
export const operatorWords = (operator: string, t: Translate): string =>
  lookUp(t, `operator.${operator}`, {}, operator);

/** Operators that stand alone. */
export const isBare = (operator: string): boolean => operator === "is_empty" || operator === "is_not_empty";
