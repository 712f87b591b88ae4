import type { z } from "zod";
import type { CustomFieldType, CustomFieldWrite, FlagKind, RelationKind } from "#contracts/customer-profile.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { raw, sql, type Tx } from "#platform/database/index.ts";
import { isSameCustomer } from "./same-customer.ts";

type FieldType = z.infer<typeof CustomFieldType>;

export type CustomFieldRow = {
  readonly id: string;
  readonly key: string;
  readonly label: { readonly fr: string; readonly en: string };
  readonly type: FieldType;
  readonly choices: { value: string; fr: string; en: string }[] | null;
  readonly sourceField: string | null;
  readonly isActive: boolean;
  readonly version: number;
};

const FIELD = sql`field_id as id, key, label, type, choices, source_field as "sourceField", is_active as "isActive", version`;

export const listCustomFields = (tx: Tx) =>
  tx.rows<CustomFieldRow>(sql`
    select ${FIELD} from parties.custom_field where tenant_id = ${tx.tenant} order by created_at, field_id`);

export const lockCustomField = (tx: Tx, id: string) =>
  tx.maybeOne<CustomFieldRow>(sql`
    select ${FIELD} from parties.custom_field where tenant_id = ${tx.tenant} and field_id = ${id} for update`);

/** 0 rows: the key is taken. */
export const insertCustomField = (tx: Tx, id: string, field: CustomFieldWrite) =>
  tx.run(sql`
    insert into parties.custom_field (tenant_id, field_id, key, label, type, choices, source_field, is_active)
    values (${tx.tenant}, ${id}, ${field.key}, ${JSON.stringify(field.label)}::jsonb, ${field.type},
      ${field.choices === null ? null : JSON.stringify(field.choices)}::jsonb, ${field.sourceField}, ${field.isActive})
    on conflict (tenant_id, key) do nothing`);

/** Key and type never change: saved filters and values rest on them. */
export const updateCustomField = (tx: Tx, id: string, field: CustomFieldWrite) =>
  tx.run(sql`
    update parties.custom_field
    set label = ${JSON.stringify(field.label)}::jsonb, choices = ${field.choices === null ? null : JSON.stringify(field.choices)}::jsonb,
      source_field = ${field.sourceField}, is_active = ${field.isActive}, version = version + 1
    where tenant_id = ${tx.tenant} and field_id = ${id}`);

/** The name under which criteria and merge fields know a free field: "customer." comes before it. */
export const freeFieldName = (key: string): string => `field_${key}`;

/** Which column holds values of a type. */
export const VALUE_COLUMN: Readonly<Record<FieldType, string>> = {
  text: "text_value",
  choice: "text_value",
  integer: "integer_value",
  day: "day_value",
  boolean: "boolean_value",
};

export type ValueChange = {
  readonly customerId: string;
  readonly fieldId: string;
  readonly type: FieldType;
  readonly value: string | number | boolean | null;
};

/** Gives fields a value from a day on: the row in force is closed, a new one opened; twice on a day, the later counts. */
export async function setCustomValues(
  tx: Tx,
  changes: readonly ValueChange[],
  origin: "person" | "source",
  from: CalendarDate,
): Promise<void> {
  if (changes.length === 0) return;
  const rows = JSON.stringify(
    changes.map(({ customerId, fieldId, type, value }) => ({
      customer_id: customerId,
      field_id: fieldId,
      [VALUE_COLUMN[type]]: value,
    })),
  );
  const given = sql`jsonb_to_recordset(${rows}::jsonb) as g (customer_id uuid, field_id uuid, text_value text, integer_value bigint,
    day_value date, boolean_value boolean)`;
  await tx.run(sql`
    update parties.custom_value v
    set valid_to = ${from}::date
    from ${given}
    where v.tenant_id = ${tx.tenant} and v.customer_id = g.customer_id and v.field_id = g.field_id and v.valid_to = 'infinity'
      and v.valid_from < ${from}::date`);
  await tx.run(sql`
    insert into parties.custom_value (tenant_id, customer_id, field_id, valid_from, text_value, integer_value, day_value, boolean_value,
      origin, known_on)
    select ${tx.tenant}, g.customer_id, g.field_id, ${from}::date, g.text_value, g.integer_value, g.day_value, g.boolean_value, ${origin}, ${from}::date
    from ${given}
    on conflict (tenant_id, customer_id, field_id, valid_from) do update
    set text_value = excluded.text_value, integer_value = excluded.integer_value, day_value = excluded.day_value,
      boolean_value = excluded.boolean_value, origin = excluded.origin, valid_to = 'infinity'`);
}

