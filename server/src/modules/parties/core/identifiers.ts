import { electronicFormatIBAN, isValidIBAN } from "ibantools";
import { stdnum } from "stdnum";
import { done, type Result, refuse } from "#kernel/result.ts";

export type Identifiers = {
  siren?: string | null;
  vatNumber?: string | null;
  iban?: string | null;
};

type Validator = { validate(value: string): { isValid: boolean; compact?: string } };

/** The VAT number of each country as its own library module knows it; others are checked by shape only. */
const VAT: Readonly<Record<string, Validator | undefined>> = {
  FR: stdnum.FR?.tva,
  BE: stdnum.BE?.vat,
  DE: stdnum.DE?.vat,
  NL: stdnum.NL?.btw,
  ES: stdnum.ES?.nif,
  IT: stdnum.IT?.iva,
  LU: stdnum.LU?.tva,
  PT: stdnum.PT?.nif,
  PL: stdnum.PL?.nip,
  GB: stdnum.GB?.vat,
};

const compact = (text: string): string => text.replace(/[\s\u00a0\u202f.-]+/g, "").toUpperCase();

/** SIREN (9 digits) or SIRET (14) with its check digit for France; another country's registration number as it is written. */
function registration(text: string, country: string): string | undefined {
  if (country !== "FR") return text;
  const digits = compact(text);
  const validator = digits.length === 14 ? stdnum.FR?.siret : stdnum.FR?.siren;
  return validator?.validate(digits).isValid ? digits : undefined;
}

function vat(text: string): string | undefined {
  const written = compact(text);
  if (!/^[A-Z]{2}[A-Z0-9+*]{2,13}$/.test(written)) return undefined;
  const country = written.slice(0, 2);
  const validator = VAT[country];
  if (!validator) return written;
  return validator.validate(written).isValid || validator.validate(written.slice(2)).isValid ? written : undefined;
}

/**
 * Identifiers in their compact form, blank as null. Refuses those whose check digits do not fit: a number typed wrongly finds another company. Only what
 * is given is checked and returned.
 */
export function checkIdentifiers<Given extends Identifiers>(
  given: Given,
  country: string,
): Result<Given, "invalid_siren" | "invalid_vat_number" | "invalid_iban"> {
  const checked = { ...given };
  const siren = given.siren?.trim();
  if (siren) {
    const read = registration(siren, country);
    if (read === undefined) return refuse("invalid_siren", { value: siren.slice(0, 40) });
    checked.siren = read;
  }
  const number = given.vatNumber?.trim();
  if (number) {
    const read = vat(number);
    if (read === undefined) return refuse("invalid_vat_number", { value: number.slice(0, 40) });
    checked.vatNumber = read;
  }
  const iban = given.iban?.trim();
  if (iban) {
    const read = electronicFormatIBAN(iban);
    if (read === null || !isValidIBAN(read)) return refuse("invalid_iban", { value: iban.slice(0, 40) });
    checked.iban = read;
  }
  return done(checked);
}

/** The same for a change: what stays as it was is not asked again, so that an old number never blocks another change. */
export function checkChangedIdentifiers<Given extends Identifiers>(
  before: Identifiers,
  given: Given,
  country: string,
): ReturnType<typeof checkIdentifiers<Given>> {
  const changed: Identifiers = {};
  for (const key of ["siren", "vatNumber", "iban"] as const)
    if (given[key] !== undefined && given[key] !== before[key]) changed[key] = given[key];
  const checked = checkIdentifiers(changed, country);
  return checked.ok ? done({ ...given, ...checked.value }) : checked;
}
