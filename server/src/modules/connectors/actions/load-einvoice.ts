import { currency } from "#kernel/money.ts";
import { addDocument, hasDocument } from "#modules/documents/index.ts";
import { type CompanyRow, ensureAccounts, findCompany, upsertCustomers } from "#modules/parties/index.ts";
import { applyBatch, type SourceItem } from "#modules/receivables/index.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import { loadRates } from "#platform/rates/index.ts";
import { dueDayOf } from "../core/due-day.ts";
import type { EInvoice } from "../core/einvoice/invoice.ts";
import { claimOf, type InvoiceClaim, isParty } from "../core/einvoice/invoice-claim.ts";
import { FileRefused } from "../core/fault.ts";
import * as store from "../store/import-store.ts";
import { withImportBytes } from "./import-file.ts";
import { type LoadInput, reportOf, termsByAccount } from "./load-items.ts";
import type { Loaded } from "./run-import.ts";

const CONTROL_ACCOUNT = "411000";

/**
 * Takes an e-invoice: completes the ledger's item where the books know the document, else makes an item beside the ledger that the booking will replace.
 * The original is kept with the item. Refuses a life-cycle message, a document of another seller, and one without what a ledger row needs.
 */
export async function loadEInvoice(input: LoadInput): Promise<Loaded> {
  const { tx, found, reader, today } = input;
  const file = await reader.einvoice();
  if (file.kind === "lifecycle") throw new FileRefused("lifecycle_message", 0, { value: file.lifecycle.code ?? "" });
  const { invoice } = file;
  const company = found.choices.companyId ? await findCompany(tx, found.choices.companyId) : undefined;
  if (!company) throw new FileRefused("company_needed");
  if (isParty(invoice.seller, company) === false)
    throw new FileRefused("file_of_another_company", 0, { value: invoice.seller.name ?? "" });
  const claim = claimOf(invoice);
  const account = (await accountOfBooking(tx, company, claim)) ?? (await accountOfBuyer(tx, company, invoice, today));
  const rows = await rowsOf(tx, company, account.accountId, claim, invoice);
  const sourceId = await store.ensureSource(tx, company.id, "einvoice");
  const applied = await applyBatch(input.services, input.actor, {
    companyId: company.id,
    bookCurrency: currency(company.bookCurrency),
    source: { sourceId, kind: "einvoice", name: "einvoice", settlesLeftovers: false, onlyCompletes: true },
    coverage: { kind: "movements" },
    fiscalYear: null,
    knownOn: today,
    isFirstLoad: false,
    rows: () => rows,
    isDryRun: input.isDryRun,
    fileName: found.fileName,
    fileHash: found.fileDigest,
  });
  if (!applied.ok) throw new FileRefused(applied.code, 0);
  if (!input.isDryRun) await keepOriginal(input, sourceId, rows);
  const names = new Map([[account.accountId, account.customerName]]);
  const accounts = new Map([[account.accountId, account]]);
  return {
    report: {
      ...reportOf(applied.value, company, accounts, names),
      refusedRows: 0,
      refused: [],
      warnings: file.warnings.slice(0, 100).map(({ code, line, column, value }) => ({
        code,
        line,
        ...(column ? { column } : {}),
        ...(value ? { value } : {}),
      })),
    },
    batchId: applied.value.batchId,
    isBlocked: false,
  };
}

type BuyerAccount = {
  readonly accountId: string;
  readonly customerId: string;
  readonly customerName: string;
  readonly controlAccount: string;
  readonly auxiliary: string;
  readonly name: string;
  readonly isNew: boolean;
};

/**
 * The account under which the books carry the document already, whoever the buyer is called there: same number, currency, amount and day, and no other
 * such item. Undefined where they do not know it, or more than one could be meant.
 */
async function accountOfBooking(tx: Tx, company: CompanyRow, claim: InvoiceClaim): Promise<BuyerAccount | undefined> {
  const rows = await tx.rows<Omit<BuyerAccount, "isNew">>(sql`
    select a.account_id as "accountId", a.customer_id as "customerId", a.customer_name as "customerName", a.control_account as "controlAccount",
           a.auxiliary, a.account_name as name
    from receivables.item_state s
    join parties.account_current a on a.tenant_id = s.tenant_id and a.account_id = s.account_id and a.company_id = ${company.id}
    where s.tenant_id = ${tx.tenant} and s.document_no = ${claim.number} and s.layer = 'ledger' and s.currency = ${claim.currency}
      and s.kind = ${claim.isCredit ? "credit_note" : "invoice"} and s.original_minor in (${claim.totalMinor}, ${claim.payableMinor})
      and (s.issued_on = ${claim.issuedOn} or s.posted_on = ${claim.issuedOn})
    limit 2`);
  const [only] = rows;
  return only && rows.length === 1 ? { ...only, isNew: false } : undefined;
}

