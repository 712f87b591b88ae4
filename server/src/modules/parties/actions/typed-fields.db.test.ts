import { afterAll, beforeAll, expect, test } from "vitest";
import { day } from "#kernel/calendar-date.ts";
import { sql } from "#platform/database/index.ts";
import { aTestDatabase, type TestDatabase } from "../../../../testing/database.ts";
import { type TestServices, testServices } from "../../../../testing/services.ts";
import { upsertContacts, upsertCustomers } from "../store/bulk-store.ts";
import { contactsOf } from "../store/contact-store.ts";
import { addContact, changeContact } from "./manage-contacts.ts";
import { changeCustomer, createCustomer, takeSourceValue, viewCustomer } from "./manage-customers.ts";

const TODAY = day("2026-11-21");
let t: TestDatabase;
let services: TestServices;
beforeAll(async () => {
  t = await aTestDatabase();
  services = testServices(t);
});
afterAll(() => t.close());

const load = (given: Parameters<typeof upsertCustomers>[1][number]) =>
  t.db.transaction(t.tenant, (tx) => upsertCustomers(tx, [given]));
const idOf = async (number: string) =>
  (
    await t.db.transaction(t.tenant, (tx) =>
      tx.one<{ id: string }>(sql`
        select customer_id as id from parties.customer where tenant_id = ${t.tenant} and number = ${number}`),
    )
  ).id;
const view = async (id: string) => {
  const found = await t.db.transaction(t.tenant, (tx) => viewCustomer(tx, id));
  if (!found) throw new Error("no customer");
  return found;
};

test("a field typed by hand keeps its value through loads and shows what the source says, until it is given back", async () => {
  await load({ number: "S1", name: "Alpha", city: "Lyon", termDays: 30, phone: "+33400000001" });
  const id = await idOf("S1");
  const before = await view(id);
  const { accounts: _a, typedFields: _t, id: _i, version: _v, createdAt: _c, ...write } = before;
  const changed = await changeCustomer(services, t.actor(), id, { ...write, city: "Villeurbanne", termDays: 45 }, 1);
  expect(changed.ok && changed.value.typedFields).toEqual([
    { field: "city", sourceValue: "Lyon", isSourceKnown: true },
    { field: "termDays", sourceValue: "30", isSourceKnown: true },
  ]);
  expect(await load({ number: "S1", name: "Alpha SAS", city: "Bron", termDays: 60 })).toMatchObject({ changed: 1 });
  const after = await view(id);
  expect([after.name, after.city, after.termDays]).toEqual(["Alpha SAS", "Villeurbanne", 45]);
  expect(after.typedFields.map((one) => one.sourceValue)).toEqual(["Bron", "60"]);
  // the same again changes nothing
  expect(await load({ number: "S1", name: "Alpha SAS", city: "Bron", termDays: 60 })).toMatchObject({ changed: 0 });

  const taken = await takeSourceValue(services, t.actor(), id, "termDays", after.version);
  expect(taken.ok && [taken.value.termDays, taken.value.typedFields.map((one) => one.field)]).toEqual([60, ["city"]]);
  await load({ number: "S1", termDays: 90, city: "Lyon" });
  const last = await view(id);
  expect([last.termDays, last.city]).toEqual([90, "Villeurbanne"]);
  expect(await takeSourceValue(services, t.actor(), id, "name", last.version)).toMatchObject({ code: "source_silent" });
});

test("a customer made by hand keeps what was typed and takes the rest from the source", async () => {
  const made = await createCustomer(services, t.actor(), {
    number: "H1",
    name: "Fait main",
    language: "fr",
    country: "FR",
    siren: null,
    vatNumber: null,
    phone: null,
    email: "a@h.example",
    address: null,
    postalCode: null,
    city: null,
    termDays: null,
    termKind: null,
    paymentMethod: null,
    isChased: true,
    salesPerson: null,
  });
  if (!made.ok) throw new Error(made.code);
  await load({ number: "H1", name: "FAIT MAIN SARL", email: "b@h.example", city: "Nantes" });
  const after = await view(made.value.id);
  expect([after.name, after.email, after.city]).toEqual(["Fait main", "a@h.example", "Nantes"]);
  expect(after.typedFields.find((one) => one.field === "email")).toEqual({
    field: "email",
    sourceValue: "b@h.example",
    isSourceKnown: true,
  });
});

test("contacts of a source follow it, except in the fields that a person changed", async () => {
  await load({ number: "K1", name: "Client" });
  const customerId = await idOf("K1");
  const source = (given: object) =>
    t.db.transaction(t.tenant, (tx) =>
      upsertContacts(
        tx,
        [{ customerNumber: "K1", key: "k", name: "Ana", role: "accounting", isInCharge: true, ...given }],
        TODAY,
      ),
    );
  const read = () => t.db.transaction(t.tenant, (tx) => contactsOf(tx, customerId));
  await source({ email: "ana@k.example", phone: "+33400000001" });
  const [ana] = await read();
  if (!ana) throw new Error("no contact");
  const { id, customerId: _customer, origin: _origin, version, ...write } = ana;
  await changeContact(services, t.actor(), id, { ...write, email: "ana.direct@k.example" }, version);
  await source({ email: "compta@k.example", phone: "+33400000002" });
  expect(await read()).toMatchObject([{ id, email: "ana.direct@k.example", phone: "+33400000002", origin: "source" }]);
  expect(await source({ email: "compta@k.example", phone: "+33400000002" })).toMatchObject({ changed: 0 });
  // somebody else is put in charge: the next load does not take it back
  const wanted = { name: "Bob", email: null, phone: null, language: null, roles: ["buyer" as const], isInCharge: true };
  await addContact(services, t.actor(), customerId, wanted, TODAY);
  await source({ email: "compta@k.example", phone: "+33400000003" });
  expect((await read()).map((one) => [one.name, one.isInCharge, one.phone])).toEqual([
    ["Bob", true, null],
    ["Ana", false, "+33400000003"],
  ]);
});
