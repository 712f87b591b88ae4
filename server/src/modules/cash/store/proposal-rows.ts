import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { openItems } from "#modules/receivables/index.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import type { Alias, Candidate, OpenItem, Party, Proposal } from "../core/facts.ts";
import type { StoredCandidate } from "./line-rows.ts";

const accountsOf = (tx: Tx, companyId: Uuid) => sql`in (
  select account_id from parties.account_current where tenant_id = ${tx.tenant} and company_id = ${companyId})`;

/** What a receipt of the company may settle: receivables and credit notes open in the working ledger; money already received is not offered again. */
export const candidateItems = (tx: Tx, companyId: Uuid, asOf: CalendarDate): Promise<OpenItem[]> =>
  tx.rows<OpenItem>(sql`
    select o.item_id as "itemId", o.account_id as "accountId", o.document_no as "documentNo", o.open_minor as "openMinor",
           o.original_minor as "originalMinor", o.currency, o.posted_on as "postedOn", o.due_on as "dueOn"
    from ${openItems(tx, asOf, "working", accountsOf(tx, companyId))} o
    where o.open_minor > 0 or o.kind = 'credit_note'`);

export const partiesOf = (tx: Tx, companyId: Uuid): Promise<Party[]> =>
  tx.rows<Party>(sql`
    select account_id as "accountId", customer_id as "customerId", customer_number as number, customer_name as name
    from parties.account_current
    where tenant_id = ${tx.tenant} and company_id = ${companyId}`);

export const aliasesOf = (tx: Tx, companyId: Uuid): Promise<Alias[]> =>
  tx.rows<Alias>(sql`
    select kind, value, account_id as "accountId", confirmed, contradicted
    from cash.payer_alias
    where tenant_id = ${tx.tenant} and company_id = ${companyId}`);

export type LearntAlias = { readonly kind: "iban" | "name"; readonly value: string; readonly accountId: Uuid };

/** Counts what an application confirmed, or what its undoing contradicted. */
export async function countAliases(
  tx: Tx,
  companyId: Uuid,
  learnt: readonly LearntAlias[],
  what: "confirmed" | "contradicted",
  on: CalendarDate,
): Promise<void> {
  if (learnt.length === 0) return;
  const by = new Map<string, LearntAlias & { count: number }>();
  for (const one of learnt) {
    const key = `${one.kind}/${one.value}/${one.accountId}`;
    by.set(key, { ...one, count: (by.get(key)?.count ?? 0) + 1 });
  }
  const rows = [...by.values()];
  const counts = rows.map((row) => row.count);
  const zeros = rows.map(() => 0);
  await tx.run(sql`
    insert into cash.payer_alias (tenant_id, company_id, kind, value, account_id, confirmed, contradicted, last_on)
    select ${tx.tenant}, ${companyId}, a.kind, a.value, a.account_id, a.confirmed, a.contradicted, ${on}
    from unnest(${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.value)}::text[], ${rows.map((row) => row.accountId)}::uuid[],
      ${what === "confirmed" ? counts : zeros}::int[], ${what === "confirmed" ? zeros : counts}::int[])
      as a (kind, value, account_id, confirmed, contradicted)
    on conflict (tenant_id, company_id, kind, value, account_id) do update
    set confirmed = payer_alias.confirmed + excluded.confirmed, contradicted = payer_alias.contradicted + excluded.contradicted, last_on = excluded.last_on`);
}

export const storedCandidate = ({ parts, adjustments, unapplied, ...rest }: Candidate): StoredCandidate => ({
  ...rest,
  parts: parts.map((part) => ({ ...part, minor: String(part.minor) })),
  adjustments: adjustments.map((one) => ({ ...one, minor: String(one.minor) })),
  unapplied: unapplied && { ...unapplied, minor: String(unapplied.minor) },
});

/**
 * Keeps what each line was proposed, in the place of what it was proposed before. A proposal that changed is a new version of its line: nobody accepts what
 * they did not see.
 */
