import { createHash } from "node:crypto";
import { addDays, type CalendarDate, weekdayOf } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { addBankAccountIn, importFile, matchCash, receiveFile, type SourceFile } from "#modules/cash/index.ts";
import { type CompanyRow, listCompanies } from "#modules/parties/index.ts";
import { openItems } from "#modules/receivables/index.ts";
import type { Actor } from "#platform/actor.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import type { Services } from "#platform/services.ts";
import { type Random, seeded } from "./random.ts";

type Statement = SourceFile["statements"][number];
type Entry = Statement["entries"][number];
type Detail = Entry["details"][number];
type Item = {
  readonly documentNo: string;
  readonly accountId: Uuid;
  readonly name: string;
  readonly number: string;
  readonly currency: string;
  readonly open: bigint;
};

const DAYS = 5;
const LINES_A_DAY = 9;
const OPENING = 18_452_107n;
const LAST_WORKING_DAY = 5;

/** A week of bank statements for each company of the demo: most lines find their invoice, some wait, one debit comes back, one statement has a gap. */
export async function seedBank(services: Services, actor: Actor, today: CalendarDate): Promise<void> {
  const companies = await services.db.transaction(actor.tenant, listCompanies);
  for (const [index, company] of companies.entries()) {
    const random = seeded(7_001 + index);
    const iban = ibanOf(random);
    const items = await services.db.transaction(actor.tenant, async (tx) => {
      const added = await addBankAccountIn(tx, actor, {
        companyId: company.id,
        identifier: iban,
        currency: company.bookCurrency,
        name: index % 2 === 0 ? "Banque du Rhône" : "Crédit des Alpes",
        isActive: true,
      });
      if (!added.ok) throw new Error(added.code);
      return payable(tx, company, today);
    });
    const statements = statementsOf(random, items, company, iban, today);
    // the second company's bank lost a day: what follows waits for a decision
    const sent = index === 1 ? statements.filter((_, at) => at !== DAYS - 2) : statements;
    for (const [at, statement] of sent.entries()) {
      const name = `releve-${company.code.toLowerCase()}-${statement.to ?? at}.csv`;
      const file: SourceFile = { format: "csv", statements: [statement], returns: [], warnings: [] };
      const content = Buffer.from(textOf(statement), "utf8");
      const digest = createHash("sha256").update(content).digest("hex");
      await services.db.transaction(actor.tenant, (tx) => services.files.put(tx, content));
      const fileId = await receiveFile(
        services,
        actor,
        { name, digest, sizeBytes: content.length, file, companyId: null },
        today,
      );
      await importFile(services, actor, fileId);
    }
  }
  await matchCash(services, { id: actor.tenant, zone: actor.zone }, today);
}

/** The statement as a bank's table would give it. */
const textOf = ({ currency: of, entries }: Statement): string =>
  [
    "Date;Libellé;Débit;Crédit;Devise",
    ...entries.map(({ bookedOn, text, details, amountMinor }) => {
      const words = [text, details[0]?.payerName, details[0]?.remittance].filter(Boolean).join(" ");
      const minor = String(amountMinor < 0n ? -amountMinor : amountMinor).padStart(3, "0");
      const amount = `${minor.slice(0, -2)},${minor.slice(-2)}`;
      return `${bookedOn};${words};${amountMinor < 0n ? amount : ""};${amountMinor < 0n ? "" : amount};${of ?? ""}`;
    }),
  ].join("\r\n");

const payable = (tx: Tx, company: CompanyRow, today: CalendarDate): Promise<Item[]> =>
  tx.rows<Item>(sql`
    select o.document_no as "documentNo", o.account_id as "accountId", a.customer_name as name, a.customer_number as number, o.currency,
           o.open_minor as open
    from ${openItems(tx, today, "working")} o
    join parties.account_current a on a.tenant_id = ${tx.tenant} and a.account_id = o.account_id
    where a.company_id = ${company.id} and o.kind = 'invoice' and o.currency = ${company.bookCurrency} and o.document_no is not null
      and o.due_on between ${today}::date - 45 and ${today}::date + 10
    order by o.document_no`);

function statementsOf(
  random: Random,
  items: readonly Item[],
  company: CompanyRow,
  account: string,
  today: CalendarDate,
): Statement[] {
  const days: CalendarDate[] = [];
  for (let on = addDays(today, -1); days.length < DAYS; on = addDays(on, -1))
    if (weekdayOf(on) <= LAST_WORKING_DAY) days.unshift(on);
  const waiting = [...items];
  let balance = OPENING;
  let taken: Entry | undefined;
  return days.map((on, at): Statement => {
    const entries: Entry[] = [];
    for (let n = 0; n < LINES_A_DAY; n += 1) {
      const entry = receipt(random, waiting, on, `${company.code}-${at}-${n}`);
      if (entry) entries.push(entry);
    }
    taken ??= entries.find((entry) => entry.details[0]?.remittance.includes("FA"));
    if (at === DAYS - 1 && taken) entries.push(returned(taken, on, company.code));
    entries.push(fee(on, `${company.code}-${at}`));
    const opening = balance;
    balance = entries.reduce((sum, entry) => sum + entry.amountMinor, opening);
    return {
      account,
      currency: company.bookCurrency,
      number: String(212 + at),
      from: on,
      to: on,
      opening: { on, minor: opening },
      closing: { on, minor: balance },
      chain: "ok",
      scope: "statement",
      entries,
    };
  });
}

