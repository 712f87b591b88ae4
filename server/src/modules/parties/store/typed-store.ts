import { sql, type Tx } from "#platform/database/index.ts";
import type { TypedField } from "../core/typed-fields.ts";

export type TypedSubject = "customer" | "contact";

export const typedFieldsOf = (tx: Tx, subject: TypedSubject, id: string) =>
  tx.rows<TypedField>(sql`
    select field, source_value as "sourceValue", is_source_known as "isSourceKnown"
    from parties.typed_field
    where tenant_id = ${tx.tenant} and subject_type = ${subject} and subject_id = ${id}
    order by field`);

/** Marks fields as typed; one that was typed before keeps what the source says. `isFromSource`: what stood before came from it. */
export const markTyped = (
  tx: Tx,
  subject: TypedSubject,
  id: string,
  fields: readonly { field: string; before: string | null }[],
  options: { author: string; isFromSource: boolean },
) =>
  tx.run(sql`
    insert into parties.typed_field (tenant_id, subject_type, subject_id, field, source_value, is_source_known, typed_by)
    select ${tx.tenant}, ${subject}, ${id}, f.field, f.before, ${options.isFromSource}, ${options.author}
    from unnest(${fields.map((one) => one.field)}::text[], ${fields.map((one) => one.before)}::text[]) as f (field, before)
    on conflict (tenant_id, subject_type, subject_id, field) do update set typed_by = excluded.typed_by, typed_at = now()`);

/** Gives a field back to the source. */
export const unmarkTyped = (tx: Tx, subject: TypedSubject, id: string, field: string) =>
  tx.run(sql`
    delete from parties.typed_field
    where tenant_id = ${tx.tenant} and subject_type = ${subject} and subject_id = ${id} and field = ${field}`);

/**
 * Within a load: notes what the source says about typed fields, then empties them in `staged_customer`, where empty means "left as it is".
 * Expects `staged_customer` as `upsertCustomers` fills it.
 */
export async function setTypedAside(tx: Tx): Promise<void> {
  await tx.run(sql`
    update parties.typed_field t
    set source_value = v.value, is_source_known = true
    from staged_customer s
    join parties.customer c on c.tenant_id = ${tx.tenant} and c.number = s.number
    cross join lateral (
      values ('name', s.name), ('language', s.language), ('country', s.country), ('siren', s.siren), ('vatNumber', s.vat_number),
             ('phone', s.phone), ('email', s.email), ('address', s.address), ('postalCode', s.postal_code), ('city', s.city),
             ('termDays', s.term_days::text), ('termKind', s.term_kind), ('paymentMethod', s.payment_method), ('salesPerson', s.sales_person)
    ) as v (field, value)
    where t.tenant_id = ${tx.tenant} and t.subject_type = 'customer' and t.subject_id = c.customer_id and t.field = v.field
      and v.value is not null and (t.source_value is distinct from v.value or not t.is_source_known)`);
  await tx.run(sql`
    update staged_customer s
    set name = case when 'name' = any(t.fields) then null else s.name end,
        folded_name = case when 'name' = any(t.fields) then null else s.folded_name end,
        sort_key = case when 'name' = any(t.fields) then null else s.sort_key end,
        language = case when 'language' = any(t.fields) then null else s.language end,
        country = case when 'country' = any(t.fields) then null else s.country end,
        siren = case when 'siren' = any(t.fields) then null else s.siren end,
        vat_number = case when 'vatNumber' = any(t.fields) then null else s.vat_number end,
        phone = case when 'phone' = any(t.fields) then null else s.phone end,
        email = case when 'email' = any(t.fields) then null else s.email end,
        address = case when 'address' = any(t.fields) then null else s.address end,
        postal_code = case when 'postalCode' = any(t.fields) then null else s.postal_code end,
        city = case when 'city' = any(t.fields) then null else s.city end,
        term_days = case when 'termDays' = any(t.fields) then null else s.term_days end,
        term_kind = case when 'termKind' = any(t.fields) then null else s.term_kind end,
        payment_method = case when 'paymentMethod' = any(t.fields) then null else s.payment_method end,
        sales_person = case when 'salesPerson' = any(t.fields) then null else s.sales_person end
    from (
      select c.number, array_agg(f.field) as fields
      from parties.typed_field f
      join parties.customer c on c.tenant_id = f.tenant_id and c.customer_id = f.subject_id
      where f.tenant_id = ${tx.tenant} and f.subject_type = 'customer'
      group by c.number
    ) t
    where t.number = s.number`);
}

/** The same for contacts: what the source says is noted, and `staged_contact` takes the standing value of each typed field. */
export async function setTypedContactsAside(tx: Tx): Promise<void> {
  const known = sql`
    staged_contact s
    join parties.customer c on c.tenant_id = ${tx.tenant} and c.number = s.number
    join parties.contact k on k.tenant_id = ${tx.tenant} and k.customer_id = coalesce(c.merged_into, c.customer_id)
      and k.source_key = s.source_key and k.valid_to = 'infinity'`;
  await tx.run(sql`
    update parties.typed_field t
    set source_value = v.value, is_source_known = true
    from ${known}
    cross join lateral (
      values ('name', s.name), ('email', s.email), ('phone', s.phone), ('language', s.language), ('roles', s.role),
             ('isInCharge', s.is_in_charge::text)
    ) as v (field, value)
    where t.tenant_id = ${tx.tenant} and t.subject_type = 'contact' and t.subject_id = k.contact_id and t.field = v.field
      and (t.source_value is distinct from v.value or not t.is_source_known)`);
  await tx.run(sql`
    update staged_contact n
    set name = case when 'name' = any(t.fields) then t.name else n.name end,
        email = case when 'email' = any(t.fields) then t.email else n.email end,
        phone = case when 'phone' = any(t.fields) then t.phone else n.phone end,
        language = case when 'language' = any(t.fields) then t.language else n.language end,
        roles = case when 'roles' = any(t.fields) then t.roles else n.roles end,
        is_in_charge = case when 'isInCharge' = any(t.fields) then t.is_in_charge else n.is_in_charge end
    from (
      select s.contact_id as staged_id, k.name, k.email, k.phone, k.language, k.roles, k.is_in_charge, array_agg(f.field) as fields
      from ${known}
      join parties.typed_field f on f.tenant_id = ${tx.tenant} and f.subject_type = 'contact' and f.subject_id = k.contact_id
      group by s.contact_id, k.name, k.email, k.phone, k.language, k.roles, k.is_in_charge
    ) t
    where t.staged_id = n.contact_id`);
}
