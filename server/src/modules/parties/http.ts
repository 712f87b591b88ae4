import { z } from "zod";
import { Empty, Id } from "#contracts/common.ts";
import {
  Company,
  CompanyList,
  CompanyWrite,
  Contact,
  ContactList,
  ContactWrite,
  Customer,
  CustomerPage,
  CustomerQuery,
  CustomerWrite,
  Note,
  NoteChange,
  NoteList,
  NoteSubject,
  NoteWrite,
  TakeSource,
  TimelinePage,
  TimelineQuery,
} from "#contracts/parties.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { userNames } from "#modules/access/index.ts";
import type { Actor } from "#platform/actor.ts";
import {
  cutPage,
  EXACT_TOTAL,
  isRefused,
  type Route,
  readCursor,
  route,
  totalOf,
  versioned,
  withEtag,
} from "#platform/http/index.ts";
import type { Services } from "#platform/services.ts";
import { changeCompany, createCompany } from "./actions/manage-companies.ts";
import { addContact, bringBackContact, changeContact, removeContact } from "./actions/manage-contacts.ts";
import { changeCustomer, createCustomer, takeSourceValue, viewCustomer } from "./actions/manage-customers.ts";
import { type ItemExists, noteActions, type TellMentioned } from "./actions/manage-notes.ts";
import type { PortfolioPorts } from "./actions/manage-portfolios.ts";
import { idsOfGroup } from "./actions/read-group.ts";
import { readTimeline } from "./actions/read-timeline.ts";
import { portfolioRoutes } from "./http-portfolios.ts";
import { profileOperations } from "./http-profile.ts";
import { findCompany, listCompanies } from "./store/company-store.ts";
import { contactsOf, type NoteRow, notesOf } from "./store/contact-store.ts";
import { countCustomers, findCustomer, listCustomers } from "./store/customer-store.ts";

const tag = "parties";
const customerParams = z.object({ customerId: Id });
const contactParams = z.object({ contactId: Id });
const noteParams = z.object({ noteId: Id });

const companyRoutes: Route[] = [
  route({
    method: "GET",
    path: "/companies",
    operationId: "listCompanies",
    tag,
    permission: "companies.read",
    summary: "Selling companies",
    reply: CompanyList,
    handle: async ({ actor, services }) => done({ rows: await services.db.transaction(actor.tenant, listCompanies) }),
  }),
  route({
    method: "POST",
    path: "/companies",
    operationId: "createCompany",
    tag,
    permission: "companies.write",
    status: 201,
    summary: "Add a selling company",
    body: CompanyWrite,
    reply: Company,
    handle: async ({ actor, body, services }) => versioned(await createCompany(services, actor, body)),
  }),
  route({
    method: "GET",
    path: "/companies/:companyId",
    operationId: "getCompany",
    tag,
    permission: "companies.read",
    summary: "One selling company",
    params: z.object({ companyId: Id }),
    reply: Company,
    handle: async ({ actor, params, services }) => {
      const company = await services.db.transaction(actor.tenant, (tx) => findCompany(tx, params.companyId));
      return company ? done(withEtag(company, company.version)) : refuse("not_found");
    },
  }),
  route({
    method: "PUT",
    path: "/companies/:companyId",
    operationId: "changeCompany",
    tag,
    permission: "companies.write",
    summary: "Change a selling company",
    params: z.object({ companyId: Id }),
    body: CompanyWrite,
    reply: Company,
    handle: async ({ actor, params, body, ifMatch, services }) =>
      versioned(await changeCompany(services, actor, params.companyId, body, ifMatch)),
  }),
];

