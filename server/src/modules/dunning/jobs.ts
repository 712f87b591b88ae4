import { type CalendarDate, weekdayOf } from "#kernel/calendar-date.ts";
import { todayIn } from "#kernel/clock.ts";
import type { TenantId } from "#kernel/ids.ts";
import type { Actor } from "#platform/actor.ts";
import { sql, type Tx } from "#platform/database/index.ts";
import { endJobRun, startJobRun } from "#platform/jobs/index.ts";
import type { Services } from "#platform/services.ts";
import { approveRun } from "./actions/approve-run.ts";
import { type CreateTasks, planRun } from "./actions/plan-run.ts";
import { sendingOf } from "./actions/sending-settings.ts";
import { runToApprove } from "./store/run-rows.ts";

/** The plan of the day: once per tenant and business day, however often the clock rings. */
const PLAN_JOB = "dunning.plan";
const APPROVE_JOB = "dunning.approve";
const LAST_WORKING_DAY = 5;

type DayServices = Pick<Services, "db" | "clock"> & { readonly createTasks?: CreateTasks | undefined };
type Tenant = { readonly id: TenantId; readonly zone: string };

/**
 * Plans today's run of a tenant, for people to review; true when this call made it. The plan and the note that the day was planned are one
 * transaction: a worker that dies leaves neither. Where the tenant says so, what needs no decision is then approved, on working days.
 */
export async function planDay(services: DayServices, tenant: Tenant): Promise<boolean> {
  const today = todayIn(services.clock, tenant.zone);
  const actor: Actor = {
    tenant: tenant.id,
    kind: "system",
    id: PLAN_JOB,
    permissions: new Set(),
    language: "fr",
    zone: tenant.zone,
  };
  const planned = await planRun(services, actor, {
    asOf: today,
    today,
    mayStart: async (tx) => {
      if (!(await startJobRun(tx, PLAN_JOB, today))) return false;
      await endJobRun(tx, PLAN_JOB, today, { state: "done", outcome: {} });
      return true;
    },
  });
  if (weekdayOf(today) <= LAST_WORKING_DAY) await approveByItself(services, actor, today);
  return planned.ok;
}

/**
 * Approves what leaves of today's own run, also when a worker died halfway; the undo window still holds it. Once a day: what a person took back
 * is not approved behind their back.
 */
async function approveByItself(services: DayServices, actor: Actor, today: CalendarDate): Promise<void> {
  const run = await services.db.transaction(actor.tenant, async (tx) => {
    const { value } = await sendingOf(tx);
    if (!value.approveAutomatic || (await wasApproved(tx, today))) return undefined;
    return runToApprove(tx, today, PLAN_JOB);
  });
  if (!run) return;
  await approveRun(services, actor, run.runId, { expectedCount: run.count, today });
  await services.db.transaction(actor.tenant, async (tx) => {
    if (await startJobRun(tx, APPROVE_JOB, today))
      await endJobRun(tx, APPROVE_JOB, today, { state: "done", outcome: { runId: run.runId } });
  });
}

const wasApproved = async (tx: Tx, today: CalendarDate): Promise<boolean> =>
  (await tx.maybeOne(sql`
    select 1 as one from platform.job_run
    where tenant_id = ${tx.tenant} and kind = ${APPROVE_JOB} and business_date = ${today} and part = ''`)) !==
  undefined;
