import type { CalendarDate } from "#kernel/calendar-date.ts";
import { newId, type TenantId, tenantId } from "#kernel/ids.ts";
import { type Db, sql, type Tx } from "../database/index.ts";
import type { JsonObject } from "../journal/digest.ts";

/** A unit of background work: its name and ids, nothing else. */
export type Job = { readonly kind: string; readonly tenant: TenantId; readonly payload: JsonObject };

/** Does one job; runs at least once, so running it twice must change nothing. */
export type JobHandler = (job: Job) => Promise<void>;

export type Jobs = {
  /** Enqueues in the caller's transaction: rolled back with it, visible after its commit. */
  enqueue(tx: Tx, kind: string, payload: JsonObject): Promise<void>;
};

export { pgBossJobs, startJobWorker } from "./worker.ts";

/**
 * Starts the one run of a kind for a business day, in the caller's transaction. False when it was already done or is being
 * done by somebody else: the primary key decides, not how often a clock rings.
 */
export async function startJobRun(tx: Tx, kind: string, businessDate: CalendarDate, part = ""): Promise<boolean> {
  const added = await tx.run(sql`
    insert into platform.job_run (tenant_id, kind, business_date, part)
    values (${tx.tenant}, ${kind}, ${businessDate}, ${part})
    on conflict (tenant_id, kind, business_date, part) do update
    set attempts = job_run.attempts + 1, state = 'started', started_at = now()
    where job_run.state = 'failed'`);
  return added > 0;
}

export async function endJobRun(
  tx: Tx,
  kind: string,
  businessDate: CalendarDate,
  end: { state: "done" | "failed"; outcome: JsonObject; part?: string },
): Promise<void> {
  await tx.run(sql`
    update platform.job_run set state = ${end.state}, ended_at = now(), outcome = ${JSON.stringify(end.outcome)}::jsonb
    where tenant_id = ${tx.tenant} and kind = ${kind} and business_date = ${businessDate} and part = ${end.part ?? ""}`);
}

/** Lists a job that failed for good, with its reason, for a person to look at. */
export async function addDeadLetter(tx: Tx, job: Job, reason: string, attempts: number): Promise<void> {
  await tx.run(sql`
    insert into platform.dead_letter (tenant_id, dead_letter_id, kind, payload, reason, attempts)
    values (${tx.tenant}, ${newId()}, ${job.kind}, ${JSON.stringify(job.payload)}::jsonb, ${reason}, ${attempts})`);
}

/** Tenants whose clock of some kind has struck, oldest first, each moved on to `nextAt` in the same statement so that one worker gets it. */
export async function takeDueClocks(
  db: Db,
  kind: string,
  now: string,
  nextAt: (tenant: { zone: string }) => string,
): Promise<TenantId[]> {
  return db.global(async (tx) => {
    const due = await tx.rows<{ tenant_id: string; zone: string }>(sql`
      select c.tenant_id, t.zone
      from platform.tenant_clock c
      join platform.tenant t on t.tenant_id = c.tenant_id
      where c.kind = ${kind} and c.next_at <= ${now}
      order by c.next_at
      limit 200
      for update of c skip locked`);
    if (due.length === 0) return [];
    await tx.run(sql`
      update platform.tenant_clock c set next_at = n.next_at
      from unnest(${due.map((row) => row.tenant_id)}::uuid[], ${due.map((row) => nextAt(row))}::timestamptz[]) as n (tenant_id, next_at)
      where c.tenant_id = n.tenant_id and c.kind = ${kind}`);
    return due.map((row) => tenantId(row.tenant_id));
  });
}

/** Sets when a clock of the tenant strikes next; null stops it. */
export const setClock = (tx: Tx, kind: string, nextAt: string | null) =>
  nextAt === null
    ? tx.run(sql`delete from platform.tenant_clock where tenant_id = ${tx.tenant} and kind = ${kind}`)
    : tx.run(sql`
        insert into platform.tenant_clock (tenant_id, kind, next_at) values (${tx.tenant}, ${kind}, ${nextAt})
        on conflict (tenant_id, kind) do update set next_at = excluded.next_at`);
