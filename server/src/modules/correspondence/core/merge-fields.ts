import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { FieldValue } from "./render.ts";

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

const OPTIONAL = new Set(MERGE_FIELDS.filter((one) => one.isOptional).map((one) => one.key));
const FREE = "customer.field_";
/** Free fields of customers are optional, all of them: not every customer has a value. */
export const isOptionalField = (key: string): boolean => OPTIONAL.has(key) || key.startsWith(FREE);

type FreeField = {
  readonly name: string;
  readonly type: "text" | "choice" | "integer" | "day" | "boolean";
  readonly label: MergeField["label"];
  readonly choices: readonly { readonly value: string; readonly fr: string; readonly en: string }[] | null;
};

/** A free field as a merge field; its example is its first choice, or its own name. */
export function freeMergeField(free: FreeField): MergeField {
  const [choice] = free.choices ?? [];
  const example = (language: Language): string => {
    if (free.type === "day") return EXAMPLE_DAY[language];
    if (free.type === "integer") return "12";
    if (free.type === "boolean") return yesOrNo(true, language);
    return choice?.[language] ?? free.label[language];
  };
  return {
    key: `customer.${free.name}`,
    type: free.type === "day" ? "day" : free.type === "integer" ? "count" : "text",
    isOptional: true,
    label: free.label,
    example: { fr: example("fr"), en: example("en") },
  };
}

const EXAMPLE_DAY: MergeField["example"] = { fr: "24 novembre 2026", en: "24 November 2026" };
const yesOrNo = (value: boolean, language: Language): string =>
  ({ fr: ["non", "oui"], en: ["no", "yes"] })[language][Number(value)] ?? "";

/** What a message says for the value of a free field: choices and yes or no in the message's language. */
export function freeFieldValue(
  free: Pick<FreeField, "type" | "choices"> & { readonly value: string | number | boolean },
  language: Language,
): FieldValue {
  const { type, value } = free;
  if (typeof value === "boolean") return { type: "text", text: yesOrNo(value, language) };
  if (typeof value === "number") return { type: "count", count: value };
  if (type === "day") return { type: "day", day: value as CalendarDate };
  const choice = free.choices?.find((one) => one.value === value);
  return { type: "text", text: choice?.[language] ?? value };
}
