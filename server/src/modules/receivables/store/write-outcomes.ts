import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { type CopyLines, copyLines, copyValue, sql, type Tx } from "#platform/database/index.ts";
import type { AccountOutcome } from "../core/settle-account.ts";
import type { StoredAccount } from "./load-accounts.ts";

/** Lines of the outcome tables, gathered until there are enough for one COPY. */
export type OutcomeWriter = {
  add(account: StoredAccount, outcome: AccountOutcome): Promise<void>;
  /** Moves everything into the tables, with parts the states of `quiet_item` too. Returns how many lines were written. */
  finish(hasParts: boolean): Promise<{ lines: number; settlements: number }>;
};

type Writing = { readonly batchId: Uuid | null; readonly bookCurrency: string; readonly knownOn: CalendarDate };

/** Copies outcomes into temporary tables as accounts are settled, and inserts them set-based at the end. */
export async function outcomeWriter(tx: Tx, writing: Writing): Promise<OutcomeWriter> {
  await tx.run(sql`create temp table new_settlement (like receivables.settlement) on commit drop`);
  await tx.run(sql`create temp table new_line (like receivables.settlement_line) on commit drop`);
  await tx.run(sql`
    create temp table new_state (
      item_id uuid, version_no int, first_line_on date, settled_on date, ledger_open bigint, ledger_open_book bigint,
      working_open bigint, working_open_book bigint
    ) on commit drop`);
  await tx.run(sql`
    create temp table amended (
      item_id uuid, account_id uuid, is_new boolean, version_no int, layer text collate "C", kind text collate "C", currency char(3), posted_on date,
      order_key text collate "C", minor bigint, book_minor bigint, void_reason text collate "C", known_on date
    ) on commit drop`);
  const settlements = copyLines();
  const lines = copyLines();
  const states = copyLines();
  const amended = copyLines();
  const { tenant } = tx;
  const written = { lines: 0, settlements: 0 };
  const flush = async (all: boolean) => {
    const buffers: [string, CopyLines][] = [
      [
        "new_settlement (tenant_id, settlement_id, account_id, layer, origin, group_key, replaces_id, batch_id, recorded_at)",
        settlements,
      ],
      ["new_line", lines],
      ["new_state", states],
      ["amended", amended],
    ];
    for (const [into, buffer] of buffers) {
      if (!buffer.isEmpty && (all || buffer.isFull)) await tx.copyIn(into, buffer);
    }
  };
  return {
    async add(account, outcome) {
      const { accountId } = account;
      const touched = new Set(account.touched);
      for (const one of outcome.settlements)
        settlements.add(
          `${tenant}\t${one.settlementId}\t${accountId}\t${one.layer}\t${one.origin}\t${copyValue(one.groupKey)}\t${one.replacesId ?? "\\N"}\t${writing.batchId ?? "\\N"}\tnow`,
        );
      for (const line of outcome.lines) {
        touched.add(line.itemId);
        lines.add(
          `${tenant}\t${line.itemId}\t${line.effectiveOn}\t${line.settlementId}\t${line.entryNo}\t${line.layer}\t${line.minor}\t${line.book}\t${line.knownOn}`,
        );
      }
      for (const { item, isNew } of outcome.amended) {
        touched.add(item.itemId);
        const versionNo = (account.versionNo.get(item.itemId) ?? 0) + 1;
        account.versionNo.set(item.itemId, versionNo);
        amended.add(
          `${item.itemId}\t${accountId}\t${isNew ? "t" : "f"}\t${versionNo}\t${item.layer}\t${item.kind}\t${item.currency}\t${item.postedOn}\t${copyValue(item.orderKey)}\t${item.minor}\t${item.book}\t${item.voidReason ?? "\\N"}\t${item.knownOn}`,
        );
      }
      for (const itemId of touched) {
        const state = outcome.states.get(itemId);
        states.add(
          state
            ? `${itemId}\t${account.versionNo.get(itemId) ?? 1}\t${state.firstLineOn}\t${state.settledOn}\t${state.ledgerOpenMinor}\t${state.ledgerOpenBook}\t${state.workingOpenMinor}\t${state.workingOpenBook}`
            : `${itemId}\t0\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N`,
        );
      }
      written.lines += outcome.lines.length;
      written.settlements += outcome.settlements.length;
      await writeRare(tx, writing, accountId, outcome);
      await flush(false);
    },
    async finish(hasParts) {
      await flush(true);
      if (hasParts) await tx.run(sql`insert into new_state select * from quiet_item`);
      await moveIn(tx, writing);
      return written;
    },
  };
}

