import { BANK_TEXTS } from "./bank-faults.ts";

type Text = { readonly fr: string; readonly en: string };

/** Why a file or a row is refused, or what was noticed; `{value}`, `{column}` and `{count}` are filled in. */
const TEXTS: Readonly<Record<string, Text>> = {
  ...BANK_TEXTS,
  empty_file: { fr: "Le fichier est vide.", en: "The file is empty." },
  binary_file: {
    fr: "Ce fichier n’est ni un texte ni un classeur : exportez en CSV, XLSX ou FEC.",
    en: "This file is neither text nor a workbook: export as CSV, XLSX or FEC.",
  },
  old_workbook: {
    fr: "Ancien format Excel (.xls) : enregistrez-le en .xlsx ou en CSV.",
    en: "Old Excel format (.xls): save it as .xlsx or CSV.",
  },
  pdf_file: {
    fr: "C’est un PDF : exportez les lignes en CSV, XLSX ou FEC.",
    en: "This is a PDF: export the rows as CSV, XLSX or FEC.",
  },
  lifecycle_message: {
    fr: "C’est un message de cycle de vie (statut {value}) et non une facture : il ne crée aucune pièce.",
    en: "This is a life-cycle message (status {value}), not an invoice: it makes no item.",
  },
  invoice_incomplete: {
    fr: "La facture ne dit pas ce qu’une pièce doit dire : {column} manque.",
    en: "The invoice does not say what an item must say: {column} is missing.",
  },
  file_of_another_company: {
    fr: "Cette facture est émise par {value}, une autre société que celle choisie.",
    en: "This invoice is issued by {value}, another company than the one chosen.",
  },
  archive_file: {
    fr: "Décompressez l’archive et déposez le fichier qu’elle contient.",
    en: "Unpack the archive and drop the file inside.",
  },
  line_too_long: {
    fr: "Une ligne dépasse un million de caractères.",
    en: "A line is longer than a million characters.",
  },
  quote_not_closed: {
    fr: "Un guillemet ouvert n’est jamais refermé à partir de cette ligne.",
    en: "A quote opened on this line is never closed.",
  },
  workbook_damaged: { fr: "Le classeur est endommagé ou tronqué.", en: "The workbook is damaged or cut short." },
  workbook_too_large: {
    fr: "Le classeur se déploie au-delà de ce qu’un classeur peut contenir.",
    en: "The workbook unpacks to more than a workbook can hold.",
  },
  not_a_workbook: { fr: "L’archive n’est pas un classeur Excel.", en: "The archive is not an Excel workbook." },
  too_many_columns: { fr: "Trop de colonnes sur cette ligne.", en: "Too many columns on this row." },
  file_too_complex: {
    fr: "La lecture demande plus de mémoire que permis : découpez le fichier.",
    en: "Reading needs more memory than allowed: split the file.",
  },
  reading_too_long: {
    fr: "La lecture prend trop de temps : découpez le fichier.",
    en: "Reading takes too long: split the file.",
  },
  no_header: {
    fr: "Aucune ligne d’en-tête reconnue : la première ligne doit nommer les colonnes.",
    en: "No header row recognised: the first row must name the columns.",
  },
  not_a_fec: {
    fr: "Ce n’est pas un fichier des écritures comptables : la première ligne doit porter ses 18 noms de colonnes.",
    en: "This is not an accounting-entries file (FEC): its first line must carry the 18 column names.",
  },
  fec_column_missing: { fr: "Colonne absente du FEC : {column}.", en: "Column missing from the FEC: {column}." },
  too_few_columns: {
    fr: "La ligne a trop peu de colonnes ({column}).",
    en: "The line has too few columns ({column}).",
  },
  absence_unsafe: {
    fr: "{value} lignes refusées : rien n’est appliqué, car l’absence d’une ligne compterait comme une annulation. Corrigez-les à la source.",
    en: "{value} rows refused: nothing is applied, because a missing row would count as void. Correct them at the source.",
  },
  settlement_unknown_item: {
    fr: "Le règlement nomme une pièce que la source n’a jamais donnée : {value}.",
    en: "The settlement names an item that the source never gave: {value}.",
  },
  account_missing: { fr: "Numéro de compte absent.", en: "Account number missing." },
  customer_missing: { fr: "Numéro ou nom de client absent.", en: "Customer number or name missing." },
  name_missing: { fr: "Nom absent.", en: "Name missing." },
  amount_missing: { fr: "Montant absent.", en: "Amount missing." },
  date_missing: { fr: "Aucune date sur la ligne.", en: "No date on the row." },
  impossible_date: { fr: "« {value} » n’est pas une date ({column}).", en: "“{value}” is not a date ({column})." },
  impossible_amount: {
    fr: "« {value} » n’est pas un montant ({column}).",
    en: "“{value}” is not an amount ({column}).",
  },
  mangled_number: {
    fr: "« {value} » : le tableur a abîmé ce numéro ({column}). Mettez la colonne au format texte et exportez à nouveau.",
    en: "“{value}”: the spreadsheet damaged this number ({column}). Format the column as text and export again.",
  },
  unknown_side: {
    fr: "« {value} » n’est ni débit ni crédit ({column}).",
    en: "“{value}” is neither debit nor credit ({column}).",
  },
  unknown_currency: { fr: "« {value} » n’est pas une devise connue.", en: "“{value}” is not a known currency." },
  rate_missing: {
    fr: "Pas de cours pour {value} : importez les cours de change, ou une colonne en devise de la société.",
    en: "No rate for {value}: import exchange rates, or a column in the company’s currency.",
  },
  invalid_email: { fr: "« {value} » n’est pas une adresse e-mail.", en: "“{value}” is not an e-mail address." },
  invalid_phone: { fr: "« {value} » n’est pas un numéro de téléphone.", en: "“{value}” is not a phone number." },
  unknown_customer: {
    fr: "Client « {value} » inconnu : importez d’abord les clients.",
    en: "Customer “{value}” unknown: import customers first.",
  },
  duplicate_customer: { fr: "Le client « {value} » figure deux fois.", en: "Customer “{value}” stands twice." },
  unbalanced_entry: {
    fr: "L’écriture ne s’équilibre pas (écart {value}).",
    en: "The entry does not balance (gap {value}).",
  },
  unbalanced_receivables: {
    fr: "Le fichier ne s’équilibre pas et l’écart touche des comptes clients : débit − crédit = {value}.",
    en: "The file does not balance and the gap touches customer accounts: debit − credit = {value}.",
  },
  no_receivables: {
    fr: "Aucune ligne de compte client (411) dans ce fichier.",
    en: "No customer account line (411) in this file.",
  },
  nothing_read: { fr: "Aucune ligne exploitable dans ce fichier.", en: "No usable row in this file." },
  rows_refused: {
    fr: "{count} lignes à corriger avant d’importer (ou choisissez d’importer les autres).",
    en: "{count} rows to correct before importing (or choose to import the others).",
  },
  company_needed: {
    fr: "Choisissez la société à laquelle ces pièces appartiennent.",
    en: "Choose the company these items belong to.",
  },
  as_of_needed: {
    fr: "Indiquez la date à laquelle ces pièces étaient ouvertes.",
    en: "Say on which day these items were open.",
  },
  period_needed: {
    fr: "Indiquez la période que le fichier couvre en entier.",
    en: "Say which period the file covers in full.",
  },
  mapping_incomplete: { fr: "Associez une colonne à : {column}.", en: "Map a column to: {column}." },
  snapshot_out_of_order: {
    fr: "Une photographie plus récente de ce compte a déjà été importée.",
    en: "A later snapshot of these accounts was already imported.",
  },
  duplicate_source_key: {
    fr: "Deux lignes portent la même clé : {value}.",
    en: "Two rows carry the same key: {value}.",
  },
  unknown_company: { fr: "Cette société n’existe pas.", en: "This company does not exist." },
  unknown_account: { fr: "Un compte du fichier est inconnu.", en: "An account of the file is unknown." },
  due_estimated: {
    fr: "{count} échéances estimées d’après les conditions des clients (30 jours sans condition connue).",
    en: "{count} due dates estimated from customers’ terms (30 days where none is known).",
  },
  payment_means_account: {
    fr: "« {value} » est un moyen de paiement ou un compte collectif : il ne sera pas relancé.",
    en: "“{value}” is a means of payment or a collective account: it will not be chased.",
  },
  leading_zeros: {
    fr: "{count} numéros de client ne diffèrent que par des zéros en tête : réunis.",
    en: "{count} customer numbers differ by leading zeros only: joined.",
  },
  repeated_document: {
    fr: "{count} lignes répètent un numéro de pièce : comptées comme échéances.",
    en: "{count} rows repeat a document number: taken as instalments.",
  },
  totals_left_out: {
    fr: "{count} lignes de total ou sans client laissées de côté.",
    en: "{count} rows of totals or without customer left out.",
  },
  old_rate: {
    fr: "{count} montants convertis à un cours de plus de 7 jours.",
    en: "{count} amounts converted at a rate older than 7 days.",
  },
  unbalanced_entries: {
    fr: "{count} écritures ne s’équilibrent pas ; la première à la ligne {value}.",
    en: "{count} entries do not balance; the first on line {value}.",
  },
  fault: {
    fr: "Une erreur du programme a interrompu l’import. Rien n’a été modifié.",
    en: "A fault in the program stopped the import. Nothing was changed.",
  },
};

export function importFaultText(
  code: string,
  language: "fr" | "en",
  details: Readonly<Record<string, string | number | null>>,
): string {
  const text = (Object.hasOwn(TEXTS, code) ? TEXTS[code]?.[language] : undefined) ?? code;
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? ""));
}
