import type { ItemStatusCode } from "#contracts/receivables.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { laterOf } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import type { Layer, Origin, VoidReason } from "../core/ledger.ts";
import { type PairMember, pairMembers } from "../core/pair.ts";
import type { ItemKind } from "../core/source-row.ts";

export type ItemFacts = {
  readonly itemId: Uuid;
  readonly accountId: Uuid;
  readonly layer: Layer;
  readonly kind: ItemKind;
  readonly currency: string;
  readonly bookCurrency: string;
  readonly postedOn: CalendarDate;
  readonly issuedOn: CalendarDate;
  readonly instalmentNo: number;
  readonly journal: string | null;
  readonly entryNo: string | null;
  readonly companyId: Uuid;
  readonly customerId: Uuid;
  readonly customerNumber: string;
  readonly customerName: string;
  readonly teamStatus: ItemStatusCode | null;
};

export type VersionRow = {
  readonly versionNo: number;
  readonly minor: bigint;
  readonly book: bigint;
  readonly dueOn: CalendarDate;
  readonly isDueEstimated: boolean;
  readonly documentNo: string | null;
  readonly label: string | null;
  readonly paymentMethod: string | null;
  readonly letter: string | null;
  readonly voidReason: VoidReason | null;
  readonly knownOn: CalendarDate;
  readonly isKnownAssumed: boolean;
  readonly recordedAt: string;
};

export type LineRow = {
  readonly settlementId: Uuid;
  readonly entryNo: number;
  readonly on: CalendarDate;
  readonly minor: bigint;
  readonly book: bigint;
  readonly layer: Layer;
  readonly origin: Origin;
  readonly knownOn: CalendarDate;
};

/** One thing that cleared an item, or that it cleared; `minor` in its own currency, with its sign. */
export type SettledBy = {
  readonly itemId: Uuid;
  readonly kind: ItemKind;
  readonly documentNo: string | null;
  readonly label: string | null;
  readonly postedOn: CalendarDate;
  readonly currency: string;
  readonly minor: bigint;
  readonly on: CalendarDate;
  readonly layer: Layer;
  readonly origin: Origin;
};

export const findItem = (tx: Tx, itemId: Uuid): Promise<ItemFacts | undefined> =>
  tx.maybeOne<ItemFacts>(sql`
    select i.item_id as "itemId", i.account_id as "accountId", i.layer, i.kind, i.currency, i.book_currency as "bookCurrency",
           i.posted_on as "postedOn", i.issued_on as "issuedOn", i.instalment_no as "instalmentNo", i.journal, i.entry_no as "entryNo",
           a.company_id as "companyId", a.customer_id as "customerId", a.customer_number as "customerNumber", a.customer_name as "customerName",
           x.status as "teamStatus"
    from receivables.item i
    join parties.account_current a on a.tenant_id = i.tenant_id and a.account_id = i.account_id
    left join receivables.item_status x on x.tenant_id = i.tenant_id and x.item_id = i.item_id and x.valid_to = 'infinity'
    where i.tenant_id = ${tx.tenant} and i.item_id = ${itemId}`);

export const versionsOf = (tx: Tx, itemId: Uuid): Promise<VersionRow[]> =>
  tx.rows<VersionRow>(sql`
    select version_no as "versionNo", original_minor as minor, original_book_minor as book, due_on as "dueOn", is_due_estimated as "isDueEstimated",
           document_no as "documentNo", label, payment_method as "paymentMethod", letter, void_reason as "voidReason", known_on as "knownOn",
           is_known_assumed as "isKnownAssumed", recorded_at as "recordedAt"
    from receivables.item_version
    where tenant_id = ${tx.tenant} and item_id = ${itemId}
    order by version_no`);

export const linesOf = (tx: Tx, itemId: Uuid): Promise<LineRow[]> =>
  tx.rows<LineRow>(sql`
    select l.settlement_id as "settlementId", l.entry_no as "entryNo", l.effective_on as "on", l.amount_minor as minor, l.book_minor as book, l.layer,
           s.origin, l.known_on as "knownOn"
    from receivables.settlement_line l
    join receivables.settlement s on s.tenant_id = l.tenant_id and s.settlement_id = l.settlement_id
    where l.tenant_id = ${tx.tenant} and l.item_id = ${itemId}
    order by l.effective_on, l.settlement_id, l.entry_no`);

type Member = PairMember & {
  settlementId: Uuid;
  layer: Layer;
  origin: Origin;
  label: string | null;
  firstOn: CalendarDate;
};

const SHOWN = 500;

/** The pairs of the settlements that hold the item: what cleared it, oldest first. Computed from what each settlement still holds. */
export async function settledBy(tx: Tx, itemId: Uuid): Promise<SettledBy[]> {
  const members = await tx.rows<Member>(sql`
    select l.settlement_id as "settlementId", s.layer, s.origin, i.item_id as "itemId", i.kind, i.currency, i.posted_on as "postedOn",
           i.instalment_no as "instalmentNo", i.order_key as "orderKey", st.document_no as "documentNo", st.label,
           sum(l.amount_minor)::bigint as minor, sum(l.book_minor)::bigint as book, min(l.effective_on) as "firstOn"
    from receivables.settlement_line l
    join receivables.settlement s on s.tenant_id = l.tenant_id and s.settlement_id = l.settlement_id
    join receivables.item i on i.tenant_id = l.tenant_id and i.item_id = l.item_id
    left join receivables.item_state st on st.tenant_id = l.tenant_id and st.item_id = l.item_id
    where l.tenant_id = ${tx.tenant}
      and l.settlement_id in (select settlement_id from receivables.settlement_line where tenant_id = ${tx.tenant} and item_id = ${itemId})
    group by l.settlement_id, s.layer, s.origin, i.item_id, i.kind, i.currency, i.posted_on, i.instalment_no, i.order_key, st.document_no, st.label
    having sum(l.amount_minor) <> 0 or sum(l.book_minor) <> 0
    order by l.settlement_id, i.posted_on, i.item_id`);
  const found: SettledBy[] = [];
  for (const group of Map.groupBy(members, (member) => member.settlementId).values()) {
    const byId = new Map(group.map((member) => [member.itemId, member]));
    const self = byId.get(itemId);
    if (!self) continue;
    for (const pair of pairMembers(group)) {
      if (pair.debitId !== itemId && pair.creditId !== itemId) continue;
      const isCredit = pair.debitId === itemId;
      const other = byId.get(isCredit ? pair.creditId : pair.debitId);
      if (!other) continue;
      found.push({
        itemId: other.itemId,
        kind: other.kind,
        documentNo: other.documentNo,
        label: other.label,
        postedOn: other.postedOn,
        currency: other.currency,
        minor: isCredit ? -pair.creditMinor : pair.debitMinor,
        on: laterOf(laterOf(self.postedOn, other.postedOn), laterOf(self.firstOn, other.firstOn)),
        layer: other.layer,
        origin: other.origin,
      });
    }
  }
  return found.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0)).slice(0, SHOWN);
}
