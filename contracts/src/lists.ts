import { z } from "zod";
import { Day, Id, PageQuery, Total } from "./common.ts";
import { CriterionInfo } from "./criteria.ts";

/** Lists whose rows, columns, filter, order and groups are all criteria of one catalogue. */
export const ListSubject = z.enum(["customer", "account"]);
export type ListSubject = z.infer<typeof ListSubject>;

const key = z.string().regex(/^[a-z_]+\.[a-z0-9_.-]{1,80}$/);

/** A list in a query string: `a,b`. */
const keys = z.preprocess(
  (value) => (typeof value === "string" ? value.split(",").filter(Boolean) : value),
  z.array(key).max(30),
);

export const ListQuery = PageQuery.extend({
  /** Criteria shown, in this order; absent: those of the list as shipped. */
  columns: keys.optional(),
  /** A criteria expression as JSON. */
  filter: z.string().max(8_000).optional(),
  /** Words of a name, or the beginning of a number. */
  text: z.string().trim().max(100).optional(),
  companyId: Id.optional(),
  /** Figures on that day; today unless said. */
  asOf: Day.optional(),
  /** As it was known on that day; absent: as known today. */
  knownOn: Day.optional(),
  sort: key.optional(),
  direction: z.enum(["asc", "desc"]).default("asc"),
  /** One line per value of this criterion, with count and totals. */
  group: key.optional(),
});
export type ListQuery = z.infer<typeof ListQuery>;

/** Money is whole minor units as text, in the row's currency; integers are numbers; days are YYYY-MM-DD. */
export const ListValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type ListValue = z.infer<typeof ListValue>;

/** `currency` is that of every money value of the row. */
export const ListRow = z.object({ id: Id, currency: z.string(), values: z.record(z.string(), ListValue) });
export type ListRow = z.infer<typeof ListRow>;

/** Sums of money and counts over all rows of the filter, one per currency. */
export const ListSum = z.object({
  currency: z.string(),
  count: z.number().int(),
  values: z.record(z.string(), z.string()),
});
export type ListSum = z.infer<typeof ListSum>;

export const ListPage = z
  .object({
    asOf: Day,
    knownOn: Day.nullable(),
    columns: z.array(CriterionInfo),
    rows: z.array(ListRow),
    next: z.string().nullable(),
    /** On the first page only. */
    total: Total.nullable(),
    /** On the first page only. */
    sums: z.array(ListSum),
    /** On the first page only, when a group was asked for; largest count first, at most 500. */
    groups: z.array(ListSum.extend({ value: ListValue })),
    /** Currencies that could not be converted into the reporting currency for want of a rate; their amounts are in no figure. */
    missingRates: z.array(z.string()),
  })
  .meta({ id: "ListPage" });
export type ListPage = z.infer<typeof ListPage>;
