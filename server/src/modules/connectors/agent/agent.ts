import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { dayInZone } from "#kernel/calendar-date.ts";
import { currency } from "#kernel/money.ts";
import type { JsonValue } from "#platform/journal/index.ts";
import { outsideRules } from "#platform/outside/index.ts";
import { type Connector, SourceFault } from "../connector/connector.ts";
import { checkSettings } from "../core/settings.ts";
import { chunksOf } from "./chunks.ts";
import { AgentFault, pushClient } from "./push-client.ts";

/** What the agent is told: where it pushes, and what it reads. */
export const AgentConfig = z.object({
  url: z.url(),
  /** A key of one pushed source; better given by ENCOURS_API_KEY than written down. */
  key: z.string().optional(),
  connector: z.string(),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  secrets: z.record(z.string(), z.string()).default({}),
  /** Company code → what the other side calls it: a database. */
  companies: z.record(z.string(), z.string()),
  /** Folder in which it keeps its place; beside the configuration unless said. */
  state: z.string().optional(),
});
export type AgentConfig = z.output<typeof AgentConfig>;

/** Where a round stands; written after every step, so that a new process goes on from there. */
const State = z.object({
  runId: z.string(),
  chunks: z.number().int(),
  /** The first chunk that was not accepted yet. */
  next: z.number().int(),
  closing: z.object({
    hasAllOrders: z.boolean(),
    settlesLeftovers: z.boolean(),
    reached: z.record(z.string(), z.unknown()),
  }),
});
type State = z.output<typeof State>;

export type AgentReport = {
  readonly isResumed: boolean;
  readonly chunks: number;
  readonly state: string;
  readonly counts: Readonly<Record<string, number>>;
};

export type AgentOptions = {
  readonly config: AgentConfig;
  readonly key: string;
  readonly folder: string;
  readonly connector: Connector;
  readonly now: Date;
  readonly say: (line: string) => void;
};

/**
 * One round: what a cut round left is pushed first to its end; else the system is read, cut into calls that are kept on disk, pushed one by one, and
 * closed. A call that was lost is sent again under the same key and has one effect. Throws AgentFault when the other end cannot be reached or refuses.
 */
export async function runAgent(options: AgentOptions): Promise<AgentReport> {
  const { folder, config, say } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const client = pushClient(config.url, options.key);
  const left = await readState(folder);
  if (left) {
    say(`going on with run ${left.runId} at call ${left.next + 1} of ${left.chunks}`);
    return push(options, client, await stillOpen(client, left), true);
  }
  const opened = await client.open();
  say(`run ${opened.id} opened`);
  const state = await read(options, opened).catch(async (error: unknown) => {
    // nothing was pushed: the run is thrown away, so that the next round may open one
    await client.abandon(opened.id).catch(() => {});
    throw error;
  });
  return push(options, client, state, false);
}

type Client = ReturnType<typeof pushClient>;

/** A run that is no longer open is opened anew: its calls are all on disk. */
async function stillOpen(client: Client, left: State): Promise<State> {
  const standing = await client.state(left.runId).catch((error: unknown) => {
    if (error instanceof AgentFault && error.status === 404) return undefined;
    throw error;
  });
  if (standing && ["open", "queued", "running", "done"].includes(standing.state)) return left;
  const { id } = await client.open();
  return { ...left, runId: id, next: 0 };
}

async function read(options: AgentOptions, opened: Awaited<ReturnType<Client["open"]>>): Promise<State> {
  const { config, connector, folder, now, say } = options;
  const checked = checkSettings(connector.settings, config.settings, config.secrets);
  if (!checked.ok) throw new SourceFault("setting_wrong", String(checked.details["setting"]));
  const companies = opened.companies.flatMap((one) => {
    const part = config.companies[one.company];
    return part === undefined
      ? []
      : [
          {
            companyId: one.company,
            code: one.company,
            bookCurrency: currency(one.bookCurrency),
            part,
            reached: (one.reached ?? null) as JsonValue | null,
          },
        ];
  });
  if (companies.length === 0) throw new SourceFault("setting_wrong", "companies");
  const batches = connector.run({
    ...checked.value,
    companies,
    // on its own machine the agent goes where its configuration says
    outside: { ...outsideRules(process.env), allowed: ["0.0.0.0/0", "::/0"] },
    inbox: folder,
    today: dayInZone(now, "UTC"),
    now,
  });
  const closing: State["closing"] = { hasAllOrders: true, settlesLeftovers: false, reached: {} };
  let chunks = 0;
  for await (const one of chunksOf(batches, (companyId) => companyId)) {
    if ("path" in one) {
      await writeFile(chunkFile(folder, chunks), JSON.stringify(one), { mode: 0o600 });
      chunks += 1;
    } else {
      closing.settlesLeftovers ||= one.settlesLeftovers;
      closing.hasAllOrders &&= one.hasAllOrders;
      if (one.reached !== null) closing.reached[one.company] = one.reached;
    }
  }
  say(`${chunks} calls to push`);
  const state: State = { runId: opened.id, chunks, next: 0, closing };
  await writeState(folder, state);
  return state;
}

async function push(options: AgentOptions, client: Client, given: State, isResumed: boolean): Promise<AgentReport> {
  const { folder, say } = options;
  let state = given;
  await writeState(folder, state);
  for (; state.next < state.chunks; ) {
    const { path: at, rows } = JSON.parse(await readFile(chunkFile(folder, state.next), "utf8"));
    const report = await client.push(state.runId, at, rows, state.next);
    for (const one of report.refused.slice(0, 20)) say(`refused, ${at} ${one.key ?? one.index}: ${one.text}`);
    state = { ...state, next: state.next + 1 };
    await writeState(folder, state);
  }
  const done = await client.close(state.runId, state.closing).catch(async (error: unknown) => {
    // rows that the other end will never take: the round is over, and is begun anew next time
    if (error instanceof AgentFault && error.code === "pushed_rows_refused") {
      await client.abandon(state.runId).catch(() => {});
      await forget(folder, state.chunks);
    }
    throw error;
  });
  await forget(folder, state.chunks);
  if (done.state === "failed") throw new AgentFault(409, done.fault?.code ?? "failed", done.fault?.text ?? "failed");
  return { isResumed, chunks: state.chunks, state: done.state, counts: done.counts };
}

const chunkFile = (folder: string, index: number) => path.join(folder, `call-${index}.json`);
const stateFile = (folder: string) => path.join(folder, "state.json");

async function readState(folder: string): Promise<State | undefined> {
  const text = await readFile(stateFile(folder), "utf8").catch(() => undefined);
  return text === undefined ? undefined : State.parse(JSON.parse(text));
}

/** Whole or not at all: a machine that loses power keeps the state before. */
async function writeState(folder: string, state: State): Promise<void> {
  const half = `${stateFile(folder)}.new`;
  await writeFile(half, JSON.stringify(state), { mode: 0o600, flush: true });
  await rename(half, stateFile(folder));
}

async function forget(folder: string, chunks: number): Promise<void> {
  await rm(stateFile(folder), { force: true });
  for (let index = 0; index < chunks; index += 1) await rm(chunkFile(folder, index), { force: true });
}
