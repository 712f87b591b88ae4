import { useQuery } from "@tanstack/react-query";
import { agedBalanceQuery } from "../../api/receivables.ts";
import { useSearchState } from "../../parts/search-state.ts";
import { useWorkplace } from "../../session.tsx";

const TOP = 8;

/** Those who owe most, with the totals of all. */
export function useTop() {
  const { company, may } = useWorkplace();
  const [search] = useSearchState();
  return useQuery({
    ...agedBalanceQuery({
      by: "customer",
      companyId: company?.id,
      layers: "working",
      sort: "overdue",
      direction: "desc",
      limit: TOP,
      ownerId: search.mine === "1" ? "me" : undefined,
    }),
    enabled: may("receivables.read"),
  });
}
