import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { empty, type Sql, sql, type Tx } from "#platform/database/index.ts";
import type { Finding } from "../core/judge-statement.ts";

export type StatementState = "checked" | "quarantined" | "imported" | "refused";

export type NewStatement = {
  readonly id: Uuid;
  readonly fileId: Uuid;
  readonly bankAccountId: Uuid | null;
  readonly identifier: string;
  readonly currency: string | null;
  readonly number: string | null;
  readonly scope: "statement" | "intraday" | "notification" | "returns";
  readonly from: CalendarDate | null;
  readonly to: CalendarDate | null;
  readonly openingMinor: bigint | null;
  readonly closingMinor: bigint | null;
  readonly chain: "ok" | "broken" | "unknown";
  readonly lineCount: number;
  readonly knownCount: number;
  readonly creditMinor: bigint;
  readonly debitMinor: bigint;
  readonly findings: readonly Finding[];
  readonly state: StatementState;
};

export type StatementRow = NewStatement & {
  readonly fileName: string;
  readonly format: string;
  readonly companyCode: string | null;
  readonly accountName: string | null;
  readonly waitingCount: number;
  readonly decidedBy: string | null;
  readonly reason: string | null;
  readonly receivedAt: string;
  readonly version: number;
};

export const insertFile = (
  tx: Tx,
  file: { id: Uuid; name: string; format: string; digest: string; sizeBytes: number; warnings: unknown; by: string },
) =>
  tx.run(sql`
    insert into cash.bank_file (tenant_id, bank_file_id, name, format, digest, size_bytes, warnings, received_by)
    values (${tx.tenant}, ${file.id}, ${file.name}, ${file.format}, ${file.digest}, ${file.sizeBytes}, ${JSON.stringify(file.warnings)}::jsonb,
      ${file.by})`);

export type FileRow = {
  id: Uuid;
  name: string;
  format: string;
  digest: string;
  warnings: { code: string; line?: number | null }[];
  receivedAt: string;
};

export const findFile = (tx: Tx, id: Uuid) =>
  tx.maybeOne<FileRow>(sql`
    select bank_file_id as id, name, format, digest, warnings, received_at as "receivedAt"
    from cash.bank_file
    where tenant_id = ${tx.tenant} and bank_file_id = ${id}`);

export const isFileKnown = async (tx: Tx, digest: string): Promise<boolean> =>
  (await tx.maybeOne(sql`
    select 1 as one
    from cash.bank_file f
    join cash.statement s on s.tenant_id = f.tenant_id and s.bank_file_id = f.bank_file_id
    where f.tenant_id = ${tx.tenant} and f.digest = ${digest} and s.state = 'imported'
    limit 1`)) !== undefined;

export async function insertStatements(tx: Tx, statements: readonly NewStatement[]): Promise<void> {
  if (statements.length === 0) return;
  const rows = statements.map((s) => ({
    ...s,
    openingMinor: s.openingMinor?.toString() ?? null,
    closingMinor: s.closingMinor?.toString() ?? null,
    creditMinor: String(s.creditMinor),
    debitMinor: String(s.debitMinor),
  }));
  await tx.run(sql`
    insert into cash.statement (tenant_id, statement_id, bank_file_id, bank_account_id, identifier, currency, number, scope, from_on, to_on,
      opening_minor, closing_minor, chain, line_count, known_count, credit_minor, debit_minor, findings, state)
    select ${tx.tenant}, s.id, s."fileId", s."bankAccountId", s.identifier, s.currency, s.number, s.scope, s."from", s."to", s."openingMinor",
      s."closingMinor", s.chain, s."lineCount", s."knownCount", s."creditMinor", s."debitMinor", s.findings, s.state
    from json_to_recordset(${JSON.stringify(rows)}::json) as s (id uuid, "fileId" uuid, "bankAccountId" uuid, identifier text, currency text, number text,
      scope text, "from" date, "to" date, "openingMinor" bigint, "closingMinor" bigint, chain text, "lineCount" int, "knownCount" int,
      "creditMinor" bigint, "debitMinor" bigint, findings jsonb, state text)`);
}

const STATEMENT = sql`
  s.statement_id as id, s.bank_file_id as "fileId", f.name as "fileName", f.format, s.bank_account_id as "bankAccountId", b.name as "accountName",
  c.code as "companyCode", s.identifier, s.currency, s.number, s.scope, s.from_on as "from", s.to_on as "to", s.opening_minor as "openingMinor",
  s.closing_minor as "closingMinor", s.chain, s.line_count as "lineCount", s.known_count as "knownCount", s.credit_minor as "creditMinor",
  s.debit_minor as "debitMinor", s.findings, s.state, s.decided_by as "decidedBy", s.reason, s.received_at as "receivedAt", s.version,
  (select count(*)::int from cash.bank_line l where l.tenant_id = s.tenant_id and l.statement_id = s.statement_id and l.state = 'waiting') as "waitingCount"`;