/** The buyer's account in the company's books: of the customer with its SIREN or VAT number, else with its very name; else a new one. Who has an account there comes first. */
async function accountOfBuyer(tx: Tx, company: CompanyRow, { buyer }: EInvoice, today: string): Promise<BuyerAccount> {
  if (!buyer.name && !buyer.siren && !buyer.vat) throw new FileRefused("invoice_incomplete", 0, { column: "BT-44" });
  const siren = buyer.siren ?? buyer.siret?.slice(0, 9) ?? null;
  const customers = await tx.rows<{ number: string; name: string; siren: string | null; vatNumber: string | null }>(sql`
    select c.number, c.name, c.siren, c.vat_number as "vatNumber"
    from parties.customer c
    where c.tenant_id = ${tx.tenant} and c.merged_into is null
      and (left(c.siren, 9) = ${siren} or c.vat_number = ${buyer.vat} or lower(c.name) = lower(${buyer.name ?? ""}))
    order by exists (
        select from parties.account_current a
        where a.tenant_id = c.tenant_id and a.customer_id = c.customer_id and a.company_id = ${company.id}
      ) desc, c.created_at
    limit 20`);
  const customer =
    customers.find((one) => isParty(buyer, one) === true) ?? customers.find((one) => isParty(buyer, one) === undefined);
  const number = customer?.number ?? siren ?? buyer.vat ?? (buyer.name ?? "").slice(0, 40);
  if (!customer)
    await upsertCustomers(tx, [
      {
        number,
        name: buyer.name ?? number,
        ...(buyer.country ? { country: buyer.country } : {}),
        ...(siren ? { siren } : {}),
        ...(buyer.vat ? { vatNumber: buyer.vat } : {}),
        ...(buyer.email ? { email: buyer.email } : {}),
      },
    ]);
  const name = customer?.name ?? buyer.name ?? number;
  const known = await tx.maybeOne<Omit<BuyerAccount, "isNew" | "customerName">>(sql`
    select a.account_id as "accountId", a.customer_id as "customerId", a.control_account as "controlAccount", a.auxiliary, a.account_name as name
    from parties.account_current a
    join parties.customer c on c.tenant_id = a.tenant_id and c.customer_id = a.customer_id and c.number = ${number}
    where a.tenant_id = ${tx.tenant} and a.company_id = ${company.id}
    order by a.account_id
    limit 1`);
  if (known) return { ...known, customerName: name, isNew: false };
  const [made] = await ensureAccounts(
    tx,
    company.id,
    [{ controlAccount: CONTROL_ACCOUNT, auxiliary: number, name }],
    today,
  );
  if (!made) throw new Error("an account was not made");
  return { ...made, customerName: name };
}

async function rowsOf(
  tx: Tx,
  company: CompanyRow,
  accountId: string,
  claim: InvoiceClaim,
  invoice: EInvoice,
): Promise<SourceItem[]> {
  const booked = await bookedMinor(tx, accountId, claim);
  const terms = termsByAccount(await store.termsOfAccounts(tx, company.id)).get(accountId);
  const bookCurrency = currency(company.bookCurrency);
  const rates = await loadRates(tx, [claim.currency, bookCurrency]);
  const parts =
    booked === undefined && claim.instalments.length > 1
      ? claim.instalments
      : [{ dueOn: claim.dueOn, minor: booked ?? claim.payableMinor }];
  return parts.map((part, index): SourceItem => {
    const book = rates.convert({ minor: part.minor, currency: claim.currency }, bookCurrency, claim.issuedOn);
    if (!book) throw new FileRefused("rate_missing", 0, { value: `${claim.currency} ${claim.issuedOn}` });
    const { dueOn, isDueEstimated } = dueDayOf(
      { issuedOn: claim.issuedOn, dueOn: part.dueOn },
      terms,
      company.defaultTermDays,
    );
    return {
      accountId,
      key: `${claim.isCredit ? "C" : "I"}/${claim.number}/${claim.issuedOn}/${index + 1}`,
      kind: claim.isCredit ? "credit_note" : "invoice",
      journal: null,
      entryNo: null,
      documentNo: claim.number,
      label: invoice.orderNumber,
      issuedOn: claim.issuedOn,
      postedOn: claim.issuedOn,
      dueOn,
      isDueEstimated,
      instalmentNo: index + 1,
      currency: claim.currency,
      minor: part.minor,
      bookMinor: book.money.minor,
      isBookConverted: claim.currency !== bookCurrency,
      paymentMethod: invoice.paymentMeans,
      letter: null,
      letteredOn: null,
      fiscalYear: null,
      isOpening: false,
    };
  });
}

/** What the books carry for the document: all of it, or what was left after an advance. Undefined where they do not know it. */
async function bookedMinor(tx: Tx, accountId: string, claim: InvoiceClaim): Promise<bigint | undefined> {
  const rows = await tx.rows<{ minor: bigint }>(sql`
    select s.original_minor as minor
    from receivables.item_state s
    join parties.account_current a on a.tenant_id = s.tenant_id and a.account_id = s.account_id
    join parties.account_current b on b.tenant_id = a.tenant_id and b.company_id = a.company_id and b.customer_id = a.customer_id
    where s.tenant_id = ${tx.tenant} and b.account_id = ${accountId} and s.layer = 'ledger' and s.document_no = ${claim.number}
      and s.currency = ${claim.currency} and s.original_minor in (${claim.totalMinor}, ${claim.payableMinor})
    order by s.original_minor = ${claim.totalMinor} desc
    limit 1`);
  return rows[0]?.minor;
}

/** The document itself, with the item it made or completed; the very file only once. */
async function keepOriginal(input: LoadInput, sourceId: string, rows: readonly SourceItem[]): Promise<void> {
  const { tx, services, actor, found } = input;
  const item = await tx.maybeOne<{ id: string }>(sql`
    select item_id as id
    from receivables.external_ref
    where tenant_id = ${tx.tenant} and source_id = ${sourceId} and key = ${rows[0]?.key ?? ""}`);
  const content = item && (await withImportBytes(services, tx, found));
  if (!item || !content || (await hasDocument(tx, { subjectType: "item", subjectId: item.id }, found.fileDigest)))
    return;
  const isPdf = content.subarray(0, 5).toString("latin1") === "%PDF-";
  await addDocument(
    services,
    tx,
    actor,
    { subjectType: "item", subjectId: item.id },
    {
      name: found.fileName,
      mediaType: isPdf ? "application/pdf" : "application/xml",
      content,
    },
  );
}
