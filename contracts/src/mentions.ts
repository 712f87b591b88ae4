/** A mention in a note's text: `<@user id>`; shown as the user's name of today in every language. */
const MENTION = /<@([A-Za-z0-9_-]{1,64})>/g;

export type MentionPart = { readonly text: string } | { readonly userId: string };

/** A note's text cut into words and mentions, in order. */
export function partsOfNote(text: string): MentionPart[] {
  const parts: MentionPart[] = [];
  let end = 0;
  for (const match of text.matchAll(MENTION)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ userId: match[1] ?? "" });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** Who is mentioned, each once, in the order of the text. */
export const mentionedIn = (text: string): string[] => [
  ...new Set(partsOfNote(text).flatMap((part) => ("userId" in part ? [part.userId] : []))),
];

/** The text as people read it: "@Name" for every mention. */
export const readableNote = (text: string, nameOf: (userId: string) => string): string =>
  partsOfNote(text)
    .map((part) => ("userId" in part ? `@${nameOf(part.userId)}` : part.text))
    .join("");

/**
 * What a person typed, with mentions: "@Name" of somebody in `people` becomes the mention of that user; the longest name wins, so that "@Anne-Lise" is not
 * "@Anne". `chosen` decides between people of one name.
 */
export function withMentions(
  typed: string,
  people: readonly { readonly id: string; readonly name: string }[],
  chosen: ReadonlyMap<string, string> = new Map(),
): string {
  const names = [...new Set(people.map((one) => one.name))].sort((a, b) => b.length - a.length);
  const idOf = (name: string) => chosen.get(name) ?? people.find((one) => one.name === name)?.id;
  let out = "";
  for (let at = 0; at < typed.length; ) {
    const isStart = typed[at] === "@" && !/[\p{L}\p{N}]/u.test(typed[at - 1] ?? "");
    const name = isStart ? names.find((one) => isNamed(typed, at + 1, one)) : undefined;
    const id = name === undefined ? undefined : idOf(name);
    if (name !== undefined && id !== undefined) {
      out += `<@${id}>`;
      at += name.length + 1;
    } else {
      out += typed[at];
      at += 1;
    }
  }
  return out;
}

/** The name stands there, and no letter goes on after it. */
const isNamed = (text: string, at: number, name: string): boolean =>
  text.startsWith(name, at) && !/[\p{L}\p{N}]/u.test(text[at + name.length] ?? "");
