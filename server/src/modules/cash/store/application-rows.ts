import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";

export type NewApplication = {
  readonly id: Uuid;
  readonly lineId: Uuid;
  readonly companyId: Uuid;
  readonly kind: "receipt" | "rejection";
  readonly origin: "person" | "rule";
  /** Which proposal was taken, the first being 0; null: entered by hand. */
  readonly candidateNo: number | null;
  readonly method: string | null;
  readonly probabilityBp: number | null;
  readonly reasons: unknown;
  readonly settlementIds: readonly Uuid[];
  readonly appliedBy: string;
  readonly on: CalendarDate;
  readonly items: readonly { itemId: Uuid; accountId: Uuid; role: string; minor: bigint }[];
  readonly parts: readonly { itemId: Uuid; accountId: Uuid; minor: bigint }[];
};

export async function insertApplications(tx: Tx, applications: readonly NewApplication[]): Promise<void> {
  if (applications.length === 0) return;
  const rows = applications.map(({ items: _, parts: __, ...rest }) => rest);
  const itemRows = applications.flatMap(({ id, items }) =>
    items.map((item) => ({ ...item, id, minor: String(item.minor) })),
  );
  const partRows = applications.flatMap(({ id, parts }) =>
    parts.map((part) => ({ ...part, id, minor: String(part.minor) })),
  );
  await tx.run(sql`
    insert into cash.application (tenant_id, application_id, bank_line_id, company_id, kind, origin, candidate_no, method, probability_bp, reasons,
      settlement_ids, applied_by, applied_on)
    select ${tx.tenant}, a.id, a."lineId", a."companyId", a.kind, a.origin, a."candidateNo", a.method, a."probabilityBp", a.reasons,
      (select coalesce(array_agg(x::uuid), '{}') from json_array_elements_text(a."settlementIds") as x), a."appliedBy", a."on"
    from json_to_recordset(${JSON.stringify(rows)}::json) as a (id uuid, "lineId" uuid, "companyId" uuid, kind text, origin text, "candidateNo" int,
      method text, "probabilityBp" int, reasons jsonb, "settlementIds" json, "appliedBy" text, "on" date)`);
  await tx.run(sql`
    insert into cash.application_item (tenant_id, application_id, item_id, account_id, role, amount_minor)
    select ${tx.tenant}, i.id, i."itemId", i."accountId", i.role, i.minor
    from json_to_recordset(${JSON.stringify(itemRows)}::json) as i (id uuid, "itemId" uuid, "accountId" uuid, role text, minor bigint)`);
  await tx.run(sql`
    insert into cash.application_part (tenant_id, application_id, item_id, account_id, amount_minor)
    select ${tx.tenant}, i.id, i."itemId", i."accountId", i.minor
    from json_to_recordset(${JSON.stringify(partRows)}::json) as i (id uuid, "itemId" uuid, "accountId" uuid, minor bigint)`);
}

export type LiveApplication = {
  readonly id: Uuid;
  readonly lineId: Uuid;
  readonly companyId: Uuid;
  readonly bookCurrency: string;
  readonly kind: "receipt" | "rejection";
  readonly origin: "person" | "rule";
  readonly settlementIds: Uuid[];
  /** Overlay items it made; `isBooked`: the books have taken them over. */
  readonly items: { itemId: Uuid; accountId: Uuid; role: string; isBooked: boolean }[];
  readonly parts: { itemId: Uuid; accountId: Uuid }[];
};

/** The application of a line that holds. */
export const liveApplication = (tx: Tx, lineId: Uuid) =>
  tx.maybeOne<LiveApplication>(sql`
    select a.application_id as id, a.bank_line_id as "lineId", a.company_id as "companyId", c.book_currency as "bookCurrency", a.kind, a.origin,
           a.settlement_ids as "settlementIds",
           (select coalesce(jsonb_agg(jsonb_build_object('itemId', i.item_id, 'accountId', i.account_id, 'role', i.role, 'isBooked', exists (
                     select from receivables.booking b where b.tenant_id = i.tenant_id and b.overlay_item_id = i.item_id and b.is_live))), '[]')
            from cash.application_item i where i.tenant_id = a.tenant_id and i.application_id = a.application_id) as items,
           (select coalesce(jsonb_agg(jsonb_build_object('itemId', p.item_id, 'accountId', p.account_id)), '[]')
            from cash.application_part p where p.tenant_id = a.tenant_id and p.application_id = a.application_id) as parts
    from cash.application a
    join parties.company c on c.tenant_id = a.tenant_id and c.company_id = a.company_id
    where a.tenant_id = ${tx.tenant} and a.bank_line_id = ${lineId} and a.undone_at is null`);

/** Settlements and those laid again in their place, of which something still holds. */
export const livingSettlements = async (
  tx: Tx,
  settlementIds: readonly Uuid[],
  itemIds: readonly Uuid[],
): Promise<Uuid[]> => {
  const rows = await tx.rows<{ id: Uuid }>(sql`
    with recursive family as (
      select settlement_id, account_id
      from receivables.settlement
      where tenant_id = ${tx.tenant} and settlement_id = any(${[...settlementIds]}::uuid[])
      union
      select s.settlement_id, s.account_id
      from receivables.settlement s
      join family f on s.replaces_id = f.settlement_id and s.account_id = f.account_id
      where s.tenant_id = ${tx.tenant}
    ),
    around as (
      select distinct l.settlement_id
      from receivables.settlement_line l
      join receivables.settlement s on s.tenant_id = l.tenant_id and s.settlement_id = l.settlement_id
      where l.tenant_id = ${tx.tenant} and l.item_id = any(${[...itemIds]}::uuid[]) and s.layer = 'overlay' and s.group_key not like 'booked/%'
    ),
    meant as (select settlement_id from family union select settlement_id from around)
    select m.settlement_id as id
    from meant m
    join receivables.settlement_line l on l.tenant_id = ${tx.tenant} and l.settlement_id = m.settlement_id
    group by m.settlement_id, l.item_id
    having sum(l.amount_minor) <> 0 or sum(l.book_minor) <> 0`);
  return [...new Set(rows.map((row) => row.id))];
};

export const markUndone = (tx: Tx, id: Uuid, by: string, on: CalendarDate, reason: string | null) =>
  tx.run(sql`
    update cash.application
    set undone_by = ${by}, undone_on = ${on}, undone_at = now(), undo_reason = ${reason}
    where tenant_id = ${tx.tenant} and application_id = ${id} and undone_at is null`);
