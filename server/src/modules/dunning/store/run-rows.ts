import type { CalendarDate } from "#kernel/calendar-date.ts";
import type { Uuid } from "#kernel/ids.ts";
import { copyValue, raw, sql, type Tx } from "#platform/database/index.ts";
import type { LeftOut, RemarkCode, SkipCode, Values } from "../core/facts.ts";
import type { Bucket, Summary } from "../core/summary.ts";

export type Reason = { readonly code: string; readonly values: Values };

/** One group's decision as a run keeps it. Amounts in the group's currency, `amountBookMinor` in the company's. */
export type DecisionRecord = {
  readonly decisionId: Uuid;
  readonly bucket: Bucket;
  readonly groupKey: string;
  readonly companyId: Uuid;
  readonly customerId: Uuid;
  readonly currency: string;
  readonly track: string | null;
  readonly stepKey: string | null;
  readonly level: number | null;
  readonly cycle: string | null;
  readonly mode: string | null;
  readonly code: SkipCode | null;
  readonly amountMinor: bigint;
  readonly amountBookMinor: bigint;
  readonly itemCount: number;
  readonly oldestDueOn: CalendarDate | null;
  readonly resumesOn: CalendarDate | null;
  readonly remarks: readonly RemarkCode[];
  readonly reasons: readonly Reason[];
  readonly recipient: string | null;
  readonly recipientName: string | null;
  readonly messageIds: readonly Uuid[];
  readonly itemIds: readonly Uuid[];
  readonly itemOpens: readonly bigint[];
  readonly leftOut: readonly LeftOut[];
};

export type RunRecord = {
  readonly runId: Uuid;
  readonly asOf: CalendarDate;
  readonly companyId: Uuid | null;
  readonly state: "review" | "approved" | "superseded" | "discarded";
  readonly sandbox: boolean;
  readonly scenarioId: Uuid;
  readonly scenarioVersionNo: number;
  readonly summary: Summary;
  readonly groupCount: number;
  readonly planMs: number;
  readonly holdUntil: string | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly version: number;
};

const runColumns = sql`run_id as "runId", as_of as "asOf", company_id as "companyId", state, sandbox, scenario_id as "scenarioId",
  scenario_version_no as "scenarioVersionNo", summary, group_count as "groupCount", plan_ms as "planMs", hold_until as "holdUntil",
  created_by as "createdBy", created_at as "createdAt", version`;

/** A run whose messages may still be decided: under review, or approved with a message that came back. */
export const isOpenRun = (run: Pick<RunRecord, "state">): boolean => run.state === "review" || run.state === "approved";

export async function findRun(tx: Tx, runId: Uuid): Promise<RunRecord | undefined> {
  return tx.maybeOne<RunRecord>(
    sql`select ${runColumns} from dunning.run where tenant_id = ${tx.tenant} and run_id = ${runId}`,
  );
}

export async function lockRun(tx: Tx, runId: Uuid): Promise<RunRecord | undefined> {
  return tx.maybeOne<RunRecord>(
    sql`select ${runColumns} from dunning.run where tenant_id = ${tx.tenant} and run_id = ${runId} for update`,
  );
}

export async function listRuns(tx: Tx, limit: number, before: Uuid | undefined): Promise<RunRecord[]> {
  return tx.rows<RunRecord>(sql`
    select ${runColumns} from dunning.run
    where tenant_id = ${tx.tenant} and (${before ?? null}::uuid is null or run_id < ${before ?? null})
    order by run_id desc
    limit ${limit}`);
}

/** Ends the run under review of a scope, if there is one; returns its id. */
export async function supersedeReview(tx: Tx, companyId: Uuid | undefined): Promise<Uuid | undefined> {
  const row = await tx.maybeOne<{ run_id: Uuid }>(sql`
    update dunning.run set state = 'superseded', version = version + 1
    where tenant_id = ${tx.tenant} and state = 'review' and company_id is not distinct from ${companyId ?? null}
    returning run_id`);
  return row?.run_id;
}

/** Messages of earlier runs of a scope that nobody let go: never approved, come back because less is owed, or left behind by an approval that died. */
export async function undecidedMessages(tx: Tx, companyId: Uuid | undefined): Promise<Uuid[]> {
  const rows = await tx.rows<{ message_id: Uuid }>(sql`
    select m.message_id
    from correspondence.message_progress m
    join dunning.run r on r.tenant_id = m.tenant_id and r.run_id = m.run_id
    where m.tenant_id = ${tx.tenant} and m.state in ('planned', 'approved') and r.company_id is not distinct from ${companyId ?? null}
    order by m.message_id`);
  return rows.map((row) => row.message_id);
}

