import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

export type Search = Readonly<Record<string, string>>;

/** Reads "?a=1&b=2" as plain text values: nothing is guessed to be a number. */
export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

/** Inverse of parseSearch; empty values leave the address. */
export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search))
    if (value !== undefined && value !== null && value !== "") params.set(name, String(value));
  const written = params.toString();
  return written ? `?${written}` : "";
}

/** The state of a list lives in its address: reload, back and a sent link show the same rows. */
export function useSearchState(): [Search, (patch: Readonly<Record<string, string | undefined>>) => void] {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const set = useCallback(
    (patch: Readonly<Record<string, string | undefined>>) => {
      const merge = (before: Search) => ({ ...before, ...patch });
      void navigate({ to: ".", search: merge, replace: true });
    },
    [navigate],
  );
  return [search, set];
}
