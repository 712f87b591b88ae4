import { decode850 } from "./code-page-850.ts";
import { FileRefused } from "./fault.ts";

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252" | "iso-8859-15" | "ibm850";

/** What a file is by its first bytes, whatever its name says. */
export type FileNature = "text" | "xlsx" | "xls" | "pdf" | "archive" | "binary" | "empty";

const HEAD_BYTES = 65_536;
/** A longer line is no line of a ledger; refusing it bounds memory. */
export const LONGEST_LINE = 1 << 20;

export type Chunks = () => AsyncIterable<Buffer>;

export function natureOf(head: Buffer): FileNature {
  if (head.length === 0) return "empty";
  if (head.subarray(0, 4).equals(Buffer.from("PK\u0003\u0004", "latin1"))) return "xlsx";
  if (head.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) return "xls";
  if (head.subarray(0, 5).toString("latin1") === "%PDF-") return "pdf";
  if (head[0] === 0x1f && head[1] === 0x8b) return "archive";
  if (utf16Of(head)) return "text";
  const sample = withoutFilling(head.subarray(0, HEAD_BYTES));
  if (sample.length === 0) return "binary";
  let controls = 0;
  for (const byte of sample) {
    if (byte === 0) return "binary";
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 26) controls += 1;
  }
  return controls > sample.length / 50 ? "binary" : "text";
}

/** Some programs fill the last block of a file with NUL or end it with SUB. */
function withoutFilling(head: Buffer): Buffer {
  let end = head.length;
  while (end > 0 && (head[end - 1] === 0 || head[end - 1] === 26)) end -= 1;
  return head.subarray(0, end);
}

/** UTF-16 by its byte order mark, or by the "<" of two bytes that only XML in it begins with. */
export function utf16Of(head: Buffer): "utf-16le" | "utf-16be" | undefined {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return "utf-16be";
  return undefined;
}

/** Reads the whole file once: a byte order mark decides, else strict UTF-8, else the Latin set its bytes fit. */
export async function detectEncoding(chunks: Chunks): Promise<Encoding> {
  const strict = new TextDecoder("utf-8", { fatal: true });
  let isUtf8 = true;
  let isFirst = true;
  let hasWindowsBytes = false;
  for await (const chunk of chunks()) {
    const wide = isFirst ? utf16Of(chunk) : undefined;
    if (wide) return wide;
    isFirst = false;
    if (isUtf8) {
      try {
        strict.decode(chunk, { stream: true });
      } catch {
        isUtf8 = false;
      }
    }
    if (!hasWindowsBytes) hasWindowsBytes = chunk.some((byte) => byte >= 0x80 && byte <= 0x9f);
  }
  if (isUtf8) {
    try {
      strict.decode();
      return "utf-8";
    } catch {
      // Cut inside a character: not UTF-8.
    }
  }
  return hasWindowsBytes ? "windows-1252" : "iso-8859-15";
}

/** One byte is one sign: nothing is carried over between chunks. */
const CODE_PAGE_850 = {
  decode: (chunk?: Uint8Array, _options?: { stream: boolean }) => (chunk ? decode850(chunk) : ""),
};

export type Line = { readonly number: number; readonly text: string };

/** Lines with their numbers, in batches; CR LF, LF and lone CR end a line. A last line without end counts. */
export async function* linesOf(chunks: Chunks, encoding: Encoding): AsyncGenerator<Line[]> {
  const decoder = encoding === "ibm850" ? CODE_PAGE_850 : new TextDecoder(encoding);
  let rest = "";
  let number = 0;
  for await (const chunk of chunks()) {
    const text = rest + decoder.decode(chunk, { stream: true }).replaceAll("\0", "");
    // A CR at the very end may be half of a CR LF.
    const usable = text.endsWith("\r") ? text.slice(0, -1) : text;
    const parts = usable.split(/\r\n|\n|\r/);
    rest = (parts.pop() ?? "") + text.slice(usable.length);
    if (rest.length > LONGEST_LINE) throw new FileRefused("line_too_long", number + parts.length + 1);
    const lines: Line[] = [];
    for (const part of parts) {
      number += 1;
      if (part.length > LONGEST_LINE) throw new FileRefused("line_too_long", number);
      lines.push({ number, text: part });
    }
    if (lines.length > 0) yield lines;
  }
  rest = (rest + decoder.decode()).replaceAll("\0", "").replaceAll("\u001a", "").replace(/\r$/, "");
  if (rest !== "") yield [{ number: number + 1, text: rest }];
}