export async function insertRun(tx: Tx, run: Omit<RunRecord, "holdUntil" | "version">): Promise<void> {
  await tx.run(sql`
    insert into dunning.run (tenant_id, run_id, as_of, company_id, state, sandbox, scenario_id, scenario_version_no, summary, group_count,
      plan_ms, created_by, created_at)
    values (${tx.tenant}, ${run.runId}, ${run.asOf}, ${run.companyId}, ${run.state}, ${run.sandbox}, ${run.scenarioId},
      ${run.scenarioVersionNo}, ${JSON.stringify(run.summary)}::jsonb, ${run.groupCount}, ${run.planMs}, ${run.createdBy}, ${run.createdAt})`);
}

export async function setRunState(
  tx: Tx,
  runId: Uuid,
  change: { state: RunRecord["state"]; holdUntil: string | null; summary?: Summary | undefined },
): Promise<void> {
  await tx.run(sql`
    update dunning.run
    set state = ${change.state}, hold_until = ${change.holdUntil}, version = version + 1,
      summary = coalesce(${change.summary ? JSON.stringify(change.summary) : null}::jsonb, summary)
    where tenant_id = ${tx.tenant} and run_id = ${runId}`);
}

const STAGED = `decision_id uuid, position int, bucket text, group_key text, company_id uuid, customer_id uuid, currency text, track text,
  step_key text, level int, cycle text, mode text, code text, amount_minor bigint, amount_book_minor bigint, item_count int,
  oldest_due_on date, resumes_on date, remarks text[], reasons jsonb, recipient text, recipient_name text, message_ids uuid[],
  item_ids uuid[], item_opens bigint[], left_out jsonb`;
const NAMES = STAGED.replaceAll(/(\w+) [\w[\]]+/g, "$1");

/** Stores decisions in the order given: COPY to a staging table, then one insert, since row-level security refuses a direct COPY. */
export async function insertDecisions(tx: Tx, runId: Uuid, decisions: readonly DecisionRecord[]): Promise<void> {
  await tx.run(raw(`create temporary table if not exists staged_decision (${STAGED}) on commit drop`));
  await tx.copyIn("staged_decision", decisionLines(decisions));
  await tx.run(sql`
    insert into dunning.run_decision (tenant_id, run_id, ${raw(NAMES)})
    select ${tx.tenant}, ${runId}, ${raw(NAMES)} from staged_decision`);
}

function* decisionLines(decisions: readonly DecisionRecord[]): Generator<string> {
  const array = (values: readonly (string | bigint)[]) => `{${values.join(",")}}`;
  for (const [position, one] of decisions.entries()) {
    yield [
      one.decisionId,
      position,
      one.bucket,
      one.groupKey,
      one.companyId,
      one.customerId,
      one.currency,
      one.track,
      one.stepKey,
      one.level,
      one.cycle,
      one.mode,
      one.code,
      one.amountMinor,
      one.amountBookMinor,
      one.itemCount,
      one.oldestDueOn,
      one.resumesOn,
      array(one.remarks),
      JSON.stringify(one.reasons),
      one.recipient,
      one.recipientName,
      array(one.messageIds),
      array(one.itemIds),
      array(one.itemOpens),
      JSON.stringify(one.leftOut),
    ]
      .map(copyValue)
      .join("\t");
  }
}

const decisionColumns = sql`d.decision_id as "decisionId", d.bucket, d.group_key as "groupKey", d.company_id as "companyId",
  d.customer_id as "customerId", d.currency, d.track, d.step_key as "stepKey", d.level, d.cycle, d.mode, d.code,
  d.amount_minor as "amountMinor", d.amount_book_minor as "amountBookMinor", d.item_count as "itemCount",
  d.oldest_due_on as "oldestDueOn", d.resumes_on as "resumesOn", d.remarks, d.reasons, d.recipient, d.recipient_name as "recipientName",
  d.message_ids as "messageIds", d.item_ids as "itemIds", d.item_opens as "itemOpens", d.left_out as "leftOut"`;

export type ListedDecision = DecisionRecord & {
  readonly position: number;
  readonly companyName: string;
  readonly customerName: string;
  readonly customerNumber: string;
  readonly messageState: string | null;
};

const listedColumns = sql`${decisionColumns}, d.position, c.name as "companyName", u.name as "customerName", u.number as "customerNumber",
  m.state as "messageState"`;
