/** Values of PDF objects, as far as finding embedded files needs them. Strings are bytes in Latin-1. */
export type PdfDict = { readonly kind: "dict"; readonly entries: ReadonlyMap<string, PdfValue> };
export type PdfValue =
  | PdfDict
  | { readonly kind: "array"; readonly items: readonly PdfValue[] }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "string"; readonly bytes: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "reference"; readonly number: number }
  | { readonly kind: "other" };

const DEEPEST = 40;
const LONGEST_STRING = 65_536;
const MOST_ITEMS = 500_000;

type Parsed = { readonly value: PdfValue; readonly end: number };

/** The value that begins at `at`; undefined when there is none or it never ends. */
export function parsePdfValue(text: string, at: number, depth = 0): Parsed | undefined {
  const start = skipBlanks(text, at);
  const sign = text[start];
  if (sign === undefined || depth > DEEPEST) return undefined;
  if (sign === "<") return text[start + 1] === "<" ? dictAt(text, start + 2, depth) : hexAt(text, start + 1);
  if (sign === "[") return arrayAt(text, start + 1, depth);
  if (sign === "(") return stringAt(text, start + 1);
  if (sign === "/") return nameAt(text, start + 1);
  const word = /^[^\s()<>[\]{}/%]{1,60}/.exec(text.slice(start, start + 60))?.[0];
  if (!word) return undefined;
  const end = start + word.length;
  const reference = /^\d{1,10}$/.test(word)
    ? /^\s{1,4}\d{1,5}\s{1,4}R(?![A-Za-z])/.exec(text.slice(end, end + 16))
    : null;
  if (reference) return { value: { kind: "reference", number: Number(word) }, end: end + reference[0].length };
  const value = Number(word);
  return { value: Number.isFinite(value) ? { kind: "number", value } : { kind: "other" }, end };
}

/** Blanks and comments. */
function skipBlanks(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (at < text.length && text.charCodeAt(at) <= 32) at += 1;
    if (text[at] !== "%") return at;
    while (at < text.length && text[at] !== "\n" && text[at] !== "\r") at += 1;
  }
}

function dictAt(text: string, from: number, depth: number): Parsed | undefined {
  const entries = new Map<string, PdfValue>();
  let at = from;
  while (entries.size < MOST_ITEMS) {
    at = skipBlanks(text, at);
    if (text.startsWith(">>", at)) return { value: { kind: "dict", entries }, end: at + 2 };
    if (text[at] !== "/") return undefined;
    const key = nameAt(text, at + 1);
    const value = parsePdfValue(text, key.end, depth + 1);
    if (!value || key.value.kind !== "name") return undefined;
    entries.set(key.value.name, value.value);
    at = value.end;
  }
  return undefined;
}

function arrayAt(text: string, from: number, depth: number): Parsed | undefined {
  const items: PdfValue[] = [];
  let at = from;
  while (items.length < MOST_ITEMS) {
    at = skipBlanks(text, at);
    if (text[at] === "]") return { value: { kind: "array", items }, end: at + 1 };
    const item = parsePdfValue(text, at, depth + 1);
    if (!item) return undefined;
    items.push(item.value);
    at = item.end;
  }
  return undefined;
}

function nameAt(text: string, from: number): Parsed {
  let end = from;
  while (end < text.length && end < from + 200 && !/[\s()<>[\]{}/%]/.test(text[end] ?? " ")) end += 1;
  const name = text
    .slice(from, end)
    .replace(/#([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return { value: { kind: "name", name }, end };
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

function stringAt(text: string, from: number): Parsed | undefined {
  let bytes = "";
  let open = 1;
  const limit = Math.min(text.length, from + LONGEST_STRING);
  for (let at = from; at < limit; at += 1) {
    const sign = text[at] ?? "";
    if (sign === "\\") {
      const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))?.[0];
      if (octal) {
        bytes += String.fromCharCode(Number.parseInt(octal, 8) & 255);
        at += octal.length;
        continue;
      }
      at += 1;
      const next = text[at] ?? "";
      if (next === "\r" && text[at + 1] === "\n") at += 1;
      if (next !== "\r" && next !== "\n") bytes += Object.hasOwn(ESCAPES, next) ? (ESCAPES[next] ?? next) : next;
      continue;
    }
    if (sign === "(") open += 1;
    if (sign === ")") {
      open -= 1;
      if (open === 0) return { value: { kind: "string", bytes }, end: at + 1 };
    }
    bytes += sign;
  }
  return undefined;
}

function hexAt(text: string, from: number): Parsed | undefined {
  const end = text.indexOf(">", from);
  if (end < 0 || end - from > LONGEST_STRING) return undefined;
  const digits = text.slice(from, end).replace(/\s+/g, "");
  return {
    value: { kind: "string", bytes: Buffer.from(digits.length % 2 ? `${digits}0` : digits, "hex").toString("latin1") },
    end: end + 1,
  };
}
