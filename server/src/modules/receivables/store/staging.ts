import type { Uuid } from "#kernel/ids.ts";
import { copyValue, sql, type Tx, withoutNestedLoops } from "#platform/database/index.ts";
import type { BatchInput } from "../core/batch.ts";
import { hashedKey, linksText, rowDigest } from "../core/row-key.ts";
import type { SourceItem } from "../core/source-row.ts";
import { idRun } from "./id-run.ts";

export type Staged = { readonly read: number; readonly debitMinor: bigint; readonly creditMinor: bigint };

/** Copies the rows of a batch into the temporary table `staged`, one pass, nothing kept in memory; each row carries the id it gets if it is new. */
export async function stage(tx: Tx, input: BatchInput): Promise<Staged> {
  await tx.run(sql`
    create temp table staged (
      seq int, item_id uuid, account_id uuid, key text collate "C", is_hashed boolean, digest bigint, kind text collate "C",
      journal text collate "C", entry_no text collate "C", document_no text collate "C", label text collate "C", issued_on date, posted_on date,
      due_on date, is_due_estimated boolean, instalment_no int, currency char(3), minor bigint, book_minor bigint, is_book_converted boolean,
      payment_method text collate "C", letter text collate "C", lettered_on date, fiscal_year date, is_opening boolean, links jsonb,
      open_minor bigint, open_book_minor bigint, line int
    ) on commit drop`);
  const counted = { read: 0, debitMinor: 0n, creditMinor: 0n };
  await tx.copyIn("staged", stagedLines(input, counted));
  await tx.run(sql`analyze staged (account_id, key)`);
  return counted;
}

async function* stagedLines(input: BatchInput, counted: { read: number; debitMinor: bigint; creditMinor: bigint }) {
  const nextId = idRun();
  for await (const row of input.rows()) {
    counted.read += 1;
    if (row.bookMinor >= 0n) counted.debitMinor += row.bookMinor;
    else counted.creditMinor -= row.bookMinor;
    yield stagedLine(row, counted.read, nextId());
  }
}

function stagedLine(row: SourceItem, seq: number, itemId: Uuid): string {
  const key = row.key === null ? `${hashedKey(row)}#1` : copyValue(row.key);
  return [
    seq,
    itemId,
    row.accountId,
    key,
    row.key === null ? "t" : "f",
    rowDigest(row),
    row.kind,
    copyValue(row.journal),
    copyValue(row.entryNo),
    copyValue(row.documentNo),
    copyValue(row.label),
    row.issuedOn,
    row.postedOn,
    row.dueOn,
    row.isDueEstimated ? "t" : "f",
    row.instalmentNo,
    row.currency,
    row.minor,
    row.bookMinor,
    row.isBookConverted ? "t" : "f",
    copyValue(row.paymentMethod),
    copyValue(row.letter),
    row.letteredOn ?? "\\N",
    row.fiscalYear ?? "\\N",
    row.isOpening ? "t" : "f",
    copyValue(linksText(row)),
    row.openMinor ?? "\\N",
    row.openBookMinor ?? "\\N",
    row.line ?? "\\N",
  ].join("\t");
}

/** Numbers equal lines of one entry (`#2`, `#3`...); returns a source's own key that stands on two rows, with the later row's line. */
export async function numberEqualLines(tx: Tx): Promise<{ key: string; line: number } | undefined> {
  await tx.run(sql`
    create temp table repeated on commit drop as
    select key, bool_or(is_hashed) as is_hashed
    from staged
    group by key
    having count(*) > 1`);
  const own = await tx.maybeOne<{ key: string; line: number }>(sql`
    select s.key, coalesce(s.line, s.seq) as line
    from repeated r
    join staged s on s.key = r.key
    where not r.is_hashed
    order by s.key, s.seq
    offset 1
    limit 1`);
  if (own) return own;
  await tx.run(sql`
    update staged s
    set key = left(s.key, -1) || n.nth
    from (
      select t.seq, row_number() over (partition by t.key order by t.seq) as nth
      from repeated r
      join staged t on t.key = r.key
    ) n
    where n.seq = s.seq and n.nth > 1`);
  return undefined;
}

/** An account named by a row that is not one of the company's; undefined when all are. */
export const strangeAccount = (tx: Tx, companyId: Uuid): Promise<{ accountId: Uuid; line: number } | undefined> =>
  withoutNestedLoops(tx, () =>
    tx.maybeOne(sql`
      with named as materialized (select account_id, min(seq) as seq from staged group by account_id)
      select n.account_id as "accountId", coalesce(s.line, s.seq) as line
      from named n
      join staged s on s.seq = n.seq
      left join parties.account_current a
        on a.tenant_id = ${tx.tenant} and a.account_id = n.account_id and a.company_id = ${companyId}
      where a.account_id is null
      order by n.seq
      limit 1`),
  );
