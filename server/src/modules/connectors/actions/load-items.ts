import { type CalendarDate, day } from "#kernel/calendar-date.ts";
import { type Currency, currency, parseCurrency, proRata } from "#kernel/money.ts";
import { keepBalances } from "#modules/credit/index.ts";
import { shareDocuments } from "#modules/documents/index.ts";
import {
  type CompanyRow,
  ensureAccounts,
  findCompany,
  type KnownAccount,
  stopChasingNew,
} from "#modules/parties/index.ts";
import { applyBatch, type BatchReport, type Coverage, type SourceItem } from "#modules/receivables/index.ts";
import type { Actor } from "#platform/actor.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import { loadRates, type RateTable } from "#platform/rates/index.ts";
import type { Services } from "#platform/services.ts";
import { type AccountTerms, dueDayOf, joinLeadingZeros } from "../core/due-day.ts";
import { FileRefused } from "../core/fault.ts";
import { isPaymentMeans } from "../core/fec/fec-items.ts";
import type { TableDraft } from "../core/table/table-items.ts";
import * as store from "../store/import-store.ts";
import type { FileReader } from "../worker/file-reader.ts";
import { type FecPlan, type ItemsPlan, isEntriesFormat, type NamedAccount, type Survey } from "../worker/protocol.ts";
import type { Loaded } from "./run-import.ts";
import { closingDateOf, type StoredProfile } from "./start-import.ts";
import { tablePlan } from "./table-plan.ts";

export type LoadInput = {
  readonly services: Services;
  readonly actor: Actor;
  readonly tx: Tx;
  readonly found: store.ImportRecord;
  readonly reader: FileReader;
  readonly today: CalendarDate;
  readonly isDryRun: boolean;
};

const WARNINGS_KEPT = 100;
const ACCOUNT_PREFIXES = ["411"];

/** Loads ledger rows of a FEC or a table of items into the receivables, inside the caller's transaction. */
export async function loadItems(input: LoadInput): Promise<Loaded> {
  const { found, tx, reader } = input;
  const company = found.choices.companyId ? await findCompany(tx, found.choices.companyId) : undefined;
  if (!company) throw new FileRefused("company_needed");
  const plan = planOf(found, company);
  const survey = await reader.survey(plan);
  const warnings = surveyWarnings(survey);
  checkSurvey(survey, found);
  const accounts = await openAccounts(input, company, survey.accounts, warnings);
  const currencies = [...new Set([currency(company.bookCurrency), ...(await currenciesIn(reader, plan, company))])];
  const rates = await loadRates(tx, currencies);
  const holders = await store.termsOfAccounts(tx, company.id);
  const terms = termsByAccount(holders);
  const tally = newTally();
  const rows = () => sourceItems(reader, plan, { company, accounts, terms, rates, tally });
  const sourceId = await store.ensureSource(
    tx,
    company.id,
    found.format === "fec" ? "fec" : found.kind === "fec" ? "ledger" : "items",
  );
  const isFirst = await isFirstLoad(tx, found, survey);
  const applied = await applyBatch(input.services, input.actor, {
    companyId: company.id,
    bookCurrency: currency(company.bookCurrency),
    source: { sourceId, kind: found.kind, name: found.fileName, settlesLeftovers: found.kind === "fec" },
    coverage: coverageOf(found),
    fiscalYear: survey.fiscalYear,
    knownOn: input.today,
    isFirstLoad: isFirst,
    rows,
    isDryRun: input.isDryRun,
    ...(found.format === "fec" ? { sourceBalances: balancesOf(survey.accounts, accounts) } : {}),
    fileName: found.fileName,
    fileHash: found.fileDigest,
  });
  if (!applied.ok) {
    throw new FileRefused(applied.code, 0, { value: String(Object.values(applied.details)[0] ?? "") });
  }
  await keepSuppliers(input, company.id, survey, { isFirst, batchId: applied.value.batchId });
  await shareOriginals(tx, applied.value);
  const refused = [...survey.faults, ...tally.faults].slice(0, 1_000);
  const refusedRows = survey.refusedRows + tally.refused;
  const report: store.StoredReport = {
    ...reportOf(applied.value, company, accounts, new Map(holders.map((row) => [row.accountId, row.customerName]))),
    refusedRows,
    refused,
    warnings: [...warnings, ...tallyWarnings(tally)].slice(0, WARNINGS_KEPT),
  };
  const isBlocked = refusedRows > 0 && !found.choices.skipRefused;
  return { report, batchId: applied.value.batchId, isBlocked };
}

