import { z } from "zod";
import { Empty, Id } from "#contracts/common.ts";
import {
  DeadLetterList,
  JobRunList,
  JournalState,
  JournalVerdict,
  RateList,
  RatesSaved,
  ResolveDeadLetter,
} from "#contracts/platform.ts";
import { done, refuse } from "#kernel/result.ts";
import { sql } from "#platform/database/index.ts";
import { type Route, route } from "#platform/http/index.ts";
import { type JsonObject, record, verifyJournal } from "#platform/journal/index.ts";
import { latestRates, parseRates, saveRates } from "#platform/rates/index.ts";

const RATES_BYTES = 8 * 1024 * 1024;

export const rateRoutes: Route[] = [
  route({
    method: "GET",
    path: "/rates",
    operationId: "listRates",
    tag: "rates",
    permission: "rates.read",
    summary: "Newest exchange rate of each currency, units for one euro",
    reply: RateList,
    handle: async ({ services }) => done({ rows: await services.db.global(latestRates) }),
  }),
  route({
    method: "POST",
    path: "/rates",
    operationId: "importRates",
    tag: "rates",
    permission: "rates.write",
    status: 201,
    summary: "Import exchange rates: the central bank's history, or rows of day, currency and rate",
    upload: { maxBytes: RATES_BYTES },
    reply: RatesSaved,
    handle: async ({ actor, upload, services }) => {
      const parsed = parseRates(upload?.content.toString("utf8") ?? "");
      if (!("rates" in parsed))
        return refuse("rates_unreadable", { line: parsed.line, value: parsed.value.slice(0, 40) });
      if (parsed.rates.length === 0) return refuse("rates_unreadable", { line: 1, value: "" });
      const changed = await services.db.transaction(actor.tenant, async (tx) => {
        const count = await saveRates(tx, "import", parsed.rates);
        await record(tx, actor, {
          kind: "platform.rates.imported",
          version: 1,
          subject: { type: "rates", id: "import" },
          payload: { read: parsed.rates.length, changed: count, fileName: upload?.name ?? "" },
        });
        return count;
      });
      return done({ read: parsed.rates.length, changed });
    },
  }),
];

export const jobRoutes: Route[] = [
  route({
    method: "GET",
    path: "/jobs/runs",
    operationId: "listJobRuns",
    tag: "jobs",
    permission: "jobs.read",
    summary: "Background runs by business day, newest first",
    reply: JobRunList,
    handle: async ({ actor, services }) =>
      done({
        rows: await services.db.transaction(actor.tenant, (tx) =>
          tx.rows<z.infer<typeof JobRunList>["rows"][number]>(sql`
            select kind, business_date as "businessDate", part, state, attempts, started_at as "startedAt", ended_at as "endedAt"
            from platform.job_run where tenant_id = ${tx.tenant} order by started_at desc limit 200`),
        ),
      }),
  }),
  route({
    method: "GET",
    path: "/jobs/dead-letters",
    operationId: "listDeadLetters",
    tag: "jobs",
    permission: "jobs.read",
    summary: "Work that failed for good, with its reason",
    reply: DeadLetterList,
    handle: async ({ actor, services }) =>
      done({
        rows: await services.db.transaction(actor.tenant, (tx) =>
          tx.rows<z.infer<typeof DeadLetterList>["rows"][number]>(sql`
            select dead_letter_id as id, kind, reason, attempts, failed_at as "failedAt", resolved_at as "resolvedAt", resolution
            from platform.dead_letter where tenant_id = ${tx.tenant} order by resolved_at is not null, failed_at desc limit 200`),
        ),
      }),
  }),
  route({
    method: "POST",
    path: "/jobs/dead-letters/:deadLetterId/resolve",
    operationId: "resolveDeadLetter",
    tag: "jobs",
    permission: "jobs.resolve",
    summary: "Try a failed job again, or drop it",
    params: z.object({ deadLetterId: Id }),
    body: ResolveDeadLetter,
    reply: Empty,
    handle: async ({ actor, params, body, services }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const letter = await tx.maybeOne<{ kind: string; payload: JsonObject }>(sql`
          update platform.dead_letter set resolved_at = now(), resolution = ${body.resolution}
          where tenant_id = ${tx.tenant} and dead_letter_id = ${params.deadLetterId} and resolved_at is null
          returning kind, payload`);
        if (!letter) return refuse("not_found");
        if (body.resolution === "retried") await services.jobs.enqueue(tx, letter.kind, letter.payload);
        await record(tx, actor, {
          kind: "platform.dead_letter.resolved",
          version: 1,
          subject: { type: "dead_letter", id: params.deadLetterId },
          payload: { resolution: body.resolution, job: letter.kind },
        });
        return done({});
      }),
  }),
];

export const journalRoutes: Route[] = [
  route({
    method: "GET",
    path: "/journal",
    operationId: "getJournalState",
    tag: "journal",
    permission: "journal.read",
    summary: "How far the journal is sealed",
    reply: JournalState,
    handle: async ({ actor, services }) =>
      services.db.transaction(actor.tenant, async (tx) => {
        const { waiting } = await tx.one<{ waiting: bigint }>(sql`
          select count(*) as waiting from platform.journal_pending where tenant_id = ${tx.tenant}`);
        const { events } = await tx.one<{ events: bigint }>(sql`
          select count(*) as events from platform.event where tenant_id = ${tx.tenant}`);
        const head = await tx.maybeOne<{ block_no: bigint; block_hash: Buffer; sealed_at: string }>(sql`
          select block_no, block_hash, sealed_at from platform.journal_block
          where tenant_id = ${tx.tenant} order by block_no desc limit 1`);
        return done({
          events: Number(events),
          blocks: Number(head?.block_no ?? 0n),
          waiting: Number(waiting),
          lastSealedAt: head?.sealed_at ?? null,
          headHash: head?.block_hash.toString("hex") ?? null,
        });
      }),
  }),
  route({
    method: "POST",
    path: "/journal/verify",
    operationId: "verifyJournal",
    tag: "journal",
    permission: "journal.read",
    summary: "Recompute every digest and link of the journal",
    reply: JournalVerdict,
    handle: async ({ actor, services }) => {
      const fault = await services.db.transaction(actor.tenant, verifyJournal);
      return done({ isWhole: fault === undefined, fault: fault ?? null });
    },
  }),
];
