// The long form of what the tests do shortly: npm run campaign -- [parsers|ledger|sync|sending ...] [--times=N]
// Random inputs change with every run; a failure names its seed, and the input shrunk as far as it goes.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fail, prepare, ROOT, runtime } from "./prepare.mjs";

const MODULES = "server/src/modules";
const CAMPAIGNS = {
  parsers: (times) => [
    [
      "unit",
      { ENCOURS_FUZZ_RUNS: 20_000 * times },
      ["reading.fuzz", "bank.fuzz", "einvoice.test", "ledger/ledger.test"],
    ],
  ],
  ledger: (times) => [
    ["unit", { ENCOURS_FUZZ_RUNS: 100_000 * times }, [`${MODULES}/receivables/core`]],
    [
      "database",
      { ENCOURS_FUZZ_RUNS: 150 * times },
      ["random-batches", "more-loads", "overlay.db", "customer-profile", "criteria.db"],
    ],
  ],
  sync: (times) => [
    ["database", { ENCOURS_SYNC_DAYS: 365, ENCOURS_SYNC_RUNS: times }, ["testing/year"]],
    ["database", { ENCOURS_ROUND_TRIPS: 50 * times }, ["ledger-texts", "round-trip"]],
  ],
  sending: (times) => [
    [
      "database",
      { ENCOURS_FAULT_MESSAGES: 2_000, ENCOURS_FAULT_KILLS: 20 * times, ENCOURS_RACE_ROUNDS: 100 * times },
      ["outbox-fault", "races"],
    ],
  ],
};

const given = process.argv.slice(2);
const times = Number(given.find((one) => one.startsWith("--times="))?.slice("--times=".length) ?? 1);
const named = given.filter((one) => !one.startsWith("--"));
const unknown = named.find((one) => !(one in CAMPAIGNS));
if (unknown || !(times >= 1)) fail(`one or more of ${Object.keys(CAMPAIGNS).join(", ")}, and --times=N`);

await prepare({ withBrowserApplication: false });
const bin = path.join(ROOT, "node_modules/.bin");
const PATH = `${path.dirname(runtime())}${path.delimiter}${bin}${path.delimiter}${process.env.PATH}`;
const failed = [];
for (const name of named.length > 0 ? named : Object.keys(CAMPAIGNS))
  for (const [project, more, files] of CAMPAIGNS[name](times)) {
    console.log(`\n== ${name}: ${JSON.stringify(more)}`);
    const settings = Object.fromEntries(Object.entries(more).map(([key, value]) => [key, String(value)]));
    const args = ["run", "--project", project, "--testTimeout=3600000", ...files];
    const env = { ...process.env, PATH, ...settings };
    if (spawnSync(path.join(bin, "vitest"), args, { stdio: "inherit", env }).status !== 0) failed.push(name);
  }
console.log(failed.length > 0 ? `\nfailed: ${failed.join(", ")}` : "\nall held");
process.exit(failed.length > 0 ? 1 : 0);
