import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { empty, sql, type Tx } from "#platform/database/index.ts";
import type { Layer } from "../core/ledger.ts";
import type { ItemKind } from "../core/source-row.ts";
import { type Layers, layersOf } from "./open-items.ts";

export type LedgerAccount = {
  readonly id: Uuid;
  readonly companyId: Uuid;
  readonly customerId: Uuid;
  readonly customerName: string;
  readonly controlAccount: string;
  readonly auxiliary: string;
  readonly name: string;
};

export const findLedgerAccount = (tx: Tx, accountId: Uuid) =>
  tx.maybeOne<LedgerAccount>(sql`
    select account_id as id, company_id as "companyId", customer_id as "customerId", customer_name as "customerName",
           control_account as "controlAccount", auxiliary, account_name as name
    from parties.account_current
    where tenant_id = ${tx.tenant} and account_id = ${accountId}`);

export type LedgerSpan = {
  readonly accountId: Uuid;
  /** Null: from the first line on. */
  readonly from: CalendarDate | null;
  readonly to: CalendarDate;
  readonly layers: Layers;
};

export type LedgerSums = {
  readonly openingMinor: bigint;
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
  readonly lines: bigint;
};

/** Balance before the span and what moves in it, book currency; credits unsigned. */
export const ledgerSums = (tx: Tx, { accountId, from, to, layers }: LedgerSpan): Promise<LedgerSums> =>
  tx.one<LedgerSums>(sql`
    select coalesce(sum(original_book_minor) filter (where posted_on < ${from}::date), 0)::bigint as "openingMinor",
           coalesce(sum(original_book_minor) filter (where original_book_minor > 0 and (${from}::date is null or posted_on >= ${from}::date)), 0)::bigint as "debitMinor",
           coalesce(-sum(original_book_minor) filter (where original_book_minor < 0 and (${from}::date is null or posted_on >= ${from}::date)), 0)::bigint as "creditMinor",
           count(*) filter (where ${from}::date is null or posted_on >= ${from}::date) as lines
    from receivables.item_state
    where tenant_id = ${tx.tenant} and account_id = ${accountId} and layer = any(${layersOf(layers)}) and posted_on <= ${to}::date`);

export type LedgerRow = {
  readonly itemId: Uuid;
  readonly kind: ItemKind;
  readonly layer: Layer;
  readonly journal: string | null;
  readonly entryNo: string | null;
  readonly documentNo: string | null;
  readonly label: string | null;
  readonly postedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly letter: string | null;
  readonly currency: string;
  readonly bookCurrency: string;
  readonly originalMinor: bigint;
  readonly originalBookMinor: bigint;
  readonly balanceMinor: bigint;
  readonly openBookMinor: bigint;
  readonly settledOn: string;
};

/** Lines by posting day with the balance after each; the balance runs over the whole account, whatever the page. */
export const ledgerRows = (
  tx: Tx,
  { accountId, from, to, layers }: LedgerSpan,
  page: { limit: number; after: readonly [string, string] | undefined },
): Promise<LedgerRow[]> =>
  tx.rows<LedgerRow>(sql`
    select r.item_id as "itemId", r.kind, r.layer, i.journal, i.entry_no as "entryNo", r.document_no as "documentNo", r.label,
           r.posted_on as "postedOn", r.due_on as "dueOn", r.letter, r.currency, r.book_currency as "bookCurrency",
           r.original_minor as "originalMinor", r.original_book_minor as "originalBookMinor", r.balance as "balanceMinor",
           r.original_book_minor - coalesce(l.book_minor, 0) as "openBookMinor", r.settled_on as "settledOn"
    from (
      select s.*, sum(s.original_book_minor) over (order by s.posted_on, s.item_id rows unbounded preceding)::bigint as balance
      from receivables.item_state s
      where s.tenant_id = ${tx.tenant} and s.account_id = ${accountId} and s.layer = any(${layersOf(layers)}) and s.posted_on <= ${to}::date
    ) r
    join receivables.item i on i.tenant_id = ${tx.tenant} and i.item_id = r.item_id
    left join lateral (
      select sum(book_minor)::bigint as book_minor
      from receivables.settlement_line
      where tenant_id = ${tx.tenant} and item_id = r.item_id and effective_on <= ${to}::date and layer = any(${layersOf(layers)})
    ) l on true
    where (${from}::date is null or r.posted_on >= ${from}::date)
      ${page.after ? sql`and (r.posted_on, r.item_id) > (${page.after[0]}::date, ${page.after[1]}::uuid)` : empty}
    order by r.posted_on, r.item_id
    limit ${page.limit}`);
