import { SaxesParser } from "saxes";
import { FileRefused, shorten } from "./fault.ts";

/** An element without its name space; text is the joined character data directly inside it, trimmed by readers. */
export type XmlNode = {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: XmlNode[];
  readonly line: number;
  text: string;
};

/** Takes an element away as soon as it is complete, so that long files are never held as a tree. `parents` runs from the root down. */
export type Take = { readonly name: string; readonly on: (node: XmlNode, parents: readonly XmlNode[]) => void };

const DEEPEST = 100;
const MOST_NODES = 3_000_000;
const LONGEST_NAME = 200;
const CHUNK = 1 << 16;

/**
 * Root element of a well-formed document. No document type, no entity but the five of XML and character references is ever read:
 * a DOCTYPE refuses the file, and so does depth beyond 100 or more elements than any message has.
 */
export function parseXml(given: string, take?: Take): XmlNode {
  const text = withoutDeclaration(given);
  const parser = new SaxesParser({ fileName: "" });
  const open: XmlNode[] = [];
  let root: XmlNode | undefined;
  let nodes = 0;
  const refuse = (code: string, value?: string): never => {
    throw new FileRefused(code, parser.line, {
      column: String(parser.columnIndex + 1),
      ...(value ? { value: shorten(value) } : {}),
    });
  };
  parser.on("error", (error) => refuse("xml_damaged", error.message.replace(/^[\d:\s]*/, "")));
  parser.on("doctype", () => refuse("xml_doctype"));
  parser.on("opentag", (tag) => {
    nodes += 1;
    if (open.length >= DEEPEST) refuse("xml_too_deep");
    if (nodes > MOST_NODES) refuse("file_too_complex");
    if (tag.name.length > LONGEST_NAME) refuse("xml_damaged", tag.name);
    const attributes = Object.entries(tag.attributes) as [string, string][];
    const node: XmlNode = { name: localName(tag.name), attributes, children: [], line: parser.line, text: "" };
    open.push(node);
    root ??= node;
  });
  const addText = (more: string) => {
    const node = open.at(-1);
    if (node) node.text += more;
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", () => {
    const node = open.pop();
    if (!node) return;
    node.text = node.text.trim();
    if (take && node.name === take.name) take.on(node, open);
    else open.at(-1)?.children.push(node);
  });
  for (let at = 0; at < text.length; at += CHUNK) parser.write(text.slice(at, at + CHUNK));
  parser.close();
  return root ?? refuse("xml_damaged");
}

/** The encoding is settled before; a declaration that is not well-formed hides nothing. Lines keep their numbers. */
function withoutDeclaration(text: string): string {
  const start = /^\s*/.exec(text)?.[0].length ?? 0;
  const end = text.startsWith("<?xml", start) ? text.indexOf("?>", start) : -1;
  if (end < 0 || end > start + 400) return text.slice(start);
  return text.slice(0, end + 2).replace(/[^\n]+/g, "") + text.slice(end + 2);
}

const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

/** First descendant by local names, one level each. */
export function child(node: XmlNode | undefined, ...path: string[]): XmlNode | undefined {
  let at = node;
  for (const name of path) at = at?.children.find((one) => one.name === name);
  return at;
}

export const childrenOf = (node: XmlNode | undefined, name: string): XmlNode[] =>
  node?.children.filter((one) => one.name === name) ?? [];

/** Text of a descendant; undefined when absent or blank. */
export const textAt = (node: XmlNode | undefined, ...path: string[]): string | undefined =>
  child(node, ...path)?.text || undefined;

export const attributeOf = (node: XmlNode | undefined, name: string): string | undefined =>
  node?.attributes.find(([key]) => localName(key) === name)?.[1];

/** "08" of a name space "...camt.053.001.08" declared anywhere; `message` is a pattern without groups. */
export const versionIn = (text: string, message: string): string | undefined =>
  new RegExp(`xmlns(?::[\\w.-]{1,40})?\\s*=\\s*["'][^"']{0,200}${message}\\.\\d{3}\\.(\\d{2})["']`).exec(text)?.[1];
