export type Language = "fr" | "en";
export type FieldType = "text" | "money" | "day" | "count";

/** A field that a template may hold. `isOptional`: may be without value; the paragraph that holds it is then left out. */
export type MergeField = {
  readonly key: string;
  readonly type: FieldType;
  readonly isOptional: boolean;
  readonly label: Readonly<Record<Language, string>>;
  readonly example: Readonly<Record<Language, string>>;
};

const field = (
  key: string,
  type: FieldType,
  fr: readonly [label: string, example: string],
  en: readonly [label: string, example: string],
  isOptional = false,
): MergeField => ({ key, type, isOptional, label: { fr: fr[0], en: en[0] }, example: { fr: fr[1], en: en[1] } });

/** Every field a message can be given; rooms fill them by these keys. */
export const MERGE_FIELDS: readonly MergeField[] = [
  field("greeting", "text", ["Formule d’appel", "Bonjour Camille Vasseur"], ["Greeting", "Dear Camille Vasseur"]),
  field("contact.name", "text", ["Nom du contact", "Camille Vasseur"], ["Contact name", "Camille Vasseur"], true),
  field("customer.name", "text", ["Nom du client", "Cartonnages Lacaze"], ["Customer name", "Cartonnages Lacaze"]),
  field("customer.number", "text", ["Numéro de client", "C-04127"], ["Customer number", "C-04127"]),
  field("company.name", "text", ["Nom de la société", "Verdelin Emballages"], ["Company name", "Verdelin Emballages"]),
  field(
    "company.iban",
    "text",
    ["IBAN de la société", "FR76 3000 1007 9412 3456 7890 185"],
    ["Company IBAN", "FR76 3000 1007 9412 3456 7890 185"],
    true,
  ),
  field(
    "company.phone",
    "text",
    ["Téléphone de la société", "05 36 49 00 12"],
    ["Company phone", "+33 5 36 49 00 12"],
    true,
  ),
  field("message.total", "money", ["Total du message", "44 657,30 €"], ["Message total", "€44,657.30"]),
  field("message.count", "count", ["Nombre de factures", "5"], ["Number of invoices", "5"]),
  field(
    "message.open_phrase",
    "text",
    ["Factures à régler, en toutes lettres", "cinq factures restent à régler"],
    ["Invoices to be paid, in words", "five invoices remain unpaid"],
  ),
  field(
    "message.due_phrase",
    "text",
    ["Factures à venir, en toutes lettres", "deux factures arrivent à échéance"],
    ["Invoices falling due, in words", "two invoices fall due"],
  ),
  field(
    "message.subject_phrase",
    "text",
    ["Factures, pour l’objet", "5 factures"],
    ["Invoices, for the subject", "5 invoices"],
  ),
  field(
    "message.oldest_due_on",
    "day",
    ["Échéance la plus ancienne", "4 septembre 2026"],
    ["Oldest due date", "4 September 2026"],
    true,
  ),
  field(
    "message.last_due_on",
    "day",
    ["Dernière échéance", "30 novembre 2026"],
    ["Last due date", "30 November 2026"],
    true,
  ),
  field(
    "message.pay_before_on",
    "day",
    ["Date de règlement souhaitée", "4 décembre 2026"],
    ["Payment asked for by", "4 December 2026"],
  ),
  field("message.day", "day", ["Jour du message", "24 novembre 2026"], ["Day of the message", "24 November 2026"]),
  field(
    "previous.sent_on",
    "day",
    ["Date du message précédent", "4 novembre 2026"],
    ["Day of the message before", "4 November 2026"],
    true,
  ),
  field("sender.name", "text", ["Nom de l’expéditeur", "Camille Rousseau"], ["Sender name", "Camille Rousseau"]),
  field(
    "sender.email",
    "text",
    ["Adresse de l’expéditeur", "c.rousseau@verdelin.example"],
    ["Sender address", "c.rousseau@verdelin.example"],
  ),
];

export const MERGE_FIELD_KEYS: ReadonlySet<string> = new Set(MERGE_FIELDS.map((one) => one.key));
const OPTIONAL = new Set(MERGE_FIELDS.filter((one) => one.isOptional).map((one) => one.key));
export const isOptionalField = (key: string): boolean => OPTIONAL.has(key);
