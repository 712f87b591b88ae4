import type { Uuid } from "#kernel/ids.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import type { SourceItem, SourceLink } from "../core/source-row.ts";

/** An item as its source last said it, account by name. */
export type StandingItem = Omit<SourceItem, "accountId" | "line" | "key"> & {
  readonly key: string;
  readonly controlAccount: string;
  readonly auxiliary: string;
};

type Row = Omit<StandingItem, "links"> & {
  links: { key?: string; documentNo?: string; minor?: string }[] | null;
};

/** The items of a source by its keys, as they stand; void ones and unknown keys are absent. */
export async function standingItems(tx: Tx, sourceId: Uuid, keys: readonly string[]): Promise<StandingItem[]> {
  if (keys.length === 0) return [];
  const rows = await tx.rows<Row>(sql`
    select r.key, a.control_account as "controlAccount", a.auxiliary, i.kind, i.journal, i.entry_no as "entryNo", v.document_no as "documentNo",
           v.label, i.issued_on as "issuedOn", i.posted_on as "postedOn", v.due_on as "dueOn", v.is_due_estimated as "isDueEstimated",
           i.instalment_no as "instalmentNo", i.currency, v.original_minor as minor, v.original_book_minor as "bookMinor",
           i.is_book_converted as "isBookConverted", v.payment_method as "paymentMethod", v.letter, v.lettered_on as "letteredOn",
           v.fiscal_year as "fiscalYear", i.is_opening as "isOpening", v.links
    from receivables.external_ref r
    join receivables.item i on i.tenant_id = r.tenant_id and i.item_id = r.item_id
    join parties.account_current a on a.tenant_id = i.tenant_id and a.account_id = i.account_id
    cross join lateral (
      select *
      from receivables.item_version
      where tenant_id = i.tenant_id and item_id = i.item_id
      order by version_no desc
      limit 1
    ) v
    where r.tenant_id = ${tx.tenant} and r.source_id = ${sourceId} and r.key = any(${[...keys]}::text[]) and r.digest is not null
      and v.void_reason is null`);
  return rows.map(({ links, isBookConverted, ...row }) => ({
    ...row,
    ...(isBookConverted ? { isBookConverted } : {}),
    ...(links && links.length > 0 ? { links: links.map(linkOf) } : {}),
  }));
}

const linkOf = ({ key, documentNo, minor }: { key?: string; documentNo?: string; minor?: string }): SourceLink => ({
  ...(key === undefined ? {} : { key }),
  ...(documentNo === undefined ? {} : { documentNo }),
  ...(minor === undefined ? {} : { minor: BigInt(minor) }),
});
