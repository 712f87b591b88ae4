import { type Sql, sql, type Tx } from "#platform/database/index.ts";
import { rebuildAgeing, wrongAgeing } from "./account-state.ts";

export type LedgerFault = {
  readonly check: "kept_state" | "kept_ageing" | "entry_sum" | "bounds" | "layer" | "orphan" | "key";
  readonly subject: "item" | "settlement" | "key" | "account";
  readonly id: string;
  readonly detail: string;
};

const LISTED = 100;

/** Compares what is kept for speed with the facts, and the facts with their own rules. The first 100 faults of each check; empty: sound. */
export async function verifyLedger(tx: Tx): Promise<LedgerFault[]> {
  const found: LedgerFault[] = [];
  for (const check of [keptStates, keptAgeing, entrySums, bounds, layers, orphans, keys])
    found.push(...(await check(tx)));
  return found;
}

/** Writes what is kept for speed anew from the facts. Returns how many item states there are. */
export async function rebuildStates(tx: Tx): Promise<number> {
  await tx.run(sql`delete from receivables.item_state where tenant_id = ${tx.tenant}`);
  const written = await tx.run(sql`
    insert into receivables.item_state (
      tenant_id, item_id, account_id, layer, kind, currency, book_currency, version_no, posted_on, issued_on, due_on, is_due_estimated, instalment_no,
      document_no, label, payment_method, letter, original_minor, original_book_minor, ledger_open_minor, ledger_open_book_minor,
      working_open_minor, working_open_book_minor, first_line_on, settled_on)
    select ${tx.tenant}, r.*
    from ${states(tx)} r`);
  await rebuildAgeing(tx);
  return written;
}

/** The state of every item that is not void, from the facts alone. Columns as in `item_state` after tenant_id. */
const states = (tx: Tx): Sql => sql`(
  with last_version as (
    select distinct on (item_id) *
    from receivables.item_version
    where tenant_id = ${tx.tenant}
    order by item_id, version_no desc
  ),
  day_net as (
    select item_id, effective_on, coalesce(sum(amount_minor) filter (where layer = 'ledger'), 0) as ledger_minor,
           coalesce(sum(book_minor) filter (where layer = 'ledger'), 0) as ledger_book, sum(amount_minor) as minor, sum(book_minor) as book,
           bool_or(layer = 'overlay') as has_overlay
    from receivables.settlement_line
    where tenant_id = ${tx.tenant}
    group by item_id, effective_on
  ),
  net as (
    select item_id, sum(ledger_minor) as ledger_minor, sum(ledger_book) as ledger_book, sum(minor) as minor, sum(book) as book,
           min(effective_on) as first_on, max(effective_on) filter (where ledger_minor <> 0 or ledger_book <> 0) as ledger_on,
           max(effective_on) filter (where minor <> 0 or book <> 0) as working_on
    from day_net
    group by item_id
  )
  select i.item_id, i.account_id, i.layer, i.kind, i.currency, i.book_currency, v.version_no, i.posted_on, i.issued_on, v.due_on, v.is_due_estimated,
         i.instalment_no, v.document_no, v.label, v.payment_method, v.letter, v.original_minor, v.original_book_minor,
         case i.layer when 'ledger' then v.original_minor - coalesce(n.ledger_minor, 0) else 0 end::bigint,
         case i.layer when 'ledger' then v.original_book_minor - coalesce(n.ledger_book, 0) else 0 end::bigint,
         (v.original_minor - coalesce(n.minor, 0))::bigint, (v.original_book_minor - coalesce(n.book, 0))::bigint,
         coalesce(n.first_on, 'infinity'::date),
         case
           when v.original_minor <> coalesce(n.minor, 0) or v.original_book_minor <> coalesce(n.book, 0) then 'infinity'::date
           when i.layer = 'ledger' and (v.original_minor <> coalesce(n.ledger_minor, 0) or v.original_book_minor <> coalesce(n.ledger_book, 0))
             then 'infinity'::date
           when i.layer = 'ledger' then greatest(i.posted_on, n.ledger_on, n.working_on)
           else greatest(i.posted_on, n.working_on)
         end
  from receivables.item i
  join last_version v on v.item_id = i.item_id
  left join net n on n.item_id = i.item_id
  where i.tenant_id = ${tx.tenant} and v.void_reason is null)`;

const KEPT = sql`item_id, account_id, layer, kind, currency, book_currency, version_no, posted_on, issued_on, due_on, is_due_estimated, instalment_no,
  document_no, label, payment_method, letter, original_minor, original_book_minor, ledger_open_minor, ledger_open_book_minor, working_open_minor,
  working_open_book_minor, first_line_on, settled_on`;

