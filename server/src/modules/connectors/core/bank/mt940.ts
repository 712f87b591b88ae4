import type { CalendarDate } from "#kernel/calendar-date.ts";
import { type Currency, parseCurrency } from "#kernel/money.ts";
import { linesOfText } from "../decode.ts";
import { FileRefused } from "../fault.ts";
import { finishFile, newStatement, type StatementDraft, type Warnings, warningList } from "./build.ts";
import { accountText } from "./iban.ts";
import { type Movement, movementEntry, readMovement } from "./mt940-entry.ts";
import type { BankBalance, BankFile } from "./statement.ts";
import { minorOf, shortDay, ungrouped } from "./values.ts";

/** One tag with the lines that follow it. */
type Tag = { readonly name: string; readonly line: number; readonly lines: string[] };

const TAG = /^:(\d{2}[A-Z]?|NS):(.*)$/;
/** A balance whose tag has lost its second colon. */
const OPEN_BALANCE = /^:(6[0245][FM]?)(?=[CD]\d{6}[A-Z]{3})(.*)$/;
const KNOWN = /^(20|25|25P|28|28C|6\d[A-Z]?|86|34F|13D|90D|90C|21|13|NS|13C)$/;

export const isMt940 = (text: string): boolean =>
  /^\s{0,4}:(20|25P?|28C?|6[024][FM]|6[145]|86|NS):/m.test(text.slice(0, 20_000));

/** MT940 and MT942, whole messages or fragments, with or without SWIFT envelopes and the headers that banks put before them. */
export function readMt940(text: string, warnings: Warnings = warningList()): BankFile {
  const tags = tagsOf(text);
  if (tags.length === 0) throw new FileRefused("not_a_statement", 1);
  const isInterim = tags.some(({ name }) => /^(34F|90[CD]|13D)$/.test(name));
  const reader = statementReader(isInterim, warnings);
  for (const tag of tags) reader.read(tag);
  return finishFile(isInterim ? "mt942" : "mt940", reader.end(), [], warnings);
}

