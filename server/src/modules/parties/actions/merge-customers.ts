import type { Duplicate } from "#contracts/customer-profile.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { newId } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import type { Actor } from "#platform/actor.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { findDuplicates } from "../core/duplicates.ts";
import { lockCustomer } from "../store/customer-store.ts";
import * as store from "../store/merge-store.ts";

const COMPARED = 200_000;
const PROPOSED = 500;

/** Pairs of customers that may be one, best first, without those people said are two. */
export async function proposeDuplicates(
  services: Services,
  actor: Actor,
): Promise<{ rows: Duplicate[]; isCut: boolean }> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const customers = await store.duplicateCandidates(tx, COMPARED);
    const said = new Set((await store.notDuplicates(tx)).map(({ a, b }) => `${a}/${b}`));
    const named = new Map(customers.map(({ id, number, name }) => [id, { id, number, name }]));
    const pairs = findDuplicates(customers).filter(({ left, right }) => !said.has(`${left}/${right}`));
    const rows = pairs.slice(0, PROPOSED).flatMap((pair): Duplicate[] => {
      const left = named.get(pair.left);
      const right = named.get(pair.right);
      return left && right ? [{ left, right, score: pair.score, reasons: [...pair.reasons] }] : [];
    });
    return { rows, isCut: pairs.length > PROPOSED };
  });
}

/**
 * Makes two customers one: the accounts of `mergedId` belong to `keptId` from today on, and `mergedId` stays as an alias that every room resolves. No
 * financial row changes. Refuses a customer with itself, and one that is an alias already.
 */
export async function mergeCustomers(
  services: Services,
  actor: Actor,
  keptId: string,
  given: { mergedId: string; reason: string | null },
  today: CalendarDate,
): Promise<
  Result<{ mergeId: string; keptId: string; mergedId: string; accounts: number }, "not_found" | "merge_refused">
> {
  const { mergedId, reason } = given;
  return services.db.transaction(actor.tenant, async (tx) => {
    // Locked in key order, so that two people merging the same pair both ways wait for one another.
    const [first = "", second = ""] = [keptId, mergedId].sort();
    const rows = [await lockCustomer(tx, first), await lockCustomer(tx, second)];
    if (rows.some((row) => row === undefined)) return refuse("not_found");
    if (keptId === mergedId || rows.some((row) => row?.mergedInto)) return refuse("merge_refused");
    const accountIds = await store.mergeInto(tx, mergedId, keptId, today);
    const mergeId = newId();
    await store.insertMerge(tx, mergeId, { keptId, mergedId, accountIds, reason, by: actor.id, on: today });
    await record(tx, actor, {
      kind: "parties.customer.merged",
      version: 1,
      subject: { type: "customer", id: keptId },
      about: [{ type: "customer", id: mergedId }],
      payload: { mergeId, mergedId, accountIds, reason },
    });
    return done({ mergeId, keptId, mergedId, accounts: accountIds.length });
  });
}

/** Takes a merge back: the accounts it moved go back, the alias is a customer again. Refuses one undone already, or whose kept customer is an alias now. */
export async function undoMerge(
  services: Services,
  actor: Actor,
  mergeId: string,
  today: CalendarDate,
): Promise<
  Result<{ mergeId: string; keptId: string; mergedId: string; accounts: number }, "not_found" | "merge_refused">
> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const merge = await store.lockMerge(tx, mergeId);
    if (!merge) return refuse("not_found");
    const kept = await lockCustomer(tx, merge.keptId);
    if (merge.isUndone || kept?.mergedInto) return refuse("merge_refused");
    await store.unmerge(tx, merge, today);
    await store.endMerge(tx, mergeId, actor.id, services.clock.now().toISOString());
    await record(tx, actor, {
      kind: "parties.customer.unmerged",
      version: 1,
      subject: { type: "customer", id: merge.keptId },
      about: [{ type: "customer", id: merge.mergedId }],
      payload: { mergeId, mergedId: merge.mergedId },
    });
    return done({ mergeId, keptId: merge.keptId, mergedId: merge.mergedId, accounts: merge.accountIds.length });
  });
}

/** Says that two customers are not the same, or takes that back. */
export async function sayNotDuplicate(
  services: Services,
  actor: Actor,
  pair: { leftId: string; rightId: string },
  isTwo: boolean,
): Promise<Result<Record<string, never>, "not_found">> {
  return services.db.transaction(actor.tenant, async (tx) => {
    const { leftId, rightId } = pair;
    if (!(await lockCustomer(tx, leftId)) || !(await lockCustomer(tx, rightId))) return refuse("not_found");
    if (isTwo) await store.insertNotDuplicate(tx, leftId, rightId, actor.id);
    else await store.deleteNotDuplicate(tx, leftId, rightId);
    await record(tx, actor, {
      kind: isTwo ? "parties.duplicate.denied" : "parties.duplicate.reopened",
      version: 1,
      subject: { type: "customer", id: leftId },
      about: [{ type: "customer", id: rightId }],
      payload: { otherId: rightId },
    });
    return done({});
  });
}
