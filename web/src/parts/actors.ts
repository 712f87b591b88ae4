import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { colleaguesQuery } from "../api/portfolios.ts";
import { lookUp, useT } from "../i18n/index.ts";
import { useWorkplace } from "../session.tsx";

/** Who did it, in words: people by name, the system's own work by what it is. Ids of people who are not of the organisation say "a colleague". */
export function useActorName(): (actor: string) => string {
  const { t } = useT();
  const { session } = useWorkplace();
  const users = useQuery(colleaguesQuery).data?.rows;
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
