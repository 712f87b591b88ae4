import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import type { Tx } from "#platform/database/index.ts";
import type { Block, ItemFacts } from "../core/facts.ts";
import { coverByCredits } from "../core/group-items.ts";
import { type PinnedLine, type Recheck, recheck } from "../core/recheck.ts";
import type { Scenario } from "../core/scenario.ts";
import { codedItems, type ItemDetail, openItemsById, openItemsOfCustomers } from "../store/ledger-reads.ts";
import { customersById } from "../store/party-reads.ts";
import { stopsOn } from "../store/stop-rows.ts";

/** A message, planned or pinned, whose lines are to be held against the ledger. */
export type RecheckRequest = {
  readonly key: string;
  readonly groupKey: string;
  readonly track: "courtesy" | "reminder" | "thanks";
  readonly companyId: Uuid;
  readonly customerId: Uuid;
  readonly currency: string;
  readonly pinned: readonly PinnedLine[];
};

export type Rechecked = { readonly result: Recheck; readonly details: ReadonlyMap<Uuid, ItemDetail> };

/** What each message may still say on a day, in a fixed number of queries. */
export async function recheckMessages(
  tx: Tx,
  scenario: Scenario,
  checkOn: CalendarDate,
  requests: readonly RecheckRequest[],
): Promise<Map<string, Rechecked>> {
  const customerIds = [...new Set(requests.map((one) => one.customerId))];
  const open = await openItemsOfCustomers(tx, checkOn, customerIds);
  const details = new Map(open.map((item) => [item.itemId, item]));
  const others = requests.flatMap((one) => one.pinned).flatMap((line) => (details.has(line.itemId) ? [] : line.itemId));
  for (const item of await openItemsById(tx, checkOn, others)) details.set(item.itemId, item);
  const all = [...details.values()];
  const stops = await stopsOn(tx, checkOn, [...customerIds, ...all.flatMap((item) => [item.itemId, item.customerId])]);
  const coded = await codedItems(
    tx,
    all.map((item) => item.itemId),
  );
  const customers = await customersById(tx, [...new Set(all.map((item) => item.customerId))]);
  const blockOf = (item: ItemDetail): Block | undefined => {
    const until = stops.get(item.customerId) ?? stops.get(item.itemId);
    if (until) return { code: "stopped", until };
    const code = coded.get(item.itemId);
    if (code) return { code };
    return customers.get(item.customerId)?.isChased === false ? { code: "stopped" } : undefined;
  };
  const byCustomer = Map.groupBy(all, (item) => `${item.companyId} ${item.customerId}`);
  const results = new Map<string, Rechecked>();
  for (const request of requests) {
    const own = byCustomer.get(`${request.companyId} ${request.customerId}`) ?? [];
    const group = groupOf(request, own, details);
    const items = itemsOf(scenario, group, checkOn, blockOf);
    const current = new Map(items.map((item) => [item.itemId, item]));
    const firstDueOn = request.pinned.map((line) => details.get(line.itemId)?.dueOn ?? "9999").sort()[0] ?? "9999";
    const result = recheck({
      track: request.track,
      pinned: request.pinned,
      current,
      credits: items.filter((item) => item.openMinor < 0n && counts(scenario, item.dueOn, checkOn)),
      overdueMinor: group.reduce(
        (sum, item) => sum + (item.openMinor > 0n && item.dueOn < checkOn ? item.openMinor : 0n),
        0n,
      ),
      isTooLate: request.track === "courtesy" && firstDueOn < checkOn,
      customerNetBookMinor: netOf(scenario, own, checkOn),
      scenario,
    });
    results.set(request.key, { result, details });
  }
  return results;
}

const counts = (scenario: Scenario, dueOn: CalendarDate, on: CalendarDate) =>
  scenario.creditsNotDue === "netted" || dueOn <= on;

/** The open items of the message's group: those of its currency under the same grouping, and whatever it pinned. */
function groupOf(
  request: RecheckRequest,
  own: readonly ItemDetail[],
  details: ReadonlyMap<Uuid, ItemDetail>,
): ItemDetail[] {
  const [grouping, , subjectId] = request.groupKey.split(":");
  const inGroup = own.filter(
    (item) => item.currency === request.currency && (grouping !== "account" || item.accountId === subjectId),
  );
  const known = new Set(inGroup.map((item) => item.itemId));
  const pinned = request.pinned.flatMap((line) => (known.has(line.itemId) ? [] : (details.get(line.itemId) ?? [])));
  return [...inGroup, ...pinned];
}

/** Item by item, credits of the account pay the oldest first and are no lines; else they are lines of the group. */
function itemsOf(
  scenario: Scenario,
  group: readonly ItemDetail[],
  checkOn: CalendarDate,
  blockOf: (item: ItemDetail) => Block | undefined,
): ItemFacts[] {
  const items = group.map((item) => ({
    itemId: item.itemId,
    dueOn: item.dueOn,
    openMinor: item.openMinor,
    openBookMinor: item.openBookMinor,
    block: blockOf(item),
  }));
  return scenario.grouping === "item" ? coverByCredits(items, checkOn) : items;
}

function netOf(scenario: Scenario, own: readonly ItemDetail[], checkOn: CalendarDate): bigint {
  let net = 0n;
  for (const item of own)
    if (item.openMinor < 0n ? counts(scenario, item.dueOn, checkOn) : item.dueOn < checkOn) net += item.openBookMinor;
  return net;
}