export async function saveProposals(
  tx: Tx,
  proposals: readonly (Omit<Proposal, "whyNot"> & { readonly whyNot: string | null })[],
  made: { on: CalendarDate; optionsVersion: number },
): Promise<void> {
  if (proposals.length === 0) return;
  const rows = proposals.map(({ lineId, candidates, whyNot }) => ({
    id: lineId,
    candidates: candidates.map(storedCandidate),
    why: whyNot,
    top: candidates[0]?.probabilityBp ?? null,
  }));
  const json = JSON.stringify(rows);
  await tx.run(sql`
    with given as (
      select * from json_to_recordset(${json}::json) as p (id uuid, candidates jsonb, why text, top int)
    ),
    kept as (
      insert into cash.proposal (tenant_id, bank_line_id, candidates, why_not, options_version, proposed_on)
      select ${tx.tenant}, id, candidates, why, ${made.optionsVersion}, ${made.on}
      from given
      on conflict (tenant_id, bank_line_id) do update
      set candidates = excluded.candidates, why_not = excluded.why_not, options_version = excluded.options_version, proposed_on = excluded.proposed_on
    )
    update cash.bank_line l
    set top_probability_bp = g.top, why_not = g.why, proposed_on = ${made.on},
        version = l.version + case when before.candidates is null or before.candidates = g.candidates then 0 else 1 end
    from given g
    left join cash.proposal before on before.tenant_id = ${tx.tenant} and before.bank_line_id = g.id
    where l.tenant_id = ${tx.tenant} and l.bank_line_id = g.id`);
}

export type OpenNow = {
  readonly itemId: Uuid;
  readonly accountId: Uuid;
  readonly openMinor: bigint;
  readonly currency: string;
  readonly customerId: Uuid;
};

/** What is open of items after everything known, in one company. */
export const openNow = (tx: Tx, companyId: Uuid, itemIds: readonly Uuid[]): Promise<OpenNow[]> =>
  tx.rows<OpenNow>(sql`
    select s.item_id as "itemId", s.account_id as "accountId", s.working_open_minor as "openMinor", s.currency, a.customer_id as "customerId"
    from receivables.item_state s
    join parties.account_current a on a.tenant_id = s.tenant_id and a.account_id = s.account_id
    where s.tenant_id = ${tx.tenant} and s.item_id = any(${[...itemIds]}::uuid[]) and a.company_id = ${companyId}`);

export const accountsIn = (tx: Tx, companyId: Uuid, accountIds: readonly Uuid[]) =>
  tx.rows<{ accountId: Uuid; customerId: Uuid }>(sql`
    select account_id as "accountId", customer_id as "customerId"
    from parties.account_current
    where tenant_id = ${tx.tenant} and company_id = ${companyId} and account_id = any(${[...accountIds]}::uuid[])`);

export type NamedItem = {
  readonly itemId: Uuid;
  readonly documentNo: string | null;
  readonly kind: string;
  readonly dueOn: CalendarDate;
  readonly postedOn: CalendarDate;
  readonly openMinor: bigint;
  readonly originalMinor: bigint;
  readonly currency: string;
};
export type NamedAccount = {
  readonly accountId: Uuid;
  readonly customerId: Uuid;
  readonly customerName: string;
  readonly customerNumber: string;
};

/** What screens call the items and accounts of proposals. */
export const nameItems = (tx: Tx, itemIds: readonly Uuid[]): Promise<NamedItem[]> =>
  tx.rows<NamedItem>(sql`
    select item_id as "itemId", document_no as "documentNo", kind, due_on as "dueOn", posted_on as "postedOn", working_open_minor as "openMinor",
           original_minor as "originalMinor", currency
    from receivables.item_state
    where tenant_id = ${tx.tenant} and item_id = any(${[...itemIds]}::uuid[])`);

export const nameAccounts = (tx: Tx, accountIds: readonly Uuid[]): Promise<NamedAccount[]> =>
  tx.rows<NamedAccount>(sql`
    select account_id as "accountId", customer_id as "customerId", customer_name as "customerName", customer_number as "customerNumber"
    from parties.account_current
    where tenant_id = ${tx.tenant} and account_id = any(${[...accountIds]}::uuid[])`);
