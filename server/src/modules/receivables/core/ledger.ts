import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import type { ItemKind, SourceLink } from "./source-row.ts";

/** `ledger` came from the accounting system; `overlay` was known here first. */
export type Layer = "ledger" | "overlay";

/** Who says that items extinguish one another. */
export type Origin = "source" | "person" | "rule";

/** `absent`: vanished from its source; `set_aside`: an opening line whose year is loaded; `undone`: its batch was; `unbooked`: its booking went. */
export type VoidReason = "absent" | "set_aside" | "undone" | "unbooked";

/** An item by its last version. Receivable +, credit −; `minor` in `currency`, `book` in the company's book currency. */
export type LedgerItem = {
  readonly itemId: Uuid;
  readonly layer: Layer;
  readonly kind: ItemKind;
  readonly currency: string;
  readonly postedOn: CalendarDate;
  readonly instalmentNo: number;
  /** The item's first source key: makes every order total and independent of the order of arrival. */
  readonly orderKey: string;
  readonly isOpening: boolean;
  /** Its source letters badly: what it leaves open is settled by rule. */
  readonly isSettledByRule: boolean;
  readonly minor: bigint;
  readonly book: bigint;
  readonly documentNo: string | null;
  readonly letter: string | null;
  readonly fiscalYear: CalendarDate | null;
  readonly links: readonly SourceLink[];
  /** Set while the row is not there: it leaves every as-of. */
  readonly voidReason: VoidReason | null;
  /** Day the last version became known. */
  readonly knownOn: CalendarDate;
};

/** One line per settlement entry, item and day. Entry 0 lays, later entries undo. */
export type Line = {
  readonly itemId: Uuid;
  readonly effectiveOn: CalendarDate;
  readonly settlementId: Uuid;
  readonly entryNo: number;
  readonly layer: Layer;
  readonly minor: bigint;
  readonly book: bigint;
  readonly knownOn: CalendarDate;
};

export type Settlement = {
  readonly settlementId: Uuid;
  readonly layer: Layer;
  readonly origin: Origin;
  /** What it stands for: "letter/…", "link/…", "rule/…", "cleared/…", "person/…", "booked/…". */
  readonly groupKey: string;
  /** The settlement this one was laid again from, where a booking took over. */
  readonly replacesId: Uuid | null;
};

/** What an open snapshot found: on `on`, `minor` of the item was cleared (its sign) or came back (opposite sign). */
export type Clearing = {
  readonly itemId: Uuid;
  readonly on: CalendarDate;
  readonly minor: bigint;
  readonly book: bigint;
  readonly knownOn: CalendarDate;
};

/** A booked item stands in for an overlay item from `on`, against the adjustment item "booked". */
export type Booking = {
  readonly overlayItemId: Uuid;
  readonly bookedItemId: Uuid;
  readonly adjustmentItemId: Uuid;
  readonly on: CalendarDate;
  readonly isLive: boolean;
  /** Overlay settlements the booked item took over, given back when the booking goes. */
  readonly tookOver: readonly Uuid[];
};

/** Posting day, then instalment, then key: never the due date, whose edit must not re-pair. */
export function byAge(
  a: Pick<LedgerItem, "postedOn" | "instalmentNo" | "orderKey">,
  b: Pick<LedgerItem, "postedOn" | "instalmentNo" | "orderKey">,
): number {
  if (a.postedOn !== b.postedOn) return a.postedOn < b.postedOn ? -1 : 1;
  if (a.instalmentNo !== b.instalmentNo) return a.instalmentNo - b.instalmentNo;
  return a.orderKey < b.orderKey ? -1 : a.orderKey > b.orderKey ? 1 : 0;
}

export const absolute = (value: bigint): bigint => (value < 0n ? -value : value);
export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

export const isVoid = (item: LedgerItem): boolean => item.voidReason !== null;

/** What is left of an item while settlements are worked out, signed. */
export type Room = { minor: bigint; book: bigint };
