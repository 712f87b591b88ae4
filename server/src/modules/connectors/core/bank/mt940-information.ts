import { type Currency, parseCurrency } from "#kernel/money.ts";
import { joined, orNull } from "./build.ts";
import { accountText, leadingIban } from "./iban.ts";
import type { BankKind } from "./statement.ts";
import { minorOf } from "./values.ts";

/** What a :86: field says, whichever of its many shapes it has. */
export type Information = {
  readonly label: string;
  readonly remittance: string;
  readonly endToEndId: string | null;
  readonly mandateId: string | null;
  readonly name: string | null;
  readonly account: string | null;
  readonly bic: string | null;
  readonly ultimate: string | null;
  readonly creditorReference: string | null;
  readonly reason: { readonly code: string; readonly text: string | null } | null;
  readonly original: { readonly currency: Currency; readonly minor: bigint } | null;
  readonly feeMinor: bigint | null;
  readonly kind: BankKind | null;
};

const NOTHING: Information = {
  label: "",
  remittance: "",
  endToEndId: null,
  mandateId: null,
  name: null,
  account: null,
  bic: null,
  ultimate: null,
  creditorReference: null,
  reason: null,
  original: null,
  feeMinor: null,
  kind: null,
};

/** `reference` is that of the movement: Dutch banks put the other party's account there and repeat it here before the name. */
export function informationOf(lines: readonly string[], reference = ""): Information {
  if (lines.length === 0) return NOTHING;
  if (lines[0]?.startsWith(":NS:")) return withoutStandard(lines);
  const tight = lines.join("").trim();
  const numbered = /^(\d{3})([^\w\s])(?=\d{2})/.exec(tight);
  if (numbered) return german(tight.slice(3), numbered[2] ?? "?", numbered[1] ?? "");
  if (/^\/(BENM|ORDP)\/[^/]/.test(tight) && lines[1]?.startsWith("/")) return lineByLine(lines);
  if (/^\/[A-Z]{2,4}\//.test(tight)) return slashed(tight, lines);
  return free(lines, reference);
}

const ACCOUNT_AND_NAME = /\bREK: ?([A-Z0-9]{5,34})\/NAAM: ?(.*)$/;

function free(lines: readonly string[], reference: string): Information {
  // 999 is the business transaction code of "no code".
  const text = freeText(lines).replace(/^999(?=\p{L})/u, "");
  const iban = leadingIban(text);
  const first = lines[0]?.trim() ?? "";
  const account = iban ?? (/^\d{6,}$/.test(reference) && first.startsWith(`${reference} `) ? reference : null);
  const behind = account ? text.slice(account.length).trim() : "";
  const told = ACCOUNT_AND_NAME.exec(text);
  return {
    ...NOTHING,
    label: text,
    remittance: account && behind === "" ? "" : text,
    // "IBAN name" on the first line, the text on the following ones; or "REK: account/NAAM: name" on the last.
    account: account ?? accountText(told?.[1]),
    name: account ? orNull(first.slice(account.length)) : orNull(told?.[2]),
  };
}

/** "/BENM/account", then lines of "/name", "/references", "/text". */
function lineByLine(lines: readonly string[]): Information {
  const [account = "", name = "", ...rest] = lines.map((line) => line.trim().replace(/^\/(BENM\/|ORDP\/)?/, ""));
  const text = joined(...rest.filter((line) => !/^[0/]*$/.test(line)));
  return { ...NOTHING, label: text, remittance: text, account: accountText(account), name: orNull(name) };
}

/** Lines of 65 signs go on without a blank, shorter ones end a word. */
function freeText(lines: readonly string[]): string {
  let text = "";
  for (const line of lines) text += line.length >= 65 ? line : `${line} `;
  return text.replace(/\s+/g, " ").trim();
}

/** "166?00GUTSCHRIFT?20EREF+...?32NAME": sub-fields of two digits behind one sign (? or >, ~ and others). */
function german(text: string, sign: string, code: string): Information {
  const fields = new Map<string, string>();
  for (const part of text.split(sign).slice(1)) {
    const key = part.slice(0, 2);
    // A question mark of the text itself starts no field.
    if (/^\d{2}$/.test(key)) fields.set(key, (fields.get(key) ?? "") + part.slice(2));
    else fields.set("29", `${fields.get("29") ?? ""}${sign}${part}`);
  }
  const keys = [...fields.keys()].sort();
  const purpose = keys.filter((key) => /^2\d$|^6[0-3]$/.test(key)).map((key) => fields.get(key) ?? "");
  const tagged = taggedOf(purpose.map((part) => `\u241f${part}`).join(""));
  const label = fields.get("00")?.trim() || (tagged.get(BEFORE) ?? "");
  return {
    ...NOTHING,
    label,
    remittance:
      tagged.get("SVWZ") ??
      (tagged.size > 0 ? (tagged.get(REST) ?? "") : joined(...purpose.map((part) => part.replaceAll("\u241f", "")))),
    endToEndId: provided(tagged.get("EREF")),
    mandateId: tagged.get("MREF") ?? null,
    name: orNull(`${fields.get("32") ?? ""}${fields.get("33") ?? ""}`.replace(/\/$/, "")),
    account: accountText(fields.get("38") ?? fields.get("31")),
    bic: /^[A-Z]{6}[A-Z0-9]{2,5}$/.test(fields.get("30")?.trim() ?? "") ? (fields.get("30")?.trim() ?? null) : null,
    ultimate: tagged.get("ABWA") ?? null,
    reason: reasonOf(tagged, fields.get("34")),
    kind: KINDS_OF_CODES.find(([codes]) => codes.includes(code))?.[1] ?? null,
  };
}

/** Codes of German business transactions (GVC). */
const KINDS_OF_CODES: readonly (readonly [readonly string[], BankKind])[] = [
  [["159", "109", "181", "108"], "return"],
  [["166", "051", "152", "153", "168", "177", "191", "116", "118"], "transfer"],
  [["105", "104", "171", "192", "005", "071"], "direct_debit"],
  [["805", "808", "807"], "fee"],
  [["814"], "interest"],
  [["101", "102", "070"], "cheque"],
];

function reasonOf(tagged: ReadonlyMap<string, string>, extension: string | undefined): Information["reason"] {
  // 34 holds the return reason of SEPA as 901..., where 9 and two digits stand for a code of their own; kept as the bank writes it.
  const text = tagged.get("MTLG") ?? null;
  return text !== null && extension && /^9\d\d$/.test(extension.trim()) ? { code: extension.trim(), text } : null;
}

/** The sign for a unit separator marks where a sub-field begins. */
const TAGGED =
  /\u241f?(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|COAM|OAMT|IBAN|BIC|MTLG|PURP|MDAT)(?:\+)|\u241f(EREF|KREF|MREF|CRED|SVWZ|ABWA|MTLG):/g;
/** References of SEPA have 35 signs. */
const REFERENCES = new Set(["EREF", "KREF", "MREF", "CRED"]);

/** What stands before the first tag, and what a reference that ended left over. */
const BEFORE = "before";
const REST = "rest";
/** Sub-fields have 27 signs; one that is shorter than this ends what stands in it. */
const FULL = 25;

/**
 * "EREF+..., MREF+..., SVWZ+...": each goes on to the next, over the ends of sub-fields. Where no purpose is tagged, a reference ends with
 * its sub-field unless that is full, and what follows it is the purpose.
 */
function taggedOf(text: string): Map<string, string> {
  const tagged = new Map<string, string>();
  const marks = [...text.matchAll(TAGGED)];
  const hasPurpose = marks.some((mark) => (mark[1] ?? mark[2]) === "SVWZ");
  const before = plain(text.slice(0, marks[0]?.index ?? 0));
  if (before !== "") tagged.set(BEFORE, before);
  for (const [index, mark] of marks.entries()) {
    const key = mark[1] ?? mark[2] ?? "";
    if (tagged.has(key)) continue;
    const from = (mark.index ?? 0) + mark[0].length;
    const raw = text.slice(from, marks[index + 1]?.index ?? text.length);
    const own = REFERENCES.has(key) && !hasPurpose ? ownPart(raw, from - 1 - text.lastIndexOf("\u241f", from)) : raw;
    const value = plain(own);
    const kept = REFERENCES.has(key) ? value.slice(0, 35).trim() : value;
    if (kept !== "") tagged.set(key, kept);
    const rest = joined(tagged.get(REST), REFERENCES.has(key) ? value.slice(35) : "", plain(raw.slice(own.length)));
    if (rest !== "") tagged.set(REST, rest);
  }
  return tagged;
}

const plain = (text: string): string => text.replaceAll("\u241f", "").replace(/\s+/g, " ").trim();

/** The part of a value that its sub-fields hold together; `taken` signs of the first stand before it. */
function ownPart(raw: string, taken: number): string {
  let end = 0;
  let length = taken;
  for (const piece of raw.split("\u241f")) {
    if (end > 0 && length < FULL) return raw.slice(0, end - 1);
    length = end === 0 ? taken + piece.length : piece.length;
    end += piece.length + 1;
  }
  return raw;
}

const provided = (text: string | null | undefined): string | null =>
  text && !/^(NOTPROVIDED|NONREF|NOT PROVIDED)$/i.test(text) ? text : null;

const CODES =
  /\/(RTRN|EREF|PREF|IREF|MREF|KREF|MARF|CSID|CNTP|REMI|PURP|ULTC|ULTD|ULTB|EXCH|CHGS|CHRG|ORDP|BENM|NAME|ADDR|ISDT|TRTP|IBAN|BIC|OCMT|IACC|TRCD|SVCL|PT|PY|OAMT)\//g;

/** "/EREF/.../CNTP/iban/bic/name///REMI/USTD//text/" and "/ORDP//NAME/.../REMI/...". */
function slashed(text: string, lines: readonly string[]): Information {
  const found = new Map<string, string>();
  const marks = [...text.matchAll(CODES)];
  for (const [index, mark] of marks.entries()) {
    const key = mark[1] ?? "";
    const end = marks[index + 1]?.index ?? text.length;
    const value = text.slice((mark.index ?? 0) + mark[0].length, end);
    if (!found.has(key)) found.set(key, value);
  }
  const clean = (key: string) => orNull(found.get(key)?.replace(/^\/+|\/+$/g, ""));
  const [iban = "", bic = "", name = ""] = (found.get("CNTP") ?? "").split("/");
  const remittance = remittanceOf(found.get("REMI") ?? "");
  const reason = clean("RTRN");
  return {
    ...NOTHING,
    label: joined(clean("TRTP"), clean("PT"), clean("PY"), remittance.text),
    remittance: remittance.text || joined(clean("PY")) || (found.has("REMI") ? "" : uncoded(lines)),
    endToEndId: provided(clean("EREF")),
    mandateId: clean("MARF") ?? clean("MREF"),
    name: orNull(name) ?? clean("NAME"),
    account: accountText(iban) ?? accountText(clean("IBAN")),
    bic: orNull(bic) ?? clean("BIC"),
    ultimate: clean("ULTD") ?? clean("ULTC"),
    creditorReference: remittance.reference,
    reason: reason ? { code: reason.split("/")[0] ?? reason, text: null } : null,
    original: amountOf(clean("OCMT")) ?? amountOf(clean("OAMT")),
    feeMinor: amountOf(clean("CHGS"))?.minor ?? amountOf(clean("CHRG"))?.minor ?? null,
  };
}

/** Lines without a code that do not go on from a full one. */
const uncoded = (lines: readonly string[]): string =>
  joined(...lines.filter((line, index) => !line.startsWith("/") && (lines[index - 1]?.length ?? 65) < 60));

/** "USTD//text/" or "STRD/CUR/reference/" or plain text. */
function remittanceOf(text: string): { text: string; reference: string | null } {
  const structured = /^STRD\/(?:[A-Z]{3}\/)?([^/]+)/.exec(text);
  if (structured) return { text: "", reference: structured[1] ?? null };
  return { text: joined(text.replace(/^USTD\/\/?/, "").replace(/^\/+|\/+$/g, "")), reference: null };
}

function amountOf(text: string | null): Information["original"] {
  const parts = /^([A-Z]{3})([\d.,]+)/.exec(text ?? "");
  const currency = parts && parseCurrency(parts[1] ?? "");
  const minor = currency && minorOf((parts[2] ?? "").replace(/[.,]$/, ""), currency);
  return currency && minor !== undefined && minor !== null ? { currency, minor } : null;
}

/**
 * Lines of two digits and text. Germany: 01-14 purpose, 15 and 16 name, 17 text of the booking. Hungary: 09 label, 17 account in words,
 * 34 account.
 */
function withoutStandard(lines: readonly string[]): Information {
  const all = lines.map((line) => line.replace(/^:NS:/, ""));
  const of = (code: string) =>
    all
      .filter((line) => line.startsWith(code))
      .map((line) => line.slice(2).trim())
      .join("");
  const purpose = all.filter((line) => /^(0[1-9]|1[0-4])/.test(line)).map((line) => line.slice(2));
  const isHungarian = of("09") !== "";
  return {
    ...NOTHING,
    label: isHungarian ? of("09") : of("17") || joined(...purpose),
    remittance: isHungarian ? joined(of("09"), of("17")) : joined(...purpose) || of("17"),
    name: orNull(of("15") + of("16")),
    account: orNull(of("34")),
  };
}
