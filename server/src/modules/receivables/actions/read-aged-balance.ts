import type { AgedBalance, AgedBalanceQuery, AgedRow } from "#contracts/receivables.ts";
import { type CalendarDate, day } from "#kernel/calendar-date.ts";
import { currency, money, parseCurrency } from "#kernel/money.ts";
import { findTenant } from "#modules/access/index.ts";
import { idsOfGroup } from "#modules/parties/index.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import { loadRates } from "#platform/rates/index.ts";
import { settingOn } from "#platform/settings/index.ts";
import { AGEING_BUCKETS, bucketsOf } from "../core/ageing.ts";
import { agedBalance, agedBalanceKept, type AgedRow as StoredRow } from "../store/aged-balance.ts";

/** The aged balance of a query; buckets by the setting in force on its day. */
export async function readAgedBalance(tx: Tx, query: AgedBalanceQuery, today: CalendarDate): Promise<AgedBalance> {
  const asOf = query.asOf ? day(query.asOf) : today;
  const knownOn = query.knownOn ? day(query.knownOn) : undefined;
  const { value: bucketEnds } = await settingOn(tx, AGEING_BUCKETS, asOf);
  const { layers, by, companyId, customerId, ownerId } = query;
  const customerIds = query.groupOf ? await idsOfGroup(tx, query.groupOf, query.groupKind, today) : undefined;
  const filter = { asOf, knownOn, layers, by, companyId, customerId, customerIds, ownerId, bucketEnds };
  const sort = { column: query.sort, isDescending: query.direction === "desc" };
  const kept = asOf === today ? await agedBalanceKept(tx, filter, sort, query.limit) : undefined;
  const { rows, totals, rowCount } = kept ?? (await agedBalance(tx, filter, sort, query.limit));
  return {
    asOf,
    knownOn: knownOn ?? null,
    layers,
    by,
    buckets: bucketsOf(bucketEnds),
    rows: rows.map(toRow),
    totals: totals.map(toRow),
    consolidated: by === "currency" ? null : await consolidate(tx, totals, asOf),
    rowCount,
    assumedBefore: knownOn ? await assumedBefore(tx) : null,
  };
}

/** Totals of several book currencies in the reporting currency; null where there is nothing to convert. */
async function consolidate(
  tx: Tx,
  totals: readonly StoredRow[],
  asOf: CalendarDate,
): Promise<AgedBalance["consolidated"]> {
  const tenant = await findTenant(tx, tx.tenant);
  const to = tenant && parseCurrency(tenant.reportingCurrency);
  if (!to || totals.every((total) => total.currency === to)) return null;
  const currencies = totals.map((total) => currency(total.currency));
  const table = await loadRates(tx, [...currencies, to]);
  const rates: { currency: string; rateOn: CalendarDate; isOld: boolean }[] = [];
  const missing: string[] = [];
  const sum = { total: 0n, overdue: 0n, unapplied: 0n, creditNotes: 0n };
  const buckets: bigint[] = [];
  for (const total of totals) {
    const convert = (minor: bigint) => table.convert(money(minor, currency(total.currency)), to, asOf);
    const whole = convert(total.total);
    if (!whole) {
      missing.push(total.currency);
      continue;
    }
    if (total.currency !== to) rates.push({ currency: total.currency, rateOn: whole.rateOn, isOld: whole.isOld });
    const minorOf = (minor: bigint) => convert(minor)?.money.minor ?? 0n;
    for (const key of ["total", "overdue", "unapplied", "creditNotes"] as const) sum[key] += minorOf(total[key]);
    total.buckets.forEach((minor, i) => {
      buckets[i] = (buckets[i] ?? 0n) + minorOf(minor);
    });
  }
  return {
    currency: to,
    total: String(sum.total),
    overdue: String(sum.overdue),
    unapplied: String(sum.unapplied),
    creditNotes: String(sum.creditNotes),
    buckets: buckets.map(String),
    rates,
    missing,
  };
}

/** Last day on which a first load was made: until then what was known when is assumed. */
async function assumedBefore(tx: Tx): Promise<CalendarDate | null> {
  const { on } = await tx.one<{ on: CalendarDate | null }>(sql`
    select max(known_on) as "on"
    from receivables.batch
    where tenant_id = ${tx.tenant} and is_first_load`);
  return on;
}

const toRow = (row: StoredRow): AgedRow => ({
  key: row.key,
  number: row.number,
  name: row.name,
  currency: row.currency,
  total: String(row.total),
  overdue: String(row.overdue),
  unapplied: String(row.unapplied),
  creditNotes: String(row.creditNotes),
  buckets: row.buckets.map(String),
  items: row.items,
});
