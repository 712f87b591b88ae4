import pg from "pg";
import { PgBoss } from "pg-boss";
import { tenantId } from "#kernel/ids.ts";
import type { Db, Tx } from "../database/index.ts";
import { quote } from "../database/roles.ts";
import type { JsonObject } from "../journal/digest.ts";
import { addDeadLetter, type Job, type JobHandler, type Jobs } from "./index.ts";

const QUEUE = "encours";
const HEARTBEAT_SECONDS = 20;
const RETRIES = 3;

type Envelope = { kind: string; tenant: string; payload: JsonObject };

export type JobWorker = { stop(): Promise<void> };

type Connection = { readonly ownerUrl: string; readonly appRole: string };

async function openBoss(connection: Connection): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: connection.ownerUrl,
    schema: "queue",
    max: 3,
    useListenNotify: true,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  });
  boss.on("error", () => {
    // Lost connections are reopened by the library; a failing job is reported by its own handler.
  });
  await boss.start();
  await boss.createQueue(QUEUE, {
    notify: true,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    retryLimit: RETRIES,
    retryBackoff: true,
    expireInSeconds: 3_600,
    retentionSeconds: 30 * 86_400,
  });
  return boss;
}

/** The queue that carries ids. Enqueueing happens inside the caller's transaction. */
export async function pgBossJobs(connection: Connection): Promise<Jobs & { boss: PgBoss; stop(): Promise<void> }> {
  const boss = await openBoss(connection);
  await allowEnqueueing(connection);
  return {
    boss,
    enqueue: async (tx, kind, payload) => {
      await boss.send(QUEUE, { kind, tenant: tx.tenant, payload } satisfies Envelope, { db: inTransaction(tx) });
    },
    stop: () => boss.stop({ graceful: true, timeout: 5_000 }),
  };
}

/** The queue belongs to the owner; the application may write into it, so that a job stands or falls with what caused it. */
async function allowEnqueueing({ ownerUrl, appRole }: Connection): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query(`grant usage on schema queue to ${quote(appRole)};
      grant select, insert, update, delete on all tables in schema queue to ${quote(appRole)};
      grant execute on all functions in schema queue to ${quote(appRole)}`);
  } finally {
    await owner.end();
  }
}

const inTransaction = (tx: Tx) => ({
  executeSql: async (text: string, values: unknown[] = []) => ({ rows: await tx.raw(text, values) }),
});

/** Runs jobs until stopped. A killed worker's jobs come back when its heartbeat is missed: within 60 s. */
export async function startJobWorker(
  boss: PgBoss,
  db: Db,
  handlers: Readonly<Record<string, JobHandler>>,
): Promise<JobWorker> {
  const id = await boss.work<Envelope>(
    QUEUE,
    { batchSize: 1, includeMetadata: true, pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 5 },
    async ([message]) => {
      if (!message) return;
      const { kind, tenant, payload } = message.data;
      const job: Job = { kind, tenant: tenantId(tenant), payload };
      const handler = handlers[kind];
      try {
        if (!handler) throw new Error(`no handler for jobs of kind ${kind}`);
        await handler(job);
      } catch (error) {
        if (message.retryCount < RETRIES) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        await db.transaction(job.tenant, (tx) =>
          addDeadLetter(tx, job, reason.slice(0, 2_000), message.retryCount + 1),
        );
      }
    },
  );
  return { stop: () => boss.offWork(QUEUE, { id }) };
}