/** One transfer, written as payers write: the number whole, its end, a few of them, a part, less a discount, or nothing of use. */
function receipt(random: Random, waiting: Item[], on: CalendarDate, key: string): Entry | undefined {
  const [item] = waiting.splice(random.between(0, Math.max(0, waiting.length - 1)), 1);
  if (!item) return undefined;
  const more = waiting.filter((other) => other.accountId === item.accountId).slice(0, 2);
  const dice = random.next();
  if (dice < 0.18 && more.length > 0) {
    for (const one of more) waiting.splice(waiting.indexOf(one), 1);
    const all = [item, ...more];
    return transfer(
      item,
      on,
      key,
      all.reduce((sum, { open }) => sum + open, 0n),
      all.map(({ documentNo }) => documentNo).join(" "),
    );
  }
  if (dice < 0.26) return transfer(item, on, key, item.open, random.pick(["VIREMENT", "REGLEMENT FOURNISSEUR"]));
  if (dice < 0.32) return transfer(item, on, key, (item.open * 40n) / 100n, `ACOMPTE ${item.documentNo}`);
  if (dice < 0.38) return transfer(item, on, key, (item.open * 98n) / 100n, `${item.documentNo} ESCOMPTE 2%`);
  if (dice < 0.42)
    return transfer({ ...item, name: "ETS LEFORT ET FILS" }, on, key, item.open / 3n + 1_234n, "SELON CONTRAT");
  const number = random.chance(0.2) ? item.documentNo.replace("-", " ") : item.documentNo;
  return transfer(item, on, key, item.open, `${random.pick(["FACT ", "FACTURE ", "RGLT "])}${number}`);
}

const detailOf = (given: Partial<Detail> & Pick<Detail, "amountMinor">): Detail => ({
  endToEndId: null,
  mandateId: null,
  payerName: null,
  payerIban: null,
  ultimatePayer: null,
  creditorReference: null,
  documents: [],
  remittance: "",
  reason: null,
  feeMinor: null,
  ...given,
});

const entryOf = (given: Partial<Entry> & Pick<Entry, "amountMinor" | "key" | "details" | "bookedOn">): Entry => ({
  position: given.key,
  isReversal: false,
  status: "booked",
  valueOn: given.bookedOn,
  bankReference: null,
  kind: "transfer",
  text: "",
  ...given,
});

function transfer(item: Item, on: CalendarDate, key: string, amountMinor: bigint, remittance: string): Entry {
  const payer = seeded(Number.parseInt(item.number.replace(/\D/g, ""), 10) + 31);
  const details = [
    detailOf({
      amountMinor,
      remittance,
      endToEndId: `E2E${key}`,
      payerName: item.name.toUpperCase().slice(0, 27),
      payerIban: ibanOf(payer),
    }),
  ];
  return entryOf({ amountMinor, key, bookedOn: on, text: "VIR SEPA RECU", details });
}

/** The bank takes a payment of the week back. */
function returned(taken: Entry, on: CalendarDate, code: string): Entry {
  const [first] = taken.details;
  const amountMinor = -taken.amountMinor;
  const reason = { code: "AM04", text: "PROVISION INSUFFISANTE" };
  const details = [
    detailOf({
      amountMinor,
      endToEndId: first?.endToEndId ?? null,
      payerName: first?.payerName ?? null,
      reason,
      remittance: "REJET",
    }),
  ];
  return entryOf({
    amountMinor,
    key: `${code}-return`,
    bookedOn: on,
    kind: "return",
    text: "REJET PRLV SEPA",
    details,
  });
}

const fee = (on: CalendarDate, key: string): Entry =>
  entryOf({
    amountMinor: -1_250n,
    key: `${key}-fee`,
    bookedOn: on,
    kind: "fee",
    text: "COMMISSION DE MOUVEMENT",
    details: [detailOf({ amountMinor: -1_250n })],
  });

/** A French IBAN of no real account whose check digits hold. */
function ibanOf(random: Random): string {
  const digits = Array.from({ length: 23 }, () => random.between(0, 9)).join("");
  const check = 98n - (BigInt(`${digits}152700`) % 97n);
  return `FR${String(check).padStart(2, "0")}${digits}`;
}