/** A FEC that names suppliers states what every one of them is owed at its end. */
async function keepSuppliers(
  { tx, today }: LoadInput,
  companyId: string,
  { suppliers, fiscalYear }: Survey,
  load: { readonly isFirst: boolean; readonly batchId: string | null },
): Promise<void> {
  if (suppliers.length === 0 || !fiscalYear) return;
  const statedOn = fiscalYear.to < today ? fiscalYear.to : today;
  const knownOn = load.isFirst ? statedOn : today;
  await keepBalances(tx, { companyId, statedOn, knownOn, batchId: load.batchId }, suppliers, true);
}

function planOf(found: store.ImportRecord, company: CompanyRow): FecPlan | ItemsPlan {
  const profile = found.profile as unknown as StoredProfile;
  const bookCurrency = currency(company.bookCurrency);
  if (isEntriesFormat(found.format)) {
    const closingOn = closingDateOf(found.fileName) ?? null;
    return {
      format: found.format,
      encoding: profile.encoding as FecPlan["encoding"],
      bookCurrency,
      accountPrefixes: ACCOUNT_PREFIXES,
      closingOn,
    };
  }
  const named = found.choices.currency ? parseCurrency(found.choices.currency) : undefined;
  if (found.choices.currency && !named) throw new FileRefused("unknown_currency", 0, { value: found.choices.currency });
  const source = tablePlan(found.format, profile, found.kind);
  return {
    ...source,
    plan: {
      mapping: found.choices.mapping as ItemsPlan["plan"]["mapping"],
      headers: profile.headers,
      decimalMark: found.choices.decimalMark,
      dayOrder: found.choices.dayOrder,
      currency: named ?? bookCurrency,
      bookCurrency,
      coverage: found.choices.coverage,
      wholeColumns: profile.wholeColumns,
    },
  };
}

function coverageOf({ choices }: store.ImportRecord): Coverage {
  if (choices.coverage === "open_snapshot") {
    if (!choices.asOf) throw new FileRefused("as_of_needed");
    return { kind: "open_snapshot", asOf: day(choices.asOf) };
  }
  if (choices.coverage === "full") {
    if (!choices.from || !choices.to) throw new FileRefused("period_needed");
    return { kind: "full", from: day(choices.from), to: day(choices.to) };
  }
  return { kind: "movements" };
}

/** A FEC out of balance is refused only where its gap touches customer accounts; elsewhere it is located and said. */
function checkSurvey(survey: Survey, found: store.ImportRecord): void {
  const { unbalanced } = survey;
  if (unbalanced.touchesReceivables && unbalanced.gapMinor !== 0n) {
    const line = unbalanced.first?.line ?? 0;
    throw new FileRefused("unbalanced_receivables", line, { value: cents(unbalanced.gapMinor) });
  }
  if (survey.rows === 0 && survey.refusedRows === 0)
    throw new FileRefused(found.kind === "fec" ? "no_receivables" : "nothing_read");
}

const cents = (minor: bigint): string => {
  const text = String(minor < 0n ? -minor : minor).padStart(3, "0");
  return `${minor < 0n ? "-" : ""}${text.slice(0, -2)},${text.slice(-2)}`;
};

function surveyWarnings(survey: Survey): store.StoredFault[] {
  const warnings: store.StoredFault[] = [];
  const { unbalanced } = survey;
  if (unbalanced.count > 0) {
    warnings.push({
      code: "unbalanced_entries",
      line: unbalanced.first?.line ?? 0,
      value: String(unbalanced.first?.line ?? 0),
      count: unbalanced.count,
    });
  }
  if (survey.repeated > 0) warnings.push({ code: "repeated_document", line: 0, count: survey.repeated });
  if (survey.leftOut > 0) warnings.push({ code: "totals_left_out", line: 0, count: survey.leftOut });
  return warnings;
}

