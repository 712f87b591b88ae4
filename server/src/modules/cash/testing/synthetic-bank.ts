import { addDays, type CalendarDate, day } from "#kernel/calendar-date.ts";
import { divideRounded } from "#kernel/money.ts";
import { fold } from "#kernel/text.ts";
import type { Alias, LineFacts, OpenItem, Part, Party } from "../core/facts.ts";
import { aliasName } from "../core/payer-names.ts";
import { type Random, seeded } from "./random.ts";

// Bank statements whose truth is known: what each transfer paid is decided first, then written down as payers and banks write.

/** How often each thing goes wrong, as a share of transfers unless it says customers. */
export type Noise = {
  /** What payers write: all numbers whole; the last digits only; a typo in one number; their own customer number; a month or nothing. The rest names all. */
  readonly lastDigits: number;
  readonly typo: number;
  readonly customerNumber: number;
  readonly nothing: number;
  /** A creditor reference (ISO 11649) instead of words, single invoices only. */
  readonly creditorReference: number;
  /** Of several invoices only the first is named. */
  readonly firstOnly: number;
  /** Several invoices in one transfer; everything that is due. */
  readonly several: number;
  readonly everythingDue: number;
  /** A discount taken, a charge kept by a bank, cents lost, a part paid, a credit note taken off, too much paid. */
  readonly discount: number;
  readonly fee: number;
  readonly cents: number;
  readonly partial: number;
  readonly creditNote: number;
  readonly tooMuch: number;
  /** Paid twice: the invoice named is closed already. */
  readonly twice: number;
  /** No IBAN of the payer in the file; no name; a name cut by the bank; a name with a typo. */
  readonly noIban: number;
  readonly noName: number;
  readonly cutName: number;
  readonly nameTypo: number;
  /** Customers who pay from an account never seen before. */
  readonly newPayer: number;
  /** Customers that a parent pays for; customers invoiced the same amount every month. */
  readonly groupPaid: number;
  /** A payer of several customers pays for two of them in one transfer. */
  readonly groupTransfer: number;
  readonly subscription: number;
};

/** What the goal is measured on: shares chosen to lie on the difficult side of what French and Belgian business accounts receive. */
export const DEFAULT_NOISE: Noise = {
  lastDigits: 0.08,
  typo: 0.03,
  customerNumber: 0.04,
  nothing: 0.12,
  creditorReference: 0.05,
  firstOnly: 0.05,
  several: 0.25,
  everythingDue: 0.06,
  discount: 0.02,
  fee: 0.015,
  cents: 0.01,
  partial: 0.025,
  creditNote: 0.03,
  tooMuch: 0.01,
  twice: 0.005,
  noIban: 0.25,
  noName: 0.04,
  cutName: 0.25,
  nameTypo: 0.04,
  newPayer: 0.12,
  groupPaid: 0.04,
  groupTransfer: 0.3,
  subscription: 0.12,
};

export type SyntheticLine = {
  readonly facts: LineFacts;
  /** What was paid: amounts per item, discounts and charges included; what is left on account. */
  readonly truth: { readonly parts: readonly Part[]; readonly unapplied: bigint };
};

export type SyntheticBank = {
  readonly parties: readonly Party[];
  /** Every item ever posted, wholly open. */
  readonly items: readonly OpenItem[];
  /** In the order of days. */
  readonly lines: readonly SyntheticLine[];
  /** What earlier years had taught. */
  readonly aliases: readonly Alias[];
};

type Customer = {
  readonly party: Party;
  readonly payerName: string;
  readonly iban: string;
  readonly subscription: bigint | null;
  readonly meanMinor: number;
  readonly rhythmDays: number;
};
type Books = { readonly customer: Customer; readonly open: Invoice[]; nextInvoice: number; nextPayment: number };
type Invoice = { readonly item: OpenItem; open: bigint };

const SYLLABLES = [
  "ba",
  "cor",
  "del",
  "fi",
  "gran",
  "jo",
  "lu",
  "mar",
  "nor",
  "pel",
  "quin",
  "ri",
  "sol",
  "tan",
  "ver",
  "zel",
  "bru",
  "cha",
];
const TRADES = [
  "transports",
  "batiment",
  "electricite",
  "menuiserie",
  "negoce",
  "distribution",
  "industries",
  "services",
  "conseil",
  "imprimerie",
  "boulangerie",
  "pharmacie",
  "garage",
  "plomberie",
  "logistique",
  "agro",
];
const FORMS = ["SARL", "SAS", "SA", "EURL", "& Fils", "GmbH", "SRL", ""];
const MONTHS = [
  "JANVIER",
  "FEVRIER",
  "MARS",
  "AVRIL",
  "MAI",
  "JUIN",
  "JUILLET",
  "AOUT",
  "SEPTEMBRE",
  "OCTOBRE",
  "NOVEMBRE",
  "DECEMBRE",
];

