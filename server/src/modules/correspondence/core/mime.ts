import { domainOf, type EmailAddress } from "./address.ts";
import { oneLine } from "./foreign-text.ts";
import type { Rendered } from "./render.ts";

/** One message with one recipient. `messageId` is our UUIDv7; date, Message-ID and boundaries come from it, so the bytes repeat exactly. */
export type Envelope = {
  readonly messageId: string;
  readonly from: { readonly address: EmailAddress; readonly name: string };
  readonly to: { readonly address: EmailAddress; readonly name: string };
  readonly replyTo: EmailAddress | null;
  readonly language: string;
};

/** "<uuid@domain of the sender>": what a look-up at the receiving side finds. */
export const messageIdHeader = (messageId: string, from: EmailAddress): string => `<${messageId}@${domainOf(from)}>`;

/** The whole message as it goes over the wire, CRLF line ends, ASCII only. */
export function mimeMessage(envelope: Envelope, rendered: Rendered): string {
  const { messageId, from, to, replyTo, language } = envelope;
  const boundary = `=_${messageId.replaceAll("-", "")}`;
  const part = (type: string, body: string) =>
    `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${quotedPrintable(body)}\r\n`;
  const headers = [
    `Date: ${dateOf(messageId)}`,
    `From: ${mailbox(from)}`,
    `To: ${mailbox(to)}`,
    ...(replyTo ? [`Reply-To: ${replyTo}`] : []),
    `Message-ID: ${messageIdHeader(messageId, from.address)}`,
    `Subject: ${unstructured("Subject: ".length, rendered.subject)}`,
    `Content-Language: ${language}`,
    "Auto-Submitted: auto-generated",
    "MIME-Version: 1.0",
    `Content-Type: multipart/alternative;\r\n boundary="${boundary}"`,
  ];
  return `${headers.join("\r\n")}\r\n\r\n${part("text/plain", rendered.text)}${part("text/html", rendered.html)}--${boundary}--\r\n`;
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MS_PER_DAY = 86_400_000;

/** RFC 5322 date in UTC from the milliseconds at the head of a UUIDv7. */
export function dateOf(messageId: string): string {
  const ms = Number.parseInt(messageId.slice(0, 8) + messageId.slice(9, 13), 16);
  const days = Math.floor(ms / MS_PER_DAY);
  const { year, month, dayOfMonth } = civil(days);
  const seconds = Math.floor((ms - days * MS_PER_DAY) / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(":");
  return `${DAYS[(days + 4) % 7]}, ${dayOfMonth} ${MONTHS[month - 1]} ${year} ${time} +0000`;
}

/** Year, month and day of a day number since 1970 (Howard Hinnant's civil_from_days); core code holds no Date. */
function civil(days: number): { year: number; month: number; dayOfMonth: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const index = Math.floor((5 * dayOfYear + 2) / 153);
  const month = index < 10 ? index + 3 : index - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * index + 2) / 5) + 1,
  };
}

function mailbox({ address, name }: { readonly address: EmailAddress; readonly name: string }): string {
  const clean = oneLine(name).slice(0, 120);
  if (!clean) return address;
  const phrase = /^[A-Za-z0-9 ]+$/.test(clean) ? clean : encodedWords("Reply-To: ".length, clean);
  return `${phrase}\r\n <${address}>`;
}

const unstructured = (used: number, text: string): string =>
  /^[\x20-\x7e]*$/.test(text) && !text.includes("=?") && text.length + used <= 76 ? text : encodedWords(used, text);

/** RFC 2047 words of at most 75 characters, cut between characters, never inside one. */
function encodedWords(used: number, text: string): string {
  const words: string[] = [];
  let bytes: number[] = [];
  const limit = () => (words.length === 0 ? Math.floor((64 - used) / 4) * 3 : 45);
  const flush = () => {
    if (bytes.length > 0) words.push(`=?utf-8?B?${Buffer.from(bytes).toString("base64")}?=`);
    bytes = [];
  };
  for (const character of text) {
    const own = Buffer.from(character, "utf8");
    if (bytes.length + own.length > limit()) flush();
    bytes.push(...own);
  }
  flush();
  return words.join("\r\n ");
}

const SAFE = /[\x21-\x3c\x3e-\x7e]/;

/** RFC 2045 quoted-printable of UTF-8 text; lines of at most 76 characters. */
export function quotedPrintable(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(encodeLine)
    .join("\r\n");
}

function encodeLine(line: string): string {
  const tokens: string[] = [];
  for (const byte of Buffer.from(line, "utf8")) {
    const character = String.fromCharCode(byte);
    tokens.push(SAFE.test(character) || byte === 0x20 || byte === 0x09 ? character : hex(byte));
  }
  const last = tokens.at(-1);
  if (last === " " || last === "\t") tokens[tokens.length - 1] = hex(last.charCodeAt(0));
  let out = "";
  let width = 0;
  for (const token of tokens) {
    if (width + token.length > 75) {
      out += "=\r\n";
      width = 0;
    }
    // A dot at the start of a line is encoded, so that dot-stuffing never changes what is stored and hashed.
    const written = width === 0 && token === "." ? "=2E" : token;
    out += written;
    width += written.length;
  }
  return out;
}

const hex = (byte: number) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
