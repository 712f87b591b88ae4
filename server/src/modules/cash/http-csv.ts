import type { z } from "zod";
import { z as schema } from "zod";
import { BankCsvLayout, BankCsvLayoutList, BankCsvPreview, BankCsvQuery } from "#contracts/bank-csv.ts";
import { Id, type Language } from "#contracts/common.ts";
import { EUR } from "#kernel/money.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { type Route, route } from "#platform/http/index.ts";
import { forgetLayout } from "./actions/csv-layouts.ts";
import type { SourceFile } from "./core/source-statement.ts";
import { findBankAccount } from "./store/account-rows.ts";
import { listCsvLayouts } from "./store/csv-layout-rows.ts";

/** A table of a bank as a reader sees it, and what a layout makes of it. */
export type SourceTable = {
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
  readonly rowCount: number;
  readonly layout: BankCsvLayout;
  /** Null while the layout gives nothing; `reason` says why, in words. */
  readonly file: SourceFile | null;
  readonly reason: string | null;
  readonly faults: readonly { code: string; line: number; column: string | null; text: string }[];
};

/** Looks at a table away from this process; refuses what is none, in the caller's language. */
export type InspectBankCsv = (
  content: Buffer,
  language: Language,
  request: { layout: BankCsvLayout | null; separator: string | null; account: string; currency: string },
) => Promise<Result<SourceTable, "file_refused">>;

const MOST_BYTES = 64 * 1024 * 1024;
const ROWS_SHOWN = 12;
const FAULTS_SHOWN = 20;

/** The layout in a query; undefined when the text is none. Null stands for no layout. */
export function layoutIn(text: string | undefined): BankCsvLayout | null | undefined {
  if (text === undefined) return null;
  try {
    return BankCsvLayout.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function previewOf(table: SourceTable, currency: string): z.input<typeof BankCsvPreview> {
  const { rows, rowCount, layout, reason, faults } = table;
  const statement = table.file?.statements[0];
  const money = (minor: bigint | undefined) => (minor === undefined ? null : { minor: String(minor), currency });
  const entries = statement?.entries ?? [];
  const sum = (isCredit: boolean) =>
    entries.reduce((total, { amountMinor }) => (amountMinor > 0n === isCredit ? total + amountMinor : total), 0n);
  return {
    rows: rows.map(({ line, cells }) => ({ line, cells: [...cells] })),
    rowCount,
    layout,
    reason,
    count: entries.length,
    from: statement?.from ?? null,
    to: statement?.to ?? null,
    credit: statement ? money(sum(true)) : null,
    debit: statement ? money(-sum(false)) : null,
    opening: money(statement?.opening?.minor),
    closing: money(statement?.closing?.minor),
    chain: statement?.chain ?? "unknown",
    entries: entries.slice(0, ROWS_SHOWN).map((entry) => ({
      line: Number(entry.position),
      bookedOn: entry.bookedOn,
      valueOn: entry.valueOn,
      amount: { minor: String(entry.amountMinor), currency },
      text: entry.text,
      payerName: entry.details[0]?.payerName ?? null,
      reference: entry.bankReference,
    })),
    faults: faults.slice(0, FAULTS_SHOWN),
    faultCount: faults.length,
  };
}

export const csvRoutes = (inspect: InspectBankCsv): Route[] => [
  route({
    method: "POST",
    path: "/bank-csv-preview",
    operationId: "previewBankCsv",
    tag: "cash",
    permission: "cash.write",
    summary: "See a bank's CSV as a table, how its columns are understood and what that gives; nothing is kept",
    query: BankCsvQuery,
    upload: { maxBytes: MOST_BYTES },
    reply: BankCsvPreview,
    handle: async ({ actor, query, upload, services }) => {
      if (!upload) return refuse("invalid_request", { detail: "file" });
      const layout = layoutIn(query.layout);
      if (layout === undefined) return refuse("invalid_request", { detail: "layout" });
      const { bankAccountId } = query;
      const account =
        bankAccountId && (await services.db.transaction(actor.tenant, (tx) => findBankAccount(tx, bankAccountId)));
      if (bankAccountId && !account) return refuse("unknown_bank_account");
      const currency = account ? account.currency : EUR;
      const request = {
        layout,
        separator: query.separator ?? null,
        account: account ? account.identifier : "",
        currency,
      };
      const table = await inspect(upload.content, actor.language, request);
      return table.ok ? done(previewOf(table.value, currency)) : table;
    },
  }),
  route({
    method: "GET",
    path: "/bank-csv-layouts",
    operationId: "listBankCsvLayouts",
    tag: "cash",
    permission: "cash.read",
    summary: "How CSV files of the bank accounts are read, as people said it",
    reply: BankCsvLayoutList,
    handle: async ({ actor, services }) => {
      const rows = await services.db.transaction(actor.tenant, (tx) => listCsvLayouts(tx, null));
      return done({ rows: rows.map(({ identifier: _, currency: __, ...row }) => row) });
    },
  }),
  route({
    method: "DELETE",
    path: "/bank-csv-layouts/:csvLayoutId",
    operationId: "forgetBankCsvLayout",
    tag: "cash",
    permission: "cash.write",
    status: 204,
    summary: "Forget how CSV files of an account are read: the next one asks again",
    params: schema.object({ csvLayoutId: Id }),
    handle: ({ actor, params, services }) => forgetLayout(services, actor, params.csvLayoutId),
  }),
];
