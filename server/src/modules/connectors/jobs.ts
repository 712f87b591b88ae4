import { minutesAfter } from "#kernel/clock.ts";
import { eachInTurn } from "#kernel/each-in-turn.ts";
import type { TenantId } from "#kernel/ids.ts";
import type { Actor } from "#platform/actor.ts";
import { setClock, takeDueClocks } from "#platform/jobs/index.ts";
import type { Services } from "#platform/services.ts";
import { startRunIn } from "./actions/manage-sources.ts";
import { SOURCES_CLOCK } from "./actions/run-source.ts";
import { nextRunAfter } from "./core/calendar.ts";
import * as store from "./store/source-store.ts";

const LOOK_AGAIN_MINUTES = 60;

/**
 * Starts the runs whose time has come, tenant by tenant. A clock that rings twice, or not for three days, starts one run per source: what is due once is
 * planned anew in the transaction that starts it.
 */
export async function startDueRuns(
  services: Services,
  actorOf: (tenant: TenantId) => Promise<Actor | undefined>,
): Promise<number> {
  const now = services.clock.now();
  const later = minutesAfter(now, LOOK_AGAIN_MINUTES).toISOString();
  let started = 0;
  await eachInTurn(await takeDueClocks(services.db, SOURCES_CLOCK, now.toISOString(), () => later), async (tenant) => {
    const actor = await actorOf(tenant);
    if (actor) started += await startOf(services, actor, now);
  });
  return started;
}

const startOf = (services: Services, actor: Actor, now: Date) =>
  services.db.transaction(actor.tenant, async (tx) => {
    let started = 0;
    for (const source of await store.dueSources(tx, now.toISOString())) {
      const next = nextRunAfter(source.calendar, now, actor.zone);
      await store.setNextRun(tx, source.id, next?.toISOString() ?? null);
      const run = await startRunIn(services, tx, actor, source.id, source.failures > 0 ? "retry" : "calendar");
      if (run.ok) started += 1;
    }
    await setClock(tx, SOURCES_CLOCK, await store.earliestRun(tx));
    return started;
  });