const listedFrom = sql`dunning.run_decision d
  join parties.company c on c.tenant_id = d.tenant_id and c.company_id = d.company_id
  join parties.customer u on u.tenant_id = d.tenant_id and u.customer_id = d.customer_id
  left join correspondence.message_progress m on m.tenant_id = d.tenant_id and m.message_id = d.message_ids[1]`;

/** A page of a run's decisions, largest amounts first. */
export async function listDecisions(
  tx: Tx,
  runId: Uuid,
  filter: { bucket?: string | undefined; code?: string | undefined; after: number; limit: number },
): Promise<ListedDecision[]> {
  return tx.rows<ListedDecision>(sql`
    select ${listedColumns} from ${listedFrom}
    where d.tenant_id = ${tx.tenant} and d.run_id = ${runId} and d.position > ${filter.after}
      and (${filter.bucket ?? null}::text is null or d.bucket = ${filter.bucket ?? null})
      and (${filter.code ?? null}::text is null or d.code = ${filter.code ?? null})
    order by d.position
    limit ${filter.limit}`);
}

export async function countDecisions(
  tx: Tx,
  runId: Uuid,
  filter: { bucket?: string | undefined; code?: string | undefined },
): Promise<number> {
  const row = await tx.one<{ count: number }>(sql`
    select count(*)::int as count from dunning.run_decision
    where tenant_id = ${tx.tenant} and run_id = ${runId}
      and (${filter.bucket ?? null}::text is null or bucket = ${filter.bucket ?? null})
      and (${filter.code ?? null}::text is null or code = ${filter.code ?? null})`);
  return row.count;
}

export async function findDecision(tx: Tx, runId: Uuid, decisionId: Uuid): Promise<ListedDecision | undefined> {
  return tx.maybeOne<ListedDecision>(sql`
    select ${listedColumns} from ${listedFrom}
    where d.tenant_id = ${tx.tenant} and d.run_id = ${runId} and d.decision_id = ${decisionId}`);
}

/** Decisions with messages that still wait for approval: all that leave, or those named. */
export async function decisionsToApprove(
  tx: Tx,
  runId: Uuid,
  decisionIds: readonly Uuid[] | undefined,
): Promise<DecisionRecord[]> {
  const chosen = decisionIds
    ? sql`d.decision_id = any(${[...decisionIds]}::uuid[]) and d.bucket <> 'skipped'`
    : sql`d.bucket = 'leaves'`;
  return tx.rows<DecisionRecord>(sql`
    select ${decisionColumns} from dunning.run_decision d
    where d.tenant_id = ${tx.tenant} and d.run_id = ${runId} and ${chosen}
      and exists (
        select 1 from correspondence.message_progress m
        where m.tenant_id = d.tenant_id and m.message_id = any(d.message_ids) and m.state in ('planned', 'approved'))
    order by d.position`);
}

export async function decisionsById(tx: Tx, runId: Uuid, decisionIds: readonly Uuid[]): Promise<DecisionRecord[]> {
  return tx.rows<DecisionRecord>(sql`
    select ${decisionColumns} from dunning.run_decision d
    where d.tenant_id = ${tx.tenant} and d.run_id = ${runId} and d.decision_id = any(${[...decisionIds]}::uuid[])`);
}

/** Bucket, currency, amount and code of every decision of a run: what its summary counts. */
export async function decisionAmounts(tx: Tx, runId: Uuid) {
  return tx.rows<Pick<DecisionRecord, "bucket" | "code" | "currency" | "amountMinor">>(sql`
    select bucket, code, currency, amount_minor as "amountMinor" from dunning.run_decision
    where tenant_id = ${tx.tenant} and run_id = ${runId}`);
}

/** Takes decisions out of the run, with who said why; their bucket of before is kept in the note for the way back. */
export async function excludeDecisions(
  tx: Tx,
  runId: Uuid,
  decisionIds: readonly Uuid[],
  reason: string,
): Promise<void> {
  await tx.run(sql`
    update dunning.run_decision
    set note = bucket, bucket = 'skipped', code = 'excluded',
      reasons = reasons || jsonb_build_array(jsonb_build_object('code', 'excluded', 'values', jsonb_build_object('reason', ${reason}::text)))
    where tenant_id = ${tx.tenant} and run_id = ${runId} and decision_id = any(${[...decisionIds]}::uuid[]) and bucket <> 'skipped'`);
}