export type ValueRow = {
  readonly fieldId: string;
  readonly value: string | number | boolean | null;
  readonly origin: "person" | "source";
};

/** Values of a customer in force on a day. */
export const valuesOf = (tx: Tx, customerId: string, on: CalendarDate) =>
  tx.rows<ValueRow>(sql`
    select field_id as "fieldId", origin,
           coalesce(to_jsonb(text_value), to_jsonb(integer_value), to_jsonb(day_value), to_jsonb(boolean_value)) as value
    from parties.custom_value
    where tenant_id = ${tx.tenant} and customer_id = ${customerId} and valid_from <= ${on}::date and valid_to > ${on}::date`);

export type FreeValue = {
  readonly customerId: string;
  readonly name: string;
  readonly type: FieldType;
  readonly choices: CustomFieldRow["choices"];
  readonly value: string | number | boolean;
};

/** What customers have in their free fields on a day, by customer; fields without a value are absent. */
export async function freeValuesOf(
  tx: Tx,
  customerIds: readonly string[],
  on: CalendarDate,
): Promise<Map<string, FreeValue[]>> {
  const rows = await tx.rows<Omit<FreeValue, "name"> & { key: string }>(sql`
    select v.customer_id as "customerId", f.key, f.type, f.choices,
           coalesce(to_jsonb(v.text_value), to_jsonb(v.integer_value), to_jsonb(v.day_value), to_jsonb(v.boolean_value)) as value
    from parties.custom_value v
    join parties.custom_field f on f.tenant_id = v.tenant_id and f.field_id = v.field_id
    where v.tenant_id = ${tx.tenant} and v.customer_id = any(${[...customerIds]}::uuid[])
      and v.valid_from <= ${on}::date and v.valid_to > ${on}::date
      and num_nonnulls(v.text_value, v.integer_value, v.day_value, v.boolean_value) > 0`);
  return Map.groupBy(
    rows.map(({ key, ...row }) => ({ ...row, name: freeFieldName(key) })),
    (row) => row.customerId,
  );
}

export type FlagRow = {
  readonly id: string;
  readonly customerId: string;
  readonly flag: FlagKind;
  readonly reason: string;
  readonly validFrom: CalendarDate;
  readonly validTo: string;
  readonly createdBy: string;
};

const FLAG = sql`flag_id as id, customer_id as "customerId", flag, reason, valid_from as "validFrom", valid_to as "validTo",
  created_by as "createdBy"`;

/** Flags in force, newest first. */
export const flagsOf = (tx: Tx, customerId: string) =>
  tx.rows<FlagRow>(sql`
    select ${FLAG} from parties.customer_flag
    where tenant_id = ${tx.tenant} and customer_id ${isSameCustomer(tx, customerId)} and valid_to = 'infinity'
    order by created_at desc`);

/** 0 rows: the customer carries that flag already. */
export const insertFlag = (
  tx: Tx,
  id: string,
  flag: { customerId: string; flag: FlagKind; reason: string; on: CalendarDate; by: string },
) =>
  tx.run(sql`
    insert into parties.customer_flag (tenant_id, flag_id, customer_id, flag, reason, valid_from, known_on, created_by)
    values (${tx.tenant}, ${id}, ${flag.customerId}, ${flag.flag}, ${flag.reason}, ${flag.on}, ${flag.on}, ${flag.by})
    on conflict (tenant_id, customer_id, flag) where valid_to = 'infinity' do nothing`);

