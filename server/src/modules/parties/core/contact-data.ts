import { parsePhoneNumberFromString } from "libphonenumber-js";
import { done, type Result, refuse } from "#kernel/result.ts";

/** One address only, no display name, no group, nothing that could end a header (RFC 5321 without quoted or literal forms). */
const EMAIL =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$/;

export const isEmail = (text: string): boolean => text.length <= 254 && EMAIL.test(text) && !/^\.|\.\.|\.@/.test(text);

/** The phone number in E.164, read as a number of `country` when it has no international prefix. */
export function toPhone(text: string, country: string): string | undefined {
  const parsed = parsePhoneNumberFromString(text, country as Parameters<typeof parsePhoneNumberFromString>[1] & string);
  return parsed?.isPossible() ? parsed.number : undefined;
}

export type ContactData = { readonly email: string | null; readonly phone: string | null };

/** Checked e-mail and phone; blank becomes null. Refuses what cannot be written to or called. */
export function checkContactData(
  given: ContactData,
  country: string,
): Result<ContactData, "invalid_email" | "invalid_phone"> {
  const email = given.email?.trim() || null;
  if (email && !isEmail(email)) return refuse("invalid_email", { value: email.slice(0, 80) });
  const typed = given.phone?.trim() || null;
  const phone = typed && toPhone(typed, country);
  if (typed && !phone) return refuse("invalid_phone", { value: typed.slice(0, 40) });
  return done({ email, phone: phone || null });
}
