import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type * as credit from "#contracts/credit.ts";
import { api } from "./client.ts";

type Of<Schema extends z.ZodType> = z.infer<Schema>;

type Clocks = { readonly asOf?: string | undefined; readonly knownOn?: string | undefined };

export const offsetsQuery = (customerId: string, { asOf, knownOn }: Clocks = {}) =>
  queryOptions({
    queryKey: ["customers", customerId, "offsets", asOf ?? "", knownOn ?? ""],
    queryFn: ({ signal }) => api.get<credit.OffsetList>(`/customers/${customerId}/offsets`, { asOf, knownOn }, signal),
  });

export const suppliersQuery = (text: string) =>
  queryOptions({
    queryKey: ["suppliers", text],
    queryFn: ({ signal }) =>
      api.get<Of<typeof credit.SupplierAccountList>>("/supplier-accounts", { text: text || undefined }, signal),
  });

export const actions = {
  link: (customerId: string, body: Of<typeof credit.OffsetWrite>) =>
    api.post<{ id: string }>(`/customers/${customerId}/offsets`, body),
  change: (offsetId: string, body: Of<typeof credit.OffsetChange>) =>
    api.put<{ id: string }>(`/offsets/${offsetId}`, body),
  end: (offsetId: string) => api.delete(`/offsets/${offsetId}`),
};
