import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { empty, type Sql, sql, type Tx } from "#platform/database/index.ts";
import type { Candidate } from "../core/facts.ts";
import type { Side } from "../core/source-statement.ts";

export type LineState = "held" | "waiting" | "applied" | "set_aside" | "replaced";

/** Owner of lines that no bank account is named for: returns announced apart from statements. */
export const NO_ACCOUNT = "00000000-0000-0000-0000-000000000000";

export type NewLine = {
  readonly id: Uuid;
  readonly statementId: Uuid;
  readonly bankAccountId: Uuid | null;
  readonly companyId: Uuid | null;
  readonly ownerId: Uuid;
  readonly entryKey: string;
  readonly detailNo: number;
  readonly position: string;
  readonly side: Side;
  readonly kind: string;
  readonly bookedOn: CalendarDate;
  readonly valueOn: CalendarDate;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly text: string;
  readonly payerName: string | null;
  readonly payerIbanDigest: string | null;
  readonly payerIbanTail: string | null;
  readonly creditorReference: string | null;
  readonly endToEndId: string | null;
  readonly mandateId: string | null;
  readonly bankReference: string | null;
  readonly documents: readonly { readonly number: string; readonly minor: string | null }[];
  readonly reasonCode: string | null;
  readonly reasonText: string | null;
  readonly feeMinor: bigint | null;
};

/** Adds lines as held: they take part in nothing until their statement is imported. */
export async function insertLines(tx: Tx, lines: readonly NewLine[]): Promise<void> {
  for (let from = 0; from < lines.length; from += 5_000) {
    const rows = lines
      .slice(from, from + 5_000)
      .map((line) => ({ ...line, amountMinor: String(line.amountMinor), feeMinor: line.feeMinor?.toString() ?? null }));
    await tx.run(sql`
      insert into cash.bank_line (tenant_id, bank_line_id, statement_id, bank_account_id, company_id, owner_id, entry_key, detail_no, position, state,
        side, kind, booked_on, value_on, currency, amount_minor, text, payer_name, payer_iban_digest, payer_iban_tail, creditor_reference,
        end_to_end_id, mandate_id, bank_reference, documents, reason_code, reason_text, fee_minor)
      select ${tx.tenant}, l.id, l."statementId", l."bankAccountId", l."companyId", l."ownerId", l."entryKey", l."detailNo", l.position, 'held',
        l.side, l.kind, l."bookedOn", l."valueOn", l.currency, l."amountMinor", l.text, l."payerName", l."payerIbanDigest", l."payerIbanTail",
        l."creditorReference", l."endToEndId", l."mandateId", l."bankReference", l.documents, l."reasonCode", l."reasonText", l."feeMinor"
      from json_to_recordset(${JSON.stringify(rows)}::json) as l (id uuid, "statementId" uuid, "bankAccountId" uuid, "companyId" uuid, "ownerId" uuid,
        "entryKey" text, "detailNo" int, position text, side text, kind text, "bookedOn" date, "valueOn" date, currency text, "amountMinor" bigint,
        text text, "payerName" text, "payerIbanDigest" text, "payerIbanTail" text, "creditorReference" text, "endToEndId" text, "mandateId" text,
        "bankReference" text, documents jsonb, "reasonCode" text, "reasonText" text, "feeMinor" bigint)`);
  }
}

/** Entry keys of an owner that were imported before. */
export async function knownKeys(tx: Tx, ownerId: Uuid, keys: readonly string[]): Promise<Set<string>> {
  const rows = await tx.rows<{ key: string }>(sql`
    select distinct entry_key as key
    from cash.bank_line
    where tenant_id = ${tx.tenant} and owner_id = ${ownerId} and entry_key = any(${[...keys]}::text[]) and state not in ('held', 'replaced')`);
  return new Set(rows.map((row) => row.key));
}

/**
 * Lets the held lines of a statement take part. A line known already, in whatever file it came, is dropped; one that came as a sum before and now comes with
 * its details makes way for them while nobody has worked on it.
 */
