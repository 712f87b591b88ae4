import { sql } from "#platform/database/index.ts";
import type { TestDatabase } from "../../../../testing/database.ts";
import type { TestServices } from "../../../../testing/services.ts";
import { createSource, startRun } from "../actions/manage-sources.ts";
import { runSource } from "../actions/run-source.ts";
import type { Connector } from "../connector/connector.ts";
import type { SettingValues } from "../core/settings.ts";
import type { RunRecord } from "../store/run-store.ts";

export const NO_CALENDAR = { mode: "none" as const, times: [], everyMinutes: 60, isBusinessDaysOnly: false };

export type SourceWish = {
  readonly connector: string;
  readonly settings?: SettingValues;
  readonly secrets?: Record<string, string>;
  readonly companies: readonly { companyId: string; part?: string }[];
  readonly name?: string;
};

/** For tests: a saved source. */
export async function aSource(t: TestDatabase, services: TestServices, wish: SourceWish): Promise<string> {
  const made = await createSource(services, t.actor(), {
    name: wish.name ?? "Source",
    connector: wish.connector,
    settings: { ...wish.settings },
    secrets: { ...wish.secrets },
    calendar: NO_CALENDAR,
    isActive: true,
    companies: wish.companies.map(({ companyId, part = "" }) => ({ companyId, part })),
  });
  if (!made.ok) throw new Error(JSON.stringify(made));
  return made.value.id;
}

/** For tests: one run from start to end, as a worker does it. */
export async function runNow(
  t: TestDatabase,
  services: TestServices,
  sourceId: string,
  find?: (key: string) => Connector | undefined,
): Promise<RunRecord> {
  const started = await startRun(services, t.actor(), sourceId, "person");
  if (!started.ok) throw new Error(JSON.stringify(started));
  const run = await runSource(services, t.actor(), started.value.id, ...(find ? [find] : []));
  if (!run) throw new Error("the run is gone");
  return run;
}

export type LedgerRow = { doc: string | null; customer: string; minor: bigint; open: bigint; due: string };

/** For tests: the ledger items of a company that stand, with what is open of each after all lines. */
export const ledgerOf = (t: TestDatabase, companyId: string): Promise<LedgerRow[]> =>
  t.db.transaction(t.tenant, (tx) =>
    tx.rows<LedgerRow>(sql`
      select s.document_no as doc, a.auxiliary as customer, s.original_minor as minor, s.ledger_open_minor as open, s.due_on as due
      from receivables.item_state s
      join parties.account a on a.tenant_id = s.tenant_id and a.account_id = s.account_id
      where s.tenant_id = ${t.tenant} and a.company_id = ${companyId} and s.layer = 'ledger' and s.kind <> 'adjustment'
      order by a.auxiliary, s.document_no, s.original_minor`),
  );
