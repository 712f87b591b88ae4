import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type * as portfolios from "#contracts/portfolios.ts";
import { api } from "./client.ts";

type Of<Schema extends z.ZodType> = z.infer<Schema>;

export const colleaguesQuery = queryOptions({
  queryKey: ["colleagues"],
  queryFn: ({ signal }) => api.get<Of<typeof portfolios.ColleagueList>>("/colleagues", undefined, signal),
  staleTime: 5 * 60_000,
});

export const ownerQuery = (customerId: string) =>
  queryOptions({
    queryKey: ["customers", customerId, "owner"],
    queryFn: ({ signal }) => api.get<portfolios.CustomerOwner>(`/customers/${customerId}/owner`, undefined, signal),
  });

export const rulesQuery = queryOptions({
  queryKey: ["portfolioRules"],
  queryFn: ({ signal }) => api.get<portfolios.PortfolioRules>("/portfolio/rules", undefined, signal),
});

/** What is asked again once customers changed hands. */
export const PORTFOLIO_KEYS = [["customers"], ["accounts"], ["items"], ["tasks"], ["agedBalance"], ["criteria"]];

export const actions = {
  assign: (body: portfolios.OwnerWrite) => api.put<portfolios.OwnersMoved>("/portfolio/owners", body),
  undo: (changeId: string) => api.post<portfolios.OwnersMoved>(`/portfolio/changes/${changeId}/undo`),
  preview: (rules: readonly portfolios.PortfolioRule[]) =>
    api.post<portfolios.PortfolioPreview>("/portfolio/preview", { rules }),
  saveRules: (version: number, rules: readonly portfolios.PortfolioRule[]) =>
    api.put<portfolios.PortfolioRulesSaved>("/portfolio/rules", { rules }, { ifMatch: version }),
  handOver: (body: portfolios.HandOverWrite) => api.post<portfolios.HandOver>("/portfolio/hand-over", body),
};
