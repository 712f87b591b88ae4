import type { CalendarDate } from "#kernel/calendar-date.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import { copyValue, type Tx } from "#platform/database/index.ts";
import * as store from "../store/order-store.ts";

/** An order as a source gives it. `openMinor` is what of it is not invoiced yet. */
export type SourceOrder = {
  readonly key: string;
  readonly customerNumber: string;
  readonly number: string;
  readonly orderedOn: CalendarDate;
  readonly expectedOn: CalendarDate | null;
  readonly currency: Currency;
  readonly totalMinor: bigint;
  readonly openMinor: bigint;
};

export type OrderCounts = {
  readonly read: number;
  readonly new: number;
  readonly changed: number;
  readonly gone: number;
  /** Orders of customers that nobody knows. */
  readonly unknown: number;
};

/**
 * Keeps the orders of one source and company. `isWhole`: these are all its orders, what is absent is gone from `knownOn` on; else absence says nothing.
 * The same rows again change nothing.
 */
export async function ingestOrders(
  tx: Tx,
  source: { readonly sourceId: Uuid; readonly companyId: Uuid },
  orders: readonly SourceOrder[],
  options: { readonly isWhole: boolean; readonly knownOn: CalendarDate },
): Promise<OrderCounts> {
  await store.stageOrders(
    tx,
    orders.map((one) =>
      [
        newId(),
        one.key,
        one.customerNumber,
        one.number,
        one.orderedOn,
        one.expectedOn,
        one.currency,
        one.totalMinor,
        one.openMinor,
      ]
        .map(copyValue)
        .join("\t"),
    ),
  );
  const unknown = await store.countUnknown(tx);
  const changed = await store.updateOrders(tx, source, options.knownOn);
  const added = await store.insertOrders(tx, source, options.knownOn);
  const gone = options.isWhole ? await store.endAbsent(tx, source, options.knownOn) : 0;
  return { read: orders.length, new: added, changed, gone, unknown };
}
