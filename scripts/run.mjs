// Runs one of our TypeScript programs with the Node that the project brings along: node scripts/run.mjs FILE [ARGS...]
import { spawnSync } from "node:child_process";
import { prepare, RUNTIME_FLAGS, runtime } from "./prepare.mjs";

await prepare({ withBrowserApplication: false });
const result = spawnSync(runtime(), [...RUNTIME_FLAGS, ...process.argv.slice(2)], { stdio: "inherit" });
process.exit(result.status ?? 1);
