import type { ScenarioContent } from "#contracts/dunning.ts";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { newId, type Uuid } from "#kernel/ids.ts";
import { done, type Result, refuse } from "#kernel/result.ts";
import { insertPlanned, loadChannel, withdraw } from "#modules/correspondence/index.ts";
import type { Actor } from "#platform/actor.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import { record } from "#platform/journal/index.ts";
import type { Services } from "#platform/services.ts";
import { summaryOf } from "../core/summary.ts";
import { lastLoads } from "../store/ledger-reads.ts";
import { companies } from "../store/party-reads.ts";
import {
  type DecisionRecord,
  insertDecisions,
  insertRun,
  type RunRecord,
  supersedeReview,
  undecidedMessages,
} from "../store/run-rows.ts";
import { decideGroups } from "./decide-groups.ts";
import { loadGroups } from "./load-groups.ts";
import { contentFault } from "./manage-scenarios.ts";
import { conditionCatalogue, scenarioInForce, scenarioOf } from "./scenario-in-force.ts";
import { sendingOf } from "./sending-settings.ts";

/** Work that a plan leaves for people: one per group and reason; `key` makes it once only. */
export type TaskRequest = {
  readonly kind: "match" | "complete_contact";
  readonly key: string;
  readonly customerId: Uuid;
  readonly companyId: Uuid;
  readonly amount: { readonly minor: bigint; readonly currency: string };
};
export type CreateTasks = (tx: Tx, actor: Actor, tasks: readonly TaskRequest[], asOf: CalendarDate) => Promise<void>;

export type PlanServices = Pick<Services, "db" | "clock"> & { readonly createTasks?: CreateTasks | undefined };
export type PlanRequest = {
  readonly asOf: CalendarDate;
  readonly companyId?: Uuid | undefined;
  readonly today: CalendarDate;
  /** For previews: a draft instead of the scenario in force. */
  readonly content?: ScenarioContent | undefined;
  /** Asked first, in the same transaction: may this plan be made? For the plan of the day, which is made once. */
  readonly mayStart?: ((tx: Tx) => Promise<boolean>) | undefined;
};

/**
 * Plans one run: every group's next step or the reason for none. Replaces the run of the same scope that was still under review; its
 * unapproved messages are withdrawn first. Nothing leaves before approval. Refuses a day to come.
 */