export async function releaseLines(tx: Tx, statementId: Uuid): Promise<{ released: number; known: number }> {
  await tx.run(sql`
    update cash.bank_line o
    set state = 'replaced', version = version + 1
    from (
      select owner_id, entry_key
      from cash.bank_line
      where tenant_id = ${tx.tenant} and statement_id = ${statementId} and state = 'held'
      group by owner_id, entry_key
      having count(*) > 1
    ) n
    where o.tenant_id = ${tx.tenant} and o.owner_id = n.owner_id and o.entry_key = n.entry_key and o.state = 'waiting'
      and (
        select count(*) from cash.bank_line x
        where x.tenant_id = o.tenant_id and x.owner_id = o.owner_id and x.entry_key = o.entry_key and x.state not in ('held', 'replaced')
      ) = 1`);
  const known = await tx.run(sql`
    delete from cash.bank_line h
    where h.tenant_id = ${tx.tenant} and h.statement_id = ${statementId} and h.state = 'held'
      and exists (
        select from cash.bank_line o
        where o.tenant_id = h.tenant_id and o.owner_id = h.owner_id and o.entry_key = h.entry_key and o.state not in ('held', 'replaced')
      )`);
  const released = await tx.run(sql`
    update cash.bank_line
    set state = case side when 'other' then 'set_aside' else 'waiting' end,
        set_aside_reason = case side when 'other' then 'not_a_receipt' end
    where tenant_id = ${tx.tenant} and statement_id = ${statementId} and state = 'held'`);
  return { released, known };
}

export const deleteHeldLines = (tx: Tx, statementId: Uuid) =>
  tx.run(
    sql`delete from cash.bank_line where tenant_id = ${tx.tenant} and statement_id = ${statementId} and state = 'held'`,
  );

export const giveAccount = (tx: Tx, statementId: Uuid, account: { id: Uuid; companyId: Uuid; currency: string }) =>
  tx.run(sql`
    update cash.bank_line
    set bank_account_id = ${account.id}, company_id = ${account.companyId}, owner_id = ${account.id}, currency = ${account.currency}
    where tenant_id = ${tx.tenant} and statement_id = ${statementId} and state = 'held'`);

export type LineRow = Omit<NewLine, "entryKey" | "detailNo" | "ownerId"> & {
  readonly state: LineState;
  readonly accountName: string | null;
  readonly companyCode: string | null;
  readonly bookCurrency: string | null;
  readonly probabilityBp: number | null;
  readonly whyNot: string | null;
  readonly setAsideReason: string | null;
  readonly version: number;
  readonly candidates: readonly StoredCandidate[] | null;
  readonly application: StoredApplication | null;
};

/** A candidate as JSON keeps it: amounts as text. */
export type StoredCandidate = Omit<Candidate, "parts" | "adjustments" | "unapplied"> & {
  readonly parts: readonly { itemId: Uuid; accountId: Uuid; minor: string }[];
  readonly adjustments: readonly { kind: string; accountId: Uuid; minor: string }[];
  readonly unapplied: { accountId: Uuid; minor: string } | null;
};

export type StoredApplication = {
  readonly id: Uuid;
  readonly kind: "receipt" | "rejection";
  readonly origin: "person" | "rule";
  readonly appliedBy: string;
  readonly appliedAt: string;
  readonly probabilityBp: number | null;
  readonly parts: readonly { itemId: Uuid; accountId: Uuid; minor: string }[];
  readonly items: readonly { itemId: Uuid; accountId: Uuid; role: string; minor: string }[];
};

const LINE = sql`
  l.bank_line_id as id, l.statement_id as "statementId", l.bank_account_id as "bankAccountId", l.company_id as "companyId", l.position, l.state, l.side,
  l.kind, l.booked_on as "bookedOn", l.value_on as "valueOn", l.currency, l.amount_minor as "amountMinor", l.text, l.payer_name as "payerName",
  l.payer_iban_digest as "payerIbanDigest", l.payer_iban_tail as "payerIbanTail", l.creditor_reference as "creditorReference",
  l.end_to_end_id as "endToEndId", l.mandate_id as "mandateId", l.bank_reference as "bankReference", l.documents, l.reason_code as "reasonCode",
  l.reason_text as "reasonText", l.fee_minor as "feeMinor", l.top_probability_bp as "probabilityBp", l.why_not as "whyNot",
  l.set_aside_reason as "setAsideReason", l.version, b.name as "accountName", c.code as "companyCode", c.book_currency as "bookCurrency",
  p.candidates, a.application`;
