#!/usr/bin/env node
// Plain JavaScript for any Node 20 or later: hands over to the Node that the project brings along.
import { spawnSync } from "node:child_process";
import { CALLED_FROM, prepare, ROOT, runtime } from "../scripts/prepare.mjs";

await prepare({ withBrowserApplication: false });
const result = spawnSync(runtime(), [`${ROOT}/cli/src/main.ts`, ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...process.env, ENCOURS_CALLED_FROM: CALLED_FROM },
});
process.exit(result.status ?? 1);
