import { addDays, addMonths, type CalendarDate, daysBetween } from "#kernel/calendar-date.ts";
import { type Currency, currency, EUR } from "#kernel/money.ts";
import type { SourceContact, SourceCustomer } from "#modules/parties/index.ts";
import { dueDateOf, type PaymentTerms } from "#modules/statutory/index.ts";
import { rateTable } from "#platform/rates/index.ts";
import { CITIES, companyName, FIRST_NAMES, LAST_NAMES, slug } from "./names.ts";
import { type Random, seeded } from "./random.ts";

/** How large a world is and when it ends. */
export type WorldSize = {
  readonly seed: number;
  readonly companies: number;
  readonly customers: number;
  readonly months: number;
  /** Invoices a month of an average customer. */
  readonly invoicesAMonth: number;
  /** Share of customers who stop paying: what makes a book old. */
  readonly defaulting: number;
  readonly endOn: CalendarDate;
};

/** The demo company: 3 companies, 400 customers, 24 months. */
export const demoSize = (endOn: CalendarDate): WorldSize => ({
  seed: 20_261,
  companies: 3,
  customers: 400,
  months: 24,
  invoicesAMonth: 0.9,
  defaulting: 0.025,
  endOn,
});

export type WorldCompany = {
  readonly code: string;
  readonly name: string;
  readonly bookCurrency: Currency;
  readonly country: string;
  readonly siren: string;
};

/** How somebody pays: days after the due day, and how surely. */
export type PayerProfile = {
  readonly name: string;
  readonly lateDays: number;
  readonly spread: number;
  readonly pays: number;
};

export type WorldCustomer = {
  readonly index: number;
  readonly record: SourceCustomer & { readonly number: string; readonly name: string };
  readonly contacts: readonly SourceContact[];
  /** Indexes of the companies that sell to it; the first is its main one. */
  readonly companies: readonly number[];
  readonly terms: PaymentTerms;
  readonly profile: PayerProfile;
  /** Mean invoice in cents, and invoices a month. */
  readonly meanMinor: number;
  readonly frequency: number;
  readonly currency: Currency | null;
};

export type World = {
  readonly size: WorldSize;
  readonly startOn: CalendarDate;
  readonly companies: readonly WorldCompany[];
  readonly customers: readonly WorldCustomer[];
  readonly rates: readonly { readonly currency: string; readonly rateOn: CalendarDate; readonly perEuro: string }[];
  readonly rateTable: ReturnType<typeof rateTable>;
};

const COMPANIES: readonly WorldCompany[] = [
  { code: "RIVFR", name: "Rivoire Distribution SAS", bookCurrency: EUR, country: "FR", siren: "542051180" },
  { code: "RIVBE", name: "Rivoire Benelux SA", bookCurrency: EUR, country: "BE", siren: "0403170701" },
  { code: "RIVCH", name: "Rivoire Suisse SA", bookCurrency: currency("CHF"), country: "CH", siren: "CHE107979376" },
  { code: "RIVSV", name: "Rivoire Services SARL", bookCurrency: EUR, country: "FR", siren: "552081317" },
  { code: "RIVDE", name: "Rivoire Deutschland GmbH", bookCurrency: EUR, country: "DE", siren: "HRB84711" },
];

const PROFILES: readonly { share: number; profile: PayerProfile }[] = [
  { share: 0.12, profile: { name: "early", lateDays: -6, spread: 4, pays: 1 } },
  { share: 0.38, profile: { name: "on_time", lateDays: 1, spread: 3, pays: 0.999 } },
  { share: 0.28, profile: { name: "slightly_late", lateDays: 12, spread: 8, pays: 0.997 } },
  { share: 0.16, profile: { name: "late", lateDays: 34, spread: 18, pays: 0.992 } },
  { share: 0.06, profile: { name: "very_late", lateDays: 75, spread: 35, pays: 0.975 } },
];

const TERMS: readonly PaymentTerms[] = [
  { kind: "net", days: 30 },
  { kind: "net", days: 30 },
  { kind: "net", days: 45 },
  { kind: "net", days: 60 },
  { kind: "days_then_end_of_month", days: 30 },
  { kind: "days_then_end_of_month", days: 45 },
];

const COUNTRIES: readonly { code: string; language: string; share: number }[] = [
  { code: "FR", language: "fr", share: 0.8 },
  { code: "BE", language: "fr", share: 0.06 },
  { code: "DE", language: "en", share: 0.05 },
  { code: "CH", language: "fr", share: 0.04 },
  { code: "GB", language: "en", share: 0.03 },
  { code: "US", language: "en", share: 0.02 },
];