export const lockFlag = (tx: Tx, id: string) =>
  tx.maybeOne<FlagRow>(sql`
    select ${FLAG} from parties.customer_flag where tenant_id = ${tx.tenant} and flag_id = ${id} for update`);

/** `to` infinity brings a flag back. */
export const setFlagEnd = (tx: Tx, id: string, to: CalendarDate | "infinity") =>
  tx.run(sql`
    update parties.customer_flag
    set valid_to = greatest(valid_from, ${to}::date)
    where tenant_id = ${tx.tenant} and flag_id = ${id}`);

export type RelationRow = {
  readonly id: string;
  readonly kind: RelationKind;
  readonly customerId: string;
  readonly otherId: string;
  readonly number: string;
  readonly name: string;
  readonly validFrom: CalendarDate;
};

/** Relations of a customer to others (`of`), or of others to it (`to`), in force. */
export const relationsOf = (tx: Tx, customerId: string, side: "of" | "to") => {
  const [own, other] = side === "of" ? ["customer_id", "other_id"] : ["other_id", "customer_id"];
  return tx.rows<RelationRow>(sql`
    select r.relation_id as id, r.kind, r.customer_id as "customerId", r.other_id as "otherId", c.number, c.name, r.valid_from as "validFrom"
    from parties.customer_relation r
    join parties.customer o on o.tenant_id = r.tenant_id and o.customer_id = r.${raw(other ?? "")}
    join parties.customer c on c.tenant_id = o.tenant_id and c.customer_id = coalesce(o.merged_into, o.customer_id)
    where r.tenant_id = ${tx.tenant} and r.${raw(own ?? "")} ${isSameCustomer(tx, customerId)} and r.valid_to = 'infinity'
    order by r.kind, c.sort_key
    limit 500`);
};

export const lockRelation = (tx: Tx, id: string) =>
  tx.maybeOne<{ id: string; customerId: string; otherId: string; kind: RelationKind; isLive: boolean }>(sql`
    select relation_id as id, customer_id as "customerId", other_id as "otherId", kind, valid_to = 'infinity' as "isLive"
    from parties.customer_relation where tenant_id = ${tx.tenant} and relation_id = ${id} for update`);

export const endRelations = (tx: Tx, customerId: string, kind: RelationKind, on: CalendarDate) =>
  tx.run(sql`
    update parties.customer_relation
    set valid_to = greatest(valid_from, ${on}::date)
    where tenant_id = ${tx.tenant} and customer_id = ${customerId} and kind = ${kind} and valid_to = 'infinity'`);

export const insertRelation = (
  tx: Tx,
  id: string,
  relation: { customerId: string; kind: RelationKind; otherId: string; on: CalendarDate; by: string },
) =>
  tx.run(sql`
    insert into parties.customer_relation (tenant_id, relation_id, customer_id, kind, other_id, valid_from, known_on, created_by)
    values (${tx.tenant}, ${id}, ${relation.customerId}, ${relation.kind}, ${relation.otherId}, ${relation.on}, ${relation.on}, ${relation.by})`);

/** Heads above a customer, itself first: a group must not contain itself. */
export const headsAbove = (tx: Tx, customerId: string, kind: RelationKind) =>
  tx.rows<{ id: string }>(sql`
    with recursive above as (
      select ${customerId}::uuid as id, 1 as depth
      union
      select r.other_id, a.depth + 1
      from above a
      join parties.customer_relation r on r.tenant_id = ${tx.tenant} and r.customer_id = a.id and r.kind = ${kind} and r.valid_to = 'infinity'
      where a.depth < 20
    )
    select id from above`);