/** A FEC states the balance of each of its accounts: the sum of its lines, opening lines included. */
function balancesOf(named: readonly NamedAccount[], accounts: Accounts): ReadonlyMap<string, bigint> {
  const balances = new Map<string, bigint>();
  for (const one of named) {
    const account = accounts.get(accountKey(one));
    if (account) balances.set(account.accountId, (balances.get(account.accountId) ?? 0n) + one.balanceMinor);
  }
  return balances;
}

export type Accounts = ReadonlyMap<string, KnownAccount>;
export const accountKey = (account: { controlAccount: string; auxiliary: string }) =>
  `${account.controlAccount}\u0001${account.auxiliary}`;

export async function openAccounts(
  { tx, today }: Pick<LoadInput, "tx" | "today">,
  company: CompanyRow,
  named: readonly NamedAccount[],
  warnings: store.StoredFault[],
): Promise<Accounts> {
  const known = await tx.rows<{ auxiliary: string }>(sql`
    select auxiliary from parties.account_current where tenant_id = ${tx.tenant} and company_id = ${company.id}`);
  const { canonical, joined } = joinLeadingZeros(
    new Set(named.map((account) => account.auxiliary)),
    known.map((row) => row.auxiliary),
  );
  if (joined > 0) warnings.push({ code: "leading_zeros", line: 0, count: joined });
  const wanted = new Map<string, NamedAccount>();
  for (const account of named) {
    const standing = { ...account, auxiliary: canonical.get(account.auxiliary) ?? account.auxiliary };
    if (!wanted.has(accountKey(standing))) wanted.set(accountKey(standing), standing);
  }
  const opened = await ensureAccounts(tx, company.id, [...wanted.values()], today);
  const byName = new Map(opened.map((account) => [accountKey(account), account]));
  const means = opened.filter((account) => account.isNew && isPaymentMeans(account.name));
  await stopChasingNew(
    tx,
    means.map((account) => account.customerId),
  );
  for (const account of means.slice(0, 20))
    warnings.push({ code: "payment_means_account", line: 0, value: account.name });
  const result = new Map<string, KnownAccount>();
  for (const account of named) {
    const auxiliary = canonical.get(account.auxiliary) ?? account.auxiliary;
    const found = byName.get(accountKey({ controlAccount: account.controlAccount, auxiliary }));
    if (found) result.set(accountKey(account), found);
  }
  return result;
}

/** Currencies that rows of a table may carry; a FEC brings its own book amounts. */
async function currenciesIn(reader: FileReader, plan: FecPlan | ItemsPlan, company: CompanyRow): Promise<Currency[]> {
  if (isEntriesFormat(plan.format)) return [];
  const seen = new Set<Currency>();
  for await (const drafts of reader.drafts(plan))
    for (const draft of drafts) if (draft.bookMinor === null) seen.add(draft.currency);
  return [...seen].filter((one) => one !== company.bookCurrency);
}

export type Tally = { refused: number; faults: store.StoredFault[]; estimated: number; oldRates: number };
export const newTally = (): Tally => ({ refused: 0, faults: [], estimated: 0, oldRates: 0 });

export function tallyWarnings(tally: Tally): store.StoredFault[] {
  const warnings: store.StoredFault[] = [];
  if (tally.estimated > 0) warnings.push({ code: "due_estimated", line: 0, count: tally.estimated });
  if (tally.oldRates > 0) warnings.push({ code: "old_rate", line: 0, count: tally.oldRates });
  return warnings;
}

export type RowContext = {
  company: CompanyRow;
  accounts: Accounts;
  terms: ReadonlyMap<string, AccountTerms>;
  rates: RateTable;
  tally: Tally;
};

async function* sourceItems(
  reader: FileReader,
  plan: FecPlan | ItemsPlan,
  context: RowContext,
): AsyncGenerator<SourceItem> {
  Object.assign(context.tally, newTally());
  for await (const drafts of reader.drafts(plan)) {
    for (const draft of drafts) {
      const item = sourceItem(draft, context);
      if (item) yield item;
    }
  }
}

