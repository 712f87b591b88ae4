import { setTimeout as wait } from "node:timers/promises";
import { PushOpened, PushReport, PushState } from "#contracts/push.ts";

/** The other end refused, or cannot be reached (status 0). */
export class AgentFault extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, text: string) {
    super(text);
    this.status = status;
    this.code = code;
  }
}

const TRIES = 5;
const FIRST_WAIT_MS = 200;
const TIMEOUT_MS = 120_000;
const POLL_MS = 500;
const PATIENCE = 7_200;

/** The push API as the agent uses it. What may pass by itself - a lost line, a busy server - is tried again with growing waits. */
export function pushClient(base: string, key: string) {
  const once = async (method: string, path: string, body: unknown, idempotencyKey?: string): Promise<unknown> => {
    const answer = await fetch(new URL(`/api/v1${path}`, base), {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        "accept-language": "en",
        ...(method === "POST" ? { "content-type": "application/json" } : {}),
        ...(idempotencyKey ? { "idempotency-key": idempotencyKey } : {}),
      },
      ...(method === "POST" ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: "error",
    }).catch((error: unknown) => {
      const cause = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message;
      throw new AgentFault(0, "unreachable", `cannot reach ${base}: ${cause}`);
    });
    const text = await answer.text().catch(() => {
      throw new AgentFault(0, "unreachable", `the answer of ${base} was cut`);
    });
    const parsed = JSON.parse(text || "{}") as { code?: string; detail?: string };
    if (!answer.ok)
      throw new AgentFault(answer.status, parsed.code ?? "unknown", parsed.detail ?? `answer ${answer.status}`);
    return parsed;
  };
  const ask = async (method: string, path: string, body: unknown = {}, idempotencyKey?: string): Promise<unknown> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await once(method, path, body, idempotencyKey);
      } catch (error) {
        const mayPass =
          error instanceof AgentFault &&
          (error.status === 0 || error.status === 429 || error.status >= 500 || error.code === "request_in_progress");
        if (!mayPass || tries >= TRIES) throw error;
        await wait(FIRST_WAIT_MS * 2 ** tries);
      }
    }
  };
  const state = async (runId: string) => PushState.parse(await ask("GET", `/sync/runs/${runId}/state`));
  return {
    open: async () => PushOpened.parse(await ask("POST", "/sync/runs", {})),
    state,
    abandon: (runId: string) => ask("POST", `/sync/runs/${runId}/abandon`),
    /** The number of the call makes a repeated send the same request. */
    push: async (runId: string, path: string, rows: unknown[], call: number) =>
      PushReport.parse(await ask("POST", `/sync/runs/${runId}/${path}`, { rows }, `${runId}-${call}`)),
    /** Closes and waits for the end; a run that was closed before a cut is only waited for. */
    close: async (runId: string, closing: unknown) => {
      if ((await state(runId)).state === "open")
        await ask("POST", `/sync/runs/${runId}/close`, closing, `${runId}-close`);
      for (let asked = 0; asked < PATIENCE; asked += 1) {
        const now = await state(runId);
        if (now.state !== "queued" && now.state !== "running") return now;
        await wait(POLL_MS);
      }
      throw new AgentFault(0, "no_answer", "the run did not end in an hour");
    },
  };
}