const customerRoutes: Route[] = [
  route({
    method: "GET",
    path: "/customers",
    operationId: "listCustomers",
    tag,
    permission: "customers.read",
    summary: "Customers by name",
    query: CustomerQuery,
    reply: CustomerPage,
    handle: async ({ actor, query, services }) => {
      const after = readCursor(query.cursor, [z.string(), Id]);
      if (isRefused(after)) return after;
      const filter = {
        text: query.text,
        companyId: query.companyId,
        isChased: query.isChased === undefined ? undefined : query.isChased === "true",
      };
      return services.db.transaction(actor.tenant, async (tx) => {
        const found = await listCustomers(tx, filter, { limit: query.limit + 1, after });
        const { rows, next } = cutPage(found, query.limit, (customer) => [customer.sortKey, customer.id]);
        const total = totalOf(await countCustomers(tx, filter, EXACT_TOTAL));
        return done({ rows: rows.map(({ sortKey: _sortKey, ...row }) => row), next, total });
      });
    },
  }),
  route({
    method: "POST",
    path: "/customers",
    operationId: "createCustomer",
    tag,
    permission: "customers.write",
    status: 201,
    summary: "Add a customer",
    body: CustomerWrite,
    reply: Customer,
    handle: async ({ actor, body, services }) => versioned(await createCustomer(services, actor, body)),
  }),
  route({
    method: "GET",
    path: "/customers/:customerId",
    operationId: "getCustomer",
    tag,
    permission: "customers.read",
    summary: "One customer with its accounts",
    params: customerParams,
    reply: Customer,
    handle: async ({ actor, params, services }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const customer = await viewCustomer(tx, params.customerId);
        return customer ? done(withEtag(customer, customer.version)) : refuse("not_found");
      }),
  }),
  route({
    method: "PUT",
    path: "/customers/:customerId",
    operationId: "changeCustomer",
    tag,
    permission: "customers.write",
    summary: "Change a customer",
    params: customerParams,
    body: CustomerWrite,
    reply: Customer,
    handle: async ({ actor, params, body, ifMatch, services }) =>
      versioned(await changeCustomer(services, actor, params.customerId, body, ifMatch)),
  }),
  route({
    method: "POST",
    path: "/customers/:customerId/take-source",
    operationId: "takeSourceValue",
    tag,
    permission: "customers.write",
    summary: "Give a typed field back to the source: its value now, and its changes from then on",
    params: customerParams,
    body: TakeSource,
    reply: Customer,
    handle: async ({ actor, params, body, ifMatch, services }) =>
      versioned(await takeSourceValue(services, actor, params.customerId, body.field, ifMatch)),
  }),
  route({
    method: "GET",
    path: "/customers/:customerId/timeline",
    operationId: "getCustomerTimeline",
    tag,
    permission: "customers.read",
    summary: "What happened on a customer and those merged into it, newest first",
    params: customerParams,
    query: TimelineQuery,
    reply: TimelinePage,
    handle: async ({ actor, params, query, services, today }) => {
      const { known, groupIds } = await services.db.transaction(actor.tenant, async (tx) => ({
        known: await findCustomer(tx, params.customerId),
        groupIds: query.group && (await idsOfGroup(tx, params.customerId, query.group, today)),
      }));
      if (!known) return refuse("not_found");
      const cursor = readCursor(query.cursor, [Id]);
      if (isRefused(cursor)) return cursor;
      const found = await readTimeline(
        services,
        actor,
        { type: "customer", id: known.id, groupIds },
        { limit: query.limit + 1, before: cursor?.[0], rooms: query.rooms, text: query.text },
      );
      return done(cutPage(found, query.limit, (entry) => [entry.id]));
    },
  }),
];

const contactRoutes: Route[] = [
  route({
    method: "GET",
    path: "/customers/:customerId/contacts",
    operationId: "listContacts",
    tag,
    permission: "contacts.read",
    summary: "Contacts of a customer",
    params: customerParams,
    reply: ContactList,
    handle: async ({ actor, params, services }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const customer = await findCustomer(tx, params.customerId);
        return customer ? done({ rows: await contactsOf(tx, customer.id) }) : refuse("not_found");
      }),
  }),
  route({
    method: "POST",
    path: "/customers/:customerId/contacts",
    operationId: "addContact",
    tag,
    permission: "contacts.write",
    status: 201,
    summary: "Add a contact",
    params: customerParams,
    body: ContactWrite,
    reply: Contact,
    handle: async ({ actor, params, body, services, today }) =>
      versioned(await addContact(services, actor, params.customerId, body, today)),
  }),
  route({
    method: "PUT",
    path: "/contacts/:contactId",
    operationId: "changeContact",
    tag,
    permission: "contacts.write",
    summary: "Change a contact; loads leave it alone afterwards",
    params: contactParams,
    body: ContactWrite,
    reply: Contact,
    handle: async ({ actor, params, body, ifMatch, services }) =>
      versioned(await changeContact(services, actor, params.contactId, body, ifMatch)),
  }),
  route({
    method: "DELETE",
    path: "/contacts/:contactId",
    operationId: "removeContact",
    tag,
    permission: "contacts.write",
    summary: "Remove a contact (undone by bringing it back)",
    params: contactParams,
    reply: Empty,
    handle: ({ actor, params, services, today }) => removeContact(services, actor, params.contactId, today),
  }),
  route({
    method: "POST",
    path: "/contacts/:contactId/bring-back",
    operationId: "bringBackContact",
    tag,
    permission: "contacts.write",
    summary: "Bring back a removed contact",
    params: contactParams,
    reply: Contact,
    handle: async ({ actor, params, services }) => versioned(await bringBackContact(services, actor, params.contactId)),
  }),
];

