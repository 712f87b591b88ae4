import { useQuery } from "@tanstack/react-query";
import type { z } from "zod";
import type { BankLinePage } from "#contracts/cash.ts";
import type { messageList } from "#contracts/correspondence.ts";
import type { runList } from "#contracts/dunning.ts";
import { api } from "../api/client.ts";
import type { TaskPage } from "../api/platform.ts";
import { ledgerProofQuery } from "../api/receivables.ts";
import { sourcesQuery } from "../api/sources.ts";
import { useWorkplace } from "../session.tsx";

export type Waiting = {
  readonly runs: number;
  readonly tasks: number;
  readonly inDoubt: number;
  readonly matching: number;
};

const EVERY_MS = 60_000;

/** What waits for a person, for the counts of the navigation; never a total. */
export function useWaiting(): Waiting {
  const { may } = useWorkplace();
  const runs = useQuery({
    queryKey: ["runs", "waiting"],
    queryFn: ({ signal }) => api.get<z.infer<typeof runList>>("/runs", undefined, signal),
    // it waits only for those who may decide
    enabled: may("runs.read") && (may("runs.plan") || may("runs.approve")),
    refetchInterval: EVERY_MS,
  });
  const doubt = useQuery({
    queryKey: ["messages", "inDoubt"],
    queryFn: ({ signal }) => api.get<z.infer<typeof messageList>>("/messages", { state: "in_doubt", limit: 1 }, signal),
    enabled: may("messages.read") && may("messages.resolve"),
    refetchInterval: EVERY_MS,
  });
  const tasks = useQuery({
    queryKey: ["tasks", "waiting"],
    queryFn: ({ signal }) => api.get<TaskPage>("/tasks", { assignee: "me", limit: 1 }, signal),
    enabled: may("tasks.read"),
    refetchInterval: EVERY_MS,
  });
  const lines = useQuery({
    queryKey: ["cash", "waiting"],
    queryFn: ({ signal }) =>
      api.get<z.infer<typeof BankLinePage>>("/bank-lines", { state: "waiting", limit: 1 }, signal),
    // it waits only for those who may decide
    enabled: may("cash.read") && may("cash.post"),
    refetchInterval: EVERY_MS,
  });
  return {
    runs: runs.data?.rows.filter((run) => run.state === "review").length ?? 0,
    tasks: tasks.data?.total.count ?? 0,
    matching: lines.data?.total.count ?? 0,
    inDoubt: doubt.data?.total.count ?? 0,
  };
}

/** How many sources failed when they were last run; for the top bar of every screen. */
export function useFailingSources(): number {
  const { may } = useWorkplace();
  const sources = useQuery({ ...sourcesQuery(), enabled: may("sources.read") });
  return sources.data?.rows.filter((one) => one.isActive && one.lastRun?.state === "failed").length ?? 0;
}

/** Instant of the oldest of the companies' last loads, for the top bar of every screen; undefined without any. */
export function useFreshness(): { at: string; ties: boolean } | undefined {
  const { may, company } = useWorkplace();
  const proof = useQuery({ ...ledgerProofQuery(), enabled: may("receivables.read"), refetchInterval: 5 * EVERY_MS });
  const shown = (proof.data?.companies ?? []).filter((one) => !company || one.companyId === company.id);
  const loads = shown.map((one) => one.lastLoadedAt).filter((at) => at !== null);
  const at = loads.sort()[0];
  return at === undefined ? undefined : { at, ties: shown.every((one) => one.isTied) };
}
