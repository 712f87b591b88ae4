import { todayIn } from "#kernel/clock.ts";
import type { TenantId } from "#kernel/ids.ts";
import type { Actor } from "#platform/actor.ts";
import { endJobRun, startJobRun } from "#platform/jobs/index.ts";
import type { Services } from "#platform/services.ts";
import { type CreateTasks, planRun } from "./actions/plan-run.ts";

/** The plan of the day: once per tenant and business day, however often the clock rings. */
export const PLAN_JOB = "dunning.plan";

/** Plans today's run of a tenant for people to review. False when the day was planned already; replacing a run by hand is another matter. */
export async function planDay(
  services: Pick<Services, "db" | "clock"> & { readonly createTasks?: CreateTasks | undefined },
  tenant: { readonly id: TenantId; readonly zone: string },
): Promise<boolean> {
  const today = todayIn(services.clock, tenant.zone);
  const mayStart = await services.db.transaction(tenant.id, (tx) => startJobRun(tx, PLAN_JOB, today));
  if (!mayStart) return false;
  const actor: Actor = {
    tenant: tenant.id,
    kind: "system",
    id: PLAN_JOB,
    permissions: new Set(),
    language: "fr",
    zone: tenant.zone,
  };
  try {
    const planned = await planRun(services, actor, { asOf: today, today });
    const outcome = planned.ok
      ? { runId: planned.value.runId, groups: planned.value.groupCount }
      : { refused: planned.code };
    await services.db.transaction(tenant.id, (tx) => endJobRun(tx, PLAN_JOB, today, { state: "done", outcome }));
  } catch (error) {
    await services.db.transaction(tenant.id, (tx) => endJobRun(tx, PLAN_JOB, today, { state: "failed", outcome: {} }));
    throw error;
  }
  return true;
}
