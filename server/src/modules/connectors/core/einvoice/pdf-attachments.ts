import { inflateRawSync, inflateSync } from "node:zlib";
import { FileRefused } from "../fault.ts";
import { ascii85, withoutPredictor } from "./pdf-filters.ts";
import { type PdfDict, type PdfValue, parsePdfValue } from "./pdf-values.ts";

/** A file that a PDF carries inside. */
export type Attachment = { readonly name: string; readonly content: Buffer };

const MOST_OBJECTS = 2_000_000;
/** Objects that never end: each may cost a long scan, so few are borne. */
const MOST_FAILURES = 200;
const MOST_ATTACHMENTS = 100;
const LARGEST_STREAM = 32 * 1_048_576;
const LARGEST_TOTAL = 96 * 1_048_576;

type PdfObject = { readonly value: PdfValue; readonly stream: { readonly from: number; readonly to: number } | null };

/**
 * Files embedded in a PDF. Only the objects of a file are looked at: nothing is drawn, no script or action is ever read, whatever its number
 * of pages. Unpacked sizes are bounded before they are allocated. A file whose table of objects is broken is read like any other; one that
 * is encrypted is refused.
 */
export function attachmentsOf(file: Buffer): Attachment[] {
  const text = file.toString("latin1");
  const budget = { left: LARGEST_TOTAL };
  const objects = objectsOf(text);
  if (isEncrypted(text, objects)) throw new FileRefused("pdf_encrypted");
  for (const [, object] of [...objects]) unpackObjects(object, objects, file, budget);
  const found: Attachment[] = [];
  const resolve = (value: PdfValue | undefined): PdfValue | undefined =>
    value?.kind === "reference" ? objects.get(value.number)?.value : value;
  for (const { value } of objects.values()) {
    if (value.kind !== "dict" || found.length >= MOST_ATTACHMENTS) continue;
    const embedded = resolve(value.entries.get("EF"));
    if (embedded?.kind !== "dict") continue;
    const target = embedded.entries.get("F") ?? embedded.entries.get("UF");
    const stream = target?.kind === "reference" ? objects.get(target.number) : undefined;
    const content = stream && contentOf(stream, file, budget, resolve);
    if (!content) continue;
    const named = resolve(value.entries.get("UF")) ?? resolve(value.entries.get("F"));
    found.push({ name: named?.kind === "string" ? textOf(named.bytes) : "", content });
  }
  return found;
}

/** Objects in the order of the file, so that later versions replace earlier ones; what stands inside a stream is skipped. */
function objectsOf(text: string): Map<number, PdfObject> {
  const objects = new Map<number, PdfObject>();
  let failures = 0;
  const start = /(\d{1,10})[ \t\r\n]{1,4}\d{1,5}[ \t\r\n]{1,4}obj(?![a-z])/g;
  for (let match = start.exec(text); match; match = start.exec(text)) {
    const parsed = parsePdfValue(text, start.lastIndex);
    if (!parsed) {
      failures += 1;
      if (failures > MOST_FAILURES) throw new FileRefused("pdf_damaged");
      continue;
    }
    const stream = streamAfter(text, parsed.end, parsed.value);
    objects.set(Number(match[1]), { value: parsed.value, stream });
    if (objects.size > MOST_OBJECTS) throw new FileRefused("file_too_complex");
    start.lastIndex = stream ? stream.to : parsed.end;
  }
  return objects;
}

/** Said by the trailer, or by the table of objects where that is a stream. */
function isEncrypted(text: string, objects: ReadonlyMap<number, PdfObject>): boolean {
  for (const { value } of objects.values())
    if (value.kind === "dict" && nameAt(value, "Type") === "XRef" && value.entries.has("Encrypt")) return true;
  const at = text.lastIndexOf("trailer");
  const trailer = at < 0 ? undefined : parsePdfValue(text, at + 7)?.value;
  return trailer?.kind === "dict" && trailer.entries.has("Encrypt");
}

