import { FileRefused } from "../fault.ts";

/** An aggregate of an OFX file; leaves are children with a text. Names are upper case. */
export type OfxNode = { readonly name: string; readonly line: number; text: string; readonly children: OfxNode[] };

const TOKEN = /<(\/?)([A-Za-z][A-Za-z0-9._]{0,60})\s*(\/?)>|<[?!][^<>]{0,2000}>|([^<]+)|</g;
const DEEPEST = 60;
const MOST_NODES = 3_000_000;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };
/** Rows of a list: one that opens while another is open ends it. */
const ROWS = new Set(["STMTTRN", "STMTTRNP", "STMTTRNRS", "CCSTMTTRNRS"]);

/**
 * The tree of an OFX file. Leaves of OFX 1 are not closed: a tag with text is a leaf, whatever follows; one without text holds what
 * follows until its end tag, and if it never ends its content belongs to what holds it.
 */
export function parseOfx(given: string): OfxNode {
  if (/<!DOCTYPE|<!ENTITY/i.test(given)) throw new FileRefused("xml_doctype", 1);
  const text = withoutSections(withoutComments(given));
  const root: OfxNode = { name: "", line: 1, text: "", children: [] };
  const open: OfxNode[] = [root];
  let line = 1;
  let nodes = 0;
  let counted = 0;
  for (const token of text.matchAll(TOKEN)) {
    const at = token.index ?? 0;
    for (; counted < at; counted += 1) if (text.charCodeAt(counted) === 10) line += 1;
    const [, slash, tag, isEmpty, plain] = token;
    const top = open.at(-1) ?? root;
    if (tag === undefined) {
      const value = plain === undefined ? "" : unescaped(plain);
      if (value.trim() !== "" && top !== root) top.text += value;
      continue;
    }
    const name = tag.toUpperCase();
    if (slash) {
      closeTo(open, name);
      continue;
    }
    settleLeaf(open);
    if (ROWS.has(name)) closeRow(open, name);
    nodes += 1;
    if (nodes > MOST_NODES || open.length > DEEPEST) throw new FileRefused("xml_too_deep", line);
    const node: OfxNode = { name, line, text: "", children: [] };
    (open.at(-1) ?? root).children.push(node);
    if (!isEmpty) open.push(node);
  }
  return root;
}

/** Comments may hold whole elements; their lines are kept so that places stay right. One that never ends hides nothing. */
function withoutComments(text: string): string {
  let at = text.indexOf("<!--");
  if (at < 0) return text;
  const parts: string[] = [];
  let from = 0;
  while (at >= 0) {
    const end = text.indexOf("-->", at);
    if (end < 0) break;
    parts.push(text.slice(from, at), text.slice(at, end).replace(/[^\n]+/g, ""));
    from = end + 3;
    at = text.indexOf("<!--", from);
  }
  return parts.join("") + text.slice(from);
}

const SECTION = "<![CDATA[";

/** Character data sections as escaped text; one that never ends runs to the end of the file. */
function withoutSections(text: string): string {
  let at = text.indexOf(SECTION);
  if (at < 0) return text;
  const parts: string[] = [];
  let from = 0;
  while (at >= 0) {
    const end = text.indexOf("]]>", at);
    const stop = end < 0 ? text.length : end;
    parts.push(
      text.slice(from, at),
      text
        .slice(at + SECTION.length, stop)
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;"),
    );
    from = end < 0 ? text.length : end + 3;
    at = text.indexOf(SECTION, from);
  }
  return parts.join("") + text.slice(from);
}

/** A tag that has got a text is a leaf: the next tag stands beside it. */
function settleLeaf(open: OfxNode[]): void {
  while (open.length > 1 && (open.at(-1)?.text.trim() ?? "") !== "") open.pop();
}

/** Closes the nearest open tag of that name; what stayed open inside hands its content on. An end tag without start is ignored. */
function closeTo(open: OfxNode[], name: string): void {
  const at = open.findLastIndex((node) => node.name === name);
  if (at < 1) return;
  while (open.length > at + 1) flatten(open);
  open.pop();
}

function closeRow(open: OfxNode[], name: string): void {
  const at = open.findLastIndex((node) => node.name === name);
  if (at >= 1) closeTo(open, name);
}

/** Names that hold others even where their end tag was forgotten. */
const AGGREGATES = new Set([
  ...ROWS,
  ..."OFX BANKMSGSRSV1 CREDITCARDMSGSRSV1 STMTRS CCSTMTRS BANKTRANLIST BANKTRANLISTP BANKACCTFROM CCACCTFROM BANKACCTTO LEDGERBAL AVAILBAL STATUS SONRS PAYEE INVSTMTRS INVTRANLIST INVBANKTRAN INVACCTFROM".split(
    " ",
  ),
]);

/** An empty leaf that was never closed: its children belong to its parent. */
function flatten(open: OfxNode[]): void {
  const node = open.pop();
  const parent = open.at(-1);
  if (!node || !parent || node.children.length === 0 || AGGREGATES.has(node.name)) return;
  parent.children.push(...node.children.splice(0));
}

const unescaped = (text: string): string =>
  text.includes("&")
    ? text.replace(/&(#\d{1,6}|[a-z]{2,5});/gi, (whole, name: string) => {
        if (name.startsWith("#"))
          return Number(name.slice(1)) < 0x11_0000 ? String.fromCodePoint(Number(name.slice(1))) : whole;
        return Object.hasOwn(ENTITIES, name.toLowerCase()) ? (ENTITIES[name.toLowerCase()] ?? whole) : whole;
      })
    : text;

export const ofxChild = (node: OfxNode | undefined, name: string): OfxNode | undefined =>
  node?.children.find((one) => one.name === name);

export const ofxText = (node: OfxNode | undefined, name: string): string | undefined =>
  ofxChild(node, name)?.text.replace(/\s+/g, " ").trim() || undefined;

export function ofxDescendants(node: OfxNode, name: string): OfxNode[] {
  return node.children.flatMap((one) => (one.name === name ? [one] : ofxDescendants(one, name)));
}
