/** Whether a text without spaces, upper case, is an IBAN with right check digits (ISO 13616). */
export function isIban(text: string): boolean {
  return /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text) && mod97(text.slice(4) + text.slice(0, 4)) === 1;
}

/** The IBAN at the start of a text, else undefined. */
export function leadingIban(text: string): string | undefined {
  const word = /^\s*([A-Za-z]{2}\d{2}[A-Za-z0-9]{11,30})(?![A-Za-z0-9])/.exec(text)?.[1]?.toUpperCase();
  return word && isIban(word) ? word : undefined;
}

/** The account as an IBAN where it is one, spaces away; else as written, or null when blank. */
export function accountText(text: string | undefined | null): string | null {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "") return null;
  const bare = trimmed.replace(/\s+/g, "").toUpperCase();
  return isIban(bare) ? bare : trimmed;
}

/** Remainder of a number whose letters stand for 10..35. */
function mod97(text: string): number {
  let rest = 0;
  for (const sign of text) {
    const value = sign >= "A" ? sign.charCodeAt(0) - 55 : Number(sign);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}
