import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const NODE = process.execPath;
const START_TIMEOUT_MS = 60_000;

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

/** A private folder for one test, removed by `release`. */
export function aFolder(): { path: string; release: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), "encours-process-"));
  return { path: folder, release: () => rmSync(folder, { recursive: true, force: true }) };
}

const environment = (more: Record<string, string>): NodeJS.ProcessEnv => {
  const { DATABASE_URL: _url, ENCOURS_DATA: _data, ...rest } = process.env;
  return { ...rest, ENCOURS_DEMO: "0", ...more };
};

export type Served = {
  readonly child: ChildProcess;
  readonly url: string;
  output(): string;
  exited: Promise<{ code: number | null; signal: string | null }>;
};

/** Starts the server and waits until it is ready or has ended. */
export async function serve(
  more: Record<string, string>,
  identity: { uid?: number; gid?: number } = {},
): Promise<Served> {
  const child = spawn(NODE, [path.join(ROOT, "server/src/main.ts")], {
    env: environment(more),
    ...identity,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (part: Buffer) => (text += part.toString("utf8")));
  let isOver = false;
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.once("close", (code, signal) => {
      isOver = true;
      resolve({ code, signal });
    }),
  );
  const url = `http://127.0.0.1:${more["PORT"] ?? 3000}`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!isOver && Date.now() < deadline) {
    const ready = await fetch(`${url}/health/ready`).then(
      (answer) => answer.ok && text.includes(url),
      () => false,
    );
    if (ready) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { child, url, output: () => text, exited };
}

export async function stop(
  served: Served,
  signal: NodeJS.Signals = "SIGTERM",
): Promise<{ code: number | null; signal: string | null }> {
  served.child.kill(signal);
  return served.exited;
}

export type Said = { code: number | null; out: string; err: string };

/** Runs the command line to its end. */
export function encours(args: readonly string[], more: Record<string, string>): Said {
  const done = spawnSync(NODE, [path.join(ROOT, "cli/src/main.ts"), ...args], {
    env: environment(more),
    encoding: "utf8",
    timeout: 120_000,
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}
