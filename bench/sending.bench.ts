import { performance } from "node:perf_hooks";
import type { CalendarDate } from "#kernel/calendar-date.ts";
import { newId } from "#kernel/ids.ts";
import { startOutboxWorker } from "#modules/correspondence/index.ts";
import { checkHandOver, planRun, previewRun } from "#modules/dunning/index.ts";
import type { Actor } from "#platform/actor.ts";
import { sql } from "#platform/database/index.ts";
import type { Services } from "#platform/services.ts";
import { aChannel, setChannel } from "../server/src/modules/correspondence/testing/held-messages.ts";
import { scriptedServer } from "../server/src/modules/correspondence/testing/scripted-server.ts";
import { approveRun } from "../server/src/modules/dunning/actions/approve-run.ts";

/** The plan of a day over the whole tenant, decisions with their reasons, nothing kept. */
export async function benchPlan(services: Services, actor: Actor, today: CalendarDate): Promise<string> {
  await services.db.transaction(actor.tenant, async (tx) => {
    const rows = await tx.rows<{ id: string; number: string }>(sql`
      select customer_id as id, number from parties.customer c
      where tenant_id = ${tx.tenant} and not exists (select 1 from parties.contact k where k.tenant_id = c.tenant_id and k.customer_id = c.customer_id)`);
    await tx.run(sql`
      insert into parties.contact (tenant_id, contact_id, customer_id, name, email, roles, is_in_charge, valid_from)
      select ${tx.tenant}, k.contact_id, k.customer_id, 'Compta', 'compta@' || lower(replace(k.number, '-', '')) || '.example', '{accounting}', true, '2000-01-01'
      from unnest(${rows.map(() => newId())}::uuid[], ${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.number)}::text[]) as k (contact_id, customer_id, number)`);
  });
  const times: number[] = [];
  let decisions = 0;
  for (let round = 0; round < 3; round += 1) {
    const started = performance.now();
    const plan = await previewRun(services, actor, { asOf: today, today });
    if (!plan.ok) throw new Error(plan.code);
    decisions = plan.value.decisions.length;
    times.push(performance.now() - started);
  }
  const best = times.sort((a, b) => a - b)[1] ?? 0;
  return `${(best / 1000).toFixed(2)} s for ${decisions} groups`;
}

/** From approval to the last acceptance by an SMTP server on this machine. */
export async function benchMessages(
  services: Services,
  actor: Actor,
  today: CalendarDate,
  wanted: number,
): Promise<string> {
  const sink = await scriptedServer({});
  await services.db.transaction(actor.tenant, (tx) => setChannel(tx, aChannel(sink.port)));
  const run = await planRun(services, actor, { asOf: today, today });
  if (!run.ok) throw new Error(run.code);
  const chosen = await services.db.transaction(actor.tenant, (tx) =>
    tx.rows<{ id: string }>(sql`
      select decision_id as id from dunning.run_decision
      where tenant_id = ${tx.tenant} and run_id = ${run.value.runId} and bucket in ('leaves', 'to_decide') and cardinality(message_ids) > 0
      order by decision_id limit ${wanted}`),
  );
  const decisionIds = chosen.map((row) => row.id);
  const worker = startOutboxWorker({
    db: services.db,
    clock: services.clock,
    secrets: services.secrets,
    checkFacts: checkHandOver(services.clock),
  });
  const started = performance.now();
  const approved = await approveRun(services, actor, run.value.runId, {
    decisionIds,
    expectedCount: decisionIds.length,
    holdMinutes: 0,
    today,
  });
  if (!approved.ok) throw new Error(`${approved.code} ${JSON.stringify(approved.details)}`);
  const approvedAt = performance.now();
  while (sink.accepted() < decisionIds.length && performance.now() - started < 300_000)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const ended = performance.now();
  await worker.stop();
  await sink.close();
  return `${((ended - started) / 1000).toFixed(1)} s for ${sink.accepted()} (approval ${((approvedAt - started) / 1000).toFixed(1)} s, rendering, check and sending ${((ended - approvedAt) / 1000).toFixed(1)} s)`;
}
