import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type * as imports from "#contracts/imports.ts";
import { api } from "./client.ts";

type Of<Schema extends z.ZodType> = z.infer<Schema>;
export type ImportList = Of<typeof imports.ImportList>;
export type ImportRow = Of<typeof imports.ImportRow>;

/** The server works on it; it is read again until it is done. */
export const isWorking = (state: imports.Import["state"] | undefined): boolean =>
  state === "checking" || state === "applying";

export const importsQuery = () =>
  queryOptions({
    queryKey: ["imports", "list"],
    queryFn: ({ signal }) => api.get<ImportList>("/imports", undefined, signal),
  });

export const importQuery = (importId: string) =>
  queryOptions({
    queryKey: ["imports", "one", importId],
    queryFn: ({ signal }) => api.get<imports.Import>(`/imports/${importId}`, undefined, signal),
    refetchInterval: (query) => (isWorking(query.state.data?.state) ? 700 : false),
  });

export const actions = {
  upload: (file: File, kind: string, companyId: string | undefined) => {
    const form = new FormData();
    form.append("file", file, file.name);
    return api.send<imports.Import>("POST", "/imports", form, { query: { kind, companyId } });
  },
  choose: (importId: string, version: number, choices: imports.ImportChoices) =>
    api.put<imports.Import>(`/imports/${importId}/choices`, choices, { ifMatch: version }),
  check: (importId: string) => api.post<imports.Import>(`/imports/${importId}/check`),
  apply: (importId: string) => api.post<imports.Import>(`/imports/${importId}/apply`),
  undo: (importId: string) => api.post<imports.Import>(`/imports/${importId}/undo`),
};
