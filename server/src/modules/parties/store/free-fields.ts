import type { CalendarDate } from "#kernel/calendar-date.ts";
import { fold } from "#kernel/text.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import { freeValueOf } from "../core/free-value.ts";
import type { SourceCustomer } from "./bulk-store.ts";
import { listCustomFields, setCustomValues, type ValueChange } from "./profile-store.ts";

type Known = {
  readonly number: string;
  readonly customerId: string;
  readonly values: Readonly<Record<string, Current>>;
};
type Current = { readonly value: string | number | boolean | null; readonly origin: "person" | "source" };

/** Fields that sources fill, by the source's own name of them, folded. */
export async function sourceFieldNames(tx: Tx): Promise<Set<string>> {
  const fields = await listCustomFields(tx);
  return new Set(fields.flatMap((field) => (field.isActive && field.sourceField ? [fold(field.sourceField)] : [])));
}

/**
 * Gives free fields the values that a source brought under its own names for them, from a day on. A value that a person gave is left alone, as is a text
 * that is not of the field's type. Returns how many values changed.
 */
export async function setFreeFields(tx: Tx, customers: readonly SourceCustomer[], on: CalendarDate): Promise<number> {
  const bringing = customers.filter((one) => one.free && Object.keys(one.free).length > 0);
  if (bringing.length === 0) return 0;
  const fields = (await listCustomFields(tx)).filter((field) => field.isActive && field.sourceField);
  if (fields.length === 0) return 0;
  const known = await tx.rows<Known>(sql`
    select c.number, coalesce(c.merged_into, c.customer_id) as "customerId",
           coalesce(jsonb_object_agg(v.field_id, jsonb_build_object('origin', v.origin, 'value',
             coalesce(to_jsonb(v.text_value), to_jsonb(v.integer_value), to_jsonb(v.day_value), to_jsonb(v.boolean_value))))
             filter (where v.field_id is not null), '{}'::jsonb) as values
    from parties.customer c
    left join parties.custom_value v
      on v.tenant_id = c.tenant_id and v.customer_id = coalesce(c.merged_into, c.customer_id) and v.valid_to = 'infinity'
    where c.tenant_id = ${tx.tenant} and c.number = any(${bringing.map((one) => one.number)}::text[])
    group by c.number, c.customer_id, c.merged_into`);
  const byNumber = new Map(known.map((one) => [one.number, one]));
  const changes = new Map<string, ValueChange>();
  for (const { number, free = {} } of bringing) {
    const customer = byNumber.get(number);
    if (!customer) continue;
    const given = new Map(Object.entries(free).map(([name, text]) => [fold(name), text]));
    for (const field of fields) {
      const text = given.get(fold(field.sourceField ?? ""));
      const value = text === undefined ? undefined : freeValueOf(field, text);
      const current = customer.values[field.id];
      if (value === undefined || current?.origin === "person" || (current?.value ?? null) === value) continue;
      const { customerId } = customer;
      changes.set(`${customerId} ${field.id}`, { customerId, fieldId: field.id, type: field.type, value });
    }
  }
  await setCustomValues(tx, [...changes.values()], "source", on);
  return changes.size;
}