export function sourceItem(
  draft: TableDraft,
  { company, accounts, terms, rates, tally }: RowContext,
): SourceItem | undefined {
  const account = accounts.get(accountKey(draft));
  if (!account) throw new Error(`account ${draft.controlAccount} ${draft.auxiliary} was not surveyed`);
  const {
    controlAccount: _control,
    auxiliary: _auxiliary,
    accountName: _name,
    termDays: _termDays,
    bookMinor,
    ...rest
  } = draft;
  const due = dueDayOf(draft, terms.get(account.accountId), company.defaultTermDays);
  if (due.isDueEstimated) tally.estimated += 1;
  const item = { ...rest, ...due, accountId: account.accountId };
  const openBook = (book: bigint) =>
    draft.openMinor === undefined ? {} : { openBookMinor: proRata(book, draft.openMinor, draft.minor) };
  if (bookMinor !== null) return { ...item, bookMinor, ...openBook(bookMinor) };
  const to = currency(company.bookCurrency);
  const converted = rates.convert({ minor: draft.minor, currency: draft.currency }, to, draft.postedOn);
  if (!converted) {
    tally.refused += 1;
    if (tally.faults.length < 1_000)
      tally.faults.push({ code: "rate_missing", line: draft.line, value: `${draft.currency} ${draft.postedOn}` });
    return undefined;
  }
  if (converted.isOld) tally.oldRates += 1;
  const book = converted.money.minor;
  return { ...item, bookMinor: book, isBookConverted: true, ...openBook(book) };
}

export const termsByAccount = (rows: readonly store.TermsRow[]): ReadonlyMap<string, AccountTerms> =>
  new Map(rows.map((row) => [row.accountId, { kind: row.termKind as AccountTerms["kind"], days: row.termDays }]));

/** A period that this source never brought before: its rows count as known on their own days. */
async function isFirstLoad(tx: Tx, found: store.ImportRecord, survey: Survey): Promise<boolean> {
  const year = survey.fiscalYear?.to ?? null;
  const before = await tx.maybeOne(sql`
    select 1 as one from connectors.import
    where tenant_id = ${tx.tenant} and company_id = ${found.choices.companyId} and kind = ${found.kind} and state = 'applied'
      and (${year}::text is null or profile -> 'fiscalYear' ->> 'to' = ${year})
    limit 1`);
  return before === undefined;
}

/** The originals of documents that another source brought first are shown with the items that stand for them now. */
export async function shareOriginals(tx: Tx, { tookOver }: BatchReport): Promise<void> {
  if (tookOver.length === 0) return;
  const moves = tookOver.map(({ overlayItemId, itemId }) => ({ from: overlayItemId, to: itemId }));
  await shareDocuments(tx, "item", moves);
}

export function reportOf(
  batch: BatchReport,
  company: CompanyRow,
  accounts: Accounts,
  customerNames: ReadonlyMap<string, string>,
): Omit<store.StoredReport, "refusedRows" | "refused" | "warnings"> {
  const names = new Map([...accounts.values()].map((account) => [account.accountId, account]));
  const text = (value: bigint | null) => (value === null ? null : String(value));
  return {
    counts: { ...batch.counts },
    sample: batch.sample.map((change) => {
      const customerName = customerNames.get(change.accountId);
      return { ...change, ...(customerName ? { customerName } : {}), minor: String(change.minor) };
    }),
    totals: {
      debitMinor: String(batch.totals.debitMinor),
      creditMinor: String(batch.totals.creditMinor),
      accounts: batch.totals.accounts,
    },
    proof: {
      currency: company.bookCurrency,
      openingMinor: String(batch.proof.openingMinor),
      movementMinor: String(batch.proof.movementMinor),
      closingMinor: String(batch.proof.closingMinor),
      sourceMinor: text(batch.proof.sourceMinor),
      isTied: batch.proof.isTied,
      differences: batch.proof.differences.slice(0, 200).map((one) => ({
        account: names.get(one.accountId)?.auxiliary || names.get(one.accountId)?.controlAccount || one.accountId,
        closingMinor: String(one.closingMinor),
        sourceMinor: text(one.sourceMinor),
        differenceMinor: text(one.differenceMinor),
      })),
    },
  };
}
