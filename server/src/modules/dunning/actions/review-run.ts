import type { Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { insertPlanned, recall, releaseHeld, withdraw } from "#modules/correspondence/index.ts";
import type { Actor } from "#platform/actor.ts";
import type { Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { summaryOf } from "../core/summary.ts";
import { plannedAgain } from "../store/message-reads.ts";
import {
  decisionAmounts,
  decisionsById,
  excludeDecisions,
  isOpenRun,
  letLeave,
  lockRun,
  type RunRecord,
  replaceItems,
  restoreDecision,
  runMessages,
  setRunState,
} from "../store/run-rows.ts";

type ReviewServices = Pick<Services, "db" | "clock">;
type Refusals = "not_found" | "run_not_under_review" | "nothing_to_undo" | "last_item";
export type Reviewed = { readonly runId: Uuid; readonly count: number; readonly holdUntil: string | null };

/** Takes groups out of a run; their planned messages are withdrawn. The next run proposes them again. */
export function excludeGroups(
  services: ReviewServices,
  actor: Actor,
  runId: Uuid,
  decisionIds: readonly Uuid[],
  reason: string,
) {
  return inReview(services, actor, runId, async (tx, run, now) => {
    const named = await decisionsById(tx, runId, decisionIds);
    if (named.length === 0) return refuse("not_found");
    const decisions = named.filter((one) => one.bucket !== "skipped");
    await withdraw(
      tx,
      decisions.flatMap((one) => one.messageIds),
      "excluded",
      now,
    );
    await excludeDecisions(
      tx,
      runId,
      decisions.map((one) => one.decisionId),
      reason,
    );
    await noted(tx, actor, runId, "excluded", { decisions: decisions.length, reason });
    return done(await counted(tx, run, decisions.length));
  });
}

/** A person says yes: groups that wait for a decision leave with the run. Excluded ones come back to where they were, while their occasion is free. */
export function includeGroups(services: ReviewServices, actor: Actor, runId: Uuid, decisionIds: readonly Uuid[]) {
  return inReview(services, actor, runId, async (tx, run) => {
    const decisions = await decisionsById(tx, runId, decisionIds);
    if (decisions.length === 0) return refuse("not_found");
    let count = await letLeave(tx, runId, decisionIds);
    for (const decision of decisions.filter((one) => one.code === "excluded")) {
      const added = await insertPlanned(tx, run.sandbox, await plannedAgain(tx, decision.messageIds));
      if (added.size === 0) continue;
      await restoreDecision(tx, runId, decision.decisionId, [...added]);
      count += 1;
    }
    await noted(tx, actor, runId, "included", { decisions: count });
    return done(await counted(tx, run, count));
  });
}

/** Leaves one item out of the message that lists it. Refuses the last one: then the group is excluded instead. */
export function excludeItem(
  services: ReviewServices,
  actor: Actor,
  runId: Uuid,
  decisionId: Uuid,
  itemId: Uuid,
  reason: string,
) {
  return inReview(services, actor, runId, async (tx, run) => {
    const [decision] = await decisionsById(tx, runId, [decisionId]);
    const at = decision?.itemIds.indexOf(itemId) ?? -1;
    if (!decision || at < 0) return refuse("not_found");
    const itemIds = decision.itemIds.filter((_, index) => index !== at);
    const itemOpens = decision.itemOpens.filter((_, index) => index !== at);
    const amountMinor = itemOpens.reduce((sum, open) => sum + open, 0n);
    if (amountMinor <= 0n) return refuse("last_item");
    const leftOut = [...decision.leftOut, { itemId, code: "excluded" as const }];
    await replaceItems(tx, runId, decisionId, { itemIds, itemOpens, amountMinor, leftOut });
    await noted(tx, actor, runId, "item_excluded", { decisionId, itemId, reason });
    return done(await counted(tx, run, 1));
  });
}

/** Gives up a run under review; nothing of it leaves but what was approved before. */
export function discardRun(services: ReviewServices, actor: Actor, runId: Uuid) {
  return inReview(services, actor, runId, async (tx, run, now) => {
    const ids = await runMessages(tx, runId, ["planned", "approved"]);
    const withdrawn = await withdraw(tx, ids, "discarded", now);
    await setRunState(tx, runId, { state: "discarded", holdUntil: run.holdUntil });
    await noted(tx, actor, runId, "discarded", { messages: withdrawn.length });
    return done({ runId, count: withdrawn.length, holdUntil: run.holdUntil });
  });
}

/** The undo of an approval: what is still held goes back to review. Refuses when the window is over. */
export async function recallRun(
  services: ReviewServices,
  actor: Actor,
  runId: Uuid,
): Promise<Result<Reviewed, Refusals>> {
  const now = services.clock.now().toISOString();
  return services.db.transaction(actor.tenant, async (tx) => {
    const run = await lockRun(tx, runId);
    if (!run) return refuse("not_found");
    const ids = await recall(tx, await runMessages(tx, runId, ["approved", "held"]), now);
    if (ids.length === 0) return refuse("nothing_to_undo");
    await setRunState(tx, runId, { state: "review", holdUntil: null });
    await noted(tx, actor, runId, "recalled", { messages: ids.length });
    return done({ runId, count: ids.length, holdUntil: null });
  });
}

/** Ends the undo window now. */
export async function sendNow(
  services: ReviewServices,
  actor: Actor,
  runId: Uuid,
): Promise<Result<Reviewed, Refusals>> {
  const now = services.clock.now().toISOString();
  return services.db.transaction(actor.tenant, async (tx) => {
    const run = await lockRun(tx, runId);
    if (!run) return refuse("not_found");
    const count = await releaseHeld(tx, runId, now);
    if (count === 0) return refuse("nothing_to_undo");
    await setRunState(tx, runId, { state: run.state, holdUntil: now });
    await noted(tx, actor, runId, "released", { messages: count });
    return done({ runId, count, holdUntil: now });
  });
}

function inReview(
  services: ReviewServices,
  actor: Actor,
  runId: Uuid,
  work: (tx: Tx, run: RunRecord, now: string) => Promise<Result<Reviewed, Refusals>>,
): Promise<Result<Reviewed, Refusals>> {
  const now = services.clock.now().toISOString();
  return services.db.transaction(actor.tenant, async (tx) => {
    const run = await lockRun(tx, runId);
    if (!run) return refuse("not_found");
    if (!isOpenRun(run)) return refuse("run_not_under_review", { state: run.state });
    return work(tx, run, now);
  });
}

async function counted(tx: Tx, run: RunRecord, count: number): Promise<Reviewed> {
  const summary = summaryOf(await decisionAmounts(tx, run.runId));
  await setRunState(tx, run.runId, { state: run.state, holdUntil: run.holdUntil, summary });
  return { runId: run.runId, count, holdUntil: run.holdUntil };
}

async function noted(
  tx: Tx,
  actor: Actor,
  runId: Uuid,
  what: string,
  payload: Record<string, string | number>,
): Promise<void> {
  await record(tx, actor, { kind: `dunning.run.${what}`, version: 1, subject: { type: "run", id: runId }, payload });
}
