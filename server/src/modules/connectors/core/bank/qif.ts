import { calendarDateOf } from "#kernel/calendar-date.ts";
import { linesOfText } from "../decode.ts";
import { type DayOrder, dayOrderOf } from "../parse-value.ts";
import {
  finishFile,
  joined,
  newDetail,
  newStatement,
  orNull,
  type StatementDraft,
  type Warnings,
  warningList,
} from "./build.ts";
import { kindOfLabel } from "./kind-of-label.ts";
import type { BankFile } from "./statement.ts";
import { fullYear, minorOf } from "./values.ts";

export const isQif = (text: string): boolean => /^\s*!(Type|Account|Option)\b/im.test(text.slice(0, 4_000));

type QifRecord = { readonly line: number; readonly fields: Map<string, string> };

/** QIF: no account number, no currency, no balance; the order of day and month follows from all its days. */
export function readQif(text: string, warnings: Warnings = warningList()): BankFile {
  const sections = sectionsOf(text);
  const days = sections.flatMap(({ records }) => records.map(({ fields }) => normal(fields.get("D") ?? "")));
  const isYearFirst = areYearsFirst(days);
  const order = isYearFirst ? "dmy" : dayOrderOf(days);
  if (order === undefined && days.length > 0) warnings.add("day_order_unknown", 1);
  const drafts = sections.map(({ account, records, line }) => {
    const draft = newStatement(line);
    draft.account = account;
    for (const record of records)
      addEntry(draft, record, isYearFirst ? "ymd" : order === "none" || !order ? "dmy" : order, warnings);
    return draft;
  });
  return finishFile("qif", drafts, [], warnings);
}

/**
 * Years of two digits that stand first: the same or the next on every line, while what stands last changes as days do and would be
 * years far apart.
 */
function areYearsFirst(days: readonly string[]): boolean {
  const parts = days.flatMap((one) => {
    const found = /^(\d{1,2})\/(\d{1,2})\/(\d{1,2})$/.exec(one);
    return found ? [found.slice(1).map(Number)] : [];
  });
  if (parts.length < 2 || parts.length < days.length) return false;
  const spread = (at: number) => {
    const values = parts.map((part) => part[at] ?? 0);
    return Math.max(...values) - Math.min(...values);
  };
  const isPossible = parts.every(([, month = 0, day = 0]) => month >= 1 && month <= 12 && day >= 1 && day <= 31);
  return isPossible && parts.every(([year = 0]) => year > 12) && spread(0) <= 1 && spread(2) > 2;
}

type Section = { account: string; line: number; records: QifRecord[] };

function sectionsOf(text: string): Section[] {
  const sections: Section[] = [];
  let account = "";
  let isAccount = false;
  let current: Section | undefined;
  let fields = new Map<string, string>();
  let start = 0;
  for (const [index, line] of linesOfText(text).entries()) {
    const trimmed = line.trim();
    if (trimmed.startsWith("!")) {
      isAccount = /^!Account/i.test(trimmed);
      if (/^!Type:(Bank|Cash|CCard|Oth A|Oth L|Invoice)/i.test(trimmed)) {
        current = { account, line: index + 1, records: [] };
        sections.push(current);
      } else if (!isAccount && !/^!(Option|Clear)/i.test(trimmed)) current = undefined;
      fields = new Map();
    } else if (trimmed === "^") {
      if (isAccount) account = fields.get("N") ?? account;
      else if (fields.size > 0) current?.records.push({ line: start, fields });
      fields = new Map();
    } else if (trimmed !== "") {
      if (fields.size === 0) start = index + 1;
      const key = trimmed[0] ?? "";
      if (!fields.has(key)) fields.set(key, trimmed.slice(1).trim());
    }
  }
  if (fields.size > 0 && !isAccount) current?.records.push({ line: start, fields });
  return sections;
}

/** "1/ 5'13" and "12-8-2013" as three numbers. */
const normal = (text: string): string => text.replace(/\s+/g, "").replace(/['.-]/g, "/");

function addEntry(
  draft: StatementDraft,
  { line, fields }: QifRecord,
  order: DayOrder | "ymd",
  warnings: Warnings,
): void {
  const text = (fields.get("T") ?? fields.get("U") ?? "").replace(/[\s\u00a0\u202f]/g, "");
  // Thousands are grouped with the mark that is not the last one.
  const isComma = text.lastIndexOf(",") > text.lastIndexOf(".") && /,\d{1,2}$/.test(text);
  const amountMinor = minorOf(isComma ? text.replaceAll(".", "") : text.replaceAll(",", ""), draft.currency);
  if (amountMinor === undefined) {
    warnings.add("impossible_amount", line, { column: "T", value: text });
    return;
  }
  const label = joined(fields.get("P"), fields.get("M"));
  draft.entries.push({
    position: String(line),
    amountMinor,
    isReversal: false,
    status: "booked",
    bookedOn: dayOf(fields.get("D") ?? "", order, line, warnings),
    valueOn: null,
    bankReference: null,
    entryReference: orNull(fields.get("N")),
    typeCode: null,
    kind: kindOfLabel(label),
    text: label,
    details: [
      newDetail(amountMinor, { payerName: orNull(fields.get("P")), remittance: joined(fields.get("M")) || label }),
    ],
  });
}

function dayOf(text: string, order: DayOrder | "ymd", line: number, warnings: Warnings) {
  const parts = /^(\d{1,4})\/(\d{1,2})\/(\d{1,4})$/.exec(normal(text));
  const [first = 0, second = 0, third = 0] = parts?.slice(1).map(Number) ?? [];
  const isYearFirst = order === "ymd" || (parts?.[1]?.length ?? 0) === 4;
  const stated = isYearFirst ? first : third;
  const year = stated < 100 ? fullYear(stated) : stated;
  const found = isYearFirst
    ? calendarDateOf(year, second, third)
    : order === "mdy"
      ? calendarDateOf(year, first, second)
      : calendarDateOf(year, second, first);
  if (!found) warnings.add("impossible_date", line, { column: "D", value: text });
  return found ?? null;
}
