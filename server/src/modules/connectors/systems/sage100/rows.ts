import { type CalendarDate, calendarDateOf, parseCalendarDate } from "#kernel/calendar-date.ts";
import { type Currency, exponentOf, parseCurrency } from "#kernel/money.ts";
import { fold } from "#kernel/text.ts";
import type { SourceOrder } from "#modules/credit/index.ts";
import { isEmail, type SourceContact, type SourceCustomer, toPhone } from "#modules/parties/index.ts";
import type { Fault } from "../../core/fault.ts";
import type { TableDraft } from "../../core/table/table-items.ts";
import type { ContactRow, CustomerRow, DocumentRow, EntryRow } from "./queries.ts";
import { STATISTICS } from "./tables.ts";

/** Currencies by Sage's own number; 0 is the currency of the books. */
export type Currencies = ReadonlyMap<number, Currency>;

/** "1=USD, 2=GBP": the numbers that Sage gives to currencies. Undefined when it is not written so. */
export function readCurrencies(text: string, bookCurrency: Currency): Currencies | undefined {
  const found = new Map([[0, bookCurrency]]);
  for (const part of text.split(/[,;]/)) {
    if (part.trim() === "") continue;
    const parts = /^\s*(\d{1,3})\s*=\s*([A-Za-z]{3})\s*$/.exec(part);
    const code = parts && parseCurrency((parts[2] ?? "").toUpperCase());
    if (!parts || !code) return undefined;
    found.set(Number(parts[1]), code);
  }
  return found;
}

/** A decimal of either driver in minor units, half away from zero; undefined when it is no number. */
export function minorOf(value: number | string | null, currency: Currency): bigint | undefined {
  // A number of the driver may come in the short form of floats ("1e-7").
  const text = typeof value === "number" || /e/i.test(value ?? "") ? Number(value).toFixed(6) : (value ?? "");
  const parts = /^(-?)(\d{1,15})(?:\.(\d*))?$/.exec(text.trim());
  if (!parts) return undefined;
  const digits = exponentOf(currency);
  const fraction = (parts[3] ?? "").padEnd(digits + 1, "0");
  const cut = BigInt(`${parts[2]}${fraction.slice(0, digits)}`);
  const minor = Number(fraction[digits]) >= 5 ? cut + 1n : cut;
  return parts[1] === "-" ? -minor : minor;
}

/** "No date" is the first day that SQL Server's type knows. */
const NO_DATE = "1753-01-01";

/** The calendar day of a date without a zone. */
export function dayOf(value: Date | null): CalendarDate | null {
  if (value === null) return null;
  const text = value.toISOString().slice(0, 10);
  return text === NO_DATE ? null : (parseCalendarDate(text) ?? null);
}

/** The month's first day and the day of the month; a day that the month does not have is its last. */
function postingDay(month: Date, dayOfMonth: number): CalendarDate | undefined {
  const first = dayOf(month);
  if (!first) return undefined;
  const [year = 0, number = 1] = first.split("-").map(Number);
  for (let day = Math.min(31, Math.max(1, dayOfMonth)); day >= 28; day -= 1) {
    const found = calendarDateOf(year, number, day);
    if (found) return found;
  }
  return calendarDateOf(year, number, Math.max(1, dayOfMonth));
}

const clean = (text: string | null): string | null => {
  const plain = (text ?? "").trim();
  return plain === "" ? null : plain;
};

const SALES_JOURNAL = 1;
const CASH_JOURNAL = 2;
const RETURN_WORDS = /\b(impaye|impayes|rejet|rejete|rejets|retour|represent|contre[- ]?passation)/;

function kindOf(row: EntryRow, isDebit: boolean): TableDraft["kind"] {
  if (row.EC_ANType !== 0) return "opening";
  if (row.JO_Type === SALES_JOURNAL) return isDebit ? "invoice" : "credit_note";
  if (row.JO_Type !== CASH_JOURNAL) return "other";
  if (!isDebit) return "payment";
  return RETURN_WORDS.test(fold(row.EC_Intitule ?? "")) ? "rejection" : "other";
}

