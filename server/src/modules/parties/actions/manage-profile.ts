import type { CustomerProfile, CustomFieldValue, FlagKind, RelationKind } from "#contracts/customer-profile.ts";
import { type CalendarDate, parseCalendarDate } from "#kernel/calendar-date.ts";
import { newId } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { userNames } from "#modules/access/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { findCustomer } from "../store/customer-store.ts";
import { mergesInto } from "../store/merge-store.ts";
import * as store from "../store/profile-store.ts";

/** All that a tenant adds to a customer, in force today. */
export async function readProfile(
  services: Services,
  actor: Actor,
  customerId: string,
  today: CalendarDate,
): Promise<CustomerProfile | undefined> {
  const names = await services.db.global((tx) => userNames(tx, actor.tenant));
  const nameOf = (id: string) => names.get(id) ?? "";
  return services.db.transaction(actor.tenant, async (tx) => {
    const customer = await findCustomer(tx, customerId);
    if (!customer) return undefined;
    const fields = (await store.listCustomFields(tx)).filter((field) => field.isActive);
    const values = new Map((await store.valuesOf(tx, customer.id, today)).map((value) => [value.fieldId, value]));
    const relation = (
      { id, kind, customerId: own, otherId, number, name, validFrom }: store.RelationRow,
      of: boolean,
    ) => ({
      id,
      kind,
      validFrom,
      other: { id: of ? otherId : own, number, name },
    });
    return {
      customerId: customer.id,
      fields: fields.map(({ id, key, label, type, choices, sourceField }) => ({
        key,
        label,
        type,
        choices,
        sourceField,
        value: values.get(id)?.value ?? null,
        origin: values.get(id)?.origin ?? null,
      })),
      flags: (await store.flagsOf(tx, customer.id)).map(({ customerId: _, createdBy, validTo, ...flag }) => ({
        ...flag,
        validTo: validTo === "infinity" ? null : validTo,
        authorName: nameOf(createdBy),
      })),
      relations: (await store.relationsOf(tx, customer.id, "of")).map((row) => relation(row, true)),
      members: (await store.relationsOf(tx, customer.id, "to")).map((row) => relation(row, false)),
      merged: (await mergesInto(tx, customer.id)).map(({ mergeId, mergedOn, mergedBy, ...other }) => ({
        mergeId,
        mergedOn,
        authorName: nameOf(mergedBy),
        customer: other,
      })),
    };
  });
}

/** Gives free fields of a customer a value from today on. Refuses unknown fields and values of another type. */
export async function changeValues(
  services: Services,
  actor: Actor,
  customerId: string,
  values: Readonly<Record<string, CustomFieldValue>>,
  today: CalendarDate,
): Promise<Result<Record<string, never>, "not_found" | "field_value_invalid">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const customer = await findCustomer(tx, customerId);
    if (!customer) return refuse("not_found");
    const fields = new Map((await store.listCustomFields(tx)).map((field) => [field.key, field]));
    const changes: store.ValueChange[] = [];
    for (const [key, value] of Object.entries(values)) {
      const field = fields.get(key);
      if (!field || !fits(field, value))
        return refuse("field_value_invalid", { field: field?.label[actor.language] ?? key });
      changes.push({ customerId: customer.id, fieldId: field.id, type: field.type, value });
    }
    await store.setCustomValues(tx, changes, "person", today);
    await record(tx, actor, {
      kind: "parties.customer.fields_changed",
      version: 1,
      subject: { type: "customer", id: customer.id },
      payload: { fields: Object.keys(values) },
    });
    return done({});
  });
}

function fits(field: store.CustomFieldRow, value: CustomFieldValue): boolean {
  if (value === null) return true;
  switch (field.type) {
    case "text":
      return typeof value === "string";
    case "choice":
      return typeof value === "string" && (field.choices ?? []).some((choice) => choice.value === value);
    case "integer":
      return typeof value === "number" && Number.isSafeInteger(value);
    case "day":
      return typeof value === "string" && parseCalendarDate(value) !== undefined;
    case "boolean":
      return typeof value === "boolean";
  }
}

/** Makes a customer stand out, with the reason. */
export async function addFlag(
  services: Services,
  actor: Actor,
  customerId: string,
  given: { flag: FlagKind; reason: string },
  today: CalendarDate,
): Promise<Result<{ id: string }, "not_found" | "flag_exists">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const customer = await findCustomer(tx, customerId);
    if (!customer) return refuse("not_found");
    const id = newId();
    const made = await store.insertFlag(tx, id, { ...given, customerId: customer.id, on: today, by: actor.id });
    if (made === 0) return refuse("flag_exists");
    await announceFlag(tx, actor, "added", customer.id, id, given.flag, given.reason);
    return done({ id });
  });
}

/** Ends a flag, or brings it back: `to` is the day it ends, infinity to bring it back. */
export async function endFlag(
  services: Services,
  actor: Actor,
  flagId: string,
  to: CalendarDate | "infinity",
): Promise<Result<Record<string, never>, "not_found">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const flag = await store.lockFlag(tx, flagId);
    if (!flag) return refuse("not_found");
    await store.setFlagEnd(tx, flagId, to);
    await announceFlag(
      tx,
      actor,
      to === "infinity" ? "brought_back" : "ended",
      flag.customerId,
      flagId,
      flag.flag,
      flag.reason,
    );
    return done({});
  });
}

const announceFlag = (
  tx: Tx,
  actor: Actor,
  what: "added" | "ended" | "brought_back",
  customerId: string,
  flagId: string,
  flag: FlagKind,
  reason: string,
) =>
  record(tx, actor, {
    kind: `parties.flag.${what}`,
    version: 1,
    subject: { type: "customer", id: customerId },
    payload: { flagId, flag, reason },
  });

/** Ties a customer to its group, its buying group or its payer; the tie of that kind before it ends. Refuses a group that would contain itself. */
export async function relate(
  services: Services,
  actor: Actor,
  customerId: string,
  given: { kind: RelationKind; otherId: string },
  today: CalendarDate,
): Promise<Result<{ id: string }, "not_found" | "relation_circular">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const customer = await findCustomer(tx, customerId);
    const other = await findCustomer(tx, given.otherId);
    if (!customer || !other) return refuse("not_found");
    const above = await store.headsAbove(tx, other.id, given.kind);
    if (above.some((one) => one.id === customer.id)) return refuse("relation_circular");
    await store.endRelations(tx, customer.id, given.kind, today);
    const id = newId();
    await store.insertRelation(tx, id, {
      customerId: customer.id,
      kind: given.kind,
      otherId: other.id,
      on: today,
      by: actor.id,
    });
    await announceRelation(tx, actor, "added", customer.id, other.id, given.kind);
    return done({ id });
  });
}

/** Ends a tie. */
export async function unrelate(
  services: Services,
  actor: Actor,
  relationId: string,
  today: CalendarDate,
): Promise<Result<Record<string, never>, "not_found">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const relation = await store.lockRelation(tx, relationId);
    if (!relation?.isLive) return refuse("not_found");
    await store.endRelations(tx, relation.customerId, relation.kind, today);
    await announceRelation(tx, actor, "ended", relation.customerId, relation.otherId, relation.kind);
    return done({});
  });
}

const announceRelation = (
  tx: Tx,
  actor: Actor,
  what: "added" | "ended",
  customerId: string,
  otherId: string,
  kind: RelationKind,
) =>
  record(tx, actor, {
    kind: `parties.relation.${what}`,
    version: 1,
    subject: { type: "customer", id: customerId },
    about: [{ type: "customer", id: otherId }],
    payload: { kind, otherId },
  });
