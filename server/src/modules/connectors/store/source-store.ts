import type { Uuid } from "#kernel/ids.ts";
import { empty, sql, type Tx } from "#platform/database/index.ts";
import type { JsonValue } from "#platform/journal/index.ts";
import type { Calendar } from "../core/calendar.ts";
import type { SettingValues } from "../core/settings.ts";

export type SourceRecord = {
  readonly id: Uuid;
  readonly name: string;
  readonly connector: string;
  readonly settings: SettingValues;
  /** Sealed JSON of secrets; null without any. */
  readonly secrets: string | null;
  readonly calendar: Calendar;
  readonly isActive: boolean;
  readonly nextRunAt: string | null;
  /** Failures in a row. */
  readonly failures: number;
  readonly version: number;
};

export type FedRow = {
  readonly sourceId: Uuid;
  readonly companyId: Uuid;
  readonly companyCode: string;
  readonly companyName: string;
  readonly bookCurrency: string;
  readonly ledgerSourceId: Uuid;
  readonly part: string;
  readonly reached: JsonValue | null;
};

const SOURCE = sql`source_id as id, name, connector, settings, secrets, calendar, is_active as "isActive", next_run_at as "nextRunAt",
  failures, version`;

export const listSources = (tx: Tx) =>
  tx.rows<SourceRecord>(sql`
    select ${SOURCE} from connectors.source where tenant_id = ${tx.tenant} and removed_at is null order by name, source_id limit 200`);

export const findSource = (tx: Tx, id: Uuid, lock = false) =>
  tx.maybeOne<SourceRecord>(sql`
    select ${SOURCE} from connectors.source
    where tenant_id = ${tx.tenant} and source_id = ${id} and removed_at is null ${lock ? sql`for update` : empty}`);

export const fedCompanies = (tx: Tx, sourceId?: Uuid) =>
  tx.rows<FedRow>(sql`
    select s.source_id as "sourceId", s.company_id as "companyId", c.code as "companyCode", c.name as "companyName",
           c.book_currency as "bookCurrency", s.ledger_source_id as "ledgerSourceId", s.part, s.reached
    from connectors.source_company s
    join parties.company c on c.tenant_id = s.tenant_id and c.company_id = s.company_id
    where s.tenant_id = ${tx.tenant} ${sourceId ? sql`and s.source_id = ${sourceId}` : empty}
    order by c.code, s.company_id`);

type Writable = Pick<SourceRecord, "name" | "settings" | "secrets" | "calendar" | "isActive" | "nextRunAt">;

export const insertSource = (tx: Tx, id: Uuid, row: Writable & { connector: string; createdBy: string }) =>
  tx.run(sql`
    insert into connectors.source (tenant_id, source_id, name, connector, settings, secrets, calendar, is_active, next_run_at, created_by)
    values (${tx.tenant}, ${id}, ${row.name}, ${row.connector}, ${JSON.stringify(row.settings)}::jsonb, ${row.secrets},
      ${JSON.stringify(row.calendar)}::jsonb, ${row.isActive}, ${row.nextRunAt}, ${row.createdBy})`);

export const updateSource = (tx: Tx, id: Uuid, row: Writable) =>
  tx.run(sql`
    update connectors.source
    set name = ${row.name}, settings = ${JSON.stringify(row.settings)}::jsonb, secrets = ${row.secrets},
      calendar = ${JSON.stringify(row.calendar)}::jsonb, is_active = ${row.isActive}, next_run_at = ${row.nextRunAt}, version = version + 1
    where tenant_id = ${tx.tenant} and source_id = ${id}`);

export const removeSource = (tx: Tx, id: Uuid) =>
  tx.run(sql`
    update connectors.source set removed_at = now(), is_active = false, next_run_at = null, version = version + 1
    where tenant_id = ${tx.tenant} and source_id = ${id} and removed_at is null`);

/** What a company is called over there; the ledger source of a company stays the same for ever, so that its rows keep their identity. */
export async function setCompanies(
  tx: Tx,
  sourceId: Uuid,
  companies: readonly { companyId: Uuid; part: string; ledgerSourceId: Uuid }[],
): Promise<void> {
  await tx.run(sql`
    delete from connectors.source_company
    where tenant_id = ${tx.tenant} and source_id = ${sourceId} and company_id <> all(${companies.map((one) => one.companyId)}::uuid[])`);
  await tx.run(sql`
    insert into connectors.source_company as c (tenant_id, source_id, company_id, ledger_source_id, part)
    select ${tx.tenant}, ${sourceId}, w.company_id, w.ledger_source_id, w.part
    from unnest(${companies.map((one) => one.companyId)}::uuid[], ${companies.map((one) => one.ledgerSourceId)}::uuid[],
      ${companies.map((one) => one.part)}::text[]) as w (company_id, ledger_source_id, part)
    on conflict (tenant_id, source_id, company_id) do update
    set part = excluded.part, reached = case when c.part = excluded.part then c.reached end`);
}

/** How far a company was read; null leaves what was kept. */
export const saveReached = (tx: Tx, sourceId: Uuid, companyId: Uuid, reached: JsonValue | null) =>
  tx.run(sql`
    update connectors.source_company
    set reached = coalesce(${reached === null ? null : JSON.stringify(reached)}::jsonb, reached)
    where tenant_id = ${tx.tenant} and source_id = ${sourceId} and company_id = ${companyId}`);

export const setNextRun = (tx: Tx, id: Uuid, nextRunAt: string | null, failures?: number) =>
  tx.run(sql`
    update connectors.source
    set next_run_at = ${nextRunAt}, failures = coalesce(${failures ?? null}::int, failures)
    where tenant_id = ${tx.tenant} and source_id = ${id} and removed_at is null`);

/** Active sources whose time has come. */
export const dueSources = (tx: Tx, now: string) =>
  tx.rows<SourceRecord>(sql`
    select ${SOURCE} from connectors.source
    where tenant_id = ${tx.tenant} and is_active and removed_at is null and next_run_at <= ${now}
    order by next_run_at, source_id
    for update`);

/** When the next source of the tenant wants to run. */
export async function earliestRun(tx: Tx): Promise<string | null> {
  const row = await tx.one<{ at: string | null }>(sql`
    select min(next_run_at) as at from connectors.source where tenant_id = ${tx.tenant} and is_active and removed_at is null`);
  return row.at;
}
