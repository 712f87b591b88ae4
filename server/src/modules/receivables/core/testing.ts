import { addDays, type CalendarDate, day } from "#kernel/calendar-date.ts";
import type { Booking, Clearing, LedgerItem, Line, Settlement } from "./ledger.ts";
import type { Period } from "./openings.ts";
import type { OverlayRequest } from "./overlay.ts";
import { type AccountOutcome, type Snapshot, settleAccount } from "./settle-account.ts";
import type { ItemState } from "./state.ts";

type Given = Partial<Omit<LedgerItem, "itemId" | "orderKey" | "knownOn">> & { readonly key?: string };

type Version = { readonly item: LedgerItem; readonly knownOn: CalendarDate };

/** For tests: one account held in memory, with every version, so that it can be read as known on any day. */
export type TestAccount = ReturnType<typeof anAccount>;

export function anAccount(options: { isSettledByRule?: boolean; isAssumed?: boolean; loadedYears?: Period[] } = {}) {
  let made = 0;
  let requests: OverlayRequest[] = [];
  let snapshot: Snapshot | undefined;
  let lastSnapshotOn: CalendarDate | undefined;
  const id = (prefix: string) => {
    made += 1;
    return `${prefix}${String(made).padStart(5, "0")}`;
  };
  const current = new Map<string, LedgerItem>();
  const bookings = new Map<string, Booking>();
  const clearings: Clearing[] = [];
  const account = {
    today: day("2026-01-01"),
    loadedYears: options.loadedYears ?? [],
    versions: new Map<string, Version[]>(),
    settlements: [] as Settlement[],
    lines: [] as Line[],
    states: new Map<string, ItemState>() as ReadonlyMap<string, ItemState>,
    get items(): LedgerItem[] {
      return [...current.values()];
    },
    tick() {
      account.today = addDays(account.today, 1);
    },
    keyOf: (itemId: string) => current.get(itemId)?.orderKey ?? "",
    add(given: Given): LedgerItem {
      const itemId = id("i");
      const minor = given.minor ?? 10_000n;
      const item: LedgerItem = {
        itemId,
        layer: "ledger",
        kind: minor < 0n ? "payment" : "invoice",
        currency: "EUR",
        postedOn: day("2025-01-01"),
        instalmentNo: 1,
        orderKey: given.key ?? itemId,
        isOpening: false,
        isSettledByRule: options.isSettledByRule ?? false,
        book: minor,
        documentNo: null,
        letter: null,
        fiscalYear: null,
        links: [],
        voidReason: null,
        ...given,
        minor,
        knownOn: options.isAssumed ? (given.postedOn ?? day("2025-01-01")) : account.today,
      };
      put(item);
      return item;
    },
    edit(itemId: string, change: Partial<LedgerItem>) {
      const item = current.get(itemId);
      if (item) put({ ...item, ...change, knownOn: account.today });
    },
    pick(n: number, suits: (item: LedgerItem) => boolean, isVoidToo = false): LedgerItem | undefined {
      const list = [...current.values()].filter((item) => (isVoidToo || item.voidReason === null) && suits(item));
      return list[n % Math.max(1, list.length)];
    },
    /** States what is open on a day: all of the items kept, half of every other one, nothing of the rest. */
    snapshot(on: CalendarDate, keep: readonly boolean[]) {
      if (lastSnapshotOn && on < lastSnapshotOn) return;
      lastSnapshotOn = on;
      const covered = new Set<string>();
      const stated = new Map<string, { minor: bigint; book: bigint }>();
      for (const [i, item] of [...current.values()].entries()) {
        if (item.layer !== "ledger" || item.kind === "adjustment" || item.voidReason !== null) continue;
        covered.add(item.itemId);
        if (!keep[i % keep.length] || item.postedOn > on) continue;
        const part = i % 2 === 0 && item.currency === "EUR" ? 2n : 1n;
        stated.set(item.itemId, { minor: item.minor / part, book: item.book / part });
      }
      snapshot = { on, stated, covered };
    },
    settle(picks: readonly number[]) {
      const members = [...new Set(picks.flatMap((n) => account.pick(n, () => true)?.itemId ?? []))];
      requests.push({ kind: "settle", settlementId: id("s"), members, origin: "person" });
    },
    undo(n: number, on: CalendarDate | null) {
      const list = account.settlements.filter((one) => one.layer === "overlay" && one.origin === "person");
      const one = list[n % Math.max(1, list.length)];
      if (one) requests.push({ kind: "undo", settlementId: one.settlementId, on });
    },
    rejectOverlay(n: number, on: CalendarDate) {
      const payment = account.pick(
        n,
        (item) => item.layer === "overlay" && item.kind === "payment" && item.postedOn <= on,
      );
      if (!payment) return;
      const rejection = account.add({ layer: "overlay", kind: "rejection", postedOn: on, minor: -payment.minor });
      requests.push({ kind: "reject", paymentId: payment.itemId, rejectionId: rejection.itemId });
    },
    book(n: number, shift: number, letter: string | null) {
      const overlay = account.pick(
        n,
        (item) => item.layer === "overlay" && item.kind === "payment" && !bookings.get(item.itemId)?.isLive,
      );
      if (!overlay) return;
      const booked = account.add({
        kind: "payment",
        postedOn: addDays(overlay.postedOn, shift),
        minor: overlay.minor,
        letter,
      });
      requests.push({ kind: "book", overlayItemId: overlay.itemId, bookedItemId: booked.itemId });
    },
    run(): AccountOutcome {
      const knowledge = { today: account.today, isAssumed: options.isAssumed ?? false, newId: () => id("s") };
      const outcome = settleAccount(
        {
          items: account.items,
          settlements: account.settlements,
          lines: account.lines,
          clearings,
          bookings: [...bookings.values()],
          loadedYears: account.loadedYears,
          overlay: requests,
          ...(snapshot ? { snapshot } : {}),
        },
        knowledge,
      );
      requests = [];
      snapshot = undefined;
      for (const { item } of outcome.amended) put(item);
      for (const booking of outcome.bookings) bookings.set(booking.overlayItemId, booking);
      account.settlements.push(...outcome.settlements);
      account.lines.push(...outcome.lines);
      clearings.push(...outcome.clearings);
      account.states = outcome.states;
      return outcome;
    },
  };
  function put(item: LedgerItem) {
    current.set(item.itemId, item);
    const versions = account.versions.get(item.itemId);
    if (versions) versions.push({ item, knownOn: item.knownOn });
    else account.versions.set(item.itemId, [{ item, knownOn: item.knownOn }]);
  }
  return account;
}

/** The plain oracle: what is open on a day, by summing the whole history; `knownOn` null reads everything known to the end. */
export function asOf(
  account: TestAccount,
  on: CalendarDate,
  layers: "ledger" | "working",
  knownOn: CalendarDate | null,
): Map<string, { minor: bigint; book: bigint }> {
  const open = new Map<string, { minor: bigint; book: bigint }>();
  for (const [itemId, versions] of account.versions) {
    const version = versions.filter((one) => knownOn === null || one.knownOn <= knownOn).at(-1);
    if (!version || version.item.voidReason !== null || version.item.postedOn > on) continue;
    if (layers === "ledger" && version.item.layer === "overlay") continue;
    open.set(itemId, { minor: version.item.minor, book: version.item.book });
  }
  for (const line of account.lines) {
    if (line.effectiveOn > on || (knownOn !== null && line.knownOn > knownOn)) continue;
    if (layers === "ledger" && line.layer === "overlay") continue;
    const left = open.get(line.itemId);
    if (!left) continue;
    left.minor -= line.minor;
    left.book -= line.book;
  }
  for (const [itemId, left] of open) if (left.minor === 0n && left.book === 0n) open.delete(itemId);
  return open;
}
