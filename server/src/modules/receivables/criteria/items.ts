import type { CalendarDate } from "#kernel/calendar-date.ts";
import { done, type Result } from "#kernel/result.ts";
import { type Criterion, catalogueOf, compileExpression, criterionOf, filterOf } from "#platform/criteria/index.ts";
import { type Sql, sql } from "#platform/database/index.ts";

const criterion = criterionOf("item");
const now = criterionOf("item", { isDated: false });

const KINDS: Criterion["choices"] = [
  { value: "invoice", fr: "Facture", en: "Invoice" },
  { value: "credit_note", fr: "Avoir", en: "Credit note" },
  { value: "payment", fr: "Règlement", en: "Payment" },
  { value: "rejection", fr: "Rejet bancaire", en: "Bank rejection" },
  { value: "opening", fr: "À-nouveau", en: "Opening" },
  { value: "exchange_difference", fr: "Écart de change", en: "Exchange difference" },
  { value: "adjustment", fr: "Régularisation", en: "Adjustment" },
  { value: "other", fr: "Autre", en: "Other" },
];

/** Asked of the account behind the item: its customer `c`, itself `a`, its company `k`. Not correlated, so that it is asked once. */
const THROUGH = (condition: Sql): Sql => sql`(s.account_id in (
    select a.account_id
    from parties.account a
    join parties.account_customer l on l.tenant_id = a.tenant_id and l.account_id = a.account_id and l.valid_to = 'infinity'
    join parties.customer c on c.tenant_id = l.tenant_id and c.customer_id = l.customer_id
    join parties.company k on k.tenant_id = a.tenant_id and k.company_id = a.company_id
    where a.tenant_id = nullif(current_setting('app.tenant', true), '')::uuid and ${condition}))`;

const STATUSES: Criterion["choices"] = [
  { value: "chased", fr: "Relancée", en: "Chased" },
  { value: "promised", fr: "Promise", en: "Promised" },
  { value: "disputed", fr: "En litige", en: "Disputed" },
  { value: "awaiting_credit_note", fr: "Avoir attendu", en: "Awaiting credit note" },
  { value: "awaiting_document", fr: "Pièce attendue", en: "Awaiting document" },
  { value: "paid_unmatched", fr: "Payée, à lettrer", en: "Paid, to be matched" },
  { value: "pre_litigation", fr: "Précontentieux", en: "Pre-litigation" },
  { value: "litigation", fr: "Contentieux", en: "Litigation" },
];

const through = criterionOf("item", { through: THROUGH });

const LAYERS: Criterion["choices"] = [
  { value: "ledger", fr: "Comptabilité", en: "Ledger" },
  { value: "overlay", fr: "Connu d’Encours seulement", en: "Known to Encours only" },
];