/** Makes a world; the same size gives the same world, to the cent. */
export function makeWorld(size: WorldSize): World {
  const random = seeded(size.seed);
  const companies = COMPANIES.slice(0, size.companies);
  const startOn = addMonths(size.endOn, -size.months);
  const rates = makeRates(seeded(size.seed + 1), startOn, size.endOn);
  const byCurrency = new Map<string, { perEuro: string; rateOn: CalendarDate }[]>();
  for (const rate of rates) byCurrency.set(rate.currency, [...(byCurrency.get(rate.currency) ?? []), rate]);
  const customers = Array.from({ length: size.customers }, (_, index) => makeCustomer(random, index, size, companies));
  return { size, startOn, companies, customers, rates, rateTable: rateTable(byCurrency) };
}

const byShare = <T extends { share: number }>(random: Random, from: readonly T[]): T => {
  let left = random.next();
  for (const one of from) {
    left -= one.share;
    if (left < 0) return one;
  }
  const last = from.at(-1);
  if (!last) throw new Error("nothing to choose");
  return last;
};

function makeCustomer(
  random: Random,
  index: number,
  size: WorldSize,
  companies: readonly WorldCompany[],
): WorldCustomer {
  const number = `C${String(index + 1).padStart(5, "0")}`;
  const name = companyName(random, index);
  const { code: country, language } = byShare(random, COUNTRIES);
  const main =
    country === "CH"
      ? 2 % companies.length
      : country === "BE"
        ? 1 % companies.length
        : random.between(0, companies.length - 1);
  const second = random.between(0, companies.length - 1);
  const sold = random.chance(0.18) && second !== main ? [main, second] : [main];
  const terms = random.pick(TERMS);
  // A few customers make most of the turnover: volumes follow a power law.
  const drawn = 1 / (1 - random.next()) ** 0.62;
  const isDefaulting = random.chance(size.defaulting);
  // Who stops paying is rarely a large account: limits see to that.
  const weight = isDefaulting ? Math.min(drawn, 1.4) : drawn;
  const profile = isDefaulting
    ? { name: "defaulting", lateDays: 90, spread: 60, pays: 0.25 }
    : byShare(random, PROFILES).profile;
  const domain = `${slug(name)}.example`;
  const city = random.pick(CITIES);
  const people = random.chance(0.06) ? 0 : random.chance(0.35) ? 2 : 1;
  return {
    index,
    record: {
      number,
      name,
      language,
      country,
      city: city.name,
      postalCode: city.postalCode,
      address: `${random.between(1, 180)} ${random.pick(["rue des Tilleuls", "avenue de la Gare", "quai Saint-Antoine", "rue de l’Industrie", "chemin des Vignes"])}`,
      email: undefined,
      termDays: terms.days,
      termKind: terms.kind,
      paymentMethod: random.pick(["Virement", "Virement", "Virement", "Chèque", "Prélèvement"]),
      salesPerson: random.pick(["Hugo Lambert", "Inès Fabre", "Karim Belkacem", "Sofia Moreau"]),
    },
    contacts: Array.from({ length: people }, (_, nth) => makeContact(random, number, domain, language, nth)),
    companies: sold,
    terms,
    profile,
    meanMinor: Math.round(60_000 * weight * (0.5 + random.next())),
    frequency: size.invoicesAMonth * Math.min(6, 0.4 + weight * 0.35),
    currency: country === "US" ? currency("USD") : country === "GB" ? currency("GBP") : null,
  };
}

function makeContact(
  random: Random,
  customerNumber: string,
  domain: string,
  language: string,
  nth: number,
): SourceContact {
  const first = random.pick(FIRST_NAMES);
  const last = random.pick(LAST_NAMES);
  const email = `${slug(first)}.${slug(last)}@${domain}`;
  return {
    customerNumber,
    key: email,
    name: `${first} ${last}`,
    email,
    phone: `+331${String(random.between(40_000_000, 49_999_999))}`,
    language,
    role: nth === 0 ? "accounting" : "buyer",
    isInCharge: nth === 0,
  };
}

const RATES: readonly { currency: string; perEuro: number }[] = [
  { currency: "USD", perEuro: 1.09 },
  { currency: "GBP", perEuro: 0.855 },
  { currency: "CHF", perEuro: 0.955 },
];

/** Weekly rates on a slow random walk. */
function makeRates(random: Random, startOn: CalendarDate, endOn: CalendarDate): World["rates"] {
  const rates: { currency: string; rateOn: CalendarDate; perEuro: string }[] = [];
  for (const { currency: code, perEuro } of RATES) {
    let value = perEuro;
    for (let offset = -7; offset <= daysBetween(startOn, endOn); offset += 7) {
      value *= 1 + random.normal() * 0.004;
      rates.push({ currency: code, rateOn: addDays(startOn, offset), perEuro: value.toFixed(4) });
    }
  }
  return rates;
}

/** Due day of a document under the customer's terms. */
export const worldDueDate = (customer: WorldCustomer, issuedOn: CalendarDate): CalendarDate =>
  dueDateOf(issuedOn, customer.terms);
