import { fold } from "#kernel/text.ts";
import {
  isEmail,
  knownNumbers,
  type SourceContact,
  type SourceCustomer,
  setFreeFields,
  sourceFieldNames,
  toPhone,
  upsertContacts,
  upsertCustomers,
} from "#modules/parties/index.ts";
import { FileRefused } from "../core/fault.ts";
import type { Field } from "../core/table/columns.ts";
import type { StoredFault } from "../store/import-store.ts";
import type { LoadInput } from "./load-items.ts";
import { emptyReport, type Loaded } from "./run-import.ts";
import type { StoredProfile } from "./start-import.ts";
import { tablePlan } from "./table-plan.ts";

const MOST_ROWS = 200_000;

type Read = (field: Field) => string | undefined;

/** Every row of a table by field, with its line. Blank rows are left out. */
async function* fieldsOf({
  found,
  reader,
}: LoadInput): AsyncGenerator<{ line: number; read: Read; cells: readonly string[] }> {
  const profile = found.profile as unknown as StoredProfile;
  const columns = new Map<string, number>();
  found.choices.mapping.forEach((field, index) => {
    if (field) columns.set(field, index);
  });
  let rows = 0;
  for await (const batch of reader.rows(tablePlan(found.format, profile, found.kind))) {
    for (const { line, cells } of batch) {
      if (cells.every((cell) => cell.trim() === "")) continue;
      rows += 1;
      if (rows > MOST_ROWS) throw new FileRefused("file_too_complex", line);
      const read: Read = (field) => {
        const column = columns.get(field);
        const text = column === undefined ? "" : (cells[column] ?? "").trim();
        const whole = column !== undefined && profile.wholeColumns.includes(column);
        return text === "" ? undefined : whole ? text.replace(/\.0+$/, "") : text;
      };
      yield { line, read, cells };
    }
  }
}

function outcome(input: LoadInput, counts: Record<string, number>, refused: StoredFault[]): Loaded {
  const report = { ...emptyReport(), counts, refusedRows: refused.length, refused: refused.slice(0, 1_000) };
  return { report, batchId: null, isBlocked: refused.length > 0 && !input.found.choices.skipRefused };
}

export async function loadCustomers(input: LoadInput): Promise<Loaded> {
  if (!input.found.choices.mapping.includes("customerNumber"))
    throw new FileRefused("mapping_incomplete", 0, { column: "customerNumber" });
  const customers = new Map<string, SourceCustomer>();
  const refused: StoredFault[] = [];
  const free = await freeReader(input);
  for await (const { line, read, cells } of fieldsOf(input)) {
    const number = read("customerNumber");
    if (!number) {
      refused.push({ code: "customer_missing", line });
      continue;
    }
    if (customers.has(number)) {
      refused.push({ code: "duplicate_customer", line, value: number });
      continue;
    }
    const fault = customerFault(read);
    if (fault) refused.push({ ...fault, line });
    else customers.set(number, { ...customerOf(number, read), free: free(cells) });
  }
  const counts = await upsertCustomers(input.tx, [...customers.values()]);
  await setFreeFields(input.tx, [...customers.values()], input.today);
  return outcome(
    input,
    { read: customers.size + refused.length, new: counts.added, changed: counts.changed, unchanged: counts.unchanged },
    refused,
  );
}

/** Columns that nothing else uses and that a free field names as its source. */
async function freeReader({ tx, found }: LoadInput): Promise<(cells: readonly string[]) => Record<string, string>> {
  const names = await sourceFieldNames(tx);
  const { headers } = found.profile as unknown as StoredProfile;
  const columns = headers.flatMap((header, index) =>
    !found.choices.mapping[index] && names.has(fold(header)) ? [{ header, index }] : [],
  );
  return (cells) => Object.fromEntries(columns.map(({ header, index }) => [header, cells[index] ?? ""]));
}

function customerFault(read: Read): Omit<StoredFault, "line"> | undefined {
  const email = read("email");
  if (email && !isEmail(email)) return { code: "invalid_email", column: "email", value: email.slice(0, 60) };
  const phone = read("phone");
  if (phone && !toPhone(phone, countryOf(read("country")) ?? "FR"))
    return { code: "invalid_phone", column: "phone", value: phone.slice(0, 60) };
  return undefined;
}

function customerOf(number: string, read: Read): SourceCustomer {
  const country = countryOf(read("country"));
  const phone = read("phone");
  const term = /^\s*(\d{1,3})\b/.exec(read("termDays") ?? "");
  return {
    number,
    name: read("customerName")?.slice(0, 300),
    language:
      languageOf(read("language")) ??
      (country && country !== "FR" && read("language") === undefined ? "en" : undefined),
    country,
    siren: read("siren")?.replace(/\s/g, ""),
    vatNumber: read("vatNumber")?.replace(/\s/g, ""),
    phone: phone && toPhone(phone, country ?? "FR"),
    email: read("email"),
    address: read("address"),
    postalCode: read("postalCode"),
    city: read("city"),
    termDays: term ? Math.min(365, Number(term[1])) : undefined,
    termKind: term ? termKindOf(read("termDays") ?? "") : undefined,
    paymentMethod: read("paymentMethod"),
    salesPerson: read("salesPerson"),
  };
}

