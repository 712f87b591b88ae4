import type { CalendarDate } from "#kernel/calendar-date.ts";
import { type Currency, type Money, money } from "#kernel/money.ts";
import type { Block, Inline, ItemColumn, ItemLine, Mark, TemplateText } from "./document.ts";
import { oneLine } from "./foreign-text.ts";
import { formatDay, formatDayShort, formatMoney } from "./format.ts";
import { isOptionalField, type Language } from "./merge-fields.ts";

export type FieldValue =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "money"; readonly money: Money }
  | { readonly type: "day"; readonly day: CalendarDate }
  | { readonly type: "count"; readonly count: number };

/** What a message says: values by merge-field key, the lines of its table, and who signs (one line each). */
export type MessageFacts = {
  readonly currency: Currency;
  readonly values: ReadonlyMap<string, FieldValue>;
  readonly lines: readonly ItemLine[];
  readonly signature: readonly string[];
};

export type Rendered = { readonly subject: string; readonly html: string; readonly text: string };
export type RenderFault = { readonly code: "field_missing" | "too_large"; readonly detail: string };
export type RenderResult =
  | { readonly ok: true; readonly value: Rendered }
  | { readonly ok: false; readonly fault: RenderFault };

export const MAX_OUTPUT_LENGTH = 1_000_000;
const MAX_SUBJECT_LENGTH = 200;

/** Subject, HTML and text of one message. Plain one-column HTML with inline styles and nothing external; every value is escaped. */
export function renderMessage(template: TemplateText, facts: MessageFacts, language: Language): RenderResult {
  const missing = missingField(template, facts);
  if (missing) return { ok: false, fault: { code: "field_missing", detail: missing } };
  const subject = template.subject.map((one) => plainOf(one, facts, language)).join("");
  const context = { facts, language };
  const blocks = template.body.filter((block) => isShown(block, facts));
  const html = page(blocks.map((block) => htmlOf(block, context)).join(""), subject, language);
  const text = `${blocks.map((block) => textOf(block, context)).join("\n\n")}\n`;
  if (html.length + text.length > MAX_OUTPUT_LENGTH)
    return { ok: false, fault: { code: "too_large", detail: String(html.length + text.length) } };
  return { ok: true, value: { subject: oneLine(subject).slice(0, MAX_SUBJECT_LENGTH), html, text } };
}

type Context = { readonly facts: MessageFacts; readonly language: Language };

/** A table speaks of the message's lines, or of its own. */
const tableContext = (own: Pick<MessageFacts, "currency" | "lines"> | undefined, context: Context): Context =>
  own ? { ...context, facts: { ...context.facts, ...own } } : context;

function missingField(template: TemplateText, facts: MessageFacts): string | undefined {
  const search = (inlines: readonly Inline[], mayBeLeftOut: boolean): string | undefined => {
    for (const one of inlines) {
      if (one.type !== "mergeField" || facts.values.has(one.key)) continue;
      if (!isOptionalField(one.key) || !mayBeLeftOut) return one.key;
    }
    return undefined;
  };
  const inBlocks = (blocks: readonly Block[]): string | undefined => {
    for (const block of blocks) {
      const found =
        block.type === "paragraph" || block.type === "heading"
          ? search(block.content, true)
          : block.type === "bulletList" || block.type === "orderedList"
            ? block.items.map(inBlocks).find((one) => one !== undefined)
            : undefined;
      if (found) return found;
    }
    return undefined;
  };
  return search(template.subject, false) ?? inBlocks(template.body);
}

/** A paragraph whose optional field has no value is left out whole: "IBAN" followed by nothing helps nobody. */
function isShown(block: Block, facts: MessageFacts): boolean {
  if (block.type === "paragraph" || block.type === "heading")
    return block.content.every((one) => one.type !== "mergeField" || facts.values.has(one.key));
  if (block.type === "openItemsTable") return (block.own ?? facts).lines.length > 0;
  return true;
}

/* ---- values ---- */

function valueText(value: FieldValue | undefined, language: Language): string {
  if (!value) return "";
  if (value.type === "text") return oneLine(value.text);
  if (value.type === "money") return formatMoney(value.money, language);
  if (value.type === "day") return formatDay(value.day, language);
  return String(value.count);
}

function plainOf(inline: Inline, facts: MessageFacts, language: Language): string {
  if (inline.type === "hardBreak") return "\n";
  const text = inline.type === "text" ? inline.text : valueText(facts.values.get(inline.key), language);
  const link = inline.marks.find((mark) => mark.type === "link");
  return link && link.href !== text ? `${text} (${link.href.replace(/^mailto:/i, "")})` : text;
}

const ESCAPED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (one) => ESCAPED[one] ?? "");

/* ---- HTML ---- */

const TEXT = "#0f2127";
const QUIET = "#58686b";
const LINE = "#e0ddd7";
const FONT = "font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5";

function htmlOf(block: Block, context: Context): string {
  switch (block.type) {
    case "paragraph":
      return `<p style="margin:0 0 14px">${inlineHtml(block.content, context)}</p>`;
    case "heading":
      return `<h${block.level} style="margin:18px 0 8px;font-size:${[0, 20, 18, 16][block.level]}px;line-height:1.3">${inlineHtml(block.content, context)}</h${block.level}>`;
    case "bulletList":
    case "orderedList": {
      const tag = block.type === "bulletList" ? "ul" : "ol";
      const items = block.items.map((blocks) => blocks.filter((one) => isShown(one, context.facts)));
      const shown = items.filter((blocks) => blocks.length > 0);
      return `<${tag} style="margin:0 0 14px;padding-left:24px">${shown
        .map((blocks) => `<li>${blocks.map((one) => htmlOf(one, context)).join("")}</li>`)
        .join("")}</${tag}>`;
    }
    case "openItemsTable":
      return tableHtml(block.columns, tableContext(block.own, context));
    case "signature":
      return `<p style="margin:0 0 14px">${context.facts.signature.map((line) => escapeHtml(oneLine(line))).join("<br>")}</p>`;
  }
}