const FROM = sql`
  cash.bank_line l
  left join cash.bank_account b on b.tenant_id = l.tenant_id and b.bank_account_id = l.bank_account_id
  left join parties.company c on c.tenant_id = l.tenant_id and c.company_id = l.company_id
  left join cash.proposal p on p.tenant_id = l.tenant_id and p.bank_line_id = l.bank_line_id
  left join lateral (
    select jsonb_build_object('id', x.application_id, 'kind', x.kind, 'origin', x.origin, 'appliedBy', x.applied_by, 'appliedAt', to_char(x.applied_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'probabilityBp', x.probability_bp,
      'parts', (select coalesce(jsonb_agg(jsonb_build_object('itemId', r.item_id, 'accountId', r.account_id, 'minor', r.amount_minor::text)
                       order by r.item_id), '[]')
                from cash.application_part r where r.tenant_id = x.tenant_id and r.application_id = x.application_id),
      'items', (select coalesce(jsonb_agg(jsonb_build_object('itemId', i.item_id, 'accountId', i.account_id, 'role', i.role, 'minor', i.amount_minor::text)
                       order by i.item_id), '[]')
                from cash.application_item i where i.tenant_id = x.tenant_id and i.application_id = x.application_id)) as application
    from cash.application x
    where x.tenant_id = l.tenant_id and x.bank_line_id = l.bank_line_id and x.undone_at is null
  ) a on true`;

export const findLine = (tx: Tx, id: Uuid) =>
  tx.maybeOne<LineRow>(sql`
    select ${LINE} from ${FROM}
    where l.tenant_id = ${tx.tenant} and l.bank_line_id = ${id} and l.state not in ('held', 'replaced')`);

export const lockLines = (tx: Tx, ids: readonly Uuid[]) =>
  tx.rows<{ id: Uuid; state: LineState; version: number }>(sql`
    select bank_line_id as id, state, version
    from cash.bank_line
    where tenant_id = ${tx.tenant} and bank_line_id = any(${[...ids]}::uuid[]) and state not in ('held', 'replaced')
    order by bank_line_id
    for update`);

export type LineFilter = {
  readonly state?: LineState | undefined;
  readonly side?: Side | undefined;
  readonly companyId?: Uuid | undefined;
  readonly statementId?: Uuid | undefined;
  readonly customerId?: Uuid | undefined;
  readonly origin?: "rule" | "person" | undefined;
  readonly search?: string | undefined;
};

const where = (tx: Tx, filter: LineFilter): Sql => sql`
  l.tenant_id = ${tx.tenant}
  ${filter.state ? sql`and l.state = ${filter.state}` : sql`and l.state in ('waiting', 'applied', 'set_aside')`}
  ${filter.side ? sql`and l.side = ${filter.side}` : empty}
  ${filter.companyId ? sql`and l.company_id = ${filter.companyId}` : empty}
  ${filter.statementId ? sql`and l.statement_id = ${filter.statementId}` : empty}
  ${
    filter.origin
      ? sql`and exists (select from cash.application x where x.tenant_id = l.tenant_id and x.bank_line_id = l.bank_line_id and x.undone_at is null
            and x.origin = ${filter.origin})`
      : empty
  }
  ${filter.search ? sql`and (position(lower(${filter.search}) in lower(l.text)) > 0 or position(lower(${filter.search}) in lower(l.payer_name)) > 0)` : empty}`;

/** Oldest first: what waits longest is worked first. */
export const listLines = (
  tx: Tx,
  filter: LineFilter,
  page: { limit: number; after?: readonly [string, string] | undefined },
) =>
  tx.rows<LineRow>(sql`
    select ${LINE} from ${FROM}
    where ${where(tx, filter)}
      ${page.after ? sql`and (l.booked_on, l.bank_line_id) > (${page.after[0]}::date, ${page.after[1]}::uuid)` : empty}
    order by l.booked_on, l.bank_line_id
    limit ${page.limit}`);