export async function planRun(
  services: PlanServices,
  actor: Actor,
  request: PlanRequest,
): Promise<Result<RunRecord, "run_in_future" | "day_planned" | "not_found">> {
  if (request.asOf > request.today) return refuse("run_in_future", { day: request.asOf });
  const started = performance.now();
  const now = services.clock.now();
  return services.db.transaction(actor.tenant, async (tx) => {
    await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`dunning.plan ${actor.tenant}`}, 0))`);
    if (request.mayStart && !(await request.mayStart(tx))) return refuse("day_planned", { day: request.asOf });
    if (request.companyId && !(await companies(tx)).has(request.companyId)) return refuse("not_found");
    const before = await supersedeReview(tx, request.companyId);
    await withdraw(tx, await undecidedMessages(tx, request.companyId), "superseded", now.toISOString());
    const runId = newId();
    const plan = await compute(tx, request, runId, now);
    const taken = await insertPlanned(tx, plan.sandbox, plan.messages).then((added) => occupied(plan.decisions, added));
    const run = runOf(plan, request, runId, actor, now, taken);
    await insertRun(tx, { ...run, planMs: Math.round(performance.now() - started) });
    await insertDecisions(tx, runId, taken);
    await services.createTasks?.(tx, actor, tasksOf(taken), request.asOf);
    await record(tx, actor, {
      kind: "dunning.run.planned",
      version: 1,
      subject: { type: "run", id: runId },
      payload: {
        asOf: request.asOf,
        companyId: request.companyId ?? null,
        groups: taken.length,
        superseded: before ?? null,
      },
    });
    return done({ ...run, planMs: Math.round(performance.now() - started), holdUntil: null, version: 1 });
  });
}

/** The same plan without a trace: what would be sent and why not. Also for a day to come, on what is known now. */
export async function previewRun(
  services: PlanServices,
  actor: Actor,
  request: PlanRequest,
): Promise<Result<{ run: RunRecord; decisions: DecisionRecord[] }, "scenario_invalid" | "not_found">> {
  const started = performance.now();
  const now = services.clock.now();
  return services.db.transaction(actor.tenant, async (tx) => {
    if (request.companyId && !(await companies(tx)).has(request.companyId)) return refuse("not_found");
    const fault = request.content && (await contentFault(tx, request.content));
    if (fault) return refuse("scenario_invalid", fault);
    const runId = newId();
    const plan = await compute(tx, request, runId, now);
    const run = runOf(plan, request, runId, actor, now, plan.decisions);
    const planMs = Math.round(performance.now() - started);
    return done({ run: { ...run, planMs, holdUntil: null, version: 1 }, decisions: plan.decisions });
  });
}

async function compute(tx: Tx, request: PlanRequest, runId: Uuid, now: Date) {
  const row = await scenarioInForce(tx, request.asOf, request.today, now.toISOString());
  const stored = request.content ? { ...row, content: request.content } : row;
  const scenario = scenarioOf(stored, request.asOf, await conditionCatalogue(tx));
  const sandbox = (await loadChannel(tx)).armedAt === null;
  const isFresh = await freshness(tx, sandbox, now);
  const groups = await loadGroups(tx, scenario, request.asOf, {
    sandbox,
    companyId: request.companyId,
    isFresh,
    conditions: scenario.conditions,
  });
  return { scenario, sandbox, ...decideGroups(groups, scenario, request.asOf, runId) };
}

/** Is a company's ledger young enough? In the sandbox nothing leaves, so every ledger will do. */
export async function freshness(tx: Tx, sandbox: boolean, now: Date): Promise<(companyId: Uuid) => boolean> {
  if (sandbox) return () => true;
  const { value } = await sendingOf(tx);
  const loads = await lastLoads(tx);
  const limit = now.getTime() - value.freshHours * 3_600_000;
  return (companyId) => {
    const loadedAt = loads.get(companyId);
    return loadedAt !== undefined && Date.parse(loadedAt) >= limit;
  };
}

/** A decision none of whose messages was new says so: another message of the same occasion exists. */
function occupied(decisions: readonly DecisionRecord[], added: ReadonlySet<Uuid>): DecisionRecord[] {
  return decisions.map((one) => {
    if (one.bucket === "skipped") return one;
    const messageIds = one.messageIds.filter((id) => added.has(id));
    if (messageIds.length > 0) return { ...one, messageIds };
    const reasons = [{ code: "refused", values: { stepKey: one.stepKey ?? "" } }];
    return { ...one, bucket: "skipped", code: "refused", messageIds, itemIds: [], itemOpens: [], remarks: [], reasons };
  });
}

function runOf(
  plan: Awaited<ReturnType<typeof compute>>,
  request: PlanRequest,
  runId: Uuid,
  actor: Actor,
  now: Date,
  decisions: readonly DecisionRecord[],
): Omit<RunRecord, "holdUntil" | "version"> {
  return {
    runId,
    asOf: request.asOf,
    companyId: request.companyId ?? null,
    state: "review",
    sandbox: plan.sandbox,
    scenarioId: plan.scenario.scenarioId,
    scenarioVersionNo: plan.scenario.versionNo,
    summary: summaryOf(decisions),
    groupCount: decisions.length,
    planMs: 0,
    createdBy: actor.id,
    createdAt: now.toISOString(),
  };
}

function tasksOf(decisions: readonly DecisionRecord[]): TaskRequest[] {
  return decisions.flatMap((one) => {
    const kind = one.code === "covered" ? "match" : one.code === "no_contact" ? "complete_contact" : undefined;
    if (!kind) return [];
    const { customerId, companyId } = one;
    return {
      kind,
      key: `${kind}:${one.groupKey}`,
      customerId,
      companyId,
      amount: { minor: one.amountMinor, currency: one.currency },
    };
  });
}
