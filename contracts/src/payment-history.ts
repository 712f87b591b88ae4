import { z } from "zod";
import { Day, Id } from "./common.ts";

const days = z.number().nullable();

/** Averages weighted by what was paid, in days with one decimal; null: too few invoices (under 3) to say anything. */
const Behaviour = z.object({
  /** Paid on invoices, in the reporting currency, minor units as text. */
  paidMinor: z.string().regex(/^-?\d{1,19}$/),
  invoices: z.number().int(),
  /** Cash day less due day; early is negative. */
  daysLate: days,
  /** Cash day less invoice day. */
  daysToPay: days,
});

export const PaymentTrend = z.enum(["better", "stable", "worse"]);
export type PaymentTrend = z.infer<typeof PaymentTrend>;

/** How a customer pays: month by month over 24 months, and the last 3 months against the 9 before. */
export const PaymentHistory = z
  .object({
    customerId: Id,
    asOf: Day,
    currency: z.string(),
    /** Oldest first; `month` is "YYYY-MM"; a month without a payment has no averages. A month's averages need one invoice only. */
    months: z.array(Behaviour.extend({ month: z.string() })),
    last3: Behaviour,
    before9: Behaviour,
    /** Null: too few invoices on either side. */
    trend: PaymentTrend.nullable(),
    changeDays: days,
    /** Currencies left out for want of a rate. */
    missingRates: z.array(z.string()),
  })
  .meta({ id: "PaymentHistory" });
export type PaymentHistory = z.infer<typeof PaymentHistory>;
export const PaymentHistoryQuery = z.object({ asOf: Day.optional(), companyId: Id.optional() });
export type PaymentHistoryQuery = z.infer<typeof PaymentHistoryQuery>;