/** A year of receipts of a company with `customers` customers. */
export function syntheticBank(size: {
  seed: number;
  customers: number;
  days?: number;
  noise?: Partial<Noise>;
}): SyntheticBank {
  const random = seeded(size.seed);
  const noise = { ...DEFAULT_NOISE, ...size.noise };
  const days = size.days ?? 360;
  const startOn = day("2025-01-02");
  const customers = makeCustomers(random, size.customers, noise);
  const items: OpenItem[] = [];
  const lines: SyntheticLine[] = [];
  let number = 1;
  const books = customers.map(
    (customer): Books => ({
      customer,
      open: [],
      nextInvoice: random.between(0, customer.rhythmDays),
      nextPayment: random.between(20, 50),
    }),
  );
  for (let offset = 0; offset < days; offset += 1) {
    const on = addDays(startOn, offset);
    for (const book of books) {
      const { customer, open } = book;
      while (book.nextInvoice <= offset) {
        const isCredit = random.chance(0.04) && open.length > 0;
        const item = makeItem(random, customer, on, number, isCredit);
        number += 1;
        items.push(item);
        open.push({ item, open: item.openMinor });
        book.nextInvoice += Math.max(1, Math.round(customer.rhythmDays * (0.3 + random.next() * 1.4)));
      }
      if (book.nextPayment > offset) continue;
      book.nextPayment = offset + random.between(6, Math.max(8, Math.round(customer.rhythmDays * 1.6)));
      const sisters = books.filter((one) => one !== book && one.customer.iban === customer.iban);
      const line = pay(random, noise, book, sisters, on, lines.length);
      if (line) lines.push(line);
    }
  }
  lines.sort((a, b) =>
    a.facts.on < b.facts.on ? -1 : a.facts.on > b.facts.on ? 1 : a.facts.lineId < b.facts.lineId ? -1 : 1,
  );
  const aliases = customers
    .filter(() => !random.chance(noise.newPayer))
    .flatMap((customer): Alias[] => {
      const learnt = { accountId: customer.party.accountId, confirmed: random.between(1, 9), contradicted: 0 };
      return [
        { kind: "iban", value: customer.iban, ...learnt },
        { kind: "name", value: aliasName(customer.payerName), ...learnt },
      ];
    });
  return { parties: customers.map(({ party }) => party), items, lines, aliases };
}

const id = (kind: number, n: number): string =>
  `00000000-0000-7000-8${String(kind).padStart(3, "0")}-${String(n).padStart(12, "0")}`;

function makeCustomers(random: Random, count: number, noise: Noise): Customer[] {
  const customers: Customer[] = [];
  for (let n = 0; n < count; n += 1) {
    const word = () => Array.from({ length: random.between(2, 3) }, () => random.pick(SYLLABLES)).join("");
    const core = random.chance(0.7) ? `${random.pick(TRADES)} ${word()}` : `${word()} ${word()}`;
    const name = `${core} ${random.pick(FORMS)}`.trim();
    const parent =
      n > 3 && random.chance(noise.groupPaid) ? customers[random.between(0, customers.length - 1)] : undefined;
    const meanMinor = Math.round(40_000 * Math.exp(random.normal() * 1.1));
    const isSubscribed = random.chance(noise.subscription);
    customers.push({
      party: { accountId: id(1, n), customerId: id(2, n), number: `C${String(10_000 + n)}`, name },
      payerName: parent ? parent.payerName : name,
      iban: parent ? parent.iban : `iban-${n}`,
      subscription: isSubscribed ? BigInt(Math.round(meanMinor / 500) * 500 + 500) : null,
      meanMinor,
      rhythmDays: random.chance(0.04) ? 2 : random.between(6, 35),
    });
  }
  return customers;
}

function makeItem(random: Random, customer: Customer, on: CalendarDate, n: number, isCredit: boolean): OpenItem {
  const drawn = BigInt(Math.max(1_000, Math.round(customer.meanMinor * Math.exp(random.normal() * 0.7))));
  const minor = isCredit ? -(drawn / 4n) : (customer.subscription ?? drawn);
  const documentNo = `${isCredit ? "AV" : "FA"}${on.slice(2, 4)}${on.slice(5, 7)}-${String(n).padStart(6, "0")}`;
  return {
    itemId: id(3, n),
    accountId: customer.party.accountId,
    documentNo,
    openMinor: minor,
    originalMinor: minor,
    currency: "EUR",
    postedOn: on,
    dueOn: addDays(on, random.pick([30, 30, 45, 60])),
  };
}

