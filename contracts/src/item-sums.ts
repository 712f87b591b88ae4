import { z } from "zod";
import { Day } from "./common.ts";
import { ListValue } from "./lists.ts";
import { ItemQuery } from "./receivables.ts";

const minor = z.string().regex(/^-?\d{1,19}$/);

/** Of all items of a list, loaded or not: in their document currency. */
const Sum = z.object({
  currency: z.string(),
  items: z.number().int(),
  openMinor: minor,
  overdueMinor: minor,
  originalMinor: minor,
});

export const ItemSumsQuery = ItemQuery.omit({ limit: true, cursor: true, sort: true, direction: true }).extend({
  /** One line per value of this criterion of items. */
  group: z
    .string()
    .regex(/^item\.[a-z0-9_]{1,80}$/)
    .optional(),
});
export type ItemSumsQuery = z.infer<typeof ItemSumsQuery>;

export const ItemSums = z
  .object({
    asOf: Day,
    items: z.number().int(),
    sums: z.array(Sum),
    /** Open amounts of the books in the reporting currency, at the rates of the day; null without a rate for one of the books. */
    reporting: z.object({ currency: z.string(), openMinor: minor, overdueMinor: minor }).nullable(),
    /** Largest count first, at most 500. */
    groups: z.array(Sum.extend({ value: ListValue })),
  })
  .meta({ id: "ItemSums" });
export type ItemSums = z.infer<typeof ItemSums>;
