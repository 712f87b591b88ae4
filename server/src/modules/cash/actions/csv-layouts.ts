import { createHash } from "node:crypto";
import type { BankCsvLayout } from "#contracts/bank-csv.ts";
import type { Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { deleteCsvLayout, listCsvLayouts, upsertCsvLayout } from "../store/csv-layout-rows.ts";

/** A layout with the account whose files have it. */
export type KnownLayout = { readonly layout: BankCsvLayout; readonly account: string; readonly currency: string };

/** What people said about the CSV files of one company's accounts, or of all. */
export const knownLayouts = async (tx: Tx, companyId: Uuid | null): Promise<KnownLayout[]> =>
  (await listCsvLayouts(tx, companyId)).map(({ layout, identifier, currency }) => ({
    layout,
    account: identifier,
    currency,
  }));

/** What makes two files alike: the header where there is one, else how many cells a line has and where lines begin. */
function shapeOf({ separator, header, firstLine, columns }: BankCsvLayout): string {
  const shape = header.length > 0 ? [separator, header] : [separator, columns.length, firstLine];
  return createHash("sha256").update(JSON.stringify(shape)).digest("hex");
}

/** Keeps how files of an account are to be read; the next file of that shape needs nobody. */
export async function keepLayout(tx: Tx, actor: Actor, bankAccountId: Uuid, layout: BankCsvLayout): Promise<void> {
  await upsertCsvLayout(tx, bankAccountId, shapeOf(layout), layout, actor.id);
  await record(tx, actor, {
    kind: "cash.csv_layout.kept",
    version: 1,
    subject: { type: "bank_account", id: bankAccountId },
    payload: { columns: layout.columns, header: layout.header.length > 0 },
  });
}

/** Forgets a layout: files of that shape ask again. */
export const forgetLayout = (services: Pick<Services, "db">, actor: Actor, id: Uuid): Promise<Result<null>> =>
  services.db.transaction(actor.tenant, async (tx) => {
    const gone = await deleteCsvLayout(tx, id);
    if (!gone) return refuse("not_found");
    await record(tx, actor, {
      kind: "cash.csv_layout.forgotten",
      version: 1,
      subject: { type: "bank_account", id: gone.bankAccountId },
      payload: {},
    });
    return done(null);
  });