/** Envelopes, separators and lines before the first tag are left out; what follows a tag belongs to it. */
function tagsOf(text: string): Tag[] {
  const tags: Tag[] = [];
  let current: Tag | undefined;
  const lines = linesOfText(text);
  for (let index = 0; index < lines.length; index += 1) {
    let line = (lines[index] ?? "").replace(/^\{1:.*?\{4:\s*/, "").replace(/^\s+(?=:\d\d[A-Z]?:)/, "");
    // A tag cut after its first colon goes on in the next line.
    if (line.trim() === ":" && /^\d{2}[A-Z]?:/.test(lines[index + 1] ?? "")) {
      index += 1;
      line = `:${lines[index] ?? ""}`;
    }
    const tag = TAG.exec(line) ?? OPEN_BALANCE.exec(line);
    if (tag && KNOWN.test(tag[1] ?? "")) {
      current = { name: tag[1] ?? "", line: index + 1, lines: [tag[2] ?? ""] };
      tags.push(current);
    } else if (/^-(\}|XXX|\s*$)/.test(line) || /^\{\d:/.test(line)) {
      // "-" alone closes a message, but inside a long information field it may be a wrapped hyphen.
      if (/^-\s*$/.test(line) && current?.name === "86" && goesOn(lines, index)) current.lines.push(line);
      else current = undefined;
    } else if (current) current.lines.push(line);
  }
  return tags;
}

/** Whether plain text follows, not a tag, a header or the end. */
function goesOn(lines: readonly string[], index: number): boolean {
  const next = lines[index + 1]?.trim() ?? "";
  return (
    next !== "" &&
    !TAG.test(next) &&
    !next.startsWith("{") &&
    /^[A-Z]{3,}\d|^\d|\//.test(next) &&
    isTagAhead(lines, index)
  );
}

function isTagAhead(lines: readonly string[], index: number): boolean {
  for (const line of lines.slice(index + 1, index + 12)) {
    const tag = TAG.exec(line)?.[1];
    if (tag) return tag === "61" || tag.startsWith("62") || tag === "86";
  }
  return false;
}

type Open = StatementDraft & { isBegun: boolean; isIntermediate: boolean; endsIntermediate: boolean };

function statementReader(isInterim: boolean, warnings: Warnings) {
  const done: Open[] = [];
  let current: Open | undefined;
  let movement: Movement | undefined;
  const begin = (line: number): Open => {
    closeMovement();
    current = {
      ...newStatement(line, isInterim ? "intraday" : "statement"),
      isBegun: false,
      isIntermediate: false,
      endsIntermediate: false,
    };
    done.push(current);
    return current;
  };
  const here = (line: number): Open => current ?? begin(line);
  const closeMovement = () => {
    if (movement && current) current.entries.push(movementEntry(movement, current.currency, warnings));
    movement = undefined;
  };
  const read = (tag: Tag): void => {
    const first = tag.lines[0] ?? "";
    switch (tag.name) {
      case "20":
        begin(tag.line);
        return;
      case "25":
      case "25P": {
        // Some files write the tag of the account where that of the information belongs.
        if (movement && /^\d{3}[^\w\s]\d{2}/.test(first)) {
          warnings.add("wrong_tag", tag.line, { column: `:${tag.name}:` });
          movement.information.push(...tag.lines);
          return;
        }
        const at = current?.account || current?.closing ? begin(tag.line) : here(tag.line);
        Object.assign(at, accountOf(joinedShort(tag.lines)));
        return;
      }
      case "28":
      case "28C":
        here(tag.line).number = joinedShort(tag.lines) || null;
        return;
      case "60F":
      case "60M": {
        closeMovement();
        const at =
          current?.opening || current?.closing || (current?.entries.length ?? 0) > 0 ? begin(tag.line) : here(tag.line);
        at.opening = balanceOf(first, tag, at, warnings);
        at.isIntermediate = tag.name === "60M";
        return;
      }
      case "61": {
        closeMovement();
        // A movement after the closing balance is not of that statement.
        if (current?.closing) {
          warnings.add("entry_after_closing", tag.line);
          begin(tag.line);
        }
        const at = here(tag.line);
        movement = readMovement(tag.lines, tag.line, at.currency, warnings);
        return;
      }
      case "NS":
      case "86":
        if (movement)
          movement.information.push(...(tag.name === "NS" ? tag.lines.map((one) => `:NS:${one}`) : tag.lines));
        return;
      case "34F":
        here(tag.line).currency ??= parseCurrency(first.slice(0, 3)) ?? null;
        return;
      case "62F":
      case "62M": {
        closeMovement();
        const at = current?.closing ? begin(tag.line) : here(tag.line);
        at.closing = balanceOf(first, tag, at, warnings);
        at.endsIntermediate = tag.name === "62M";
        return;
      }
      default:
        if (tag.name !== "21" && tag.name !== "13") closeMovement();
    }
  };
  return {
    read,
    end: (): StatementDraft[] => {
      closeMovement();
      return stitched(done).map(({ isBegun: _, isIntermediate: __, endsIntermediate: ___, ...draft }) => draft);
    },
  };
}

/** Short fields may be wrapped anywhere; blanks at the ends mean nothing. */
const joinedShort = (lines: readonly string[]): string => lines.map((line) => line.trim()).join("");

/** "NL77INGB0574908765EUR", "50880050/0194774600888", "TRIODOSBANK/0390123456": bank, account and currency where they are told. */
function accountOf(text: string): Partial<Pick<Open, "account" | "bankCode" | "currency">> {
  const currency = parseCurrency(/(?:[\s/]|\d)([A-Z]{3})$/.exec(text)?.[1] ?? "");
  const bare = (currency ? text.slice(0, -3) : text).replace(/[\s/]+$/, "").replace(/^\/+/, "");
  const parts = /^([^/]+)\/(.+)$/.exec(bare);
  return {
    account: accountText(parts && /^[A-Z]{6}[A-Z0-9]{2,5}$/.test(parts[1] ?? "") ? parts[2] : bare) ?? "",
    bankCode: parts?.[1]?.trim() ?? null,
    ...(currency ? { currency } : {}),
  };
}

function balanceOf(text: string, tag: Tag, at: Open, warnings: Warnings): BankBalance | null {
  // Some write no currency, or a fourth letter behind it: it is then that of the statement, or the first three.
  const parts = /^([CD])(\d{6})([A-Z]{3})?[A-Z]?\s*([\d., ]+)/i.exec(text.trim());
  const currency = parts?.[3] ? currencyOf(parts[3].toUpperCase(), at, tag, warnings) : at.currency;
  const size = parts ? minorOf(ungrouped(parts[4] ?? ""), currency ?? at.currency) : undefined;
  if (!parts || size === undefined) {
    warnings.add("impossible_amount", tag.line, { column: `:${tag.name}:`, value: text });
    return null;
  }
  at.currency ??= currency;
  const on: CalendarDate | null = shortDay(parts[2] ?? "", warnings, tag.line, `:${tag.name}:`);
  const isOther = currency !== null && at.currency !== null && currency !== at.currency;
  if (isOther) warnings.add("balance_currency", tag.line, { column: `:${tag.name}:`, value: currency });
  return { on, minor: parts[1]?.toUpperCase() === "D" ? -size : size, ...(isOther ? { currency } : {}) };
}

/** Currencies that no longer exist (DEM) are read with two decimals and said. */
function currencyOf(code: string, at: Open, tag: Tag, warnings: Warnings): Currency | null {
  const currency = parseCurrency(code);
  if (!currency && !at.isBegun) {
    at.isBegun = true;
    at.writtenCurrency = code;
    warnings.add("unknown_currency", tag.line, { column: `:${tag.name}:`, value: code });
  }
  return currency ?? null;
}

/** Intermediate pages (62M then 60M of the same account) are one statement. */
function stitched(pages: readonly Open[]): Open[] {
  const whole: Open[] = [];
  for (const page of pages) {
    const before = whole.at(-1);
    const isNextPage =
      before?.endsIntermediate &&
      page.isIntermediate &&
      before.account === page.account &&
      sheetOf(before) === sheetOf(page) &&
      before.closing?.minor === page.opening?.minor;
    if (!isNextPage) {
      whole.push(page);
      continue;
    }
    for (const entry of page.entries) before.entries.push(entry);
    before.closing = page.closing;
    before.endsIntermediate = page.endsIntermediate;
  }
  return whole;
}

const sheetOf = (page: Open): string => (page.number ?? "").split("/")[0] ?? "";
