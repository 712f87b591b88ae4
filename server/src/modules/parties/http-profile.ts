import { z } from "zod";
import { Empty, Id } from "#contracts/common.ts";
import {
  CustomerGroup,
  CustomerProfile,
  CustomField,
  CustomFieldList,
  CustomFieldWrite,
  CustomValuesWrite,
  DuplicateList,
  FlagWrite,
  GroupQuery,
  Merged,
  MergeWrite,
  NotDuplicateWrite,
  RelationWrite,
} from "#contracts/customer-profile.ts";
import { done, refuse } from "#kernel/result.ts";
import { type Route, route, versioned } from "#platform/http/index.ts";
import { addCustomField, changeCustomField } from "./actions/manage-custom-fields.ts";
import { addFlag, changeValues, endFlag, readProfile, relate, unrelate } from "./actions/manage-profile.ts";
import { mergeCustomers, proposeDuplicates, sayNotDuplicate, undoMerge } from "./actions/merge-customers.ts";
import { readGroup } from "./actions/read-group.ts";
import { listCustomFields } from "./store/profile-store.ts";

const tag = "parties";
const write = "customers.write" as const;
const customerParams = z.object({ customerId: Id });
const MadeId = z.object({ id: Id });

const fieldRoutes: Route[] = [
  route({
    method: "GET",
    path: "/custom-fields",
    operationId: "listCustomFields",
    tag,
    permission: "customers.read",
    summary: "Free fields of customers",
    reply: CustomFieldList,
    handle: async ({ actor, services }) =>
      done({ rows: await services.db.transaction(actor.tenant, listCustomFields) }),
  }),
  route({
    method: "POST",
    path: "/custom-fields",
    operationId: "addCustomField",
    tag,
    permission: "settings.write",
    status: 201,
    summary: "Add a free field: it becomes a criterion and a column by being created",
    body: CustomFieldWrite,
    reply: CustomField,
    handle: async ({ actor, body, services }) => versioned(await addCustomField(services, actor, body)),
  }),
  route({
    method: "PUT",
    path: "/custom-fields/:customFieldId",
    operationId: "changeCustomField",
    tag,
    permission: "settings.write",
    summary: "Rename a free field, change its choices or put it out of use",
    params: z.object({ customFieldId: Id }),
    body: CustomFieldWrite,
    reply: CustomField,
    handle: async ({ actor, params, body, ifMatch, services }) =>
      versioned(await changeCustomField(services, actor, params.customFieldId, body, ifMatch)),
  }),
];

