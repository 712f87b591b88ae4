import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type * as profile from "#contracts/customer-profile.ts";
import { api } from "./client.ts";

type Of<Schema extends z.ZodType> = z.infer<Schema>;
export type DuplicateList = Of<typeof profile.DuplicateList>;

export const profileQuery = (customerId: string) =>
  queryOptions({
    queryKey: ["customers", customerId, "profile"],
    queryFn: ({ signal }) => api.get<profile.CustomerProfile>(`/customers/${customerId}/profile`, undefined, signal),
  });

export const groupQuery = (customerId: string, kind: profile.RelationKind) =>
  queryOptions({
    queryKey: ["customers", customerId, "group", kind],
    queryFn: ({ signal }) => api.get<profile.CustomerGroup>(`/customers/${customerId}/group`, { kind }, signal),
  });

export const duplicatesQuery = queryOptions({
  queryKey: ["customers", "duplicates"],
  queryFn: ({ signal }) => api.get<DuplicateList>("/duplicates", undefined, signal),
});

export const customFieldsQuery = queryOptions({
  queryKey: ["customFields"],
  queryFn: ({ signal }) => api.get<Of<typeof profile.CustomFieldList>>("/custom-fields", undefined, signal),
});

type Merged = Of<typeof profile.Merged>;

export const actions = {
  addFlag: (customerId: string, body: Of<typeof profile.FlagWrite>) =>
    api.post<{ id: string }>(`/customers/${customerId}/flags`, body),
  endFlag: (flagId: string) => api.delete(`/flags/${flagId}`),
  bringBackFlag: (flagId: string) => api.post(`/flags/${flagId}/bring-back`),
  changeFields: (customerId: string, values: Readonly<Record<string, profile.CustomFieldValue>>) =>
    api.put(`/customers/${customerId}/fields`, { values }),
  relate: (customerId: string, body: Of<typeof profile.RelationWrite>) =>
    api.post<{ id: string }>(`/customers/${customerId}/relations`, body),
  unrelate: (relationId: string) => api.delete(`/relations/${relationId}`),
  merge: (keptId: string, mergedId: string) => api.post<Merged>(`/customers/${keptId}/merge`, { mergedId }),
  undoMerge: (mergeId: string) => api.post<Merged>(`/merges/${mergeId}/undo`),
  denyDuplicate: (leftId: string, rightId: string) => api.post("/duplicates/denied", { leftId, rightId }),
  reopenDuplicate: (leftId: string, rightId: string) => api.post("/duplicates/reopened", { leftId, rightId }),
  addField: (body: profile.CustomFieldWrite) => api.post<profile.CustomField>("/custom-fields", body),
  changeField: (field: profile.CustomField, body: profile.CustomFieldWrite) =>
    api.put<profile.CustomField>(`/custom-fields/${field.id}`, body, { ifMatch: field.version }),
};
