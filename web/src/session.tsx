import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import type { Session } from "#contracts/access.ts";
import type { Permission } from "#contracts/permissions.ts";
import { api, Problem } from "./api/client.ts";

export type Company = Session["companies"][number];

type Workplace = {
  readonly session: Session;
  readonly may: (permission: Permission) => boolean;
  /** The company chosen in the navigation; undefined: all. */
  readonly company: Company | undefined;
  readonly chooseCompany: (companyId: string | undefined) => void;
};

const WorkplaceContext = createContext<Workplace | undefined>(undefined);
const KEPT = "encours.company";

export const sessionKey = ["session"] as const;

/** The session, or null when nobody is signed in. */
export function useSessionQuery() {
  return useQuery({
    queryKey: sessionKey,
    queryFn: async ({ signal }) => {
      try {
        return await api.get<Session>("/session", undefined, signal);
      } catch (error) {
        if (error instanceof Problem && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
    refetchInterval: 5 * 60_000,
  });
}

export function WorkplaceProvider({ session, children }: { session: Session; children: ReactNode }) {
  const [companyId, setCompanyId] = useState(() => localStorage.getItem(KEPT) ?? undefined);
  const value = useMemo<Workplace>(() => {
    const granted = new Set(session.permissions);
    return {
      session,
      may: (permission) => granted.has(permission),
      company: session.companies.find((company) => company.id === companyId),
      chooseCompany: (next) => {
        if (next) localStorage.setItem(KEPT, next);
        else localStorage.removeItem(KEPT);
        setCompanyId(next);
      },
    };
  }, [session, companyId]);
  return <WorkplaceContext value={value}>{children}</WorkplaceContext>;
}

export function useWorkplace(): Workplace {
  const workplace = useContext(WorkplaceContext);
  if (!workplace) throw new Error("WorkplaceProvider is missing");
  return workplace;
}