type Payment = {
  readonly parts: Part[];
  readonly named: OpenItem[];
  minor: bigint;
  unapplied: bigint;
  feeMinor: bigint | null;
};

function pay(
  random: Random,
  noise: Noise,
  { customer, open }: Books,
  sisters: readonly Books[],
  on: CalendarDate,
  n: number,
): SyntheticLine | undefined {
  const debits = open.filter((one) => one.open > 0n);
  const payable = debits.filter((one) => one.item.dueOn <= addDays(on, 8));
  const closed = open.filter((one) => one.open === 0n && one.item.openMinor > 0n);
  if (random.chance(noise.twice) && closed.length > 0) {
    const { item } = random.pick(closed);
    const payment: Payment = {
      parts: [],
      named: [item],
      minor: item.openMinor,
      unapplied: item.openMinor,
      feeMinor: null,
    };
    return write(random, noise, customer, payment, on, n);
  }
  if (payable.length === 0) return undefined;
  const chosen = choose(random, noise, payable, on);
  const [sister] = sisters;
  if (sister && random.chance(noise.groupTransfer)) {
    const due = sister.open.filter((one) => one.open > 0n && one.item.dueOn <= addDays(on, 8));
    if (due.length > 0) chosen.push(...choose(random, noise, due, on));
  }
  const payment: Payment = {
    parts: chosen.map(({ item, open: left }) => ({ itemId: item.itemId, accountId: item.accountId, minor: left })),
    named: chosen.map(({ item }) => item),
    minor: chosen.reduce((sum, one) => sum + one.open, 0n),
    unapplied: 0n,
    feeMinor: null,
  };
  deduct(random, noise, payment, open);
  for (const part of payment.parts) {
    const invoice = [...chosen, ...open].find((one) => one.item.itemId === part.itemId);
    if (invoice) invoice.open -= part.minor;
  }
  return write(random, noise, customer, payment, on, n);
}

function choose(random: Random, noise: Noise, payable: readonly Invoice[], on: CalendarDate): Invoice[] {
  const due = payable.filter(({ item }) => item.dueOn <= on);
  if (due.length > 1 && random.chance(noise.everythingDue)) return due;
  if (payable.length > 1 && random.chance(noise.several)) {
    const count = random.between(2, Math.min(6, payable.length));
    if (random.chance(0.7)) return payable.slice(0, count);
    const mixed = [...payable].sort(() => random.next() - 0.5);
    return mixed.slice(0, count).sort((a, b) => (a.item.dueOn < b.item.dueOn ? -1 : 1));
  }
  return [random.chance(0.85) ? (payable[0] ?? random.pick(payable)) : random.pick(payable)];
}

/** What payers and banks take off or add. */
function deduct(random: Random, noise: Noise, payment: Payment, open: readonly Invoice[]): void {
  const dice = random.next();
  let below = noise.discount;
  if (dice < below) {
    const rate = BigInt(random.pick([100, 150, 200, 300]));
    payment.minor -= payment.parts.reduce((sum, { minor }) => sum + divideRounded(minor * rate, 10_000n), 0n);
    return;
  }
  below += noise.fee;
  if (dice < below) {
    const fee = BigInt(random.pick([500, 850, 1_200, 1_500, 2_000]));
    if (fee * 10n > payment.minor) return;
    payment.minor -= fee;
    // half the banks say what they kept
    payment.feeMinor = random.chance(0.5) ? fee : null;
    return;
  }
  below += noise.cents;
  if (dice < below) {
    payment.minor -= BigInt(random.between(1, 99));
    return;
  }
  below += noise.partial;
  const [first] = payment.parts;
  if (dice < below && first && payment.parts.length === 1) {
    const share = (first.minor * BigInt(random.between(20, 80))) / 100n;
    payment.parts[0] = { ...first, minor: share };
    payment.minor = share;
    return;
  }
  below += noise.creditNote;
  const note = open.find((one) => one.open < 0n);
  if (dice < below && note && payment.minor + note.open > 0n) {
    payment.parts.push({ itemId: note.item.itemId, accountId: note.item.accountId, minor: note.open });
    if (random.chance(0.5)) payment.named.push(note.item);
    payment.minor += note.open;
    return;
  }
  below += noise.tooMuch;
  if (dice < below) {
    payment.unapplied = BigInt(random.between(1_000, 20_000));
    payment.minor += payment.unapplied;
  }
}

