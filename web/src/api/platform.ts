import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type * as documents from "#contracts/documents.ts";
import type * as dunning from "#contracts/dunning.ts";
import type * as platform from "#contracts/platform.ts";
import type * as tasks from "#contracts/tasks.ts";
import { api, type QueryValue } from "./client.ts";

type Of<Schema extends z.ZodType> = z.infer<Schema>;
export type TaskPage = Of<typeof tasks.TaskPage>;
export type DocumentList = Of<typeof documents.DocumentList>;
export type DocumentSubject = Of<typeof documents.DocumentSubject>;
export type RateList = Of<typeof platform.RateList>;
export type JobRunList = Of<typeof platform.JobRunList>;
export type DeadLetterList = Of<typeof platform.DeadLetterList>;
export type JournalState = Of<typeof platform.JournalState>;
export type JournalVerdict = Of<typeof platform.JournalVerdict>;
export type AgeingBuckets = Of<typeof platform.AgeingBucketsRead>;
export type SendingSettings = Of<typeof dunning.sendingSettingsDetail>;
export type Organisation = Of<typeof platform.Organisation>;
export type OrganisationRead = Of<typeof platform.OrganisationRead>;

export const tasksQuery = (query: Readonly<Record<string, QueryValue>>) =>
  queryOptions({
    queryKey: ["tasks", query],
    queryFn: ({ signal }) => api.get<TaskPage>("/tasks", { limit: 200, ...query }, signal),
  });

export const documentsQuery = (subjectType: DocumentSubject, subjectId: string) =>
  queryOptions({
    queryKey: ["documents", subjectType, subjectId],
    queryFn: ({ signal }) => api.get<DocumentList>("/documents", { subjectType, subjectId }, signal),
  });

/** A plain read, asked again when `key` is refreshed. */
export const readQuery = <T>(key: string, path: string) =>
  queryOptions({ queryKey: [key], queryFn: ({ signal }) => api.get<T>(path, undefined, signal) });

export const actions = {
  addTask: (body: Partial<tasks.TaskWrite> & { title: string }) => api.post<tasks.Task>("/tasks", body),
  changeTask: (task: tasks.Task, body: tasks.TaskWrite) =>
    api.put<tasks.Task>(`/tasks/${task.id}`, body, { ifMatch: task.version }),
  setTaskState: (taskId: string, version: number, state: "done" | "withdrawn" | "open") =>
    api.put<tasks.Task>(`/tasks/${taskId}/state`, { state }, { ifMatch: version }),
  attach: (subjectType: DocumentSubject, subjectId: string, file: File) => {
    const form = new FormData();
    form.append("file", file, file.name);
    return api.send<documents.Document>("POST", "/documents", form, { query: { subjectType, subjectId } });
  },
  removeDocument: (documentId: string) => api.delete(`/documents/${documentId}`),
  bringBackDocument: (documentId: string) => api.post(`/documents/${documentId}/bring-back`),
  importRates: (file: File) => {
    const form = new FormData();
    form.append("file", file, file.name);
    return api.send<Of<typeof platform.RatesSaved>>("POST", "/rates", form);
  },
  resolveDeadLetter: (id: string, resolution: "retried" | "dropped") =>
    api.post(`/jobs/dead-letters/${id}/resolve`, { resolution }),
  verifyJournal: () => api.post<JournalVerdict>("/journal/verify"),
  saveBuckets: (version: number, lastDays: readonly number[]) =>
    api.put<AgeingBuckets>("/settings/ageing-buckets", { lastDays }, { ifMatch: version }),
  saveSending: (version: number, body: { approveAutomatic: boolean; freshHours: number }) =>
    api.put<SendingSettings>("/settings/sending", body, { ifMatch: version }),
  saveOrganisation: (version: number, body: Organisation) =>
    api.put<OrganisationRead>("/organisation", body, { ifMatch: version }),
};
