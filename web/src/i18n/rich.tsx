import type { ReactNode } from "react";

/** A catalogue text in which `<b>…</b>` marks what is bold. Nothing else is read as markup. */
export function Rich({ text }: { text: string }): ReactNode {
  return text.split(/(<b>.*?<\/b>)/).map((piece, index) => {
    const bold = /^<b>(.*)<\/b>$/.exec(piece);
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other identity
    return bold ? <b key={index}>{bold[1]}</b> : piece;
  });
}
