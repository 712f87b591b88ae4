import { fold } from "#kernel/text.ts";

export type TableKind = "items" | "customers" | "contacts";

/** What a column of a table can mean. */
export type ItemField =
  | "customerNumber"
  | "customerName"
  | "controlAccount"
  | "documentNo"
  | "kind"
  | "instalmentNo"
  | "issuedOn"
  | "postedOn"
  | "dueOn"
  | "termDays"
  | "amount"
  | "debit"
  | "credit"
  | "side"
  | "openAmount"
  | "bookAmount"
  | "currency"
  | "paidOn"
  | "paidAmount"
  | "paysDocument"
  | "paymentMethod"
  | "journal"
  | "label"
  | "letter";
export type CustomerField =
  | "customerNumber"
  | "customerName"
  | "language"
  | "country"
  | "siren"
  | "vatNumber"
  | "phone"
  | "email"
  | "address"
  | "postalCode"
  | "city"
  | "termDays"
  | "paymentMethod"
  | "salesPerson";
export type ContactField =
  | "customerNumber"
  | "contactName"
  | "firstName"
  | "email"
  | "phone"
  | "language"
  | "role"
  | "isInCharge";
export type Field = ItemField | CustomerField | ContactField;

export const FIELDS: Readonly<Record<TableKind, readonly Field[]>> = {
  items: [
    "customerNumber",
    "customerName",
    "controlAccount",
    "documentNo",
    "kind",
    "instalmentNo",
    "issuedOn",
    "postedOn",
    "dueOn",
    "termDays",
    "amount",
    "debit",
    "credit",
    "side",
    "openAmount",
    "bookAmount",
    "currency",
    "paidOn",
    "paidAmount",
    "paysDocument",
    "paymentMethod",
    "journal",
    "label",
    "letter",
  ],
  customers: [
    "customerNumber",
    "customerName",
    "language",
    "country",
    "siren",
    "vatNumber",
    "phone",
    "email",
    "address",
    "postalCode",
    "city",
    "termDays",
    "paymentMethod",
    "salesPerson",
  ],
  contacts: ["customerNumber", "contactName", "firstName", "email", "phone", "language", "role", "isInCharge"],
};

