import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { lockDifference, setWaiver } from "../store/differences.ts";

/**
 * Lets an account in difference be chased again although it does not tie, with the reason; or takes that back (`reason` null). A difference that changes
 * its amount asks again. Refuses one that a load has cleared meanwhile.
 */
export async function waiveDifference(
  services: Services,
  actor: Actor,
  differenceId: string,
  reason: string | null,
): Promise<Result<Record<string, never>, "not_found">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const difference = await lockDifference(tx, differenceId);
    if (!difference || difference.isCleared) return refuse("not_found");
    await setWaiver(tx, differenceId, reason === null ? null : { by: actor.id, reason });
    await record(tx, actor, {
      kind: reason === null ? "receivables.difference.unwaived" : "receivables.difference.waived",
      version: 1,
      subject: { type: "account", id: difference.accountId },
      about: [{ type: "customer", id: difference.customerId }],
      payload: { differenceId, accountId: difference.accountId, reason },
    });
    return done({});
  });
}
