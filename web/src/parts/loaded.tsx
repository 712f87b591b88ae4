import type { ReactNode } from "react";
import { EmptyState, ErrorState, Loading, RefusedState } from "#ui/states.tsx";
import { Problem } from "../api/client.ts";
import { useT } from "../i18n/index.ts";

type Asked<T> = {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
  readonly refetch: () => unknown;
};

/** Loading, refused, failed or the data itself: the four states of anything that is asked from the server. */
export function Loaded<T>(props: {
  query: Asked<T>;
  children: (data: T) => ReactNode;
  rows?: number;
  columns?: number;
}): ReactNode {
  const { query, children, rows = 6, columns = 4 } = props;
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return <Loading rows={rows} columns={columns} />;
  return <Failed error={query.error} onRetry={() => void query.refetch()} />;
}

export function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useT();
  const problem = error instanceof Problem ? error : undefined;
  if (problem?.status === 403) return <RefusedState title={t("refused.title")}>{t("refused.text")}</RefusedState>;
  if (problem?.status === 404) return <EmptyState title={t("notFound.item")}>{t("notFound.text")}</EmptyState>;
  return (
    <ErrorState
      title={t("error.title")}
      onRetry={onRetry}
      {...(problem?.reference ? { reference: problem.reference } : {})}
    >
      {problemText(problem, t)}
    </ErrorState>
  );
}

/** The sentence of a failure: the server's own, or that it did not answer. */
export function problemText(error: unknown, t: ReturnType<typeof useT>["t"]): string {
  if (!(error instanceof Problem)) return t("error.unknown");
  if (error.status === 0) return t("error.unreachable");
  return error.detail || t("error.unknown");
}
