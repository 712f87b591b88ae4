import { z } from "zod";
import { Id } from "#contracts/common.ts";
import { messageAnswer, renderedMessage } from "#contracts/correspondence.ts";
import { StatementMailWrite } from "#contracts/statement-mail.ts";
import { type Route, route } from "#platform/http/index.ts";
import { previewStatement, sendStatement } from "./actions/send-statement.ts";

const common = {
  method: "POST",
  tag: "dunning",
  permission: "messages.send",
  params: z.object({ customerId: Id }),
  body: StatementMailWrite,
} as const;

/** The statement of account as a mail. */
export const statementRoutes: Route[] = [
  route({
    ...common,
    path: "/customers/:customerId/statement/preview",
    operationId: "previewStatement",
    summary: "The statement of account as it would be mailed now",
    reply: renderedMessage,
    handle: ({ actor, params, body, services, today }) =>
      previewStatement(services, actor, params.customerId, body, today),
  }),
  route({
    ...common,
    path: "/customers/:customerId/statement/send",
    operationId: "sendStatement",
    status: 201,
    summary: "Mail the statement of account: held, then sent with its proof; one per Idempotency-Key",
    reply: messageAnswer,
    handle: ({ actor, params, body, idempotencyKey, services, today }) =>
      sendStatement(services, actor, params.customerId, body, idempotencyKey, today),
  }),
];
