import { once } from "node:events";
import { expect, test } from "vitest";
import { startThread } from "./index.ts";

const thread = new URL("./testing/echo-thread.ts", import.meta.url);

test("a thread of ours gets its task, reaches its imports, and loads no compiler", async () => {
  const worker = startThread(thread, { task: "Éole", memoryMb: 64 });
  const [said] = await once(worker, "message");
  await worker.terminate();
  expect(said).toEqual({ folded: "eole", compilers: [] });
});

test("a thread that takes more memory than it may ends alone", async () => {
  const worker = startThread(thread, { task: null, memoryMb: 16 });
  const [error] = await once(worker, "error");
  expect(error).toMatchObject({ code: "ERR_WORKER_OUT_OF_MEMORY" });
});
