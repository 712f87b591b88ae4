import type { ContactWrite, CustomerWrite } from "#contracts/parties.ts";

/** A field that a person typed: the value shown is theirs; the source's own is kept beside it. */
export type TypedField = {
  readonly field: string;
  /** What the source says, as text; null when it says nothing. */
  readonly sourceValue: string | null;
  /** False while no source ever said anything about it. */
  readonly isSourceKnown: boolean;
};

/** Fields that sources bring; others belong to people anyway. */
export const CUSTOMER_FIELDS = [
  "name",
  "language",
  "country",
  "siren",
  "vatNumber",
  "phone",
  "email",
  "address",
  "postalCode",
  "city",
  "termDays",
  "termKind",
  "paymentMethod",
  "salesPerson",
] as const satisfies readonly (keyof CustomerWrite)[];

export const CONTACT_FIELDS = [
  "name",
  "email",
  "phone",
  "language",
  "roles",
  "isInCharge",
] as const satisfies readonly (keyof ContactWrite)[];

type Value = string | number | boolean | null | readonly string[] | undefined;

/** A value as the text that is kept of it. */
export const fieldText = (value: Value): string | null =>
  value === null || value === undefined ? null : Array.isArray(value) ? value.join(",") : String(value);

/** The inverse of `fieldText` for a customer's field. */
export function customerValue(field: string, text: string | null): string | number | null {
  return field === "termDays" && text !== null ? Number(text) : text;
}

/** Fields that a person changed, each with what stood there before: the source's word, unless it was typed already. */
export function newlyTyped<Write extends object>(
  fields: readonly (keyof Write & string)[],
  before: Write,
  after: Write,
): { field: string; before: string | null }[] {
  return fields.flatMap((field) => {
    const was = fieldText(before[field] as Value);
    return was === fieldText(after[field] as Value) ? [] : [{ field, before: was }];
  });
}
