import { z } from "zod";
import { Day, Id, Instant, Money } from "./common.ts";

/** What a column of a bank's CSV may mean. */
export const BankCsvField = z.enum([
  "bookedOn",
  "valueOn",
  "amount",
  "debit",
  "credit",
  "side",
  "label",
  "details",
  "payer",
  "payerAccount",
  "reference",
  "endToEndId",
  "mandate",
  "type",
  "balance",
]);
export type BankCsvField = z.infer<typeof BankCsvField>;
/** How a CSV is to be read. A header is looked for wherever it stands; without one, movements begin on `firstLine`. */
export const BankCsvLayout = z.object({
  separator: z.enum([";", ",", "\t", "|"]),
  header: z.array(z.string().max(200)).max(200),
  firstLine: z.number().int().min(1).max(1_000),
  columns: z.array(BankCsvField.nullable()).min(1).max(200),
  decimalMark: z.enum([",", "."]),
  dayOrder: z.enum(["dmy", "mdy"]),
});
export type BankCsvLayout = z.infer<typeof BankCsvLayout>;
/** A layout as JSON, in a query beside an upload. */
export const LayoutText = z.string().max(20_000);
export const BankCsvQuery = z.object({
  layout: LayoutText.optional(),
  separator: BankCsvLayout.shape.separator.optional(),
  bankAccountId: Id.optional(),
});
/** A table as it stands, how it is read, and what that gives. */
export const BankCsvPreview = z
  .object({
    rows: z.array(z.object({ line: z.number().int(), cells: z.array(z.string()) })),
    rowCount: z.number().int(),
    layout: BankCsvLayout,
    /** Why the layout gives no movements, in words. */
    reason: z.string().nullable(),
    count: z.number().int(),
    from: Day.nullable(),
    to: Day.nullable(),
    credit: Money.nullable(),
    debit: Money.nullable(),
    opening: Money.nullable(),
    closing: Money.nullable(),
    chain: z.enum(["ok", "broken", "unknown"]),
    /** The first movements as they would be taken in. */
    entries: z.array(
      z.object({
        line: z.number().int(),
        bookedOn: Day.nullable(),
        valueOn: Day.nullable(),
        amount: Money,
        text: z.string(),
        payerName: z.string().nullable(),
        reference: z.string().nullable(),
      }),
    ),
    faults: z.array(
      z.object({ code: z.string(), line: z.number().int(), column: z.string().nullable(), text: z.string() }),
    ),
    faultCount: z.number().int(),
  })
  .meta({ id: "BankCsvPreview" });
export type BankCsvPreview = z.infer<typeof BankCsvPreview>;
export const BankCsvLayoutList = z.object({
  rows: z.array(
    z.object({
      id: Id,
      bankAccountId: Id,
      accountName: z.string(),
      companyCode: z.string(),
      layout: BankCsvLayout,
      confirmedAt: Instant,
    }),
  ),
});