type NotePorts = { readonly itemExists: ItemExists; readonly tellMentioned: TellMentioned };

/** Notes with the names of who wrote them. */
async function signed<N extends { readonly authorId: string }>(services: Services, actor: Actor, notes: readonly N[]) {
  const names = await services.db.global((tx) => userNames(tx, actor.tenant));
  return notes.map((note) => ({ ...note, authorName: names.get(note.authorId) ?? note.authorId }));
}

async function signedOne(services: Services, actor: Actor, result: Result<NoteRow>) {
  if (!result.ok) return result;
  const [note] = await signed(services, actor, [result.value]);
  if (!note) throw new Error("a note lost its author");
  return versioned(done(note));
}

function noteRoutes(ports: NotePorts): Route[] {
  const notes = noteActions(ports.itemExists, ports.tellMentioned);
  return [
    route({
      method: "GET",
      path: "/notes",
      operationId: "listNotes",
      tag,
      permission: "customers.read",
      summary: "Notes of a customer or an item, pinned first",
      query: z.object({ subjectType: NoteSubject, subjectId: Id }),
      reply: NoteList,
      handle: async ({ actor, query, services }) => {
        const rows = await services.db.transaction(actor.tenant, (tx) =>
          notesOf(tx, query.subjectType, query.subjectId),
        );
        return done({ rows: await signed(services, actor, rows) });
      },
    }),
    route({
      method: "POST",
      path: "/notes",
      operationId: "addNote",
      tag,
      permission: "notes.write",
      status: 201,
      summary: "Write a note on a customer or an item",
      body: NoteWrite,
      reply: Note,
      handle: async ({ actor, body, services }) => signedOne(services, actor, await notes.add(services, actor, body)),
    }),
    route({
      method: "PUT",
      path: "/notes/:noteId",
      operationId: "changeNote",
      tag,
      permission: "notes.write",
      summary: "Change or pin a note",
      params: noteParams,
      body: NoteChange,
      reply: Note,
      handle: async ({ actor, params, body, ifMatch, services }) =>
        signedOne(services, actor, await notes.change(services, actor, params.noteId, body, ifMatch)),
    }),
    route({
      method: "DELETE",
      path: "/notes/:noteId",
      operationId: "removeNote",
      tag,
      permission: "notes.write",
      summary: "Remove a note (undone by bringing it back)",
      params: noteParams,
      reply: Empty,
      handle: ({ actor, params, services }) => notes.setRemoved(services, actor, params.noteId, true),
    }),
    route({
      method: "POST",
      path: "/notes/:noteId/bring-back",
      operationId: "bringBackNote",
      tag,
      permission: "notes.write",
      summary: "Bring back a removed note",
      params: noteParams,
      reply: Empty,
      handle: ({ actor, params, services }) => notes.setRemoved(services, actor, params.noteId, false),
    }),
  ];
}

/** Companies, customers, contacts, notes. */
export const partiesRoutes = (ports: NotePorts, portfolios: PortfolioPorts): Route[] => [
  ...companyRoutes,
  ...customerRoutes,
  ...contactRoutes,
  ...noteRoutes(ports),
  ...profileOperations,
  ...portfolioRoutes(portfolios),
];
