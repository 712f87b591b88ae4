/**
 * One plain e-mail address: local@domain. Stricter than RFC 5322 on purpose (no quotes, comments, groups, lists, literals or folding):
 * parsers that disagree on those send mail to the wrong place (RELIABILITY 1.6). Domain in lower case; the local part keeps its case.
 */
export type EmailAddress = string & { readonly __brand: "EmailAddress" };

const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The address, or undefined when it is not exactly one plain address of at most 254 characters. Surrounding spaces are dropped, nothing else. */
export function parseEmailAddress(text: string): EmailAddress | undefined {
  const trimmed = text.replace(/^ +| +$/g, "");
  if (trimmed.length > 254) return undefined;
  const at = trimmed.indexOf("@");
  if (at < 1 || at > 64 || at !== trimmed.lastIndexOf("@")) return undefined;
  const local = trimmed.slice(0, at);
  const domain = trimmed.slice(at + 1).toLowerCase();
  const labels = domain.split(".");
  if (!LOCAL.test(local) || labels.length < 2 || !labels.every((label) => LABEL.test(label))) return undefined;
  if (/^\d+$/.test(labels.at(-1) ?? "")) return undefined;
  return `${local}@${domain}` as EmailAddress;
}

export const domainOf = (address: EmailAddress): string => address.slice(address.indexOf("@") + 1);
