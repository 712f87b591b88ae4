// First lines of every thread of ours; plain JavaScript, so that Node loads no compiler here (decision 0090).
import { registerHooks } from "node:module";
import { workerData } from "node:worker_threads";

const { entry, sources } = workerData;
registerHooks({
  load(url, context, next) {
    const source = sources.get(url);
    return source === undefined ? next(url, context) : { format: "module", source, shortCircuit: true };
  },
});
await import(entry);
