import type { PaymentHistory, PaymentHistoryQuery } from "#contracts/payment-history.ts";
import { addMonths, type CalendarDate, day } from "#kernel/calendar-date.ts";
import { currency, EUR, money, parseCurrency } from "#kernel/money.ts";
import { findTenant } from "#modules/access/index.ts";
import { findCustomer } from "#modules/parties/index.ts";
import type { Tx } from "#platform/database/index.ts";
import { loadRates } from "#platform/rates/index.ts";
import { addSums, LEAST_INVOICES, NOTHING_PAID, type PaidSums, shownAverage, trendOf } from "../core/payment-trend.ts";
import { type MonthRow, paidByMonth } from "../store/payment-history.ts";

const MONTHS = 24;

/** How a customer paid over 24 months. Undefined when there is no such customer. */
export async function readPaymentHistory(
  tx: Tx,
  customerId: string,
  query: PaymentHistoryQuery,
  today: CalendarDate,
): Promise<PaymentHistory | undefined> {
  const customer = await findCustomer(tx, customerId);
  if (!customer) return undefined;
  const asOf = query.asOf ? day(query.asOf) : today;
  const first = addMonths(day(`${asOf.slice(0, 7)}-01`), 1 - MONTHS);
  const found = await paidByMonth(tx, { customerId: customer.id, companyId: query.companyId, from: first, to: asOf });
  const tenant = await findTenant(tx, tx.tenant);
  const reporting = parseCurrency(tenant?.reportingCurrency ?? "") ?? EUR;
  const { sumsOf, missing } = await converted(tx, found, reporting, asOf);
  const sumOf = (is: (row: MonthRow) => boolean) => found.filter(is).map(sumsOf).reduce(addSums, NOTHING_PAID);
  const months = Array.from({ length: MONTHS }, (_, index) => {
    const month = addMonths(first, index).slice(0, 7);
    return {
      month,
      ...behaviour(
        sumOf((row) => row.month === month),
        1,
      ),
    };
  });
  const last3 = sumOf((row) => row.part === "last3");
  const before9 = sumOf((row) => row.part === "before9");
  const change = trendOf(last3, before9);
  return {
    customerId: customer.id,
    asOf,
    currency: reporting,
    months,
    last3: behaviour(last3, LEAST_INVOICES),
    before9: behaviour(before9, LEAST_INVOICES),
    trend: change?.trend ?? null,
    changeDays: change?.changeDays ?? null,
    missingRates: missing,
  };
}

const behaviour = (sums: PaidSums, least: number) => ({
  paidMinor: String(sums.paidMinor),
  invoices: sums.invoices,
  daysLate: shownAverage(sums.lateSum, sums, least),
  daysToPay: shownAverage(sums.takenSum, sums, least),
});

/** Rows in the reporting currency: amounts exactly once per row, weights in proportion; a currency without a rate weighs nothing. */
async function converted(
  tx: Tx,
  rows: readonly MonthRow[],
  reporting: ReturnType<typeof currency>,
  asOf: CalendarDate,
) {
  const own = [...new Set(rows.map((row) => row.bookCurrency))];
  const table = own.every((one) => one === reporting)
    ? undefined
    : await loadRates(tx, [...own.map((one) => currency(one)), reporting]);
  const missing = new Set<string>();
  const sumsOf = (row: MonthRow): PaidSums => {
    const isOwn = row.bookCurrency === reporting;
    const paid = isOwn
      ? row.weight
      : table?.convert(money(row.weight, currency(row.bookCurrency)), reporting, asOf)?.money.minor;
    if (paid === undefined) {
      missing.add(row.bookCurrency);
      return NOTHING_PAID;
    }
    const factor = row.weight === 0n ? 1 : Number(paid) / Number(row.weight);
    return {
      paidMinor: paid,
      invoices: Number(row.invoices),
      weight: Number(paid),
      lateSum: Number(row.late) * factor,
      takenSum: Number(row.taken) * factor,
    };
  };
  for (const row of rows) sumsOf(row);
  return { sumsOf, missing: [...missing].sort() };
}