/** Clearings and bookings: few, so written account by account in one statement each. */
async function writeRare(tx: Tx, writing: Writing, accountId: Uuid, outcome: AccountOutcome): Promise<void> {
  const { clearings, bookings } = outcome;
  if (clearings.length > 0)
    await tx.run(sql`
      insert into receivables.clearing (tenant_id, item_id, batch_id, account_id, cleared_on, amount_minor, book_minor, known_on)
      select ${tx.tenant}, c.item_id, ${writing.batchId}, ${accountId}, c.cleared_on, c.minor, c.book, c.known_on
      from unnest(${clearings.map((c) => c.itemId)}::uuid[], ${clearings.map((c) => c.on)}::date[], ${clearings.map((c) => String(c.minor))}::bigint[],
        ${clearings.map((c) => String(c.book))}::bigint[], ${clearings.map((c) => c.knownOn)}::date[]) as c (item_id, cleared_on, minor, book, known_on)`);
  for (const one of bookings)
    await tx.run(sql`
      insert into receivables.booking (
        tenant_id, overlay_item_id, booked_item_id, account_id, adjustment_item_id, booked_on, is_live, took_over)
      values (${tx.tenant}, ${one.overlayItemId}, ${one.bookedItemId}, ${accountId}, ${one.adjustmentItemId}, ${one.on}, ${one.isLive},
        ${[...one.tookOver]}::uuid[])
      on conflict (tenant_id, overlay_item_id, booked_item_id)
      do update set is_live = excluded.is_live, adjustment_item_id = excluded.adjustment_item_id, booked_on = excluded.booked_on,
        took_over = excluded.took_over`);
}

async function moveIn(tx: Tx, writing: Writing): Promise<void> {
  await tx.run(sql`
    insert into receivables.item (
      tenant_id, item_id, account_id, batch_id, layer, kind, currency, book_currency, posted_on, issued_on, instalment_no, order_key, is_opening,
      is_book_converted)
    select ${tx.tenant}, a.item_id, a.account_id, ${writing.batchId}, a.layer, a.kind, a.currency, ${writing.bookCurrency}, a.posted_on, a.posted_on,
           1, a.order_key, false, false
    from amended a
    where a.is_new`);
  await tx.run(sql`
    insert into receivables.item_version (
      tenant_id, item_id, version_no, original_minor, original_book_minor, due_on, is_due_estimated, document_no, label, payment_method, letter,
      lettered_on, fiscal_year, links, void_reason, known_on, is_known_assumed, batch_id)
    select ${tx.tenant}, a.item_id, a.version_no, a.minor, a.book_minor, coalesce(v.due_on, a.posted_on), coalesce(v.is_due_estimated, false),
           v.document_no, v.label, v.payment_method, v.letter, v.lettered_on, v.fiscal_year, v.links, a.void_reason, a.known_on, false,
           ${writing.batchId}
    from amended a
    left join receivables.item_version v on v.tenant_id = ${tx.tenant} and v.item_id = a.item_id and v.version_no = a.version_no - 1`);
  await tx.run(sql`insert into receivables.settlement select * from new_settlement order by settlement_id`);
  await tx.run(sql`insert into receivables.settlement_line select * from new_line`);
  await tx.run(sql`analyze new_state`);
  await tx.run(
    sql`delete from receivables.item_state s using new_state n where s.tenant_id = ${tx.tenant} and s.item_id = n.item_id`,
  );
  await tx.run(sql`
    insert into receivables.item_state (
      tenant_id, item_id, account_id, layer, kind, currency, book_currency, version_no, posted_on, issued_on, due_on, is_due_estimated, instalment_no,
      document_no, label, payment_method, letter, original_minor, original_book_minor, ledger_open_minor, ledger_open_book_minor,
      working_open_minor, working_open_book_minor, first_line_on, settled_on)
    select i.tenant_id, i.item_id, i.account_id, i.layer, i.kind, i.currency, i.book_currency, v.version_no, i.posted_on, i.issued_on, v.due_on,
           v.is_due_estimated, i.instalment_no, v.document_no, v.label, v.payment_method, v.letter, v.original_minor, v.original_book_minor,
           n.ledger_open, n.ledger_open_book, n.working_open, n.working_open_book, n.first_line_on, n.settled_on
    from new_state n
    join receivables.item i on i.tenant_id = ${tx.tenant} and i.item_id = n.item_id
    join receivables.item_version v on v.tenant_id = ${tx.tenant} and v.item_id = n.item_id and v.version_no = n.version_no
    where n.version_no > 0`);
}