function inlineHtml(inlines: readonly Inline[], { facts, language }: Context): string {
  return inlines
    .map((one) => {
      if (one.type === "hardBreak") return "<br>";
      const text = one.type === "text" ? one.text : valueText(facts.values.get(one.key), language);
      return marked(escapeHtml(text), one.marks);
    })
    .join("");
}

function marked(html: string, marks: readonly Mark[]): string {
  let out = html;
  for (const mark of marks) {
    if (mark.type === "bold") out = `<strong>${out}</strong>`;
    else if (mark.type === "italic") out = `<em>${out}</em>`;
    else out = `<a href="${escapeHtml(mark.href)}" style="color:#055061">${out}</a>`;
  }
  return out;
}

const HEADS: Readonly<Record<Language, Readonly<Record<ItemColumn, string>>>> = {
  fr: { number: "Facture", issuedOn: "Émise le", dueOn: "Échéance", original: "Montant TTC", open: "Reste dû" },
  en: { number: "Invoice", issuedOn: "Issued", dueOn: "Due", original: "Amount", open: "Open" },
};
const isAmount = (column: ItemColumn) => column === "original" || column === "open";

function cellsOf(line: ItemLine, columns: readonly ItemColumn[], { facts, language }: Context): string[] {
  return columns.map((column) => {
    if (column === "number") return oneLine(line.number);
    if (column === "issuedOn") return formatDayShort(line.issuedOn, language);
    if (column === "dueOn") return formatDayShort(line.dueOn, language);
    return formatMoney(money(column === "open" ? line.openMinor : line.originalMinor, facts.currency), language);
  });
}

export const totalOf = (lines: readonly ItemLine[]): bigint => lines.reduce((sum, line) => sum + line.openMinor, 0n);

function tableHtml(columns: readonly ItemColumn[], context: Context): string {
  const { facts, language } = context;
  const align = (column: ItemColumn) => (isAmount(column) ? "right" : "left");
  const cell = (tag: "td" | "th", column: ItemColumn, html: string, style: string) =>
    `<${tag} align="${align(column)}" style="padding:6px 12px 6px 0;${style};white-space:nowrap">${html}</${tag}>`;
  const head = columns.map((one) =>
    cell("th", one, HEADS[language][one], `border-bottom:1px solid ${LINE};font-weight:normal;color:${QUIET}`),
  );
  const rows = facts.lines.map((line) => {
    const cells = cellsOf(line, columns, context);
    return `<tr>${columns.map((one, index) => cell("td", one, escapeHtml(cells[index] ?? ""), `border-bottom:1px solid ${LINE}`)).join("")}</tr>`;
  });
  const total = formatMoney(money(totalOf(facts.lines), facts.currency), language);
  const foot = columns.map((one, index) =>
    cell(
      "td",
      one,
      index === 0 ? "Total" : one === "open" ? `<strong>${escapeHtml(total)}</strong>` : "",
      `border-top:1px solid ${TEXT}`,
    ),
  );
  return `<table cellpadding="0" cellspacing="0" style="border-collapse:collapse;margin:0 0 16px;${FONT};color:${TEXT}"><thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("")}<tr>${foot.join("")}</tr></tbody></table>`;
}

/** Dark text on a ground that is said to be white: a client that darkens pages then darkens both, never one of them. */
function page(body: string, subject: string, language: Language): string {
  return (
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
    `<meta name="color-scheme" content="light"><title>${escapeHtml(oneLine(subject))}</title></head>` +
    `<body style="margin:0;padding:0;background:#ffffff"><table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td style="padding:16px">` +
    `<table role="presentation" cellpadding="0" cellspacing="0" style="max-width:640px"><tr><td style="${FONT};color:${TEXT}">${body}</td></tr></table>` +
    `</td></tr></table></body></html>`
  );
}

/* ---- text ---- */

function textOf(block: Block, context: Context): string {
  const { facts, language } = context;
  switch (block.type) {
    case "paragraph":
    case "heading":
      return block.content.map((one) => plainOf(one, facts, language)).join("");
    case "bulletList":
    case "orderedList":
      return block.items
        .map((blocks, index) => {
          const bullet = block.type === "bulletList" ? "-" : `${index + 1}.`;
          const shown = blocks.filter((one) => isShown(one, facts));
          return shown.length === 0 ? "" : `${bullet} ${shown.map((one) => textOf(one, context)).join("\n  ")}`;
        })
        .filter((line) => line !== "")
        .join("\n");
    case "openItemsTable":
      return tableText(block.columns, tableContext(block.own, context));
    case "signature":
      return facts.signature.map(oneLine).join("\n");
  }
}

function tableText(columns: readonly ItemColumn[], context: Context): string {
  const { facts, language } = context;
  const rows = [
    columns.map((one) => HEADS[language][one]),
    ...facts.lines.map((line) => cellsOf(line, columns, context)),
  ];
  const total = formatMoney(money(totalOf(facts.lines), facts.currency), language);
  rows.push(columns.map((one, index) => (index === 0 ? "Total" : one === "open" ? total : "")));
  const widths = columns.map((_, index) => rows.reduce((width, row) => Math.max(width, (row[index] ?? "").length), 0));
  return rows
    .map((row) =>
      row
        .map((text, index) => {
          const column = columns[index];
          return column && isAmount(column) ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
