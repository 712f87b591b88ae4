import { z } from "zod";
import { Empty, Id } from "#contracts/common.ts";
import {
  armBody,
  createTemplateBody,
  type EmailChannel,
  emailChannel,
  mergeFieldList,
  messageAnswer,
  messageDetail,
  messageList,
  messageListQuery,
  rawMessage,
  resolveBody,
  saveSmtpBody,
  saveTemplateBody,
  templateDetail,
  templateList,
  testSmtpAnswer,
  testSmtpBody,
  withdrawBody,
  writeMessageBody,
} from "#contracts/correspondence.ts";
import { done, refuse } from "#kernel/result.ts";
import type { Tx } from "#platform/database/index.ts";
import {
  asFile,
  cutPage,
  EXACT_TOTAL,
  isRefused,
  type Route,
  readCursor,
  route,
  totalOf,
  withEtag,
} from "#platform/http/index.ts";
import {
  armEmail,
  type ChannelView,
  disarmEmail,
  saveSmtp,
  testSmtp,
  viewChannel,
} from "./actions/configure-channel.ts";
import { createTemplate, ensureShippedTemplates, saveTemplate } from "./actions/manage-templates.ts";
import { mergeFields } from "./actions/merge-fields.ts";
import { resolveMessage, withdrawMessage } from "./actions/resolve-message.ts";
import { writeMessage } from "./actions/write-message.ts";
import { asDetail, asRow } from "./message-view.ts";
import {
  archivedBytes,
  contentOfMessage,
  countMessages,
  findMessage,
  itemsOfMessage,
  listMessages,
  proofsOfMessage,
} from "./store/message-list.ts";
import { findTemplate, listTemplates, type TemplateRecord, templateVersions } from "./store/template-rows.ts";

const tag = "correspondence";
const messageParams = z.object({ messageId: Id });
const templateParams = z.object({ templateId: Id });

const templateView = (template: TemplateRecord) => ({
  templateId: template.templateId,
  key: template.key,
  name: template.name,
  level: template.level,
  versionNo: template.versionNo,
  languages: (["fr", "en"] as const).filter((language) => template.content[language] !== undefined),
  changedAt: template.changedAt,
});

const detailView = async (tx: Tx, template: TemplateRecord) =>
  withEtag(
    {
      ...templateView(template),
      version: template.version,
      content: template.content as z.input<typeof templateDetail>["content"],
      versions: await templateVersions(tx, template.templateId),
    },
    template.version,
  );

const templateRoutes: Route[] = [
  route({
    method: "GET",
    path: "/templates",
    operationId: "listTemplates",
    tag,
    permission: "templates.read",
    summary: "Templates of messages; a new tenant is given the shipped ones",
    reply: templateList,
    handle: async ({ actor, services }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        if ((await listTemplates(tx)).length === 0)
          await ensureShippedTemplates(tx, services.clock.now().toISOString());
        return done({ rows: (await listTemplates(tx)).map(templateView) });
      }),
  }),
  route({
    method: "POST",
    path: "/templates",
    operationId: "createTemplate",
    tag,
    permission: "templates.write",
    status: 201,
    summary: "Add a template",
    body: createTemplateBody,
    reply: templateDetail,
    handle: async ({ actor, body, services }) => {
      const made = await createTemplate(services, actor, body);
      return made.ok ? done(await services.db.transaction(actor.tenant, (tx) => detailView(tx, made.value))) : made;
    },
  }),
  route({
    method: "GET",
    path: "/templates/:templateId",
    operationId: "getTemplate",
    tag,
    permission: "templates.read",
    summary: "One template in all its languages",
    params: templateParams,
    reply: templateDetail,
    handle: async ({ actor, params, services }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const template = await findTemplate(tx, params.templateId);
        return template ? done(await detailView(tx, template)) : refuse("not_found");
      }),
  }),
  route({
    method: "PUT",
    path: "/templates/:templateId",
    operationId: "saveTemplate",
    tag,
    permission: "templates.write",
    summary: "Save a new version of a template",
    params: templateParams,
    body: saveTemplateBody,
    reply: templateDetail,
    handle: async ({ actor, params, body, ifMatch, services }) => {
      const saved = await saveTemplate(services, actor, params.templateId, body, ifMatch);
      return saved.ok ? done(await services.db.transaction(actor.tenant, (tx) => detailView(tx, saved.value))) : saved;
    },
  }),
  route({
    method: "GET",
    path: "/merge-fields",
    operationId: "listMergeFields",
    tag,
    permission: "templates.read",
    summary: "Fields that a template may hold",
    reply: mergeFieldList,
    handle: async ({ actor, services }) => {
      const fields = await services.db.transaction(actor.tenant, mergeFields);
      return done({ rows: fields.map(({ isOptional: _, ...field }) => field) });
    },
  }),
];

