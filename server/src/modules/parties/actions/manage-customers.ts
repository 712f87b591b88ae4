import type { CustomerWrite } from "#contracts/parties.ts";
import { newId } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { type JsonObject, record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { checkContactData } from "../core/contact-data.ts";
import { checkChangedIdentifiers, checkIdentifiers } from "../core/identifiers.ts";
import { CUSTOMER_FIELDS, customerValue, fieldText, newlyTyped, type TypedField } from "../core/typed-fields.ts";
import * as store from "../store/customer-store.ts";
import { markTyped, typedFieldsOf, unmarkTyped } from "../store/typed-store.ts";

type CustomerRefusal =
  | "invalid_email"
  | "invalid_phone"
  | "invalid_siren"
  | "invalid_vat_number"
  | "invalid_iban"
  | "duplicate_number"
  | "not_found"
  | "version_required"
  | "stale_version";

export type CustomerView = store.CustomerRecord & { accounts: store.AccountRow[]; typedFields: TypedField[] };

/** A customer with its accounts and the fields that a person typed. */
export async function viewCustomer(tx: Tx, id: string): Promise<CustomerView | undefined> {
  const found = await store.findCustomer(tx, id);
  if (!found) return undefined;
  const accounts = await store.accountsOf(tx, found.id);
  return { ...found, accounts, typedFields: await typedFieldsOf(tx, "customer", found.id) };
}

export async function createCustomer(
  services: Services,
  actor: Actor,
  wanted: CustomerWrite,
): Promise<Result<CustomerView, CustomerRefusal>> {
  const checked = checkContactData(wanted, wanted.country);
  if (!checked.ok) return checked;
  const identified = checkIdentifiers({ ...wanted, ...checked.value }, wanted.country);
  if (!identified.ok) return identified;
  const customer = identified.value;
  const id = newId();
  return services.db.transaction(actor.tenant, async (tx) => {
    if ((await store.insertCustomer(tx, id, customer)) === 0)
      return refuse("duplicate_number", { number: customer.number });
    const given = CUSTOMER_FIELDS.filter((field) => customer[field] !== null).map((field) => ({ field, before: null }));
    await markTyped(tx, "customer", id, given, { author: actor.id, isFromSource: false });
    await record(tx, actor, {
      kind: "parties.customer.added",
      version: 1,
      subject: { type: "customer", id },
      payload: customer as JsonObject,
    });
    const made = await viewCustomer(tx, id);
    return made ? done(made) : refuse("not_found");
  });
}

/** Changes a customer; the event keeps the fields that changed, before and after. */
export async function changeCustomer(
  services: Services,
  actor: Actor,
  id: string,
  wanted: CustomerWrite,
  version: number | undefined,
): Promise<Result<CustomerView, CustomerRefusal>> {
  const checked = checkContactData(wanted, wanted.country);
  if (!checked.ok) return checked;
  return services.db.transaction(actor.tenant, async (tx) => {
    const before = await store.lockCustomer(tx, id);
    if (!before) return refuse("not_found");
    if (version === undefined) return refuse("version_required");
    if (version !== before.version) return refuse("stale_version");
    const identified = checkChangedIdentifiers(before, { ...wanted, ...checked.value }, wanted.country);
    if (!identified.ok) return identified;
    const customer = identified.value;
    const twins = await store.listCustomers(tx, { text: customer.number }, { limit: 50 });
    if (twins.some((twin) => twin.number === customer.number && twin.id !== id)) {
      return refuse("duplicate_number", { number: customer.number });
    }
    await store.updateCustomer(tx, id, customer);
    const typed = newlyTyped<CustomerWrite>(CUSTOMER_FIELDS, before, customer);
    await markTyped(tx, "customer", id, typed, { author: actor.id, isFromSource: true });
    await record(tx, actor, {
      kind: "parties.customer.changed",
      version: 1,
      subject: { type: "customer", id },
      payload: changedFields(before, customer),
    });
    const after = await viewCustomer(tx, id);
    return after ? done(after) : refuse("not_found");
  });
}

/** Takes back what the source says about a typed field; later loads change it again. Refuses a field the source never spoke of. */
export async function takeSourceValue(
  services: Services,
  actor: Actor,
  id: string,
  field: string,
  version: number | undefined,
): Promise<Result<CustomerView, CustomerRefusal | "source_silent">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const before = await store.lockCustomer(tx, id);
    if (!before) return refuse("not_found");
    if (version === undefined) return refuse("version_required");
    if (version !== before.version) return refuse("stale_version");
    const mark = (await typedFieldsOf(tx, "customer", id)).find((one) => one.field === field);
    if (!mark?.isSourceKnown) return refuse("source_silent", { field });
    // A source that says nothing has nothing to give a field that must hold something.
    if (mark.sourceValue === null && NEVER_EMPTY.has(field)) return refuse("source_silent", { field });
    const customer: CustomerWrite = { ...before, [field]: customerValue(field, mark.sourceValue) };
    await store.updateCustomer(tx, id, customer);
    await unmarkTyped(tx, "customer", id, field);
    await record(tx, actor, {
      kind: "parties.customer.source_taken",
      version: 1,
      subject: { type: "customer", id },
      payload: { field, before: fieldText(before[field as keyof CustomerWrite]), after: mark.sourceValue },
    });
    const after = await viewCustomer(tx, id);
    return after ? done(after) : refuse("not_found");
  });
}

const NEVER_EMPTY: ReadonlySet<string> = new Set(["name", "language", "country"]);

function changedFields(before: CustomerWrite, after: CustomerWrite): JsonObject {
  const changed: JsonObject = {};
  for (const key of Object.keys(after) as (keyof CustomerWrite)[]) {
    if (before[key] !== after[key]) changed[key] = { before: before[key], after: after[key] };
  }
  return changed;
}