/** An entry as a ledger row, or why it cannot be one. */
export function entryDraft(
  row: EntryRow,
  currencies: Currencies,
  methods: ReadonlyMap<number, string>,
): TableDraft | Fault {
  const line = row.EC_No;
  const bookCurrency = currencies.get(0);
  const currency = currencies.get(row.N_Devise ?? 0);
  if (!bookCurrency || !currency)
    return { code: "unknown_currency", line, column: "N_Devise", value: String(row.N_Devise) };
  const postedOn = postingDay(row.JM_Date, row.EC_Jour);
  if (!postedOn) return { code: "impossible_date", line, column: "JM_Date", value: String(row.EC_Jour) };
  const size = minorOf(row.EC_Montant, bookCurrency);
  if (size === undefined)
    return { code: "impossible_amount", line, column: "EC_Montant", value: String(row.EC_Montant) };
  const isDebit = row.EC_Sens === 0;
  const bookMinor = isDebit ? size : -size;
  const foreign = currency === bookCurrency ? undefined : minorOf(row.EC_Devise, currency);
  const isForeign = foreign !== undefined && foreign !== 0n;
  const minor = isForeign ? (isDebit === foreign > 0n ? foreign : -foreign) : bookMinor;
  const auxiliary = clean(row.CT_Num) ?? "";
  return {
    controlAccount: row.CG_Num.trim(),
    auxiliary,
    accountName: clean(row.CT_Intitule) ?? auxiliary,
    key: String(row.EC_No),
    kind: kindOf(row, bookMinor > 0n),
    journal: clean(row.JO_Num),
    entryNo: clean(row.EC_Piece),
    side: isDebit ? "debit" : "credit",
    documentNo: clean(row.EC_RefPiece) ?? clean(row.EC_Piece),
    label: clean(row.EC_Intitule),
    issuedOn: postedOn,
    postedOn,
    dueOn: bookMinor < 0n ? postedOn : dayOf(row.EC_Echeance),
    instalmentNo: 1,
    currency: isForeign ? currency : bookCurrency,
    minor,
    bookMinor,
    paymentMethod: row.N_Reglement ? (methods.get(row.N_Reglement) ?? String(row.N_Reglement)) : null,
    letter: row.EC_Lettre === 1 ? clean(row.EC_Lettrage) : null,
    letteredOn: null,
    fiscalYear: null,
    isOpening: row.EC_ANType !== 0,
    line,
  };
}

const COUNTRIES: Readonly<Record<string, string>> = {
  france: "FR",
  belgique: "BE",
  allemagne: "DE",
  suisse: "CH",
  luxembourg: "LU",
  espagne: "ES",
  italie: "IT",
  "pays-bas": "NL",
  portugal: "PT",
  "royaume-uni": "GB",
  "etats-unis": "US",
};

/** A third party as a customer; what is wrong of its details is left out, never the customer. */
export function sourceCustomer(row: CustomerRow): SourceCustomer & { readonly free: Readonly<Record<string, string>> } {
  const country = clean(row.CT_Pays);
  const code = country
    ? (COUNTRIES[fold(country)] ?? (/^[A-Za-z]{2}$/.test(country) ? country.toUpperCase() : undefined))
    : undefined;
  const email = clean(row.CT_EMail);
  const phone = clean(row.CT_Telephone);
  const address = [clean(row.CT_Adresse), clean(row.CT_Complement)].filter((one) => one !== null).join("\n");
  const siret = clean(row.CT_Siret)?.replaceAll(/\s/g, "");
  return {
    number: row.CT_Num.trim(),
    name: clean(row.CT_Intitule) ?? undefined,
    country: code,
    siren: siret && /^\d{9}(\d{5})?$/.test(siret) ? siret.slice(0, 9) : undefined,
    vatNumber: clean(row.CT_Identifiant)?.replaceAll(/\s/g, "") || undefined,
    phone: phone ? toPhone(phone, code ?? "FR") : undefined,
    email: email && isEmail(email) ? email : undefined,
    address: address || undefined,
    postalCode: clean(row.CT_CodePostal) ?? undefined,
    city: clean(row.CT_Ville) ?? undefined,
    free: Object.fromEntries(STATISTICS.map((name) => [name, (row[name] ?? "").trim()])),
  };
}

export function sourceContact(row: ContactRow): SourceContact | undefined {
  const email = clean(row.CT_EMail);
  const name = [clean(row.CT_Prenom), clean(row.CT_Nom)].filter((one) => one !== null).join(" ") || email;
  if (!name) return undefined;
  const phone = clean(row.CT_Telephone) ?? clean(row.CT_TelPortable);
  const duty = fold(row.CT_Fonction ?? "");
  return {
    customerNumber: row.CT_Num.trim(),
    key: `sage ${row.CT_No}`,
    name: name.slice(0, 200),
    email: email && isEmail(email) ? email : undefined,
    phone: phone ? toPhone(phone, "FR") : undefined,
    role: /achat/.test(duty)
      ? "buyer"
      : /direct|gerant|president|daf/.test(duty)
        ? "manager"
        : duty === "" || /compta|fournisseur|tresor/.test(duty)
          ? "accounting"
          : "other",
    isInCharge: false,
  };
}

/** A document not invoiced yet as an order; all of it is still to be invoiced. */
export function sourceOrder(row: DocumentRow, currencies: Currencies): SourceOrder | Fault {
  const currency = currencies.get(row.N_Devise ?? 0);
  const orderedOn = dayOf(row.DO_Date);
  const total = currency && minorOf(row.DO_TotalTTC, currency);
  if (!currency)
    return { code: "unknown_currency", line: 0, column: "N_Devise", value: `${row.DO_Piece} ${row.N_Devise}` };
  if (!orderedOn || total === undefined)
    return { code: "impossible_date", line: 0, column: "DO_Date", value: row.DO_Piece };
  return {
    key: `${row.DO_Type} ${row.DO_Piece.trim()}`,
    customerNumber: row.DO_Tiers.trim(),
    number: row.DO_Piece.trim(),
    orderedOn,
    expectedOn: dayOf(row.DO_DateLivr),
    currency,
    totalMinor: total,
    openMinor: total,
  };
}