const LANGUAGES: Readonly<Record<string, string>> = {
  francais: "fr",
  french: "fr",
  anglais: "en",
  english: "en",
  allemand: "de",
  german: "de",
  deutsch: "de",
  espagnol: "es",
  spanish: "es",
  italien: "it",
  italian: "it",
  neerlandais: "nl",
  dutch: "nl",
  portugais: "pt",
  portuguese: "pt",
};
const COUNTRIES: Readonly<Record<string, string>> = {
  france: "FR",
  belgique: "BE",
  belgium: "BE",
  allemagne: "DE",
  germany: "DE",
  deutschland: "DE",
  suisse: "CH",
  switzerland: "CH",
  luxembourg: "LU",
  espagne: "ES",
  spain: "ES",
  italie: "IT",
  italy: "IT",
  "pays-bas": "NL",
  netherlands: "NL",
  portugal: "PT",
  "royaume-uni": "GB",
  "united kingdom": "GB",
  uk: "GB",
  "etats-unis": "US",
  "united states": "US",
  usa: "US",
};

function languageOf(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const plain = fold(text);
  return LANGUAGES[plain] ?? (/^[a-z]{2}(?:[-_]|$)/.test(plain) ? plain.slice(0, 2) : undefined);
}

function countryOf(text: string | undefined): string | undefined {
  if (!text) return undefined;
  return COUNTRIES[fold(text)] ?? (/^[A-Za-z]{2}$/.test(text) ? text.toUpperCase() : undefined);
}

function termKindOf(text: string): string {
  const plain = fold(text);
  if (!/fin de mois|fdm|end of month|eom|monatsende/.test(plain)) return "net";
  return /^(fin de mois|fdm|eom|end of month)/.test(plain) ? "end_of_month" : "days_then_end_of_month";
}

export async function loadContacts(input: LoadInput): Promise<Loaded> {
  const contacts: SourceContact[] = [];
  const lines: number[] = [];
  const refused: StoredFault[] = [];
  for await (const { line, read } of fieldsOf(input)) {
    const customerNumber = read("customerNumber");
    const email = read("email");
    const name = [read("firstName"), read("contactName")].filter(Boolean).join(" ") || email;
    if (!customerNumber) refused.push({ code: "customer_missing", line });
    else if (!name) refused.push({ code: "name_missing", line });
    else if (email && !isEmail(email))
      refused.push({ code: "invalid_email", line, column: "email", value: email.slice(0, 60) });
    else {
      contacts.push(contactOf(customerNumber, name, email, read));
      lines.push(line);
    }
  }
  const known = await knownNumbers(input.tx, [...new Set(contacts.map((contact) => contact.customerNumber))]);
  const kept = contacts.filter((contact, index) => {
    if (known.has(contact.customerNumber)) return true;
    refused.push({ code: "unknown_customer", line: lines[index] ?? 0, value: contact.customerNumber });
    return false;
  });
  const counts = await upsertContacts(input.tx, kept, input.today);
  const all = {
    read: contacts.length + refused.length,
    new: counts.added,
    changed: counts.changed,
    unchanged: counts.unchanged,
  };
  return outcome(
    input,
    all,
    refused.sort((a, b) => a.line - b.line),
  );
}

function contactOf(customerNumber: string, name: string, email: string | undefined, read: Read): SourceContact {
  const phone = read("phone");
  return {
    customerNumber,
    key: fold(email ?? name),
    name: name.slice(0, 200),
    email,
    phone: phone && toPhone(phone, "FR"),
    language: languageOf(read("language")),
    role: roleOf(read("role")),
    isInCharge: /^(1|x|oui|yes|true|vrai|ja|y|o)$/.test(fold(read("isInCharge") ?? "")),
  };
}

function roleOf(text: string | undefined): string {
  const plain = fold(text ?? "");
  if (/achat|achet|buyer|purchas|einkauf/.test(plain)) return "buyer";
  if (/direct|dirig|manager|ceo|cfo|gerant|daf|president/.test(plain)) return "manager";
  if (/jurid|legal|recht/.test(plain)) return "legal";
  if (/commerc|sales|vertrieb/.test(plain)) return "sales";
  return plain === "" || /compta|account|fournisseur|payable|finance|buchhalt/.test(plain) ? "accounting" : "other";
}
