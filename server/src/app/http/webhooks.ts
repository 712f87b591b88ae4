import { z } from "zod";
import { Empty, Id } from "#contracts/common.ts";
import {
  Webhook,
  WebhookDeliveryDetail,
  WebhookDeliveryPage,
  WebhookDeliveryQuery,
  WebhookList,
  WebhookMade,
  WebhookReplayed,
  WebhookSecret,
  WebhookTested,
  WebhookWrite,
} from "#contracts/webhooks.ts";
import { done, refuse } from "#kernel/result.ts";
import { cutPage, isRefused, type Route, readCursor, route, withEtag } from "#platform/http/index.ts";
import {
  addEndpoint,
  attemptsOf,
  changeEndpoint,
  type EndpointRow,
  findDelivery,
  findEndpoint,
  listDeliveries,
  listEndpoints,
  removeEndpoint,
  replayDeliveries,
  rotateSecret,
  testEndpoint,
} from "#platform/webhooks/index.ts";

const tag = "webhooks";
const webhookParams = z.object({ webhookId: Id });
const deliveryParams = z.object({ deliveryId: Id });

const view = ({ secret: _secret, previousSecret: _previous, afterBlock: _after, ...endpoint }: EndpointRow) => endpoint;

/** Outgoing webhooks with their delivery log. */
export const webhookRoutes: Route[] = [
  route({
    method: "GET",
    path: "/webhooks",
    operationId: "listWebhooks",
    tag,
    permission: "webhooks.read",
    summary: "Endpoints that are told what happens",
    reply: WebhookList,
    handle: async ({ actor, services }) =>
      done({ rows: (await services.db.transaction(actor.tenant, (tx) => listEndpoints(tx))).map(view) }),
  }),
  route({
    method: "POST",
    path: "/webhooks",
    operationId: "addWebhook",
    tag,
    permission: "webhooks.write",
    status: 201,
    summary: "Add an endpoint; its secret is shown once",
    body: WebhookWrite,
    reply: WebhookMade,
    handle: async ({ actor, body, services }) => {
      const made = await addEndpoint(services, actor, body);
      return made.ok ? done({ webhook: view(made.value.endpoint), secret: made.value.secret }) : made;
    },
  }),
  route({
    method: "GET",
    path: "/webhooks/:webhookId",
    operationId: "getWebhook",
    tag,
    permission: "webhooks.read",
    summary: "One endpoint",
    params: webhookParams,
    reply: Webhook,
    handle: async ({ actor, params, services }) => {
      const found = await services.db.transaction(actor.tenant, (tx) => findEndpoint(tx, params.webhookId));
      return found ? done(withEtag(view(found), found.version)) : refuse("not_found");
    },
  }),
  route({
    method: "PUT",
    path: "/webhooks/:webhookId",
    operationId: "changeWebhook",
    tag,
    permission: "webhooks.write",
    summary: "Change an endpoint, or turn it off and on",
    params: webhookParams,
    body: WebhookWrite,
    reply: Webhook,
    handle: async ({ actor, params, body, ifMatch, services }) => {
      const changed = await changeEndpoint(services, actor, params.webhookId, body, ifMatch);
      return changed.ok ? done(withEtag(view(changed.value), changed.value.version)) : changed;
    },
  }),
  route({
    method: "DELETE",
    path: "/webhooks/:webhookId",
    operationId: "removeWebhook",
    tag,
    permission: "webhooks.write",
    summary: "Remove an endpoint",
    params: webhookParams,
    reply: Empty,
    handle: ({ actor, params, services }) => removeEndpoint(services, actor, params.webhookId),
  }),
  route({
    method: "POST",
    path: "/webhooks/:webhookId/secret",
    operationId: "changeWebhookSecret",
    tag,
    permission: "webhooks.write",
    summary: "Make a new secret; the one before signs along for a day",
    params: webhookParams,
    reply: WebhookSecret,
    handle: ({ actor, params, services }) => rotateSecret(services, actor, params.webhookId),
  }),
  route({
    method: "POST",
    path: "/webhooks/:webhookId/test",
    operationId: "testWebhook",
    tag,
    permission: "webhooks.write",
    status: 202,
    summary: "Send the endpoint an event of its own",
    params: webhookParams,
    reply: WebhookTested,
    handle: ({ actor, params, services }) => testEndpoint(services, actor, params.webhookId),
  }),
  route({
    method: "GET",
    path: "/webhooks/:webhookId/deliveries",
    operationId: "listWebhookDeliveries",
    tag,
    permission: "webhooks.read",
    summary: "What was sent to an endpoint, newest first",
    params: webhookParams,
    query: WebhookDeliveryQuery,
    reply: WebhookDeliveryPage,
    handle: async ({ actor, params, query, services }) => {
      const before = readCursor(query.cursor, [Id]);
      if (isRefused(before)) return before;
      return services.db.transaction(actor.tenant, async (tx) => {
        if (!(await findEndpoint(tx, params.webhookId))) return refuse("not_found");
        const page = { state: query.state, limit: query.limit + 1, before: before?.[0] };
        const found = await listDeliveries(tx, params.webhookId, page);
        return done(cutPage(found, query.limit, (one) => [one.id]));
      });
    },
  }),
  route({
    method: "POST",
    path: "/webhooks/:webhookId/replay",
    operationId: "replayWebhook",
    tag,
    permission: "webhooks.write",
    summary: "Send again everything that was given up",
    params: webhookParams,
    reply: WebhookReplayed,
    handle: ({ actor, params, services }) => replayDeliveries(services, actor, { endpointId: params.webhookId }),
  }),
  route({
    method: "GET",
    path: "/webhook-deliveries/:deliveryId",
    operationId: "getWebhookDelivery",
    tag,
    permission: "webhooks.read",
    summary: "One delivery with its attempts",
    params: deliveryParams,
    reply: WebhookDeliveryDetail,
    handle: async ({ actor, params, services }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const found = await findDelivery(tx, params.deliveryId);
        if (!found) return refuse("not_found");
        const { endpointId: _endpoint, ...delivery } = found;
        return done({ ...delivery, log: await attemptsOf(tx, delivery.id) });
      }),
  }),
  route({
    method: "POST",
    path: "/webhook-deliveries/:deliveryId/replay",
    operationId: "replayWebhookDelivery",
    tag,
    permission: "webhooks.write",
    summary: "Send one delivery again, at once",
    params: deliveryParams,
    reply: WebhookReplayed,
    handle: ({ actor, params, services }) => replayDeliveries(services, actor, { deliveryId: params.deliveryId }),
  }),
];