const keptStates = (tx: Tx): Promise<LedgerFault[]> =>
  tx.rows<LedgerFault>(sql`
    with kept as (select ${KEPT} from receivables.item_state where tenant_id = ${tx.tenant}),
    facts (${KEPT}) as (select * from ${states(tx)} f),
    wrong as (
      (select item_id, 'kept but not so by the facts' as detail from (select * from kept except select * from facts) a)
      union all
      (select item_id, 'by the facts but not kept so' from (select * from facts except select * from kept) b)
    )
    select 'kept_state' as check, 'item' as subject, item_id::text as id, min(detail) as detail
    from wrong
    group by item_id
    order by item_id
    limit ${LISTED}`);

const keptAgeing = async (tx: Tx): Promise<LedgerFault[]> =>
  (await wrongAgeing(tx, LISTED)).map(({ accountId, asOf }) => ({
    check: "kept_ageing",
    subject: "account",
    id: accountId,
    detail: `ageing kept for ${asOf} is not what the items give`,
  }));

const entrySums = (tx: Tx): Promise<LedgerFault[]> =>
  tx.rows<LedgerFault>(sql`
    select 'entry_sum' as check, 'settlement' as subject, settlement_id::text as id,
           'entry ' || entry_no || ' of ' || effective_on || ' sums to ' || sum(book_minor) as detail
    from receivables.settlement_line
    where tenant_id = ${tx.tenant}
    group by settlement_id, entry_no, effective_on
    having sum(book_minor) <> 0
    order by settlement_id
    limit ${LISTED}`);

/** On every day, ledger alone and both layers together, an item stays within 0…original. */
const bounds = (tx: Tx): Promise<LedgerFault[]> =>
  tx.rows<LedgerFault>(sql`
    with day_net as (
      select item_id, effective_on, coalesce(sum(amount_minor) filter (where layer = 'ledger'), 0) as ledger_minor, sum(amount_minor) as minor
      from receivables.settlement_line
      where tenant_id = ${tx.tenant}
      group by item_id, effective_on
    ),
    held as (
      select item_id, effective_on, sum(ledger_minor) over w as ledger_minor, sum(minor) over w as minor
      from day_net
      window w as (partition by item_id order by effective_on)
    )
    select 'bounds' as check, 'item' as subject, s.item_id::text as id,
           'on ' || min(h.effective_on) || ' lines leave 0…' || s.original_minor as detail
    from held h
    join receivables.item_state s on s.tenant_id = ${tx.tenant} and s.item_id = h.item_id
    where h.minor not between least(0, s.original_minor) and greatest(0, s.original_minor)
      or h.ledger_minor not between least(0, s.original_minor) and greatest(0, s.original_minor)
    group by s.item_id, s.original_minor
    order by s.item_id
    limit ${LISTED}`);

const layers = (tx: Tx): Promise<LedgerFault[]> =>
  tx.rows<LedgerFault>(sql`
    select 'layer' as check, 'item' as subject, l.item_id::text as id, 'ledger line ' || l.settlement_id || ' on an overlay item' as detail
    from receivables.settlement_line l
    join receivables.item i on i.tenant_id = l.tenant_id and i.item_id = l.item_id
    where l.tenant_id = ${tx.tenant} and l.layer = 'ledger' and i.layer = 'overlay'
    limit ${LISTED}`);

/** What no foreign key guards inside the ledger. */
const orphans = (tx: Tx): Promise<LedgerFault[]> =>
  tx.rows<LedgerFault>(sql`
    (
      select 'orphan' as check, 'settlement' as subject, l.settlement_id::text as id, 'line of item ' || l.item_id as detail
      from receivables.settlement_line l
      left join receivables.item i on i.tenant_id = l.tenant_id and i.item_id = l.item_id
      left join receivables.settlement s on s.tenant_id = l.tenant_id and s.settlement_id = l.settlement_id
      where l.tenant_id = ${tx.tenant} and (i.item_id is null or s.settlement_id is null or s.layer <> l.layer or s.account_id <> i.account_id)
      limit ${LISTED}
    )
    union all
    (
      select 'orphan', 'item', v.item_id::text, 'version without item'
      from receivables.item_version v
      left join receivables.item i on i.tenant_id = v.tenant_id and i.item_id = v.item_id
      where v.tenant_id = ${tx.tenant} and i.item_id is null
      limit ${LISTED}
    )`);

const keys = (tx: Tx): Promise<LedgerFault[]> =>
  tx.rows<LedgerFault>(sql`
    select 'key' as check, 'key' as subject, r.key as id, 'names item ' || r.item_id || ' of another account' as detail
    from receivables.external_ref r
    left join receivables.item i on i.tenant_id = r.tenant_id and i.item_id = r.item_id
    where r.tenant_id = ${tx.tenant} and (i.item_id is null or i.account_id <> r.account_id)
    limit ${LISTED}`);
