import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import type { z } from "zod";
import type { UserList } from "#contracts/access.ts";
import { api } from "../api/client.ts";
import { lookUp, useT } from "../i18n/index.ts";
import { useWorkplace } from "../session.tsx";

/** Who did it, in words: people by name, the system's own work by what it is. Ids of people whose names may not be read say "a colleague". */
export function useActorName(): (actor: string) => string {
  const { t } = useT();
  const { session, may } = useWorkplace();
  const users = useQuery({
    queryKey: ["users"],
    queryFn: ({ signal }) => api.get<z.infer<typeof UserList>>("/users", undefined, signal),
    enabled: may("users.read"),
    staleTime: 5 * 60_000,
  }).data?.rows;
  return useCallback(
    (actor: string) => {
      if (actor === session.user.id) return session.user.name;
      const known = users?.find((user) => user.id === actor)?.name;
      return (
        known ?? lookUp(t, `actor.${actor}`, {}, /^[A-Za-z0-9]{24,40}$/.test(actor) ? t("actor.colleague") : actor)
      );
    },
    [session, users, t],
  );
}
