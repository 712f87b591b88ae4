import { performance } from "node:perf_hooks";
import { tenantId, type Uuid } from "#kernel/ids.ts";
import { applyBatch } from "#modules/receivables/index.ts";
import { openDb, sql } from "#platform/database/index.ts";
import "../server/src/app/worker.ts";
import { benchActor, benchInput } from "./receivables.bench.ts";

// Run by the benchmark as a process of its own, with everything loaded that a worker of the product has: one first load, its time and its memory.
const [appUrl = "", tenant = "", companyId = ""] = process.argv.slice(2);
const db = openDb(appUrl);
const self = tenantId(tenant);
const accounts = await db.transaction(self, (tx) =>
  tx.rows<{ id: Uuid }>(sql`
    select account_id as id from parties.account where tenant_id = ${self} and company_id = ${companyId} order by account_id`),
);
let peakRssMb = 0;
const watch = setInterval(() => {
  peakRssMb = Math.max(peakRssMb, process.memoryUsage.rss() / 1e6);
}, 200);
const started = performance.now();
const input = benchInput(
  companyId,
  accounts.map((account) => account.id),
);
const result = await applyBatch({ db }, benchActor(self), input);
if (!result.ok) throw new Error(result.code);
const seconds = (performance.now() - started) / 1000;
clearInterval(watch);
console.log(JSON.stringify({ seconds, peakRssMb }));
await db.close();
