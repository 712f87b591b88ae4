import { expect, test } from "vitest";
import { hasControl, oneLine } from "./foreign-text.ts";

const CONTROLS = [
  "\u0000",
  "\t",
  "\r\n",
  "\u001f",
  "\u007f",
  "\u0085",
  "\u009f",
  "\u2028",
  "\u2029",
  "\u202e",
  "\u2069",
];

test.each(CONTROLS)("control or direction character %j is seen, and becomes one space on a line", (control) => {
  expect(hasControl(`a${control}b`)).toBe(true);
  expect(oneLine(`a${control}${control}b`)).toBe("a b");
});

test("letters, accents, spaces and marks of any script stay as they are", () => {
  const text = "Société Générale\u00a0: 1\u202f234,56\u00a0€ – Ελλάδα 東京 👩‍🚀";
  expect(hasControl(text)).toBe(false);
  expect(oneLine(text)).toBe(text);
});

test("a byte order mark and half a pair do not reach a line", () => {
  expect(oneLine("\ufeffa\ud800b")).toBe("a\ufffdb");
});
