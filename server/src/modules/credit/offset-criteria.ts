import { type Criterion, criterionOf } from "#platform/criteria/index.ts";
import { join, sql } from "#platform/database/index.ts";
import type { ListSource } from "#platform/lists/index.ts";
import { balancesOn } from "./store/offset-store.ts";

const offsets = criterionOf("customer", { isDated: false, source: "offsets" });

/** Criteria of customers over what we owe them, in the reporting currency. */
export const customerOffsetCriteria: readonly Criterion[] = [
  offsets(
    "owed_to",
    "coalesce(offsets.owed, 0)",
    "money",
    { fr: "Nous lui devons", en: "We owe them" },
    { unit: "reporting_currency" },
  ),
  offsets("is_supplier", "(offsets.customer_id is not null)", "boolean", {
    fr: "Aussi fournisseur",
    en: "Also a supplier",
  }),
  offsets("is_set_off_agreed", "coalesce(offsets.agreed, false)", "boolean", {
    fr: "Compensation convenue",
    en: "Set-off agreed",
  }),
];

/** The source of those criteria: alias `offsets`, one row per customer. A currency without a rate is left out, as in the figures of the list. */
export const customerOffsets: ListSource = ({ tx, asOf, knownOn, companyId, reporting }) => {
  const rates = join([...reporting.factors].map(([currency, factor]) => sql`(${currency}::text, ${factor}::numeric)`));
  const company = companyId ? sql`and l.company_id = ${companyId}` : sql``;
  return sql`
  left join (
    select coalesce(m.merged_into, m.customer_id) as customer_id, coalesce(sum(round(b.owed_minor * f.factor)), 0)::bigint as owed, bool_or(l.is_agreed) as agreed
    from credit.offset_link l
    join parties.customer m on m.tenant_id = l.tenant_id and m.customer_id = l.customer_id
    join parties.company k on k.tenant_id = l.tenant_id and k.company_id = l.company_id
    left join (${balancesOn(tx, asOf, knownOn)}) b on b.company_id = l.company_id and b.supplier_no = l.supplier_no
    left join (values ${rates}) f (currency, factor) on f.currency = k.book_currency::text
    where l.tenant_id = ${tx.tenant} and l.valid_from <= ${asOf}::date and l.valid_to > ${asOf}::date ${company}
    group by 1) offsets on offsets.customer_id = c.customer_id`;
};
