import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Currency } from "#kernel/money.ts";
import { fold } from "#kernel/text.ts";
import type { ItemDraft } from "../draft.ts";
import { entryKey, type FecEntry, type FecSurvey, TOUCHES } from "./fec-entries.ts";
import type { FecLine } from "./parse-fec.ts";

export type FecContext = {
  readonly survey: FecSurvey;
  readonly bookCurrency: Currency;
  readonly fiscalYear: { readonly from: CalendarDate; readonly to: CalendarDate };
};

const OPENING_JOURNAL = /^(an|anc|ano|anv|anx|anouv|anouveaux?|ran|rn|ro|nouv|ouv|ouverture|open|opening|opn)\d*$/;
const OPENING_WORDS = /\b(a[- ]?nouveaux?|report a nouveau|reouverture|ouverture|solde[s]? (d')?ouverture|opening)\b/;
const OPENING_LABEL =
  /^((reprise |report )?(des? )?a[- ]?nouveaux?|reouverture|ouverture|soldes? (d['’ ]?)?ouverture|opening)\b/;

const RETURN_WORDS =
  /\b(impaye|impayes|rejet|rejete|rejets|represent|retour|unpaid|bounced|returned|contre[- ]?passation)/;

/** Receivable lines of a FEC as ledger rows. A line of zero says nothing and is left out. */
export function fecItem(line: FecLine, context: FecContext): ItemDraft | undefined {
  const bookMinor = line.debit - line.credit;
  if (bookMinor === 0n) return undefined;
  const entry = context.survey.entries.get(entryKey(line));
  const isOpening = isOpeningLine(line, entry, context.fiscalYear.from);
  // A number that the program put in the entry's name only; bare counters are no document numbers.
  const document = documentNo(line.pieceRef) ?? (/[A-Za-z]/.test(line.ecritureNum) ? line.ecritureNum : null);
  const { currency, minor } = documentAmount(line, bookMinor, context.bookCurrency);
  return {
    controlAccount: line.compteNum,
    auxiliary: line.compAuxNum,
    accountName: line.compAuxNum === "" ? line.compteLib : line.compAuxLib || line.compAuxNum,
    key: null,
    kind: isOpening ? "opening" : kindOf(line, entry, bookMinor),
    journal: line.journalCode || null,
    entryNo: line.ecritureNum || null,
    side: line.debit !== 0n ? "debit" : "credit",
    documentNo: document,
    label: line.ecritureLib || null,
    issuedOn: line.pieceDate ?? line.ecritureDate,
    postedOn: line.ecritureDate,
    dueOn: bookMinor < 0n ? line.ecritureDate : null,
    instalmentNo: 1,
    currency,
    minor,
    bookMinor,
    paymentMethod: null,
    letter: line.ecritureLet || null,
    letteredOn: line.dateLet ?? null,
    fiscalYear: context.fiscalYear.to,
    isOpening,
    line: line.line,
  };
}

/** Placeholders that exports write when a document has no number. */
const documentNo = (text: string): string | null => (/^[-/.*0 ]*$/.test(text) ? null : text);

function documentAmount(
  line: FecLine,
  bookMinor: bigint,
  bookCurrency: Currency,
): { currency: Currency; minor: bigint } {
  const { foreign } = line;
  if (!foreign || foreign.currency === bookCurrency) return { currency: bookCurrency, minor: bookMinor };
  // Some programs sign the foreign amount, others do not: the side of the line decides.
  const size = foreign.minor < 0n ? -foreign.minor : foreign.minor;
  return { currency: foreign.currency, minor: bookMinor < 0n ? -size : size };
}

function isOpeningLine(line: FecLine, entry: FecEntry | undefined, firstOn: CalendarDate): boolean {
  const touches = entry?.touches ?? 0;
  if ((touches & (TOUCHES.sales | TOUCHES.result)) !== 0) return false;
  const isNamedOpening = OPENING_JOURNAL.test(fold(line.journalCode).replace(/[^a-z0-9]/g, ""));
  if (isNamedOpening && !OTHER_JOURNAL.test(fold(line.journalLib))) return true;
  // A label alone may speak of something else ("règlement frais d'ouverture"): it has to begin with it, on the first day.
  return (
    OPENING_WORDS.test(fold(line.journalLib)) ||
    (line.ecritureDate === firstOn && OPENING_LABEL.test(fold(line.ecritureLib)))
  );
}

function kindOf(line: FecLine, entry: FecEntry | undefined, bookMinor: bigint): ItemDraft["kind"] {
  const touches = entry?.touches ?? 0;
  const isDebit = bookMinor > 0n;
  if ((touches & TOUCHES.sales) !== 0) return isDebit ? "invoice" : "credit_note";
  if ((touches & (TOUCHES.cash | TOUCHES.bills)) !== 0) {
    if (!isDebit) return "payment";
    return RETURN_WORDS.test(fold(`${line.ecritureLib} ${line.journalLib}`)) ? "rejection" : "other";
  }
  if ((touches & TOUCHES.vat) !== 0) return isDebit ? "invoice" : "credit_note";
  // Some exports write each line as an entry of its own: then only the journal tells.
  const journal = fold(`${line.journalCode} ${line.journalLib}`);
  if (SALES_JOURNAL.test(journal)) return isDebit ? "invoice" : "credit_note";
  if (CASH_JOURNAL.test(journal) && !isDebit) return "payment";
  return "other";
}

const SALES_JOURNAL = /^(ve|vt|vte|vte?s|vente)\d*\b|\b(ventes?|sales|facturation)\b/;
const OTHER_JOURNAL = /\b(banques?|caisses?|bank|encaissements?|ventes?|achats?|sales|paie)\b/;
const CASH_JOURNAL = /^(bq|bqe?|bnq|ca|cai)\d*\b|\b(banques?|caisses?|bank|tresorerie|encaissements?)\b/;

/** Names of means of payment that small firms book as if they were customers. */
const PAYMENT_MEANS =
  /^(cb|carte(s)?( bancaire(s)?)?|especes?|caisse|cheques?|virements?|prelevements?|tpe|stripe|paypal|sumup|zettle|mollie|gocardless|payplug|lydia|alma|ventes? (au )?comptant|comptoir|clients? (divers|comptoir|de passage))\b/;

/** Whether an account is a means of payment or a collective of passing customers: nobody to chase. */
export const isPaymentMeans = (name: string): boolean => PAYMENT_MEANS.test(fold(name));

/** The fiscal year of a FEC: its end from the file name (SIREN FEC YYYYMMDD), else from its lines. */
export function fiscalYearOf(
  survey: FecSurvey,
  closingOn: CalendarDate | undefined,
): { from: CalendarDate; to: CalendarDate } | undefined {
  if (!survey.firstOn || !survey.lastOn) return undefined;
  return { from: survey.firstOn, to: closingOn && closingOn >= survey.lastOn ? closingOn : survey.lastOn };
}
