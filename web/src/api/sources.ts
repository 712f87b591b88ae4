import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type * as access from "#contracts/access.ts";
import type * as sources from "#contracts/sources.ts";
import { api } from "./client.ts";

type Of<Schema extends z.ZodType> = z.infer<Schema>;
export type ConnectorInfo = Of<typeof sources.ConnectorInfo>;
export type NewSource = Of<typeof sources.NewSource>;
export type SourceTrialResult = Of<typeof sources.SourceTrialResult>;
export type SyncRunPage = Of<typeof sources.SyncRunPage>;
export type SourceList = Of<typeof sources.SourceList>;

/** A run that a worker has or waits for. */
export const isUnderWay = (state: sources.SyncRunRow["state"] | undefined): boolean =>
  state === "queued" || state === "running";

export const connectorsQuery = () =>
  queryOptions({
    queryKey: ["connectors"],
    queryFn: ({ signal }) => api.get<Of<typeof sources.ConnectorList>>("/connectors", undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const sourcesQuery = () =>
  queryOptions({
    queryKey: ["sources", "list"],
    queryFn: ({ signal }) => api.get<SourceList>("/sources", undefined, signal),
    refetchInterval: (query) => (query.state.data?.rows.some((one) => isUnderWay(one.lastRun?.state)) ? 1_500 : 60_000),
  });

export const sourceQuery = (sourceId: string) =>
  queryOptions({
    queryKey: ["sources", "one", sourceId],
    queryFn: ({ signal }) => api.get<sources.Source>(`/sources/${sourceId}`, undefined, signal),
    // others may start it: its calendar, a program that pushes
    refetchInterval: (query) => (isUnderWay(query.state.data?.lastRun?.state) ? 1_500 : 5_000),
  });

export const syncRunsQuery = (sourceId: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["sources", "runs", sourceId ?? "all"],
    queryFn: ({ signal, pageParam }) =>
      api.get<SyncRunPage>("/sync/runs", { sourceId, limit: 50, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: (query) => (query.state.data?.pages[0]?.rows.some((run) => isUnderWay(run.state)) ? 1_500 : 5_000),
  });

export const syncRunQuery = (runId: string) =>
  queryOptions({
    queryKey: ["sources", "run", runId],
    queryFn: ({ signal }) => api.get<sources.SyncRun>(`/sync/runs/${runId}`, undefined, signal),
    refetchInterval: (query) => (isUnderWay(query.state.data?.state) ? 1_500 : false),
  });

export const actions = {
  create: (body: NewSource) => api.post<sources.Source>("/sources", body),
  change: (sourceId: string, version: number, body: sources.SourceWrite) =>
    api.put<sources.Source>(`/sources/${sourceId}`, body, { ifMatch: version }),
  remove: (sourceId: string) => api.delete(`/sources/${sourceId}`),
  tryIt: (body: Of<typeof sources.SourceTrial>) => api.post<SourceTrialResult>("/sources/try", body),
  run: (sourceId: string) => api.post<sources.SyncRun>(`/sources/${sourceId}/runs`),
  makeOfRecord: (sourceId: string, companyId: string) =>
    api.post<sources.Source>(`/sources/${sourceId}/companies/${companyId}/of-record`),
  makeKey: (sourceId: string, body: Of<typeof sources.PushKeyWrite>) =>
    api.post<Of<typeof access.ApiKeyMade>>(`/sources/${sourceId}/keys`, body),
};
