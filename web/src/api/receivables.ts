import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type * as accountLedger from "#contracts/account-ledger.ts";
import type { OrderList } from "#contracts/credit.ts";
import type { ItemSums } from "#contracts/item-sums.ts";
import type { PaymentHistory } from "#contracts/payment-history.ts";
import type * as receivables from "#contracts/receivables.ts";
import { api, type QueryValue } from "./client.ts";

type Of<Schema extends z.ZodType> = z.infer<Schema>;
export type ItemPage = Of<typeof receivables.ItemPage>;
export type Bucket = Of<typeof receivables.Bucket>;
export type AgedBy = Of<typeof receivables.AgedBy>;

export type ItemFilter = Readonly<Record<string, QueryValue>>;

export const itemsQuery = (filter: ItemFilter) =>
  infiniteQueryOptions({
    queryKey: ["items", "list", filter],
    queryFn: ({ signal, pageParam }) =>
      api.get<ItemPage>("/items", { ...filter, limit: 200, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });

/** Asked apart: the rows never wait for the totals of a million. */
export const itemSumsQuery = (filter: ItemFilter) =>
  queryOptions({
    queryKey: ["items", "sums", filter],
    queryFn: ({ signal }) => {
      const { sort: _sort, direction: _direction, ...asked } = filter;
      return api.get<ItemSums>("/items/sums", asked, signal);
    },
    placeholderData: keepPreviousData,
  });

export const itemQuery = (itemId: string) =>
  queryOptions({
    queryKey: ["items", "one", itemId],
    queryFn: ({ signal }) => api.get<receivables.ItemDetail>(`/items/${itemId}`, undefined, signal),
  });

export const agedBalanceQuery = (query: Readonly<Record<string, QueryValue>>) =>
  queryOptions({
    queryKey: ["items", "agedBalance", query],
    queryFn: ({ signal }) => api.get<receivables.AgedBalance>("/aged-balance", query, signal),
    placeholderData: keepPreviousData,
  });

export const ledgerProofQuery = (asOf?: string) =>
  queryOptions({
    queryKey: ["items", "proof", asOf ?? ""],
    queryFn: ({ signal }) => api.get<receivables.LedgerProof>("/ledger-proof", { asOf }, signal),
    staleTime: 60_000,
  });

export const differencesQuery = queryOptions({
  queryKey: ["items", "differences"],
  queryFn: ({ signal }) => api.get<Of<typeof accountLedger.DifferenceList>>("/differences", undefined, signal),
});

export const differenceActions = {
  waive: (differenceId: string, reason: string) => api.post(`/differences/${differenceId}/waive`, { reason }),
  unwaive: (differenceId: string) => api.post(`/differences/${differenceId}/unwaive`),
};

export const itemActions = {
  codeList: (list: ItemFilter, status: receivables.ItemStatusCode | null, note: string | null) =>
    api.put<Of<typeof receivables.ItemsCoded>>("/items/status", { list, status, note }),
  code: (itemIds: readonly string[], status: receivables.ItemStatusCode | null, note: string | null) =>
    api.put<Of<typeof receivables.ItemsCoded>>("/items/status", { itemIds, status, note }),
};

export const statusSumsQuery = (customerId: string) =>
  queryOptions({
    queryKey: ["items", "statusSums", customerId],
    queryFn: ({ signal }) =>
      api.get<Of<typeof receivables.StatusSums>>(`/customers/${customerId}/status-sums`, undefined, signal),
  });

export const ordersQuery = (customerId: string, companyId: string | undefined) =>
  queryOptions({
    queryKey: ["customers", customerId, "orders", companyId ?? ""],
    queryFn: ({ signal }) => api.get<OrderList>(`/customers/${customerId}/orders`, { companyId }, signal),
  });

export const paymentHistoryQuery = (customerId: string, query: Readonly<Record<string, QueryValue>>) =>
  queryOptions({
    queryKey: ["items", "paymentHistory", customerId, query],
    queryFn: ({ signal }) => api.get<PaymentHistory>(`/customers/${customerId}/payment-history`, query, signal),
    placeholderData: keepPreviousData,
  });

export const statementQuery = (customerId: string, query: Readonly<Record<string, QueryValue>>) =>
  queryOptions({
    queryKey: ["customers", customerId, "statement", query],
    queryFn: ({ signal }) => api.get<receivables.Statement>(`/customers/${customerId}/statement`, query, signal),
    placeholderData: keepPreviousData,
  });

export const accountLedgerQuery = (accountId: string, query: Readonly<Record<string, QueryValue>>) =>
  infiniteQueryOptions({
    queryKey: ["items", "ledger", accountId, query],
    queryFn: ({ signal, pageParam }) =>
      api.get<accountLedger.AccountLedger>(
        `/accounts/${accountId}/ledger`,
        { ...query, limit: 500, cursor: pageParam },
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
