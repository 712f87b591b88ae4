import { addDays, type CalendarDate, daysBetween, laterOf } from "#kernel/calendar-date.ts";
import type { Currency } from "#kernel/money.ts";
import type { SourceItem } from "#modules/receivables/index.ts";
import { type Random, seeded } from "./random.ts";
import { type World, type WorldCustomer, worldDueDate } from "./world.ts";

/** One row of a world's ledger, still without the id of its account. */
export type WorldItem = Omit<SourceItem, "accountId">;

const PARTIAL = 0.06;
const CREDIT_NOTE = 0.035;
const UNAPPLIED = 0.02;
const GROUPED = 0.3;

type Invoice = { item: WorldItem; paidOn: CalendarDate | undefined; inParts: boolean };

/** The ledger of one customer in one company, in order of posting. */
export function worldItems(world: World, customer: WorldCustomer, company: number): WorldItem[] {
  const random = seeded(world.size.seed * 7_919 + customer.index * 31 + company);
  const books = world.companies[company];
  if (!books) throw new Error(`no company ${company}`);
  const context: Context = {
    world,
    customer,
    random,
    company,
    bookCurrency: books.bookCurrency,
    counter: 0,
    letters: 0,
    out: [],
  };
  const invoices = makeInvoices(context);
  payInvoices(context, invoices);
  if (random.chance(UNAPPLIED * 4)) addUnapplied(context);
  return context.out.sort((a, b) => (a.postedOn < b.postedOn ? -1 : a.postedOn > b.postedOn ? 1 : 0));
}

type Context = {
  readonly world: World;
  readonly customer: WorldCustomer;
  readonly random: Random;
  readonly company: number;
  readonly bookCurrency: Currency;
  counter: number;
  letters: number;
  readonly out: WorldItem[];
};

const amountOf = ({ random, customer }: Context): bigint =>
  BigInt(Math.max(1_500, Math.round(customer.meanMinor * Math.exp(random.normal() * 0.8 - 0.32))));

function bookOf({ world, bookCurrency }: Context, minor: bigint, currency: Currency, on: CalendarDate): bigint {
  if (currency === bookCurrency) return minor;
  const converted = world.rateTable.convert({ minor, currency }, bookCurrency, on);
  if (!converted) throw new Error(`no rate for ${currency} on ${on}`);
  return converted.money.minor;
}

function row(
  context: Context,
  given: Partial<WorldItem> & Pick<WorldItem, "kind" | "postedOn" | "minor" | "bookMinor" | "currency">,
): WorldItem {
  context.counter += 1;
  const documentNo = given.documentNo ?? null;
  const item: WorldItem = {
    key: `${context.customer.record.number}-${context.company}-${context.counter}`,
    journal: given.kind === "invoice" || given.kind === "credit_note" ? "VE" : "BQ",
    entryNo: String(context.counter),
    label: null,
    issuedOn: given.postedOn,
    dueOn: given.postedOn,
    isDueEstimated: false,
    instalmentNo: 1,
    paymentMethod: null,
    letter: null,
    letteredOn: null,
    fiscalYear: null,
    isOpening: false,
    ...given,
    documentNo,
  };
  context.out.push(item);
  return item;
}

const numberOf = (context: Context, prefix: string, on: CalendarDate): string =>
  `${prefix}${on.slice(2, 4)}${on.slice(5, 7)}-${context.customer.record.number.slice(1)}${context.company}${String(context.counter + 1).padStart(3, "0")}`;

function makeInvoices(context: Context): Invoice[] {
  const { world, customer, random } = context;
  const { startOn, size } = world;
  const days = daysBetween(startOn, size.endOn);
  const count = Math.round((size.months * customer.frequency) / customer.companies.length + random.next() - 0.5);
  const invoices: Invoice[] = [];
  const offsets = Array.from({ length: Math.max(1, count) }, () => random.between(0, days)).sort((a, b) => a - b);
  for (const offset of offsets) {
    const postedOn = addDays(startOn, offset);
    const currency = customer.currency ?? context.bookCurrency;
    const minor = amountOf(context);
    const documentNo = numberOf(context, "FA", postedOn);
    const item = row(context, {
      kind: "invoice",
      postedOn,
      dueOn: worldDueDate(customer, postedOn),
      currency,
      minor,
      bookMinor: bookOf(context, minor, currency, postedOn),
      documentNo,
      label: `Facture ${documentNo}`,
      paymentMethod: customer.record.paymentMethod ?? null,
    });
    invoices.push({ item, paidOn: payDay(context, item), inParts: random.chance(PARTIAL) });
  }
  return invoices;
}

/** The day somebody pays by their habit; undefined when they do not, or not yet. */
function payDay({ random, customer, world }: Context, item: WorldItem): CalendarDate | undefined {
  const { profile } = customer;
  if (!random.chance(profile.pays)) return undefined;
  const late = Math.round(
    profile.lateDays + random.normal() * profile.spread + (random.chance(0.05) ? random.between(10, 60) : 0),
  );
  const paidOn = addDays(item.dueOn, late);
  const earliest = addDays(item.postedOn, 1);
  const on = laterOf(paidOn, earliest);
  return on <= world.size.endOn ? on : undefined;
}

