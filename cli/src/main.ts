import { Command, CommanderError } from "commander";
import { StartRefused } from "../../server/src/platform/installation/index.ts";
import { addAgentCommand } from "./agent.ts";
import { addBackupCommands } from "./backup.ts";
import { addBankCommand } from "./bank.ts";
import { addImportCommand } from "./import.ts";
import { addReadCommands } from "./read.ts";
import { addReadFileCommand } from "./read-file.ts";
import { addRunCommands } from "./run.ts";
import { CommandFailed } from "./target.ts";

const program = new Command("encours")
  .description(
    "Credit management and collection from the command line. Works on this machine's installation, or with --url and an API key on another.",
  )
  .option("--url <address>", "address of another installation; needs an API key in --key or ENCOURS_API_KEY")
  .option("--key <key>", "API key for --url")
  .option("--tenant <name>", "name or id of the organisation, where there are several")
  .option("--json", "answer in JSON, money in minor units as text")
  .option("--language <code>", "fr or en", "fr")
  .showHelpAfterError()
  .exitOverride();

addAgentCommand(program);
addImportCommand(program);
addBankCommand(program);
addReadCommands(program);
addReadFileCommand(program);
addRunCommands(program);
addBackupCommands(program);
for (const command of program.commands) command.exitOverride();

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode);
  if (!(error instanceof CommandFailed) && !(error instanceof StartRefused)) throw error;
  console.error(`encours: ${error.message}`);
  process.exit(1);
}
