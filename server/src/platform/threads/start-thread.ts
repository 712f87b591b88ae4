import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { plainSources } from "./plain-sources.ts";

type ThreadOptions = {
  /** What the thread finds as `workerData.task`; plain values. */
  readonly task: unknown;
  /** Largest heap of the thread; beyond it the thread ends with ERR_WORKER_OUT_OF_MEMORY and the process lives on. */
  readonly memoryMb: number;
};

/** Runs a TypeScript file of ours in a thread without environment variables. The caller listens to its messages, error and exit. */
export function startThread(entry: URL, options: ThreadOptions): Worker {
  return new Worker(new URL("./thread.mjs", import.meta.url), {
    workerData: { entry: entry.href, sources: plainSources(fileURLToPath(entry)), task: options.task },
    resourceLimits: { maxOldGenerationSizeMb: options.memoryMb },
    env: {},
  });
}
