/** What was noticed in a bank's file or an XML file; part of the texts of import-faults. */
export const BANK_TEXTS: Readonly<Record<string, { readonly fr: string; readonly en: string }>> = {
  file_too_large: {
    fr: "Le fichier dépasse 64 Mo : découpez-le par période.",
    en: "The file is larger than 64 MB: split it by period.",
  },
  xml_damaged: {
    fr: "Le XML est mal formé à la colonne {column} : {value}",
    en: "The XML is not well-formed at column {column}: {value}",
  },
  xml_doctype: {
    fr: "Le fichier contient une déclaration DOCTYPE, refusée par sécurité : aucun format reconnu n’en a besoin.",
    en: "The file holds a DOCTYPE declaration, refused for safety: no known format needs one.",
  },
  xml_too_deep: {
    fr: "Trop d’éléments imbriqués : ce n’est pas un message connu.",
    en: "Too many nested elements: this is no known message.",
  },
  not_a_statement: {
    fr: "Ce n’est pas un relevé ni un fichier de rejets d’un format connu (CAMT, MT940, CFONB, OFX, CODA, QIF, pain.002, CSV avec en-têtes).",
    en: "This is no statement or return file of a known format (CAMT, MT940, CFONB, OFX, CODA, QIF, pain.002, CSV with headers).",
  },
  csv_not_mapped: {
    fr: "C’est un tableau dont les titres ne disent rien : décrivez ses colonnes une fois, à l’import d’un relevé.",
    en: "This is a table whose headers say nothing: describe its columns once, where statements are imported.",
  },
  csv_columns_missing: {
    fr: "Il faut au moins une colonne de date et une de montant, ou de débit et de crédit.",
    en: "A column with a day and one with an amount, or debit and credit, are needed.",
  },
  csv_layout_unfit: {
    fr: "Le fichier ne se lit pas avec les colonnes décrites : vérifiez colonnes, dates et décimales.",
    en: "The file does not read with the columns described: check columns, dates and decimals.",
  },
  csv_account_unclear: {
    fr: "Plusieurs comptes ont des fichiers de cette forme, et celui-ci ne nomme aucun d’eux : mettez le numéro du compte dans son nom.",
    en: "Several accounts have files of this shape and this one names none of them: put the account’s number into its name.",
  },
  workbook_or_archive: {
    fr: "C’est un classeur ou une archive : enregistrez le classeur en CSV, ou décompressez l’archive.",
    en: "This is a workbook or an archive: save the workbook as CSV, or unpack the archive.",
  },
  unknown_file: {
    fr: "Ce fichier n’est d’aucun format connu : relevé bancaire ou rejets (CAMT, MT940, CFONB, OFX, CODA, QIF, pain.002, CSV), facture électronique (UBL, CII, Factur-X) ou FEC.",
    en: "This file has no known format: bank statement or returns (CAMT, MT940, CFONB, OFX, CODA, QIF, pain.002, CSV), e-invoice (UBL, CII, Factur-X) or FEC.",
  },
  no_statement: {
    fr: "Le fichier est lisible mais ne contient ni relevé ni rejet.",
    en: "The file can be read but holds neither statement nor return.",
  },
  encoding_not_as_declared: {
    fr: "L’encodage annoncé n’est pas celui du fichier : lu comme {value}.",
    en: "The encoding is not the one declared: read as {value}.",
  },
  chain_broken: {
    fr: "Solde initial + mouvements ≠ solde final ({value}).",
    en: "Opening balance + movements ≠ closing balance ({value}).",
  },
  statements_not_linked: {
    fr: "Le solde initial n’est pas le solde final du relevé précédent ({value}).",
    en: "The opening balance is not the closing one of the statement before ({value}).",
  },
  balance_currency: {
    fr: "Un solde ({column}) est dans une autre devise que le compte : {value}.",
    en: "A balance ({column}) is in another currency than the account: {value}.",
  },
  balance_missing: { fr: "Solde absent ({column}).", en: "Balance missing ({column})." },
  account_unknown: { fr: "Le relevé ne nomme pas de compte.", en: "The statement names no account." },
  entry_currency: {
    fr: "Un mouvement est dans une autre devise que le compte : {value}.",
    en: "A movement is in another currency than the account: {value}.",
  },
  direction_missing: {
    fr: "Sens du mouvement absent : pris comme un crédit.",
    en: "Direction of the movement missing: taken as a credit.",
  },
  details_without_amount: {
    fr: "{value} détails d’un mouvement n’ont pas de montant.",
    en: "{value} details of a movement have no amount.",
  },
  details_do_not_add_up: {
    fr: "La somme des détails n’est pas le montant du mouvement.",
    en: "The details do not add up to the movement.",
  },
  odd_day: {
    fr: "« {value} » n’existe pas au calendrier : jour le plus proche retenu ({column}).",
    en: "“{value}” is not in the calendar: the nearest day was taken ({column}).",
  },
  unreadable_entry: { fr: "Mouvement illisible : {value}", en: "Movement that cannot be read: {value}" },
  wrong_tag: {
    fr: "Un champ {column} porte le texte du mouvement : lu comme :86:.",
    en: "A field {column} holds the movement’s text: read as :86:.",
  },
  entry_after_closing: {
    fr: "Un mouvement suit le solde final : il n’appartient à aucun relevé.",
    en: "A movement follows the closing balance: it belongs to no statement.",
  },
  entry_without_text: { fr: "Mouvement sans libellé ni référence.", en: "Movement without text or reference." },
  entry_without_date: { fr: "Mouvement sans date ({column}).", en: "Movement without a date ({column})." },
  opening_missing: {
    fr: "Enregistrement sans ancien solde avant lui ({value}).",
    en: "Record without an opening balance before it ({value}).",
  },
  closing_missing: {
    fr: "Un relevé n’a pas de nouveau solde ({value}).",
    en: "A statement has no closing balance ({value}).",
  },
  complement_without_entry: {
    fr: "Complément sans mouvement : laissé de côté.",
    en: "Complement without a movement: left out.",
  },
  record_unknown: {
    fr: "Enregistrement inconnu, laissé de côté : {value}",
    en: "Unknown record, left out: {value}",
  },
  control_total: {
    fr: "Le total de contrôle n’est pas la somme des enregistrements.",
    en: "The control total is not the sum of the records.",
  },
  bank_answered_error: {
    fr: "La banque a répondu par une erreur : {value}",
    en: "The bank answered with an error: {value}",
  },
  day_order_unknown: {
    fr: "Ordre du jour et du mois indécidable : lu jour/mois.",
    en: "The order of day and month cannot be told: read day/month.",
  },
  not_an_einvoice: {
    fr: "Ce n’est pas une facture électronique connue (UBL, CII, Factur-X, ZUGFeRD) ni un message de cycle de vie. {value}",
    en: "This is no known e-invoice (UBL, CII, Factur-X, ZUGFeRD) nor a life-cycle message. {value}",
  },
  pdf_without_invoice: {
    fr: "Ce PDF ne contient pas de facture électronique. Pièces jointes : {value}",
    en: "This PDF holds no e-invoice. Attachments: {value}",
  },
  pdf_encrypted: {
    fr: "Ce PDF est chiffré : enregistrez-le sans mot de passe.",
    en: "This PDF is encrypted: save it without a password.",
  },
  pdf_too_large: {
    fr: "Les données que ce PDF contient se déploient au-delà de la limite.",
    en: "The data inside this PDF unpack beyond the limit.",
  },
  pdf_damaged: { fr: "Ce PDF est endommagé.", en: "This PDF is damaged." },
  amount_rounded: {
    fr: "« {value} » a plus de décimales que la devise : arrondi ({column}).",
    en: "“{value}” has more decimals than the currency: rounded ({column}).",
  },
  total_missing: { fr: "Total absent de la facture : {column}.", en: "Total missing from the invoice: {column}." },
  totals_do_not_add_up: {
    fr: "Les totaux de la facture ne s’additionnent pas ({column}, écart {value}).",
    en: "The totals of the invoice do not add up ({column}, gap {value}).",
  },
  iban_check_digits: {
    fr: "La clé de l’IBAN {value} est fausse.",
    en: "The check digits of IBAN {value} are wrong.",
  },
};