function write(
  random: Random,
  noise: Noise,
  customer: Customer,
  payment: Payment,
  on: CalendarDate,
  n: number,
): SyntheticLine {
  const name = writtenName(random, noise, customer.payerName);
  const reference = writtenReference(random, noise, customer, payment, on);
  const hasIban = !random.chance(noise.noIban);
  return {
    facts: {
      lineId: id(4, n),
      minor: payment.minor,
      currency: "EUR",
      on,
      payerName: name,
      payerIban: hasIban ? customer.iban : null,
      text: reference.text,
      creditorReference: reference.creditor,
      documents: [],
      feeMinor: payment.feeMinor,
    },
    truth: { parts: payment.parts, unapplied: payment.unapplied },
  };
}

function writtenName(random: Random, noise: Noise, name: string): string | null {
  if (random.chance(noise.noName)) return null;
  let written = fold(name).toUpperCase();
  if (random.chance(0.15)) written = written.replace(/^(\w{4})\w+ /, "$1 ");
  if (random.chance(noise.nameTypo)) written = mistype(random, written);
  return random.chance(noise.cutName) ? written.slice(0, random.pick([16, 20, 24])) : written;
}

function mistype(random: Random, text: string): string {
  const at = random.between(1, Math.max(1, text.length - 2));
  const sign = /\d/.test(text[at] ?? "") ? String(random.between(0, 9)) : random.pick(["A", "E", "R", "S"]);
  return text.slice(0, at) + sign + text.slice(at + 1);
}

function writtenReference(
  random: Random,
  noise: Noise,
  customer: Customer,
  payment: Payment,
  on: CalendarDate,
): { text: string; creditor: string | null } {
  const numbers = payment.named.map(({ documentNo }) => documentNo ?? "");
  const [first = ""] = numbers;
  const end = ending(random, payment, on);
  const dice = random.next();
  let below = noise.nothing;
  if (dice < below)
    return {
      text: `${random.pick(["VIREMENT", "REGLEMENT", MONTHS[Number(on.slice(5, 7)) - 1] ?? ""])}${end}`,
      creditor: null,
    };
  below += noise.customerNumber;
  if (dice < below) return { text: `CLIENT ${customer.party.number}${end}`, creditor: null };
  below += noise.lastDigits;
  if (dice < below)
    return { text: `FACT ${numbers.map((one) => one.slice(-random.pick([4, 5]))).join(" ")}${end}`, creditor: null };
  below += noise.typo;
  if (dice < below)
    return { text: `FACTURE ${[mistype(random, first), ...numbers.slice(1)].join(" ")}${end}`, creditor: null };
  below += noise.creditorReference;
  if (dice < below && numbers.length === 1) return { text: end.trim(), creditor: asCreditorReference(first) };
  below += noise.firstOnly;
  if (dice < below) return { text: `${first} ET SUIVANTES${end}`, creditor: null };
  const style = random.between(0, 3);
  const asWritten = (one: string) =>
    style === 0
      ? one
      : style === 1
        ? one.replace("-", " ")
        : style === 2
          ? one.replace("-", "")
          : one.replace(/^[A-Z]+/, "");
  return {
    text: `${random.pick(["FACT ", "FACTURE ", "REGLT ", ""])}${numbers.map(asWritten).join(random.pick([" ", ", ", "/"]))}${end}`,
    creditor: null,
  };
}

/** What stands behind in real texts: placeholders, numbers of the payer's own, days and amounts. */
function ending(random: Random, { minor }: Payment, on: CalendarDate): string {
  const dice = random.next();
  if (dice < 0.25) return " NOTPROVIDED";
  if (dice < 0.45) return ` REF ${random.between(10_000, 9_999_999)}`;
  if (dice < 0.55) return ` DU ${on.slice(8)}/${on.slice(5, 7)}/${on.slice(0, 4)}`;
  if (dice < 0.6) return ` EUR ${minor / 100n},${String(minor % 100n).padStart(2, "0")}`;
  return "";
}

function asCreditorReference(number: string): string {
  const body = number.replace(/[^A-Z0-9]/g, "");
  const digits = [...`${body}RF00`].map((sign) => String(Number.parseInt(sign, 36))).join("");
  return `RF${String(98n - (BigInt(digits) % 97n)).padStart(2, "0")}${body}`;
}
