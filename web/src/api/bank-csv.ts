import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type * as csv from "#contracts/bank-csv.ts";
import type { BankFile } from "#contracts/cash.ts";
import { address, api } from "./client.ts";

type Of<Schema extends z.ZodType> = z.infer<Schema>;
export type KeptLayout = Of<typeof csv.BankCsvLayoutList>["rows"][number];

/** How a person reads a table so far; without a layout the server guesses one. */
export type CsvReading = {
  readonly layout: csv.BankCsvLayout | undefined;
  readonly separator: csv.BankCsvLayout["separator"] | undefined;
  readonly bankAccountId: string;
};

const formOf = (file: File): FormData => {
  const form = new FormData();
  form.append("file", file, file.name);
  return form;
};

/** What a table gives as it is read now; nothing is kept. */
export const csvPreviewQuery = (file: File | undefined, { layout, separator, bankAccountId }: CsvReading) =>
  queryOptions({
    queryKey: ["cash-csv", file?.name, file?.size, file?.lastModified, layout, separator, bankAccountId],
    queryFn: ({ signal }) =>
      api.send<csv.BankCsvPreview>("POST", "/bank-csv-preview", formOf(file ?? new File([], "")), {
        query: { layout: layout && JSON.stringify(layout), separator, bankAccountId },
        signal,
      }),
    enabled: file !== undefined,
    retry: false,
    placeholderData: keepPreviousData,
  });

export const keptLayoutsQuery = () =>
  queryOptions({
    queryKey: ["cash", "layouts"],
    queryFn: ({ signal }) => api.get<Of<typeof csv.BankCsvLayoutList>>("/bank-csv-layouts", undefined, signal),
  });

export const csvActions = {
  /** Takes the file in as the layout says, and keeps the layout for the account. */
  take: (file: File, layout: csv.BankCsvLayout, bankAccountId: string) =>
    api.send<BankFile>("POST", "/bank-files", formOf(file), {
      query: { layout: JSON.stringify(layout), bankAccountId },
    }),
  forget: (id: string) => api.delete(`/bank-csv-layouts/${id}`),
};

/** A file that was taken in before, to be read another way. */
export async function storedFile(fileId: string): Promise<File> {
  const answer = await fetch(address(`/bank-files/${fileId}/file`), { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  const name = /filename="?([^";]+)/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "releve.csv";
  return new File([await answer.blob()], name);
}