const messageRoutes: Route[] = [
  route({
    method: "GET",
    path: "/messages",
    operationId: "listMessages",
    tag,
    permission: "messages.read",
    summary: "Messages, newest first; `sandbox=true` is the sandbox viewer, `state=in_doubt` the list of doubts",
    query: messageListQuery,
    reply: messageList,
    handle: async ({ actor, query, services }) => {
      const cursor = readCursor(query.cursor, [Id]);
      if (isRefused(cursor)) return cursor;
      const { customerId, runId, itemId, state: states } = query;
      const sandbox = query.sandbox === undefined ? undefined : query.sandbox === "true";
      const filter = { customerId, runId, itemId, states, sandbox };
      return services.db.transaction(actor.tenant, async (tx) => {
        const found = await listMessages(tx, filter, cursor?.[0], query.limit + 1);
        const { rows, next } = cutPage(found, query.limit, (message) => [message.messageId]);
        return done({ rows: rows.map(asRow), next, total: totalOf(await countMessages(tx, filter, EXACT_TOTAL)) });
      });
    },
  }),
  route({
    method: "POST",
    path: "/messages",
    operationId: "writeMessage",
    tag,
    permission: "messages.send",
    status: 201,
    summary: "Write a message to a customer; one per Idempotency-Key",
    body: writeMessageBody,
    reply: messageAnswer,
    handle: ({ actor, body, idempotencyKey, services, today }) =>
      writeMessage(services, actor, body, idempotencyKey, today),
  }),
  route({
    method: "GET",
    path: "/messages/:messageId",
    operationId: "getMessage",
    tag,
    permission: "messages.read",
    summary: "One message as it was written, with its proof",
    params: messageParams,
    reply: messageDetail,
    handle: async ({ actor, params, services }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const message = await findMessage(tx, params.messageId);
        if (!message) return refuse("not_found");
        const rendered = await contentOfMessage(tx, message.messageId, message.rendition);
        const items = await itemsOfMessage(tx, message.messageId, message.rendition);
        const proofs = await proofsOfMessage(tx, message.messageId);
        return done(withEtag(asDetail(message, rendered ?? null, items, proofs), message.version));
      }),
  }),
  route({
    method: "GET",
    path: "/messages/:messageId/source",
    operationId: "getMessageSource",
    tag,
    permission: "messages.read",
    summary: "The very bytes of a message that left or that the sandbox caught",
    params: messageParams,
    reply: rawMessage,
    handle: async ({ actor, params, services }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const archived = await archivedBytes(tx, params.messageId);
        if (!archived) return refuse("not_found");
        return done({ messageId: params.messageId, sha256: archived.sha256, raw: archived.raw.toString("latin1") });
      }),
  }),
  route({
    method: "GET",
    path: "/messages/:messageId/eml",
    operationId: "downloadMessage",
    tag,
    permission: "messages.read",
    summary: "The message as a file that mail programs open",
    params: messageParams,
    file: true,
    handle: async ({ actor, params, services }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const archived = await archivedBytes(tx, params.messageId);
        return archived ? done(asFile(archived.raw, "message/rfc822", `${params.messageId}.eml`)) : refuse("not_found");
      }),
  }),
  route({
    method: "POST",
    path: "/messages/:messageId/resolve",
    operationId: "resolveMessage",
    tag,
    permission: "messages.resolve",
    summary: "Say what became of a message in doubt, or send a refused one again",
    params: messageParams,
    body: resolveBody,
    reply: messageAnswer,
    handle: ({ actor, params, body, services, today }) =>
      resolveMessage(services, actor, params.messageId, body.resolution, today),
  }),
  route({
    method: "POST",
    path: "/messages/:messageId/withdraw",
    operationId: "withdrawMessage",
    tag,
    permission: "messages.send",
    summary: "Take a message back before it leaves",
    params: messageParams,
    body: withdrawBody,
    reply: messageAnswer,
    handle: ({ actor, params, body, services }) => withdrawMessage(services, actor, params.messageId, body.reason),
  }),
];