function streamAfter(text: string, at: number, value: PdfValue): PdfObject["stream"] {
  const keyword = /^\s{0,20}stream(\r\n|\n|\r)/.exec(text.slice(at, at + 40));
  if (value.kind !== "dict" || !keyword) return null;
  const from = at + keyword[0].length;
  const length = value.entries.get("Length");
  // A stated length counts when the end follows it; otherwise the end is looked for.
  if (length?.kind === "number") {
    const to = from + length.value;
    if (to <= text.length && /^\s{0,4}endstream/.test(text.slice(to, to + 16))) return { from, to };
  }
  const end = text.indexOf("endstream", from);
  return { from, to: end < 0 ? text.length : end };
}

/** Objects packed together in one stream. */
function unpackObjects(
  object: PdfObject,
  objects: Map<number, PdfObject>,
  file: Buffer,
  budget: { left: number },
): void {
  if (object.value.kind !== "dict" || nameAt(object.value, "Type") !== "ObjStm") return;
  const content = contentOf(object, file, budget, (value) => value);
  const first = object.value.entries.get("First");
  if (!content || first?.kind !== "number") return;
  const text = content.toString("latin1");
  const numbers = text.slice(0, first.value).match(/\d{1,10}/g) ?? [];
  for (let index = 0; index + 1 < numbers.length; index += 2) {
    const parsed = parsePdfValue(text, first.value + Number(numbers[index + 1]));
    if (parsed) objects.set(Number(numbers[index]), { value: parsed.value, stream: null });
    if (objects.size > MOST_OBJECTS) throw new FileRefused("file_too_complex");
  }
}

const nameAt = (dict: PdfDict, key: string): string | undefined => {
  const value = dict.entries.get(key);
  return value?.kind === "name" ? value.name : undefined;
};

/** Bytes of a stream through its filters; undefined when a filter is not known or the bytes are damaged. */
function contentOf(
  object: PdfObject,
  file: Buffer,
  budget: { left: number },
  resolve: (value: PdfValue | undefined) => PdfValue | undefined,
): Buffer | undefined {
  if (!object.stream || object.value.kind !== "dict") return undefined;
  let content: Buffer | undefined = file.subarray(object.stream.from, object.stream.to);
  const filter = resolve(object.value.entries.get("Filter"));
  const filters = filter?.kind === "array" ? filter.items : filter ? [filter] : [];
  const given = resolve(object.value.entries.get("DecodeParms") ?? object.value.entries.get("DP"));
  const settings = given?.kind === "array" ? given.items.map(resolve) : [given];
  for (const [index, one] of filters.entries()) {
    if (!content || one.kind !== "name") return undefined;
    if (one.name === "FlateDecode" || one.name === "Fl")
      content = unpredicted(inflated(content, budget), settings[index]);
    else if (one.name === "ASCII85Decode" || one.name === "A85") content = ascii85(content);
    else if (one.name === "ASCIIHexDecode" || one.name === "AHx")
      content = Buffer.from(content.toString("latin1").replace(/[^0-9A-Fa-f]/g, ""), "hex");
    else return undefined;
  }
  return content;
}

/** Undoes the prediction that the settings of a filter name; undefined for one that is not known. */
function unpredicted(content: Buffer | undefined, settings: PdfValue | undefined): Buffer | undefined {
  const numberAt = (key: string, otherwise: number): number => {
    const value = settings?.kind === "dict" ? settings.entries.get(key) : undefined;
    return value?.kind === "number" ? value.value : otherwise;
  };
  const predictor = numberAt("Predictor", 1);
  if (!content || predictor === 1) return content;
  if (predictor < 10 || numberAt("Colors", 1) !== 1 || numberAt("BitsPerComponent", 8) !== 8) return undefined;
  return withoutPredictor(content, numberAt("Columns", 1));
}

function inflated(content: Buffer, budget: { left: number }): Buffer | undefined {
  const options = { maxOutputLength: Math.min(LARGEST_STREAM, Math.max(budget.left, 1)), finishFlush: 2 };
  for (const unpack of [inflateSync, inflateRawSync]) {
    try {
      const unpacked = unpack(content, options);
      budget.left -= unpacked.length;
      return unpacked;
    } catch (error) {
      if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") throw new FileRefused("pdf_too_large");
    }
  }
  return undefined;
}

/** A text string: UTF-16 with its mark, else Latin. */
function textOf(bytes: string): string {
  if (!bytes.startsWith("\u00fe\u00ff")) return bytes;
  return new TextDecoder("utf-16be").decode(Buffer.from(bytes.slice(2), "latin1"));
}
