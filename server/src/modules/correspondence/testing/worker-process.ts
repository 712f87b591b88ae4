import { systemClock } from "#kernel/clock.ts";
import { openDb } from "#platform/database/index.ts";
import { startOutboxWorker } from "../actions/outbox-worker.ts";

/** One outbox worker in a process of its own, to be killed. */
const [url = "", leaseSeconds = "3"] = process.argv.slice(2);

const db = openDb(url, { max: 8, applicationName: "outbox-worker" });
const worker = startOutboxWorker(
  {
    db,
    clock: systemClock,
    secrets: { open: (text) => text },
    checkFacts: () => Promise.resolve(new Map()),
    onFault: (error) => process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`),
  },
  { pollMs: 50, leaseSeconds: Number(leaseSeconds), tenantsMs: 500 },
);
process.on("SIGTERM", () => {
  void worker
    .stop()
    .then(() => db.close())
    .then(() => process.exit(0));
});
process.send?.("ready");
