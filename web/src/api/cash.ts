import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type * as cash from "#contracts/cash.ts";
import { api } from "./client.ts";

type Of<Schema extends z.ZodType> = z.infer<Schema>;
export type LineDetail = Of<typeof cash.BankLineDetail>;
export type LinePage = Of<typeof cash.BankLinePage>;
export type LineQuery = Partial<z.input<typeof cash.BankLineQuery>>;
export type Matching = Of<typeof cash.MatchingSettingsDetail>;
export type LineApply = z.input<typeof cash.LineApply>;
export type Targets = Of<typeof cash.LineTargetList>;

/** Everything of the bank is read again after a change of it; the ledger's screens too. */
export const CASH = [["cash"], ["items"], ["customers"], ["balance"], ["tasks"]] as const;

export const statementsQuery = (state: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["cash", "statements", state ?? ""],
    queryFn: ({ signal, pageParam }) =>
      api.get<Of<typeof cash.StatementPage>>("/bank-statements", { state, limit: 100, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const bankFileQuery = (fileId: string) =>
  queryOptions({
    queryKey: ["cash", "file", fileId],
    queryFn: ({ signal }) => api.get<cash.BankFile>(`/bank-files/${fileId}`, undefined, signal),
  });

export const bankAccountsQuery = () =>
  queryOptions({
    queryKey: ["cash", "accounts"],
    queryFn: ({ signal }) => api.get<Of<typeof cash.BankAccountList>>("/bank-accounts", undefined, signal),
  });

export const linesQuery = (query: LineQuery) =>
  infiniteQueryOptions({
    queryKey: ["cash", "lines", query],
    queryFn: ({ signal, pageParam }) =>
      api.get<LinePage>("/bank-lines", { ...query, limit: 100, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const lineQuery = (lineId: string) =>
  queryOptions({
    queryKey: ["cash", "line", lineId],
    queryFn: ({ signal }) => api.get<LineDetail>(`/bank-lines/${lineId}`, undefined, signal),
  });

export const targetsQuery = (lineId: string, search: string) =>
  queryOptions({
    queryKey: ["cash", "targets", lineId, search],
    queryFn: ({ signal }) => api.get<Targets>(`/bank-lines/${lineId}/targets`, { search }, signal),
    enabled: search.trim().length >= 2,
  });

export const cashReportQuery = (query: {
  from?: string | undefined;
  to?: string | undefined;
  companyId?: string | undefined;
}) =>
  queryOptions({
    queryKey: ["cash", "report", query],
    queryFn: ({ signal }) => api.get<cash.CashReport>("/cash-report", query, signal),
  });

export const unbookedQuery = (companyId: string | undefined, olderThanDays: string) =>
  infiniteQueryOptions({
    queryKey: ["cash", "unbooked", companyId ?? "", olderThanDays],
    queryFn: ({ signal, pageParam }) =>
      api.get<Of<typeof cash.UnbookedPage>>(
        "/unbooked-items",
        { companyId, olderThanDays, limit: 100, cursor: pageParam },
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const matchingQuery = () =>
  queryOptions({
    queryKey: ["cash", "settings"],
    queryFn: ({ signal }) => api.get<Matching>("/settings/matching", undefined, signal),
  });

type Versioned = { readonly id: string; readonly version: number };

export const actions = {
  upload: (file: File, companyId: string | undefined) => {
    const form = new FormData();
    form.append("file", file, file.name);
    return api.send<cash.BankFile>("POST", "/bank-files", form, { query: { companyId } });
  },
  importFile: (fileId: string) => api.post<Of<typeof cash.BankFileImported>>(`/bank-files/${fileId}/import`),
  accept: (one: Versioned, reason: string, bankAccountId: string | null) =>
    api.post<cash.Statement>(`/bank-statements/${one.id}/accept`, { reason, bankAccountId }, { ifMatch: one.version }),
  refuse: (one: Versioned, reason: string) =>
    api.post<cash.Statement>(`/bank-statements/${one.id}/refuse`, { reason }, { ifMatch: one.version }),
  addAccount: (body: cash.BankAccountWrite) => api.post<cash.BankAccount>("/bank-accounts", body),
  changeAccount: (one: Versioned, body: { name: string; isActive: boolean }) =>
    api.put<cash.BankAccount>(`/bank-accounts/${one.id}`, body, { ifMatch: one.version }),
  match: () => api.post<Of<typeof cash.MatchRun>>("/bank-lines/match"),
  apply: (line: Versioned, body: LineApply) =>
    api.post<cash.BankLine>(`/bank-lines/${line.id}/apply`, body, { ifMatch: line.version }),
  reject: (line: Versioned, paymentId: string, chargeMinor: string) =>
    api.post<cash.BankLine>(`/bank-lines/${line.id}/reject`, { paymentId, chargeMinor }, { ifMatch: line.version }),
  undo: (line: Versioned, reason: string | null) =>
    api.post<cash.BankLine>(`/bank-lines/${line.id}/undo`, { reason }, { ifMatch: line.version }),
  aside: (line: Versioned, aside: boolean, reason: string | null) =>
    api.put<cash.BankLine>(`/bank-lines/${line.id}/aside`, { aside, reason }, { ifMatch: line.version }),
  book: (itemId: string, ledgerItemId: string) => api.post(`/unbooked-items/${itemId}/book`, { ledgerItemId }),
  saveMatching: (version: number, body: cash.MatchingSettings) =>
    api.put<Matching>("/settings/matching", body, { ifMatch: version }),
};
