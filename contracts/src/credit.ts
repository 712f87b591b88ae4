import { z } from "zod";
import { Day, Id, Money } from "./common.ts";

/** An order not yet invoiced in full; `open` is what will still be invoiced. */
export const Order = z.object({
  id: Id,
  companyId: Id,
  number: z.string(),
  orderedOn: Day,
  expectedOn: Day.nullable(),
  total: Money,
  open: Money,
});
export type Order = z.infer<typeof Order>;
/** `sums`: of all orders in progress, one per currency; `isCut`: there are more rows than shown. */
export const OrderList = z.object({
  rows: z.array(Order.extend({ companyCode: z.string() })),
  sums: z.array(z.object({ orders: z.number().int(), total: Money, open: Money })),
  isCut: z.boolean(),
});
export type OrderList = z.infer<typeof OrderList>;
export const OrderQuery = z.object({ companyId: Id.optional() });

/** A supplier account of the books that is a customer's own: what we owe them stands against what they owe us. */
export const Offset = z.object({
  id: Id,
  companyId: Id,
  companyCode: z.string(),
  supplierNo: z.string(),
  supplierName: z.string(),
  /** Both agreed to set off: exposure may be lowered, and automatic reminders ask a person first. */
  isAgreed: z.boolean(),
  note: z.string().nullable(),
  validFrom: Day,
  /** What we owe them, in the company's book currency, on `statedOn`; null where no load has said it yet. */
  owed: Money.nullable(),
  statedOn: Day.nullable(),
});
export type Offset = z.infer<typeof Offset>;

export const SupplierAccount = z.object({
  companyId: Id,
  companyCode: z.string(),
  supplierNo: z.string(),
  supplierName: z.string(),
  owed: Money,
  statedOn: Day,
});
export type SupplierAccount = z.infer<typeof SupplierAccount>;

/** `owed`: the sum by book currency. `suggestions`: suppliers of nobody with the customer's name or number. */
export const OffsetList = z.object({
  rows: z.array(Offset),
  owed: z.array(Money),
  /** How many supplier accounts the books name; 0: there is nothing to link. */
  supplierCount: z.number().int(),
  suggestions: z.array(SupplierAccount),
});
export type OffsetList = z.infer<typeof OffsetList>;
export const OffsetQuery = z.object({ asOf: Day.optional(), knownOn: Day.optional() });

const note = z.string().trim().max(300).nullable();
export const OffsetWrite = z.object({
  companyId: Id,
  supplierNo: z.string().trim().min(1).max(60),
  isAgreed: z.boolean(),
  note: note.default(null),
});
export const OffsetChange = z.object({ isAgreed: z.boolean(), note });
export const OffsetId = z.object({ id: Id });

export const SupplierAccountQuery = z.object({ text: z.string().trim().max(100).default("") });
export const SupplierAccountList = z.object({ rows: z.array(SupplierAccount) });

/** Balances of supplier accounts on one day, in the company's book currency; what we owe is positive. */
export const SupplierBalancesWrite = z.object({
  statedOn: Day,
  /** These are all of them: an account that is absent is owed nothing on that day. */
  isWhole: z.boolean().default(false),
  rows: z
    .array(
      z.object({
        supplierNo: z.string().trim().min(1).max(60),
        name: z.string().trim().max(200),
        owedMinor: z.string().regex(/^-?\d{1,18}$/),
      }),
    )
    .max(20_000),
});
export const SupplierBalancesKept = z.object({ read: z.number().int(), changed: z.number().int() });
