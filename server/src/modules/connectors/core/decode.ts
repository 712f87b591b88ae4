import { FileRefused } from "./fault.ts";
import { natureOf, utf16Of } from "./read-text.ts";

/** Largest statement or invoice file that is read as a whole. */
export const LARGEST_WHOLE = 64 * 1_048_576;

/** A small text file as text; `declared` is false when an XML declaration named an encoding that the bytes are not in. */
export type Decoded = { readonly text: string; readonly encoding: string; readonly isAsDeclared: boolean };

const DECLARATION =
  /^<\?xml\s+version\s*=\s*(["'])1\.[01]\1(\s+encoding\s*=\s*(["'])[A-Za-z][A-Za-z0-9._-]*\3)?(\s+standalone\s*=\s*(["'])(yes|no)\5)?\s*\?>/;

/** Text of a whole file: a byte order mark (or XML in UTF-16) decides, else strict UTF-8, else the Latin set it says or Windows-1252. NUL bytes are dropped. */
export function decodeWhole(content: Buffer): Decoded {
  if (content.length > LARGEST_WHOLE) throw new FileRefused("file_too_large");
  const nature = natureOf(content.subarray(0, 65_536));
  if (nature === "empty") throw new FileRefused("empty_file");
  if (nature === "pdf") throw new FileRefused("pdf_file");
  if (nature === "archive") throw new FileRefused("archive_file");
  if (nature !== "text") throw new FileRefused("binary_file");
  const marked = utf16Of(content);
  if (marked) return { text: plain(new TextDecoder(marked).decode(content)), encoding: marked, isAsDeclared: true };
  const head = content
    .subarray(0, 400)
    .toString("latin1")
    .replace(/^[^<]*/, "");
  const declared = /^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/.exec(head)?.[1]?.toLowerCase();
  const isWellDeclared = !head.includes("<?xml") || DECLARATION.test(head);
  try {
    const text = plain(new TextDecoder("utf-8", { fatal: true }).decode(content));
    const isPlainAscii = declared !== undefined && !content.some((byte) => byte >= 0x80);
    const isUtf8 = declared === undefined || /^utf-?8$|ascii/.test(declared);
    return {
      text,
      encoding: "utf-8",
      isAsDeclared: isWellDeclared && (isUtf8 || (isPlainAscii && !declared.startsWith("utf-16"))),
    };
  } catch {
    const encoding = latinOf(declared);
    const isAsDeclared =
      isWellDeclared && (declared === undefined || (!/^utf/.test(declared) && !/ascii/.test(declared)));
    return { text: plain(new TextDecoder(encoding).decode(content)), encoding, isAsDeclared };
  }
}

function latinOf(declared: string | undefined): string {
  if (declared === undefined || declared.startsWith("utf") || declared.includes("ascii")) return "windows-1252";
  try {
    return new TextDecoder(declared).encoding;
  } catch {
    return "windows-1252";
  }
}

const plain = (text: string): string =>
  text
    .replace(/^\ufeff+/, "")
    .replaceAll("\0", "")
    .replaceAll("\u001a", "");

/** The lines of a text; CR LF, LF and lone CR end a line. */
export const linesOfText = (text: string): string[] => text.split(/\r\n|\n|\r/);