/** Header words by field, French, English and German, folded with all signs removed. The first match of a whole header wins. */
const SYNONYMS: Readonly<Record<Field, readonly string[]>> = {
  customerNumber: words(
    "numero client|no client|n client|num client|code client|client code|client|compte client|compte auxiliaire|compte tiers|tiers|code tiers|auxiliaire|compauxnum|ref client|reference client|id client|identifiant client|customer|customer number|customer no|customer id|customerid|customer code|cust number|cust no|cust id|account|account number|account no|debtor|debtor number|kunde|kundennummer|kundennr|debitor|debitorennummer|debitorenkonto|personenkonto|konto|kontonummer|numero",
  ),
  customerName: words(
    "nom client|nom du client|raison sociale|intitule client|intitule|libelle client|client name|customer name|name customer|company name|compauxlib|nom tiers|kundenname|name|nom|debtor name|account name|contact name|societe|entreprise|bill to|destinataire|client|customer|debtor|kunde|debitor",
  ),
  controlAccount: words(
    "compte collectif|collectif|compte general|control account|general account|comptenum|sachkonto",
  ),
  documentNo: words(
    "numero facture|no facture|n facture|num facture|facture|numero de facture|numero piece|no piece|n piece|num piece|piece|numero de piece|reference piece|ref piece|pieceref|reference|ref|numero document|document|document number|document no|doc number|doc no|doc id|docid|invoice|invoice number|invoice no|invoice id|invoicenumber|invoiceno|bill number|belegnummer|belegnr|rechnungsnummer|rechnungsnr|rechnung|numero|num|number|no|nr",
  ),
  kind: words(
    "type|type piece|type de piece|type document|nature|nature piece|sens piece|document type|doc type|kind|item type|transaction type|belegart",
  ),
  instalmentNo: words("numero echeance|no echeance|n echeance|instalment|installment|instalment no|instalment number"),
  issuedOn: words(
    "date facture|date de facture|date piece|date de piece|piecedate|date document|date emission|date d emission|invoice date|invoicedate|document date|issue date|issued on|issued|date|baseline create date|rechnungsdatum|belegdatum",
  ),
  postedOn: words(
    "date comptable|date ecriture|date d ecriture|ecrituredate|date comptabilisation|posting date|posted on|posted|booking date|buchungsdatum",
  ),
  dueOn: words(
    "echeance|date echeance|date d echeance|date d echeance facture|due|due date|duedate|due on|due in date|maturity|maturity date|payment due date|falligkeit|falligkeitsdatum|fallig am|faelligkeit",
  ),
  termDays: words(
    "delai|delai de paiement|delai paiement|delai jours|conditions de paiement jours|terms|payment terms days|term days|terms days|net days|zahlungsziel",
  ),
  amount: words(
    "montant|montant ttc|total ttc|ttc|montant facture|montant total|montant piece|montant initial|montant d origine|amount|invoice amount|invoiceamount|total|total amount|original amount|gross amount|amount incl vat|total open amount|converted|betrag|bruttobetrag|rechnungsbetrag",
  ),
  debit: words("debit|montant debit|debit amount|soll"),
  credit: words("credit|montant credit|credit amount|haben"),
  side: words("sens|sens ecriture|sens d c|d c|dc|debit credit|d ou c|dr cr|debit credit indicator|s h|soll haben|sh"),
  openAmount: words(
    "reste a payer|reste du|solde|solde du|montant du|montant restant|montant ouvert|encours|restant du|open amount|balance|balance due|amount due|outstanding|outstanding amount|open balance|remaining|remaining amount|offener betrag|offener saldo|restbetrag|offener posten|saldo|offen",
  ),
  bookAmount: words(
    "montant devise societe|montant tenue de compte|montant en euros|contre valeur|contrevaleur|book amount|amount in book currency|base amount|local amount",
  ),
  currency: words("devise|code devise|monnaie|currency|currency code|invoice currency|idevise|wahrung|waehrung"),
  paidOn: words(
    "date reglement|date de reglement|date paiement|date de paiement|regle le|paye le|date encaissement|paid on|payment date|settled date|settleddate|clear date|clearing date|date paid|settlement date|cleared on|paid|zahlungsdatum|bezahlt am|ausgleichsdatum",
  ),
  paidAmount: words(
    "montant regle|montant paye|regle|paye|deja regle|paid amount|amount paid|payment amount|settled amount|bezahlter betrag|statut|status|etat|statut paiement|statut de paiement|payment status|invoice status|zahlungsstatus",
  ),
  paysDocument: words(
    "facture reglee|piece reglee|reglement de|paye la facture|pays document|pays invoice|applies to|applied to|applied to invoice|related invoice",
  ),
  paymentMethod: words(
    "mode de reglement|mode reglement|mode de paiement|mode paiement|moyen de paiement|payment method|payment mode|method|zahlungsart",
  ),
  journal: words("journal|code journal|journalcode|journal code"),
  label: words("libelle|libelle ecriture|ecriturelib|description|label|texte|text|commentaire|memo|buchungstext"),
  letter: words("lettrage|lettre|code lettrage|ecriturelet|letter|lettering|matching code|match code"),
  language: words("langue|code langue|language|lang|sprache"),
  country: words("pays|code pays|country|country code|land"),
  siren: words("siren|siret|numero siren|numero siret|registration number|company number"),
  vatNumber: words("tva|numero tva|no tva|tva intracommunautaire|tva intracom|vat|vat number|vat no|ust id|ustid"),
  phone: words("telephone|tel|tel fixe|numero de telephone|portable|mobile|phone|phone number|telefon"),
  email: words("email|e mail|mail|courriel|adresse email|adresse mail|email address|e mail adresse"),
  address: words("adresse|adresse 1|adresse1|rue|address|address 1|street|street address|strasse|anschrift"),
  postalCode: words("code postal|cp|postal code|zip|zip code|postcode|plz"),
  city: words("ville|localite|commune|city|town|ort|stadt"),
  salesPerson: words(
    "commercial|representant|vendeur|sales person|salesperson|sales rep|salesrep|account manager|vertriebler",
  ),
  contactName: words(
    "contact|nom contact|nom du contact|nom|interlocuteur|contact name|name|full name|last name|ansprechpartner",
  ),
  firstName: words("prenom|first name|given name|vorname"),
  role: words("role|fonction|service|job title|title|department|funktion"),
  isInCharge: words("principal|contact principal|responsable|main|primary|main contact|in charge|is primary"),
};

