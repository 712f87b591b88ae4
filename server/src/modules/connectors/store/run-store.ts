import type { ClosePush } from "#contracts/push.ts";
import type { Uuid } from "#kernel/ids.ts";
import { empty, sql, type Tx } from "#platform/database/index.ts";
import type { RunReport } from "../core/run-report.ts";

export type RunOrigin = "person" | "calendar" | "retry" | "push";
export type RunState = "queued" | "running" | "open" | "done" | "failed" | "abandoned";

/** Why a run failed as a whole. */
export type RunFault = { readonly code: string; readonly detail: string };

export type RunRecord = {
  readonly id: Uuid;
  readonly sourceId: Uuid;
  readonly sourceName: string;
  readonly origin: RunOrigin;
  readonly state: RunState;
  readonly attempt: number;
  readonly coverage: StoredCoverage | null;
  /** What a pushed run was told when it was closed. */
  readonly closing: ClosePush | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly actorKind: string;
  readonly actorId: string;
  readonly fault: RunFault | null;
  readonly report: RunReport | null;
};

/** What a pushed run declared when it was opened. */
export type StoredCoverage = {
  readonly kind: "movements" | "open_snapshot" | "full";
  readonly asOf: string | null;
  readonly from: string | null;
  readonly to: string | null;
};

const RUN = sql`r.run_id as id, r.source_id as "sourceId", s.name as "sourceName", r.origin, r.state, r.attempt, r.coverage, r.closing,
  r.started_at as "startedAt", r.ended_at as "endedAt", r.actor_kind as "actorKind", r.actor_id as "actorId", r.fault, r.report`;
const FROM = sql`connectors.sync_run r join connectors.source s on s.tenant_id = r.tenant_id and s.source_id = r.source_id`;

/** A run that nobody has heard of for so long is over: its process is gone and no queue brought it back. */
const SILENT_SECONDS = 120;

export const findRun = (tx: Tx, id: Uuid, lock = false) =>
  tx.maybeOne<RunRecord>(sql`
    select ${RUN} from ${FROM} where r.tenant_id = ${tx.tenant} and r.run_id = ${id} ${lock ? sql`for update of r` : empty}`);

export const listRuns = (
  tx: Tx,
  filter: { sourceId?: Uuid | undefined; limit: number; before?: readonly [string, string] | undefined },
) =>
  tx.rows<RunRecord>(sql`
    select ${RUN} from ${FROM}
    where r.tenant_id = ${tx.tenant} ${filter.sourceId ? sql`and r.source_id = ${filter.sourceId}` : empty}
      ${filter.before ? sql`and (r.started_at, r.run_id) < (${filter.before[0]}::timestamptz, ${filter.before[1]}::uuid)` : empty}
    order by r.started_at desc, r.run_id desc
    limit ${filter.limit}`);

/** The last run of each source. */
export const lastRuns = (tx: Tx) =>
  tx.rows<RunRecord>(sql`
    select distinct on (r.source_id) ${RUN} from ${FROM}
    where r.tenant_id = ${tx.tenant}
    order by r.source_id, r.started_at desc, r.run_id desc`);

/** Ends runs of a source that fell silent. A run that is open for pushing waits for its program and is left alone. */
export const endSilentRuns = (tx: Tx, sourceId: Uuid) =>
  tx.run(sql`
    update connectors.sync_run
    set state = 'failed', ended_at = now(), fault = '{"code":"cut","detail":""}'::jsonb
    where tenant_id = ${tx.tenant} and source_id = ${sourceId} and state in ('queued', 'running')
      and heartbeat_at < now() - make_interval(secs => ${SILENT_SECONDS})`);

/** Ends runs that a program opened and left; gives their ids. */
export async function endForgottenRuns(tx: Tx, sourceId: Uuid, hours: number): Promise<Uuid[]> {
  const rows = await tx.rows<{ id: Uuid }>(sql`
    update connectors.sync_run
    set state = 'abandoned', ended_at = now()
    where tenant_id = ${tx.tenant} and source_id = ${sourceId} and state = 'open'
      and heartbeat_at < now() - make_interval(hours => ${hours})
    returning run_id as id`);
  return rows.map((row) => row.id);
}

/** An open run becomes one that waits for a worker. */
export const closeRun = (tx: Tx, id: Uuid, closing: ClosePush) =>
  tx.run(sql`
    update connectors.sync_run
    set state = 'queued', heartbeat_at = now(), closing = ${JSON.stringify(closing)}::jsonb
    where tenant_id = ${tx.tenant} and run_id = ${id} and state = 'open'`);

export type NewRun = {
  readonly id: Uuid;
  readonly sourceId: Uuid;
  readonly origin: RunOrigin;
  readonly state: "queued" | "open";
  readonly coverage?: StoredCoverage;
  readonly actor: { readonly kind: string; readonly id: string };
};

/** False when the source has a run under way. */
export async function insertRun(tx: Tx, run: NewRun): Promise<boolean> {
  const added = await tx.run(sql`
    insert into connectors.sync_run (tenant_id, run_id, source_id, origin, state, coverage, actor_kind, actor_id)
    values (${tx.tenant}, ${run.id}, ${run.sourceId}, ${run.origin}, ${run.state}, ${run.coverage ? JSON.stringify(run.coverage) : null}::jsonb,
      ${run.actor.kind}, ${run.actor.id})
    on conflict (tenant_id, source_id) where state in ('queued', 'running', 'open') do nothing`);
  return added > 0;
}

/**
 * Takes a run that waits, or one whose worker fell silent. False while somebody else has it, or when it is over: the queue may bring a job twice.
 * `silentSeconds`: three missed heartbeats.
 */
export async function takeRun(tx: Tx, id: Uuid, silentSeconds: number): Promise<boolean> {
  const taken = await tx.run(sql`
    update connectors.sync_run
    set state = 'running', attempt = attempt + 1, heartbeat_at = now()
    where tenant_id = ${tx.tenant} and run_id = ${id}
      and (state = 'queued' or (state = 'running' and heartbeat_at < now() - make_interval(secs => ${silentSeconds})))`);
  return taken > 0;
}

export const beat = (tx: Tx, id: Uuid) =>
  tx.run(sql`
    update connectors.sync_run set heartbeat_at = now()
    where tenant_id = ${tx.tenant} and run_id = ${id} and state in ('running', 'open')`);

export const endRun = (
  tx: Tx,
  id: Uuid,
  end: { state: "done" | "failed" | "abandoned"; report: RunReport | null; fault: RunFault | null },
) =>
  tx.run(sql`
    update connectors.sync_run
    set state = ${end.state}, ended_at = now(), report = ${end.report ? JSON.stringify(end.report) : null}::jsonb,
      fault = ${end.fault ? JSON.stringify(end.fault) : null}::jsonb
    where tenant_id = ${tx.tenant} and run_id = ${id} and state in ('queued', 'running', 'open')`);