function channelView({ channel, waiting }: ChannelView) {
  const view: EmailChannel = {
    version: channel.version,
    armed: channel.armedAt !== null,
    armedAt: channel.armedAt,
    armedBy: channel.armedBy,
    disarmedReason: channel.disarmedReason,
    hasPassword: channel.sealedPassword !== null,
    settings: channel.settings,
    holdMinutes: channel.holdMinutes,
    lastTest: channel.lastTest,
    waiting: { ...waiting, pausedUntil: channel.pausedUntil, pausedFor: channel.pausedFor },
  };
  return withEtag(view, channel.version);
}

const channelRoutes: Route[] = [
  route({
    method: "GET",
    path: "/channels/email",
    operationId: "getEmailChannel",
    tag,
    permission: "channels.read",
    summary: "The mail server, whether messages really leave, and what waits",
    reply: emailChannel,
    handle: async ({ actor, services }) => done(channelView(await services.db.transaction(actor.tenant, viewChannel))),
  }),
  route({
    method: "PUT",
    path: "/channels/email",
    operationId: "saveEmailChannel",
    tag,
    permission: "channels.write",
    summary: "Set the mail server; If-Match 0 when none is set yet",
    body: saveSmtpBody,
    reply: emailChannel,
    handle: async ({ actor, body, ifMatch, services }) => {
      const { password, holdMinutes, ...settings } = body;
      const saved = await saveSmtp(services, actor, { settings, password, holdMinutes }, ifMatch);
      return saved.ok ? done(channelView(saved.value)) : saved;
    },
  }),
  route({
    method: "POST",
    path: "/channels/email/test",
    operationId: "testEmailChannel",
    tag,
    permission: "channels.write",
    summary: "Connect to the mail server, and send a test message if an address is given",
    body: testSmtpBody,
    reply: testSmtpAnswer,
    handle: ({ actor, body, services }) => testSmtp(services, actor, body.to),
  }),
  route({
    method: "POST",
    path: "/channels/email/arm",
    operationId: "armEmailChannel",
    tag,
    permission: "channels.write",
    summary: "Let messages really leave",
    body: armBody,
    reply: emailChannel,
    handle: async ({ actor, body, ifMatch, services }) => {
      const armed = await armEmail(services, actor, body.expectedWaiting, ifMatch);
      return armed.ok ? done(channelView(armed.value)) : armed;
    },
  }),
  route({
    method: "POST",
    path: "/channels/email/disarm",
    operationId: "disarmEmailChannel",
    tag,
    permission: "channels.write",
    summary: "Stop all messages at once",
    body: Empty,
    reply: emailChannel,
    handle: async ({ actor, ifMatch, services }) => {
      const disarmed = await disarmEmail(services, actor, ifMatch);
      return disarmed.ok ? done(channelView(disarmed.value)) : disarmed;
    },
  }),
];

export const correspondenceRoutes: Route[] = [...templateRoutes, ...messageRoutes, ...channelRoutes];