function words(text: string): readonly string[] {
  return text.split("|");
}

/** Header folded for comparison: "N° Client" and "no_client" are one. */
export const plainHeader = (header: string): string =>
  fold(header.replace(/[°º]/g, "o ").replace(/([a-z])([A-Z])/g, "$1 $2"))
    .replace(/[^a-z0-9]+/g, " ")
    .trim()
    .replace(/\b(eur|usd|gbp|chf|euros?|en|du|de|la|le|l|d)\b/g, " ")
    .replaceAll(" ", "");

const plainSynonyms = new Map<Field, ReadonlyMap<string, number>>(
  (Object.keys(SYNONYMS) as Field[]).map((field) => [
    field,
    new Map(SYNONYMS[field].map((word, rank) => [plainHeader(word), rank])),
  ]),
);

/** Our own exports write the field's key as header: they map by themselves. */
const rankOf = (field: Field, header: string): number | undefined =>
  plainHeader(field) === header ? -1 : plainSynonyms.get(field)?.get(header);

/** Field of each column by its header; undefined where nothing fits. No field is given twice: the better header gets it. */
export function mapHeaders(kind: TableKind, headers: readonly string[]): (Field | undefined)[] {
  const mapping: (Field | undefined)[] = headers.map(() => undefined);
  const claims: { column: number; field: Field; rank: number }[] = [];
  headers.forEach((header, column) => {
    const plain = plainHeader(header);
    if (plain === "") return;
    for (const field of FIELDS[kind]) {
      // A bare number is that of the document where there are documents.
      if (kind === "items" && field === "customerNumber" && plain === "numero") continue;
      const rank = rankOf(field, plain);
      if (rank !== undefined) claims.push({ column, field, rank });
    }
  });
  claims.sort((a, b) => a.rank - b.rank || a.column - b.column);
  const taken = new Set<Field>();
  for (const { column, field } of claims) {
    if (mapping[column] !== undefined || taken.has(field)) continue;
    mapping[column] = field;
    taken.add(field);
  }
  return mapping.map((field, column) => (isMisleading(field, headers[column] ?? "", taken) ? undefined : field));
}

/**
 * A bare "balance" beside debit and credit is that of the account so far, not what is left of the line; a status says less than an
 * open amount.
 */
function isMisleading(field: Field | undefined, header: string, taken: ReadonlySet<Field>): boolean {
  const plain = plainHeader(header);
  if (field === "openAmount")
    return taken.has("debit") && taken.has("credit") && ["solde", "saldo", "balance"].includes(plain);
  return field === "paidAmount" && taken.has("openAmount") && /stat|^etat$/.test(plain);
}

/** How well headers fit a kind of table: fields recognised, or 0 when one that it cannot do without is missing. */
export function fitOf(kind: TableKind, headers: readonly string[]): number {
  const found = new Set(mapHeaders(kind, headers).filter((field) => field !== undefined));
  if (!found.has("customerNumber") && !(kind !== "contacts" && found.has("customerName"))) return 0;
  if (kind === "items") {
    const hasAmount = found.has("amount") || found.has("debit") || found.has("credit") || found.has("openAmount");
    return hasAmount && (found.has("issuedOn") || found.has("dueOn") || found.has("postedOn")) ? found.size + 2 : 0;
  }
  if (kind === "contacts")
    return found.has("contactName") && (found.has("email") || found.has("phone")) ? found.size + 1 : 0;
  return found.has("customerName") ? found.size : 0;
}

/** Currency that a header names: "converted_usd", "Montant (EUR)". */
export function currencyOfHeader(header: string): string | undefined {
  const found = /(?:^|[^a-z])(eur|usd|gbp|chf|cad|jpy|sek|nok|dkk|pln|czk|huf|ron|aud|cny|inr)(?:[^a-z]|$)/.exec(
    fold(header),
  );
  return (
    found?.[1]?.toUpperCase() ??
    (header.includes("€") ? "EUR" : header.includes("£") ? "GBP" : header.includes("$") ? "USD" : undefined)
  );
}