export const countLines = async (tx: Tx, filter: LineFilter, cap: number): Promise<number> => {
  const row = await tx.one<{ count: bigint }>(
    sql`select count(*) as count from (select 1 from cash.bank_line l where ${where(tx, filter)} limit ${cap + 1}) as counted`,
  );
  return Number(row.count);
};

/** Lines of a side that wait, by company; the bare facts, for proposing many. */
export const waitingLines = (
  tx: Tx,
  of: { companyId: Uuid; side: Side; limit: number; after: Uuid | null; only?: readonly Uuid[] | undefined },
) =>
  tx.rows<WaitingLine>(sql`
    select l.bank_line_id as id, l.value_on as "valueOn", l.currency, l.amount_minor as "amountMinor", l.text, l.payer_name as "payerName",
           l.payer_iban_digest as "payerIbanDigest", l.creditor_reference as "creditorReference", l.documents, l.fee_minor as "feeMinor",
           l.end_to_end_id as "endToEndId", l.mandate_id as "mandateId", l.bank_reference as "bankReference", l.reason_code as "reasonCode",
           l.reason_text as "reasonText", l.company_id as "companyId",
           exists (select from cash.application x where x.tenant_id = l.tenant_id and x.bank_line_id = l.bank_line_id) as "wasUndone"
    from cash.bank_line l
    where l.tenant_id = ${tx.tenant} and l.company_id = ${of.companyId} and l.state = 'waiting' and l.side = ${of.side}
      ${of.after ? sql`and l.bank_line_id > ${of.after}` : empty}
      ${of.only ? sql`and l.bank_line_id = any(${[...of.only]}::uuid[])` : empty}
    order by l.bank_line_id
    limit ${of.limit}`);

export type WaitingLine = Pick<
  NewLine,
  | "id"
  | "valueOn"
  | "currency"
  | "amountMinor"
  | "text"
  | "payerName"
  | "payerIbanDigest"
  | "creditorReference"
  | "documents"
  | "feeMinor"
  | "endToEndId"
  | "mandateId"
  | "bankReference"
  | "reasonCode"
  | "reasonText"
  | "companyId"
> & { readonly wasUndone: boolean };

/** Waiting lines of a company whose proposals rest on one of these items. */
export const linesProposed = async (tx: Tx, companyId: Uuid, itemIds: readonly Uuid[]): Promise<Uuid[]> => {
  const rows = await tx.rows<{ id: Uuid }>(sql`
    select distinct l.bank_line_id as id
    from cash.bank_line l
    join cash.proposal p on p.tenant_id = l.tenant_id and p.bank_line_id = l.bank_line_id
    cross join lateral jsonb_array_elements(p.candidates) as c
    cross join lateral jsonb_array_elements(c -> 'parts') as part
    where l.tenant_id = ${tx.tenant} and l.company_id = ${companyId} and l.state = 'waiting' and l.side = 'receipt'
      and (part ->> 'itemId')::uuid = any(${[...itemIds]}::uuid[])`);
  return rows.map((row) => row.id);
};

export const setLineState = (tx: Tx, ids: readonly Uuid[], state: LineState, reason: string | null = null) =>
  tx.run(sql`
    update cash.bank_line
    set state = ${state}, set_aside_reason = ${reason}, version = version + 1
    where tenant_id = ${tx.tenant} and bank_line_id = any(${[...ids]}::uuid[])`);

/** Companies that have lines waiting. */
export const companiesWaiting = (tx: Tx) =>
  tx.rows<{ companyId: Uuid; bookCurrency: string }>(sql`
    select c.company_id as "companyId", c.book_currency as "bookCurrency"
    from parties.company c
    where c.tenant_id = ${tx.tenant} and exists (
      select from cash.bank_line l where l.tenant_id = c.tenant_id and l.company_id = c.company_id and l.state = 'waiting'
    )
    order by c.company_id`);
