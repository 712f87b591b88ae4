import type { Problem } from "#contracts/common.ts";
import { REFUSALS, type Refusal, refusalText } from "#contracts/refusals.ts";

type Language = "fr" | "en";

/** Thrown inside the HTTP edge only, to leave a request with a refusal. */
export class HttpRefusal extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, string | number>>;
  readonly extras: Partial<Problem>;

  constructor(code: string, details: Readonly<Record<string, string | number>> = {}, extras: Partial<Problem> = {}) {
    super(code);
    this.code = code;
    this.details = details;
    this.extras = extras;
  }
}

export function problemOf(
  code: string,
  language: Language,
  details: Readonly<Record<string, string | number>> = {},
  extras: Partial<Problem> = {},
): Problem {
  const refusal = (REFUSALS as Readonly<Record<string, Refusal>>)[code];
  return {
    type: `urn:encours:problem:${code}`,
    title: code.replaceAll("_", " "),
    status: refusal?.status ?? 422,
    code,
    detail: refusalText(code, language, details),
    ...extras,
  };
}

/** The language of a refusal: what the request asks for, else what its user speaks. French is the house's first. */
export function languageOf(acceptLanguage: string | undefined, fallback: Language = "fr"): Language {
  const first = acceptLanguage?.trim().slice(0, 2).toLowerCase();
  return first === "fr" || first === "en" ? first : fallback;
}
