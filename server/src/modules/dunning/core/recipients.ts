import type { Recipient } from "./facts.ts";

export type ContactFacts = {
  readonly contactId: string;
  readonly name: string;
  readonly email: string;
  readonly language: string | null;
  readonly roles: readonly string[];
  readonly isInCharge: boolean;
};

/**
 * Who gets a step of a role: every reachable contact of that role; when there is none, the contact in charge, then accounting, then anybody,
 * then the customer's own address. `isReachable` knows bad and refused addresses. Each address once.
 */
export function recipientsOf(
  contacts: readonly ContactFacts[],
  role: string,
  isReachable: (address: string) => boolean,
  fallback: { readonly address: string | null; readonly name: string },
): Recipient[] {
  const reachable = contacts.filter((contact) => isReachable(contact.email));
  const ofRole = reachable.filter((contact) => contact.roles.includes(role));
  const inCharge = reachable.filter((contact) => contact.isInCharge);
  const accounting = reachable.filter((contact) => contact.roles.includes("accounting"));
  const chosen = [ofRole, inCharge, accounting, reachable.slice(0, 1)].find((some) => some.length > 0) ?? [];
  const seen = new Set<string>();
  const recipients: Recipient[] = [];
  for (const { contactId, email, name } of chosen) {
    const key = email.toLowerCase();
    if (seen.has(key)) continue;
    seen.add(key);
    recipients.push({ contactId, address: email, name });
  }
  if (recipients.length > 0 || !fallback.address || !isReachable(fallback.address)) return recipients;
  return [{ contactId: null, address: fallback.address, name: "" }];
}
