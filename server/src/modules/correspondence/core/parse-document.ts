import {
  type Block,
  DEFAULT_COLUMNS,
  type DocumentFault,
  type DocumentFaultCode,
  type Inline,
  ITEM_COLUMNS,
  type ItemColumn,
  LIMITS,
  type Mark,
  type TemplateText,
} from "./document.ts";
import { hasControl } from "./foreign-text.ts";

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: DocumentFault[] };

/** Subject and body of one language from what an editor or a caller sent. Nothing is repaired: what is not understood is a fault with its place. */
export function parseTemplateText(subject: unknown, body: unknown, fields: ReadonlySet<string>): Parsed<TemplateText> {
  const reader = new Reader(fields);
  const line = reader.subject(subject);
  const blocks = reader.document(body, "body");
  return reader.faults.length > 0
    ? { ok: false, faults: reader.faults }
    : { ok: true, value: { subject: line, body: blocks } };
}

type Node = Readonly<Record<string, unknown>>;

/** Link targets: https, http or mailto, without spaces, quotes, brackets or control characters. */
const LINK = /^(https?:\/\/[^\s"'<>\\^`{|}]{1,}|mailto:[^\s"'<>\\^`{|}]{3,})$/i;

class Reader {
  readonly faults: DocumentFault[] = [];
  readonly #fields: ReadonlySet<string>;
  #nodes = 0;
  #text = 0;

  constructor(fields: ReadonlySet<string>) {
    this.#fields = fields;
  }

  document(value: unknown, path: string): Block[] {
    const node = asNode(value);
    if (node?.type !== "doc" || !Array.isArray(node.content) || node.content.length === 0) {
      this.#fault(path, "not_a_document", "");
      return [];
    }
    return this.#blocks(node.content, `${path}.content`, 1);
  }

  subject(value: unknown): Inline[] {
    const node = asNode(value);
    const lines = node && node.type === "doc" && Array.isArray(node.content) ? node.content : [];
    const line = asNode(lines[0]);
    if (!line || lines.length !== 1 || line.type !== "paragraph") {
      this.#fault("subject", "subject_not_one_line", "");
      return [];
    }
    const inlines = this.#inlines(line.content, "subject.content.0.content");
    if (inlines.some((one) => one.type === "hardBreak")) this.#fault("subject", "subject_not_one_line", "");
    if (inlines.length === 0) this.#fault("subject", "subject_empty", "");
    return inlines;
  }

  #blocks(values: readonly unknown[], path: string, depth: number): Block[] {
    const blocks: Block[] = [];
    for (const [index, value] of values.entries()) {
      if (this.#isFull()) break;
      const block = this.#block(value, `${path}.${index}`, depth);
      if (block) blocks.push(block);
    }
    return blocks;
  }

  #block(value: unknown, path: string, depth: number): Block | undefined {
    const node = asNode(value);
    if (!node) return this.#fault(path, "unknown_node", typeof value);
    if (depth > LIMITS.depth) return this.#fault(path, "too_deep", String(LIMITS.depth));
    this.#count(path);
    switch (node.type) {
      case "paragraph":
        return { type: "paragraph", content: this.#inlines(node.content, `${path}.content`) };
      case "heading": {
        const level = asNode(node.attrs)?.level;
        if (level !== 1 && level !== 2 && level !== 3)
          return this.#fault(`${path}.attrs.level`, "bad_attribute", String(level));
        return { type: "heading", level, content: this.#inlines(node.content, `${path}.content`) };
      }
      case "bulletList":
      case "orderedList":
        return { type: node.type, items: this.#items(node.content, `${path}.content`, depth) };
      case "openItemsTable":
        return { type: "openItemsTable", columns: this.#columns(asNode(node.attrs)?.columns, `${path}.attrs.columns`) };
      case "signature":
        return { type: "signature" };
      default:
        return this.#fault(path, "unknown_node", String(node.type));
    }
  }

  #items(value: unknown, path: string, depth: number): Block[][] {
    if (!Array.isArray(value) || value.length === 0) {
      this.#fault(path, "unknown_node", "empty list");
      return [];
    }
    const items: Block[][] = [];
    for (const [index, one] of value.entries()) {
      if (this.#isFull()) break;
      const node = asNode(one);
      this.#count(path);
      if (node?.type !== "listItem" || !Array.isArray(node.content))
        this.#fault(`${path}.${index}`, "unknown_node", String(node?.type));
      else items.push(this.#blocks(node.content, `${path}.${index}.content`, depth + 2));
    }
    return items;
  }

  #columns(value: unknown, path: string): readonly ItemColumn[] {
    if (value === undefined || value === null) return DEFAULT_COLUMNS;
    const known = Array.isArray(value) ? ITEM_COLUMNS.filter((column) => value.includes(column)) : [];
    if (!Array.isArray(value) || known.length !== value.length || !known.includes("open")) {
      this.#fault(path, "bad_attribute", String(value));
      return DEFAULT_COLUMNS;
    }
    return known;
  }

  #inlines(value: unknown, path: string): Inline[] {
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.#fault(path, "unknown_node", typeof value);
      return [];
    }
    const inlines: Inline[] = [];
    for (const [index, one] of value.entries()) {
      if (this.#isFull()) break;
      const inline = this.#inline(one, `${path}.${index}`);
      if (inline) inlines.push(inline);
    }
    return inlines;
  }

  #inline(value: unknown, path: string): Inline | undefined {
    const node = asNode(value);
    if (!node) return this.#fault(path, "unknown_node", typeof value);
    this.#count(path);
    if (node.type === "hardBreak") return { type: "hardBreak" };
    if (node.type === "text") {
      if (typeof node.text !== "string" || node.text === "" || hasControl(node.text))
        return this.#fault(path, "bad_text", String(node.text));
      this.#text += node.text.length;
      if (this.#text > LIMITS.textLength) return this.#fault(path, "too_large", String(LIMITS.textLength));
      return { type: "text", text: node.text, marks: this.#marks(node.marks, path) };
    }
    if (node.type === "mergeField") {
      const key = asNode(node.attrs)?.key;
      if (typeof key !== "string" || !this.#fields.has(key)) return this.#fault(path, "unknown_field", String(key));
      return { type: "mergeField", key, marks: this.#marks(node.marks, path) };
    }
    return this.#fault(path, "unknown_node", String(node.type));
  }

  #marks(value: unknown, path: string): Mark[] {
    if (value === undefined) return [];
    if (!Array.isArray(value) || value.length > 3) {
      this.#fault(`${path}.marks`, "unknown_mark", "");
      return [];
    }
    const marks: Mark[] = [];
    for (const one of value) {
      const node = asNode(one);
      if (node?.type === "bold" || node?.type === "italic") marks.push({ type: node.type });
      else if (node?.type === "link") {
        const href = asNode(node.attrs)?.href;
        if (typeof href === "string" && href.length <= LIMITS.hrefLength && LINK.test(href))
          marks.push({ type: "link", href });
        else this.#fault(`${path}.marks`, "bad_link", String(href));
      } else this.#fault(`${path}.marks`, "unknown_mark", String(node?.type));
    }
    return marks;
  }

  #count(path: string): void {
    this.#nodes += 1;
    if (this.#nodes === LIMITS.nodes + 1) this.#fault(path, "too_large", String(LIMITS.nodes));
  }

  #isFull(): boolean {
    return this.#nodes > LIMITS.nodes || this.faults.length >= LIMITS.faults;
  }

  #fault(path: string, code: DocumentFaultCode, detail: string): undefined {
    if (this.faults.length < LIMITS.faults) this.faults.push({ path, code, detail: detail.slice(0, 80) });
    return undefined;
  }
}

/** A plain object's own properties; arrays, functions and inherited properties are not read. */
function asNode(value: unknown): Node | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.assign(Object.create(null), value) as Node;
}
