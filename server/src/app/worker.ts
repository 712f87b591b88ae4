import type { Logger } from "pino";
import { addDays, day, dayInZone, startOfDayIn } from "#kernel/calendar-date.ts";
import { minutesAfter, todayIn } from "#kernel/clock.ts";
import { eachInTurn } from "#kernel/each-in-turn.ts";
import { allTenants, findTenant, systemActor } from "#modules/access/index.ts";
import { CASH_JOB, matchCash } from "#modules/cash/index.ts";
import { type ImportMode, runImport, runSource, startDueRuns } from "#modules/connectors/index.ts";
import { startOutboxWorker } from "#modules/correspondence/index.ts";
import { checkHandOver, planDay } from "#modules/dunning/index.ts";
import { turnDay } from "#modules/receivables/index.ts";
import { type GlobalTx, sql } from "#platform/database/index.ts";
import { type JobHandler, setClock, startJobWorker, takeDueClocks } from "#platform/jobs/index.ts";
import { sealPending } from "#platform/journal/index.ts";
import { pumpWebhooks } from "#platform/webhooks/index.ts";
import { followPortfolioRules } from "./portfolios.ts";
import { askAboutWebhook, createDunningTasks, filePorts } from "./ports.ts";
import { refreshSearch } from "./search.ts";
import type { BuiltServices } from "./services.ts";

const SEAL_EVERY_MS = 20_000;
const CLOCK_EVERY_MS = 30_000;
const WEBHOOKS_EVERY_MS = 5_000;
const DAY_CLOCK = "day";
const DAY_AGAIN_MINUTES = 30;

export type Worker = { stop(): Promise<void> };

/** Runs background work of all tenants: jobs of the queue and the sealing of journals. */
export async function startWorker(services: BuiltServices, logger: Logger): Promise<Worker> {
  const handlers = jobHandlers(services);
  const jobs = await startJobWorker(services.queue.boss, services.db, handlers);
  const sealer = repeat(SEAL_EVERY_MS, logger, () => sealAll(services));
  const clock = repeat(CLOCK_EVERY_MS, logger, () => strikeClocks(services));
  const webhooks = repeat(WEBHOOKS_EVERY_MS, logger, () => pumpAll(services));
  const outbox = startOutboxWorker({
    db: services.db,
    clock: services.clock,
    secrets: services.secrets,
    checkFacts: checkHandOver(services.clock),
    onFault: (error) => logger.error({ err: error }, "sending failed"),
  });
  return {
    stop: async () => {
      await outbox.stop();
      await webhooks.stop();
      await clock.stop();
      await sealer.stop();
      await jobs.stop();
    },
  };
}

/** What is due of every tenant's day, then of its sources; a fault of one holds up neither. */
export const strikeClocks = (services: BuiltServices): Promise<void> =>
  eachInTurn(
    [() => strikeDays(services, (tenant) => passDay(services, tenant)), () => strikeSources(services)],
    (one) => one(),
  );

type Tenant = NonNullable<Awaited<ReturnType<typeof findTenant>>>;

/**
 * The day of a tenant, in fixed order: turn the ledger's kept ageing, match cash, give customers to whom the portfolio rules say, then plan the day. `job_run` decides whether it was done already,
 * so a clock that rings twice, or not for three days, does each day once.
 */
async function passDay(services: BuiltServices, tenant: Tenant): Promise<void> {
  await turnDay(services, tenant);
  await matchCash(services, tenant);
  await followPortfolioRules(services, systemActor(tenant, "portfolio.rules"), todayIn(services.clock, tenant.zone));
  await planDay({ ...services, createTasks: createDunningTasks }, tenant);
}

/**
 * Passes the day of every tenant whose clock has struck. Its clock is set to the next midnight only once the day has passed: one that failed, or whose
 * worker was cut off, rings again the same day, and nothing is planned meanwhile over cash that was not matched.
 */
