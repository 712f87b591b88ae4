import { z } from "zod";
import { Day, Id, Money, PageQuery, Total } from "./common.ts";
import { ItemKind, Layers } from "./receivables.ts";

/** An account whose balance here is not the one its source states: not chased automatically unless waived. */
export const Difference = z.object({
  id: Id,
  accountId: Id,
  companyId: Id,
  companyCode: z.string(),
  customerId: Id,
  account: z.string(),
  name: z.string(),
  foundOn: Day,
  here: Money,
  source: Money,
  difference: Money,
  waivedBy: z.string().nullable(),
  waivedReason: z.string().nullable(),
});
export type Difference = z.infer<typeof Difference>;
export const DifferenceList = z.object({ rows: z.array(Difference) });
export const WaiverWrite = z.object({ reason: z.string().trim().min(3).max(300) });

export const AccountLedgerQuery = PageQuery.extend({
  from: Day.optional(),
  to: Day.optional(),
  layers: Layers.default("ledger"),
});
export type AccountLedgerQuery = z.infer<typeof AccountLedgerQuery>;

export const AccountLedgerLine = z.object({
  itemId: Id,
  kind: ItemKind,
  layer: z.enum(["ledger", "overlay"]),
  journal: z.string().nullable(),
  entryNo: z.string().nullable(),
  documentNo: z.string().nullable(),
  label: z.string().nullable(),
  postedOn: Day,
  dueOn: Day,
  letter: z.string().nullable(),
  /** Book currency; one of the two is null. */
  debit: Money.nullable(),
  credit: Money.nullable(),
  /** In document currency where that is not the book currency. */
  document: Money.nullable(),
  /** Running balance in book currency, debit +. */
  balance: Money,
  open: Money,
  settledOn: Day.nullable(),
});
export type AccountLedgerLine = z.infer<typeof AccountLedgerLine>;

/** An account of the customers' ledger line by line: opening + movements = closing, in book currency. */
export const AccountLedger = z
  .object({
    account: z.object({
      id: Id,
      companyId: Id,
      companyCode: z.string(),
      customerId: Id,
      customerName: z.string(),
      controlAccount: z.string(),
      auxiliary: z.string(),
      name: z.string(),
    }),
    from: Day.nullable(),
    to: Day,
    opening: Money,
    debit: Money,
    credit: Money,
    closing: Money,
    rows: z.array(AccountLedgerLine),
    next: z.string().nullable(),
    total: Total,
  })
  .meta({ id: "AccountLedger" });
export type AccountLedger = z.infer<typeof AccountLedger>;
