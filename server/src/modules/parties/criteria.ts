import { type Criterion, criterionOf } from "#platform/criteria/index.ts";
import { raw, sql, type Tx } from "#platform/database/index.ts";
import { type CustomFieldRow, freeFieldName, listCustomFields, VALUE_COLUMN } from "./store/profile-store.ts";

const customer = criterionOf("customer");
const now = criterionOf("customer", { isDated: false });
const ofSource = (source: string) => criterionOf("customer", { isDated: false, source });
const contacts = ofSource("contacts");
const notes = ofSource("notes");
const accounts = ofSource("accounts");
const flags = ofSource("flags");
const relations = ofSource("relations");
const account = criterionOf("account", { isDated: false });

const TERM_KINDS: Criterion["choices"] = [
  { value: "net", fr: "Net", en: "Net" },
  { value: "end_of_month", fr: "Fin de mois", en: "End of month" },
  { value: "days_then_end_of_month", fr: "Jours puis fin de mois", en: "Days then end of month" },
  { value: "on_the", fr: "Fin de mois, le", en: "End of month, on the" },
];

/**
 * Criteria of customers; their columns stand under alias `c` (parties.customer), those with a source under the alias of it. Dated as far as each
 * change is an event of that day.
 */
export const customerCriteria: readonly Criterion[] = [
  customer("number", "c.number", "text", { fr: "Numéro de client", en: "Customer number" }),
  customer(
    "name",
    "c.folded_name",
    "text",
    { fr: "Nom du client", en: "Customer name" },
    { isFolded: true, shown: "c.name", sort: "c.sort_key" },
  ),
  customer("language", "c.language", "text", { fr: "Langue", en: "Language" }),
  customer("country", "c.country::text", "text", { fr: "Pays", en: "Country" }),
  customer("city", "c.city", "text", { fr: "Ville", en: "City" }),
  customer("postal_code", "c.postal_code", "text", { fr: "Code postal", en: "Postal code" }),
  customer("sales_person", "c.sales_person", "text", { fr: "Commercial", en: "Sales person" }),
  customer("payment_method", "c.payment_method", "text", { fr: "Mode de règlement", en: "Payment method" }),
  customer("term_days", "c.term_days", "integer", { fr: "Délai de paiement", en: "Payment term" }, { unit: "days" }),
  customer("is_chased", "c.is_chased", "boolean", { fr: "À relancer", en: "To be chased" }),
  now("term_kind", "c.term_kind", "choice", { fr: "Type d’échéance", en: "Term kind" }, { choices: TERM_KINDS }),
  now("owner", "c.owner_id", "choice", { fr: "Responsable", en: "Owner" }, { isUser: true }),
  now("siren", "c.siren", "text", { fr: "SIREN", en: "SIREN" }),
  now("vat_number", "c.vat_number", "text", { fr: "Numéro de TVA", en: "VAT number" }),
  now("email", "c.email", "text", { fr: "Adresse e-mail", en: "E-mail address" }),
  now("phone", "c.phone", "text", { fr: "Téléphone", en: "Phone" }),
  now("address", "c.address", "text", { fr: "Adresse", en: "Address" }),
  now("created_on", "(c.created_at at time zone 'UTC')::date", "day", {
    fr: "Client créé le",
    en: "Customer created on",
  }),
  contacts("contacts", "coalesce(contacts.count, 0)", "integer", {
    fr: "Nombre de contacts",
    en: "Number of contacts",
  }),
  contacts("has_email", "(coalesce(contacts.with_email, 0) > 0 or c.email is not null)", "boolean", {
    fr: "Joignable par e-mail",
    en: "Can be reached by e-mail",
  }),
  contacts("has_phone", "(coalesce(contacts.with_phone, 0) > 0 or c.phone is not null)", "boolean", {
    fr: "Joignable par téléphone",
    en: "Can be reached by phone",
  }),
  contacts("contact_in_charge", "contacts.in_charge", "text", { fr: "Contact en charge", en: "Contact in charge" }),
  notes("notes", "coalesce(notes.count, 0)", "integer", { fr: "Nombre de notes", en: "Number of notes" }),
  notes("last_note_on", "notes.last_on", "day", { fr: "Dernière note", en: "Last note" }),
  flags("is_flagged", "(flags.all_flags is not null)", "boolean", { fr: "Signalé", en: "Flagged" }),
  flags("flags", "flags.all_flags", "text", { fr: "Signalements", en: "Flags" }),
  flags("is_watched", "coalesce(flags.watch, false)", "boolean", { fr: "À surveiller", en: "On watch" }),
  flags("is_risky", "coalesce(flags.risk, false)", "boolean", { fr: "À risque", en: "At risk" }),
  flags("is_key_account", "coalesce(flags.key_account, false)", "boolean", { fr: "Grand compte", en: "Key account" }),
  flags("is_insolvent", "coalesce(flags.insolvent, false)", "boolean", {
    fr: "En procédure collective",
    en: "Insolvent",
  }),
  flags("flagged_on", "flags.since", "day", { fr: "Signalé depuis", en: "Flagged since" }),
  relations("group", "coalesce(relations.head_number, c.number)", "text", {
    fr: "Groupe (numéro de la tête)",
    en: "Group (number of its head)",
  }),
  relations("parent", "relations.parent_name", "text", { fr: "Tête de groupe", en: "Head of group" }),
  relations("buying_group", "relations.buying_name", "text", { fr: "Centrale d’achat", en: "Buying group" }),
  relations("payer", "relations.payer_name", "text", { fr: "Payeur", en: "Payer" }),
  relations("members", "coalesce(relations.members, 0)", "integer", {
    fr: "Membres du groupe",
    en: "Members of the group",
  }),
  accounts("accounts", "coalesce(accounts.count, 0)", "integer", { fr: "Nombre de comptes", en: "Number of accounts" }),
  accounts("companies", "accounts.codes", "text", { fr: "Sociétés", en: "Companies" }),
];

