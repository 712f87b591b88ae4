import { type CalendarDate, daysBetween, earlierOf } from "#kernel/calendar-date.ts";
import { type Currency, divideRounded, exponentOf, type Money } from "#kernel/money.ts";
import { type GlobalTx, sql, type Tx } from "../database/index.ts";

export { parseRates } from "./parse-rates.ts";

/** A rate found for a day: units of the currency for one euro, and the day it was published. */
export type Rate = { readonly perEuro: string; readonly rateOn: CalendarDate };

/** An amount converted, with what a reader must be told: the day of the rate, and whether it is older than 7 days. */
export type Converted = { readonly money: Money; readonly rateOn: CalendarDate; readonly isOld: boolean };

export type RateTable = {
  /** Converted through the euro at the last rate on or before `on`, rounded once half away from zero; undefined without a rate. */
  convert(amount: Money, to: Currency, on: CalendarDate): Converted | undefined;
};

const OLD_AFTER_DAYS = 7;
const SCALE = 10n ** 10n;

/** Loads the rates of some currencies for lookups in memory: reference rates, and the tenant's own where it has set them. */
export async function loadRates(tx: Tx, currencies: readonly Currency[]): Promise<RateTable> {
  const rows = await tx.rows<{ currency: Currency; rate_on: CalendarDate; per_euro: string }>(sql`
    select currency, rate_on, per_euro from (
      select distinct on (currency, rate_on) currency, rate_on, per_euro
      from (
        select currency, rate_on, per_euro, 1 as rank from platform.fx_rate_override
        where tenant_id = ${tx.tenant} and currency = any(${[...currencies]}::text[])
        union all
        select currency, rate_on, per_euro, 2 from platform.fx_rate where currency = any(${[...currencies]}::text[])
      ) as both_sources
      order by currency, rate_on, rank
    ) as best
    order by currency, rate_on`);
  const byCurrency = new Map<string, Rate[]>();
  for (const row of rows) {
    const list = byCurrency.get(row.currency) ?? [];
    list.push({ perEuro: row.per_euro, rateOn: row.rate_on });
    byCurrency.set(row.currency, list);
  }
  return rateTable(byCurrency);
}

/** A table over rates by currency, each list in order of days. */
export function rateTable(byCurrency: ReadonlyMap<string, readonly Rate[]>): RateTable {
  const rateOf = (currency: Currency, on: CalendarDate): { scaled: bigint; rateOn: CalendarDate } | undefined => {
    if (currency === "EUR") return { scaled: SCALE, rateOn: on };
    const rate = lastOnOrBefore(byCurrency.get(currency) ?? [], on);
    return rate && { scaled: scaled(rate.perEuro), rateOn: rate.rateOn };
  };
  return {
    convert: (amount, to, on) => {
      if (amount.currency === to) return { money: amount, rateOn: on, isOld: false };
      const from = rateOf(amount.currency, on);
      const target = rateOf(to, on);
      if (!from || !target || from.scaled === 0n) return undefined;
      const up = 10n ** BigInt(exponentOf(to));
      const down = 10n ** BigInt(exponentOf(amount.currency));
      const minor = divideRounded(amount.minor * target.scaled * up, from.scaled * down);
      const rateOn = earlierOf(from.rateOn, target.rateOn);
      return { money: { minor, currency: to }, rateOn, isOld: daysBetween(rateOn, on) > OLD_AFTER_DAYS };
    },
  };
}

function lastOnOrBefore(rates: readonly Rate[], on: CalendarDate): Rate | undefined {
  let low = 0;
  let high = rates.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rates[middle]?.rateOn ?? "") <= on) low = middle + 1;
    else high = middle;
  }
  return rates[low - 1];
}

/** Decimal text as a whole number of ten-billionths. */
function scaled(text: string): bigint {
  const [whole = "0", fraction = ""] = text.split(".");
  return BigInt(whole) * SCALE + BigInt(fraction.slice(0, 10).padEnd(10, "0"));
}

/** Adds or corrects reference rates of a source. */
export async function saveRates(
  tx: GlobalTx,
  source: string,
  rates: readonly { currency: string; rateOn: string; perEuro: string }[],
): Promise<number> {
  return tx.run(sql`
    insert into platform.fx_rate (source, currency, rate_on, per_euro)
    select ${source}, currency, rate_on, per_euro
    from unnest(${rates.map((rate) => rate.currency)}::text[], ${rates.map((rate) => rate.rateOn)}::date[],
      ${rates.map((rate) => rate.perEuro)}::numeric[]) as given (currency, rate_on, per_euro)
    on conflict (source, currency, rate_on) do update set per_euro = excluded.per_euro
    where fx_rate.per_euro is distinct from excluded.per_euro`);
}

/** Newest rate of each currency. */
export const latestRates = (tx: GlobalTx) =>
  tx.rows<{ currency: string; rateOn: string; perEuro: string; source: string }>(sql`
    select distinct on (currency) currency, rate_on as "rateOn", per_euro::text as "perEuro", source
    from platform.fx_rate
    order by currency, rate_on desc`);
