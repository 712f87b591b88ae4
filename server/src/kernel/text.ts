const LIGATURES: Readonly<Record<string, string>> = {
  œ: "oe",
  æ: "ae",
  ß: "ss",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
};

/** Lower case without accents or ligatures, blanks squeezed: what people mean when they type a name. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[œæßøłđðþ]/g, (one) => LIGATURES[one] ?? one)
    .replace(/\s+/g, " ")
    .trim();
}

/** Order key under binary collation that sorts names alike on every server: folded, signs dropped, then the name itself. */
export const sortKey = (name: string): string =>
  `${fold(name).replace(/[^\p{L}\p{N} ]+/gu, "")}\u0001${name}`.slice(0, 400);
