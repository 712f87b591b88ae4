// Plain JavaScript for any Node 20 or later: installs what is missing, builds the application when its source changed, then hands over
// to the Node 24 that the project brings along.
import { spawn } from "node:child_process";
import { prepare, RUNTIME_FLAGS, runtime } from "./prepare.mjs";

await prepare({ withBrowserApplication: process.env.ENCOURS_ROLE !== "worker" });
const child = spawn(runtime(), [...RUNTIME_FLAGS, "server/src/main.ts"], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => child.kill(signal === "SIGHUP" ? "SIGTERM" : signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
