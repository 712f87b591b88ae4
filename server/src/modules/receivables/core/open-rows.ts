import type { CalendarDate } from "#kernel/calendar-date.ts";
import { bucketOf, bucketsOf } from "./ageing.ts";
import { wantedSettlements } from "./desired.ts";
import type { LedgerItem } from "./ledger.ts";
import { hashedKey } from "./row-key.ts";
import type { SourceItem } from "./source-row.ts";

export type OpenByAge = {
  readonly buckets: readonly {
    readonly from: number | null;
    readonly to: number | null;
    readonly count: number;
    readonly minor: bigint;
  }[];
  readonly credits: { readonly count: number; readonly minor: bigint };
};

/**
 * What rows of one source leave open in book currency when they are loaded alone, by age on `asOf`, account after account: the very settlement
 * of a load, without storing anything. `ends` are the ends of the ageing buckets.
 */
export function openRowsByAge(
  accounts: Iterable<readonly SourceItem[]>,
  asOf: CalendarDate,
  ends: readonly number[],
  isSettledByRule: boolean,
): OpenByAge {
  const buckets = bucketsOf(ends).map((bucket) => ({ ...bucket, count: 0, minor: 0n }));
  const credits = { count: 0, minor: 0n };
  for (const rows of accounts) {
    const { room } = wantedSettlements(itemsOf(rows, isSettledByRule), [], []);
    for (const [index, row] of rows.entries()) {
      const book = room.get(String(index))?.book ?? 0n;
      const into = book > 0n ? buckets[bucketOf(row.dueOn, asOf, ends)] : credits;
      if (book === 0n || !into) continue;
      into.count += 1;
      into.minor += book;
    }
  }
  return { buckets, credits };
}

function itemsOf(rows: readonly SourceItem[], isSettledByRule: boolean): LedgerItem[] {
  const seen = new Map<string, number>();
  return rows.map((row, index) => {
    const key = row.key ?? hashedKey(row);
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    return {
      itemId: String(index),
      layer: "ledger",
      kind: row.kind,
      currency: row.currency,
      postedOn: row.postedOn,
      instalmentNo: row.instalmentNo,
      orderKey: row.key ?? `${key}#${nth}`,
      isOpening: row.isOpening,
      isSettledByRule,
      minor: row.minor,
      book: row.bookMinor,
      documentNo: row.documentNo,
      letter: row.letter,
      fiscalYear: row.fiscalYear,
      links: row.links ?? [],
      voidReason: null,
      knownOn: row.postedOn,
    };
  });
}
