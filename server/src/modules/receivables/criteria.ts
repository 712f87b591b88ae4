import type { Expression as Tree } from "#contracts/criteria.ts";
import { Expression } from "#contracts/criteria.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { type Criterion, catalogueOf, checkExpression, compileExpression } from "#platform/criteria/index.ts";
import { raw, type Sql } from "#platform/database/index.ts";

const criterion = (
  name: string,
  column: string,
  type: Criterion["type"],
  label: Criterion["label"],
  more: Partial<Criterion> = {},
): Criterion => ({
  key: `item.${name}`,
  subject: "item",
  type,
  unit: null,
  label,
  isDated: true,
  column: raw(column),
  ...more,
});

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

/** A column of the customer behind an item's account. */
const ofCustomer = (column: string) =>
  `(select c.${column}::text from parties.account_customer l join parties.customer c on c.tenant_id = l.tenant_id and c.customer_id = l.customer_id
    where l.tenant_id = s.tenant_id and l.account_id = s.account_id and l.valid_to = 'infinity')`;

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
  criterion("customer_country", ofCustomer("country"), "text", { fr: "Pays du client", en: "Customer’s country" }),
  criterion("customer_city", ofCustomer("city"), "text", { fr: "Ville du client", en: "Customer’s city" }),
  criterion("customer_language", ofCustomer("language"), "text", { fr: "Langue du client", en: "Customer’s language" }),
  criterion("customer_sales_person", ofCustomer("sales_person"), "text", { fr: "Commercial", en: "Sales person" }),
];

const ITEM_CATALOGUE = catalogueOf(itemCriteria);

/** A filter as it stands in an address (JSON) to a condition on `s`; refuses what is no expression over item criteria. */
export function itemCondition(text: string, asOf: CalendarDate): Result<Sql, "filter_invalid"> {
  const tree = parse(text);
  if (!tree) return refuse("filter_invalid", { detail: text.slice(0, 60) });
  const fault = checkExpression(tree, ITEM_CATALOGUE);
  if (fault) return refuse("filter_invalid", { detail: `${fault.path} ${fault.fault} ${fault.detail}` });
  return done(compileExpression(tree, ITEM_CATALOGUE, asOf));
}

function parse(text: string): Tree | undefined {
  try {
    const parsed = Expression.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