const FROM = sql`
  cash.statement s
  join cash.bank_file f on f.tenant_id = s.tenant_id and f.bank_file_id = s.bank_file_id
  left join cash.bank_account b on b.tenant_id = s.tenant_id and b.bank_account_id = s.bank_account_id
  left join parties.company c on c.tenant_id = b.tenant_id and c.company_id = b.company_id`;

export const statementsOfFile = (tx: Tx, fileId: Uuid) =>
  tx.rows<StatementRow>(sql`
    select ${STATEMENT} from ${FROM}
    where s.tenant_id = ${tx.tenant} and s.bank_file_id = ${fileId}
    order by s.statement_id`);

export const findStatement = (tx: Tx, id: Uuid) =>
  tx.maybeOne<StatementRow>(
    sql`select ${STATEMENT} from ${FROM} where s.tenant_id = ${tx.tenant} and s.statement_id = ${id}`,
  );

export const lockStatement = (tx: Tx, id: Uuid) =>
  tx.maybeOne<StatementRow>(
    sql`select ${STATEMENT} from ${FROM} where s.tenant_id = ${tx.tenant} and s.statement_id = ${id} for update of s`,
  );

export type StatementFilter = {
  readonly state?: StatementState | undefined;
  readonly bankAccountId?: Uuid | undefined;
};

const where = (tx: Tx, filter: StatementFilter): Sql => sql`
  s.tenant_id = ${tx.tenant}
  ${filter.state ? sql`and s.state = ${filter.state}` : empty}
  ${filter.bankAccountId ? sql`and s.bank_account_id = ${filter.bankAccountId}` : empty}`;

/** Newest first. */
export const listStatements = (
  tx: Tx,
  filter: StatementFilter,
  page: { limit: number; after?: readonly [string, string] | undefined },
) =>
  tx.rows<StatementRow & { at: string }>(sql`
    select ${STATEMENT}, to_char(s.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
    from ${FROM}
    where ${where(tx, filter)}
      ${page.after ? sql`and (s.received_at, s.statement_id) < (${page.after[0]}::timestamptz, ${page.after[1]}::uuid)` : empty}
    order by s.received_at desc, s.statement_id desc
    limit ${page.limit}`);

export const countStatements = async (tx: Tx, filter: StatementFilter, cap: number): Promise<number> => {
  const row = await tx.one<{ count: bigint }>(
    sql`select count(*) as count from (select 1 from cash.statement s where ${where(tx, filter)} limit ${cap + 1}) as counted`,
  );
  return Number(row.count);
};

export const setStatementState = (
  tx: Tx,
  id: Uuid,
  to: { state: StatementState; by: string; reason: string | null; bankAccountId?: Uuid },
) =>
  tx.run(sql`
    update cash.statement
    set state = ${to.state}, decided_by = ${to.by}, decided_at = now(), reason = ${to.reason}, version = version + 1
      ${to.bankAccountId ? sql`, bank_account_id = ${to.bankAccountId}` : empty}
    where tenant_id = ${tx.tenant} and statement_id = ${id}`);

/** Quarantined statements that only lacked their bank account get it, and wait to be imported like any other. */
export const adoptStatements = (tx: Tx, account: { id: Uuid; companyId: Uuid; identifier: string; currency: string }) =>
  tx.run(sql`
    with adopted as (
      update cash.statement s
      set bank_account_id = ${account.id}, version = version + 1,
          findings = (select coalesce(jsonb_agg(f), '[]') from jsonb_array_elements(s.findings) as f where f ->> 'code' not in ('unknown_account', 'other_currency')),
          state = case when exists (
            select from jsonb_array_elements(s.findings) as f
            where f ->> 'code' not in ('unknown_account', 'other_currency') and (f ->> 'blocks')::boolean
          ) then 'quarantined' else 'checked' end
      where s.tenant_id = ${tx.tenant} and s.state = 'quarantined' and s.bank_account_id is null and s.identifier = ${account.identifier}
        and coalesce(s.currency, ${account.currency}) = ${account.currency}
      returning s.statement_id
    )
    update cash.bank_line l
    set bank_account_id = ${account.id}, company_id = ${account.companyId}, owner_id = ${account.id}, currency = ${account.currency}
    from adopted a
    where l.tenant_id = ${tx.tenant} and l.statement_id = a.statement_id`);