/** Decisions that waited for a person leave with the run; returns how many. */
export async function letLeave(tx: Tx, runId: Uuid, decisionIds: readonly Uuid[]): Promise<number> {
  return tx.run(sql`
    update dunning.run_decision set bucket = 'leaves'
    where tenant_id = ${tx.tenant} and run_id = ${runId} and decision_id = any(${[...decisionIds]}::uuid[]) and bucket = 'to_decide'`);
}

/** The way back; the messages of the decisions are planned anew by the caller. */
export async function restoreDecision(
  tx: Tx,
  runId: Uuid,
  decisionId: Uuid,
  messageIds: readonly Uuid[],
): Promise<void> {
  await tx.run(sql`
    update dunning.run_decision set bucket = note, code = null, note = null, message_ids = ${[...messageIds]}::uuid[]
    where tenant_id = ${tx.tenant} and run_id = ${runId} and decision_id = ${decisionId} and code = 'excluded' and note is not null`);
}

/** Replaces what a decision lists, after an item was left out by a person. */
export async function replaceItems(
  tx: Tx,
  runId: Uuid,
  decisionId: Uuid,
  change: Pick<DecisionRecord, "itemIds" | "itemOpens" | "amountMinor" | "leftOut">,
): Promise<void> {
  await tx.run(sql`
    update dunning.run_decision
    set item_ids = ${[...change.itemIds]}::uuid[], item_opens = ${[...change.itemOpens]}::bigint[], amount_minor = ${change.amountMinor},
      item_count = ${change.itemIds.length}, left_out = ${JSON.stringify(change.leftOut)}::jsonb
    where tenant_id = ${tx.tenant} and run_id = ${runId} and decision_id = ${decisionId}`);
}

/** Turns decisions whose message could not be made or whose occasion is taken into skips. */
export async function skipDecisions(
  tx: Tx,
  runId: Uuid,
  decisionIds: readonly Uuid[],
  code: SkipCode,
  values: Values,
): Promise<void> {
  await tx.run(sql`
    update dunning.run_decision
    set bucket = 'skipped', code = ${code}, reasons = ${JSON.stringify([{ code, values }])}::jsonb
    where tenant_id = ${tx.tenant} and run_id = ${runId} and decision_id = any(${[...decisionIds]}::uuid[])`);
}

/** Messages of a run by state, for its progress. */
export async function messageStates(tx: Tx, runIds: readonly Uuid[]): Promise<Map<Uuid, Record<string, number>>> {
  const rows = await tx.rows<{ run_id: Uuid; state: string; count: number }>(sql`
    select run_id, state, count(*)::int as count
    from correspondence.message_progress
    where tenant_id = ${tx.tenant} and run_id = any(${[...runIds]}::uuid[])
    group by run_id, state`);
  const byRun = new Map<Uuid, Record<string, number>>();
  for (const row of rows) byRun.set(row.run_id, { ...byRun.get(row.run_id), [row.state]: row.count });
  return byRun;
}

/** Ids of a run's messages in some states. */
export async function runMessages(tx: Tx, runId: Uuid, states: readonly string[]): Promise<Uuid[]> {
  const rows = await tx.rows<{ message_id: Uuid }>(sql`
    select message_id from correspondence.message_progress
    where tenant_id = ${tx.tenant} and run_id = ${runId} and state = any(${[...states]}::text[])
    order by message_id`);
  return rows.map((row) => row.message_id);
}

/** What the latest run that saw each group of a customer decided. */
export async function latestDecisions(tx: Tx, customerId: Uuid): Promise<ListedDecision[]> {
  return tx.rows<ListedDecision>(sql`
    select distinct on (d.group_key) ${listedColumns} from ${listedFrom}
    where d.tenant_id = ${tx.tenant} and d.customer_id = ${customerId}
      and d.run_id >= (
        select coalesce(max(run_id::text), '00000000-0000-0000-0000-000000000000')::uuid
        from dunning.run_decision
        where tenant_id = ${tx.tenant} and customer_id = ${customerId})
    order by d.group_key, d.run_id desc`);
}

/** The run of a day that one author planned, while messages of it that leave wait for approval: how many decisions. */
export async function runToApprove(
  tx: Tx,
  asOf: CalendarDate,
  author: string,
): Promise<{ runId: Uuid; count: number } | undefined> {
  const row = await tx.maybeOne<{ runId: Uuid }>(sql`
    select run_id as "runId" from dunning.run
    where tenant_id = ${tx.tenant} and state = 'review' and as_of = ${asOf} and created_by = ${author} and company_id is null`);
  if (!row) return undefined;
  const { length: count } = await decisionsToApprove(tx, row.runId, undefined);
  return count > 0 ? { runId: row.runId, count } : undefined;
}
