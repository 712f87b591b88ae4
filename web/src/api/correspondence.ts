import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type * as mail from "#contracts/correspondence.ts";
import type { StatementMailWrite } from "#contracts/statement-mail.ts";
import { api } from "./client.ts";

type Of<Schema extends z.ZodType> = z.infer<Schema>;
export type MessageList = Of<typeof mail.messageList>;
export type TemplateList = Of<typeof mail.templateList>;
export type SmtpBody = Of<typeof mail.saveSmtpBody>;
export type TestAnswer = Of<typeof mail.testSmtpAnswer>;
export type Resolution = Of<typeof mail.resolveBody>["resolution"];

export type MessageFilter = {
  readonly customerId?: string;
  readonly runId?: string;
  readonly itemId?: string;
  readonly state?: string | readonly string[];
  readonly sandbox?: string;
};

export const messagesQuery = (filter: MessageFilter) =>
  infiniteQueryOptions({
    queryKey: ["messages", "list", filter],
    queryFn: ({ signal, pageParam }) =>
      api.get<MessageList>("/messages", { ...filter, limit: 100, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    // what is on its way changes by itself
    refetchInterval: 5000,
  });

export const messageQuery = (messageId: string) =>
  queryOptions({
    queryKey: ["messages", "one", messageId],
    queryFn: ({ signal }) => api.get<mail.MessageDetail>(`/messages/${messageId}`, undefined, signal),
  });

export const templatesQuery = () =>
  queryOptions({
    queryKey: ["templates", "list"],
    queryFn: ({ signal }) => api.get<TemplateList>("/templates", undefined, signal),
  });

export const templateQuery = (templateId: string) =>
  queryOptions({
    queryKey: ["templates", "one", templateId],
    queryFn: ({ signal }) => api.get<mail.TemplateDetail>(`/templates/${templateId}`, undefined, signal),
  });

export const mergeFieldsQuery = () =>
  queryOptions({
    queryKey: ["templates", "fields"],
    queryFn: ({ signal }) => api.get<{ rows: mail.MergeField[] }>("/merge-fields", undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const channelQuery = () =>
  queryOptions({
    queryKey: ["channels", "email"],
    queryFn: ({ signal }) => api.get<mail.EmailChannel>("/channels/email", undefined, signal),
  });

export const actions = {
  resolve: (messageId: string, resolution: Resolution) => api.post(`/messages/${messageId}/resolve`, { resolution }),
  withdraw: (messageId: string, reason: string) => api.post(`/messages/${messageId}/withdraw`, { reason }),
  write: (body: Of<typeof mail.writeMessageBody>, key: string) =>
    api.post<{ messageId: string }>("/messages", body, { idempotencyKey: key }),
  previewStatement: (customerId: string, body: StatementMailWrite) =>
    api.post<mail.RenderedMessage>(`/customers/${customerId}/statement/preview`, body),
  sendStatement: (customerId: string, body: StatementMailWrite, key: string) =>
    api.post<{ messageId: string }>(`/customers/${customerId}/statement/send`, body, { idempotencyKey: key }),
  saveTemplate: (templateId: string, version: number, body: Of<typeof mail.saveTemplateBody>) =>
    api.put<mail.TemplateDetail>(`/templates/${templateId}`, body, { ifMatch: version }),
  createTemplate: (body: Of<typeof mail.createTemplateBody>) => api.post<mail.TemplateDetail>("/templates", body),
  previewTemplate: (body: Record<string, unknown>) => api.post<mail.RenderedMessage>("/templates/preview", body),
  saveSmtp: (version: number, body: SmtpBody) =>
    api.put<mail.EmailChannel>("/channels/email", body, { ifMatch: version }),
  testSmtp: (to: string) => api.post<TestAnswer>("/channels/email/test", to ? { to } : {}),
  arm: (version: number, expectedWaiting: number) =>
    api.post<mail.EmailChannel>("/channels/email/arm", { expectedWaiting }, { ifMatch: version }),
  disarm: (version: number) => api.post<mail.EmailChannel>("/channels/email/disarm", {}, { ifMatch: version }),
};