/** What is replaced where a letter comes to a row that is already out. */
function letterItems(context: Context, items: readonly WorldItem[], letter: string): void {
  for (const item of items) {
    const at = context.out.indexOf(item);
    if (at >= 0) context.out[at] = { ...item, letter };
  }
}

function nextLetter(context: Context): string {
  let number = context.letters;
  context.letters += 1;
  let letter = "";
  for (let digit = 0; digit < 3; digit += 1) {
    letter = String.fromCharCode(65 + (number % 26)) + letter;
    number = Math.floor(number / 26);
  }
  return letter;
}

function payInvoices(context: Context, invoices: readonly Invoice[]): void {
  const { random } = context;
  let group: Invoice[] = [];
  for (const invoice of invoices) {
    if (random.chance(CREDIT_NOTE)) {
      creditInvoice(context, invoice);
      continue;
    }
    if (!invoice.paidOn) continue;
    if (invoice.inParts) {
      payInParts(context, invoice);
      continue;
    }
    group.push(invoice);
    if (random.chance(GROUPED) && group.length < 6) continue;
    payTogether(context, group);
    group = [];
  }
  if (group.length > 0) payTogether(context, group);
}

/** One transfer for several invoices on the day of the last; an exchange difference closes what rates moved. */
function payTogether(context: Context, group: readonly Invoice[]): void {
  const { random, world } = context;
  const paidOn = group.reduce<CalendarDate>(
    (latest, one) => (one.paidOn && one.paidOn > latest ? one.paidOn : latest),
    world.startOn,
  );
  const currency = group[0]?.item.currency ?? context.bookCurrency;
  const minor = group.reduce((sum, one) => sum + one.item.minor, 0n);
  const book = bookOf(context, minor, currency, paidOn);
  const owed = group.reduce((sum, one) => sum + one.item.bookMinor, 0n);
  const isUnlettered = random.chance(UNAPPLIED);
  const payment = addPayment(context, paidOn, currency, -minor, -book, group[0]?.item.documentNo ?? "");
  const items = [...group.map((one) => one.item), payment];
  if (book !== owed && !isUnlettered) {
    items.push(
      row(context, {
        kind: "exchange_difference",
        postedOn: paidOn,
        currency,
        minor: 0n,
        bookMinor: book - owed,
        journal: "OD",
        label: "Écart de change",
      }),
    );
  }
  if (!isUnlettered) letterItems(context, items, nextLetter(context));
}

const addPayment = (
  context: Context,
  on: CalendarDate,
  currency: Currency,
  minor: bigint,
  bookMinor: bigint,
  about: string,
): WorldItem =>
  row(context, {
    kind: "payment",
    postedOn: on,
    currency,
    minor,
    bookMinor,
    documentNo: numberOf(context, "RG", on),
    label: `Règlement ${about}`,
    paymentMethod: context.customer.record.paymentMethod ?? null,
  });

function payInParts(context: Context, { item, paidOn }: Invoice): void {
  const { random, world } = context;
  if (!paidOn) return;
  const first = (item.minor * BigInt(random.between(30, 70))) / 100n;
  const firstBook = (item.bookMinor * first) / item.minor;
  const parts = [addPayment(context, paidOn, item.currency, -first, -firstBook, item.documentNo ?? "")];
  const second = addDays(paidOn, random.between(10, 45));
  const isWhole = second <= world.size.endOn && random.chance(0.7);
  if (isWhole)
    parts.push(
      addPayment(context, second, item.currency, first - item.minor, firstBook - item.bookMinor, item.documentNo ?? ""),
    );
  letterItems(context, [item, ...parts], isWhole ? nextLetter(context) : nextLetter(context).toLowerCase());
}

/** A credit note for part or all of an invoice; a whole one is lettered with it, a part stays open on the account. */
function creditInvoice(context: Context, { item }: Invoice): void {
  const { random, world } = context;
  const on = addDays(item.postedOn, random.between(3, 25));
  if (on > world.size.endOn) return;
  const isWhole = random.chance(0.5);
  const minor = isWhole ? item.minor : (item.minor * BigInt(random.between(5, 30))) / 100n;
  const bookMinor = isWhole ? item.bookMinor : (item.bookMinor * minor) / item.minor;
  const documentNo = numberOf(context, "AV", on);
  const note = row(context, {
    kind: "credit_note",
    postedOn: on,
    currency: item.currency,
    minor: -minor,
    bookMinor: -bookMinor,
    documentNo,
    label: `Avoir sur ${item.documentNo}`,
  });
  if (isWhole) letterItems(context, [item, note], nextLetter(context));
}

/** Cash that nobody could place yet. */
function addUnapplied(context: Context): void {
  const { random, world, customer } = context;
  const on = addDays(world.size.endOn, -random.between(1, 40));
  const currency = customer.currency ?? context.bookCurrency;
  const minor = amountOf(context) / 2n;
  addPayment(context, on, currency, -minor, -bookOf(context, minor, currency, on), "acompte");
}
