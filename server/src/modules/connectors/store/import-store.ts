import type { ImportChoices, ImportFormat, ImportKind } from "#contracts/imports.ts";
import { newId } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import type { JsonValue } from "#platform/journal/index.ts";

export type ImportState = "uploaded" | "checking" | "checked" | "applying" | "applied" | "undone" | "failed";

export type StoredFault = { code: string; line: number; column?: string; value?: string; count?: number };

export type StoredReport = {
  counts: Record<string, number>;
  refusedRows: number;
  refused: StoredFault[];
  warnings: StoredFault[];
  sample: {
    change: string;
    accountId: string;
    /** As the customer is called within the load: a check keeps no new customer to look up afterwards. */
    customerName?: string;
    kind: string;
    documentNo: string | null;
    postedOn: string;
    currency: string;
    minor: string;
  }[];
  totals: { debitMinor: string; creditMinor: string; accounts: number } | null;
  proof: {
    currency: string;
    openingMinor: string;
    movementMinor: string;
    closingMinor: string;
    sourceMinor: string | null;
    isTied: boolean;
    differences: {
      account: string;
      closingMinor: string;
      sourceMinor: string | null;
      differenceMinor: string | null;
    }[];
  } | null;
  failure?: StoredFault;
};

export type ImportRecord = {
  id: string;
  kind: ImportKind;
  format: ImportFormat;
  fileName: string;
  fileDigest: string;
  sizeBytes: bigint;
  state: ImportState;
  companyId: string | null;
  profile: Record<string, JsonValue>;
  choices: ImportChoices;
  report: StoredReport | null;
  batchId: string | null;
  createdBy: string;
  createdAt: string;
  finishedAt: string | null;
  version: number;
};

const IMPORT = sql`import_id as id, kind, format, file_name as "fileName", file_digest as "fileDigest", size_bytes as "sizeBytes", state,
  company_id as "companyId", profile, choices, report, batch_id as "batchId", created_by as "createdBy", created_at as "createdAt",
  finished_at as "finishedAt", version`;

export const findImport = (tx: Tx, id: string) =>
  tx.maybeOne<ImportRecord>(
    sql`select ${IMPORT} from connectors.import where tenant_id = ${tx.tenant} and import_id = ${id}`,
  );

export const lockImport = (tx: Tx, id: string) =>
  tx.maybeOne<ImportRecord>(sql`
    select ${IMPORT} from connectors.import where tenant_id = ${tx.tenant} and import_id = ${id} for update`);

/**
 * An import of the same content for the same company that still stands; `isLastOnly`: only where nothing of its kind was applied since. An extract that says
 * all there is may say today what it said the day before yesterday.
 */
export const appliedImportOf = (tx: Tx, companyId: string, digest: string, isLastOnly: boolean) =>
  tx.maybeOne<{ id: string }>(sql`
    select i.import_id as id
    from connectors.import i
    where i.tenant_id = ${tx.tenant} and i.company_id = ${companyId} and i.file_digest = ${digest} and i.state = 'applied'
      and (
        not ${isLastOnly}
        or not exists (
          select
          from connectors.import later
          where later.tenant_id = i.tenant_id and later.company_id = i.company_id and later.kind = i.kind and later.state = 'applied'
            and later.import_id > i.import_id
        )
      )
    order by i.import_id desc
    limit 1`);

export const listImports = (tx: Tx, limit: number) =>
  tx.rows<ImportRecord>(sql`
    select ${IMPORT} from connectors.import where tenant_id = ${tx.tenant} order by created_at desc, import_id limit ${limit}`);

export const insertImport = (
  tx: Tx,
  row: Pick<
    ImportRecord,
    "id" | "kind" | "format" | "fileName" | "fileDigest" | "companyId" | "choices" | "createdBy"
  > & {
    sizeBytes: number;
    profile: unknown;
  },
) =>
  tx.run(sql`
    insert into connectors.import (tenant_id, import_id, kind, format, file_name, file_digest, size_bytes, state, company_id, profile,
      choices, created_by)
    values (${tx.tenant}, ${row.id}, ${row.kind}, ${row.format}, ${row.fileName}, ${row.fileDigest}, ${row.sizeBytes}, 'uploaded',
      ${row.companyId}, ${JSON.stringify(row.profile)}::jsonb, ${JSON.stringify(row.choices)}::jsonb, ${row.createdBy})`);

export const saveChoices = (tx: Tx, id: string, choices: ImportChoices) =>
  tx.run(sql`
    update connectors.import
    set choices = ${JSON.stringify(choices)}::jsonb, company_id = ${choices.companyId}, state = 'uploaded', report = null,
      version = version + 1
    where tenant_id = ${tx.tenant} and import_id = ${id}`);

export const setState = (tx: Tx, id: string, state: ImportState, report?: StoredReport, batchId?: string | null) =>
  tx.run(sql`
    update connectors.import
    set state = ${state}, report = coalesce(${report ? JSON.stringify(report) : null}::jsonb, report),
      batch_id = coalesce(${batchId ?? null}::uuid, batch_id),
      finished_at = case when ${state} in ('applied', 'failed', 'undone') then now() else finished_at end, version = version + 1
    where tenant_id = ${tx.tenant} and import_id = ${id}`);

/** The source that all files of one kind for one company share. */
export async function ensureSource(
  tx: Tx,
  companyId: string,
  kind: "fec" | "items" | "ledger" | "einvoice",
): Promise<string> {
  await tx.run(sql`
    insert into connectors.dropped_source (tenant_id, source_id, company_id, kind, name)
    values (${tx.tenant}, ${newId()}, ${companyId}, ${kind}, ${kind})
    on conflict (tenant_id, company_id, kind) do nothing`);
  const row = await tx.one<{ source_id: string }>(sql`
    select source_id from connectors.dropped_source where tenant_id = ${tx.tenant} and company_id = ${companyId} and kind = ${kind}`);
  return row.source_id;
}

export const rememberedMapping = (tx: Tx, kind: string, headerDigest: string) =>
  tx.maybeOne<{ mapping: (string | null)[] }>(sql`
    select mapping from connectors.mapping
    where tenant_id = ${tx.tenant} and kind = ${kind} and header_digest = ${headerDigest}`);

export const rememberMapping = (tx: Tx, kind: string, headerDigest: string, mapping: readonly (string | null)[]) =>
  tx.run(sql`
    insert into connectors.mapping (tenant_id, kind, header_digest, mapping)
    values (${tx.tenant}, ${kind}, ${headerDigest}, ${JSON.stringify(mapping)}::jsonb)
    on conflict (tenant_id, kind, header_digest) do update set mapping = excluded.mapping, confirmed_at = now()`);

export type TermsRow = { accountId: string; termDays: number | null; termKind: string | null; customerName: string };

/** Names and payment terms of the customers behind accounts of a company. */
export const termsOfAccounts = (tx: Tx, companyId: string) =>
  tx.rows<TermsRow>(sql`
    select v.account_id as "accountId", c.term_days as "termDays", c.term_kind as "termKind", c.name as "customerName"
    from parties.account_current v
    join parties.customer c on c.tenant_id = v.tenant_id and c.customer_id = v.customer_id
    where v.tenant_id = ${tx.tenant} and v.company_id = ${companyId}`);
