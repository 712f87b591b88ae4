import type { CustomFieldWrite } from "#contracts/customer-profile.ts";
import { newId } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { type CustomFieldRow, insertCustomField, lockCustomField, updateCustomField } from "../store/profile-store.ts";

/** Adds a free field; from then on it is a criterion, a column and a merge field. */
export async function addCustomField(
  services: Services,
  actor: Actor,
  field: CustomFieldWrite,
): Promise<Result<CustomFieldRow, "duplicate_field">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const id = newId();
    if ((await insertCustomField(tx, id, field)) === 0) return refuse("duplicate_field", { key: field.key });
    await record(tx, actor, {
      kind: "parties.custom_field.added",
      version: 1,
      subject: { type: "custom_field", id },
      payload: { key: field.key, type: field.type },
    });
    return done({ id, ...field, version: 1 });
  });
}

/** Renames a field, changes its choices, or puts it out of use. Key and type stay: filters and values rest on them. */
export async function changeCustomField(
  services: Services,
  actor: Actor,
  id: string,
  field: CustomFieldWrite,
  version: number | undefined,
): Promise<Result<CustomFieldRow, "not_found" | "version_required" | "stale_version" | "field_fixed">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const before = await lockCustomField(tx, id);
    if (!before) return refuse("not_found");
    if (version === undefined) return refuse("version_required");
    if (version !== before.version) return refuse("stale_version");
    if (before.key !== field.key || before.type !== field.type) return refuse("field_fixed");
    await updateCustomField(tx, id, field);
    await record(tx, actor, {
      kind: "parties.custom_field.changed",
      version: 1,
      subject: { type: "custom_field", id },
      payload: { key: field.key, isActive: field.isActive },
    });
    return done({ id, ...field, version: version + 1 });
  });
}
