import type { CustomerWrite } from "#contracts/parties.ts";
import { newId } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import { type JsonObject, record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { checkContactData } from "../core/contact-data.ts";
import * as store from "../store/customer-store.ts";

type CustomerRefusal =
  | "invalid_email"
  | "invalid_phone"
  | "duplicate_number"
  | "not_found"
  | "version_required"
  | "stale_version";

export type CustomerView = store.CustomerRecord & { accounts: store.AccountRow[] };

export async function createCustomer(
  services: Services,
  actor: Actor,
  wanted: CustomerWrite,
): Promise<Result<CustomerView, CustomerRefusal>> {
  const checked = checkContactData(wanted, wanted.country);
  if (!checked.ok) return checked;
  const customer = { ...wanted, ...checked.value };
  const id = newId();
  return services.db.transaction(actor.tenant, async (tx) => {
    if ((await store.insertCustomer(tx, id, customer)) === 0)
      return refuse("duplicate_number", { number: customer.number });
    await record(tx, actor, {
      kind: "parties.customer.added",
      version: 1,
      subject: { type: "customer", id },
      payload: customer as JsonObject,
    });
    const made = await store.findCustomer(tx, id);
    return made ? done({ ...made, accounts: [] }) : refuse("not_found");
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
  const customer = { ...wanted, ...checked.value };
  return services.db.transaction(actor.tenant, async (tx) => {
    const before = await store.lockCustomer(tx, id);
    if (!before) return refuse("not_found");
    if (version === undefined) return refuse("version_required");
    if (version !== before.version) return refuse("stale_version");
    const twins = await store.listCustomers(tx, { text: customer.number }, { limit: 50 });
    if (twins.some((twin) => twin.number === customer.number && twin.id !== id)) {
      return refuse("duplicate_number", { number: customer.number });
    }
    await store.updateCustomer(tx, id, customer);
    await record(tx, actor, {
      kind: "parties.customer.changed",
      version: 1,
      subject: { type: "customer", id },
      payload: changedFields(before, customer),
    });
    const after = await store.findCustomer(tx, id);
    return after ? done({ ...after, accounts: await store.accountsOf(tx, id) }) : refuse("not_found");
  });
}

function changedFields(before: CustomerWrite, after: CustomerWrite): JsonObject {
  const changed: JsonObject = {};
  for (const key of Object.keys(after) as (keyof CustomerWrite)[]) {
    if (before[key] !== after[key]) changed[key] = { before: before[key], after: after[key] };
  }
  return changed;
}