const profileRoutes: Route[] = [
  route({
    method: "GET",
    path: "/customers/:customerId/profile",
    operationId: "getCustomerProfile",
    tag,
    permission: "customers.read",
    summary: "Free fields, flags, group, payer and merged customers of a customer",
    params: customerParams,
    reply: CustomerProfile,
    handle: async ({ actor, params, services, today }) => {
      const profile = await readProfile(services, actor, params.customerId, today);
      return profile ? done(profile) : refuse("not_found");
    },
  }),
  route({
    method: "GET",
    path: "/customers/:customerId/group",
    operationId: "getCustomerGroup",
    tag,
    permission: "customers.read",
    summary: "The whole group of a customer, its buying group, or all its payer pays for",
    params: customerParams,
    query: GroupQuery,
    reply: CustomerGroup,
    handle: async ({ actor, params, query, services, today }) => {
      const group = await services.db.transaction(actor.tenant, (tx) =>
        readGroup(tx, params.customerId, query.kind, today),
      );
      return group ? done(group) : refuse("not_found");
    },
  }),
  route({
    method: "PUT",
    path: "/customers/:customerId/fields",
    operationId: "changeCustomerFields",
    tag,
    permission: write,
    summary: "Give free fields of a customer a value from today on",
    params: customerParams,
    body: CustomValuesWrite,
    reply: Empty,
    handle: ({ actor, params, body, services, today }) =>
      changeValues(services, actor, params.customerId, body.values, today),
  }),
  route({
    method: "POST",
    path: "/customers/:customerId/flags",
    operationId: "addFlag",
    tag,
    permission: write,
    status: 201,
    summary: "Make a customer stand out, with the reason",
    params: customerParams,
    body: FlagWrite,
    reply: MadeId,
    handle: ({ actor, params, body, services, today }) => addFlag(services, actor, params.customerId, body, today),
  }),
  route({
    method: "DELETE",
    path: "/flags/:flagId",
    operationId: "endFlag",
    tag,
    permission: write,
    summary: "End a flag",
    params: z.object({ flagId: Id }),
    reply: Empty,
    handle: ({ actor, params, services, today }) => endFlag(services, actor, params.flagId, today),
  }),
  route({
    method: "POST",
    path: "/flags/:flagId/bring-back",
    operationId: "bringBackFlag",
    tag,
    permission: write,
    summary: "Bring back a flag that was ended",
    params: z.object({ flagId: Id }),
    reply: Empty,
    handle: ({ actor, params, services }) => endFlag(services, actor, params.flagId, "infinity"),
  }),
  route({
    method: "POST",
    path: "/customers/:customerId/relations",
    operationId: "relateCustomer",
    tag,
    permission: write,
    status: 201,
    summary: "Tie a customer to the head of its group, its buying group or its payer",
    params: customerParams,
    body: RelationWrite,
    reply: MadeId,
    handle: ({ actor, params, body, services, today }) => relate(services, actor, params.customerId, body, today),
  }),
  route({
    method: "DELETE",
    path: "/relations/:relationId",
    operationId: "endRelation",
    tag,
    permission: write,
    summary: "End a tie between customers",
    params: z.object({ relationId: Id }),
    reply: Empty,
    handle: ({ actor, params, services, today }) => unrelate(services, actor, params.relationId, today),
  }),
];

const mergeRoutes: Route[] = [
  route({
    method: "GET",
    path: "/duplicates",
    operationId: "listDuplicates",
    tag,
    permission: "customers.read",
    summary: "Pairs of customers that may be one, with the reasons, best first",
    reply: DuplicateList,
    handle: async ({ actor, services }) => done(await proposeDuplicates(services, actor)),
  }),
  route({
    method: "POST",
    path: "/duplicates/denied",
    operationId: "denyDuplicate",
    tag,
    permission: "customers.merge",
    summary: "Say that two customers are not the same: they are not proposed again",
    body: NotDuplicateWrite,
    reply: Empty,
    handle: ({ actor, body, services }) => sayNotDuplicate(services, actor, body, true),
  }),
  route({
    method: "POST",
    path: "/duplicates/reopened",
    operationId: "reopenDuplicate",
    tag,
    permission: "customers.merge",
    summary: "Take back that two customers are not the same",
    body: NotDuplicateWrite,
    reply: Empty,
    handle: ({ actor, body, services }) => sayNotDuplicate(services, actor, body, false),
  }),
  route({
    method: "POST",
    path: "/customers/:customerId/merge",
    operationId: "mergeCustomer",
    tag,
    permission: "customers.merge",
    status: 201,
    summary: "Merge another customer into this one; it stays as an alias and can be taken apart again",
    params: customerParams,
    body: MergeWrite,
    reply: Merged,
    handle: ({ actor, params, body, services, today }) =>
      mergeCustomers(services, actor, params.customerId, body, today),
  }),
  route({
    method: "POST",
    path: "/merges/:mergeId/undo",
    operationId: "undoMerge",
    tag,
    permission: "customers.merge",
    summary: "Take a merge of customers back",
    params: z.object({ mergeId: Id }),
    reply: Merged,
    handle: ({ actor, params, services, today }) => undoMerge(services, actor, params.mergeId, today),
  }),
];

export const profileOperations: Route[] = [...fieldRoutes, ...profileRoutes, ...mergeRoutes];
