import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type * as dunning from "#contracts/dunning.ts";
import { api } from "./client.ts";

type Of<Schema extends z.ZodType> = z.infer<Schema>;
export type RunList = Of<typeof dunning.runList>;
export type DecisionList = Of<typeof dunning.decisionList>;
export type Preview = Of<typeof dunning.previewRunAnswer>;
export type CustomerDunning = Of<typeof dunning.customerDunning>;
export type ScenarioList = Of<typeof dunning.scenarioList>;
export type Bucket = Of<typeof dunning.bucket>;

export const runsQuery = () =>
  queryOptions({ queryKey: ["runs", "list"], queryFn: ({ signal }) => api.get<RunList>("/runs", undefined, signal) });

/** `live`: messages of it are still on their way, so it is read again every two seconds. */
export const runQuery = (runId: string, live: boolean) =>
  queryOptions({
    queryKey: ["runs", "one", runId],
    queryFn: ({ signal }) => api.get<dunning.RunSummary>(`/runs/${runId}`, undefined, signal),
    refetchInterval: live ? 2000 : false,
  });

export const decisionsQuery = (runId: string, bucket: Bucket, code?: string) =>
  infiniteQueryOptions({
    queryKey: ["runs", "decisions", runId, bucket, code ?? ""],
    queryFn: ({ signal, pageParam }) =>
      api.get<DecisionList>(`/runs/${runId}/decisions`, { bucket, code, limit: 200, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const decisionQuery = (runId: string, decisionId: string) =>
  queryOptions({
    queryKey: ["runs", "decision", runId, decisionId],
    queryFn: ({ signal }) =>
      api.get<dunning.DecisionDetail>(`/runs/${runId}/decisions/${decisionId}`, undefined, signal),
  });

export const scenariosQuery = () =>
  queryOptions({
    queryKey: ["scenarios", "list"],
    queryFn: ({ signal }) => api.get<ScenarioList>("/scenarios", undefined, signal),
  });

export const scenarioQuery = (scenarioId: string) =>
  queryOptions({
    queryKey: ["scenarios", "one", scenarioId],
    queryFn: ({ signal }) => api.get<dunning.ScenarioDetail>(`/scenarios/${scenarioId}`, undefined, signal),
  });

export const customerDunningQuery = (customerId: string) =>
  queryOptions({
    queryKey: ["customers", customerId, "dunning"],
    queryFn: ({ signal }) => api.get<CustomerDunning>(`/customers/${customerId}/dunning`, undefined, signal),
  });

export const actions = {
  plan: (body: Of<typeof dunning.planRunBody>) => api.post<dunning.RunSummary>("/runs", body),
  include: (runId: string, decisionIds: string[]) => api.post(`/runs/${runId}/include`, { decisionIds }),
  exclude: (runId: string, decisionIds: string[], reason?: string) =>
    api.post(`/runs/${runId}/exclude`, { decisionIds, ...(reason ? { reason } : {}) }),
  excludeItem: (runId: string, decisionId: string, itemId: string, reason: string) =>
    api.post(`/runs/${runId}/decisions/${decisionId}/exclude-item`, { itemId, reason }),
  approve: (runId: string, expectedCount: number, key: string) =>
    api.post<Of<typeof dunning.runAnswer>>(`/runs/${runId}/approve`, { expectedCount }, { idempotencyKey: key }),
  undoApproval: (runId: string) => api.post<Of<typeof dunning.runAnswer>>(`/runs/${runId}/undo`, {}),
  sendNow: (runId: string) => api.post(`/runs/${runId}/send-now`, {}),
  discard: (runId: string) => api.post(`/runs/${runId}/discard`, {}),
  saveScenario: (scenarioId: string, version: number, body: Of<typeof dunning.saveScenarioBody>) =>
    api.put<dunning.ScenarioDetail>(`/scenarios/${scenarioId}`, body, { ifMatch: version }),
  preview: (body: Of<typeof dunning.previewRunBody>) => api.post<Preview>("/runs/preview", body),
  createStop: (body: Of<typeof dunning.createStopBody>) => api.post<dunning.StopRow>("/stops", body),
  liftStop: (stop: { stopId: string; version: number }, validTo?: string) =>
    api.post<dunning.StopRow>(`/stops/${stop.stopId}/lift`, validTo ? { validTo } : {}, { ifMatch: stop.version }),
};
