import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Command } from "commander";
import {
  AgentConfig,
  AgentFault,
  connectorOf,
  runAgent,
  SourceFault,
} from "../../server/src/modules/connectors/index.ts";
import { CommandFailed } from "./target.ts";

type Options = { config: string; every?: string };

/** The agent beside a database: reads it with the same connector as the server would, and pushes what it found. */
export function addAgentCommand(program: Command): void {
  program
    .command("agent")
    .description("read a system beside this machine and push it to an installation, going on where a cut left off")
    .requiredOption("--config <file>", "JSON: url, connector, settings, secrets, companies (code → database)")
    .option("--every <minutes>", "again after so many minutes; once unless said")
    .action(async (options: Options) => {
      const every = options.every === undefined ? undefined : Number(options.every);
      if (every !== undefined && !(every >= 1)) throw new CommandFailed("--every: a number of minutes");
      for (;;) {
        const fault = await round(options.config);
        if (fault && every === undefined) throw new CommandFailed(fault);
        if (every === undefined) return;
        if (fault) console.error(`encours: ${fault}`);
        await wait(every * 60_000);
      }
    });
}

/** One round; what went wrong in one line. */
async function round(file: string): Promise<string | undefined> {
  const config = await readConfig(file);
  const key = process.env.ENCOURS_API_KEY || config.key;
  if (!key) throw new CommandFailed("no key: set ENCOURS_API_KEY, or key in the configuration");
  const connector = connectorOf(config.connector);
  if (!connector || connector.isPushed) throw new CommandFailed(`no connector called ${config.connector}`);
  const folder = path.resolve(path.dirname(file), config.state ?? "encours-agent");
  try {
    const say = (line: string) => console.log(line);
    const report = await runAgent({ config, key, folder, connector, now: new Date(), say });
    console.log(`${report.state}: ${JSON.stringify(report.counts)}`);
    return undefined;
  } catch (error) {
    if (error instanceof AgentFault || error instanceof SourceFault) return error.message;
    throw error;
  }
}

async function readConfig(file: string): Promise<AgentConfig> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new CommandFailed(`no such file: ${file}`);
  });
  try {
    return AgentConfig.parse(JSON.parse(text));
  } catch (error) {
    throw new CommandFailed(`${file}: ${(error as Error).message.replaceAll(/\s+/g, " ").slice(0, 300)}`);
  }
}
