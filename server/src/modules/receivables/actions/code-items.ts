import type { ItemStatusWrite } from "#contracts/receivables.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import { recordAll } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { itemsWithCustomers, setItemStatus } from "../store/item-status.ts";

/** Gives items the team's status, or takes it off (null): all of them or none. Refuses items that do not exist. */
export async function codeItems(
  services: Services,
  actor: Actor,
  wanted: ItemStatusWrite,
): Promise<Result<{ changed: number }, "not_found">> {
  const at = services.clock.now().toISOString();
  return services.db.transaction(actor.tenant, async (tx) => {
    const ids = [...new Set(wanted.itemIds)];
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
