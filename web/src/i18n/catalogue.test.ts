import IntlMessageFormat from "intl-messageformat";
import { expect, test } from "vitest";
import { REFUSALS } from "#contracts/refusals.ts";
import en from "./en.json" with { type: "json" };
import fr from "./fr.json" with { type: "json" };

const french: Readonly<Record<string, string>> = fr;
const english: Readonly<Record<string, string>> = en;
/** Names of the values a text takes: a plural spells them inside its branches, so the parser tells, not a pattern. */
function names(text: string): Set<string> {
  const found = new Set<string>();
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const one of node) walk(one);
    else if (typeof node === "object" && node !== null) {
      const { value, options, type } = node as { value?: unknown; options?: unknown; type?: number };
      // type 0 is plain text, 7 the number sign of a plural
      if (typeof value === "string" && type !== 0 && type !== 7) found.add(value);
      if (typeof options === "object" && options !== null)
        for (const branch of Object.values(options)) walk((branch as { value?: unknown }).value);
    }
  };
  walk(new IntlMessageFormat(text, "fr", undefined, { ignoreTag: true }).getAst());
  return found;
}

test("both languages hold the same texts with the same values", () => {
  expect(Object.keys(english)).toEqual(Object.keys(french));
  // English often needs no plural where French does: it may leave a value out, never take one more
  for (const [key, text] of Object.entries(french))
    expect(
      [...names(english[key] ?? "")].filter((name) => !names(text).has(name)),
      key,
    ).toEqual([]);
});

test("every text is well formed", () => {
  for (const [language, texts] of Object.entries({ fr: french, en: english }))
    for (const [key, text] of Object.entries(texts))
      expect(() => new IntlMessageFormat(text, language, undefined, { ignoreTag: true }), key).not.toThrow();
});

test("French punctuation never starts a line: no-break spaces before it", () => {
  for (const [key, text] of Object.entries(french)) expect(text, key).not.toMatch(/ [:;!?»%]/);
});

test("0 is singular in French and plural in English", () => {
  const write = (texts: Readonly<Record<string, string>>, language: string) =>
    new IntlMessageFormat(texts["items.count"] ?? "", language).format({ count: 0 });
  expect(write(french, "fr")).toBe("0 pièce");
  expect(write(english, "en")).toBe("0 items");
});

test("no text shouts", () => {
  for (const [key, text] of [...Object.entries(french), ...Object.entries(english)])
    expect(text, key).not.toContain("!");
  expect(Object.keys(REFUSALS).length).toBeGreaterThan(0);
});
