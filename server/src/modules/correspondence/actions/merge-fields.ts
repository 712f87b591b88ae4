import { freeFieldName, listCustomFields } from "#modules/parties/index.ts";
import type { Tx } from "#platform/database/index.ts";
import { freeMergeField, MERGE_FIELDS, type MergeField } from "../core/merge-fields.ts";

/** Every field that templates of the tenant may be given: ours, then the customers' free fields in use. */
export async function mergeFields(tx: Tx): Promise<readonly MergeField[]> {
  const free = (await listCustomFields(tx)).filter((field) => field.isActive);
  return [...MERGE_FIELDS, ...free.map((field) => freeMergeField({ ...field, name: freeFieldName(field.key) }))];
}

/** Keys that a stored template may hold: free fields no longer offered stand in the templates of before. */
export async function mergeFieldKeys(tx: Tx): Promise<ReadonlySet<string>> {
  const free = (await listCustomFields(tx)).map((field) => `customer.${freeFieldName(field.key)}`);
  return new Set([...MERGE_FIELDS.map((one) => one.key), ...free]);
}
