import { createHash } from "node:crypto";
import type { Rendered } from "../core/render.ts";

export const sha256 = (text: string): string => createHash("sha256").update(text, "latin1").digest("hex");

/** Hash of all that approval pins of a message: who writes to whom, and the rendered parts. Hexadecimal SHA-256. */
export function partsHash(from: string, to: string, rendered: Rendered): string {
  const hash = createHash("sha256");
  for (const part of [from, to, rendered.subject, rendered.html, rendered.text]) {
    const bytes = Buffer.from(part, "utf8");
    // The length before each part, so that moving a character from one part to the next changes the hash.
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest("hex");
}
