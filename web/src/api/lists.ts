import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { ListPage } from "#contracts/lists.ts";
import type { View, ViewedList } from "#contracts/views.ts";
import { api, type QueryValue } from "./client.ts";

export type ListName = "customers" | "accounts";
export type ListParams = Readonly<Record<string, QueryValue>>;

export const listQuery = (list: ListName, params: ListParams) =>
  infiniteQueryOptions({
    queryKey: [list, "list", params],
    queryFn: ({ signal, pageParam }) =>
      api.get<ListPage>(`/lists/${list}`, { ...params, limit: 200, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });

export const viewsKey = (list: ViewedList) => ["views", list];
export const viewsQuery = (list: ViewedList) =>
  queryOptions({
    queryKey: viewsKey(list),
    queryFn: ({ signal }) => api.get<{ rows: View[] }>("/views", { list }, signal),
    staleTime: 60_000,
  });