/** Criteria of items; their columns stand under alias `s` (receivables.item_state). */
export const itemCriteria: readonly Criterion[] = [
  criterion("kind", "s.kind", "choice", { fr: "Nature", en: "Kind" }, { choices: KINDS }),
  criterion("document_no", "s.document_no", "text", { fr: "Numéro de pièce", en: "Document number" }),
  criterion("label", "s.label", "text", { fr: "Libellé", en: "Label" }),
  criterion("due_on", "s.due_on", "day", { fr: "Échéance", en: "Due date" }),
  criterion("posted_on", "s.posted_on", "day", { fr: "Date comptable", en: "Posting date" }),
  criterion("issued_on", "s.issued_on", "day", { fr: "Date de pièce", en: "Document date" }),
  criterion("currency", "s.currency::text", "text", { fr: "Devise", en: "Currency" }),
  criterion(
    "original",
    "s.original_book_minor",
    "money",
    { fr: "Montant d’origine", en: "Original amount" },
    { unit: "book_currency" },
  ),
  criterion("payment_method", "s.payment_method", "text", { fr: "Mode de règlement", en: "Payment method" }),
  criterion("letter", "s.letter", "text", { fr: "Lettrage", en: "Letter" }),
  criterion("is_due_estimated", "s.is_due_estimated", "boolean", { fr: "Échéance estimée", en: "Estimated due date" }),
  criterion("instalment_no", "s.instalment_no", "integer", { fr: "Numéro d’échéance", en: "Instalment number" }),
  criterion("layer", "s.layer", "choice", { fr: "Origine", en: "Origin" }, { choices: LAYERS }),
  criterion(
    "original_document",
    "s.original_minor",
    "money",
    { fr: "Montant d’origine en devise", en: "Original amount in document currency" },
    { unit: "document_currency" },
  ),
  criterion("book_currency", "s.book_currency::text", "text", { fr: "Devise de tenue de compte", en: "Book currency" }),
  now(
    "days_past_due",
    (asOf) => sql`(${asOf}::date - s.due_on)`,
    "integer",
    { fr: "Jours de retard", en: "Days past due" },
    { unit: "days" },
  ),
  now("term_days", "(s.due_on - s.issued_on)", "integer", { fr: "Délai accordé", en: "Term given" }, { unit: "days" }),
  now("open", "s.working_open_book_minor", "money", { fr: "Reste dû", en: "Open amount" }, { unit: "book_currency" }),
  now(
    "ledger_open",
    "s.ledger_open_book_minor",
    "money",
    { fr: "Reste dû au grand livre", en: "Ledger open amount" },
    { unit: "book_currency" },
  ),
  now("is_part_paid", "(s.working_open_minor <> 0 and s.working_open_minor <> s.original_minor)", "boolean", {
    fr: "Partiellement réglée",
    en: "Part paid",
  }),
  now(
    "status",
    "(select x.status from receivables.item_status x where x.tenant_id = s.tenant_id and x.item_id = s.item_id and x.valid_to = 'infinity')",
    "choice",
    { fr: "Statut de l’équipe", en: "Team status" },
    { choices: STATUSES },
  ),
  now("is_open", "(s.settled_on = 'infinity')", "boolean", { fr: "Ouverte", en: "Open" }),
  now("settled_on", "nullif(s.settled_on, 'infinity')", "day", { fr: "Soldée le", en: "Settled on" }),
  now("first_line_on", "nullif(s.first_line_on, 'infinity')", "day", {
    fr: "Premier règlement le",
    en: "First settled on",
  }),
  now(
    "days_to_pay",
    "(nullif(s.settled_on, 'infinity') - s.issued_on)",
    "integer",
    { fr: "Jours pour être soldée", en: "Days until settled" },
    { unit: "days" },
  ),
  now(
    "days_late_when_settled",
    "(nullif(s.settled_on, 'infinity') - s.due_on)",
    "integer",
    { fr: "Retard à la date de solde", en: "Delay when settled" },
    { unit: "days" },
  ),
  through("customer_number", "c.number", "text", { fr: "Numéro de client", en: "Customer number" }),
  through(
    "customer_name",
    "c.folded_name",
    "text",
    { fr: "Nom du client", en: "Customer name" },
    { isFolded: true, shown: "c.name" },
  ),
  through("customer_country", "c.country::text", "text", { fr: "Pays du client", en: "Customer’s country" }),
  through("customer_city", "c.city", "text", { fr: "Ville du client", en: "Customer’s city" }),
  through("customer_postal_code", "c.postal_code", "text", {
    fr: "Code postal du client",
    en: "Customer’s postal code",
  }),
  through("customer_language", "c.language", "text", { fr: "Langue du client", en: "Customer’s language" }),
  through("customer_sales_person", "c.sales_person", "text", { fr: "Commercial", en: "Sales person" }),
  through(
    "customer_owner",
    "c.owner_id",
    "choice",
    { fr: "Responsable", en: "Owner" },
    { isUser: true, isDated: false },
  ),
  through("customer_is_chased", "c.is_chased", "boolean", { fr: "Client à relancer", en: "Customer to be chased" }),
  through("company_code", "k.code", "text", { fr: "Société", en: "Company" }),
  through("control_account", "a.control_account", "text", { fr: "Compte collectif", en: "Control account" }),
  through("auxiliary", "a.auxiliary", "text", { fr: "Compte auxiliaire", en: "Auxiliary account" }),
  through("account_name", "a.name", "text", { fr: "Intitulé du compte", en: "Account name" }),
];

const ITEM_CATALOGUE = catalogueOf(itemCriteria);

/** A filter as it stands in an address (JSON) to a condition on `s`; refuses what is no expression over item criteria. */
export function itemCondition(text: string, asOf: CalendarDate, userId?: string): Result<Sql, "filter_invalid"> {
  const tree = filterOf(text, ITEM_CATALOGUE, userId);
  return tree.ok ? done(compileExpression(tree.value, ITEM_CATALOGUE, asOf)) : tree;
}
