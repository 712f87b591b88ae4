import type { SearchHit } from "#contracts/parties.ts";
import type { Actor } from "#platform/actor.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import { find, replaceEntries, type SearchEntry } from "#platform/search/index.ts";

/** Searchable words of customers, contacts, bank lines of a year, and of items still open or settled since a year: rebuilt after loads and changes. */
export async function refreshSearch(tx: Tx): Promise<number> {
  let count = 0;
  const save = async (stream: AsyncGenerator<SearchEntry[]>) => {
    for await (const batch of stream) {
      count += batch.length;
      await replaceEntries(tx, batch);
    }
  };
  await save(
    tx.stream<SearchEntry>(sql`
      select 'customer' as kind, customer_id as id, number || ' ' || name || ' ' || coalesce(email, '') || ' ' || coalesce(siren, '') as text,
        100 as weight
      from parties.customer where tenant_id = ${tx.tenant} and merged_into is null`),
  );
  await save(
    tx.stream<SearchEntry>(sql`
      select 'contact' as kind, contact_id as id, name || ' ' || coalesce(email, '') || ' ' || coalesce(phone, '') as text, 50 as weight
      from parties.contact where tenant_id = ${tx.tenant} and valid_to = 'infinity'`),
  );
  await save(
    tx.stream<SearchEntry>(sql`
      select 'item' as kind, item_id as id, document_no || ' ' || (abs(original_minor) / 100.0)::numeric(20, 2)::text as text, 10 as weight
      from receivables.item_state
      where tenant_id = ${tx.tenant} and document_no is not null and settled_on > current_date - 365`),
  );
  // A day begins the text of a bank line: a payer's name at the beginning would stand before the customer of that name, whose number begins its own.
  await save(
    tx.stream<SearchEntry>(sql`
      select 'bank_line' as kind, bank_line_id as id,
        to_char(booked_on, 'YYYY-MM-DD') || ' ' || coalesce(payer_name, '') || ' ' || text || ' ' || coalesce(payer_iban_tail, '') || ' '
          || (abs(amount_minor) / 100.0)::numeric(20, 2)::text as text,
        5 as weight
      from cash.bank_line
      where tenant_id = ${tx.tenant} and booked_on > current_date - 365`),
  );
  return count;
}

type Row = { id: string; customerId: string | null; title: string; detail: string };

/** Finds, then reads again under row-level security: what a person may not see is not there. */
export async function search(tx: Tx, actor: Actor, text: string, most: number): Promise<SearchHit[]> {
  const found = await find(tx, amountAsDecimal(text), most);
  const idsOf = (kind: string) => found.filter((one) => one.kind === kind).map((one) => one.id);
  const rows = [
    ...(await tx.rows<Row & { kind: SearchHit["kind"] }>(sql`
      select 'customer' as kind, customer_id as id, customer_id as "customerId", name as title, number as detail
      from parties.customer where tenant_id = ${tx.tenant} and customer_id = any(${idsOf("customer")}::uuid[])`)),
    ...(await tx.rows<Row & { kind: SearchHit["kind"] }>(sql`
      select 'contact' as kind, k.contact_id as id, k.customer_id as "customerId", k.name as title,
        coalesce(k.email, k.phone, '') || ' · ' || c.name as detail
      from parties.contact k
      join parties.customer c on c.tenant_id = k.tenant_id and c.customer_id = k.customer_id
      where k.tenant_id = ${tx.tenant} and k.contact_id = any(${idsOf("contact")}::uuid[])`)),
    ...(await tx.rows<Row & { kind: SearchHit["kind"] }>(sql`
      select 'item' as kind, s.item_id as id, v.customer_id as "customerId", coalesce(s.document_no, '') as title, v.customer_name as detail
      from receivables.item_state s
      join parties.account_current v on v.tenant_id = s.tenant_id and v.account_id = s.account_id
      where s.tenant_id = ${tx.tenant} and s.item_id = any(${idsOf("item")}::uuid[])`)),
    ...(actor.permissions.has("cash.read")
      ? await tx.rows<Row & { kind: SearchHit["kind"] }>(sql`
          select 'bank_line' as kind, bank_line_id as id, null as "customerId", coalesce(payer_name, text) as title,
            to_char(booked_on, 'YYYY-MM-DD') || ' · ' || text as detail
          from cash.bank_line where tenant_id = ${tx.tenant} and bank_line_id = any(${idsOf("bank_line")}::uuid[])`)
      : []),
  ];
  const byId = new Map(rows.map((row) => [row.id, row]));
  return found.flatMap((one) => byId.get(one.id) ?? []);
}

/** "1 240,50" and "1240.5" are looked for as 1240.50. */
function amountAsDecimal(text: string): string {
  const plain = text.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
  const amount = /^(\d{1,12})\.(\d{1,2})$/.exec(plain);
  return amount ? `${amount[1]}.${(amount[2] ?? "").padEnd(2, "0")}` : text;
}
