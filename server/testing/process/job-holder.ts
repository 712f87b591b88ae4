import { openDb } from "#platform/database/index.ts";
import { pgBossJobs, startJobWorker } from "#platform/jobs/index.ts";

// A worker that takes one job and never finishes it: the test kills it.
const [ownerUrl = "", appUrl = "", appRole = ""] = process.argv.slice(2);
const db = openDb(appUrl);
const queue = await pgBossJobs({ ownerUrl, appRole });
await startJobWorker(queue.boss, db, {
  "test.hold": async () => {
    process.stdout.write("holding\n");
    await new Promise(() => {});
  },
});
process.stdout.write("ready\n");
