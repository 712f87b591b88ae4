import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useCallback, useState } from "react";
import { useToasts } from "#ui/toasts.tsx";
import { Problem } from "../api/client.ts";
import { useT } from "../i18n/index.ts";
import { sessionKey } from "../session.tsx";
import { problemText } from "./loaded.tsx";

type After<T> = {
  /** Said in a toast when it worked. */
  readonly done?: ReactNode | ((value: T) => ReactNode);
  /** Reverse action offered in the toast. */
  readonly undo?: (value: T) => Promise<unknown>;
  /** What must be read again. */
  readonly refresh?: readonly QueryKey[];
  readonly next?: (value: T) => void;
};

/** Runs one action of the user: waits, refreshes, offers undo; a refusal stands beside the action, never in a toast. */
export function useAct() {
  const { t } = useT();
  const { show } = useToasts();
  const queries = useQueryClient();
  const [waiting, setWaiting] = useState(false);
  const [problem, setProblem] = useState<string | undefined>();
  const [failure, setFailure] = useState<unknown>();

  const act = useCallback(
    async <T>(work: () => Promise<T>, after: After<T> = {}): Promise<T | undefined> => {
      setWaiting(true);
      setProblem(undefined);
      setFailure(undefined);
      const refresh = () =>
        Promise.all((after.refresh ?? []).map((queryKey) => queries.invalidateQueries({ queryKey })));
      try {
        const value = await work();
        const { undo, done } = after;
        if (done !== undefined) {
          const reverse = undo
            ? () => {
                void undo(value)
                  .then(refresh)
                  .catch((error: unknown) => setProblem(problemText(error, t)));
              }
            : undefined;
          show(typeof done === "function" ? done(value) : done, reverse);
        }
        void refresh();
        after.next?.(value);
        return value;
      } catch (error) {
        if (error instanceof Problem && error.status === 401) void queries.invalidateQueries({ queryKey: sessionKey });
        setProblem(problemText(error, t));
        setFailure(error);
        return undefined;
      } finally {
        setWaiting(false);
      }
    },
    [queries, show, t],
  );
  return { act, waiting, problem, failure, clear: () => setProblem(undefined) };
}
