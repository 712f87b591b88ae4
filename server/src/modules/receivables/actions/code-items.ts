import type { ItemStatusWrite } from "#contracts/receivables.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import { recordAll } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { itemCondition } from "../criteria/index.ts";
import { itemsWithCustomers, setItemStatus } from "../store/item-status.ts";
import { idsOfItems } from "../store/item-sums.ts";
import { itemFilter } from "./read-items.ts";

const MOST = 20_000;

/** Gives items the team's status, or takes it off (null): all of them or none. Refuses items that do not exist, and too many at once. */
export async function codeItems(
  services: Services,
  actor: Actor,
  wanted: ItemStatusWrite,
  today: CalendarDate,
): Promise<Result<{ changed: number }, "not_found" | "invalid_request" | "filter_invalid" | "too_many_items">> {
  const { itemIds, list } = wanted;
  if ((itemIds === undefined) === (list === undefined)) return refuse("invalid_request", { detail: "itemIds" });
  const condition = list?.filter === undefined ? undefined : itemCondition(list.filter, today);
  if (condition && !condition.ok) return condition;
  const at = services.clock.now().toISOString();
  return services.db.transaction(actor.tenant, async (tx) => {
    const ids = list
      ? await idsOfItems(tx, await itemFilter(tx, list, today, actor.id), MOST + 1)
      : [...new Set(itemIds)];
    if (ids.length > MOST) return refuse("too_many_items", { most: MOST });
    const items = await itemsWithCustomers(tx, ids);
    if (items.length < ids.length) return refuse("not_found");
    const changed = items.filter((item) => item.status !== wanted.status || wanted.note !== null);
    if (changed.length === 0) return done({ changed: 0 });
    const { status, note } = wanted;
    await setItemStatus(
      tx,
      changed.map((item) => item.itemId),
      { status, note, by: actor.id, at },
    );
    await recordAll(
      tx,
      actor,
      changed.map((item) => ({
        kind: "receivables.item.coded",
        version: 1,
        subject: { type: "item", id: item.itemId },
        about: [{ type: "customer", id: item.customerId }],
        payload: { before: item.status, status, note },
      })),
    );
    return done({ changed: changed.length });
  });
}