export async function strikeDays(
  services: Pick<BuiltServices, "db" | "clock">,
  pass: (tenant: Tenant) => Promise<void>,
): Promise<void> {
  await services.db.global(startMissingClocks);
  const now = services.clock.now();
  const again = minutesAfter(now, DAY_AGAIN_MINUTES).toISOString();
  await eachInTurn(await takeDueClocks(services.db, DAY_CLOCK, now.toISOString(), () => again), async (tenantId) => {
    const tenant = await services.db.global((tx) => findTenant(tx, tenantId));
    if (!tenant) return;
    await pass(tenant);
    const midnight = startOfDayIn(addDays(dayInZone(now, tenant.zone), 1), tenant.zone).toISOString();
    await services.db.transaction(tenantId, (tx) => setClock(tx, DAY_CLOCK, midnight));
  });
}

const strikeSources = (services: BuiltServices) =>
  startDueRuns(services, async (tenantId) => {
    const tenant = await services.db.global((tx) => findTenant(tx, tenantId));
    return tenant && systemActor(tenant, "sync");
  });

/** A tenant without a clock gets one that strikes now. */
const startMissingClocks = (tx: GlobalTx) =>
  tx.run(sql`
    insert into platform.tenant_clock (tenant_id, kind, next_at)
    select tenant_id, ${DAY_CLOCK}, now() from platform.tenant
    on conflict do nothing`);

/** What each kind of job does. Running one twice changes nothing. */
export function jobHandlers(services: BuiltServices): Record<string, JobHandler> {
  return {
    "connectors.import": async ({ tenant, payload }) => {
      const found = await services.db.global((tx) => findTenant(tx, tenant));
      if (!found) return;
      const system = systemActor(found, "import");
      const actor = { ...system, kind: payload["actorKind"] as "user", id: String(payload["actorId"]) };
      const today = todayIn(services.clock, found.zone);
      await runImport(services, actor, String(payload["importId"]), payload["mode"] as ImportMode, day(today));
      if (payload["mode"] !== "apply") return;
      await followPortfolioRules(services, systemActor(found, "portfolio.rules"), day(today));
      await matchCash(services, found);
    },
    "connectors.sync": async ({ tenant, payload }) => {
      const found = await services.db.global((tx) => findTenant(tx, tenant));
      if (!found) return;
      const system = systemActor(found, "sync");
      const actor = { ...system, kind: payload["actorKind"] as "user", id: String(payload["actorId"]) };
      await runSource(services, actor, String(payload["runId"]), undefined, filePorts);
      const today = todayIn(services.clock, found.zone);
      await followPortfolioRules(services, systemActor(found, "portfolio.rules"), today);
      await matchCash(services, found);
    },
    [CASH_JOB]: async ({ tenant }) => {
      const found = await services.db.global((tx) => findTenant(tx, tenant));
      if (found) await matchCash(services, found);
    },
    "search.refresh": async ({ tenant }) => {
      await services.db.transaction(tenant, refreshSearch);
    },
  };
}

/** Seals every tenant's waiting events; one tenant's fault does not hold up the others. */
export async function sealAll(services: BuiltServices): Promise<void> {
  await eachInTurn(await services.db.global(allTenants), async (tenant) => {
    while ((await services.db.transaction(tenant.id, sealPending)) > 0);
  });
}

/** Sends what is due to every tenant's webhooks; a full turn is followed by another at once. */
async function pumpAll(services: BuiltServices): Promise<void> {
  await eachInTurn(await services.db.global(allTenants), async (tenant) => {
    while ((await pumpWebhooks(services, tenant.id, { onDisabled: askAboutWebhook })) >= 20);
  });
}

/** Does `work` now and then every `everyMs` after it ended, until stopped. */
function repeat(everyMs: number, logger: Logger, work: () => Promise<void>): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let current: Promise<void> = Promise.resolve();
  const turn = () => {
    current = work()
      .catch((error: unknown) => logger.error({ err: error }, "background work failed"))
      .then(() => {
        if (!isStopped) timer = setTimeout(turn, everyMs);
      });
  };
  turn();
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      return current;
    },
  };
}
