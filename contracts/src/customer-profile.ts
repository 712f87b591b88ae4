import { z } from "zod";
import { Day, Id } from "./common.ts";

/** Free fields of customers. The value's type decides how it is filtered: a field becomes a criterion by being created. */
export const CustomFieldType = z.enum(["text", "choice", "integer", "day", "boolean"]);

const LocalText = z.object({ fr: z.string().trim().min(1).max(80), en: z.string().trim().min(1).max(80) });

export const CustomFieldWrite = z
  .object({
    /** Stable for ever: saved filters and files name it. */
    key: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
    label: LocalText,
    type: CustomFieldType,
    choices: z
      .array(LocalText.extend({ value: z.string().trim().min(1).max(80) }))
      .min(1)
      .max(100)
      .nullable()
      .default(null),
    /** Column or field of the source that fills it, as the source names it; null: people fill it. */
    sourceField: z.string().trim().min(1).max(100).nullable().default(null),
    isActive: z.boolean().default(true),
  })
  .refine((field) => (field.type === "choice") === (field.choices !== null), { path: ["choices"] });
export type CustomFieldWrite = z.infer<typeof CustomFieldWrite>;

export const CustomField = z
  .object({
    id: Id,
    key: z.string(),
    label: z.object({ fr: z.string(), en: z.string() }),
    type: CustomFieldType,
    choices: z.array(z.object({ value: z.string(), fr: z.string(), en: z.string() })).nullable(),
    sourceField: z.string().nullable(),
    isActive: z.boolean(),
    version: z.number().int(),
  })
  .meta({ id: "CustomField" });
export type CustomField = z.infer<typeof CustomField>;
export const CustomFieldList = z.object({ rows: z.array(CustomField) });

export const CustomFieldValue = z.union([z.string().trim().min(1).max(500), z.number().int(), z.boolean(), z.null()]);
export type CustomFieldValue = z.infer<typeof CustomFieldValue>;

/** Values by key of the field; what is not named stays. */
export const CustomValuesWrite = z.object({ values: z.record(z.string().max(40), CustomFieldValue) });

/** Why a customer stands out. */
export const FlagKind = z.enum(["watch", "risk", "key_account", "insolvent", "dispute_prone", "other"]);
export type FlagKind = z.infer<typeof FlagKind>;
export const FlagWrite = z.object({ flag: FlagKind, reason: z.string().trim().min(1).max(300) });
export const Flag = z.object({
  id: Id,
  flag: FlagKind,
  reason: z.string(),
  validFrom: Day,
  validTo: Day.nullable(),
  authorName: z.string(),
});
export type Flag = z.infer<typeof Flag>;

/** `parent`: head of the group; `buying_group`: buys for its members; `payer`: pays for the customer. */
export const RelationKind = z.enum(["parent", "buying_group", "payer"]);
/** Everybody of the group of a customer, in queries of lists. */
export const GroupFilter = { groupOf: Id.optional(), groupKind: RelationKind.default("parent") };
export type RelationKind = z.infer<typeof RelationKind>;
export const RelationWrite = z.object({ kind: RelationKind, otherId: Id });

const CustomerName = z.object({ id: Id, number: z.string(), name: z.string() });
export const Relation = z.object({ id: Id, kind: RelationKind, other: CustomerName, validFrom: Day });
export type Relation = z.infer<typeof Relation>;

/** A group seen as one customer: its head first, then its members by name. */
export const CustomerGroup = z
  .object({
    kind: RelationKind,
    head: CustomerName,
    members: z.array(
      CustomerName.extend({
        isHead: z.boolean(),
        accounts: z.array(
          z.object({ id: Id, companyCode: z.string(), controlAccount: z.string(), auxiliary: z.string() }),
        ),
      }),
    ),
  })
  .meta({ id: "CustomerGroup" });
export type CustomerGroup = z.infer<typeof CustomerGroup>;
export const GroupQuery = z.object({ kind: RelationKind.default("parent") });

export const CustomerProfile = z
  .object({
    customerId: Id,
    fields: z.array(
      CustomField.pick({ key: true, label: true, type: true, choices: true, sourceField: true }).extend({
        value: CustomFieldValue,
        origin: z.enum(["person", "source"]).nullable(),
      }),
    ),
    flags: z.array(Flag),
    /** Of this customer to others. */
    relations: z.array(Relation),
    /** Of others to this customer: its members, those it pays for. */
    members: z.array(Relation),
    /** Customers merged into this one, newest first. */
    merged: z.array(z.object({ mergeId: Id, customer: CustomerName, mergedOn: Day, authorName: z.string() })),
  })
  .meta({ id: "CustomerProfile" });
export type CustomerProfile = z.infer<typeof CustomerProfile>;

export const MergeWrite = z.object({
  /** The customer that goes and stays as an alias. */
  mergedId: Id,
  reason: z.string().trim().max(300).nullable().default(null),
});
export const Merged = z.object({ mergeId: Id, keptId: Id, mergedId: Id, accounts: z.number().int() });

/** Why two customers may be one. */
export const DuplicateReason = z.enum([
  "siren",
  "vat_number",
  "email",
  "phone",
  "same_name",
  "similar_name",
  "number_zeros",
]);
export type DuplicateReason = z.infer<typeof DuplicateReason>;
export const Duplicate = z.object({
  left: CustomerName,
  right: CustomerName,
  /** 0 to 100. */
  score: z.number().int(),
  reasons: z.array(DuplicateReason),
});
export type Duplicate = z.infer<typeof Duplicate>;
export const DuplicateList = z.object({ rows: z.array(Duplicate), isCut: z.boolean() });
export const NotDuplicateWrite = z.object({ leftId: Id, rightId: Id });
