import type { ContactWrite } from "#contracts/parties.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { newId } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { type JsonObject, record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { checkContactData } from "../core/contact-data.ts";
import { CONTACT_FIELDS, newlyTyped } from "../core/typed-fields.ts";
import * as store from "../store/contact-store.ts";
import { findCustomer } from "../store/customer-store.ts";
import { markTyped } from "../store/typed-store.ts";

type ContactRefusal = "invalid_email" | "invalid_phone" | "not_found" | "version_required" | "stale_version";

export async function addContact(
  services: Services,
  actor: Actor,
  customerId: string,
  wanted: ContactWrite,
  today: CalendarDate,
): Promise<Result<store.ContactRow, ContactRefusal>> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const customer = await findCustomer(tx, customerId);
    if (!customer) return refuse("not_found");
    const checked = checkContactData(wanted, customer.country);
    if (!checked.ok) return checked;
    const contact = { ...wanted, ...checked.value };
    const id = newId();
    await store.insertContact(tx, id, customer.id, contact, today);
    if (contact.isInCharge) await takeOverCharge(tx, actor, customer.id, id);
    await recordContact(services, tx, actor, "added", { id, customerId: customer.id }, { after: contact });
    return done({ ...contact, id, customerId: customer.id, origin: "person", version: 1 });
  });
}

export async function changeContact(
  services: Services,
  actor: Actor,
  id: string,
  wanted: ContactWrite,
  version: number | undefined,
): Promise<Result<store.ContactRow, ContactRefusal>> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const before = await store.lockContact(tx, id);
    if (!before) return refuse("not_found");
    if (version === undefined) return refuse("version_required");
    if (version !== before.version) return refuse("stale_version");
    const customer = await findCustomer(tx, before.customerId);
    const checked = checkContactData(wanted, customer?.country ?? "FR");
    if (!checked.ok) return checked;
    const contact = { ...wanted, ...checked.value };
    await store.updateContact(tx, id, contact);
    // What a source brought stays its own, field by field: those changed here keep their value through every later load.
    if (before.origin === "source") {
      const typed = newlyTyped<ContactWrite>(CONTACT_FIELDS, before, contact);
      await markTyped(tx, "contact", id, typed, { author: actor.id, isFromSource: true });
    }
    if (contact.isInCharge) await takeOverCharge(tx, actor, before.customerId, id);
    await recordContact(services, tx, actor, "changed", before, { before, after: contact });
    return done({ ...before, ...contact, version: version + 1 });
  });
}

/** Puts one contact in charge; a contact of a source that no longer is keeps it so through later loads. */
async function takeOverCharge(tx: Tx, actor: Actor, customerId: string, id: string): Promise<void> {
  for (const one of await store.clearInCharge(tx, customerId, id)) {
    if (one.origin !== "source") continue;
    const typed = [{ field: "isInCharge", before: "true" }];
    await markTyped(tx, "contact", one.id, typed, { author: actor.id, isFromSource: true });
  }
}

/** Ends a contact today; it stays in what was sent to it. Undone by bringing it back. */
export async function removeContact(
  services: Services,
  actor: Actor,
  id: string,
  today: CalendarDate,
): Promise<Result<Record<string, never>, ContactRefusal>> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const before = await store.lockContact(tx, id);
    if (!before) return refuse("not_found");
    await store.endContact(tx, id, today);
    await recordContact(services, tx, actor, "removed", before, {});
    return done({});
  });
}

export async function bringBackContact(
  services: Services,
  actor: Actor,
  id: string,
): Promise<Result<store.ContactRow, ContactRefusal>> {
  return services.db.transaction(actor.tenant, async (tx) => {
    if ((await store.reviveContact(tx, id)) === 0) return refuse("not_found");
    const contact = await store.lockContact(tx, id);
    if (!contact) return refuse("not_found");
    await recordContact(services, tx, actor, "brought_back", contact, {});
    return done(contact);
  });
}

const recordContact = (
  services: Services,
  tx: Tx,
  actor: Actor,
  what: string,
  contact: { id: string; customerId: string },
  data: { before?: ContactWrite; after?: ContactWrite },
) =>
  record(tx, actor, {
    kind: `parties.contact.${what}`,
    version: 1,
    subject: { type: "contact", id: contact.id },
    about: [{ type: "customer", id: contact.customerId }],
    payload: {},
    ...(data.after ? { personal: { personId: contact.id, data: data as JsonObject, vault: services.vault } } : {}),
  });
