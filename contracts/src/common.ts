import { z } from "zod";

/** Exact amount: whole minor units as text, because JSON numbers lose digits. */
export const Money = z
  .object({ minor: z.string().regex(/^-?\d{1,19}$/), currency: z.string().regex(/^[A-Z]{3}$/) })
  .meta({ id: "Money" });
export type Money = z.infer<typeof Money>;

/** A calendar day "YYYY-MM-DD" that exists. */
export const Day = z.iso.date();
export const Instant = z.iso.datetime();
export const Id = z.uuid();
export const Language = z.enum(["fr", "en"]);
export type Language = z.infer<typeof Language>;

/** At most 500 rows a page; `cursor` is what the previous page gave as `next`. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(500).optional(),
});

/** Totals are exact up to 10,000 rows; beyond, `exact` is false and `count` says "at least". */
export const Total = z.object({ count: z.number().int(), exact: z.boolean() });

/** A page of rows with the cursor of the next one. */
export const pageOf = <Row extends z.ZodType>(row: Row) =>
  z.object({ rows: z.array(row), next: z.string().nullable(), total: Total });

/** Error body, RFC 9457. `code` is stable for programs, `detail` is for people in their language. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string(),
    instance: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    current: z.unknown().optional(),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof Problem>;

export const Empty = z.object({});
