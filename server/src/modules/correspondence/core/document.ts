import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Currency } from "#kernel/money.ts";

/** One line of the open-items table; credits are negative. */
export type ItemLine = {
  readonly number: string;
  readonly issuedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly originalMinor: bigint;
  readonly openMinor: bigint;
};

/** A template as data: the subset of Tiptap's JSON that we store and render. No node carries code, markup or an address of an image. */
export type Mark =
  | { readonly type: "bold" }
  | { readonly type: "italic" }
  | { readonly type: "link"; readonly href: string };

export type Inline =
  | { readonly type: "text"; readonly text: string; readonly marks: readonly Mark[] }
  | { readonly type: "mergeField"; readonly key: string; readonly marks: readonly Mark[] }
  | { readonly type: "hardBreak" };

export type ItemColumn = "number" | "issuedOn" | "dueOn" | "original" | "open";

export type Block =
  | { readonly type: "paragraph"; readonly content: readonly Inline[] }
  | { readonly type: "heading"; readonly level: 1 | 2 | 3; readonly content: readonly Inline[] }
  | { readonly type: "bulletList" | "orderedList"; readonly items: readonly (readonly Block[])[] }
  | {
      readonly type: "openItemsTable";
      readonly columns: readonly ItemColumn[];
      /** Lines of its own instead of the message's; never in a template that is kept. */
      readonly own?: { readonly currency: Currency; readonly lines: readonly ItemLine[] };
    }
  | { readonly type: "signature" };

export type TemplateDocument = readonly Block[];

/** Subject and body of one language. The subject is one line of text and merge fields. */
export type TemplateText = { readonly subject: readonly Inline[]; readonly body: TemplateDocument };

export type DocumentFaultCode =
  | "not_a_document"
  | "unknown_node"
  | "unknown_mark"
  | "unknown_field"
  | "bad_text"
  | "bad_link"
  | "bad_attribute"
  | "too_deep"
  | "too_large"
  | "subject_not_one_line"
  | "subject_empty";

/** Where and why a document cannot be saved; `path` as in "body.content.2.content.0", `detail` the offending word, shortened. */
export type DocumentFault = { readonly path: string; readonly code: DocumentFaultCode; readonly detail: string };

export const LIMITS = { depth: 8, nodes: 2_000, textLength: 50_000, hrefLength: 2_000, faults: 20 } as const;

export const ITEM_COLUMNS: readonly ItemColumn[] = ["number", "issuedOn", "dueOn", "original", "open"];
export const DEFAULT_COLUMNS: readonly ItemColumn[] = ["number", "dueOn", "open"];
