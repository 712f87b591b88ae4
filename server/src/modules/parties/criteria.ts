import type { Criterion } from "#platform/criteria/index.ts";
import { raw } from "#platform/database/index.ts";

const criterion = (
  name: string,
  column: string,
  type: Criterion["type"],
  label: Criterion["label"],
  more: Partial<Criterion> = {},
): Criterion => ({
  key: `customer.${name}`,
  subject: "customer",
  type,
  unit: null,
  label,
  isDated: true,
  column: raw(column),
  ...more,
});

/** Criteria of customers; their columns stand under alias `c` (parties.customer). Dated as far as each change is an event of that day. */
export const customerCriteria: readonly Criterion[] = [
  criterion("number", "c.number", "text", { fr: "Numéro de client", en: "Customer number" }),
  criterion("name", "c.folded_name", "text", { fr: "Nom du client", en: "Customer name" }, { isFolded: true }),
  criterion("language", "c.language", "text", { fr: "Langue", en: "Language" }),
  criterion("country", "c.country::text", "text", { fr: "Pays", en: "Country" }),
  criterion("city", "c.city", "text", { fr: "Ville", en: "City" }),
  criterion("postal_code", "c.postal_code", "text", { fr: "Code postal", en: "Postal code" }),
  criterion("sales_person", "c.sales_person", "text", { fr: "Commercial", en: "Sales person" }),
  criterion("payment_method", "c.payment_method", "text", { fr: "Mode de règlement", en: "Payment method" }),
  criterion("term_days", "c.term_days", "integer", { fr: "Délai de paiement", en: "Payment term" }, { unit: "days" }),
  criterion("is_chased", "c.is_chased", "boolean", { fr: "À relancer", en: "To be chased" }),
];