const FREE: Readonly<Record<CustomFieldRow["type"], Criterion["type"]>> = {
  text: "text",
  choice: "choice",
  integer: "integer",
  day: "day",
  boolean: "boolean",
};

/** Every free field in use is a criterion of the day asked for: the value in force on it. */
export const freeFieldCriteria = async (tx: Tx): Promise<Criterion[]> => criteriaOf(await fieldsInUse(tx));

/** Also of fields that are no longer offered: a scenario that asks for one must not begin to take everybody. */
export const everyFreeFieldCriterion = async (tx: Tx): Promise<Criterion[]> => criteriaOf(await listCustomFields(tx));

const fieldsInUse = async (tx: Tx) => (await listCustomFields(tx)).filter((field) => field.isActive);

const criteriaOf = (fields: readonly CustomFieldRow[]): Criterion[] =>
  fields.map((field) =>
    customer(
      freeFieldName(field.key),
      (asOf) => sql`(
          select v.${raw(VALUE_COLUMN[field.type])}
          from parties.custom_value v
          where v.tenant_id = c.tenant_id and v.customer_id = c.customer_id and v.field_id = ${field.id}
            and v.valid_from <= ${asOf}::date and v.valid_to > ${asOf}::date)`,
      FREE[field.type],
      field.label,
      field.choices ? { choices: field.choices } : {},
    ),
  );

/** Criteria of accounts; their columns stand under `a` (parties.account_current), `k` (parties.company) and `c` (parties.customer). */
export const accountCriteria: readonly Criterion[] = [
  account("name", "a.account_name", "text", { fr: "Intitulé du compte", en: "Account name" }),
  account("control_account", "a.control_account", "text", { fr: "Compte collectif", en: "Control account" }),
  account("auxiliary", "a.auxiliary", "text", { fr: "Compte auxiliaire", en: "Auxiliary account" }),
  account("company", "k.code", "text", { fr: "Société", en: "Company" }),
  account("book_currency", "k.book_currency::text", "text", { fr: "Devise de tenue de compte", en: "Book currency" }),
  account("customer_number", "c.number", "text", { fr: "Numéro de client", en: "Customer number" }),
  account(
    "customer_name",
    "c.folded_name",
    "text",
    { fr: "Nom du client", en: "Customer name" },
    { isFolded: true, shown: "c.name", sort: "c.sort_key" },
  ),
  account("customer_country", "c.country::text", "text", { fr: "Pays du client", en: "Customer’s country" }),
  account("customer_sales_person", "c.sales_person", "text", { fr: "Commercial", en: "Sales person" }),
  account("customer_is_chased", "c.is_chased", "boolean", { fr: "Client à relancer", en: "Customer to be chased" }),
];
