import { mergeAttributes, Node } from "@tiptap/react";

export type NodeLabels = {
  readonly field: (key: string) => string;
  readonly table: string;
  readonly signature: string;
};

/** A merge field: one criterion of the catalogue inside a sentence, moved and deleted as one piece. */
export const mergeFieldNode = (labels: NodeLabels) =>
  Node.create({
    name: "mergeField",
    group: "inline",
    inline: true,
    atom: true,
    selectable: true,
    addAttributes: () => ({ key: { default: "" } }),
    parseHTML: () => [{ tag: "span[data-merge-field]" }],
    renderHTML: ({ node, HTMLAttributes }) => [
      "span",
      mergeAttributes(HTMLAttributes, { "data-merge-field": node.attrs.key, class: "merge-field" }),
      labels.field(String(node.attrs.key)),
    ],
    renderText: ({ node }) => labels.field(String(node.attrs.key)),
  });

const blockNode = (name: string, tag: string, label: string) =>
  Node.create({
    name,
    group: "block",
    atom: true,
    selectable: true,
    parseHTML: () => [{ tag: `div[data-${tag}]` }],
    renderHTML: ({ HTMLAttributes }) => [
      "div",
      mergeAttributes(HTMLAttributes, { [`data-${tag}`]: "", class: "merge-block" }),
      label,
    ],
  });

/** The table of the items that are claimed, with their total. */
export const openItemsTableNode = (labels: NodeLabels) => blockNode("openItemsTable", "open-items", labels.table);

/** Name and address of the sender. */
export const signatureNode = (labels: NodeLabels) => blockNode("signature", "signature", labels.signature);
